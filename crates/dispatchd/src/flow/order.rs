//! The order of events: what a partner says of an item is held against what has happened to it here and what others said.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use caravan_edi::emsevt::{self, EventKind, Location};
use caravan_postal::{Place, S10};
use caravan_station::operation::moment;
use caravan_station::{CLOCK_TOLERANCE_MS, ItemId, ItemName, Journey, ReceptacleId, Subject};
use caravan_store::Happened;
use chrono::{NaiveDateTime, TimeZone};

use super::Flow;

/// How an event of a partner states its time, as the first word of what is kept of it.
const STATED: &str = "%Y-%m-%dT%H:%M";

impl Flow {
    /// Says which events of a partner cannot have happened in their order, before the item left, or not yet. `before` is
    /// what is known to have happened to the items.
    pub(super) async fn tell_order(
        &mut self,
        sender: &str,
        report: &emsevt::Report,
        before: &[(ItemId, Happened)],
        at_ms: i64,
    ) -> Result<()> {
        let timed = report.events.iter().filter_map(|event| {
            let at_ms = self.stated(sender, event.at?)?;
            Some((event.clone(), at_ms))
        });
        let mut timed: Vec<(emsevt::Event, i64)> = timed.collect();
        let told: BTreeSet<(S10, &str)> =
            report.events.iter().map(|event| (event.item, event.kind.as_str())).collect();
        let known = self.known_before(&told.iter().map(|(item, _)| *item).collect(), before).await?;
        let here = Location::office(self.desk.config.office.code);
        timed.extend(known.into_iter().map(|(item, kind, at_ms)| {
            let local = self.desk.config.local(at_ms.min(self.station.now_ms()));
            (emsevt::Event::new(item, kind, local, here.clone()), at_ms)
        }));
        let limit_ms = at_ms.saturating_add(CLOCK_TOLERANCE_MS);
        for finding in emsevt::check_order(timed.iter().map(|(event, at_ms)| (event, *at_ms)), limit_ms) {
            let names: Vec<String> = finding.arguments.iter().map(ToString::to_string).collect();
            let is_told =
                |kind: &String| S10::parse(&names[0]).is_ok_and(|item| told.contains(&(item, kind)));
            // What is known already was told when it came.
            if !names[1..].iter().any(is_told) {
                continue;
            }
            let item = self.station.state().item_named(&ItemName::parse(&names[0]));
            let subject = item.map_or(Subject::Station, |item| Subject::Item(item.id));
            self.station.find(subject, finding.at(Place::Whole));
        }
        Ok(())
    }

    /// Returns what has happened to items, when: here by the clock, elsewhere as it was stated. What has not left here
    /// leaves at the end of time.
    async fn known_before(
        &self,
        items: &BTreeSet<S10>,
        before: &[(ItemId, Happened)],
    ) -> Result<Vec<(S10, EventKind, i64)>> {
        let state = self.station.state();
        let named = items.iter().filter_map(|s10| Some((*s10, state.item_named(&ItemName::S10(*s10))?)));
        let named: Vec<_> = named.collect();
        let receptacles: Vec<ReceptacleId> = named.iter().filter_map(|(_, item)| item.receptacle).collect();
        let left: BTreeMap<ReceptacleId, String> = self.store.left_with(&receptacles).await?;
        let mut known = Vec::new();
        for (s10, item) in named {
            let departure = item.receptacle.and_then(|receptacle| left.get(&receptacle));
            let departed = departure.and_then(|key| moment(key.split_once('/')?.1, &self.desk.config));
            let is_to_leave = item.receptacle.is_some() || item.journey == Journey::Export;
            let left_ms = departed.or_else(|| (departure.is_none() && is_to_leave).then_some(i64::MAX));
            known.extend(left_ms.map(|left_ms| (s10, EventKind::OutwardDeparture, left_ms)));
            let own = before
                .iter()
                .filter(|(id, _)| *id == item.id)
                .filter_map(|(_, event)| Some((s10, EventKind::parse(&event.code)?, self.moment_of(event)?)));
            known.extend(own);
        }
        Ok(known)
    }

    /// Returns when an event happened that is kept; `None` when its partner stated no time.
    fn moment_of(&self, event: &Happened) -> Option<i64> {
        let words: Vec<&str> = event.detail.split(' ').collect();
        let [first, .., "by", sender] = words[..] else { return Some(event.at_ms) };
        match NaiveDateTime::parse_from_str(first, STATED) {
            Ok(at) => self.stated(sender, at),
            Err(_) => Some(event.at_ms),
        }
    }

    /// Returns the moment that a partner states in its local time.
    fn stated(&self, sender: &str, at: NaiveDateTime) -> Option<i64> {
        let partners = &self.desk.config.partners;
        let partner = partners.iter().find(|partner| partner.edi_address.as_deref() == Some(sender))?;
        Some(partner.zone.from_local_datetime(&at).earliest()?.timestamp_millis())
    }
}
