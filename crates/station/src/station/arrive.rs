//! Mail from another office for this one: advised, come, opened, and answered for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use caravan_postal::{Grams, S8, S9, S10};
use chrono::Datelike;

use super::{RECEPTACLES, Station};
use crate::advice::{Advice, AdvisedReceptacle};
use crate::change::{Due, Subject};
use crate::item::{Custody, ItemName, Journey};
use crate::operation::{
    ADVISED_WEIGHT_DIFFERS, Act, DISPATCH_ELSEWHERE, DISPATCH_UNKNOWN, ITEM_MISSING, MATCH_ADVICE_LATE,
    MATCH_ITEM_TWICE, MATCH_WITHDRAWN, Operation, RECEPTACLE_LATE, RECEPTACLE_MISSING, RECEPTACLE_UNADVISED,
    RECEPTACLE_UNKNOWN, SEAL_DIFFERS,
};
use crate::receptacle::{Dispatch, DispatchState, Receptacle, ReceptacleState};
use crate::{DispatchId, ItemId, ReceptacleId};

impl Station {
    /// Admits a dispatch for this office with all its receptacles, also those that are opened or missing: an operation
    /// names it. What is at hand already stays as it is.
    pub fn admit_arrival(&mut self, dispatch: Dispatch, receptacles: Vec<Receptacle>) {
        self.state.dispatches.entry(dispatch.id).or_insert(dispatch);
        for receptacle in receptacles {
            self.state.receptacles.entry(receptacle.id).or_insert(receptacle);
        }
    }

    /// Returns the items that an operation is about through the list of a receptacle, whose dispatch is at hand: they are
    /// admitted before it.
    pub fn listed_by(&self, operation: &Operation) -> Vec<ItemName> {
        let (s8, serial) = match &operation.act {
            Act::ReceiveReceptacle { s9, .. } | Act::OpenReceptacle { s9 } => {
                (s9.dispatch, Some(s9.serial()))
            }
            Act::CloseArrival { dispatch } => (*dispatch, None),
            Act::Advise { receptacles, .. } => {
                let listed = receptacles.iter().flat_map(|one| &one.advice.items);
                return listed.map(|s10| ItemName::S10(*s10)).collect();
            }
            _ => return Vec::new(),
        };
        let Some(dispatch) = self.arrival_at(s8, operation.at_ms) else { return Vec::new() };
        let is_named =
            |one: &Receptacle| serial.is_none() || one.s9.is_some_and(|s9| Some(s9.serial()) == serial);
        let lists = self.receptacles_of(dispatch, is_named).into_iter().flat_map(|id| self.list_of(id));
        lists.map(ItemName::S10).collect()
    }

    pub(super) fn advise(&mut self, s8: S8, receptacles: &[AdvisedReceptacle], note: &str) {
        let office = s8.series().destination;
        if office != self.config.office.code {
            let names = [s8.to_string(), office.to_string()];
            return self.found(Subject::Station, DISPATCH_ELSEWHERE.finding(names));
        }
        let id = self.arrival(s8).unwrap_or_else(|| self.expect_dispatch(s8));
        let state = self.state.dispatches[&id].state;
        if state != DispatchState::Advised {
            let finding = MATCH_ADVICE_LATE.finding([s8.to_string(), state.as_str().to_owned()]);
            return self.found(Subject::Dispatch(id), finding);
        }
        let named = receptacles.iter().filter(|advised| advised.s9.dispatch == s8);
        let serials: BTreeSet<u32> = named.clone().map(|advised| advised.s9.serial()).collect();
        self.dispatch_event(id, "advised", format!("{} {note}", serials.len()).trim_end().to_owned());
        let is_withdrawn = |receptacle: &Receptacle| {
            receptacle.state == ReceptacleState::Advised
                && receptacle.s9.is_some_and(|s9| !serials.contains(&s9.serial()))
        };
        let is_unnamed = |receptacle: &Receptacle| {
            let is_here = matches!(receptacle.state, ReceptacleState::Arrived | ReceptacleState::Opened);
            let serial = receptacle.s9.map(S9::serial);
            is_here && receptacle.advice.is_some() && serial.is_some_and(|serial| !serials.contains(&serial))
        };
        for here in self.receptacles_of(id, is_unnamed) {
            let name = self.state.receptacles[&here].name();
            self.found(Subject::Receptacle(here), MATCH_WITHDRAWN.finding([name]));
        }
        for withdrawn in self.receptacles_of(id, is_withdrawn) {
            self.receptacle_mut(withdrawn).state = ReceptacleState::Voided;
            self.receptacle_event(withdrawn, "withdrawn", String::new());
        }
        let mut known = self.by_serial(id);
        let mut advised_here = Vec::with_capacity(receptacles.len());
        for advised in named {
            let serial = advised.s9.serial();
            let here = self.advise_receptacle(id, advised, known.get(&serial).copied());
            known.insert(serial, here);
            advised_here.push(here);
        }
        let unopened = self.unopened_by_item();
        for receptacle in advised_here {
            self.tell_listed_elsewhere(receptacle, &unopened);
        }
    }

