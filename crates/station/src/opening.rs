//! What customs opened, as its act tells it.

use caravan_postal::Grams;

use crate::ItemId;

/// A receptacle or a container that customs opened, as it was before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// What it was called: its S9 or tag, or the number of the container.
    pub name: String,
    /// Which of its events tells of it.
    pub n: u32,
    /// When.
    pub at_ms: i64,
    /// What the supervisor wrote: officer and act.
    pub act: String,
    /// The container that it lay in.
    pub found_in: Option<String>,
    /// The seals that were taken off, as far as anybody told.
    pub seals_before: Vec<String>,
    /// The seals that were put on.
    pub seals_after: Vec<String>,
    /// What it weighed before.
    pub weight_before: Option<Grams>,
    /// What it weighed after, where it was weighed at once.
    pub weight_after: Option<Grams>,
    /// The item that was taken out.
    pub taken: Option<ItemId>,
}
