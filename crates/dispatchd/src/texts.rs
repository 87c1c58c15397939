//! What findings say: the message files of all crates together.

use std::sync::LazyLock;

use caravan_postal::text::Source;
use caravan_postal::{Catalogue, Code, Language};

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

/// What is said in one language.
#[derive(Clone, Copy)]
pub struct Words(pub Language);

impl Words {
    /// Returns the sentence of a code.
    pub fn say<const N: usize>(self, code: &'static Code, arguments: [String; N]) -> String {
        CATALOGUE.says(&code.finding(arguments), self.0)
    }

    /// Returns a word or a heading by its name, which begins with `@`.
    pub fn term(self, name: &str) -> &str {
        CATALOGUE.term(name, self.0)
    }

    /// Returns what a code says, behind its name.
    pub fn reason(self, code: &str, arguments: &[String]) -> String {
        match CATALOGUE.code(code).filter(|known| known.arguments.len() == arguments.len()) {
            Some(known) => {
                let finding = known.finding(arguments.iter().map(String::as_str));
                format!("[{code}] {}", CATALOGUE.says(&finding, self.0))
            }
            // A code of another version of the program, or one that says more than is known where it is told.
            None => format!("[{code}] {}", arguments.join(" ")).trim_end().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CATALOGUE;

    #[test]
    fn every_code_speaks_every_language() {
        assert_eq!(CATALOGUE.faults(), Vec::<String>::new());
    }
}