    /// Returns for each listed item the receptacles with it on their list that have not been opened, in the order of
    /// their ids. One look at all lists serves a whole advice, of which there may be tens of thousands of items.
    fn unopened_by_item(&self) -> HashMap<S10, Vec<ReceptacleId>> {
        let is_closed =
            |one: &&Receptacle| matches!(one.state, ReceptacleState::Advised | ReceptacleState::Arrived);
        let mut unopened: HashMap<S10, Vec<ReceptacleId>> = HashMap::new();
        for receptacle in self.state.receptacles.values().filter(is_closed) {
            for s10 in receptacle.advice.iter().flat_map(|advice| &advice.items) {
                let listing = unopened.entry(*s10).or_default();
                // A list may name an item twice.
                if listing.last() != Some(&receptacle.id) {
                    listing.push(receptacle.id);
                }
            }
        }
        unopened
    }

    /// Notes the items of an advised receptacle's list that cannot come in it: they are here, gone on, or on the list of
    /// another that has not been opened.
    fn tell_listed_elsewhere(&mut self, id: ReceptacleId, unopened: &HashMap<S10, Vec<ReceptacleId>>) {
        if self.state.receptacles[&id].state != ReceptacleState::Advised {
            return;
        }
        let name = self.state.receptacles[&id].name();
        for s10 in self.list_of(id) {
            let other = unopened.get(&s10).and_then(|listing| listing.iter().find(|other| **other != id));
            let other = other.map(|other| self.state.receptacles[other].name());
            let known = self.state.named(&ItemName::S10(s10));
            let elsewhere = || {
                let custody = self.state.items[&known?].custody;
                let is_elsewhere = match custody {
                    Custody::Expected | Custody::Missing | Custody::Voided => false,
                    Custody::Bagged => !self.has_left(known?),
                    _ => true,
                };
                is_elsewhere.then(|| custody.as_str().to_owned())
            };
            if let Some(other) = other.or_else(elsewhere) {
                let finding = MATCH_ITEM_TWICE.finding([s10.to_string(), name.clone(), other]);
                self.found(Subject::Receptacle(id), finding);
            }
        }
    }

    fn advise_receptacle(
        &mut self,
        dispatch: DispatchId,
        advised: &AdvisedReceptacle,
        known: Option<ReceptacleId>,
    ) -> ReceptacleId {
        let id = known.unwrap_or_else(|| self.expect_receptacle(dispatch, advised.s9));
        let class = advised.s9.dispatch.series().subclass.class();
        let density = self.config.class(class).density;
        let receptacle = self.receptacle_mut(id);
        receptacle.advice = Some(advised.advice.clone());
        if matches!(receptacle.state, ReceptacleState::Advised | ReceptacleState::Voided) {
            receptacle.state = ReceptacleState::Advised;
            receptacle.kind = advised.kind;
            receptacle.s9 = Some(advised.s9);
            receptacle.seal.clone_from(&advised.seal);
            let expected = Advice::expected(Some(&advised.advice), &advised.s9);
            receptacle.volume = density.volume_of(expected.unwrap_or_default());
        }
        let weight = advised.advice.gross.map(|gross| format!("{} g", gross.0));
        self.receptacle_event(id, "advised", weight.unwrap_or_default());
        id
    }

