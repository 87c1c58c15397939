use caravan_declaration::{
    Declaration, Document, DocumentKind, Form, Identifier, Party, Piece, PrepaidTax, Route,
};
use caravan_postal::{Country, Currency, Grams, HsCode, Impc, Language, Money, Nature, S10};

use super::at;
use crate::form::CustomsForm;
use crate::pdf::Drawn;
use crate::pdf::tests::{check, check_print};

fn piece(description: &str, minor: i64) -> Piece<'_> {
    Piece {
        description: Some(description),
        units: Some(2),
        net_weight: Some(Grams(340)),
        value: Some(Money { minor, currency: Currency::EUR }),
        hs: HsCode::parse("61091000"),
        origin: Country::parse("CN"),
        battery: None,
    }
}

fn declaration<'d>(form: Form, pieces: Vec<Piece<'d>>, street: &'d str) -> Declaration<'d> {
    Declaration {
        identifier: S10::parse("CP123456785CN").ok().map(Identifier::S10),
        form: Some(form),
        route: Route { origin: Impc::parse("CNURCA"), ..Route::default() },
        posted_on: Some(at(8).date()),
        signed_on: Some(at(8).date()),
        nature: Some(Nature::Sale),
        gross_weight: Some(Grams(1_250)),
        total_value: Some(Money { minor: 12_345, currency: Currency::EUR }),
        postage: Some(Money { minor: 12_000, currency: Currency::parse("CNY").unwrap() }),
        importer_reference: Some("IIN 880101300123"),
        prepaid_tax: Some(PrepaidTax { scheme: "IOSS", number: "IM2760000742" }),
        sender_reference: Some("ORD-2026-00017"),
        sender: Party {
            name: Some("王小明"),
            street: Some("新疆维吾尔自治区乌鲁木齐市天山区人民路128号"),
            postcode: Some("830000"),
            city: Some("乌鲁木齐"),
            country: Country::parse("CN"),
            telephone: Some("+86 991 2819000"),
            ..Party::default()
        },
        addressee: Party {
            name: Some("Ғалымжан Өтегенұлы Қожахметов"),
            street: Some(street),
            postcode: Some("050000"),
            city: Some("Алматы"),
            country: Country::parse("KZ"),
            email: Some("galymzhan@example.org"),
            ..Party::default()
        },
        documents: vec![
            Document { kind: DocumentKind::Invoice, number: "INV-77" },
            Document { kind: DocumentKind::Certificate, number: "CE-9" },
        ],
        comments: Some("Карантинный сертификат приложен"),
        pieces,
        ..Declaration::default()
    }
}

fn draw(declaration: &Declaration<'_>, language: Language) -> Drawn {
    CustomsForm { declaration, operator: "中国邮政 China Post", is_synthetic: false }.draw(language)
}

#[test]
fn prints_both_customs_forms() {
    let street = "Абай даңғылы 150/230, 12-пәтер";
    for (name, language, form, count) in [
        ("cn22", Language::Zh, Form::Cn22, 2),
        ("cn22-ru", Language::Ru, Form::Cn22, 1),
        ("cn22-en", Language::En, Form::Cn22, 3),
        ("cn23", Language::Zh, Form::Cn23, 2),
        ("cn23-ru", Language::Ru, Form::Cn23, 4),
        ("cn23-en", Language::En, Form::Cn23, 12),
    ] {
        let names = [
            "棉质T恤衫，男式",
            "Футболка хлопковая мужская",
            "T-shirt, cotton, men's",
            "Koszulka męska Łódź",
        ];
        let pieces = (0..count).map(|index| piece(names[index % 4], 2_000)).collect();
        let declaration = declaration(form, pieces, street);
        let text = check(name, language, &draw(&declaration, language), &["CP123456785CN"]);
        for word in
            ["CP 1234 5678 5 CN", "王小明", "Қожахметов", "Абай", "棉质T恤衫", "610910", "123.45", "1.250"]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        let is_cn23 = form == Form::Cn23;
        for word in ["IIN 880101300123", "IM2760000742", "INV-77", "CE-9", "120.00", "CNURCA 2026-11-22"] {
            assert_eq!(text.contains(word), is_cn23, "{name}, `{word}`: {text}");
        }
    }
}

#[test]
fn an_empty_declaration_is_an_empty_form() {
    for form in [Form::Cn22, Form::Cn23] {
        let empty = Declaration { form: Some(form), ..Declaration::default() };
        let drawn = draw(&empty, Language::Ru);
        assert_eq!(drawn.findings, Vec::new());
        check_print("customs-empty", Language::Ru, &drawn, &[]);
    }
}

#[test]
fn what_a_sender_writes_too_long_is_printed_behind_the_form() {
    let street = "Алматы облысы, Еңбекшіқазақ ауданы, Шелек ауылдық округі, ".repeat(12);
    let drawn = draw(&declaration(Form::Cn22, vec![piece("x", 1)], &street), Language::Ru);
    let codes: Vec<&str> = drawn.findings.iter().map(|finding| finding.code.name).collect();
    assert_eq!(codes, ["text-does-not-fit"]);
    let text: String =
        check_print("customs-long", Language::Ru, &drawn, &["CP123456785CN"]).split_whitespace().collect();
    assert!(text.matches("ауылдықокругі").count() >= 12, "{text}");
}
