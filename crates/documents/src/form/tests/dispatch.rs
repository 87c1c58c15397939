use caravan_postal::{Grams, Language, ReceptacleKind, S9};

use super::{at, office};
use crate::bill::{BilledItem, BilledReceptacle, DispatchBill};
use crate::pdf::tests::check;

/// A bill of `count` receptacles, the last of them registered, each with as many items.
fn bill(series: &str, count: usize, items: usize) -> DispatchBill {
    let receptacle = |serial: usize| {
        let is_last = serial == count;
        let flags = if is_last { "11" } else { "00" };
        let grams = 14_660 + 100 * serial as u64;
        let item = |number: usize| BilledItem {
            identifier: format!("CP{:09}CN", serial * 1000 + number),
            gross_weight: Grams(1_000 + 7 * number as u64),
        };
        BilledReceptacle {
            s9: S9::parse(&format!("{series}{serial:03}{flags}{:04}", grams / 100)).unwrap(),
            kind: if serial.is_multiple_of(3) { ReceptacleKind::Tray } else { ReceptacleKind::Bag },
            gross_weight: Grams(grams / 100 * 100),
            item_count: u32::try_from(items).unwrap(),
            registered_count: u32::from(is_last),
            items: (1..=items).map(item).collect(),
        }
    };
    let receptacles: Vec<BilledReceptacle> = (1..=count).map(receptacle).collect();
    let s8 = receptacles[0].s9.dispatch;
    DispatchBill {
        number: "17".to_owned(),
        s8,
        origin: office(&s8.series().origin.to_string(), "乌鲁木齐国际邮件互换局"),
        destination: office(&s8.series().destination.to_string(), "Алматы, халықаралық пошта алмасу орны №5"),
        closed_at: at(13),
        transport: Some("Хоргос – Нұр Жолы, 2026-11-22 20:05, A12345".to_owned()),
        is_void: false,
        receptacles,
    }
}

#[test]
fn prints_each_bill() {
    for (name, language, series, count, items, words) in [
        ("cn31", Language::Zh, "CNURCAKZALAADUN60001", 5, 3, ["CN 31", "Feuille d'avis", "函件清单", "74.5"]),
        (
            "cp87",
            Language::Ru,
            "CNXXXAKZALAACCN60412",
            12,
            11,
            ["CP 87", "К переносу", "CP000012011CN", "183.0"],
        ),
        (
            "ems",
            Language::En,
            "CNURCAKZALAECEN60007",
            1,
            2,
            ["EMS", "EMS dispatch list", "CP000001002CN", "14.7"],
        ),
    ] {
        let bill = bill(series, count, items);
        let s8 = bill.s8.to_string();
        let text = check(name, language, &bill.draw(language), &[s8.as_str()]);
        for word in words.into_iter().chain(["2026-11-22 13:05", "A12345"]) {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        assert_eq!(text.contains("CP000001001CN"), name != "cn31", "a letter bill counts and does not list");
    }
}
