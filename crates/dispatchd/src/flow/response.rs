//! What the office of origin hears of a dispatch that it has sent here: the response RESDES, and where something does not
//! agree, the draft of a verification note.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use caravan_edi::profile::Known;
use caravan_edi::{Writer, resdes};
use caravan_postal::{Handling, MailClass, Place};
use caravan_station::{Advice, Custody, DispatchId, ItemName, Receptacle, ReceptacleState};
use caravan_store::Outbound;

use super::Flow;
use super::papers::outbound;

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
        let (reference, header) = self.interchange_to(&recipient, answered_at);
        let response = resdes::Response { s8: Some(dispatch.s8), receptacles };
        let mut writer = Writer::new(&header).context("cannot begin the response")?;
        resdes::write(&mut writer, Known::Resdes.profile(), "1", &response)
            .with_context(|| format!("cannot write the response for `{}`", dispatch.s8))?;
        let body = writer.finish().context("cannot end the response")?;
        Ok(Some(Outbound { key: format!("edi/{recipient}/{reference}-RESDES-{}.edi", dispatch.s8), body }))
    }

    /// Drafts a verification note, when what has come of a dispatch is not what was advised. Letters have the form CN 43,
    /// parcels CP 78.
    pub(super) fn verification_note(&self, id: DispatchId) -> Option<Outbound> {
        let dispatch = &self.station.state().dispatches[&id];
        let mut lines = Vec::new();
        for receptacle in self.of_dispatch(id) {
            lines.extend(self.irregularities(receptacle));
        }
        if lines.is_empty() {
            return None;
        }
        let series = dispatch.series;
        let form = if series.subclass.class() == MailClass::Parcels { "CP 78" } else { "CN 43" };
        let (origin, destination) = (self.office(series.origin), self.office(series.destination));
        let mut text = format!("VERIFICATION NOTE {form} (DRAFT)\n");
        for (name, value) in [
            ("dispatch", dispatch.s8.to_string()),
            ("from", format!("{} {}", origin.code, origin.name)),
            ("to", format!("{} {}", destination.code, destination.name)),
            ("answered", self.desk.config.stamp(dispatch.closed_ms.unwrap_or_default())),
        ] {
            writeln!(text, "{name:<22}{}", value.trim_end()).expect("a text takes any line");
        }
        text.push('\n');
        for (what, which) in lines {
            writeln!(text, "{what:<22}{which}").expect("a text takes any line");
        }
        Some(outbound(format!("verification/{}.txt", dispatch.s8), text))
    }

    /// Returns what does not agree about a receptacle and the items on its list.
    fn irregularities(&self, receptacle: &Receptacle) -> Vec<(&'static str, String)> {
        let state = self.station.state();
        let name = receptacle.name();
        let mut lines = Vec::new();
        if receptacle.state == ReceptacleState::Missing {
            lines.push(("receptacle missing", name.clone()));
        }
        let Some(scale) = receptacle.scale else { return lines };
        if receptacle.advice.is_none() {
            lines.push(("receptacle unadvised", name.clone()));
        }
        let expected = receptacle.s9.as_ref().and_then(|s9| Advice::expected(receptacle.advice.as_ref(), s9));
        if let Some(expected) = expected.filter(|expected| self.station.weighs_otherwise(*expected, scale)) {
            let weights = format!("{name}  advised {} kg, found {} kg", expected.kg(), scale.kg());
            lines.push(("weight differs", weights));
        }
        let listed = receptacle.advice.iter().flat_map(|advice| &advice.items);
        let is_missing =
            |name: &ItemName| state.item_named(name).is_some_and(|item| item.custody == Custody::Missing);
        let missing = listed.filter(|s10| is_missing(&ItemName::S10(**s10)));
        lines.extend(missing.map(|s10| ("item missing", format!("{s10}  of {name}"))));
        lines
    }

    /// Returns the receptacles of a dispatch for this office, by serial.
    fn of_dispatch(&self, id: DispatchId) -> Vec<&Receptacle> {
        let receptacles = self.station.state().receptacles.values();
        let mut own: Vec<&Receptacle> = receptacles.filter(|one| one.dispatch == Some(id)).collect();
        own.sort_by_key(|receptacle| receptacle.s9.map(caravan_postal::S9::serial));
        own
    }
}
