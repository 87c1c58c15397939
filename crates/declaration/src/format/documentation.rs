//! The format's documentation, made from the field table.

use std::fmt::Write as _;

use caravan_postal::{Grams, Money};

use super::{Content, Element, ITEM, ITEM_NAME, NAMESPACE, Occurs, ROOT, Slot, Type};

const HEAD: &str = "# Declarations, version 1

Made from the field table of the crate `declaration`; do not edit.

One file holds one to many items, as XML, as JSON, as CSV or as XLSX.
What a sender leaves out is left out: an empty element counts as absent, and only the parts of a group without which the group means nothing are mandatory.
Whether an item can go without a value is decided by validation, not by the format.

## Encodings

UTF-8 is best.
UTF-16, GB18030 (and so GBK and GB 2312), Windows-1251 and Windows-1252 are told by a mark, by their pattern or by the shape of the words, and read with a remark.
What the file declares is weighed against its bytes.
Where the bytes allow several encodings, the partner's setting decides, then the declaration; where neither does, the file is not read beyond that place.
A byte that stands for no character ends the reading; nothing is ever replaced.
";

const XML: &str = "
White space around a value is not part of it.
Elements stand in the order of the table; another order is read and remarked on.
A DOCTYPE is refused.
";

const CSV: &str = "
Commas, semicolons or tabs stand between cells, quotes as in RFC 4180.
The heading row names the columns, in any order; columns that are not needed may be left out.
One row is one content piece.
The rows of an item stand one after another: a row with the same identifier, or with nothing in the columns of the item, adds a piece, a document or an extra field to the item above it.
The columns are those of the table; an amount has its currency, and an extra field its name, in a column of its own.
A table with other columns is read by a mapping, a file that says which of its columns is which of these.

## XLSX

The first sheet of a workbook, or the one that the partner's settings name, has the columns and rows of CSV; its first row that holds something is the heading.
Texts are best; numbers are taken as the fifteen digits that a spreadsheet shows, days as it counts them.
";

const JSON: &str = "
The file is an array of items, or one item after another as JSON Lines has them; the schema describes the array, and in `$defs/item` an item.
An item is an object with the names of the table.
A group is an object; what may be there any number of times is an array.
An amount is an object of `amount` and `currency`, an extra field one of `name` and `value`.
Whole numbers are numbers and flags are `true` and `false`; everything else, amounts and weights too, is a text.
A value that is written as another of these is read with a remark.
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
    text.push_str("\n## JSON\n");
    text.push_str(JSON);
    text.push_str("\n## CSV\n");
    text.push_str(CSV);
    text.push_str(
        "\n## Fields\n\n| path in XML and JSON | column in CSV and XLSX | times | value | meaning |\n|---|---|---|---|---|\n",
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
