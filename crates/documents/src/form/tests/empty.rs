use caravan_postal::{Grams, S9};

use super::{ALMATY, URUMQI, at, boxed, named, office};
use crate::form::{EmptyBill, EmptyReceptacles};
use crate::pdf::tests::check;

fn bill(count: u32) -> EmptyBill {
    let (unit, seals) = boxed();
    let bundle = |serial: u32| EmptyReceptacles {
        s9: S9::parse(&format!("KZALAACNURCACTT60001{serial:03}000180")).unwrap(),
        bag_count: Some(20),
        tray_count: (serial != 3).then_some(serial % 2),
        gross_weight: Grams(18_000),
    };
    EmptyBill {
        number: "KZA47000001".to_owned(),
        origin: office("KZALAA", ALMATY),
        destinations: vec![office("CNURCA", URUMQI)],
        owner: "CNA 中国邮政".to_owned(),
        handed_over_at: Some(at(9)),
        carrier: "ТОО «Қазақстан Жолдары»".to_owned(),
        route: "Алматы – Нұр Жолы – Хоргос".to_owned(),
        departs_at: at(11),
        unit,
        seals,
        receptacles: (1..=count).map(bundle).collect(),
    }
}

#[test]
fn returns_empty_bags() {
    for ((name, language), (count, bags, kilograms)) in named(["cn47", "cn47-ru", "cn47-en"]).zip([
        (4, "80", "72.0"),
        (70, "1400", "1260.0"),
        (1, "20", "18.0"),
    ]) {
        let text = check(name, language, &bill(count).draw(language), &[]);
        for word in
            ["CN 47", "KZA47000001", "CNA 中国邮政", "CSQU3054383", "2026-11-22 11:05", bags, kilograms]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
    }
}
