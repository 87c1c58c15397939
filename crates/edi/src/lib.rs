#![doc = include_str!("../README.md")]

mod charset;
pub mod codes;
pub mod consignment;
mod content;
pub mod control;
mod cuts;
pub mod emsevt;
mod function;
mod index;
pub mod interchange;
pub mod matching;
mod part;
mod pattern;
pub mod predes;
pub mod profile;
mod receptacles;
pub mod rescon;
pub mod resdes;
pub mod resdit;
#[cfg(test)]
mod sample;
mod scanner;
mod segment;
mod tokenizer;
mod transport;
mod writer;

pub use charset::{Charset, Decoded};
pub use content::{Content, Layouts};
pub use cuts::Cut;
pub use interchange::{Address, Envelope, Header, Interchange, Message, MessageType, Role, SyntaxVersion};
pub use part::Part;
pub use pattern::{Expected, Pattern};
pub use scanner::{Scanner, Step};
pub use segment::{Component, Element, Segment, Separators, Syntax, shape};
pub use tokenizer::{Limits, Tokenizer};
pub use writer::{WriteError, Writer};

/// What the findings of this crate say, in the three languages.
pub const MESSAGES: caravan_postal::text::Source = caravan_postal::text::Source {
    codes: codes::CODES,
    messages: [
        include_str!("../messages/en.toml"),
        include_str!("../messages/ru.toml"),
        include_str!("../messages/zh.toml"),
    ],
};

#[cfg(test)]
mod tests {
    use caravan_postal::Catalogue;

    #[test]
    fn every_code_has_its_message_in_every_language() {
        assert_eq!(Catalogue::new(&[super::MESSAGES]).faults(), Vec::<String>::new());
    }
}
