//! Any declaration that the formats can say.

use caravan_declaration::{
    Battery, Declaration, Document, DocumentKind, Form, Identifier, Party, PartyKind, Piece, PrepaidTax,
    Route,
};
use caravan_postal::{
    Country, Currency, Grams, Handling, HsCode, Impc, MailCategory, MailClass, MailSubclass, Money, Nature,
    S10, Volume,
};
use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::string::{RegexGeneratorStrategy, string_regex};

/// A declaration that owns its texts for as long as the test runs.
pub(crate) fn declaration() -> impl Strategy<Value = Declaration<'static>> {
    let lists = (vec(piece(), 0..4), vec(document(), 0..3), vec((text(), text()), 0..3));
    (item(), party(), party(), lists).prop_map(|(item, sender, addressee, (pieces, documents, extras))| {
        Declaration { sender, addressee, pieces, documents, extras, ..item }
    })
}

/// A list of declarations that CSV can keep apart: each has an identifier, and no two neighbours the same.
pub(crate) fn list() -> impl Strategy<Value = Vec<Declaration<'static>>> {
    vec(declaration(), 1..4).prop_map(|mut list| {
        for (serial, declaration) in list.iter_mut().enumerate() {
            if declaration.identifier.is_none() {
                let serial = u32::try_from(serial).expect("a short list");
                let country = Country::parse("CN").expect("a country");
                declaration.identifier = S10::new("RR", serial, country).ok().map(Identifier::S10);
            }
        }
        list.dedup_by_key(|declaration| declaration.identifier);
        list
    })
}

fn item() -> impl Strategy<Value = Declaration<'static>> {
    let heads = (of(identifier()), of(text()), of(select(vec![Form::Cn22, Form::Cn23])), route(), of(day()));
    let sums = (of(grams()), of(0..=200_000_000u64), of(money()), of(money()), of(money()));
    let words = (of(select(Nature::ALL)), of(text()), of(text()), of(text()), of(lines()));
    let rest = (of(tax()), of(day()), of(any::<bool>()));
    (heads, sums, words, rest).prop_map(|(heads, sums, words, rest)| Declaration {
        identifier: heads.0,
        domestic_waybill: heads.1,
        form: heads.2,
        route: heads.3,
        posted_on: heads.4,
        gross_weight: sums.0,
        volume: sums.1.map(Volume),
        total_value: sums.2,
        postage: sums.3,
        insured_value: sums.4,
        nature: words.0,
        nature_text: words.1,
        sender_reference: words.2,
        importer_reference: words.3,
        comments: words.4,
        prepaid_tax: rest.0,
        signed_on: rest.1,
        return_if_undeliverable: rest.2,
        ..Declaration::default()
    })
}

fn identifier() -> impl Strategy<Value = Identifier<'static>> {
    let s10 = (0..100_000_000u32, country()).prop_map(|(serial, country)| {
        Identifier::S10(S10::new("LX", serial, country).expect("a serial of eight digits"))
    });
    prop_oneof![3 => s10, 1 => text().prop_map(Identifier::Other)]
}

fn route() -> impl Strategy<Value = Route> {
    let office = || {
        of(select(vec!["CNURCA", "KZALAA", "DEFRAA"]).prop_map(|code| Impc::parse(code).expect("an office")))
    };
    let subclass =
        of(select(vec!["UN", "UX", "C1", "EN"]).prop_map(|code| MailSubclass::parse(code).expect("one")));
    let class = of(select(MailClass::ALL));
    (class, of(select(MailCategory::ALL)), subclass, of(select(Handling::ALL)), office(), office()).prop_map(
        |(class, category, subclass, handling, origin, destination)| Route {
            class,
            category,
            subclass,
            handling,
            origin,
            destination,
        },
    )
}

fn party() -> impl Strategy<Value = Party<'static>> {
    let kind = of(select(vec![PartyKind::Person, PartyKind::Business]));
    let names = (of(text()), of(text()), of(lines()), of(text()), of(text()));
    let rest = (of(short()), of(country()), of(short()), of(text()), of(text()));
    (kind, names, rest).prop_map(|(kind, names, rest)| Party {
        kind,
        name: names.0,
        business: names.1,
        street: names.2,
        city: names.3,
        region: names.4,
        postcode: rest.0,
        country: rest.1,
        telephone: rest.2,
        email: rest.3,
        identity: rest.4,
    })
}

fn piece() -> impl Strategy<Value = Piece<'static>> {
    let hs = select(vec!["010121", "61091000", "9405210012"])
        .prop_map(|code| HsCode::parse(code).expect("a code"));
    (text(), of(any::<u32>()), of(grams()), of(money()), of(hs), of(country()), of(battery())).prop_map(
        |(description, units, net_weight, value, hs, origin, battery)| Piece {
            description: Some(description),
            units,
            net_weight,
            value,
            hs,
            origin,
            battery,
        },
    )
}

fn battery() -> impl Strategy<Value = Battery> {
    let un_number = select(vec![3480u16, 3481, 3090, 3091]);
    (un_number, 0..=100_000_000u32, any::<u16>(), any::<bool>()).prop_map(
        |(un_number, energy_mwh, count, is_installed)| Battery { un_number, energy_mwh, count, is_installed },
    )
}

fn document() -> impl Strategy<Value = Document<'static>> {
    let kind = select(vec![DocumentKind::Licence, DocumentKind::Certificate, DocumentKind::Invoice]);
    (kind, text()).prop_map(|(kind, number)| Document { kind, number })
}

fn tax() -> impl Strategy<Value = PrepaidTax<'static>> {
    (regex("[A-Z0-9]{1,12}"), text()).prop_map(|(scheme, number)| PrepaidTax { scheme: keep(scheme), number })
}

fn money() -> impl Strategy<Value = Money> {
    let currency = select(vec!["CNY", "EUR", "JPY", "KWD", "XDR"]);
    (0..=Money::MAX_MINOR, currency).prop_map(|(minor, currency)| Money {
        minor,
        currency: Currency::parse(currency).expect("a currency"),
    })
}

fn grams() -> impl Strategy<Value = Grams> {
    (0..=Grams::MAX.0).prop_map(Grams)
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (1..=3_652_059i32).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).expect("years 1 to 9999"))
}

fn country() -> impl Strategy<Value = Country> {
    select(vec!["CN", "KZ", "PL", "XK", "UZ"]).prop_map(|code| Country::parse(code).expect("a country"))
}

/// A text of one line with everything that has a meaning in XML or CSV.
fn text() -> impl Strategy<Value = &'static str> {
    regex("[^\\p{C}\\p{Z}]([a-zа-яә汉字 ,;\"'&<>\\]\\[-]{0,18}[^\\p{C}\\p{Z}])?").prop_map(keep)
}

fn short() -> impl Strategy<Value = &'static str> {
    regex("[0-9A-Z]([0-9 -]{0,6}[0-9A-Z])?").prop_map(keep)
}

fn lines() -> impl Strategy<Value = &'static str> {
    regex("[a-z汉\"]([a-z ,;\"&<\n]{0,20}[a-z.])?").prop_map(keep)
}

/// Reads an expression once: one that stands as a strategy itself is read for every value.
fn regex(expression: &str) -> RegexGeneratorStrategy<String> {
    string_regex(expression).expect("the expression is one")
}

/// Texts of a model are borrowed; those of a test live until it ends.
fn keep(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
