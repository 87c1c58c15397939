//! A station at work in a test: what it does is recorded before it is forgotten, and a scripted scale answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use caravan_postal::Grams;
use caravan_station::operation::{moment, read_table};
use caravan_station::{
    Act, Border, BorderId, CameBack, Config, Container, ContainerId, Departure, DepartureId, DepartureState,
    Dispatch, DispatchId, Due, Event, Filing, FilingId, Found, Item, ItemId, ItemName, Operation, Receptacle,
    ReceptacleId, Said, State, Station, Tick,
};

use crate::{hearing, story};

/// What happens between two steps; none of it may change what the station does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    /// Nothing: all changes are kept to the end.
    Nothing,
    /// The changes are written and forgotten.
    Settle,
    /// They are, and another process goes on from what is kept.
    Restart,
}

/// Everything that a station ever had and did, as it was last.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Record {
    pub(crate) items: BTreeMap<ItemId, Item>,
    pub(crate) receptacles: BTreeMap<ReceptacleId, Receptacle>,
    pub(crate) dispatches: BTreeMap<DispatchId, Dispatch>,
    pub(crate) containers: BTreeMap<ContainerId, Container>,
    pub(crate) departures: BTreeMap<DepartureId, Departure>,
    pub(crate) filings: BTreeMap<FilingId, Filing>,
    pub(crate) left: BTreeMap<caravan_postal::Impc, i64>,
    pub(crate) borders: BTreeMap<BorderId, Border>,
    pub(crate) sequences: BTreeMap<String, u64>,
    pub(crate) events: Vec<Event>,
    pub(crate) findings: Vec<Found>,
    pub(crate) due: Vec<Due>,
    pub(crate) came_back: Vec<CameBack>,
}

/// A station at work.
pub(crate) struct Life {
    pub(crate) station: Station,
    pub(crate) record: Record,
    config: Arc<Config>,
    /// What the scale shows beside items and tare, by receptacle; `None` where a person weighs.
    pub(crate) scale: BTreeMap<ReceptacleId, Option<i64>>,
    /// What happens after each thing that the timetable asks for.
    pub(crate) after_ticks: Between,
    now_ms: i64,
}

impl Life {
    pub(crate) fn new(config: Arc<Config>, state: State, now_ms: i64) -> Self {
        let station = Station::new(config.clone(), state);
        let (record, scale) = (Record::default(), BTreeMap::new());
        Self { station, record, config, scale, after_ticks: Between::Nothing, now_ms }
    }

