//! The format's documentation, made from the field table.

use std::fmt::Write as _;

use caravan_postal::{Grams, Money};

use super::{Content, Element, ITEM, ITEM_NAME, NAMESPACE, Occurs, ROOT, Slot, Type};

const HEAD: &str = "# Declarations, version 1

Made from the field table of the crate `declaration`; do not edit.

One file holds one to many items, as XML or as CSV.
What a sender leaves out is left out: an empty element counts as absent, and only the parts of a group without which the group means nothing are mandatory.
Whether an item can go without a value is decided by validation, not by the format.
";

const XML: &str = "
The file is UTF-8, with or without a byte-order mark.
White space around a value is not part of it.
Elements stand in the order of the table; another order is read and remarked on.
A DOCTYPE is refused.
";

const CSV: &str = "
The file is UTF-8, with or without a byte-order mark; commas, semicolons or tabs stand between cells, quotes as in RFC 4180.
The heading row names the columns, in any order; columns that are not needed may be left out.
One row is one content piece.
The rows of an item stand one after another: a row with the same identifier, or with nothing in the columns of the item, adds a piece, a document or an extra field to the item above it.
The columns are those of the table; an amount has its currency, and an extra field its name, in a column of its own.
";

/// Returns the documentation, in Markdown.
pub fn documentation() -> String {
    let mut text = String::from(HEAD);
    write!(
        text,
        "\n## XML\n\nNamespace `{NAMESPACE}`, root element `{ROOT}`, with one `{ITEM_NAME}` an item."
    )
    .expect(STRING);
    text.push_str(XML);
    text.push_str("\n## CSV\n");
    text.push_str(CSV);
    text.push_str(
        "\n## Fields\n\n| path in XML | column in CSV | times | value | meaning |\n|---|---|---|---|---|\n",
    );
    rows(ITEM, "", "", &mut text);
    text
}

const STRING: &str = "writing to a string";

fn rows(elements: &[Element], path: &str, prefix: &str, text: &mut String) {
    for element in elements {
        let times = match element.occurs {
            Occurs::Optional => "0..1",
            Occurs::Required => "1",
            Occurs::Many => "0..n",
        };
        let (name, meaning) = (element.name, element.meaning);
        match element.content {
            Content::Group(children) => {
                writeln!(text, "| `{path}{name}` | | {times} | group | {meaning} |").expect(STRING);
                let prefix = if element.slot == Slot::Piece { "piece-" } else { prefix };
                rows(children, &format!("{path}{name}/"), prefix, text);
            }
            Content::Value(value) => {
                let column = format!("{prefix}{}", element.field);
                writeln!(text, "| `{path}{name}` | `{column}` | {times} | {} | {meaning} |", describe(value))
                    .expect(STRING);
                if let Some(attribute) = element.attribute() {
                    let what = attribute_meaning(value);
                    writeln!(text, "| `{path}{name}/@{attribute}` | `{column}-{attribute}` | 1 | {what} |")
                        .expect(STRING);
                }
            }
        }
    }
}

fn attribute_meaning(value: Type) -> &'static str {
    match value {
        Type::Money => "three letters, ISO 4217 | The currency.",
        _ => "text | The name.",
    }
}

fn describe(value: Type) -> String {
    match value {
        Type::Identifier => "two letters, nine digits, two letters".to_owned(),
        Type::Text(limit) | Type::Named(limit) => format!("text, at most {limit} characters"),
        Type::Lines(limit) => format!("text of several lines, at most {limit} characters"),
        Type::Word(limit) => format!("upper-case letters and digits, at most {limit}"),
        Type::Kilograms => format!("kilograms, at most three decimals, at most {}", Grams::MAX.0 / 1000),
        Type::Money => format!(
            "amount with at most the decimals of its currency, at most {} of its smallest unit",
            Money::MAX_MINOR
        ),
        Type::Date => "day, `2026-07-01`".to_owned(),
        Type::Country => "two letters, ISO 3166-1".to_owned(),
        Type::Office => "six letters, UPU S34".to_owned(),
        Type::Subclass => "mail class and a letter or digit".to_owned(),
        Type::Hs => "6, 8 or 10 digits".to_owned(),
        Type::Whole(limit) => format!("whole number, at most {limit}"),
        Type::WattHours => format!("watt-hours, at most three decimals, at most {}", Grams::MAX.0 / 1000),
        Type::Flag => "`true` or `false`".to_owned(),
        Type::Code(codes) => {
            codes.iter().map(|(code, meaning)| format!("`{code}` {meaning}")).collect::<Vec<_>>().join("; ")
        }
    }
}
