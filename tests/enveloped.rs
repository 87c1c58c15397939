//! `convert` into the formats that need more than declarations: judged, read again, and what is lost is named.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::support::{Ran, fixture, project, run};

/// A folder of one test, with the paths that it needs.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    /// Converts a file by an envelope of the fixtures.
    fn convert(&self, input: &str, to: &str, envelope: &str, output: &str, more: &[&str]) -> Ran {
        let envelope = example(envelope);
        let output = self.path(output);
        run(["convert", input, "--to", to, "--envelope", &envelope, "-o", &output].iter().chain(more))
    }

    /// Returns the first row of each item of a file, by identifier: its values by the names of their columns.
    fn rows(&self, input: &str) -> BTreeMap<String, BTreeMap<String, String>> {
        run(["convert", input, "--to", "csv", "-o", &self.path("rows.csv")]).ok();
        let mut reader = csv::Reader::from_path(self.path("rows.csv")).unwrap();
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let mut rows = BTreeMap::new();
        for row in reader.records() {
            let row = row.unwrap();
            let values: BTreeMap<_, _> = names.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
            rows.entry(values["identifier"].clone()).or_insert(values);
        }
        rows
    }

    /// Asserts that two files say the same of each item but for the fields that the conversion named, which differ.
    #[track_caller]
    fn same_but_for_losses(&self, before: &str, after: &str, losses: &Ran) {
        let (before, after) = (self.rows(before), self.rows(after));
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for (number, (identifier, row)) in before.iter().enumerate() {
            let named = losses
                .stderr
                .lines()
                .find(|line| line.contains(&format!("item {}: not carried", number + 1)));
            let named = named.unwrap_or_default().replace("content[1].", "piece-");
            let is_named = |column: &str| {
                let column = column.strip_suffix("-currency").unwrap_or(column);
                named.contains(&format!("`{column}`"))
            };
            for (column, value) in
                row.iter().filter(|(column, value)| !value.is_empty() && !column.contains("extra"))
            {
                let is_same = *value == after[identifier][column];
                assert_ne!(is_same, is_named(column), "{identifier} {column}: {value}\n{named}");
            }
        }
    }
}

fn example(name: &str) -> String {
    fixture("envelopes").join(name).to_string_lossy().into_owned()
}

fn three() -> String {
    fixture("three-items/declarations/three.xml").to_string_lossy().into_owned()
}

/// Asserts that `xmllint` takes a file for one of a schema of ours.
#[track_caller]
fn judge(schema: &str, path: &str) {
    let schema = project().join("schemas").join(schema);
    let judged =
        Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(schema).arg(path).output();
    let judged = judged.expect("`xmllint` runs; Debian's package is libxml2-utils");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
}

#[test]
fn formats_that_hold_everything_give_everything_back() {
    let desk = Desk::new();
    run(["convert", &three(), "--to", "xml", "-o", &desk.path("ours.xml")]).ok();
    let ours = fs::read_to_string(desk.path("ours.xml")).unwrap();
    for to in ["csv", "json", "xlsx", "itmatt-xml", "cusitm", "customs-data", "itmatt"] {
        let (made, back) = (desk.path(to), desk.path("back.xml"));
        if to == "itmatt" {
            desk.convert(&three(), to, "itmatt.toml", to, &[]).ok();
        } else {
            run(["convert", &three(), "--to", to, "-o", &made]).ok();
        }
        run(["check", &made]).ok();
        run(["convert", &made, "--to", "xml", "-o", &back]).ok();
        assert_eq!(fs::read_to_string(&back).unwrap(), ours, "{to}");
    }
    judge("itmatt-1.xsd", &desk.path("itmatt-xml"));
    judge("cusitm-1.xsd", &desk.path("cusitm"));
    let again = desk.convert(&three(), "itmatt", "itmatt.toml", "again", &[]);
    assert_eq!((again.stderr.as_str(), again.code), ("", Some(0)));
    assert_eq!(fs::read(desk.path("again")).unwrap(), fs::read(desk.path("itmatt")).unwrap());
    let piped = run(["convert", &three(), "--to", "itmatt", "--envelope", &example("itmatt.toml")]).ok();
    assert!(
        piped.starts_with("UNA:+.? 'UNB+UNOY:3+CN001:UP+KZ001:UP+261122:1430+26112200000017'"),
        "{piped}"
    );
}

