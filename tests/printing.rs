//! Papers as PDF: at the step they belong to, and on demand. Programs that know nothing of us read them back.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::replay::told_otherwise;
use crate::support::{Ran, fixture, run};

/// A scenario replayed into a folder of its own.
struct Replayed {
    folder: tempfile::TempDir,
}

impl Replayed {
    fn of(scenario: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let station = folder.path().join("station");
        run(["replay", fixture(scenario).to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
        Self { folder }
    }

    /// The same with another line in place of one of its settings.
    fn with(scenario: &str, line: &str, other: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("scenario");
        let copied = Command::new("cp").arg("-r").args([&fixture(scenario), &copy]).status().unwrap();
        assert!(copied.success());
        let settings = copy.join("station.toml");
        let text = fs::read_to_string(&settings).unwrap();
        assert_eq!(text.matches(line).count(), 1, "{line}");
        fs::write(&settings, text.replace(line, other)).unwrap();
        let station = folder.path().join("station");
        run(["replay", copy.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
        Self { folder }
    }

    fn outbox(&self, name: &str) -> PathBuf {
        self.folder.path().join("station/outbox").join(name)
    }

    /// Prints on demand; the paper lies in the file that is returned.
    fn print(&self, arguments: &[&str]) -> (PathBuf, Ran) {
        let (station, paper) = (self.folder.path().join("station"), self.folder.path().join("paper"));
        let fixed = ["--station", station.to_str().unwrap(), "-o", paper.to_str().unwrap()];
        let ran = run(["print"].iter().chain(arguments).chain(&fixed));
        (paper, ran)
    }
}

fn text(pdf: &Path) -> String {
    let output = Command::new("pdftotext").args(["-layout", pdf.to_str().unwrap(), "-"]).output();
    let output = output.expect("`pdftotext` is there (Debian package: poppler-utils)");
    assert!(output.status.success(), "{}: {output:?}", pdf.display());
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what a scanner reads from all pages.
fn bar_codes(pdf: &Path) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("page");
    let drawn = Command::new("pdftoppm")
        .args(["-r", "300", "-gray", "-png", pdf.to_str().unwrap(), pages.to_str().unwrap()])
        .output()
        .expect("`pdftoppm` is there (Debian package: poppler-utils)");
    assert!(drawn.status.success(), "{drawn:?}");
    let mut codes = BTreeSet::new();
    for page in fs::read_dir(folder.path()).unwrap() {
        let read = Command::new("zbarimg").args(["-q", "--raw"]).arg(page.unwrap().path()).output();
        let read = read.expect("`zbarimg` is there (Debian package: zbar-tools)");
        codes.extend(String::from_utf8(read.stdout).unwrap().lines().map(str::to_owned));
    }
    codes
}

/// The one door: a paper says these words, and, if it has bar codes, a scanner reads exactly these.
#[track_caller]
fn check(pdf: &Path, words: &[&str], codes: &[&str]) {
    let said = text(pdf);
    for word in words {
        assert!(said.contains(word), "{} has no `{word}`: {said}", pdf.display());
    }
    if codes.is_empty() {
        return;
    }
    let codes: BTreeSet<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(bar_codes(pdf), codes, "{}", pdf.display());
}

#[test]
fn what_customs_opens_on_a_hard_day_has_its_acts_and_its_note() {
    let day = Replayed::of("hard-day");
    let through = "CNBJSAUZTASACCN60311004";
    for (paper, words, codes) in [
        // Another office's bag, closed again under another seal.
        (
            "inspection/CNBJSAUZTASACCN60311004-2.pdf",
            &["Act of customs inspection", "2026-0102", "CN7000001", "14.300", "14.100"][..],
            &["CNBJSAUZTASACCN60311004000143"][..],
        ),
        // The only item of a closed dispatch, seized.
        (
            "inspection/CNURCAKZALAACUN60001001-7.pdf",
            &["2026-0103", "LX 6100 0011 7 CN", "Cotton terry towel", "seized / изъято"],
            &["CNURCAKZALAACUN60001001100009"],
        ),
        // The truck, and the bag in it that the held item was taken out of.
        ("inspection/CNA260000001-XJF10001-7.pdf", &["2026-0104", "CN4400101", "Li"], &["XJF10001"]),
        (
            "inspection/CNURCAKZALAACCN60001002-10.pdf",
            &["2026-0104", "XJF10001", "CP 6100 0005 0 CN", "held / задержано"],
            &["CNURCAKZALAACCN60001002100047"],
        ),
        // A sealed bag of this office, with nothing missing.
        (
            "inspection/CNURCAUZTASACCN60001001-5.pdf",
            &["2026-0105", "CN7000002", "2.350"],
            &["CNURCAUZTASACCN60001001100024"],
        ),
        // A piece that customs kept.
        (
            "inspection/CP610000077CN-2.pdf",
            &["Released in part", "version 2", "Printed booklets", "not released / не выпущено", "1.702"],
            &["CP610000077CN"],
        ),
        (
            &format!("verification/{through}.pdf"),
            &[
                "CP 78",
                "CNBJSA",
                "14.300 kg",
                "14.100 kg",
                "CN7000001",
                "act 2026-0102",
                "forwarded under its own",
            ],
            &[],
        ),
    ] {
        check(&day.outbox(paper), words, codes);
    }
    let station = day.folder.path().join("station");
    let listed = run(["work", "--station", station.to_str().unwrap(), "--json"]).ok();
    let waiting: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let drafted = waiting.as_array().unwrap().iter().find(|line| line["code"] == "verification-drafted");
    assert_eq!(drafted.unwrap()["name"], "CNBJSAUZTASACCN60311004000143", "{listed}");
    for key in ["CNBJSAUZTASACCN60311", "CNBJSAUZTASACCN60311004000143"] {
        let (paper, ran) = day.print(&["cn43", key]);
        ran.ok();
        check(&paper, &["CP 78", "CNBJSA", "14.300 kg", "14.100 kg", "CN7000001", "2026-0102"], &[]);
    }
}

#[test]
fn trucks_leave_with_all_their_papers_in_one() {
    let week = Replayed::of("almaty-trucks");
    let folder = week.outbox("departure/almaty-road/2026-11-16T1800/folder.pdf");
    check(
        &folder,
        &[
            "Departure folder",
            "CN 37 CNA260000001",
            "CP 87 CNURCAKZALAACCN60001",
            "Customs transfer sheet – mail ZG2026111600001",
            "Data for the CMR consignment note",
            "CN 37 CNA260000002",
            "Pages, with the cover",
            "RR 6100 0008 5 CN",
            "27.4",
        ],
        &[
            "CNA260000001",
            "CNA260000002",
            "ZG2026111600001",
            "ZG2026111600002",
            "CNURCAKZALAACCN60001",
            "CNURCAKZALAACEN60001",
            "CNURCAKZALAACUN60001",
        ],
    );
    check(
        &week.outbox("verification/CNURCAKZALAACCN60001.pdf"),
        &["CP 78", "CP 87 1", "10.000 kg", "10.900 kg", "manquant / missing"],
        &[],
    );
    check(&week.outbox("verification/CNURCAKZALAACUN60001.pdf"), &["CN 43", "en trop / extra"], &[]);
}

#[test]
fn a_train_takes_loading_lists_and_the_data_of_its_notes() {
    let train = Replayed::of("malaszewicze-2026");
    let folder = "container/CNA260000001-TCNU6090012";
    check(
        &train.outbox(&format!("{folder}/loading.pdf")),
        &[
            "Loading list and plan",
            "TCNU6090012",
            "45G1",
            "30.9 / 20850.0 kg",
            "CNWUHA PLWAWA C UN 6 0031 002",
        ],
        &[],
    );
    let svg = fs::read_to_string(train.outbox(&format!("{folder}/loading.svg"))).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("<circle "), "{svg}");
    let words =
        ["CIM/SMGS", "CN 37 CNA260000001", "ZG202609100001", "Warsaw (PL)", "30.900", "(to be filled in)"];
    check(&train.outbox(&format!("{folder}/cim-smgs.pdf")), &words, &[]);
    // Of another office's sealed container nobody here knows what lies in it.
    let sealed = train.outbox("container/CNA260000002-TCNU6090141");
    assert!(!sealed.join("loading.pdf").exists());
    check(&sealed.join("cn37.pdf"), &["as its papers state", "452", "6400.0"], &["CNA260000002"]);
    check(&sealed.join("transfer.pdf"), &["WH090001", "452", "6400.0"], &["ZG202609100002"]);
}

#[test]
fn what_comes_by_train_has_its_note_and_its_road_bills() {
    let train = Replayed::of("chongqing-inbound");
    let note = train.outbox("verification/DEFRAACNCKGACCN60042.pdf");
    check(&note, &["CP 78", "DEFRAA Frankfurt", "CP 7000 0005 8 DE", "9.800 kg", "10.450 kg"], &[]);
    let bill = train.outbox("inland/2026-11-20/yubei-van.pdf");
    check(&bill, &["Domestic road bill", "yubei-van 2026-11-20", "CP 7000 0003 5 DE", "370.35 CNY"], &[]);
}

#[test]
fn insured_and_transit_items_have_their_lists() {
    let day = Replayed::of("horgos-day");
    let (printed, ran) = day.print(&["cn16", "CNURCAKZALAACCN60001", "CNURCAGBLALACCN60001"]);
    ran.ok();
    let words = ["CN 16", "CNURCA KZALAA C CN 6 0001", "CV 2018 4741 6 CN", "30.13 USD", "163.472", "GBLALA"];
    check(&printed, &words, &[]);
    // The train of Saturday takes the parcel that came open for Almaty.
    let train = Replayed::of("chongqing-inbound");
    let bill = train.outbox("dispatch/CNCKGAKZALAACCA60001/transit.pdf");
    check(&bill, &["CP 88", "CP 8000 0001 6 DE", "KZ", "1.490"], &[]);
}

/// A paper on demand is the paper of its step, byte for byte.
#[test]
fn what_is_printed_on_demand_is_what_the_step_printed() {
    let week = Replayed::of("almaty-trucks");
    for (arguments, paper) in [
        (&["bill", "CNURCAKZALAACCN60001"][..], "dispatch/CNURCAKZALAACCN60001/bill.pdf"),
        (&["cn33", "CNURCAKZALAACUN60001"], "dispatch/CNURCAKZALAACUN60001/special.pdf"),
        (&["label", "CNURCAKZALAACUN60001002110007"], "dispatch/CNURCAKZALAACUN60001/label-002.pdf"),
        (
            &["label", "CNURCAKZALAACUN60001002110007", "--format", "zpl"],
            "dispatch/CNURCAKZALAACUN60001/label-002.zpl",
        ),
        (&["cn37", "CNA260000001"], "container/CNA260000001-XJF20001/cn37.pdf"),
        (&["transfer-sheet", "XJF20002"], "container/CNA260000002-XJF20002/transfer.pdf"),
        (&["cmr", "XJF20001"], "container/CNA260000001-XJF20001/cmr.pdf"),
        (&["folder", "almaty-road/2026-11-16T18:00"], "departure/almaty-road/2026-11-16T1800/folder.pdf"),
        (&["cp78", "CNURCAKZALAACCN60001"], "verification/CNURCAKZALAACCN60001.pdf"),
    ] {
        let (printed, ran) = week.print(arguments);
        ran.ok();
        let is_same = fs::read(&printed).unwrap() == fs::read(week.outbox(paper)).unwrap();
        assert!(is_same, "{arguments:?} is not {paper}");
    }
    let train = Replayed::of("malaszewicze-2026");
    let folder = "container/CNA260000003-TCNU6090270";
    for (arguments, paper) in [
        (&["loading-list", "TCNU6090270"][..], "loading.pdf"),
        (&["loading-list", "TCNU6090270", "--format", "svg"], "loading.svg"),
        (&["cim-smgs", "TCNU6090270"], "cim-smgs.pdf"),
    ] {
        let (printed, ran) = train.print(arguments);
        ran.ok();
        let expected = fs::read(train.outbox(&format!("{folder}/{paper}"))).unwrap();
        assert!(fs::read(&printed).unwrap() == expected, "{arguments:?} is not {paper}");
    }
}

#[test]
fn papers_that_no_step_asks_for_are_printed_on_demand() {
    let week = Replayed::of("almaty-trucks");
    for (arguments, words, codes) in [
        (&["cn22", "CP610000015CN"][..], &["CN 23", "CP 6100 0001 5 CN"][..], &["CP610000015CN"][..]),
        (
            &["cn22", "LX610000063CN", "--language", "zh"],
            &["CN 22", "报关单", "Cotton socks"],
            &["LX610000063CN"],
        ),
        (
            &["cn24", "CP610000029CN", "--at", "2026-11-18T10:00"],
            &["CN 24", "4.990", "2026-11-18 10:00", "CNURCA KZALAA C CN 6 0001"],
            &["CP610000029CN"],
        ),
        (
            &["cn46", "CNCKGAKZALAACCN60012001000145", "CNCKGAKZALAACCN60012002100098"],
            &["CN 46", "24.3", "CNCKGA", "2026-11-16 10:30"],
            &[],
        ),
        // Nothing differs: the note has lines for a person to fill in.
        (&["cn43", "CNURCAKZALAACEN60001"], &["CN 43", "CNURCA KZALAA C EN 6 0001"], &[]),
        (
            &["label", "CNBJSAKZALAACUN60107001110031"],
            &["CNBJSA", "KZALAA Almaty"],
            &["CNBJSAKZALAACUN60107001110031"],
        ),
    ] {
        let (printed, ran) = week.print(arguments);
        ran.ok();
        check(&printed, words, codes);
    }
}

#[test]
fn what_cannot_be_printed_is_told() {
    let week = Replayed::of("almaty-trucks");
    for (arguments, code, says) in [
        (
            &["cn37", "XJF99999"][..],
            66,
            "the station keeps no container `XJF99999`; a container is named like `XJF20001`",
        ),
        (&["cn22", "CP999999999CN"], 66, "the station keeps no item `CP999999999CN`"),
        (
            &["folder", "almaty-road"],
            66,
            "the station keeps no departure `almaty-road`; a departure is named like `almaty-road/2026-11-16T18:00`",
        ),
        (&["cn16", "CNURCAKZALAACCN60001"], 65, "it has no insured items"),
        (&["cn47", "XJF20001"], 65, "no empty receptacles are in it"),
        (&["loading-list", "XJF20001"], 65, "its type is not known"),
        (&["cn46", "CNURCAKZALAACUN60001002110007"], 65, "it is a receptacle of this office"),
        (&["cancellation", "CNURCAKZALAACCN60001"], 65, "the dispatch is not cancelled"),
        (&["cn37", "XJF20001", "--format", "zpl"], 2, "only a label is written as ZPL"),
        (&["cn37", "XJF20001", "--at", "noon"], 2, "--at takes a time like 2026-11-16T18:00"),
    ] {
        let (printed, ran) = week.print(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {ran:#?}");
        assert!(ran.stderr.contains(says), "{arguments:?}: {ran:#?}");
        assert!(!printed.exists(), "{arguments:?}");
    }
}

/// A carrier's note ends where the next operator takes over; who takes a container over is one office, or what it holds
/// is for several.
#[test]
fn a_container_goes_to_where_its_way_ends() {
    let pass = Replayed::of("kashgar-pass");
    let (note, ran) = pass.print(&["cmr", "XQ10001"]);
    ran.ok();
    check(&note, &["Osh (KG)", "KGFRUA Bishkek"], &[]);
    assert!(!text(&note).contains("Alamedin"), "{}", text(&note));
    let day = Replayed::of("horgos-day");
    let (bill, ran) = day.print(&["cn37", "CVNU3000038"]);
    ran.ok();
    check(&bill, &["several offices, see rows: DEFRAA, GBLALA, PLWAWA", "Malaszewicze"], &[]);
    let (note, ran) = day.print(&["cim-smgs", "CVNU3000038"]);
    ran.ok();
    check(&note, &["DEFRAA Frankfurt, GBLALA Langley, PLWAWA Warsaw", "Malaszewicze"], &[]);
    assert!(!text(&note).contains("Langley (GB)"), "{}", text(&note));
    let manifest =
        fs::read_to_string(day.outbox("container/CNA260000003-CVNU3000038/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest.get("destination"), Some(&serde_json::Value::Null));
    let offices = "offices = [\"KZALAA\", \"DEFRAA\"]\n";
    let handed = Replayed::with("chongqing-inbound", offices, &format!("{offices}handed_to = \"DEFRAA\"\n"));
    let bills = fs::read_dir(handed.outbox("container")).unwrap();
    let bills: Vec<String> =
        bills.map(|one| fs::read_to_string(one.unwrap().path().join("cn37.txt")).unwrap()).collect();
    assert!(
        !bills.is_empty() && bills.iter().all(|bill| bill.contains("Office of destination   DEFRAA")),
        "{bills:#?}"
    );
}

/// A run is named as its file in the outbox is, or the other way round; its bill is the one of its last item.
#[test]
fn a_road_bill_is_found_by_either_name_and_agrees_with_its_list() {
    let train = Replayed::of("chongqing-inbound");
    let bill = train.outbox("inland/2026-11-19/yubei-van.pdf");
    for key in ["2026-11-19/yubei-van", "yubei-van/2026-11-19"] {
        let (printed, ran) = train.print(&["road-bill", key]);
        ran.ok();
        assert!(fs::read(&printed).unwrap() == fs::read(&bill).unwrap(), "{key}");
    }
    let list = fs::read_to_string(train.outbox("inland/2026-11-19/yubei-van.txt")).unwrap();
    let total = list.lines().last().unwrap().trim_start_matches("total ").trim_end_matches(" kg");
    check(&bill, &["1.205", "1.440", "0.405", total], &[]);
}

/// Another office's label stays as it is when customs has taken something out.
#[test]
fn the_label_of_another_office_is_printed_as_it_is() {
    let day = Replayed::of("hard-day");
    let s9 = "CNBJSAUZTASACCN60311004000143";
    let (label, ran) = day.print(&["label", s9]);
    ran.ok();
    check(&label, &["CNBJSA", "UZTASA", "14.3"], &[s9]);
}

#[test]
fn help_tells_how_each_paper_is_named() {
    let help = run(["print", "--help"]).stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for key in [
        "CP610000015CN",
        "CNURCAKZALAACCN60001003100100",
        "XJF20001",
        "yubei-van/2026-11-20",
        "almaty-road/2026-11-16T18:00",
    ] {
        assert!(help.contains(&format!("KEY: {key}")), "{key}: {help}");
    }
}

/// What was taken back is void on paper, or refused with what it is.
#[test]
fn what_was_taken_back_is_no_valid_paper() {
    let day = Replayed::of("hard-day");
    let cancelled = "CNURCAKZALAACUN60001";
    let (bill, ran) = day.print(&["bill", cancelled]);
    ran.ok();
    check(&bill, &["ANNULÉ / VOID", "CN 31"], &[]);
    assert_eq!(bar_codes(&bill), BTreeSet::new());
    assert!(
        fs::read(&bill).unwrap() == fs::read(day.outbox(&format!("dispatch/{cancelled}/bill.pdf"))).unwrap()
    );
    let text = fs::read_to_string(day.outbox(&format!("dispatch/{cancelled}/bill.txt"))).unwrap();
    assert!(text.starts_with("CN 31  Letter bill\nVOID\n"), "{text}");
    let (notice, ran) = day.print(&["cancellation", cancelled]);
    ran.ok();
    check(&notice, &["Dispatch cancelled", "void, and not given again", "2026-0103"], &[]);
    let lies = day.outbox(&format!("dispatch/{cancelled}/cancelled.pdf"));
    assert!(fs::read(&notice).unwrap() == fs::read(lies).unwrap());
    let (bill, ran) = day.print(&["cn37", "XJF10009"]);
    ran.ok();
    check(&bill, &["ANNULÉ / VOID", "CN 37"], &[]);
    for (arguments, says) in [
        (&["cn33", cancelled][..], "the dispatch is cancelled, and its number void"),
        (&["label", "CNURCAKZALAACUN60001001100009"], "its number void"),
        (&["folder", "tashkent-rail/2026-12-31T20:00"], "the departure was missed: nothing left by it"),
    ] {
        let (printed, ran) = day.print(arguments);
        assert_eq!(ran.code, Some(65), "{arguments:?}: {ran:#?}");
        assert!(
            ran.stderr.contains(says) && !printed.with_extension("pdf").exists(),
            "{arguments:?}: {ran:#?}"
        );
    }
}

/// What was drawn up once is kept: a file that was lost is made again, as it was.
#[test]
fn what_has_left_is_given_again_as_it_was() {
    let day = Replayed::of("hard-day");
    for paper in [
        "inspection/CNBJSAUZTASACCN60311004-2.pdf",
        "inspection/CP610000077CN-2.txt",
        "dispatch/CNURCAKZALAACUN60001/cancelled.txt",
        "verification/CNBJSAUZTASACCN60311004.txt",
    ] {
        let left = fs::read(day.outbox(paper)).unwrap();
        fs::remove_file(day.outbox(paper)).unwrap();
        for key in [paper.to_owned(), format!("outbox/{paper}")] {
            let (printed, ran) = day.print(&["outbox", &key]);
            ran.ok();
            assert!(fs::read(&printed).unwrap() == left, "{key}");
        }
    }
    let (_, ran) = day.print(&["outbox", "inspection/none.pdf"]);
    assert_eq!(ran.code, Some(66), "{ran:#?}");
    assert!(ran.stderr.contains("no file of the outbox `inspection/none.pdf`"), "{ran:#?}");
}

#[test]
fn the_bill_that_a_carrier_signs_names_seal_and_transfer() {
    let folder = tempfile::tempdir().unwrap();
    let ended = ("scenario.toml", "2026-11-25T20:00:00+08:00", "2026-11-16T17:05:00+08:00");
    let station = told_otherwise(folder.path(), "almaty-trucks", &[ended]);
    let bill = station.join("outbox/container/CNA260000001-XJF20001/cn37.txt");
    let text = fs::read_to_string(&bill).unwrap();
    for told in ["HS123401", "ZG2026111600001", "2026-11-16 16:30"] {
        assert!(text.contains(told), "{told} in {text}");
    }
}
