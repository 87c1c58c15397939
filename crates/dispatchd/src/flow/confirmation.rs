//! Whether the sender stands for a further version of a declaration.

use anyhow::{Context, Result};
use caravan_declaration::{CONFIRMATION, Declaration, Protected, packed, protected_changes};
use caravan_station::ItemId;
use caravan_station::operation::SendersWord;

use super::Flow;

/// Returns whether two packed declarations go to the same addressee; of what cannot be unpacked nobody can say so.
pub(super) fn is_same_addressee(before: &[u8], after: &[u8]) -> bool {
    let declarations = packed::decode(before).ok().zip(packed::decode(after).ok());
    declarations.is_some_and(|(before, after)| caravan_declaration::is_same_addressee(&before, &after))
}

/// Compares a version with the packed one that the sender stands for. A confirmation counts once: a version that repeats the
/// reference of the one before it says nothing of what has changed since.
pub(super) fn senders_word(
    before: Option<&[u8]>,
    after: &Declaration<'_>,
    is_reused: bool,
) -> Result<SendersWord> {
    let Some(before) = before else { return Ok(SendersWord::Stands) };
    let before = packed::decode(before).context("cannot unpack a declaration")?;
    let mut changed = protected_changes(&before, after);
    if is_reused && !changed.contains(&Protected::Addressee) {
        changed.push(Protected::Addressee);
        changed.sort_unstable();
    }
    let reference = confirmation(after).filter(|reference| confirmation(&before) != Some(*reference));
    Ok(match reference {
        _ if changed.is_empty() => SendersWord::Stands,
        Some(reference) => SendersWord::Confirmed(reference.to_owned()),
        None => SendersWord::Changed(changed),
    })
}

fn confirmation<'a>(declaration: &Declaration<'a>) -> Option<&'a str> {
    declaration.extras.iter().find(|(name, _)| *name == CONFIRMATION).map(|(_, reference)| *reference)
}

impl Flow {
    /// Returns the packed declaration of an item at hand that its sender stands for; nothing of what nobody has declared.
    pub(super) async fn told_declaration(&self, id: ItemId) -> Result<Option<Vec<u8>>> {
        let Some(version) = self.station.state().item(id).map(caravan_station::Item::told_version) else {
            return Ok(None);
        };
        Ok(self.store.declarations_of(&[(id, version)]).await?.remove(&id))
    }
}