#[test]
fn a_character_that_the_envelope_does_not_admit_is_named() {
    let desk = Desk::new();
    let text = fs::read_to_string(example("itmatt.toml")).unwrap().replace("\"UNOY\"", "\"UNOC\"");
    fs::write(desk.path("latin.toml"), text).unwrap();
    let ran = run([
        "convert",
        &three(),
        "--to",
        "itmatt",
        "--envelope",
        &desk.path("latin.toml"),
        "-o",
        "/dev/null",
    ]);
    let said =
        "item 3: not written: cannot write `addressee-name`: the character `А` is not in the character set";
    assert!(ran.code == Some(1) && ran.stderr.contains(said), "{ran:#?}");
}

#[test]
fn exports_become_the_messages_of_china() {
    let desk = Desk::new();
    for number in ["303", "505", "507", "509", "603", "607"] {
        let (to, file) = (format!("ceb-{number}"), format!("{number}.xml"));
        let ran = desk.convert(&three(), &to, "ceb-export.toml", &file, &[]);
        assert_eq!((ran.code, ran.stderr.lines().count()), (Some(1), 3), "each item has losses: {ran:#?}");
        judge("ceb-export-202205.xsd", &desk.path(&file));
        run(["check", &desk.path(&file)]).ok();
        let first = fs::read(desk.path(&file)).unwrap();
        desk.convert(&three(), &to, "ceb-export.toml", &file, &[]);
        assert_eq!(fs::read(desk.path(&file)).unwrap(), first, "the same input gives the same bytes");
    }
    let ran = desk.convert(&three(), "ceb-603", "ceb-export.toml", "603.xml", &[]);
    desk.same_but_for_losses(&three(), &desk.path("603.xml"), &ran);
    let again = desk.convert(&desk.path("603.xml"), "ceb-603", "ceb-export.toml", "again.xml", &[]);
    assert_eq!((again.stderr.as_str(), again.code), ("", Some(0)), "a list loses nothing as a list");
    assert_eq!(fs::read(desk.path("again.xml")).unwrap(), fs::read(desk.path("603.xml")).unwrap());
}

