//! An office of exchange as documents name it.

use caravan_postal::Impc;
use serde::{Deserialize, Serialize};

/// How many codes of offices stand in one box.
const LISTED: usize = 6;

/// An office of exchange with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// The code (UPU S34).
    #[serde(with = "crate::code")]
    pub code: Impc,
    /// The name.
    pub name: String,
    /// Whether the code is made up for tests or configuration and in no list of the UPU: every document says so.
    pub is_synthetic: bool,
}

impl Office {
    /// Returns code and name as documents print them: `CNURCA Urumqi`.
    pub fn printed(&self) -> String {
        let mark = if self.is_synthetic { " (synthetic code)" } else { "" };
        format!("{} {}{mark}", self.code, self.name)
    }

    /// Returns the office that something goes to as documents print it; of several, behind the words for that, their
    /// codes, as far as a box holds them.
    pub(crate) fn all_printed(offices: &[Self], several: &str) -> String {
        match offices {
            [] => String::new(),
            [only] => only.printed(),
            _ => {
                let codes = offices.iter().take(LISTED).map(|office| office.code.to_string());
                let more = (offices.len() > LISTED).then(|| "...".to_owned());
                format!("{several}: {}", codes.chain(more).collect::<Vec<_>>().join(", "))
            }
        }
    }
}
