//! Corrections by the inbox: what a table of operations changes of a declaration is kept once, with all that follows.

use crate::mail::{Item, Table, declarations};
use crate::support::Station;

#[test]
fn a_partial_release_is_kept_once_with_its_act() {
    let station = Station::new();
    let daemon = station.open();
    let item = Item::parcel(1, "KZ", 950);
    let name = item.identifier.clone();
    let whole = declarations(&[item]).replace("<net-weight>0.855<", "<net-weight>0.400<");
    // A second piece beside the one that the item has.
    let piece = &whole[whole.find("<piece>").unwrap()..whole.find("</piece>").unwrap() + "</piece>".len()];
    station.drop_file("1.xml", whole.replacen(piece, &piece.repeat(2), 1));
    station.report("done", "1.xml");
    let mut table = Table::new();
    table.line("2025-03-03T09:00", "scan", &name, "950");
    table.line("2025-03-03T09:00", "released-in-part", &name, "3,,,Li: act 1");
    table.line("2025-03-03T09:00", "released-in-part", &name, "1 2,,,Li: act 1");
    table.line("2025-03-03T09:00", "released-in-part", &name, "2,,,Li: act 1");
    table.line("2025-03-03T09:00", "scan", &name, "560");
    station.drop_file("1.csv", table.text());
    station.report("done", "1.csv");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT group_concat((id % 64) || ' ' || file) FROM declaration"), "1 1,2 1");
    assert_eq!(station.ask("SELECT version, customs, scale_g, custody FROM item"), "2|4|560|2");
    let codes = "SELECT group_concat(code) FROM (SELECT code FROM finding WHERE code IN ('piece-unknown', 'nothing-remains') ORDER BY id)";
    assert_eq!(station.ask(codes), "piece-unknown,nothing-remains");
    let told = "SELECT group_concat(code) FROM (SELECT code FROM history WHERE kind = 1 ORDER BY n)";
    assert_eq!(station.ask(told), "declared,EMB,EXC,withheld,redeclared,weighed-again,bagged");
    let act =
        std::fs::read_to_string(station.path("outbox/inspection").join(format!("{name}-2.txt"))).unwrap();
    assert!(act.contains("Withheld                piece 2: "), "{act}");
    station.assert_sound();
}