#[test]
fn messages_travel_in_a_wrapper_when_asked() {
    let desk = Desk::new();
    let ran = desk.convert(&three(), "ceb-603", "ceb-export.toml", "wrapped.xml", &["--wrap"]);
    judge("dxp.xsd", &desk.path("wrapped.xml"));
    run(["check", &desk.path("wrapped.xml")]).ok();
    desk.same_but_for_losses(&three(), &desk.path("wrapped.xml"), &ran);
    let text = fs::read_to_string(desk.path("wrapped.xml")).unwrap();
    for part in [
        "<dxp:CopMsgId>5A1E2D3C-4B5F-4A6E-9D7C-8B9A0F1E2D3C</",
        "<dxp:MsgType>CEB603Message</",
        "<dxp:CreatTime>2026-11-22T14:30:00</",
        "<dxp:FileName>lists-1.xml</",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn imports_are_signed_before_they_are_judged() {
    let desk = Desk::new();
    let keys = project().join("crates/declaration/tests/signature");
    let key = |name: &str| keys.join(name).to_string_lossy().into_owned();
    for number in ["311", "511", "621", "711"] {
        let (to, file) = (format!("ceb-{number}"), format!("{number}.xml"));
        let import = example("import.xml");
        let ran = desk.convert(&import, &to, "ceb-import.toml", &file, &[]);
        assert_eq!((ran.code, ran.stderr.lines().count()), (Some(1), 1), "{ran:#?}");
        run(["check", &desk.path(&file)]).ok();
        if number == "621" {
            desk.same_but_for_losses(&import, &desk.path(&file), &ran);
        }
        let signed = desk.path("signed.xml");
        let with = ["--key", &key("rsa-key.pem"), "--certificate", &key("rsa.pem"), "--key-name", "0123"];
        run(["sign", &desk.path(&file), "-o", &signed].iter().chain(&with)).ok();
        judge("ceb-import-202205.xsd", &signed);
        run(["verify", &signed, "--certificate", &key("rsa.pem")]).ok();
    }
}

#[test]
fn a_filing_passes_its_schema_and_names_what_it_cannot_say() {
    let desk = Desk::new();
    let ran = desk.convert(&example("union.xml"), "ie3f43", "ie3f43.toml", "f43.xml", &[]);
    assert!(
        ran.code == Some(1) && ran.stderr.ends_with("item 1: not carried over: `content[1].units`\n"),
        "{ran:#?}"
    );
    judge("ie3f43-1.xsd", &desk.path("f43.xml"));
    let ran = desk.convert(&three(), "ie3f43", "ie3f43.toml", "f43.xml", &[]);
    assert_eq!((ran.code, ran.stderr.lines().count()), (Some(1), 3), "each item has losses: {ran:#?}");
    judge("ie3f43-1.xsd", &desk.path("f43.xml"));
    let both = [&example("union.xml"), &example("union.xml")];
    let envelope = example("ie3f43.toml");
    let ran = run([
        "convert",
        both[0],
        both[1],
        "--to",
        "ie3f43",
        "--envelope",
        &envelope,
        "-o",
        &desk.path("f43.xml"),
    ]);
    assert!(
        ran.stderr.contains("item 1: not written: cannot write `identifier`"),
        "an item stands once: {ran:#?}"
    );
    judge("ie3f43-1.xsd", &desk.path("f43.xml"));
}

#[test]
fn several_messages_are_files_with_numbers() {
    let desk = Desk::new();
    let three = fs::read_to_string(three()).unwrap();
    let (head, rest) = three.split_once("  <item>").unwrap();
    let item = rest.split_once("</item>").unwrap().0;
    let items = format!("  <item>{item}</item>\n").repeat(201);
    fs::write(desk.path("many.xml"), format!("{head}{items}</declarations>\n")).unwrap();
    let ran = desk.convert(&desk.path("many.xml"), "ceb-603", "ceb-export.toml", "lists.xml", &[]);
    let names: Vec<String> = (1..=3).map(|number| desk.path(&format!("lists-{number}.xml"))).collect();
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), names);
    assert!(!fs::exists(desk.path("lists.xml")).unwrap());
    for (name, count) in names.iter().zip([100, 100, 1]) {
        judge("ceb-export-202205.xsd", name);
        let text = fs::read_to_string(name).unwrap();
        assert_eq!(text.matches("<ceb:Inventory>").count(), count);
    }
    let piped = run([
        "convert",
        &desk.path("many.xml"),
        "--to",
        "ceb-603",
        "--envelope",
        &example("ceb-export.toml"),
    ]);
    assert!(
        piped.code == Some(2) && piped.stderr.contains("the items take several messages"),
        "{}",
        piped.stderr
    );
    assert_eq!(piped.stdout, "");
    // A file with a number is no input either.
    fs::copy(desk.path("many.xml"), desk.path("lists-2.xml")).unwrap();
    let ran = desk.convert(&desk.path("lists-2.xml"), "ceb-603", "ceb-export.toml", "lists.xml", &[]);
    assert!(ran.code == Some(70) && ran.stderr.contains("would be written over"), "{}", ran.stderr);
    assert_eq!(fs::read(desk.path("lists-2.xml")).unwrap(), fs::read(desk.path("many.xml")).unwrap());
    let text = fs::read_to_string(example("ceb-export.toml"))
        .unwrap()
        .replace("lines_max = 1000", "lines_max = 150");
    fs::write(desk.path("short.toml"), text).unwrap();
    let short = desk.path("short.toml");
    let bags = desk.path("bags.xml");
    let ran = run(["convert", &desk.path("many.xml"), "--to", "ceb-607", "--envelope", &short, "-o", &bags]);
    assert_eq!(ran.stdout.lines().count(), 2);
    for (number, name) in ran.stdout.lines().enumerate() {
        judge("ceb-export-202205.xsd", name);
        let text = fs::read_to_string(name).unwrap();
        let numbers = format!("<ceb:msgCount>2</ceb:msgCount>\n      <ceb:msgSeqNo>{}</", number + 1);
        assert!(text.contains(&numbers), "{text}");
    }
}

