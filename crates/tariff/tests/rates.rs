//! Exchange rates: what is read, what is refused, which row counts on a day.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use caravan_declaration::{Declaration, Identifier, Party, Piece, Route};
use caravan_postal::{Country, Currency, Grams, MailClass, Money, Nature, S10};
use caravan_tariff::{Assessment, Engine, Flow, Options, Question, Rates, Transport};
use chrono::{Days, NaiveDate};

fn rate(line: &str) -> String {
    let mut fields = std::collections::BTreeMap::from([
        ("authority", "\"ecb\""),
        ("units", "1"),
        ("currency", "\"EUR\""),
        ("value", "\"8.1250\""),
        ("in", "\"CNY\""),
        ("valid_from", "2026-07-01"),
        ("source", "\"feed\""),
    ]);
    let (name, value) = line.split_once(" = ").expect("a field");
    fields.insert(name, value);
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!("[[rate]]\n{}\n", fields.join("\n"))
}

#[test]
fn reads_rows_in_the_order_of_authority_pair_and_day() {
    let text = [
        rate("valid_from = 2026-08-01"),
        rate("authority = \"nbp\""),
        rate("valid_from = 2026-07-01"),
        rate("valid_to = 2026-07-01"),
    ];
    let rates = Rates::parse(&text.concat()).expect("the rates are right");
    let read: Vec<String> = rates
        .quotations()
        .map(|one| format!("{} {} {:?}", one.authority, one.valid_from, one.valid_to))
        .collect();
    let expected = [
        "ecb 2026-07-01 None",
        "ecb 2026-07-01 Some(2026-07-01)",
        "ecb 2026-08-01 None",
        "nbp 2026-07-01 None",
    ];
    assert_eq!(read, expected);
    assert_eq!(Rates::parse("").expect("no rates are rates").quotations().count(), 0);
}

#[test]
fn names_what_is_wrong_with_a_row() {
    for (line, expected) in [
        ("currency = \"EURO\"", "rate 1: `currency` is not a currency"),
        ("in = \"RMB\"", "rate 1: `in` is not a currency"),
        ("in = \"EUR\"", "rate 1: `currency` and `in` are the same"),
        ("authority = \"\"", "rate 1: `authority` is empty"),
        ("units = 0", "rate 1: `units` is not between 1 and 1000000"),
        ("units = 1000001", "rate 1: `units` is not between 1 and 1000000"),
        ("value = \"0\"", "rate 1: `value` is not a positive decimal of at most twelve digits"),
        ("value = \"-1\"", "rate 1: `value` is not a positive decimal of at most twelve digits"),
        ("value = \"1,5\"", "rate 1: `value` is not a positive decimal of at most twelve digits"),
        ("value = \"1234567.123456\"", "rate 1: `value` is not a positive decimal of at most twelve digits"),
        ("valid_from = 2026-07-01T10:00:00Z", "rate 1: `valid_from` is not a date"),
        ("valid_to = 2026-06-30", "rate 1: `valid_to` is not a date after `valid_from`"),
        ("value = 8.125", "cannot read the exchange rates"),
        ("colour = 1", "cannot read the exchange rates"),
    ] {
        assert_eq!(Rates::parse(&rate(line)).expect_err(line).to_string(), expected, "{line}");
    }
}

/// A gift of 3,000 yuan to Kazakhstan: EUR 200 are free, 15 % of the rest are due.
fn to_kazakhstan(rates: &Rates, on: NaiveDate) -> Assessment {
    let party = |code: &str| Party {
        name: Some("Li Lei"),
        street: Some("Road 1"),
        city: Some("City"),
        country: Country::parse(code),
        ..Party::default()
    };
    let declaration = Declaration {
        identifier: Some(Identifier::S10(S10::new("CP", 1, Country::parse("KR").unwrap()).unwrap())),
        route: Route { class: Some(MailClass::Parcels), ..Route::default() },
        nature: Some(Nature::Gift),
        gross_weight: Some(Grams(600)),
        sender: party("KR"),
        addressee: party("KZ"),
        pieces: vec![Piece {
            description: Some("cotton towel"),
            units: Some(2),
            net_weight: Some(Grams(500)),
            value: Some(Money { minor: 300_000, currency: Currency::CNY }),
            ..Piece::default()
        }],
        ..Declaration::default()
    };
    Engine::builtin().assess(&Question {
        declaration: &declaration,
        flow: Flow::Export,
        filed_on: on,
        accepted_on: on,
        rated_on: None,
        mode: Transport::Rail,
        rates,
        options: &Options::default(),
    })
}

fn tenge(valid_to: &str) -> Rates {
    let row = |currency: &str, value: &str| {
        format!(
            "[[rate]]\nauthority = \"nbk\"\nunits = 1\ncurrency = \"{currency}\"\nvalue = \"{value}\"\nin = \"KZT\"\n\
             valid_from = 2026-11-02\n{valid_to}\nsource = \"made up\"\n"
        )
    };
    Rates::parse(&[row("EUR", "600"), row("CNY", "75")].concat()).expect("the rates are right")
}

#[test]
fn a_rate_that_is_too_old_is_used_and_says_its_age() {
    let first = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
    // The National Bank of Kazakhstan publishes by the day: its `days_max` is 10.
    for (valid_to, days, is_old) in [
        ("", 0, false),
        ("", 10, false),
        ("", 11, true),
        ("", 400, true),
        ("valid_to = 2026-11-30", 28, false),
        ("valid_to = 2026-11-30", 29, true),
    ] {
        let assessment = to_kazakhstan(&tenge(valid_to), first + Days::new(days));
        let [charge] = &assessment.charges[..] else { panic!("one charge: {assessment:?}") };
        // 3,000 yuan are 225,000 tenge or 375 euros; 15 % of 175 euros are 26.25 euros or 15,750 tenge.
        assert_eq!(charge.amount.to_string(), "15750.00 KZT", "{valid_to} {days}");
        assert_eq!(charge.is_unverified, is_old, "{valid_to} {days}");
        let told: Vec<String> = assessment
            .findings
            .iter()
            .map(|one| format!("{} {}", one.code.name, one.arguments.join(" ")))
            .collect();
        // The first hop is from yuan into tenge: of two rates of one age the first that was taken is named.
        let expected = format!("rate-old nbk CNY/KZT 2026-11-02 {days}");
        assert_eq!(told.contains(&expected), is_old, "{told:?}");
    }
    let before = to_kazakhstan(&tenge(""), first.pred_opt().unwrap());
    assert!(before.charges.is_empty(), "a rate of tomorrow is no rate of today");
    assert!(before.findings.iter().any(|one| one.code.name == "rate-missing"));
}

#[test]
fn a_rate_that_nobody_published_is_said_to_be_an_example() {
    let on = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
    for (mark, is_example) in [("", false), ("is_example = false", false), ("is_example = true", true)] {
        let rates = tenge(mark);
        let assessment = to_kazakhstan(&rates, on);
        let told = assessment.findings.iter().any(|one| one.code.name == "rate-example");
        assert_eq!(told, is_example, "{mark} {assessment:?}");
        assert_eq!(assessment.charges[0].is_unverified, is_example, "{mark} {assessment:?}");
        let again = Rates::parse(&rates.to_toml()).expect("what is written is read");
        assert!(again.quotations().all(|rate| rate.is_example == is_example), "{mark}");
    }
}
