//! What a command changed: rows to write, events to append, documents and messages that have become due.

use std::collections::{BTreeMap, BTreeSet};

use caravan_postal::{Finding, Impc};

use crate::advice::CameBack;
use crate::opening::Opening;
use crate::{BorderId, ContainerId, DepartureId, DispatchId, FilingId, ItemId, ReceptacleId};

/// Everything that one or more commands changed, to be written in one transaction.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Items to write.
    pub items: BTreeSet<ItemId>,
    /// Items that a scan created; also in `items`.
    pub created: BTreeSet<ItemId>,
    /// Receptacles to write.
    pub receptacles: BTreeSet<ReceptacleId>,
    /// Dispatches to write.
    pub dispatches: BTreeSet<DispatchId>,
    /// Containers to write.
    pub containers: BTreeSet<ContainerId>,
    /// Departures to write.
    pub departures: BTreeSet<DepartureId>,
    /// Messages to customs to write.
    pub filings: BTreeSet<FilingId>,
    /// Offices for which the last dispatch left now.
    pub left: BTreeSet<Impc>,
    /// Borders to write.
    pub borders: BTreeSet<BorderId>,
    /// Items in dispatches of which the office was found untold, or is told now.
    pub untold: BTreeSet<(DispatchId, ItemId)>,
    /// Sequences to write.
    pub sequences: BTreeSet<String>,
    /// Events to append, in the order in which they happened.
    pub events: Vec<Event>,
    /// Findings to keep, in the order in which they were made.
    pub findings: Vec<Found>,
    /// What has become due, in order.
    pub due: Vec<Due>,
    /// What a person has said to be settled, by its name, and when.
    pub resolved: BTreeMap<String, i64>,
    /// Items that had left and are here again.
    pub came_back: Vec<CameBack>,
    /// What customs opened last, where acts of it are printed.
    pub openings: BTreeMap<Subject, Opening>,
}

/// One thing that happened to one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What it happened to.
    pub subject: Subject,
    /// Which of its events this is, from 1.
    pub n: u32,
    /// When.
    pub at_ms: i64,
    /// What: the UPU's event code where there is one (`EMB`), else a word of the station.
    pub code: &'static str,
    /// What the code leaves open: a weight, a receptacle's tag, an act number.
    pub detail: String,
}

/// What events and findings are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An item.
    Item(ItemId),
    /// A receptacle.
    Receptacle(ReceptacleId),
    /// A dispatch.
    Dispatch(DispatchId),
    /// A container.
    Container(ContainerId),
    /// A departure.
    Departure(DepartureId),
    /// A message to customs.
    Filing(FilingId),
    /// A border.
    Border(BorderId),
    /// The station itself: an operation that names nothing it knows.
    Station,
}

/// A finding of the station about a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is about.
    pub subject: Subject,
    /// When it was found.
    pub at_ms: i64,
    /// The finding.
    pub finding: Finding,
}

/// A document or message that has become due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// A receptacle left its stand and must be weighed.
    Weighing(ReceptacleId),
    /// A label for a closed receptacle; one printed before is void.
    Label(ReceptacleId),
    /// Bill, manifest and pre-advice of a closed dispatch.
    DispatchPapers(DispatchId),
    /// The delivery bill CN 37 of a loaded container.
    DeliveryBill(ContainerId),
    /// The manifest of a container that has left.
    ContainerManifest(ContainerId),
    /// Bill, manifest and pre-advice of a dispatch that was closed before, in place of those that went.
    DispatchReplaced(DispatchId),
    /// The cancellation of the pre-advice of a dispatch of which nothing is left.
    DispatchCancelled(DispatchId),
    /// The draft of a verification note about another office's receptacle that customs opened.
    Verification(ReceptacleId),
    /// The draft of the act about pieces that customs kept of an item.
    InspectionAct(ItemId),
    /// The answer RESDES to the office that made up a dispatch for this one.
    DispatchResponse(DispatchId),
    /// The draft of a verification note about such a dispatch.
    VerificationNote(DispatchId),
    /// The list of the inland run that an item was forwarded on.
    InlandList(ItemId),

    // Messages, where a partner asks for them.
    /// ITMATT of an item whose declaration has changed after its dispatch closed.
    Redeclared(ItemId),
    /// EMSEVT of one event of an item, by its number, after its dispatch closed.
    ItemEvent(ItemId, u32),
    /// PRECON and CARDIT of a container whose gate has opened.
    Consignment(ContainerId),
    /// EMSEVT of the items that have left on a departure.
    Departed(DepartureId),
    /// The draft of a verification note about a dispatch of this office, after an answer that differs.
    Claim(DispatchId),
    /// A message to customs.
    CustomsMessage(FilingId),
    /// PREDES again of a closed dispatch that goes by another departure than it was advised with.
    DispatchReplanned(DispatchId),

    // Papers, where the station prints them.
    /// The report of damage to an item.
    DamageReport(ItemId),
    /// The act of a receptacle or a container that customs opened.
    OpeningAct(Subject),
    /// The papers that go along with a container: customs transfer sheet, and what the carrier's note is filled in from.
    ContainerPapers(ContainerId),
    /// All papers of a departure that has left, in one.
    DepartureFolder(DepartureId),
}

impl Subject {
    /// Returns the number of the kind and the number of the row, under which rows name the subject.
    pub fn row(self) -> (i64, i64) {
        match self {
            Self::Item(id) => (1, id.0),
            Self::Receptacle(id) => (2, id.0),
            Self::Dispatch(id) => (3, id.0),
            Self::Container(id) => (4, id.0),
            Self::Departure(id) => (5, id.0),
            Self::Station => (6, 0),
            Self::Filing(id) => (7, id.0),
            Self::Border(id) => (10, id.0),
        }
    }
}