    /// Takes a receptacle that has come for this office, whether or not it was advised.
    pub(super) fn arrive_receptacle(&mut self, s9: S9, scale: Grams, seal: Option<&str>, note: &str) {
        let dispatch = self.arrival(s9.dispatch).unwrap_or_else(|| self.expect_dispatch(s9.dispatch));
        let known = self.receptacle_in(dispatch, s9.serial());
        let before = known.map(|id| self.receptacle_mut(id).state);
        if let Some(id) = known
            && matches!(before, Some(ReceptacleState::Arrived | ReceptacleState::Opened))
        {
            let (name, state) = (s9.to_string(), self.receptacle_mut(id).state.as_str());
            return self.out_of_turn(Subject::Receptacle(id), "receive-receptacle", &name, state);
        }
        let id = known.unwrap_or_else(|| self.expect_receptacle(dispatch, s9));
        let (now_ms, class) = (self.now_ms, s9.dispatch.series().subclass.class());
        let volume = self.config.class(class).density.volume_of(scale);
        let receptacle = self.receptacle_mut(id);
        receptacle.state = ReceptacleState::Arrived;
        receptacle.scale = Some(scale);
        receptacle.volume = volume;
        receptacle.closed_ms = Some(now_ms);
        let advised = receptacle.seal.clone();
        if let Some(seal) = seal {
            receptacle.seal = Some(seal.to_owned());
        }
        let advice = receptacle.advice.clone();
        self.receptacle_event(id, "arrived", format!("{} g {note}", scale.0).trim_end().to_owned());
        let is_late = self.state.dispatches[&dispatch].state == DispatchState::Answered;
        if is_late {
            // What was answered is no longer so: the arrival has to be closed again.
            let answered = self.state.dispatches.get_mut(&dispatch).expect("its dispatch is at hand");
            answered.state = DispatchState::Advised;
            self.dispatch_event(dispatch, "reopened", s9.to_string());
            self.found(Subject::Receptacle(id), RECEPTACLE_LATE.finding([s9.to_string()]));
        } else if advice.is_none() || before == Some(ReceptacleState::Voided) {
            self.found(Subject::Receptacle(id), RECEPTACLE_UNADVISED.finding([s9.to_string()]));
        }
        if let Some((advised, found)) =
            advised.as_deref().zip(seal).filter(|(advised, found)| advised != found)
        {
            self.found(Subject::Receptacle(id), SEAL_DIFFERS.finding([advised, found]));
        }
        let expected = Advice::expected(advice.as_ref(), &s9);
        if let Some(expected) =
            expected.filter(|expected| self.config.belt.weighs_otherwise(*expected, scale))
        {
            let weights = [expected.kg().to_string(), scale.kg().to_string()];
            self.found(Subject::Receptacle(id), ADVISED_WEIGHT_DIFFERS.finding(weights));
        }
        for item in self.listed(id) {
            self.arrive_inside(item, s9);
        }
    }

    /// Notes that an item has come in its receptacle, once; its customs case stands as it does.
    fn arrive_inside(&mut self, id: ItemId, s9: S9) {
        let item = &self.state.items[&id];
        if item.custody == Custody::Bagged {
            if !self.has_left(id) {
                return;
            }
            self.come_back(id, Custody::Arrived);
        } else if item.custody == Custody::Expected && item.journey != Journey::Export {
            self.item_mut(id).custody = Custody::Arrived;
        } else {
            return;
        }
        let code = self.arrival_code(id);
        self.item_event(id, code, s9.to_string());
    }

