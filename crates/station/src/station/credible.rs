//! What is heard must come from who can know it, and be of a time at which it can have happened.
//!
//! A dispatch is answered for by the post that it is made up for; a consignment by the post at the end of its way, or by
//! whoever was told of it, and by its carrier; an item has events at its post of origin, on its way and at its destination.
//! What anyone else says changes nothing, and a person asks. What is said to be received stays received, however wrong its
//! time is, and what is answered for before it has left counts when it leaves: a person asks about both.

use std::collections::BTreeMap;

use caravan_edi::emsevt::Side;
use caravan_edi::resdit::{self, EventKind};
use caravan_postal::{Grams, Impc};
use chrono::{NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use super::{Station, told_sequences};
use crate::change::Subject;
use crate::config::Partner;
use crate::item::Item;
use crate::operation::{
    MATCH_BEFORE_DEPARTURE, MATCH_CUSTOMS_FUTURE, MATCH_EARLY, MATCH_FUTURE, MATCH_SENDER, moment,
};
use crate::receptacle::{DispatchState, EarlyAnswer, ReceptacleState};
use crate::{ContainerId, CustomsAnswer, DispatchId, ItemId, ReceptacleId};

/// How far ahead of ours a time that a partner states may lie: a day, about as much as two civil times can.
pub const CLOCK_TOLERANCE_MS: i64 = 24 * 60 * 60 * 1000;

/// The kinds of a carrier's events that cannot happen before the departure.
const UNDER_WAY: [EventKind; 4] =
    [EventKind::Arrived, EventKind::Completed, EventKind::Ready, EventKind::Delivered];

impl Station {
    /// Returns whether an EDI address is one of an office or of its post.
    pub fn speaks_for(&self, sender: &str, office: Impc) -> bool {
        self.posts(sender).any(|post| post.office.country() == office.country())
    }

    /// Returns whether an EDI address is that of the post at the end of a container's way, or was told of the consignment.
    pub(super) fn takes_consignment(&self, sender: &str, id: ContainerId, name: &str) -> bool {
        let end = self.end_of(id).map(|partner| partner.office);
        end.is_some_and(|end| self.speaks_for(sender, end)) || self.was_sent("PRECON", name, sender)
    }

    /// Returns whether an EDI address is that of a container's carrier, or of one that it was booked with.
    pub(super) fn carries(&self, sender: &str, id: ContainerId, name: &str) -> bool {
        let departure = &self.state.containers[&id].departure;
        let route = self.config.route_of(departure);
        let carrier = route.and_then(|route| route.carrier_edi_address.as_deref());
        carrier == Some(sender) || self.was_sent("CARDIT", name, sender)
    }

    /// Returns whether an EDI address may tell of what happens to an item on one side of its way. A post that it is handed
    /// to for another country tells of it as that country's own does.
    pub(super) fn may_tell(&self, sender: &str, item: &Item, side: Side) -> bool {
        self.posts(sender).any(|post| {
            let country = post.office.country();
            match side {
                Side::Origin => item.origin == Some(country),
                Side::Transit => true,
                Side::Destination => {
                    let is_its = |to| to == country || post.countries.contains(&to);
                    item.destination.is_some_and(is_its)
                        || item.stream.is_some_and(|stream| stream.destination.country() == country)
                }
            }
        })
    }

    /// Notes that somebody says something who cannot know it.
    pub(super) fn not_theirs(&mut self, of: Subject, message: &str, name: &str, sender: &str) {
        self.found(of, MATCH_SENDER.finding([message, name, sender]));
    }

    /// Notes times of an answer that cannot be right: one ahead of the clock, and one before the departure.
    pub(super) fn doubt(
        &mut self,
        of: Subject,
        name: &str,
        departure: Option<&str>,
        times: &[(NaiveDateTime, Tz)],
    ) {
        let at_ms = |(local, zone): &(NaiveDateTime, Tz)| {
            zone.from_local_datetime(local).earliest().map(|at| at.timestamp_millis())
        };
        let shown = |(local, _): &(NaiveDateTime, Tz)| local.format("%Y-%m-%dT%H:%M").to_string();
        let limit_ms = self.now_ms.saturating_add(CLOCK_TOLERANCE_MS);
        let is_ahead = |time: &&(NaiveDateTime, Tz)| at_ms(time).is_some_and(|at_ms| at_ms > limit_ms);
        if let Some(time) = times.iter().find(is_ahead) {
            self.found(of, MATCH_FUTURE.finding([name.to_owned(), shown(time)]));
        }
        let scheduled = departure.and_then(|key| key.split_once('/')).map(|(_, at)| at);
        let Some((departure, left_ms)) = scheduled.and_then(|at| Some((at, moment(at, &self.config)?)))
        else {
            return;
        };
        let is_before = |time: &&(NaiveDateTime, Tz)| at_ms(time).is_some_and(|at_ms| at_ms < left_ms);
        if let Some(time) = times.iter().find(is_before) {
            let arguments = [name.to_owned(), shown(time), departure.to_owned()];
            self.found(of, MATCH_BEFORE_DEPARTURE.finding(arguments));
        }
    }

    /// Notes what of a carrier's events about a container cannot be right.
    pub(super) fn doubt_carrier(&mut self, id: ContainerId, name: &str, events: &[&resdit::Event]) {
        let time = |event: &&resdit::Event| {
            let office = event.location.as_ref().and_then(|place| Impc::parse(&place.code));
            Some((event.at?, self.zone_of(office)))
        };
        let all: Vec<(NaiveDateTime, Tz)> = events.iter().filter_map(time).collect();
        let is_later = |event: &&&resdit::Event| event.kind().is_some_and(|kind| UNDER_WAY.contains(&kind));
        let later: Vec<(NaiveDateTime, Tz)> = events.iter().filter(is_later).filter_map(time).collect();
        let departure = self.state.containers[&id].departure.clone();
        let of = Subject::Container(id);
        // What the carrier does before the departure may be of any time but one to come.
        let early: Vec<(NaiveDateTime, Tz)> = all.into_iter().filter(|time| !later.contains(time)).collect();
        self.doubt(of, name, None, &early);
        self.doubt(of, name, Some(&departure), &later);
    }

    /// Returns whether customs state a time for a decision that is still to come, and notes it: it would stand above all that
    /// they decide until then, and so changes nothing before a person has asked.
    pub(super) fn is_to_come(&mut self, id: ItemId, answer: &CustomsAnswer) -> bool {
        if answer.at_ms <= self.now_ms.saturating_add(CLOCK_TOLERANCE_MS) {
            return false;
        }
        let time = self.config.local(answer.at_ms).format("%Y-%m-%dT%H:%M").to_string();
        let name = self.state.items[&id].name.to_string();
        self.found(Subject::Item(id), MATCH_CUSTOMS_FUTURE.finding([answer.line(), name, time]));
        true
    }

    /// Keeps an answer for a receptacle that is closed and has not left: it counts when it leaves.
    pub(super) fn keep_early(&mut self, id: ReceptacleId, message: &str, weight: Option<Grams>) {
        let receptacle = self.receptacle_mut(id);
        receptacle.answered = Some(EarlyAnswer { weight });
        let shown = receptacle.name();
        self.changes.receptacles.insert(id);
        self.found(Subject::Receptacle(id), MATCH_EARLY.finding([shown, message.to_owned()]));
    }

    /// Acknowledges what was answered for before it left, now that it has.
    pub(super) fn count_early(&mut self, left: &[ReceptacleId]) {
        let mut counts: BTreeMap<DispatchId, u32> = BTreeMap::new();
        for id in left {
            if self.state.receptacles[id].answered.is_none() {
                continue;
            }
            let receptacle = self.receptacle_mut(*id);
            let (answered, dispatch) = (receptacle.answered.take(), receptacle.dispatch);
            receptacle.state = ReceptacleState::Acknowledged;
            let weight = answered.and_then(|answered| answered.weight);
            let weight = weight.map_or_else(String::new, |weight| format!("{} g", weight.0));
            self.receptacle_event(*id, "acknowledged", weight);
            if let Some(dispatch) = dispatch {
                *counts.entry(dispatch).or_default() += 1;
            }
        }
        for (id, count) in counts {
            // What of it left before may be forgotten by now: only what leaves all at once is surely accounted for.
            let dispatch = self.dispatch_mut(id);
            if dispatch.state == DispatchState::Closed && dispatch.receptacles == count {
                dispatch.state = DispatchState::Acknowledged;
                self.dispatch_event(id, "acknowledged", String::new());
            }
        }
    }

    pub(super) fn zone_of(&self, office: Option<Impc>) -> Tz {
        let partner = office.and_then(|office| self.config.partner(office));
        partner.map_or(self.config.office.zone, |partner| partner.zone)
    }

    fn posts(&self, sender: &str) -> impl Iterator<Item = &Partner> {
        self.config.partners.iter().filter(move |post| post.edi_address.as_deref() == Some(sender))
    }

    fn was_sent(&self, message: &str, consignment: &str, recipient: &str) -> bool {
        let (begun, _) = told_sequences(message, consignment, recipient);
        self.state.sequences.contains_key(&begun)
    }
}
