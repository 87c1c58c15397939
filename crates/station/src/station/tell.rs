//! Telling: what partners and carriers hear of beside the papers, when they ask for it.
//!
//! At its close, a dispatch takes the declarations of its items (ITMATT), the pre-advice and all events so far (EMSEVT)
//! with it. What happens to an item after that, also while its dispatch is open again, is told when it happens, that it left with all the others of its
//! departure. A consignment is told (PRECON, CARDIT) at the moment at which the gate would let its container out: seal,
//! CN 37, transfer number and signature are there and nothing in it is held. Where that comes and goes, it is told
//! again, in place of what was said before.

use std::collections::BTreeSet;

use caravan_edi::emsevt::{EventKind, Side};
use caravan_edi::profile::Known;
use caravan_postal::Impc;

use super::Station;
use crate::change::Due;
use crate::departure::{Container, ContainerState};
use crate::receptacle::{Dispatch, DispatchState};
use crate::state::State;
use crate::{ContainerId, DepartureId, ItemId};

/// Returns the containers whose gate stands open: what would be told of them has been told.
pub(super) fn open_gates(state: &State) -> BTreeSet<ContainerId> {
    let open = state.containers.values().filter(|container| container.gate().is_empty());
    open.map(|container| container.id).collect()
}

/// Returns whether an event is one that this side tells.
pub fn is_told(code: &str) -> bool {
    EventKind::parse(code).is_some_and(|kind| kind.side() != Side::Destination)
}

impl Station {
    fn wants(&self, office: Impc, message: Known) -> bool {
        self.config.partner(office).is_some_and(|partner| partner.exchange.wants(message))
    }

    /// Lets an event of an item be told by itself, when its dispatch is closed.
    pub(super) fn tell_of_item(&mut self, id: ItemId, n: u32, code: &str) {
        let state = &self.state;
        let Some(at) = state.items[&id].receptacle else { return };
        let message = match code {
            "redeclared" => Known::Itmatt,
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

    /// Lets a consignment be told when the gate of its container opens.
    pub(super) fn tell_of_container(&mut self, id: ContainerId) {
        let container = &self.state.containers[&id];
        if container.state == ContainerState::Departed {
            return;
        }
        if !container.gate().is_empty() {
            self.open_gates.remove(&id);
        } else if self.open_gates.insert(id) && self.is_consignment_told(&self.state.containers[&id]) {
            self.changes.due.push(Due::Consignment(id));
        }
    }

    fn is_consignment_told(&self, container: &Container) -> bool {
        // What is in another office's sealed container is told by that office.
        if container.is_through {
            return false;
        }
        let route = container.departure.split_once('/').and_then(|(route, _)| self.config.route(route));
        let end = route.and_then(|route| route.offices.last().copied());
        end.is_some_and(|end| self.wants(end, Known::Precon) || self.wants(end, Known::Cardit))
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
