//! What the store itself finds while it keeps.

use caravan_postal::codes;
use caravan_postal::text::Source;

codes! {
    /// An item was declared more often than versions are kept.
    VERSIONS_EXHAUSTED = "versions-exhausted", Hold, [item];
    /// A sender asks for an item back that is here.
    ITEM_RECALLED = "item-recalled", Hold, [note];
    /// A verification note was drafted, and nobody has sent it yet.
    VERIFICATION_DRAFTED = "verification-drafted", Hold, [note];
}

/// The codes of this crate and what they say.
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
    fn every_code_speaks_every_language() {
        assert_eq!(Catalogue::new(&[super::MESSAGES]).faults(), Vec::<String>::new());
    }
}
