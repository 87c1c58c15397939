use caravan_declaration::{Declaration, Form, Identifier, Party, PartyKind, Piece, Route};
use caravan_postal::{Catalogue, Country, Currency, Grams, HsCode, Language, MailClass, Money, Nature, S10};
use caravan_tariff::{Engine, Flow, Options, Question, Rates, Transport};
use chrono::NaiveDate;

use super::{Estimate, Page, html};

fn catalogue() -> Catalogue {
    Catalogue::new(&[caravan_tariff::MESSAGES, crate::MESSAGES])
}

/// An item to Poland that owes EUR 3, one of whose words is markup.
fn declaration(description: &'static str) -> Declaration<'static> {
    let country = |code| Country::parse(code);
    let party = |name, code| Party {
        kind: Some(PartyKind::Person),
        name: Some(name),
        street: Some("Street 1"),
        city: Some("City"),
        postcode: Some("00-514"),
        country: country(code),
        ..Party::default()
    };
    let money = |minor| Money { minor, currency: Currency::parse("EUR").unwrap() };
    let piece = Piece {
        description: Some(description),
        units: Some(2),
        net_weight: Some(Grams(340)),
        value: Some(money(2000)),
        hs: HsCode::parse("610910"),
        origin: country("CN"),
        battery: None,
    };
    Declaration {
        identifier: S10::new("CP", 12_345_678, country("CN").unwrap()).ok().map(Identifier::S10),
        form: Some(Form::Cn23),
        route: Route { class: Some(MailClass::Parcels), ..Route::default() },
        nature: Some(Nature::Sale),
        gross_weight: Some(Grams(500)),
        total_value: Some(money(2000)),
        postage: Some(money(0)),
        sender: party("Wang Xiaoming", "CN"),
        addressee: party("Jan Nowak", "PL"),
        pieces: vec![piece],
        ..Declaration::default()
    }
}

fn page(description: &'static str, language: Language) -> String {
    page_of(&declaration(description), language)
}

fn page_of(declaration: &Declaration<'_>, language: Language) -> String {
    let rates = "[[rate]]\nauthority = \"nbp\"\nunits = 1\ncurrency = \"EUR\"\nvalue = \"4\"\nin = \"PLN\"\n\
                 valid_from = 2026-07-01\nvalid_to = 2026-12-31\nsource = \"made up\"\n\n\
                 [[rate]]\nauthority = \"gacc\"\nunits = 1\ncurrency = \"EUR\"\nvalue = \"8\"\nin = \"CNY\"\n\
                 valid_from = 2026-11-01\nsource = \"made up\"\n";
    let (rates, options) = (Rates::parse(rates).unwrap(), Options::default());
    let (engine, day) = (Engine::builtin(), NaiveDate::from_ymd_opt(2026, 11, 16).unwrap());
    let explanation = engine.explain(&Question {
        declaration,
        flow: Flow::Export,
        filed_on: day,
        accepted_on: day,
        rated_on: None,
        mode: Transport::Rail,
        rates: &rates,
        options: &options,
    });
    let estimate =
        Estimate { declaration, read: &[], explanation: &explanation, filed_on: day, accepted_on: day };
    let pages = [1, 2].map(|_| Page::of(&estimate, &catalogue(), language));
    html(&pages, &catalogue(), language)
}

#[test]
fn a_page_names_charge_and_law_in_every_language() {
    for (language, words) in [
        (Language::En, ["Duty", "The item can go.", "Total"]),
        (Language::Ru, ["Пошлина", "Отправление может следовать.", "Итого"]),
        (Language::Zh, ["关税", "可以寄递。", "合计"]),
    ] {
        let page = page("Knitted cotton T-shirt", language);
        for word in words {
            assert!(page.contains(word), "{word} in {page}");
        }
        // EUR 3 at 4 zloty.
        assert!(page.contains("12.00 PLN") && page.contains("Regulation (EU) 2026/382"), "{page}");
        assert_eq!(page.matches("<section>").count(), 2);
        assert!(!page.contains("@estimate") && !page.contains("@label"), "a word is missing: {page}");
    }
}

#[test]
fn a_page_shows_the_arithmetic_and_the_rate_behind_it() {
    let page = page("Knitted cotton T-shirt", Language::En);
    for line in
        ["sum: 3 EUR × 1 = 3 EUR", "3 EUR = 12 PLN (1 EUR = 4 PLN, nbp, 2026-07-01 – 2026-12-31, made up)"]
    {
        assert!(page.contains(line), "{line} in {page}");
    }
    // What the keeper of the tables is to do is not the customer's.
    assert!(!page.contains("configuration"), "{page}");
}

#[test]
fn a_page_does_not_add_up_what_is_not_all() {
    let spirits = Declaration {
        pieces: vec![Piece {
            hs: HsCode::parse("220830"),
            ..declaration("Whisky in a bottle").pieces.remove(0)
        }],
        ..declaration("Whisky in a bottle")
    };
    let page = page_of(&spirits, Language::En);
    for line in ["<th>At least</th>", "not known: Excise, Tax", "amount not known"] {
        assert!(page.contains(line), "{line} in {page}");
    }
    assert!(!page.contains("<th>Total</th>"), "{page}");
}

#[test]
fn what_someone_typed_is_no_markup() {
    let page = page("<script>alert('T-shirt')</script> cotton", Language::En);
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&#60;script&#62;alert(&#39;T-shirt&#39;)"), "{page}");
}

#[test]
fn every_word_is_there_in_every_language() {
    assert_eq!(catalogue().faults(), Vec::<String>::new());
}
