//! How items from abroad are presented to customs here: `presentation` and its bounds in `[customs]` of `station.toml`.

use super::ConfigError;
use super::customs::bounded;
use super::file::value;

/// How items from abroad are presented to customs here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presentation {
    /// How long after its first item a document leaves.
    pub after_ms: i64,
    /// How many items a document has at most.
    pub items_max: u32,
}

/// How many items a document may have, and how many it has when nobody says; the layout bounds none.
const ITEMS_MAX: u32 = 99_999;
const ITEMS: u32 = 100;
/// How long items may be gathered, and how long they are when nobody says.
const MINUTES_MAX: u32 = 24 * 60;
const MINUTES: u32 = 10;

pub(super) fn presentation(
    form: Option<&str>,
    after_min: Option<u32>,
    items_max: Option<u32>,
) -> Result<Option<Presentation>, ConfigError> {
    let Some(form) = form else { return Ok(None) };
    value("customs.presentation", form, "cusitm, or nothing where it is entered", |form| {
        (form == "cusitm").then_some(())
    })?;
    let minutes = after_min.unwrap_or(MINUTES);
    let minutes = bounded("customs.present_after_min", minutes, "1 to 1440", MINUTES_MAX)?;
    let items_max = items_max.unwrap_or(ITEMS);
    let items_max = bounded("customs.present_items_max", items_max, "1 to 99999", ITEMS_MAX)?;
    Ok(Some(Presentation { after_ms: i64::from(minutes) * 60_000, items_max }))
}
