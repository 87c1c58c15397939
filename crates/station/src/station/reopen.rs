//! Opening what is closed: a supervisor or customs opens a receptacle or a container, and what was said of it no longer
//! holds.
//!
//! Before its dispatch closes, a receptacle is opened by a supervisor; afterwards only by an act: then its dispatch is
//! open again until every label holds, and what was advised of it is replaced or cancelled. What has left stays as it is.

use caravan_planning::Stream;
use caravan_postal::{Grams, HighestFlag, Volume};

use super::Station;
use super::belt::key;
use crate::change::{Due, Subject};
use crate::departure::ContainerState;
use crate::item::ItemName;
use crate::opening::Opening;
use crate::operation::ReceptacleName;
use crate::receptacle::{DispatchState, Receptacle, ReceptacleState};
use crate::{ContainerId, DepartureId, DispatchId, ReceptacleId};

/// Why a receptacle stays shut.
pub(super) enum Shut {
    /// It stands where nobody can open it.
    Stands(&'static str),
    /// It could be opened from where it stands, and nobody has said why.
    NoReason(&'static str),
}

impl Station {
    pub(super) fn take_out(&mut self, name: &ItemName, note: &str) {
        let Some(id) = self.known(name, "take-out") else { return };
        let item = &self.state.items[&id];
        let (is_stopped, is_registered, size) = (item.is_stopped(), item.is_registered(), self.size(item));
        let (is_listed, hazards, is_held) = (item.arrival.is_some(), item.hazards(), item.customs.is_hold());
        let Some((receptacle, stream)) = item.receptacle.zip(item.stream) else {
            return self.item_out_of_turn(id, "take-out");
        };
        // Off its stand it is closed; and what customs holds comes out by its act.
        let is_closed =
            self.state.receptacles.get(&receptacle).is_some_and(|one| one.state != ReceptacleState::Open);
        let is_of_customs = is_held && is_closed;
        let (subject, name_of) = (Subject::Item(id), name.to_string());
        match self.may_reopen(receptacle, !note.is_empty()) {
            Ok(()) => {}
            Err(Shut::Stands(state)) => return self.out_of_turn(subject, "take-out", &name_of, state),
            Err(Shut::NoReason(state)) => return self.act_missing(subject, "take-out", &name_of, state),
        }
        let opening = self.before_opening(receptacle, note);
        self.reopen(receptacle, note);
        if is_stopped {
            self.count_stopped(receptacle, false);
        }
        self.stand.take_out(stream, key(receptacle), size);
        let from = self.receptacle_mut(receptacle);
        from.items -= 1;
        from.registered -= u32::from(is_registered);
        from.listed -= u32::from(is_listed);
        from.count_hazards(hazards, -1);
        from.content = from.content - size.weight;
        from.volume = from.volume - size.volume;
        let tag = from.tag();
        self.receptacle_event(receptacle, "taken-out", name.to_string());
        if is_of_customs {
            self.print_opening(Subject::Receptacle(receptacle), Opening { taken: Some(id), ..opening });
        }
        let item = self.item_mut(id);
        item.receptacle = None;
        item.custody = item.custody_here();
        let dispatch = self.state.receptacles[&receptacle].dispatch;
        self.forget_untold(dispatch, id);
        self.item_event(id, "taken-out", format!("{tag} {note}").trim_end().to_owned());
        self.back_to_scale(receptacle, note);
        if self.state.items[&id].is_sent_back_open() {
            self.bag_if_free(id);
        }
    }

    /// Customs opened a receptacle and closed it again: it has another seal and another weight. One of this office gets
    /// another label under the same serial; another office's keeps the one it has, and its origin is told. One that came
    /// in another office's container stays in it, because nobody here loads that.
    pub(super) fn customs_opening(&mut self, name: ReceptacleName, scale: Grams, seal: &str, act: &str) {
        let Some(id) = self.receptacle("customs-opening", &name) else { return };
        if let Err(Shut::Stands(state) | Shut::NoReason(state)) = self.may_be_opened(id) {
            return self.out_of_turn(Subject::Receptacle(id), "customs-opening", &name.to_string(), state);
        }
        let opening = self.before_opening(id, act);
        self.receptacle_event(id, "customs-opened", act.to_owned());
        let opened = Opening { seals_after: vec![seal.to_owned()], weight_after: Some(scale), ..opening };
        self.print_opening(Subject::Receptacle(id), opened);
        let receptacle = self.receptacle_mut(id);
        receptacle.seal = Some(seal.to_owned());
        let (is_through, container) = (receptacle.is_through(), receptacle.container);
        self.receptacle_event(id, "sealed", seal.to_owned());
        if !is_through {
            self.reopen(id, act);
            self.void_label(id);
            return self.weigh(id, scale);
        }
        let came_in = container.filter(|container| self.state.containers[container].is_through);
        if came_in.is_none() {
            self.take_down(id);
        }
        let class = self.stream_of(&self.state.receptacles[&id]).map(Stream::class);
        let volume = class.map(|class| self.config.class(class).density.volume_of(scale));
        let receptacle = self.receptacle_mut(id);
        let before = (receptacle.gross(), receptacle.volume);
        receptacle.scale = Some(scale);
        receptacle.volume = volume.unwrap_or(receptacle.volume);
        let after = (scale, receptacle.volume);
        self.receptacle_event(id, "weighed", format!("{} g", scale.0));
        self.changes.due.push(Due::Verification(id));
        match came_in {
            Some(container) => self.weigh_inside(container, before, after),
            None if container.is_some() => self.load_again(&[id]),
            None => {}
        }
    }

    /// Takes note that a receptacle in another office's opened container weighs and fills otherwise than its papers list
    /// it. Where the label says no weight, what the papers state of the container holds: its part in that is not known.
    fn weigh_inside(&mut self, id: ContainerId, before: (Grams, Volume), after: (Grams, Volume)) {
        let container = self.container_mut(id);
        if before.0 > Grams(0) {
            container.gross = container.gross + after.0 - before.0;
        }
        container.volume = container.volume + after.1 - before.1;
        let is_billed = container.cn37.is_some();
        self.changes.containers.insert(id);
        self.forget_allowed(id);
        if is_billed {
            self.changes.due.push(Due::DeliveryBill(id));
        }
    }

    /// Customs opened a container: its seals are void, and what the carrier signed for is not what it was.
    pub(super) fn open_container(&mut self, number: &str, act: &str) {
        let Some(id) = self.container("open-container", number) else { return };
        let container = self.container_mut(id);
        if container.state != ContainerState::Sealed {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), "open-container", number, state);
        }
        container.state = ContainerState::Loaded;
        let seals = std::mem::take(&mut container.seals);
        container.sealed_ms = None;
        self.container_event(id, "customs-opened", act.to_owned());
        let opening = Opening {
            name: number.to_owned(),
            n: 0,
            at_ms: self.now_ms,
            act: act.to_owned(),
            found_in: None,
            seals_before: seals.clone(),
            seals_after: Vec::new(),
            weight_before: None,
            weight_after: None,
            taken: None,
        };
        self.print_opening(Subject::Container(id), opening);
        self.container_event(id, "seals-void", seals.join(" "));
        self.void_bag_lists(id);
        self.void_signature(id);
    }

