//! Telling: what partners and carriers hear of beside the papers, when they ask for it.
//!
//! At its close, a dispatch takes the declarations of its items (ITMATT), the pre-advice and all events so far (EMSEVT)
//! with it. What happens to an item after that, also while its dispatch is open again, is told when it happens, that it
//! left with all the others of its departure. What happens here to an item from abroad is told to its post of origin as it
//! happens. A consignment is told (PRECON, CARDIT) at the moment at which the gate would let its container out: seal,
//! CN 37, transfer number and signature are there and nothing in it is held. Where that comes and goes, it is told
//! again, in place of what was said before; and so it is when the container is cut from its train, goes another way or
//! misses its departure: the container stays as it is, and only what carries it and the times change. Whoever was told
//! and has no more to do with it is told that it does not come.

use std::collections::{BTreeMap, BTreeSet};

use caravan_edi::emsevt::{EventKind, Side};
use caravan_edi::profile::Known;
use caravan_postal::Impc;

use super::Station;
use crate::change::Due;
use crate::departure::{Container, ContainerState};
use crate::receptacle::{Dispatch, DispatchState, Receptacle};
use crate::state::State;
use crate::{ContainerId, DepartureId, DispatchId, ItemId};

/// Returns the containers whose gate stands open, with their departures: what would be told of them has been told.
pub(super) fn open_gates(state: &State) -> BTreeMap<ContainerId, String> {
    let open = state.containers.values().filter(|container| container.gate().is_empty());
    open.map(|container| (container.id, container.departure.clone())).collect()
}

/// Returns the name of the sequence that counts how often a message about a consignment was begun with a recipient, and of
/// the one that counts how often it was taken back.
pub fn told_sequences(message: &str, cn37: &str, recipient: &str) -> (String, String) {
    (format!("told/{message}/{cn37}/{recipient}"), format!("untold/{message}/{cn37}/{recipient}"))
}

/// Returns whether an event is one that the office of destination is told of.
pub fn is_told(code: &str) -> bool {
    EventKind::parse(code).is_some_and(|kind| kind.side() != Side::Destination)
}

/// Returns whether an event is one that an item's post of origin is told of: it has come to another office.
pub fn is_told_back(code: &str) -> bool {
    EventKind::parse(code).is_some_and(|kind| match kind.side() {
        Side::Origin => false,
        // That it goes on is told where it goes.
        Side::Transit => kind == EventKind::TransitArrival,
        Side::Destination => true,
    })
}

impl Station {
    fn wants(&self, office: Impc, message: Known) -> bool {
        self.config.partner(office).is_some_and(|partner| partner.exchange.wants(message))
    }

    /// Lets an event of an item be told by itself: to its post of origin, when it comes from there; else when its
    /// dispatch is closed.
    pub(super) fn tell_of_item(&mut self, id: ItemId, n: u32, code: &str) {
        if is_told_back(code) {
            let origin = self.state.items[&id].origin.and_then(|origin| self.config.partner_for(origin));
            if origin.is_some_and(|origin| origin.exchange.wants(Known::Emsevt)) {
                self.changes.due.push(Due::ItemEvent(id, n));
            }
            return;
        }
        let state = &self.state;
        let Some(at) = state.items[&id].receptacle else { return };
        let message = match code {
            // What its sender does not stand for is told to nobody.
            "redeclared" | "confirmed" if state.items[&id].confirmed.is_some() => return,
            "redeclared" | "confirmed" => Known::Itmatt,
            code if is_told(code) => Known::Emsevt,
            _ => return,
        };
        let receptacle = state.receptacles.get(&at);
        let dispatch = receptacle.and_then(|receptacle| state.dispatches.get(&receptacle.dispatch?));
        let was_closed =
            |found: &&Dispatch| matches!(found.state, DispatchState::Closed | DispatchState::Reopened);
        let Some(dispatch) = dispatch.filter(was_closed) else { return };
        if !self.wants(dispatch.series.destination, message) {
            return;
        }
        self.changes.due.push(match message {
            Known::Itmatt => Due::Redeclared(id),
            _ => Due::ItemEvent(id, n),
        });
    }

