//! The open state of a station: what a snapshot holds and commands work on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use caravan_postal::{DispatchSeries, Impc};

use crate::border::Border;
use crate::customs::Filing;
use crate::departure::{Container, Departure};
use crate::item::{Item, ItemName};
use crate::operation::ReceptacleName;
use crate::receptacle::{Dispatch, DispatchState, Receptacle};
use crate::{BorderId, ContainerId, DepartureId, DispatchId, FilingId, ItemId, ReceptacleId};

/// All receptacles, dispatches, containers and departures that have not left, the sequences, and the items at hand.
///
/// Items are admitted as commands need them: of the many that are declared, few are touched at once.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The last number taken of each sequence.
    pub sequences: BTreeMap<String, u64>,
    /// Receptacles that have not left.
    pub receptacles: BTreeMap<ReceptacleId, Receptacle>,
    /// Dispatches that are open, or closed with receptacles that have not left.
    pub dispatches: BTreeMap<DispatchId, Dispatch>,
    /// Containers that have not left.
    pub containers: BTreeMap<ContainerId, Container>,
    /// Departures that have not left.
    pub departures: BTreeMap<DepartureId, Departure>,
    /// Messages to customs that something has still to happen to, and those about containers that have not left.
    pub filings: BTreeMap<FilingId, Filing>,
    /// When the last dispatch for an office left, where its partner sets how often one must.
    pub left: BTreeMap<Impc, i64>,
    /// Borders of which somebody has said something.
    pub borders: BTreeMap<BorderId, Border>,
    /// Items in dispatches whose office asks to be told of them, and has not been.
    pub untold: BTreeSet<(DispatchId, ItemId)>,
    /// The moment up to which the timetable has been turned into departures.
    pub planned_to_ms: Option<i64>,
    pub(crate) items: HashMap<ItemId, Item>,
    pub(crate) names: HashMap<ItemName, ItemId>,
}

impl State {
    /// Admits an item that commands will name.
    pub fn admit(&mut self, item: Item) {
        if !item.name.is_nothing() {
            self.names.insert(item.name.clone(), item.id);
        }
        self.items.insert(item.id, item);
    }

    /// Returns whether an item of this name is at hand.
    pub fn knows(&self, name: &ItemName) -> bool {
        self.names.contains_key(name)
    }

    /// Lets go of all items: before the next commands they are admitted anew, as they then are.
    pub fn dismiss_items(&mut self) {
        self.items.clear();
        self.names.clear();
    }

    /// Returns an item at hand.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(&id)
    }

    /// Returns whether a container of this number is here.
    pub fn has_container(&self, number: &str) -> bool {
        self.container_named(number).is_some()
    }

    /// Returns the item of a name that is at hand.
    pub fn item_named(&self, name: &ItemName) -> Option<&Item> {
        self.named(name).and_then(|id| self.item(id))
    }

    /// Forgets what has left, and dispatches of which nothing is here any more.
    pub(crate) fn forget_departed(&mut self) {
        self.containers.retain(|_, container| container.is_here());
        self.receptacles.retain(|_, receptacle| receptacle.is_here());
        self.departures.retain(|_, departure| departure.is_ahead());
        let containers = &self.containers;
        self.filings.retain(|_, filing| {
            filing.is_pending() || filing.container.is_some_and(|id| containers.contains_key(&id))
        });
        let here: BTreeSet<DispatchId> =
            self.receptacles.values().filter_map(|receptacle| receptacle.dispatch).collect();
        self.dispatches.retain(|id, dispatch| dispatch.is_pending() || here.contains(id));
    }

    pub(crate) fn named(&self, name: &ItemName) -> Option<ItemId> {
        self.names.get(name).copied()
    }

    /// Returns whether a receptacle is here: not gone, and not emptied for good. What is not is the same as forgotten.
    pub(crate) fn is_here(&self, id: ReceptacleId) -> bool {
        self.receptacles.get(&id).is_some_and(Receptacle::is_here)
    }

    pub(crate) fn receptacle_named(&self, name: &ReceptacleName) -> Option<ReceptacleId> {
        let mut here = self.receptacles.values().filter(|receptacle| receptacle.is_here());
        here.find(|receptacle| receptacle.is_named(name)).map(|receptacle| receptacle.id)
    }

    pub(crate) fn container_named(&self, number: &str) -> Option<ContainerId> {
        let is_named = |container: &&Container| container.number == number && container.is_here();
        self.containers.values().find(is_named).map(|container| container.id)
    }

    pub(crate) fn departure_named(&self, key: &str) -> Option<DepartureId> {
        let is_named = |departure: &&Departure| departure.key == key && departure.is_ahead();
        self.departures.values().find(is_named).map(|departure| departure.id)
    }

    pub(crate) fn border_named(&self, name: &str) -> Option<BorderId> {
        self.borders.values().find(|border| border.name == name).map(|border| border.id)
    }

    /// Returns the open dispatch of a series, of which there is one at most.
    pub(crate) fn open_dispatch(&self, series: DispatchSeries) -> Option<DispatchId> {
        let is_open =
            |dispatch: &&Dispatch| dispatch.series == series && dispatch.state == DispatchState::Open;
        self.dispatches.values().find(is_open).map(|dispatch| dispatch.id)
    }

    pub(crate) fn open_dispatches_to(&self, office: Impc) -> Vec<DispatchId> {
        let is_to = |dispatch: &&Dispatch| {
            dispatch.series.destination == office && dispatch.state == DispatchState::Open
        };
        self.dispatches.values().filter(is_to).map(|dispatch| dispatch.id).collect()
    }
}