    /// Notes that a carrier's signature is for something else than what the container now holds.
    pub(super) fn void_signature(&mut self, id: ContainerId) {
        let container = self.container_mut(id);
        if container.signed_ms.take().is_some() {
            self.container_event(id, "signature-void", String::new());
        }
    }

    /// Returns whether a receptacle may be opened again, or why not: it is here, in no sealed container, and once it is
    /// labelled there is an act or a supervisor's reason.
    pub(super) fn may_reopen(&self, id: ReceptacleId, has_reason: bool) -> Result<(), Shut> {
        use ReceptacleState::{Closed, Departed, Disputed, Loaded, Open, Weighing};
        let here = self.state.receptacles.get(&id).filter(|receptacle| receptacle.is_here());
        let Some(receptacle) = here else { return Err(Shut::Stands(Departed.as_str())) };
        let dispatch = receptacle.dispatch.and_then(|dispatch| self.state.dispatches.get(&dispatch));
        let is_open = dispatch.is_none_or(|dispatch| {
            matches!(dispatch.state, DispatchState::Open | DispatchState::Closed | DispatchState::Reopened)
        });
        let state = receptacle.state.as_str();
        match receptacle.state {
            Open | Weighing | Closed | Disputed if is_open => {}
            Loaded if is_open => self.is_within_reach(receptacle)?,
            _ => return Err(Shut::Stands(state)),
        }
        if receptacle.s9.is_some() && !has_reason { Err(Shut::NoReason(state)) } else { Ok(()) }
    }

