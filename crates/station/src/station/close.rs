//! Closing: the scale agrees, the label is printed, and with the last receptacle the dispatch is complete.

use caravan_planning::HandlingGroup;
use caravan_postal::{DispatchSeries, Finding, Grams, HighestFlag, Impc, S8, S9};
use chrono::Datelike;

use super::Station;
use crate::change::{Due, Subject};
use crate::departure::DepartureState;
use crate::operation::{
    DISPATCH_FULL, NUMBERS_EXHAUSTED, RECEPTACLE_UNKNOWN, RECEPTACLE_WEIGHT_DIFFERS, ReceptacleName,
};
use crate::receptacle::{Dispatch, DispatchState, Receptacle, ReceptacleState};
use crate::{DepartureId, DispatchId, ReceptacleId};

impl Station {
    /// Bags what waits for the cut-off, and takes the last receptacles of a departure's dispatches from their stands,
    /// the red-label ones last, so that the bill travels in an insured receptacle if there is one; a dispatch that has
    /// none open is closed at once.
    pub(super) fn close_dispatches(&mut self, departure: DepartureId) {
        let found = self.departure_mut(departure);
        found.state = DepartureState::Closing;
        let key = found.key.clone();
        self.departure_event(departure, "closing", String::new());
        let offices = self.closing(departure);
        self.bag_what_waits(departure, &offices);
        for office in &offices {
            self.merge_too_empty(*office);
        }
        let is_due = |receptacle: &&Receptacle| {
            // A disputed receptacle is waited for when it has its number; without one the dispatch closes without it.
            let is_waiting = matches!(receptacle.state, ReceptacleState::Open | ReceptacleState::Weighing)
                || (receptacle.state == ReceptacleState::Disputed && receptacle.dispatch.is_some());
            let is_served = receptacle.stream.is_some_and(|stream| offices.contains(&stream.destination));
            is_waiting && is_served && receptacle.items > 0
        };
        let mut last: Vec<&Receptacle> = self.state.receptacles.values().filter(is_due).collect();
        last.sort_by_key(|receptacle| {
            let is_red = receptacle.stream.is_some_and(|stream| stream.handling == HandlingGroup::RedLabel);
            (is_red, receptacle.stream, receptacle.id)
        });
        let last: Vec<_> = last.iter().map(|receptacle| (receptacle.id, receptacle.state)).collect();
        for (id, state) in last {
            if state == ReceptacleState::Open {
                self.take_from_stand(id, Some(&key));
            } else {
                self.receptacle_mut(id).closing_for = Some(key.clone());
                self.changes.receptacles.insert(id);
            }
        }
        for office in offices {
            for dispatch in self.state.open_dispatches_to(office) {
                self.close_if_complete(dispatch, Some(&key));
            }
        }
    }

    /// Returns the offices whose dispatches close for a departure. What goes another way closes for the one that takes it.
    pub(super) fn closing(&self, departure: DepartureId) -> Vec<Impc> {
        let departure = &self.state.departures[&departure];
        let offices = self.config.route(&departure.route).map(|route| route.offices.clone());
        let mut offices = offices.unwrap_or_default();
        offices.retain(|office| !departure.is_without(*office));
        offices
    }

    /// Lets a departure go without the receptacles that are still on their way from stand to label: they close for the
    /// next one.
    pub(super) fn give_up_closing(&mut self, departure: &str) {
        for receptacle in self.state.receptacles.values_mut() {
            if receptacle.closing_for.as_deref() == Some(departure) {
                receptacle.closing_for = None;
                self.changes.receptacles.insert(receptacle.id);
            }
        }
    }

    pub(super) fn weigh(&mut self, id: ReceptacleId, scale: Grams) {
        let Some(state) = self.state_of(id, "weigh-receptacle") else { return };
        if !matches!(state, ReceptacleState::Weighing | ReceptacleState::Disputed) {
            let tag = self.receptacle_mut(id).tag();
            return self.out_of_turn(Subject::Receptacle(id), "weigh-receptacle", &tag, state.as_str());
        }
        let receptacle = self.receptacle_mut(id);
        let expected = receptacle.content + receptacle.tare;
        receptacle.scale = Some(scale);
        self.receptacle_event(id, "weighed", format!("{} g", scale.0));
        if expected.0.abs_diff(scale.0) <= self.config.belt.bag_tolerance.0 {
            return self.label(id);
        }
        let finding = RECEPTACLE_WEIGHT_DIFFERS.finding([expected.kg().to_string(), scale.kg().to_string()]);
        self.dispute(id, finding);
    }