    /// Returns the event of arrival: at the office inward of its destination, or at one on its way.
    pub(super) fn arrival_code(&self, id: ItemId) -> &'static str {
        if self.state.items[&id].journey == Journey::Transit { "EMJ" } else { "EMD" }
    }

    pub(super) fn open_arrived(&mut self, s9: S9, note: &str) {
        let known = self.arrival(s9.dispatch).and_then(|dispatch| self.receptacle_in(dispatch, s9.serial()));
        let Some(id) = known else {
            let names = ["open-receptacle".to_owned(), s9.to_string()];
            return self.found(Subject::Station, RECEPTACLE_UNKNOWN.finding(names));
        };
        let receptacle = self.receptacle_mut(id);
        if receptacle.state != ReceptacleState::Arrived {
            let state = receptacle.state.as_str();
            return self.out_of_turn(Subject::Receptacle(id), "open-receptacle", &s9.to_string(), state);
        }
        receptacle.state = ReceptacleState::Opened;
        self.receptacle_event(id, "opened", note.to_owned());
        for item in self.listed(id) {
            self.arrive_inside(item, s9);
            self.infer(item, s9);
        }
    }

    /// Takes a listed item to be here, until someone has it in hand or the arrival closes; never one with an open hold.
    fn infer(&mut self, id: ItemId, s9: S9) {
        let item = self.item_mut(id);
        if item.custody != Custody::Arrived || (item.is_stopped() && item.journey != Journey::Return) {
            return;
        }
        item.custody = if item.journey == Journey::Return { Custody::Back } else { Custody::Present };
        self.item_event(id, "inferred", s9.to_string());
        self.present(id);
    }

    pub(super) fn close_arrival(&mut self, s8: S8, note: &str) {
        let Some(id) = self.arrival(s8) else {
            let names = ["close-arrival".to_owned(), s8.to_string()];
            return self.found(Subject::Station, DISPATCH_UNKNOWN.finding(names));
        };
        let before = self.state.dispatches[&id].state;
        for missing in self.receptacles_of(id, |one| one.state == ReceptacleState::Advised) {
            let receptacle = self.receptacle_mut(missing);
            receptacle.state = ReceptacleState::Missing;
            let name = receptacle.name();
            self.receptacle_event(missing, "missing", String::new());
            self.found(Subject::Receptacle(missing), RECEPTACLE_MISSING.finding([name]));
        }
        let mut is_new = before == DispatchState::Advised;
        for opened in self.receptacles_of(id, |one| one.state == ReceptacleState::Opened) {
            is_new |= self.miss_unseen(opened);
        }
        if !is_new {
            return self.out_of_turn(
                Subject::Dispatch(id),
                "close-arrival",
                &s8.to_string(),
                before.as_str(),
            );
        }
        let now_ms = self.now_ms;
        let dispatch = self.state.dispatches.get_mut(&id).expect("an arrival that is worked on is at hand");
        dispatch.state = DispatchState::Answered;
        dispatch.closed_ms = Some(now_ms);
        self.dispatch_event(id, "answered", note.to_owned());
        self.changes.due.extend([Due::DispatchResponse(id), Due::VerificationNote(id)]);
    }

    /// Notes the items that an opened receptacle's list names and nobody has had in hand; returns whether there are any.
    fn miss_unseen(&mut self, receptacle: ReceptacleId) -> bool {
        let name = self.receptacle_mut(receptacle).name();
        let mut is_any = false;
        for s10 in self.list_of(receptacle) {
            let known = self.state.named(&ItemName::S10(s10));
            let id = known.unwrap_or_else(|| self.create_row(&ItemName::S10(s10)));
            let item = self.item_mut(id);
            let is_awaited = matches!(item.custody, Custody::Expected | Custody::Arrived);
            let is_unseen = item.journey != Journey::Export && (is_awaited || item.is_inferred());
            if !is_unseen {
                continue;
            }
            item.custody = Custody::Missing;
            self.item_event(id, "missing", name.clone());
            let finding = ITEM_MISSING.finding([s10.to_string(), name.clone()]);
            self.found(Subject::Item(id), finding);
            is_any = true;
        }
        is_any
    }

    /// Returns the items of a receptacle's list that are known, each once.
    fn listed(&self, receptacle: ReceptacleId) -> BTreeSet<ItemId> {
        let list = self.list_of(receptacle);
        list.into_iter().filter_map(|s10| self.state.named(&ItemName::S10(s10))).collect()
    }

    fn list_of(&self, receptacle: ReceptacleId) -> Vec<S10> {
        let advice = self.state.receptacles[&receptacle].advice.as_ref();
        advice.map(|advice| advice.items.clone()).unwrap_or_default()
    }

    /// Returns the dispatch for this office of an identifier, which comes again after ten years.
    fn arrival(&self, s8: S8) -> Option<DispatchId> {
        self.arrival_at(s8, self.now_ms)
    }

    fn arrival_at(&self, s8: S8, at_ms: i64) -> Option<DispatchId> {
        let year = self.year_of(s8, at_ms);
        let is_it = |dispatch: &&Dispatch| dispatch.s8 == s8 && dispatch.year == year;
        self.state.dispatches.values().find(is_it).map(|dispatch| dispatch.id)
    }

    /// Returns the year that the digit in another office's identifier stands for: this one or one of the eight before; or
    /// the next, which has begun there before it begins here.
    fn year_of(&self, s8: S8, at_ms: i64) -> i32 {
        let this = self.config.day(at_ms).year();
        let is_it = |year: &i32| year.rem_euclid(10) == i32::from(s8.year_digit());
        (this.saturating_sub(8)..=this.saturating_add(1)).find(is_it).unwrap_or(this)
    }

    fn expect_dispatch(&mut self, s8: S8) -> DispatchId {
        let id = DispatchId(i64::try_from(self.take_number("dispatch")).expect("dispatches fit an id"));
        let dispatch =
            Dispatch::new(id, s8, self.year_of(s8, self.now_ms), DispatchState::Advised, self.now_ms);
        self.state.dispatches.insert(id, dispatch);
        self.dispatch_event(id, "expected", String::new());
        id
    }

    fn expect_receptacle(&mut self, dispatch: DispatchId, s9: S9) -> ReceptacleId {
        let id = ReceptacleId(i64::try_from(self.take_number(RECEPTACLES)).expect("receptacles fit an id"));
        self.stand.take_key();
        let receptacle = Receptacle::expected(id, dispatch, s9, self.now_ms);
        self.state.receptacles.insert(id, receptacle);
        self.state.dispatches.get_mut(&dispatch).expect("its dispatch is at hand").receptacles += 1;
        self.changes.dispatches.insert(dispatch);
        self.changes.receptacles.insert(id);
        id
    }

    fn receptacle_in(&self, dispatch: DispatchId, serial: u32) -> Option<ReceptacleId> {
        self.by_serial(dispatch).get(&serial).copied()
    }

    /// Returns the receptacles of a dispatch by their serial numbers; of two with one number the first.
    fn by_serial(&self, dispatch: DispatchId) -> BTreeMap<u32, ReceptacleId> {
        let own = self.state.receptacles.values().filter(|one| one.dispatch == Some(dispatch));
        // The first of a number is the last one put in.
        own.rev().filter_map(|one| Some((one.s9?.serial(), one.id))).collect()
    }

    fn receptacles_of(&self, dispatch: DispatchId, is: impl Fn(&Receptacle) -> bool) -> Vec<ReceptacleId> {
        let own = self.state.receptacles.values().filter(|one| one.dispatch == Some(dispatch) && is(one));
        own.map(|receptacle| receptacle.id).collect()
    }
}
