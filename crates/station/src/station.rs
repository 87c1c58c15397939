//! The station: state and command and time become events, numbers and what is due.

mod acts;
mod allow;
mod arrive;
mod back;
mod belt;
mod borders;
mod carriage;
mod case;
mod close;
mod confirm;
mod container;
mod conveyance;
mod credible;
mod custody;
mod cut_off;
mod depart;
mod filing;
mod hear;
mod held;
mod inbound;
mod kept;
mod limits;
mod load;
mod locks;
mod may_leave;
mod merge;
mod number;
mod outlook;
mod present;
mod print;
mod recall;
mod reopen;
mod tell;
mod through;
mod timetable;
mod undeclared;
mod underway;
mod untold;
mod vehicles;
mod ways;

pub use credible::CLOCK_TOLERANCE_MS;
pub use hear::event_detail;
pub use kept::Kept;
pub use number::{form_number, form_sequence};
pub use outlook::{LoadOutlook, Outlook, Stays};
pub use print::CONTAINER_TELLING;
pub use tell::{is_told, is_told_back, told_sequences};

use std::collections::BTreeMap;
use std::sync::Arc;

use caravan_planning::{Network, ReceptacleKey, Stand};
use caravan_postal::Finding;

use crate::change::{Changes, Due, Event, Found, Subject};
use crate::config::Config;
use crate::customs::FilingForm;
use crate::departure::DepartureState;
use crate::item::Item;
use crate::operation::{Act, Operation};
use crate::receptacle::ReceptacleState;
use crate::state::State;
use crate::{ContainerId, DepartureId, DispatchId, FilingId, ItemId, ReceptacleId};

/// A station at work: it takes operations and the ticks of its timetable in the order of time, and gathers what they
/// change until the caller takes it away and writes it.
#[derive(Debug)]
pub struct Station {
    config: Arc<Config>,
    state: State,
    stand: Stand,
    /// The network as things are said to be.
    network: Option<Arc<Network>>,
    changes: Changes,
    /// The containers whose gate stands open, each with the departure that was told of it.
    open_gates: BTreeMap<ContainerId, String>,
    /// The report of arrivals that takes lines.
    gathering: Option<FilingId>,
    /// The document of presentation that takes items.
    presenting: Option<FilingId>,
    now_ms: i64,
}

/// What the timetable asks for at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tick {
    /// When.
    pub at_ms: i64,
    /// What.
    pub step: Step,
}

/// The steps of a departure, and of what customs is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The last receptacles come off their stands and the dispatches close.
    CloseDispatches(DepartureId),
    /// The containers are loaded and their delivery bills numbered.
    Load(DepartureId),
    /// What may leave leaves.
    Depart(DepartureId),
    /// The arrivals gathered so far are reported to customs.
    ReportArrivals(FilingId),
    /// The items gathered so far are presented to customs.
    Present(FilingId),
}

impl Station {
    /// Sets a station to work on a snapshot.
    pub fn new(config: Arc<Config>, state: State) -> Self {
        let stand = stand(&config, &state);
        let network = ways::network(&config, &state);
        let open_gates = tell::open_gates(&state);
        let gathering = filing::gathering(&state, FilingForm::Arrival);
        let presenting = filing::gathering(&state, FilingForm::Presentation);
        let changes = Changes::default();
        Self { config, state, stand, network, changes, open_gates, gathering, presenting, now_ms: 0 }
    }

    /// Returns the settings.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// Returns the network as things are said to be; `None` where no route has a way through it.
    pub fn network(&self) -> Option<&Arc<Network>> {
        self.network.as_ref()
    }

    /// Returns the state as the commands so far have left it.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Admits an item that the next operations will name.
    pub fn admit(&mut self, item: Item) {
        self.state.admit(item);
    }