    pub(super) fn settle(&mut self, id: ReceptacleId, note: &str) {
        let Some(state) = self.state_of(id, "settle-receptacle") else { return };
        if state != ReceptacleState::Disputed {
            let tag = self.receptacle_mut(id).tag();
            return self.out_of_turn(Subject::Receptacle(id), "settle-receptacle", &tag, state.as_str());
        }
        self.receptacle_event(id, "settled", note.to_owned());
        self.label(id);
    }

    /// Returns the receptacle of a tag or a label that is here, or notes that an operation named none.
    pub(super) fn receptacle(&mut self, operation: &str, name: &ReceptacleName) -> Option<ReceptacleId> {
        let id = self.state.receptacle_named(name);
        if id.is_none() {
            let arguments = [operation.to_owned(), name.to_string()];
            self.found(Subject::Station, RECEPTACLE_UNKNOWN.finding(arguments));
        }
        id
    }

    /// Returns where a receptacle stands, or notes that an operation named none.
    fn state_of(&mut self, id: ReceptacleId, operation: &str) -> Option<ReceptacleState> {
        let id = self.receptacle(operation, &ReceptacleName::Tag(id.0))?;
        Some(self.state.receptacles[&id].state)
    }

    /// Sets a receptacle aside without a label. One that has no number yet stays out of its dispatch, which closes
    /// without it; one that has keeps its dispatch open until someone has looked, because a number is used or void.
    fn dispute(&mut self, id: ReceptacleId, finding: Finding) {
        let receptacle = self.receptacle_mut(id);
        receptacle.state = ReceptacleState::Disputed;
        let is_numbered = receptacle.dispatch.is_some();
        self.receptacle_event(id, "disputed", finding.code.name.to_owned());
        self.found(Subject::Receptacle(id), finding);
        if !is_numbered {
            self.leave_out(id);
        }
    }

    /// Closes the dispatch that a receptacle was to be labelled into, if that was all it waited for.
    pub(super) fn leave_out(&mut self, id: ReceptacleId) {
        let office = self.config.office.code;
        let receptacle = self.receptacle_mut(id);
        let (closing_for, stream) = (receptacle.closing_for.take(), receptacle.stream);
        let into = receptacle.dispatch;
        let dispatch =
            into.or_else(|| stream.and_then(|stream| self.state.open_dispatch(stream.series(office))));
        let Some(dispatch) = dispatch else { return };
        if closing_for.is_some() || self.state.dispatches[&dispatch].takes_no_more() {
            self.close_if_complete(dispatch, closing_for.as_deref());
        }
    }

    /// Prints the label: the receptacle takes its serial in the open dispatch of its series, or keeps the one it has.
    fn label(&mut self, id: ReceptacleId) {
        let receptacle = &self.state.receptacles[&id];
        let (stream, own) = (receptacle.stream, receptacle.dispatch.zip(receptacle.s9));
        let Some(stream) = stream else { return };
        let series = stream.series(self.config.office.code);
        let (dispatch, serial) = match own {
            Some((dispatch, s9)) => (dispatch, s9.serial()),
            None => match self.dispatch_for(series) {
                Ok(dispatch) => (dispatch, self.next_serial(dispatch)),
                Err(finding) => return self.dispute(id, finding),
            },
        };
        let now_ms = self.now_ms;
        let receptacle = self.receptacle_mut(id);
        let closing_for = receptacle.closing_for.take();
        receptacle.state = ReceptacleState::Closed;
        receptacle.dispatch = Some(dispatch);
        receptacle.closed_ms = Some(now_ms);
        let found = &self.state.dispatches[&dispatch];
        let is_reopened = found.state == DispatchState::Reopened;
        let is_asked = closing_for.is_some() || found.takes_no_more();
        let is_last = is_asked && !self.is_any_waited_for(dispatch);
        let is_highest =
            || found.gone < serial && self.highest(dispatch).is_none_or(|(s9, _)| s9.serial() <= serial);
        let highest =
            if (is_last || is_reopened) && is_highest() { HighestFlag::Yes } else { HighestFlag::No };
        self.print_label(id, dispatch, serial, highest);
        if is_last {
            self.close_if_complete(dispatch, closing_for.as_deref());
        }
    }

    pub(super) fn print_label(
        &mut self,
        id: ReceptacleId,
        dispatch: DispatchId,
        serial: u32,
        highest: HighestFlag,
    ) {
        let s8 = self.state.dispatches[&dispatch].s8;
        let receptacle = self.receptacle_mut(id);
        let is_again = receptacle.s9.is_some();
        let s9 = S9::new(s8, serial, highest, Some(receptacle.registered > 0), receptacle.gross())
            .expect("a dispatch gives no serial above the highest");
        receptacle.s9 = Some(s9);
        self.receptacle_event(id, if is_again { "relabelled" } else { "labelled" }, s9.to_string());
        self.changes.due.push(Due::Label(id));
    }

