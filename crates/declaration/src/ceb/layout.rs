//! The layouts of edition 202205 as data: messages, blocks and elements, read once from text files in the crate.
//!
//! The facts are those of the official schemas. The notation of `layouts/export.txt` and `layouts/import.txt`:
//!
//! - `message NAME`, then its parts, each with how often it may be there: `1`, `0..1`, `1..100`, `0..*`. The first
//!   part is the document, the others are the trailer.
//! - `block NAME`, then either parts like those of a message, or elements: name, type, `M` for mandatory or `O` for
//!   optional, and what else is known of it.
//! - Types: `C4` exactly four characters, `C1..18` one to eighteen, `C..18` at most eighteen, `C..*` any number; `G` a
//!   GUID of 36 characters; `T8`, `T14`, `T17` a day, a second, a millisecond in digits; `N19,5` a decimal of at most
//!   19 digits, 5 of them behind the point; `N9` a whole number of at most nine digits, `N` one of 32 bits; `X` other
//!   XML.
//! - `~` white space collapses; `=142` only this value; `{list}` a list of `layouts/codes.txt`, which the schemas do
//!   not state; `2018:TYPE` the edition of 2018 had that type, `2018:O` it lacked the element.

use std::sync::LazyLock;

use super::codes::{CodeList, code_lists};

/// The messages of both directions.
static MESSAGES: LazyLock<Vec<Message>> = LazyLock::new(|| {
    let mut messages = parse(Direction::Export, include_str!("layouts/export.txt"));
    messages.extend(parse(Direction::Import, include_str!("layouts/import.txt")));
    messages
});

/// Which of the two systems of customs a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Goods leave China.
    Export,
    /// Goods come to China.
    Import,
}

/// The layout of one message.
#[derive(Debug)]
pub struct Message {
    /// The name of its root element: `CEB603Message`.
    pub name: &'static str,
    /// The system that it belongs to. The receipt of a format failure, `CEB900Message`, serves both.
    pub direction: Direction,
    /// The document, and how many of them a message may have.
    pub document: Part,
    /// What follows the documents, in order.
    pub trailer: Vec<Part>,
}

/// A block in its place.
#[derive(Debug, Clone)]
pub struct Part {
    /// The block.
    pub block: Block,
    /// How often it has to be there.
    pub least: u32,
    /// How often it may be there; `None` for any number.
    pub most: Option<u32>,
}

/// A named group of other blocks or of elements, or neither when its content is not looked at.
#[derive(Debug, Clone)]
pub struct Block {
    /// The name of its element.
    pub name: &'static str,
    /// The blocks in it.
    pub parts: Vec<Part>,
    /// The elements in it.
    pub elements: Vec<Element>,
}

/// An element that holds a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// Its name.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
    /// Whether it has to be there.
    pub is_required: bool,
    /// Whether runs of white space count as one space, and none at the ends.
    pub is_collapsed: bool,
    /// The only value that it may have.
    pub fixed: Option<&'static str>,
    /// The codes that the specification names for it; the schemas do not state them.
    pub codes: Option<&'static CodeList>,
    /// What the edition of 2018 admitted beyond this one.
    pub former: Option<Former>,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text of so many characters; no upper bound when `most` is `None`.
    Text {
        /// The least number of characters.
        least: u32,
        /// The largest number of characters.
        most: Option<u32>,
    },
    /// A GUID of 36 characters, written in upper case.
    Guid,
    /// Local time in Beijing as so many digits: year, month, day, then hour, minute, second, then milliseconds.
    Time(u8),
    /// A decimal of at most so many digits in all and behind the point.
    Decimal {
        /// Digits in all.
        digits: u32,
        /// Digits behind the point.
        decimals: u32,
    },
    /// A whole number of 32 bits and at most so many digits.
    Whole(Option<u32>),
    /// XML of any kind.
    Any,
}

/// What the edition of 2018 admitted for an element and 202205 does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Former {
    /// It lacked the element.
    Absent,
    /// It had this type, and any value of it.
    Kind(Kind),
}

impl Message {
    /// Returns every message of edition 202205 that is known, export before import.
    pub fn all() -> &'static [Message] {
        &MESSAGES
    }

    /// Returns the message with this root element.
    pub fn named(name: &str) -> Option<&'static Message> {
        MESSAGES.iter().find(|message| message.name == name)
    }

    /// Returns the three digits of the name: `603`.
    pub fn number(&self) -> &'static str {
        &self.name[3..6]
    }

    /// Returns the part of the trailer with this name.
    pub fn trailer_part(&self, name: &str) -> Option<(usize, &Part)> {
        self.trailer.iter().enumerate().find(|(_, part)| part.block.name == name)
    }
}

impl Block {
    /// Returns whether the block has elements of its own, and not other blocks or opaque content.
    pub fn has_elements(&self) -> bool {
        !self.elements.is_empty()
    }
}

impl Kind {
    /// Returns whether a value without a character passes the schema.
    pub fn admits_empty(self) -> bool {
        matches!(self, Self::Text { least: 0, .. } | Self::Any)
    }
}

