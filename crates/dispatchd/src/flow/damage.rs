//! The report of damage to an item, CN 24: what the station knows of it, for a person to write what is wrong.

use anyhow::{Context, Result};
use caravan_declaration::packed;
use caravan_station::{ItemId, Subject};
use caravan_store::Outbound;

use super::Flow;
use super::corrections::path_text;

impl Flow {
    /// Draws up the report under its number, where the station prints.
    pub(super) async fn damage_report(&mut self, id: ItemId) -> Result<Option<Outbound>> {
        let Some(item) = self.station.state().item(id).cloned() else { return Ok(None) };
        let subject = Subject::Item(id);
        let number = self.station.number_form("CN 24", subject);
        let kept = self.store.declarations_of(&[(id, item.version)]).await?;
        let came_in = match item.receptacle {
            Some(at) => {
                let here = self.station.state().receptacles.get(&at).cloned();
                let all = if here.is_none() { self.store.receptacles().await? } else { Vec::new() };
                here.or_else(|| all.into_iter().find(|one| one.id == at)).and_then(|one| one.s9)
            }
            None => None,
        };
        let declared = kept.get(&id).map(|bytes| packed::decode(bytes)).transpose();
        let declared = declared.context("cannot unpack a declaration")?;
        let at_ms = self.station.now_ms();
        let report = self.forms().damage_report(&item, number, declared.as_ref(), came_in, at_ms);
        let key = format!("damage/{}.pdf", path_text(&item.name.to_string()));
        Ok(self.printed(subject, key, |_, language| report.draw(language)))
    }
}