    fn next_serial(&mut self, dispatch: DispatchId) -> u32 {
        let dispatch = self.dispatch_mut(dispatch);
        dispatch.receptacles += 1;
        let (id, serial) = (dispatch.id, dispatch.receptacles);
        self.changes.dispatches.insert(id);
        serial
    }

    /// Returns whether a receptacle keeps a dispatch from closing: it has a number of it and no label that holds, or it
    /// will have one, being on its way from stand to label for a departure.
    pub(super) fn is_waited_for(&self, receptacle: &Receptacle, dispatch: DispatchId) -> bool {
        if let Some(own) = receptacle.dispatch {
            return own == dispatch && receptacle.is_unsettled();
        }
        let dispatch = &self.state.dispatches[&dispatch];
        let office = self.config.office.code;
        dispatch.takes_more()
            && receptacle.state == ReceptacleState::Weighing
            && receptacle.closing_for.is_some()
            && receptacle.stream.is_some_and(|stream| stream.series(office) == dispatch.series)
    }

    fn is_any_waited_for(&self, dispatch: DispatchId) -> bool {
        self.state.receptacles.values().any(|receptacle| self.is_waited_for(receptacle, dispatch))
    }

    /// Returns the receptacle with the highest serial of a dispatch that is not void.
    pub(super) fn highest(&self, dispatch: DispatchId) -> Option<(S9, ReceptacleId)> {
        let labelled = self.state.receptacles.values().filter(|receptacle| {
            receptacle.dispatch == Some(dispatch) && receptacle.state != ReceptacleState::Voided
        });
        let named = labelled.filter_map(|receptacle| Some((receptacle.s9?, receptacle.id)));
        named.max_by_key(|(s9, _)| s9.serial())
    }

    /// Returns the dispatch in which the next receptacle of a series is numbered, or why there is none. A series has one
    /// open dispatch: a full one that waits for one of its receptacles must close before the next begins.
    fn dispatch_for(&mut self, series: DispatchSeries) -> Result<DispatchId, Finding> {
        match self.state.open_dispatch(series) {
            Some(open) if self.state.dispatches[&open].takes_more() => Ok(open),
            Some(full) => Err(DISPATCH_FULL.finding([self.state.dispatches[&full].s8.to_string()])),
            None => self.open_dispatch(series).ok_or_else(|| NUMBERS_EXHAUSTED.finding([series.to_string()])),
        }
    }

    /// Takes the next dispatch number of a series in the station's year; `None` when the year's numbers are used up.
    fn open_dispatch(&mut self, series: DispatchSeries) -> Option<DispatchId> {
        let year = self.config.day(self.now_ms).year();
        let sequence = format!("s8/{series}/{year}");
        let last = self.state.sequences.get(&sequence).copied().unwrap_or_default();
        if last >= u64::from(S8::SERIAL_MAX) {
            return None;
        }
        let serial = u32::try_from(self.take_number(&sequence)).ok()?;
        let s8 = S8::new(series, year, serial).ok()?;
        let id = DispatchId(i64::try_from(self.take_number("dispatch")).ok()?);
        let dispatch = Dispatch::new(id, s8, year, DispatchState::Open, self.now_ms);
        self.state.dispatches.insert(id, dispatch);
        self.dispatch_event(id, "numbered", s8.to_string());
        Some(id)
    }

    /// Closes a dispatch, for a departure or because it is full, once it waits for no receptacle. Where its highest
    /// receptacle was labelled before anyone knew that it would be the last, that label is printed again.
    fn close_if_complete(&mut self, id: DispatchId, departure: Option<&str>) {
        if self.is_any_waited_for(id) {
            return;
        }
        if self.state.dispatches[&id].state == DispatchState::Reopened {
            return self.close_again(id);
        }
        let Some((s9, last)) = self.highest(id) else {
            self.dispatch_mut(id).state = DispatchState::Voided;
            return self.dispatch_event(id, "voided", departure.unwrap_or_default().to_owned());
        };
        if s9.highest != HighestFlag::Yes {
            self.print_label(last, id, s9.serial(), HighestFlag::Yes);
        }
        self.close_dispatch(id, departure);
    }

    fn close_dispatch(&mut self, id: DispatchId, departure: Option<&str>) {
        let now_ms = self.now_ms;
        let dispatch = self.dispatch_mut(id);
        dispatch.state = DispatchState::Closed;
        dispatch.closed_ms = Some(now_ms);
        dispatch.departure = departure.map(str::to_owned);
        self.dispatch_event(id, "closed", departure.unwrap_or_default().to_owned());
        self.changes.due.push(Due::DispatchPapers(id));
    }

    pub(super) fn dispatch_mut(&mut self, id: DispatchId) -> &mut Dispatch {
        self.state.dispatches.get_mut(&id).expect("a dispatch that is worked on is here")
    }
}
