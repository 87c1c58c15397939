use caravan_postal::{Grams, Handling, Language, S8};

use super::{at, office};
use crate::form::{ListedItem, SpecialList};
use crate::pdf::tests::check;

fn list(count: u32) -> SpecialList {
    let item = |number: u32| ListedItem {
        identifier: if number == 2 { "RR473124829CN".to_owned() } else { format!("local {number}") },
        receptacle: number / 20 + 1,
        place: if number == 2 { "Ташкент, Ўзбекистон".to_owned() } else { String::new() },
        handling: if number == 3 { Handling::Insured } else { Handling::Registered },
        gross_weight: Grams(250),
        remark: if number == 4 { "重新封装，见验单 CN 43".to_owned() } else { String::new() },
    };
    SpecialList {
        number: "1".to_owned(),
        s8: S8::parse("CNURCAKZALAADUN60001").unwrap(),
        origin: office("CNURCA", "乌鲁木齐国际邮件互换局"),
        destination: office("KZALAA", "Алматы, халықаралық пошта алмасу орны №5"),
        closed_at: at(13),
        items: (1..=count).map(item).collect(),
    }
}

#[test]
fn lists_the_registered_items() {
    for (name, language, count, total, pages) in [
        ("cn33", Language::Zh, 12, "3.000", 1),
        ("cn33-ru", Language::Ru, 90, "22.500", 2),
        ("cn33-en", Language::En, 0, "0.000", 1),
    ] {
        let text = check(name, language, &list(count).draw(language), &[]);
        for word in ["CN 33", "CNURCA KZALAA D UN 6 0001", total] {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        assert_eq!(text.contains("RR 4731 2482 9 CN"), count > 0, "{text}");
        assert!(text.contains(&format!("Page {pages}/{pages}")), "{text}");
    }
}
