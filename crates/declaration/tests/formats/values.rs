//! Every element of the field table against its type: what it takes to the brim, and the nearest that it does not.

use caravan_declaration::Limits;
use caravan_declaration::format::{Content, Element, ITEM, Type};

use super::read_all;

/// Calls `each` for every value of the format with the elements that lead to it, itself last.
fn every_value(
    elements: &'static [Element],
    path: &mut Vec<&'static Element>,
    each: &mut dyn FnMut(&[&Element], Type),
) {
    for element in elements {
        path.push(element);
        match element.content {
            Content::Value(value) => each(path, value),
            Content::Group(children) => every_value(children, path, each),
        }
        path.pop();
    }
}

/// Returns the codes of what is said about a value at the end of a path.
fn codes(path: &[&Element], value: &str) -> Vec<&'static str> {
    let element = path.last().unwrap();
    let attribute = match element.attribute() {
        Some("currency") => " currency=\"EUR\"",
        Some(_) => " name=\"a\"",
        None => "",
    };
    let mut text = format!("<{}{attribute}>{value}</{}>", element.name, element.name);
    for group in path.iter().rev().skip(1) {
        text = format!("<{}>{text}</{}>", group.name, group.name);
    }
    let text =
        format!("<declarations xmlns=\"urn:caravan:declaration:1\"><item>{text}</item></declarations>");
    let readout = read_all(text.as_bytes(), &Limits::standard());
    assert!(readout.outcome.is_whole, "{text}");
    // A group whose other parts are missing says so at their fields.
    let own = readout.findings().filter(|finding| finding.field.name == element.field);
    own.map(|finding| finding.code.name).collect()
}

fn good(value: Type) -> Vec<String> {
    let texts = |limit: u16| vec!["x".to_owned(), "я".repeat(limit.into()), "\n  x\n".to_owned()];
    let all = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    match value {
        Type::Identifier => all(&["RR473124829CN", " RR000000080CN "]),
        Type::Text(limit) | Type::Lines(limit) | Type::Named(limit) => texts(limit),
        Type::Word(limit) => vec!["A1".to_owned(), "Z".repeat(limit.into())],
        Type::Kilograms | Type::WattHours => all(&["0", "0.001", "100000", "7.5000"]),
        Type::Money => all(&["0", "12.3", "12.300", "10000000000"]),
        Type::Date => all(&["2024-02-29", "0001-01-01", "9999-12-31"]),
        Type::Country => all(&["KZ", "XK"]),
        Type::Office => all(&["CNURCA"]),
        Type::Subclass => all(&["UN", "C9"]),
        Type::Hs => all(&["610910", "61091000", "0101210012"]),
        Type::Whole(limit) => vec!["0".to_owned(), "007".to_owned(), limit.to_string()],
        Type::Flag => all(&["true", "false", "1", "0"]),
        Type::Code(codes) => codes.iter().map(|(code, _)| (*code).to_owned()).collect(),
    }
}

fn bad(value: Type) -> Vec<(String, &'static str)> {
    let all = |values: &[(&str, &'static str)]| {
        values.iter().map(|(value, code)| ((*value).to_owned(), *code)).collect()
    };
    let long = |limit: u16| ("я".repeat(usize::from(limit) + 1), "text-too-long");
    match value {
        Type::Identifier => all(&[("RR473124829C", "s10-length"), ("RR473124828CN", "s10-check-digit")]),
        Type::Text(limit) | Type::Named(limit) => {
            vec![long(limit), ("a\nb".to_owned(), "text-joined"), ("a&#9;b".to_owned(), "text-joined")]
        }
        Type::Lines(limit) => vec![long(limit), ("a\u{7F}".to_owned(), "text-control")],
        Type::Word(limit) => {
            vec![("A".repeat(usize::from(limit) + 1), "code-unknown"), ("a".to_owned(), "code-unknown")]
        }
        Type::Kilograms | Type::WattHours => all(&[
            ("0.0001", "number-decimals"),
            ("100000.001", "number-too-large"),
            ("-1", "number-negative"),
            ("+1", "number-shape"),
            (".5", "number-shape"),
        ]),
        Type::Money => all(&[
            ("1.005", "number-decimals"),
            ("10000000000.01", "number-too-large"),
            ("-0.01", "number-negative"),
            ("1 000", "number-shape"),
        ]),
        Type::Date => {
            all(&[("2026-02-29", "date-shape"), ("0000-01-01", "date-shape"), ("2026-7-01", "date-shape")])
        }
        Type::Country => {
            all(&[("kz", "country-unknown"), ("KAZ", "country-unknown"), ("ZZ", "country-unknown")])
        }
        Type::Office => all(&[("CNURC", "office-shape"), ("ZZURCA", "office-shape")]),
        Type::Subclass => all(&[("LX", "code-unknown"), ("U", "code-unknown"), ("Un", "code-unknown")]),
        Type::Hs => all(&[("61091", "hs-shape"), ("6109101", "hs-shape"), ("61.09.10", "hs-punctuated")]),
        Type::Whole(limit) => vec![
            ((limit + 1).to_string(), "number-too-large"),
            ("99999999999999999999".to_owned(), "number-too-large"),
            ("1.0".to_owned(), "number-shape"),
            ("+1".to_owned(), "number-shape"),
        ],
        Type::Flag => all(&[("yes", "code-unknown"), ("TRUE", "code-unknown")]),
        Type::Code(codes) => {
            let first = codes[0].0;
            vec![(format!("{first}x"), "code-unknown"), (format!("0{first}"), "code-unknown")]
        }
    }
}

#[test]
fn every_element_takes_what_its_type_allows_and_nothing_else() {
    let mut count = 0;
    every_value(ITEM, &mut Vec::new(), &mut |path, value| {
        count += 1;
        let field = path.last().unwrap().field;
        for text in good(value) {
            assert_eq!(codes(path, &text), Vec::<&str>::new(), "`{field}` takes {text:?}");
        }
        for (text, code) in bad(value) {
            assert_eq!(codes(path, &text), [code], "`{field}` and {text:?}");
        }
        assert_eq!(codes(path, " "), ["element-empty"], "`{field}` may be empty");
    });
    assert!(count > 60, "{count} values");
}