    /// Applies one operation.
    pub fn apply(&mut self, operation: &Operation) {
        self.now_ms = operation.at_ms;
        self.plan_departures();
        let note = operation.note.as_str();
        match &operation.act {
            Act::Scan { item, scale } => self.scan(item, *scale, note),
            Act::Dispose { item, disposition } => self.dispose(item, *disposition, note),
            Act::TakeOut { item } => self.take_out(item, note),
            Act::Redeclare(redeclaration) => self.redeclare(redeclaration),
            Act::Confirm { item, reference } => self.confirm(item, reference, note),
            Act::Reassess { item, answer } => self.reassess(item, answer),
            Act::HandBack { item } => self.hand_back(item, note),
            Act::WeighReceptacle { tag, scale } => self.weigh(ReceptacleId(*tag), *scale),
            Act::SettleReceptacle { tag } => self.settle(ReceptacleId(*tag), note),
            Act::ReceiveReceptacle { s9, scale, seal } => {
                self.receive_receptacle(*s9, *scale, seal.as_deref(), note);
            }
            Act::VoidItem { item } => self.void_item(item, note),
            Act::Announce { container, departure, as_what } => self.announce(container, departure, as_what),
            Act::ReceiveContainer { container, departure, gross, receptacles, seal, consigned } => {
                self.receive_container(container, departure, (*gross, *receptacles), seal, consigned);
            }
            Act::ListReceptacle { s9, kind, container } => {
                self.list_receptacle(*s9, *kind, container, note);
            }
            Act::Allow { container, fault } => self.allow(container, *fault, note),
            Act::Seal { container, seal } => self.seal(container, seal),
            Act::TransferNumber { container, number } => self.transfer_number(container, number),
            Act::Sign { container } => self.sign(container),
            Act::CustomsOpening { receptacle, scale, seal } => {
                self.customs_opening(*receptacle, *scale, seal, note);
            }
            Act::OpenContainer { container } => self.open_container(container, note),
            Act::ReleaseInPart { item, withheld, remains } => {
                self.release_in_part(item, withheld, remains, note);
            }
            Act::Cut { container, departure } => self.cut(container, departure.as_deref(), note),
            Act::Withdraw { container } => self.withdraw(container, note),
            Act::Recall { item } => self.recall(item, note),
            Act::Advise { dispatch, receptacles } => self.advise(*dispatch, receptacles, note),
            Act::OpenReceptacle { s9 } => self.open_arrived(*s9, note),
            Act::CloseArrival { dispatch } => self.close_arrival(*dispatch, note),
            Act::DutyDue { item, amount } => self.duty_due(item, *amount, note),
            Act::Pay { item, receipt } => self.pay(item, receipt, note),
            Act::Forward { item, run } => self.forward(item, run, note),
            Act::Refuse { item } => self.refuse(item, note),
            Act::Hear(heard) => self.hear(heard),
            Act::SettleDispatch { dispatch } => self.settle_dispatch(*dispatch, note),
            Act::ResolveDispatch { dispatch } => self.resolve_dispatch(*dispatch, note),
            Act::ResolveOperation { name } => self.resolve_operation(name),
            Act::ResolveConsignment { consignment } => self.resolve_consignment(consignment, note),
            Act::ResolveItem { item } => self.resolve_item(item, note),
            Act::AnswerList { item, answer } => self.answer_list(item, answer),
            Act::AnswerCase { item, answer } => self.answer_case(item, answer),
            Act::AnswerFiling { filing, attempt, answer } => self.answer_filing(filing, *attempt, answer),
            Act::FileAgain { filing } => self.file_again(filing, note),
            Act::CloseBorder { border, from, until } => self.close_border(border, *from, *until, note),
            Act::OpenBorder { border } => self.open_border(border, note),
            Act::Reroute { container, departure } => self.reroute(container, departure, note),
            Act::Lock { receptacle, container } => self.lock(receptacle, container, note),
            Act::Unlock { receptacle } => self.unlock(receptacle, note),
            Act::LockContainer { container } => self.lock_container(container, true, note),
            Act::UnlockContainer { container } => self.lock_container(container, false, note),
            Act::Merge { from, into } => self.merge(from, into, note),
            Act::WithCustoms { item } => self.with_customs(item, note),
            Act::Lose { item } => self.lose(item, note),
            Act::Destroy { item } => self.destroy(item, note),
            Act::DamageReport { item } => self.damage_report(item, note),
            Act::Conveyance { departure, number } => self.conveyance(departure, number, note),
            Act::Vehicle { container, vehicle } => self.vehicle(container, vehicle, note),
        }
    }

    /// Returns the next thing that the timetable asks for, once departures are planned up to `now_ms`.
    pub fn next_tick(&mut self, now_ms: i64) -> Option<Tick> {
        self.now_ms = now_ms;
        self.plan_again();
        self.plan_departures();
        let ticks = self.state.departures.values().filter_map(|departure| {
            let (at_ms, step) = match departure.state {
                DepartureState::Planned => (departure.dispatch_close_ms, Step::CloseDispatches(departure.id)),
                DepartureState::Closing => (departure.seal_ms, Step::Load(departure.id)),
                DepartureState::Loading => (departure.departs_ms, Step::Depart(departure.id)),
                DepartureState::Departed | DepartureState::Missed => return None,
            };
            Some(Tick { at_ms, step })
        });
        ticks.chain(self.report_tick()).chain(self.presentation_tick()).min()
    }

    /// Does what the timetable asks for: a tick that [`next_tick`](Self::next_tick) has just returned.
    pub fn tick(&mut self, tick: Tick) {
        self.now_ms = tick.at_ms;
        match tick.step {
            Step::CloseDispatches(departure) => self.close_dispatches(departure),
            Step::Load(departure) => self.load(departure),
            Step::Depart(departure) => self.depart(departure),
            Step::ReportArrivals(filing) | Step::Present(filing) => self.file(filing),
        }
    }

