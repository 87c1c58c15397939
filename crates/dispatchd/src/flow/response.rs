//! What the office of origin hears of a dispatch that it has sent here: the response RESDES, and where something does not
//! agree, the draft of a verification note.

use anyhow::Result;
use caravan_edi::profile::Known;
use caravan_edi::resdes;
use caravan_postal::{Handling, Place, S10};
use caravan_station::{Custody, DispatchId, ItemName, Receptacle, ReceptacleState, Subject};
use caravan_store::Outbound;

use super::Flow;
use super::advised::serial_gaps;
use super::interchange::Sending;
use crate::forms::Difference;

impl Flow {
    /// Answers for what has come of a dispatch, when something has and its partner has an EDI address.
    pub(super) fn dispatch_response(&mut self, id: DispatchId) -> Result<Option<Outbound>> {
        let config = self.station.config().clone();
        let dispatch = self.station.state().dispatches[&id].clone();
        let partner = config.partner(dispatch.series.origin);
        let Some(recipient) = partner.and_then(|partner| partner.edi_address.clone()) else {
            return Ok(None);
        };
        let came = self.of_dispatch(id).into_iter().filter(|receptacle| receptacle.scale.is_some());
        let receptacles: Vec<resdes::Receptacle> = came
            .filter_map(|receptacle| {
                let s9 = receptacle.s9?;
                Some(resdes::Receptacle {
                    s9,
                    kind: Some(receptacle.kind),
                    subclass: Some(s9.dispatch.series().subclass),
                    // The flag says that something is registered or insured, and not which.
                    handling: (s9.is_registered == Some(false)).then_some(Handling::Normal),
                    condition: None,
                    gross_weight: receptacle.scale,
                    status: Some(resdes::Receptacle::RECEIVED.to_owned()),
                    effective_at: receptacle.closed_ms.map(|at_ms| config.local(at_ms)),
                    place: Place::Whole,
                })
            })
            .collect();
        if receptacles.is_empty() {
            return Ok(None);
        }
        let answered_at = config.local(dispatch.closed_ms.unwrap_or_default());
        let response = resdes::Response { s8: Some(dispatch.s8), receptacles };
        let sending = Sending {
            recipient: &recipient,
            message: Known::Resdes,
            name: "RESDES",
            subject: Subject::Dispatch(id),
            about: &dispatch.s8.to_string(),
            prepared_at: answered_at,
        };
        self.send(&sending, |writer, profile| resdes::write(writer, profile, "1", &response))
    }

    /// Drafts a verification note, when what has come of a dispatch is not what was advised.
    pub(super) fn verification_note(&mut self, id: DispatchId) -> Vec<Outbound> {
        let dispatch = self.station.state().dispatches[&id].clone();
        let state = self.station.state();
        let is_missing = |s10: S10| {
            let item = state.item_named(&ItemName::S10(s10));
            item.is_some_and(|item| item.custody == Custody::Missing)
        };
        let (forms, received) = (self.forms(), self.of_dispatch(id));
        let is_numbered = |one: &&&Receptacle| one.state != ReceptacleState::Voided;
        let serials = received.iter().filter(is_numbered).filter_map(|one| Some(one.s9?.serial())).collect();
        let gaps = serial_gaps(&serials).into_iter();
        let gaps = gaps.map(|(from, to)| Difference::NumberGap(dispatch.s8.to_string(), from, to));
        let found = received.into_iter().flat_map(|one| forms.irregularities(one, is_missing));
        let differences: Vec<Difference> = found.chain(gaps).collect();
        let answered_ms = dispatch.closed_ms.unwrap_or_default();
        self.draft(&dispatch, dispatch.series.origin, ("answered", answered_ms), &differences)
    }

    /// Returns the receptacles of a dispatch for this office, by serial.
    fn of_dispatch(&self, id: DispatchId) -> Vec<&Receptacle> {
        let receptacles = self.station.state().receptacles.values();
        let mut own: Vec<&Receptacle> = receptacles.filter(|one| one.dispatch == Some(id)).collect();
        own.sort_by_key(|receptacle| receptacle.s9.map(caravan_postal::S9::serial));
        own
    }
}
