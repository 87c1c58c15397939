//! What a printed document says about itself to people, and the message files of the crate.

use caravan_postal::text::Source;

caravan_postal::codes! {
    /// A text is longer than its box at the smallest size; it is printed in full on the sheet at the end.
    TEXT_DOES_NOT_FIT = "text-does-not-fit", Warning, [form, field];
    /// No font has a character; a box with its code point is printed instead.
    GLYPH_MISSING = "glyph-missing", Warning, [form, field, character];
    /// A bar code cannot hold the text, or has no room at the least width of its bars; the text is printed only.
    BAR_CODE_LEFT_OUT = "bar-code-left-out", Hold, [form, field];
}

/// The codes of this crate, what they say, and what the page for the customer says.
pub const MESSAGES: Source = Source {
    codes: CODES,
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
    fn every_code_speaks_three_languages() {
        assert_eq!(Catalogue::new(&[super::MESSAGES]).faults(), Vec::<String>::new());
    }
}