    /// Lets go of the items at hand; the next operations admit them anew. Nothing may be waiting to be written.
    pub fn forget_items(&mut self) {
        assert!(self.changes.items.is_empty(), "items that have changed are written before they are let go");
        self.state.dismiss_items();
    }

    /// Returns what has become due since the changes were last taken, from `seen` on.
    pub fn due_since(&self, seen: usize) -> &[Due] {
        &self.changes.due[seen..]
    }

    /// Returns the moment of the last operation or tick.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Notes what was found about a subject outside of the station, as of its last operation or tick.
    pub fn find(&mut self, subject: Subject, finding: Finding) {
        self.found(subject, finding);
    }

    /// Returns what has changed since it was last settled.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Forgets the changes, which are now written, and with them all that has left. Items stay at hand for the next
    /// operations, up to a bound: only the holder of the lease changes them, and it does so here.
    pub fn settle_changes(&mut self) {
        self.changes = Changes::default();
        self.state.forget_departed();
        if self.state.items.len() > ITEMS {
            self.state.dismiss_items();
        }
    }

    /// Takes the next number of a sequence; it is written with the changes.
    pub fn take_number(&mut self, sequence: &str) -> u64 {
        let last = self.state.sequences.entry(sequence.to_owned()).or_default();
        *last += 1;
        let number = *last;
        self.changes.sequences.insert(sequence.to_owned());
        number
    }

    fn found(&mut self, subject: Subject, finding: Finding) {
        self.changes.findings.push(Found { subject, at_ms: self.now_ms, finding });
    }

    fn item_event(&mut self, id: ItemId, code: &'static str, detail: String) {
        let n = self.append_of_item(id, code, detail);
        self.tell_of_item(id, n, code);
    }

    /// Appends an event to an item and returns its number.
    fn append_of_item(&mut self, id: ItemId, code: &'static str, detail: String) -> u32 {
        let item = self.state.items.get_mut(&id).expect("an item with an event is at hand");
        item.events += 1;
        let n = item.events;
        self.changes.items.insert(id);
        self.append(Subject::Item(id), n, code, detail);
        n
    }

    fn receptacle_event(&mut self, id: ReceptacleId, code: &'static str, detail: String) {
        let receptacle = self.state.receptacles.get_mut(&id).expect("a receptacle with an event is here");
        receptacle.events += 1;
        let n = receptacle.events;
        self.changes.receptacles.insert(id);
        self.append(Subject::Receptacle(id), n, code, detail);
    }

    fn dispatch_event(&mut self, id: DispatchId, code: &'static str, detail: String) {
        let dispatch = self.state.dispatches.get_mut(&id).expect("a dispatch with an event is here");
        dispatch.events += 1;
        let n = dispatch.events;
        self.changes.dispatches.insert(id);
        self.append(Subject::Dispatch(id), n, code, detail);
    }

    fn container_event(&mut self, id: ContainerId, code: &'static str, detail: String) {
        let container = self.state.containers.get_mut(&id).expect("a container with an event is here");
        container.events += 1;
        let n = container.events;
        self.changes.containers.insert(id);
        self.append(Subject::Container(id), n, code, detail);
        self.tell_of_container(id, code);
        self.bill_of_container(id, code);
        self.print_of_container(id, code);
    }

    fn departure_event(&mut self, id: DepartureId, code: &'static str, detail: String) {
        let departure = self.state.departures.get_mut(&id).expect("a departure with an event is here");
        departure.events += 1;
        let n = departure.events;
        self.changes.departures.insert(id);
        self.append(Subject::Departure(id), n, code, detail);
    }

    fn filing_event(&mut self, id: FilingId, code: &'static str, detail: String) {
        let filing = self.state.filings.get_mut(&id).expect("a filing with an event is at hand");
        filing.events += 1;
        let n = filing.events;
        self.changes.filings.insert(id);
        self.append(Subject::Filing(id), n, code, detail);
    }

    fn append(&mut self, subject: Subject, n: u32, code: &'static str, detail: String) {
        self.changes.events.push(Event { subject, n, at_ms: self.now_ms, code, detail });
    }
}

/// How many items stay at hand between commits: some days of a busy station, a few tens of megabytes.
const ITEMS: usize = 100_000;

/// The sequence of the tags of receptacles.
pub(crate) const RECEPTACLES: &str = "receptacle";

/// Returns the stand with the receptacles that are open.
fn stand(config: &Config, state: &State) -> Stand {
    let next = state.sequences.get(RECEPTACLES).copied().unwrap_or_default() + 1;
    let open = state.receptacles.values().filter(|receptacle| receptacle.state == ReceptacleState::Open);
    Stand::restore(config.stand_rules(), ReceptacleKey(next), open.filter_map(belt::on_stand))
}

fn unsigned(id: i64) -> u64 {
    u64::try_from(id).expect("numbers are taken from 1 up")
}