    /// Lives through operations about some items, as stories write both, up to a moment.
    pub(crate) fn through(config: Arc<Config>, items: &[&str], operations: &str, at: &str) -> Self {
        let table = format!("at,operation,subject,value,departure,seal,note\n{operations}");
        let (operations, findings) = read_table(table.as_bytes(), &config);
        assert_eq!(findings, []);
        let operations: Vec<Operation> = operations.into_iter().map(|(_, operation)| operation).collect();
        let at_ms = moment(at, &config).unwrap();
        let mut life = Self::new(config, State::default(), operations[0].at_ms);
        for (line, ordinal) in items.iter().zip(1..) {
            life.admit(story::item(line, ordinal));
        }
        for operation in &operations {
            life.wait(operation.at_ms);
            life.apply(operation);
        }
        life.tick_to(at_ms);
        life
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    pub(crate) fn admit(&mut self, item: Item) {
        self.record.items.insert(item.id, item.clone());
        self.station.admit(item);
    }

    /// Lets the clock come to a moment, with what the timetable asks for before it.
    pub(crate) fn wait(&mut self, at_ms: i64) {
        self.ticks(|tick| tick.at_ms < at_ms);
        self.now_ms = self.now_ms.max(at_ms);
    }

    /// Does what the timetable asks for up to a moment.
    pub(crate) fn tick_to(&mut self, at_ms: i64) {
        self.ticks(|tick| tick.at_ms <= at_ms);
        self.now_ms = self.now_ms.max(at_ms);
    }

    fn ticks(&mut self, is_asked: impl Fn(&Tick) -> bool) {
        while let Some(tick) = self.station.next_tick(self.now_ms).filter(&is_asked) {
            self.now_ms = self.now_ms.max(tick.at_ms);
            for receptacle in self.station.poured_out_at(&tick) {
                self.admit_inside(receptacle);
            }
            self.admit_waiting(&tick);
            let seen = self.station.changes().due.len();
            self.station.tick(tick);
            self.weigh(seen, tick.at_ms);
            self.between(self.after_ticks);
        }
    }

    /// Applies an operation.
    pub(crate) fn apply(&mut self, operation: &Operation) {
        hearing::admit(&mut self.station, &self.record, &operation.act);
        let seen = self.station.changes().due.len();
        self.admit_arrival(&operation.act);
        self.admit_items(operation);
        if let Some(since_ms) = self.station.under_way_since(operation) {
            let gone = self.record.departures.values();
            let gone = gone.filter(|one| one.state == DepartureState::Departed && one.departs_ms >= since_ms);
            self.station.admit_departures(gone.cloned().collect());
        }
        self.admit_container(&operation.act);
        self.station.apply(operation);
        self.weigh(seen, operation.at_ms);
    }

    /// Admits what is recorded of the items that an operation is about, as the flow would.
    fn admit_items(&mut self, operation: &Operation) {
        let mut names: Vec<ItemName> = operation.act.item().cloned().into_iter().collect();
        names.extend(self.station.listed_by(operation));
        if let Act::Hear(heard) = &operation.act
            && let Said::Events(report) = &heard.said
        {
            names.extend(report.events.iter().map(|event| ItemName::S10(event.item)));
        }
        names.retain(|name| !name.is_nothing() && !self.station.state().knows(name));
        let redeclared = match &operation.act {
            Act::Redeclare(new) if self.station.state().item(new.item.id).is_none() => Some(new.item.id),
            _ => None,
        };
        let is_about = |item: &&Item| names.contains(&item.name) || Some(item.id) == redeclared;
        let known = self.record.items.values().filter(is_about);
        for item in known.cloned().collect::<Vec<_>>() {
            self.station.admit(item);
        }
        if let Some(receptacle) = self.station.poured_out_by(operation) {
            self.admit_inside(receptacle);
        }
    }

    fn admit_inside(&mut self, receptacle: ReceptacleId) {
        let inside = self.record.items.values().filter(|item| item.receptacle == Some(receptacle));
        for item in inside.cloned().collect::<Vec<_>>() {
            if self.station.state().item(item.id).is_none() {
                self.station.admit(item);
            }
        }
    }

    /// Admits what is recorded of the items for the offices whose waiting items a step bags, as the store would.
    fn admit_waiting(&mut self, tick: &Tick) {
        let offices = self.station.bagged_at(tick);
        let is_for = |item: &&Item| item.stream.is_some_and(|stream| offices.contains(&stream.destination));
        for item in self.record.items.values().filter(is_for).cloned().collect::<Vec<_>>() {
            if self.station.state().item(item.id).is_none() {
                self.station.admit(item);
            }
        }
    }

    /// Admits the last container of a number that an act names and that is not here, as the store would.
    fn admit_container(&mut self, act: &Act) {
        let Some(number) = act.container().filter(|number| !self.station.state().has_container(number))
        else {
            return;
        };
        let last = self.record.containers.values().rev().find(|container| container.number == number);
        if let Some(last) = last.cloned() {
            self.station.admit_container(last, Vec::new());
        }
    }

    /// Admits what is recorded of the dispatch for this office that an act names, as the store would.
    fn admit_arrival(&mut self, act: &Act) {
        let Some(s8) = act.arrival(self.config.office.code) else { return };
        let known = self.record.dispatches.values().filter(|dispatch| dispatch.s8 == s8);
        for dispatch in known.cloned().collect::<Vec<_>>() {
            let own = self.record.receptacles.values().filter(|one| one.dispatch == Some(dispatch.id));
            let own = own.cloned().collect();
            self.station.admit_arrival(dispatch, own);
        }
    }

    fn weigh(&mut self, mut seen: usize, at_ms: i64) {
        while let Some(due) = self.station.due_since(seen).first().copied() {
            seen += 1;
            let Due::Weighing(id) = due else { continue };
            let waiting = self.station.state().receptacles.get(&id).filter(|found| found.is_weighing());
            let Some(receptacle) = waiting else { continue };
            let Some(excess) = self.scale.get(&id).copied().unwrap_or(Some(0)) else { continue };
            let scale = Grams((receptacle.content + receptacle.tare).0.saturating_add_signed(excess));
            let act = Act::WeighReceptacle { tag: id.0, scale };
            self.station.apply(&Operation { at_ms, act, note: String::new() });
        }
    }

    /// Records what has changed; whatever is in the changes must be in the state, or could not be written.
    fn note(&mut self) {
        let (state, changes) = (self.station.state(), self.station.changes());
        let record = &mut self.record;
        record.items.extend(changes.items.iter().map(|id| (*id, state.item(*id).unwrap().clone())));
        record.receptacles.extend(changes.receptacles.iter().map(|id| (*id, state.receptacles[id].clone())));
        record.dispatches.extend(changes.dispatches.iter().map(|id| (*id, state.dispatches[id].clone())));
        record.containers.extend(changes.containers.iter().map(|id| (*id, state.containers[id].clone())));
        record.departures.extend(changes.departures.iter().map(|id| (*id, state.departures[id].clone())));
        record.filings.extend(changes.filings.iter().map(|id| (*id, state.filings[id].clone())));
        record.left.extend(changes.left.iter().map(|office| (*office, state.left[office])));
        record.borders.extend(changes.borders.iter().map(|id| (*id, state.borders[id].clone())));
        record.sequences.extend(changes.sequences.iter().map(|name| (name.clone(), state.sequences[name])));
    }

    /// Lets the changes be written, and what comes after that.
    pub(crate) fn between(&mut self, between: Between) {
        if between == Between::Nothing {
            return;
        }
        self.note();
        self.gather();
        self.station.settle_changes();
        if between == Between::Restart {
            let mut state = self.station.state().clone();
            // Of the items another process has none at hand.
            state.dismiss_items();
            self.station = Station::new(self.config.clone(), state);
        }
    }

    fn gather(&mut self) {
        let changes = self.station.changes();
        self.record.events.extend(changes.events.iter().cloned());
        self.record.findings.extend(changes.findings.iter().cloned());
        self.record.due.extend(changes.due.iter().copied());
        self.record.came_back.extend(changes.came_back.iter().copied());
    }

    /// Ends the life and returns the record of it.
    pub(crate) fn end(mut self) -> Record {
        self.note();
        self.gather();
        self.record
    }
}
