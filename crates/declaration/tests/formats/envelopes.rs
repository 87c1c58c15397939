//! Envelope files: what is wrong with one is told at once, with its line and its key.

use caravan_declaration::envelope::{Envelope, Target};

use super::project;

fn fixture(name: &str) -> String {
    std::fs::read_to_string(project().join("fixtures/envelopes").join(name)).unwrap()
}

/// Returns what is found in a file: line, code and arguments of each finding.
fn found(text: &str, to: &str, is_wrapped: bool) -> Vec<String> {
    let target = Target::named(to).expect("a target");
    let (envelope, findings) = Envelope::parse(text, target, is_wrapped);
    assert_eq!(envelope.is_some(), findings.is_empty());
    let show = |finding: &caravan_postal::Finding| {
        let place = finding.place.to_string();
        let line = place.split(':').next().unwrap_or_default();
        format!("{line} {} {}", finding.code.name, finding.arguments.join(" ")).trim_end().to_owned()
    };
    findings.iter().map(show).collect()
}

/// Asserts what is found in an example with some of its text changed.
#[track_caller]
fn changed(name: &str, to: &str, changes: &[(&str, &str)], expected: &[&str]) {
    let mut text = fixture(name);
    for (from, to) in changes {
        assert!(text.contains(from), "the change `{from}` has to meet something");
        text = text.replacen(from, to, 1);
    }
    assert_eq!(found(&text, to, false), expected);
}

#[test]
fn the_examples_are_without_fault() {
    for to in Target::all() {
        let (name, is_wrapped) = match to {
            Target::Plain(_) => continue,
            Target::Itmatt => ("itmatt.toml", false),
            Target::Ceb(message) if matches!(message.number(), "311" | "511" | "621" | "711") => {
                ("ceb-import.toml", true)
            }
            Target::Ceb(_) => ("ceb-export.toml", true),
            Target::Ie3f43 => ("ie3f43.toml", false),
        };
        assert_eq!(found(&fixture(name), &to.name(), is_wrapped), Vec::<String>::new(), "{}", to.name());
    }
}

#[test]
fn what_is_missing_is_named_at_once() {
    let missing = |to: &str, is_wrapped: bool| -> Vec<String> {
        let mut keys: Vec<String> =
            found("", to, is_wrapped).iter().map(|found| found.replace("1 envelope-missing ", "")).collect();
        keys.sort_unstable();
        keys
    };
    let keys = ["charset", "prepared_at", "recipient", "reference", "sender"];
    assert_eq!(missing("itmatt", false), keys.map(|key| format!("itmatt.{key}")));
    let transfer = ["ceb.BaseTransfer.copCode", "ceb.BaseTransfer.copName", "ceb.BaseTransfer.dxpId"];
    let mut keys = transfer.to_vec();
    keys.push("ceb.guid");
    assert_eq!(missing("ceb-603", false), keys);
    keys.extend(["dxp.CreatTime", "dxp.ReceiverIds", "dxp.SenderId"]);
    assert_eq!(missing("ceb-603", true), keys);
    // Nothing of such a head is said by an item, so the file has to say it.
    let head = "appStatus appTime appType copNo customsCode leaveTime logisticsCode logisticsName trafMode";
    let mut keys = transfer.map(str::to_owned).to_vec();
    keys.extend(head.split(' ').map(|key| format!("ceb.DepartureHead.{key}")));
    keys.push("ceb.guid".to_owned());
    assert_eq!(missing("ceb-509", false), keys);
    assert_eq!(missing("ie3f43", false).len(), 12);
    changed(
        "ceb-export.toml",
        "ceb-507",
        &[("domesticTrafNo", "note")],
        &["79 envelope-missing ceb.ArrivalHead.domesticTrafNo"],
    );
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    changed("itmatt.toml", "itmatt", &[("sender = \"CN001\"", "sender = ")], &["5 envelope-syntax"]);
    changed(
        "itmatt.toml",
        "itmatt",
        &[("charset = \"UNOY\"", "charset = \"UTF-8\""), ("test = false", "tset = 1")],
        &[
            "14 envelope-value itmatt.charset UNOA, UNOB, UNOC, UNOD, UNOE, UNOF, UNOG, UNOH, UNOI, UNOJ, UNOK, UNOW, UNOX, UNOY",
            "18 envelope-key-unknown itmatt.tset",
        ],
    );
    changed(
        "itmatt.toml",
        "itmatt",
        &[("2026-11-22T14:30:00", "2026-11-22"), ("first_message = 1", "first_message = 0")],
        &[
            "12 envelope-value itmatt.prepared_at 2026-11-22T14:30:00",
            "19 envelope-value itmatt.first_message 1 to 999999999",
        ],
    );
    let export = "ceb-export.toml";
    changed(
        export,
        "ceb-603",
        &[("5A1E2D3C-", "5A1E2D3C"), ("portCode = \"9402\"", "portCode = \"94021\"")],
        &["10 envelope-value ceb.guid XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX", "59 text-too-long 5 4"],
    );
    // Another message of the same file is not looked at, but its keys have to be some.
    changed(export, "ceb-505", &[("portCode = \"9402\"", "portCode = \"94021\"")], &[]);
    changed(
        export,
        "ceb-505",
        &[("portCode", "portcode"), ("[ceb.ArrivalHead]", "[ceb.arrival]")],
        &["59 envelope-key-unknown ceb.InventoryHead.portcode", "79 envelope-key-unknown ceb.arrival"],
    );
    changed(
        export,
        "ceb-603",
        &[("{item}-{line}", "{items}"), ("copNo = \"EX{document}\"", "guid = \"A\"")],
        &[
            "33 envelope-key-unknown ceb.common.guid",
            "51 envelope-value ceb.OrderList.itemNo {item}, {document}, {line}",
        ],
    );
    changed(
        "ie3f43.toml",
        "ie3f43",
        &[("PL5250007313", "5250007313"), ("status = 2", "")],
        &[
            "25 envelope-value ie3f43.declarant.eori XX123456789",
            "34 envelope-missing ie3f43.representative.status",
        ],
    );
    assert_eq!(found("[itmat]\n", "itmatt", false).len(), 6, "the table itself, and what it lacks");
}