#[test]
fn a_faulty_envelope_tells_everything_at_once() {
    let desk = Desk::new();
    fs::write(
        desk.path("e.toml"),
        "[itmatt]\nsender = \"CN001\"\nrecipient = 7\ncharset = \"UNOY\"\ntst = true\n",
    )
    .unwrap();
    run(["convert", &three(), "--to", "itmatt", "--envelope", &desk.path("e.toml"), "-o", &desk.path("out")]).check(
        desk.0.path(),
        "exit 78
--- stdout
--- stderr
error: the envelope cannot be used
DIR/e.toml: 1:1: fatal[envelope-missing]: The envelope file does not have the key itmatt.prepared_at. Add it: no declaration says it.
DIR/e.toml: 1:1: fatal[envelope-missing]: The envelope file does not have the key itmatt.reference. Add it: no declaration says it.
DIR/e.toml: 3:13: fatal[envelope-value]: The value of itmatt.recipient is not what it can be; expected: 1 to 35 characters. Correct the value.
DIR/e.toml: 5:1: fatal[envelope-key-unknown]: Envelope files do not have the key itmatt.tst. Remove it, or correct its spelling.",
    );
    assert!(!fs::exists(desk.path("out")).unwrap(), "nothing is written");
    let missing = run(["convert", &three(), "--to", "itmatt", "--envelope", &desk.path("none.toml")]);
    assert_eq!(missing.code, Some(66));
    for (arguments, hint) in [
        (vec!["--to", "itmatt"], "needs facts that no declaration has"),
        (vec!["--to", "csv", "--envelope", "e.toml"], "needs no envelope"),
        (vec!["--to", "csv", "--wrap"], "only China's messages"),
        (vec!["--to", "ceb-621", "--wrap"], "is signed before it is wrapped"),
    ] {
        let input = three();
        let ran = run(["convert", &input].iter().map(AsRef::<str>::as_ref).chain(arguments));
        assert!(ran.code == Some(2) && ran.stderr.contains(hint), "{ran:#?}");
    }
}

#[test]
fn what_has_no_source_is_named_item_by_item() {
    let desk = Desk::new();
    let text = fs::read_to_string(example("ceb-export.toml")).unwrap();
    let text = text.replace("tradeMode = \"9610\"\n", "").replace("pad_commodity_codes = true\n", "");
    fs::write(desk.path("e.toml"), text).unwrap();
    let run_it = || run(["convert", &three(), "--to", "ceb-603", "--envelope", &desk.path("e.toml")]);
    let ran = run_it();
    let said = "item 1: not written: nothing says `InventoryHead.tradeMode`; the envelope can";
    assert!(ran.stderr.contains(said) && ran.stderr.contains("no message is written"), "{ran:#?}");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    let text =
        fs::read_to_string(desk.path("e.toml")).unwrap().replace("POD = ", "tradeMode = \"9610\"\nPOD = ");
    fs::write(desk.path("e.toml"), text).unwrap();
    let said = "item 1: not written: [text-too-short] content[1].gcode: ";
    assert!(run_it().stderr.contains(said), "six digits are no code of ten: {:#?}", run_it());
}
