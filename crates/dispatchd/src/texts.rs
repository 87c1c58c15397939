//! What findings say: the message files of all crates together.

use std::sync::LazyLock;

use caravan_postal::Catalogue;
use caravan_postal::text::Source;

/// The codes of this crate and what they say.
const OWN: Source = Source {
    codes: crate::findings::CODES,
    messages: [
        include_str!("../messages/en.toml"),
        include_str!("../messages/ru.toml"),
        include_str!("../messages/zh.toml"),
    ],
};

/// Every code of the program with its sentences.
pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(&[
        caravan_declaration::MESSAGES,
        caravan_tariff::MESSAGES,
        caravan_planning::MESSAGES,
        caravan_station::MESSAGES,
        caravan_store::MESSAGES,
        caravan_edi::MESSAGES,
        caravan_documents::MESSAGES,
        OWN,
    ])
});

#[cfg(test)]
mod tests {
    use super::CATALOGUE;

    #[test]
    fn every_code_speaks_every_language() {
        assert_eq!(CATALOGUE.faults(), Vec::<String>::new());
    }
}
