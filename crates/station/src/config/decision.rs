//! What the codes mean in which customs answers about items: `[[customs.decision]]` of `station.toml`.
//!
//! The values of UPU code list 183, which CUSRSP means to use, are not known, and countries add codes of their own: a code
//! means what its row says, and one without a row nothing.

use serde::Deserialize;

use super::ConfigError;
use super::file::{fault, value};
use crate::item::Disposition;

/// What one code of customs means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomsDecision {
    /// The decision code.
    pub code: String,
    /// The code of the reason with which it means this; nothing where the reason makes no difference.
    pub reason: Option<String>,
    /// What customs decides by it; nothing where it only tells how far customs has come.
    pub means: Option<Disposition>,
}

/// The longest code that a message can have.
const CODE_CHARS: usize = 17;

/// The word for a code that decides nothing.
const NOTED: &str = "noted";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionTable {
    code: String,
    reason: Option<String>,
    means: String,
}

pub(super) fn decisions(tables: &[DecisionTable]) -> Result<Vec<CustomsDecision>, ConfigError> {
    let mut decisions: Vec<CustomsDecision> = Vec::with_capacity(tables.len());
    for table in tables {
        let code = code("customs.decision.code", &table.code)?;
        let reason =
            table.reason.as_deref().map(|text| self::code("customs.decision.reason", text)).transpose()?;
        if decisions.iter().any(|known| known.code == code && known.reason == reason) {
            return Err(fault("customs.decision.code", &code, "a code and reason that no other row has"));
        }
        let means = value("customs.decision.means", &table.means, MEANT, |word| match word {
            NOTED => Some(None),
            word => Disposition::parse(word).filter(|one| is_decided(*one)).map(Some),
        })?;
        decisions.push(CustomsDecision { code, reason, means });
    }
    Ok(decisions)
}

/// Returns the row of a decision: that of its reason, or else that of the code alone.
pub(super) fn find<'a>(
    rows: &'a [CustomsDecision],
    code: &str,
    reason: Option<&str>,
) -> Option<&'a CustomsDecision> {
    let is_for =
        |row: &&CustomsDecision, reason: Option<&str>| row.code == code && row.reason.as_deref() == reason;
    let exact = reason.and_then(|reason| rows.iter().find(|row| is_for(row, Some(reason))));
    exact.or_else(|| rows.iter().find(|row| is_for(row, None)))
}

const MEANT: &str = "noted, filed, documents-wanted, inspect, held, duty-due, released, return-to-sender, seized, goods-procedure or abandoned";

/// Returns whether one code can say it: where a case begins nobody decides, that something is paid is no decision, and which
/// pieces are released is more than a code tells.
fn is_decided(disposition: Disposition) -> bool {
    !matches!(disposition, Disposition::NotFiled | Disposition::Paid | Disposition::ReleasedInPart)
}

fn code(field: &str, text: &str) -> Result<String, ConfigError> {
    value(field, text, "1 to 17 characters without blanks", |text| {
        let is_plain = !text.chars().any(|one| one.is_whitespace() || one.is_control());
        (is_plain && (1..=CODE_CHARS).contains(&text.chars().count())).then(|| text.to_owned())
    })
}
