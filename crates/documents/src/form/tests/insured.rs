use caravan_postal::{Currency, Grams, Money, S8};

use super::{ALMATY, URUMQI, at, named, office};
use crate::form::{InsuredItem, InsuredList};
use crate::pdf::tests::check;

fn list(count: u32) -> InsuredList {
    let item = |number: u32| InsuredItem {
        identifier: if number == 1 { "VV123456785CN".to_owned() } else { format!("local {number}") },
        receptacle: 12,
        place: "Ташкент, Ўзбекистон".to_owned(),
        gross_weight: Grams(1_250),
        insured_value: (number != 3)
            .then_some(Money { minor: 123_456_789, currency: Currency::parse("CNY").unwrap() }),
        remark: if number == 2 { "重新封装，见验单 CN 43".to_owned() } else { String::new() },
    };
    InsuredList {
        number: "1".to_owned(),
        s8: S8::parse("CNURCAKZALAADUN60001").unwrap(),
        origin: office("CNURCA", URUMQI),
        destination: office("KZALAA", ALMATY),
        closed_at: at(13),
        seal: "CN0042".to_owned(),
        items: (1..=count).map(item).collect(),
    }
}

#[test]
fn lists_the_insured_items() {
    for ((name, language), (count, total)) in
        named(["cn16", "cn16-ru", "cn16-en"]).zip([(6, "7.500"), (60, "75.000"), (1, "1.250")])
    {
        let text = check(name, language, &list(count).draw(language), &[]);
        for word in ["CN 16", "VV 1234 5678 5 CN", "1234567.89", "CN0042", "2026-11-22 13:05", total] {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
    }
}