    /// Returns whether customs can have opened a receptacle: it was closed, or waits at the scale after it was.
    fn may_be_opened(&self, id: ReceptacleId) -> Result<(), Shut> {
        let receptacle = &self.state.receptacles[&id];
        match receptacle.state {
            ReceptacleState::Received => Ok(()),
            ReceptacleState::Loaded if receptacle.is_through() => self.is_within_reach(receptacle),
            state if receptacle.s9.is_none() => Err(Shut::Stands(state.as_str())),
            _ => self.may_reopen(id, true),
        }
    }

    /// Returns whether a receptacle is in no container, or in one that is not sealed; else where its container stands.
    fn is_within_reach(&self, receptacle: &Receptacle) -> Result<(), Shut> {
        let container = receptacle.container.and_then(|container| self.state.containers.get(&container));
        match container.map(|container| container.state) {
            Some(state @ ContainerState::Sealed) => Err(Shut::Stands(state.as_str())),
            _ => Ok(()),
        }
    }

    /// Takes a receptacle out of its container, and opens its dispatch again if that was closed.
    pub(super) fn reopen(&mut self, id: ReceptacleId, act: &str) {
        self.take_down(id);
        let dispatch = self.receptacle_mut(id).dispatch;
        let Some(dispatch) = dispatch.filter(|id| self.state.dispatches[id].state == DispatchState::Closed)
        else {
            return;
        };
        self.dispatch_mut(dispatch).state = DispatchState::Reopened;
        self.dispatch_event(dispatch, "reopened", act.to_owned());
    }

    /// Takes a receptacle out of the container that it is loaded in, whose bill then says one less.
    fn take_down(&mut self, id: ReceptacleId) {
        let receptacle = self.receptacle_mut(id);
        let Some(container) = receptacle.container.take() else { return };
        receptacle.state =
            if receptacle.is_through() { ReceptacleState::Received } else { ReceptacleState::Closed };
        let (gross, volume, is_stopped) = (receptacle.gross(), receptacle.volume, receptacle.is_stopped());
        let from = self.container_mut(container);
        from.receptacles -= 1;
        from.gross = from.gross - gross;
        from.volume = from.volume - volume;
        from.stopped -= u32::from(is_stopped);
        if from.receptacles == 0 {
            from.state = ContainerState::Announced;
        }
        let (number, is_billed) = (from.number.clone(), from.cn37.is_some() && from.receptacles > 0);
        self.receptacle_event(id, "taken-down", number);
        let name = self.state.receptacles[&id].name();
        self.container_event(container, "taken-down", name);
        self.void_signature(container);
        self.forget_allowed(container);
        if is_billed {
            self.changes.due.push(Due::DeliveryBill(container));
        }
    }

