use caravan_postal::{Grams, Language};

use super::{URUMQI, at, boxed, named, office};
use crate::form::{NoteLoad, RailNote, RoadNote};
use crate::pdf::tests::check;

pub(super) fn load(bills: u32) -> NoteLoad {
    let (unit, seals) = boxed();
    NoteLoad {
        number: "33 7654321".to_owned(),
        office: office("CNURCA", URUMQI),
        consignor: "中国邮政集团有限公司新疆分公司\nCNURCA, 乌鲁木齐市".to_owned(),
        consignee: "АО «Қазпошта», KZALAA\n050000 Алматы".to_owned(),
        bills: (1..=bills).map(|number| format!("CNA{number:09}")).collect(),
        customs_transfer: Some("9400-2026-000017".to_owned()),
        attached: vec!["装箱单".to_owned()],
        acceptance: "Хоргос (CN)".to_owned(),
        delivery: "Małaszewicze (PL)".to_owned(),
        unit,
        seals,
        receptacle_count: 459,
        gross_weight: Grams(6_728_800),
        made_out_in: "霍尔果斯".to_owned(),
        made_out_on: at(8).date(),
    }
}

#[test]
fn fills_the_railway_note() {
    for ((name, language), bills) in named(["cim-smgs", "cim-smgs-ru", "cim-smgs-en"]).zip([1, 12, 3]) {
        let note = RailNote {
            load: load(bills),
            transit_customs: vec!["Алтынколь".to_owned(), "Брест".to_owned()],
            station_code: if bills == 3 { "708507".to_owned() } else { String::new() },
            commodity: String::new(),
        };
        let text = check(name, language, &note.draw(language), &[]);
        for word in [
            "60-62",
            "33 7654321",
            "Małaszewicze",
            "Брест",
            "6728.800",
            "459",
            "CSQU3054383 45G1",
            "Қазпошта",
            "9400-2026-000017",
        ] {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        assert_eq!(text.matches(" U\n").count(), 1, "the code of the goods is unsure: {text}");
    }
}

#[test]
fn fills_the_road_note() {
    for (name, language) in named(["cmr", "cmr-ru", "cmr-en"]) {
        let note = RoadNote {
            load: load(2),
            carriers: vec!["新疆霍尔果斯国际道路运输有限公司".to_owned(), "ТОО «Жол»".to_owned()],
            trailer: "新B6789挂".to_owned(),
            tir_carnet: if language == Language::En { "XY12345678".to_owned() } else { String::new() },
            permits: vec!["KZ 000123".to_owned()],
            border_points: vec!["Хоргос".to_owned(), "Нұр Жолы".to_owned()],
        };
        let text = check(name, language, &note.draw(language), &[]);
        for word in ["新A12345 新B6789挂", "Нұр Жолы", "KZ 000123", "6728.800", "459"] {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        assert_eq!(text.contains("XY12345678"), language == Language::En);
    }
}
