//! What the decision codes of customs mean.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::answer::AnswerVerdict;

/// The decision codes of one authority. The values of UPU code list 183, which CUSRSP means to use, were not found;
/// until they are, each partner has its table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Its name: `edifact-7365`.
    pub name: String,
    /// Where the codes are from.
    pub source: String,
    /// The codes.
    pub codes: Vec<Decision>,
}

/// One decision code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The code as customs writes it.
    pub code: String,
    #[serde(default)]
    verdict: Option<Verdict>,
    /// What it says.
    pub says: String,
}

/// Why a table of decisions cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the table of decisions")]
pub struct DecisionsError(#[from] toml::de::Error);

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Received,
    Rejected,
    Accepted,
    Queried,
    Held,
    Released,
    Refused,
    Seized,
    Cancelled,
}

static EDIFACT: LazyLock<Decisions> =
    LazyLock::new(|| built_in(include_str!("../../profiles/decisions/edifact-7365.toml")));
static INDIA: LazyLock<Decisions> =
    LazyLock::new(|| built_in(include_str!("../../profiles/decisions/india.toml")));

impl Decisions {
    /// Returns the codes of UN/EDIFACT data element 7365, processing indicator.
    pub fn edifact() -> &'static Self {
        &EDIFACT
    }

    /// Returns the codes of Indian customs for postal items.
    pub fn india() -> &'static Self {
        &INDIA
    }

    /// Reads a table from TOML: `name`, `source` and a list `codes` of `code`, `verdict` and `says`; the verdict is a
    /// word like `released`, and absent where a code decides nothing.
    pub fn parse(text: &str) -> Result<Self, DecisionsError> {
        toml::from_str(text).map_err(DecisionsError)
    }

    /// Returns what a code means for the item.
    pub fn verdict(&self, code: &str) -> Option<AnswerVerdict> {
        self.codes.iter().find(|decision| decision.code == code)?.verdict()
    }
}

impl Decision {
    /// Returns what it means for the item; `None` when it decides nothing.
    pub fn verdict(&self) -> Option<AnswerVerdict> {
        self.verdict.map(|verdict| match verdict {
            Verdict::Received => AnswerVerdict::Received,
            Verdict::Rejected => AnswerVerdict::Rejected,
            Verdict::Accepted => AnswerVerdict::Accepted,
            Verdict::Queried => AnswerVerdict::Queried,
            Verdict::Held => AnswerVerdict::Held,
            Verdict::Released => AnswerVerdict::Released,
            Verdict::Refused => AnswerVerdict::Refused,
            Verdict::Seized => AnswerVerdict::Seized,
            Verdict::Cancelled => AnswerVerdict::Cancelled,
        })
    }
}

/// Reads a table that is part of the program; a fault in it is a bug.
fn built_in(text: &str) -> Decisions {
    Decisions::parse(text).expect("a table of this crate is valid")
}

#[cfg(test)]
mod tests {
    use super::Decisions;
    use crate::answer::AnswerVerdict;

    #[test]
    fn the_same_number_means_another_thing_elsewhere() {
        for (table, code, expected) in [
            (Decisions::edifact(), "4", Some(AnswerVerdict::Released)),
            (Decisions::edifact(), "7", Some(AnswerVerdict::Held)),
            (Decisions::edifact(), "2", Some(AnswerVerdict::Rejected)),
            (Decisions::india(), "2", Some(AnswerVerdict::Released)),
            (Decisions::india(), "8", None),
            (Decisions::edifact(), "99", None),
            (Decisions::edifact(), "04", None),
        ] {
            assert_eq!(table.verdict(code), expected, "{} {code}", table.name);
        }
    }

    #[test]
    fn codes_are_there_once() {
        for table in [Decisions::edifact(), Decisions::india()] {
            for decision in &table.codes {
                let same = table.codes.iter().filter(|other| other.code == decision.code).count();
                assert!(same == 1 && !decision.says.is_empty(), "{} {}", table.name, decision.code);
            }
        }
        assert!(Decisions::parse("name = \"x\"").is_err());
    }
}