    /// Sends a receptacle from which an item was taken back to the scale, because neither what the scale showed nor the
    /// label holds any longer: same serial, new label. An empty one is put away, and its number, if it has one, is void.
    fn back_to_scale(&mut self, id: ReceptacleId, note: &str) {
        let receptacle = &self.state.receptacles[&id];
        let (before, is_empty) = (receptacle.state, receptacle.items == 0);
        if before == ReceptacleState::Open {
            return;
        }
        if is_empty {
            self.receptacle_mut(id).state = ReceptacleState::Voided;
            self.receptacle_event(id, "voided", note.to_owned());
            return self.leave_out(id);
        }
        if before != ReceptacleState::Weighing {
            self.void_label(id);
            self.changes.due.push(Due::Weighing(id));
        }
    }

    /// Takes a receptacle's label and weight as void. A dispatch that waits for others of its receptacles now waits for
    /// this one too.
    pub(super) fn void_label(&mut self, id: ReceptacleId) {
        let dispatch = self.state.receptacles[&id].dispatch;
        let unsettled = self.state.receptacles.values().filter(|one| one.is_unsettled());
        let closing_for = dispatch.and_then(|dispatch| {
            let mut waited_for = unsettled.filter(|one| self.is_waited_for(one, dispatch));
            waited_for.find_map(|one| one.closing_for.clone())
        });
        let receptacle = self.receptacle_mut(id);
        receptacle.state = ReceptacleState::Weighing;
        receptacle.scale = None;
        if closing_for.is_some() {
            receptacle.closing_for = closing_for;
        }
        self.changes.receptacles.insert(id);
    }

    /// Closes a dispatch again that was closed before, once each of its labels holds: what was advised is replaced. If
    /// nothing of it is left it is cancelled. Where the receptacle with the flag of the highest number is void, the next
    /// one bears it, unless that is out of reach: then it goes with the label that it has.
    pub(super) fn close_again(&mut self, id: DispatchId) {
        let (highest, gone) = (self.highest(id), self.state.dispatches[&id].gone);
        if let Some((s9, last)) = highest.filter(|(s9, _)| s9.serial() > gone)
            && s9.highest != HighestFlag::Yes
            && self.is_within_reach(&self.state.receptacles[&last]).is_ok()
        {
            self.print_label(last, id, s9.serial(), HighestFlag::Yes);
            if let Some(container) = self.state.receptacles[&last].container {
                self.void_signature(container);
                self.changes.due.push(Due::DeliveryBill(container));
            }
        }
        let is_left = highest.is_some() || gone > 0;
        let now_ms = self.now_ms;
        let dispatch = self.dispatch_mut(id);
        dispatch.closed_ms = Some(now_ms);
        let departure = dispatch.departure.clone().unwrap_or_default();
        if !is_left {
            dispatch.state = DispatchState::Cancelled;
            self.dispatch_event(id, "cancelled", departure);
            return self.changes.due.push(Due::DispatchCancelled(id));
        }
        dispatch.state = DispatchState::Closed;
        self.dispatch_event(id, "replaced", departure);
        self.changes.due.push(Due::DispatchReplaced(id));
        let own = self.state.receptacles.values().filter(|receptacle| receptacle.dispatch == Some(id));
        let own: Vec<ReceptacleId> = own.map(|receptacle| receptacle.id).collect();
        self.load_again(&own);
    }

    /// Notes which receptacles of a departure's dispatches were opened again and have no label that holds.
    pub(super) fn note_reopened(&mut self, departure: DepartureId) {
        let key = self.state.departures[&departure].key.as_str();
        let is_late = |receptacle: &&Receptacle| {
            let dispatch = receptacle.dispatch.and_then(|dispatch| self.state.dispatches.get(&dispatch));
            receptacle.is_unsettled()
                && dispatch.is_some_and(|dispatch| {
                    dispatch.state == DispatchState::Reopened && dispatch.departure.as_deref() == Some(key)
                })
        };
        let late = self.state.receptacles.values().filter(is_late);
        let late: Vec<_> = late.map(|receptacle| (receptacle.name(), receptacle.state.as_str())).collect();
        for (name, state) in late {
            self.forget_left_behind(departure, &name);
            self.leave_behind(departure, name, state.to_owned());
        }
    }
}