    /// Lets a consignment be told when the gate of its container opens, and again when it goes by another departure than was
    /// told; that a container does not go at all, where something was told of it.
    pub(super) fn tell_of_container(&mut self, id: ContainerId, code: &str) {
        let container = &self.state.containers[&id];
        if container.state == ContainerState::Departed {
            return;
        }
        let is_told = self.is_consignment_told(container);
        let departure = container.departure.clone();
        if container.state == ContainerState::Withdrawn {
            if code == "withdrawn" && self.was_told(&self.state.containers[&id]) {
                self.changes.due.push(Due::Consignment(id));
            }
        } else if !container.gate().is_empty() {
            self.open_gates.remove(&id);
        } else if self.open_gates.insert(id, departure.clone()) != Some(departure) && is_told {
            self.changes.due.push(Due::Consignment(id));
        }
        if matches!(code, "cut" | "rerouted" | "moved-on") {
            self.tell_of_dispatches_in(id);
        }
    }

    /// Lets a consignment be told again whose gate stands open: what carries it was said, or is another.
    pub(super) fn tell_consignment_again(&mut self, id: ContainerId) {
        if self.open_gates.contains_key(&id) && self.is_consignment_told(&self.state.containers[&id]) {
            self.changes.due.push(Due::Consignment(id));
        }
    }

    /// Lets the dispatches be told again of which all that is loaded goes by another departure than was advised: what leaves
    /// in part as it was advised has no one departure that could be told.
    fn tell_of_dispatches_in(&mut self, id: ContainerId) {
        let key = self.state.containers[&id].departure.clone();
        let is_inside = |one: &&Receptacle| one.container == Some(id);
        let inside = self.state.receptacles.values().filter(is_inside).filter_map(|one| one.dispatch);
        let dispatches: BTreeSet<DispatchId> = inside.collect();
        for id in dispatches {
            let Some(dispatch) = self.state.dispatches.get(&id) else { continue };
            // What stayed behind goes with neither.
            let mut loaded = self.state.receptacles.values().filter(|one| one.dispatch == Some(id));
            let is_whole = loaded.all(|one| {
                let container = one.container.and_then(|container| self.state.containers.get(&container));
                container.is_none_or(|container| container.departure == key)
            });
            let is_news = dispatch.departure.as_ref() != Some(&key) && dispatch.gone == 0;
            if !is_whole || !is_news || dispatch.state != DispatchState::Closed {
                continue;
            }
            let destination = dispatch.series.destination;
            self.dispatch_mut(id).departure = Some(key.clone());
            self.dispatch_event(id, "replanned", key.clone());
            if self.wants(destination, Known::Predes) {
                self.changes.due.push(Due::DispatchReplanned(id));
            }
        }
    }

    fn is_consignment_told(&self, container: &Container) -> bool {
        // What is in another office's sealed container is told by that office.
        if container.is_through {
            return false;
        }
        let end = self.config.route_of(&container.departure).and_then(crate::config::Route::end);
        self.was_told(container)
            || end.is_some_and(|end| self.wants(end, Known::Precon) || self.wants(end, Known::Cardit))
    }

    /// Returns whether anybody was told of a consignment.
    fn was_told(&self, container: &Container) -> bool {
        let Some(cn37) = &container.cn37 else { return false };
        ["PRECON", "CARDIT"].iter().any(|message| {
            let (prefix, _) = told_sequences(message, cn37, "");
            let from = self.state.sequences.range(prefix.clone()..).next();
            from.is_some_and(|(name, _)| name.starts_with(&prefix))
        })
    }

    /// Lets it be told which items have left on a departure.
    pub(super) fn tell_of_departure(&mut self, id: DepartureId) {
        let route = self.config.route(&self.state.departures[&id].route);
        let mut offices = route.into_iter().flat_map(|route| &route.offices);
        if offices.any(|office| self.wants(*office, Known::Emsevt)) {
            self.changes.due.push(Due::Departed(id));
        }
    }
}