/// Reads a layout file. The files are part of the crate, so a fault in them is ours.
fn parse(direction: Direction, text: &'static str) -> Vec<Message> {
    let lines = || text.lines().filter(|line| !line.starts_with('#'));
    let body = |kind: &str, name: &str| -> Vec<&'static str> {
        let heading = format!("{kind} {name}");
        let rest = lines().skip_while(|line| *line != heading).skip(1);
        rest.take_while(|line| line.starts_with(' ')).map(str::trim).collect()
    };
    let names = lines().filter_map(|line| line.strip_prefix("message "));
    let mut messages = Vec::new();
    for name in names {
        let mut parts = body("message", name).into_iter().map(|row| part(row, &|name| body("block", name)));
        let document = parts.next().expect("a message has a document");
        messages.push(Message { name, direction, document, trailer: parts.collect() });
    }
    messages
}

fn part(row: &'static str, body: &dyn Fn(&str) -> Vec<&'static str>) -> Part {
    let (name, times) = row.split_once(' ').expect("a part has its name and how often it is there");
    let (least, most) = times.split_once("..").unwrap_or((times, times));
    let mut block = Block { name, parts: Vec::new(), elements: Vec::new() };
    for row in body(name) {
        if row.split(' ').count() == 2 {
            block.parts.push(part(row, body));
        } else {
            block.elements.push(element(row));
        }
    }
    Part { block, least: number(least), most: (most != "*").then(|| number(most)) }
}

fn element(row: &'static str) -> Element {
    let mut words = row.split(' ');
    let mut word = || words.next().expect("an element has a name, a type and `M` or `O`");
    let (name, kind, is_required) = (word(), kind(word()), word() == "M");
    let mut element =
        Element { name, kind, is_required, is_collapsed: false, fixed: None, codes: None, former: None };
    for word in words {
        if word == "~" {
            element.is_collapsed = true;
        } else if let Some(value) = word.strip_prefix('=') {
            element.fixed = Some(value);
        } else if let Some(former) = word.strip_prefix("2018:") {
            element.former =
                Some(if former == "O" { Former::Absent } else { Former::Kind(self::kind(former)) });
        } else {
            let list = word.strip_prefix('{').and_then(|word| word.strip_suffix('}'));
            let list = list.expect("nothing else stands behind an element");
            element.codes = code_lists().iter().find(|codes| codes.name == list);
            assert!(element.codes.is_some(), "the list `{list}` is there");
        }
    }
    element
}

fn kind(word: &str) -> Kind {
    let (letter, rest) = word.split_at(1);
    match letter {
        "G" => Kind::Guid,
        "X" => Kind::Any,
        "T" => Kind::Time(u8::try_from(number(rest)).expect("at most 17 digits")),
        "N" if rest.is_empty() => Kind::Whole(None),
        "N" => match rest.split_once(',') {
            Some((digits, decimals)) => Kind::Decimal { digits: number(digits), decimals: number(decimals) },
            None => Kind::Whole(Some(number(rest))),
        },
        _ => match rest.split_once("..") {
            None => Kind::Text { least: number(rest), most: Some(number(rest)) },
            Some((least, most)) => {
                let least = if least.is_empty() { 0 } else { number(least) };
                Kind::Text { least, most: (most != "*").then(|| number(most)) }
            }
        },
    }
}

fn number(text: &str) -> u32 {
    text.parse().expect("a number of the layout")
}

#[cfg(test)]
mod tests {
    use super::{Former, Kind, Message};

    #[test]
    fn the_tables_are_whole() {
        let names: Vec<&str> = Message::all().iter().map(|message| message.name).collect();
        assert_eq!(names.len(), 40);
        for message in Message::all() {
            let document = &message.document.block;
            assert!(document.has_elements() == document.parts.is_empty(), "{}", message.name);
            for part in &document.parts {
                assert!(part.block.has_elements(), "{}: {}", message.name, part.block.name);
            }
            for part in &message.trailer {
                assert!(part.block.parts.is_empty());
                assert_eq!(part.block.has_elements(), part.block.name != "Signature", "{}", message.name);
            }
        }
    }

    #[test]
    fn rows_say_what_they_should() {
        let export = Message::named("CEB603Message").unwrap();
        assert_eq!((export.document.least, export.document.most), (1, Some(100)));
        let [head, list] = &export.document.block.parts[..] else { panic!("a head and a list") };
        assert_eq!((head.most, list.least, list.most), (Some(1), 1, Some(100)));
        let element = |name: &str| head.block.elements.iter().find(|element| element.name == name).unwrap();
        assert_eq!(element("guid").kind, Kind::Guid);
        assert_eq!(element("preNo").kind, Kind::Text { least: 18, most: Some(18) });
        assert_eq!(element("freight").kind, Kind::Decimal { digits: 19, decimals: 5 });
        assert!(element("POD").is_collapsed && !element("preNo").is_required);
        assert_eq!(element("fFlag").fixed, Some("3"));
        assert_eq!(
            element("logisticsNo").former,
            Some(Former::Kind(Kind::Text { least: 1, most: Some(80) }))
        );
        assert_eq!(element("trafMode").codes.unwrap().codes.len(), 19);
        let import = Message::named("CEB621Message").unwrap();
        let trailer: Vec<&str> = import.trailer.iter().map(|part| part.block.name).collect();
        assert_eq!(trailer, ["BaseTransfer", "BaseSubscribe", "ExtendMessage", "Signature"]);
    }
}
