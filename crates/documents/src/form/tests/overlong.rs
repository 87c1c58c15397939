//! Whatever people write, it stays in its box and is printed in full behind the paper.

use caravan_postal::Language;

use super::{damage, inspection, note, road_bill, substitute, verification};
use crate::form::{RailNote, RoadNote};
use crate::pdf::Drawn;
use crate::pdf::tests::check_print;

const WORD: &str = "Еңбекшіқазақ";

fn long() -> String {
    format!("{WORD} 新疆维吾尔自治区 ").repeat(90)
}

/// All of the text is behind the paper, once for each box that was too small for it.
fn check_long(name: &str, language: Language, drawn: &Drawn, bar_codes: &[&str]) {
    let count = drawn.findings.len();
    assert!(count > 0, "{name}");
    assert!(drawn.findings.iter().all(|finding| finding.code.name == "text-does-not-fit"), "{name}");
    let text: String = check_print(name, language, drawn, bar_codes).split_whitespace().collect();
    let found = text.matches(WORD).count();
    assert!(found >= 90 * count, "{name}: {found} of {}", 90 * count);
}

#[test]
fn what_is_too_long_is_printed_behind_the_paper() {
    let mut act = inspection::act("CP123456785CN", 2);
    (act.officer, act.result, act.reason) = (long(), long(), long());
    check_long("long-inspection", Language::Zh, &act.draw(Language::Zh), &["CP123456785CN"]);

    let mut note = verification::note("CNURCAKZALAACCN60001", 3);
    (note.transport, note.wanted, note.irregularities[0].remark) = (long(), long(), long());
    check_long("long-cp78", Language::Ru, &note.draw(Language::Ru), &[]);

    let mut report = damage::report(2);
    (report.sender, report.cause, report.contents[0].description) = (long(), long(), long());
    check_long("long-cn24", Language::En, &report.draw(Language::En), &["CP123456785CN"]);

    let mut bill = road_bill::bill(3);
    (bill.driver, bill.lines[1].identifier, bill.lines[1].remark) = (long(), long(), long());
    check_long("long-road-bill", Language::Zh, &bill.draw(Language::Zh), &[]);

    let mut bill = substitute::bill(3);
    (bill.replaces, bill.carrier, bill.remark) = (long(), long(), long());
    check_long("long-cn46", Language::Ru, &bill.draw(Language::Ru), &[]);

    let mut load = note::load(1);
    (load.consignor, load.acceptance) = (long(), long());
    let rail = RailNote {
        load: load.clone(),
        transit_customs: vec![long()],
        station_code: String::new(),
        commodity: String::new(),
    };
    check_long("long-cim-smgs", Language::Zh, &rail.draw(Language::Zh), &[]);
    let road = RoadNote {
        load,
        carriers: vec![long()],
        trailer: long(),
        tir_carnet: long(),
        permits: Vec::new(),
        border_points: Vec::new(),
    };
    check_long("long-cmr", Language::Ru, &road.draw(Language::Ru), &[]);
}
