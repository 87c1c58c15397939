//! What customs says of the case of one item (CUSRSP, UPU M44).

use caravan_postal::Money;

use super::CustomsAnswer;

/// An answer of customs about the case of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseAnswer {
    /// When customs decided.
    pub at_ms: i64,
    /// Its decision code, without blanks.
    pub code: String,
    /// The code of its reason, without blanks.
    pub reason: Option<String>,
    /// Its reason in words.
    pub text: String,
    /// The number that customs gave the case.
    pub number: Option<String>,
    /// What is due in all.
    pub due: Option<Money>,
}

impl CaseAnswer {
    /// Returns code and reason as one: `RD/4`.
    pub fn codes(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{}/{reason}", self.code),
            None => self.code.clone(),
        }
    }

    /// Returns it as an answer like any other, to be ordered among those before it.
    pub(crate) fn said(&self) -> CustomsAnswer {
        CustomsAnswer {
            message: CUSRSP.to_owned(),
            at_ms: self.at_ms,
            code: self.codes(),
            verdict: None,
            text: self.text.clone(),
            number: self.number.clone(),
        }
    }
}

/// The name of the message.
const CUSRSP: &str = "CUSRSP";
