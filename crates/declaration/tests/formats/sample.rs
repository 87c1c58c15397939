//! Typical declarations: what a day's files mostly look like, about 1.9 kB of XML an item.

use caravan_declaration::{Declaration, Form, Identifier, Party, PartyKind, Piece, PrepaidTax};
use caravan_postal::{
    Country, Currency, Grams, Handling, HsCode, Impc, MailCategory, MailClass, MailSubclass, Money, Nature,
    S10, Volume,
};
use chrono::NaiveDate;

const SENDERS: [(&str, &str, &str); 4] = [
    ("Yiwu Sunrise Trading Co., Ltd.", "Choucheng Road 998, Building 6, Unit 2", "Yiwu"),
    ("Shenzhen Huaqiang Electronics Co., Ltd.", "Huaqiang North Road 1058, Futian District", "Shenzhen"),
    ("Urumqi Silk Road Commerce & Trade", "Xinhua South Road 808, Tianshan District", "Urumqi"),
    ("Guangzhou Baiyun Leather Goods", "Guangyuan West Road 121, Baiyun", "Guangzhou"),
];
const ADDRESSEES: [(&str, &str, &str, &str, &str); 4] = [
    ("Айгүл Серікқызы Нұрланова", "проспект Абая, д. 52, кв. 17", "Алматы", "050000", "KZ"),
    ("Anna Kowalska", "ul. Marszałkowska 84/92 m. 5", "Warszawa", "00-514", "PL"),
    ("Dilshod Karimov", "Amir Temur ko'chasi 107B, 12-xonadon", "Toshkent", "100084", "UZ"),
    ("Wolfgang Müller-Lüdenscheidt", "Hauptstraße 17", "Frankfurt (Oder)", "15230", "DE"),
];
const PIECES: [(&str, u32, u64, i64, &str); 6] = [
    ("Women's knitted cotton T-shirt, printed", 2, 340, 1198, "610910"),
    ("Silicone case for mobile telephone", 1, 45, 350, "392690"),
    ("Bluetooth earphones with charging case", 1, 120, 2590, "851830"),
    ("Ceramic tea cup, hand painted, 200 ml", 4, 980, 1600, "691110"),
    ("Children's sports shoes, textile upper", 1, 520, 1899, "640411"),
    ("LED desk lamp with USB cable, 5 W", 1, 610, 1450, "94052100"),
];

/// Returns the declaration number `index` of a long list.
pub(crate) fn typical(index: u32) -> Declaration<'static> {
    let n = index as usize;
    let country = |code: &str| Country::parse(code).expect("a country");
    let money = |minor, code: &str| Money { minor, currency: Currency::parse(code).expect("a currency") };
    let pieces: Vec<Piece<'static>> = (0..2 + n % 2)
        .map(|piece| {
            let (description, units, weight, value, hs) = PIECES[(n + piece) % PIECES.len()];
            Piece {
                description: Some(description),
                units: Some(units),
                net_weight: Some(Grams(weight)),
                value: Some(money(value, "USD")),
                hs: HsCode::parse(hs),
                origin: Some(country("CN")),
                battery: None,
            }
        })
        .collect();
    let sum: i64 = pieces.iter().filter_map(|piece| piece.value).map(|value| value.minor).sum();
    let weight: Grams = pieces.iter().filter_map(|piece| piece.net_weight).sum();
    let (business, street, city) = SENDERS[n % SENDERS.len()];
    let (name, home, town, postcode, destination) = ADDRESSEES[n / 2 % ADDRESSEES.len()];
    Declaration {
        identifier: S10::new("LX", index % 100_000_000, country("CN")).ok().map(Identifier::S10),
        form: Some(Form::Cn23),
        route: caravan_declaration::Route {
            class: Some(MailClass::Letters),
            category: Some(MailCategory::D),
            subclass: MailSubclass::parse("UX"),
            handling: Some(Handling::Normal),
            origin: Impc::parse("CNURCA"),
            destination: Impc::parse("KZALAA"),
        },
        posted_on: NaiveDate::from_ymd_opt(2026, 7, 1 + index % 28),
        nature: Some(Nature::Sale),
        gross_weight: Some(weight + Grams(85)),
        volume: Some(Volume(3200)),
        total_value: Some(money(sum, "USD")),
        postage: Some(money(4350, "CNY")),
        sender: Party {
            kind: Some(PartyKind::Business),
            business: Some(business),
            street: Some(street),
            city: Some(city),
            postcode: Some("322000"),
            country: Some(country("CN")),
            telephone: Some("+86 579 8512 3456"),
            email: Some("export@example.cn"),
            ..Party::default()
        },
        addressee: Party {
            kind: Some(PartyKind::Person),
            name: Some(name),
            street: Some(home),
            city: Some(town),
            postcode: Some(postcode),
            country: Some(country(destination)),
            telephone: Some("+7 701 234 56 78"),
            email: Some("buyer@example.org"),
            ..Party::default()
        },
        sender_reference: Some("ORD-20260701-004812"),
        prepaid_tax: (destination == "PL").then_some(PrepaidTax { scheme: "IOSS", number: "IM1560000123" }),
        pieces,
        return_if_undeliverable: Some(true),
        ..Declaration::default()
    }
}
