//! Receptacles and dispatches: what is filled, closed, labelled and numbered.

use caravan_planning::{Cargo, Stream};
use caravan_postal::{DispatchSeries, Grams, ReceptacleKind, S8, S9, Volume};

use crate::advice::Advice;
use crate::item::{Disposition, states};
use crate::operation::ReceptacleName;
use crate::{ContainerId, DispatchId, ReceptacleId};

/// What a partner or a carrier has answered for a receptacle that had not left yet: it counts when it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlyAnswer {
    /// What it weighed there, where the answer says it.
    pub weight: Option<Grams>,
}

/// A bag, a tray or an outside piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receptacle {
    /// Its row.
    pub id: ReceptacleId,
    /// What it is.
    pub kind: ReceptacleKind,
    /// Where it stands.
    pub state: ReceptacleState,
    /// What lies in it; `None` for another office's receptacle, whose items may be unknown.
    pub stream: Option<Stream>,
    /// The dispatch that it is numbered in, once its label is printed; `None` for another office's.
    pub dispatch: Option<DispatchId>,
    /// The identifier as printed (or as received).
    pub s9: Option<S9>,
    /// How many items.
    pub items: u32,
    /// How many of them are registered or insured.
    pub registered: u32,
    /// How many of them are on a list with customs.
    pub listed: u32,
    /// How many of them hold lithium batteries in equipment.
    pub lithium_in_equipment: u32,
    /// How many of them hold lithium batteries alone.
    pub lithium_alone: u32,
    /// How many of them are dangerous goods of another kind.
    pub dangerous: u32,
    /// What the items weigh.
    pub content: Grams,
    /// The volume that the items are reckoned with.
    pub volume: Volume,
    /// What the empty receptacle weighs.
    pub tare: Grams,
    /// The number of its seal, where it bears one.
    pub seal: Option<String>,
    /// What the scale showed at close.
    pub scale: Option<Grams>,
    /// The departure whose cut-off closed it; `None` for one that was full before.
    pub closing_for: Option<String>,
    /// When it was opened, or received.
    pub opened_ms: i64,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// The container that it is loaded in.
    pub container: Option<ContainerId>,
    /// The container that a dispatcher has locked it to: it goes in this one or not at all.
    pub lock: Option<ContainerId>,
    /// What was answered for it before it left.
    pub answered: Option<EarlyAnswer>,
    /// How many of its items may not leave.
    pub stopped: u32,
    /// What customs has decided about it as a whole, whatever lies in it.
    pub customs: Disposition,
    /// What another office has advised of it; `None` for what is ours, passes through, or was never advised.
    pub advice: Option<Advice>,
    /// How many events it has.
    pub events: u32,
}

states! {
    /// Where a receptacle stands.
    ReceptacleState {
        /// Being filled.
        Open = 0, "open";
        /// Taken from its stand and waiting for the scale.
        Weighing = 6, "weighing";
        /// Closed, weighed and labelled.
        Closed = 1, "closed";
        /// Closed, but the scale does not agree with its items: no label until someone has looked.
        Disputed = 2, "disputed";
        /// In a container.
        Loaded = 3, "loaded";
        /// On its way.
        Departed = 4, "departed";
        /// Received from another office and waiting for its vehicle.
        Received = 5, "received";
        /// Emptied after it left its stand: its items are elsewhere, and its number, if it had one, is void.
        Voided = 7, "voided";
        /// Advised by another office and not here yet.
        Advised = 8, "advised";
        /// Come from another office for this one, and not opened yet.
        Arrived = 9, "arrived";
        /// Come from another office for this one, and opened: its items stand for themselves.
        Opened = 20, "opened";
        /// Left, and received where it went.
        Acknowledged = 21, "acknowledged";
        /// Announced, and not found: here, or where it went.
        Missing = 22, "missing";
    }
}

impl ReceptacleState {
    /// Returns whether a receptacle is neither here nor expected any more. States that are gone have the numbers 4, 7 and
    /// 20 and above, so that a query can leave them out.
    pub fn is_gone(self) -> bool {
        matches!(self, Self::Departed | Self::Voided | Self::Opened | Self::Acknowledged | Self::Missing)
    }
}

impl Receptacle {
    /// Returns a receptacle as it is opened.
    pub(crate) fn open(
        id: ReceptacleId,
        kind: ReceptacleKind,
        stream: Stream,
        tare: Grams,
        now_ms: i64,
    ) -> Self {
        Self { stream: Some(stream), tare, ..Self::empty(id, kind, now_ms) }
    }

    fn empty(id: ReceptacleId, kind: ReceptacleKind, now_ms: i64) -> Self {
        Self {
            id,
            kind,
            state: ReceptacleState::Open,
            stream: None,
            dispatch: None,
            s9: None,
            items: 0,
            registered: 0,
            listed: 0,
            lithium_in_equipment: 0,
            lithium_alone: 0,
            dangerous: 0,
            content: Grams(0),
            volume: Volume(0),
            tare: Grams(0),
            seal: None,
            scale: None,
            closing_for: None,
            opened_ms: now_ms,
            closed_ms: None,
            container: None,
            lock: None,
            answered: None,
            stopped: 0,
            customs: Disposition::NotFiled,
            advice: None,
            events: 0,
        }
    }

    /// Returns a receptacle of another office's dispatch as it is advised to this one.
    pub(crate) fn expected(id: ReceptacleId, dispatch: DispatchId, s9: S9, now_ms: i64) -> Self {
        Self {
            state: ReceptacleState::Advised,
            dispatch: Some(dispatch),
            s9: Some(s9),
            ..Self::empty(id, ReceptacleKind::Bag, now_ms)
        }
    }

    /// Returns what in the receptacle needs permission on a leg.
    pub fn cargo(&self) -> impl Iterator<Item = Cargo> + use<> {
        let cargo = [
            (self.lithium_in_equipment > 0, Cargo::LithiumInEquipment),
            (self.lithium_alone > 0, Cargo::LithiumAlone),
            (self.dangerous > 0, Cargo::Dangerous),
            (self.is_through(), Cargo::ClosedTransit),
        ];
        cargo.into_iter().filter(|(is_in, _)| *is_in).map(|(_, cargo)| cargo)
    }

    /// Returns the tag that hangs on the stand and names the receptacle until it has its label: `B000042`.
    pub fn tag(&self) -> String {
        format!("B{:06}", self.id.0)
    }

    /// Returns what the receptacle is called outside: its S9 once it is labelled, its tag before.
    pub fn name(&self) -> String {
        self.s9.map_or_else(|| self.tag(), |s9| s9.to_string())
    }

    /// Returns whether a tag or a label is its own.
    pub(crate) fn is_named(&self, name: &ReceptacleName) -> bool {
        match name {
            ReceptacleName::Tag(tag) => self.id.0 == *tag,
            ReceptacleName::S9(s9) => self.bears(*s9),
        }
    }

    /// Returns whether an identifier is its own: dispatch and serial say so, weight and flags are attributes that may
    /// differ.
    pub(crate) fn bears(&self, s9: S9) -> bool {
        self.s9.is_some_and(|own| (own.dispatch, own.serial()) == (s9.dispatch, s9.serial()))
    }

    /// Returns the gross weight: the scale's, or items and tare before it was weighed.
    pub fn gross(&self) -> Grams {
        self.scale.unwrap_or(self.content + self.tare)
    }

    /// Returns whether it must not leave: customs holds it, or something in it may not.
    pub fn is_stopped(&self) -> bool {
        self.stopped > 0 || self.customs.is_hold()
    }

    /// Returns whether it waits for the scale.
    pub fn is_weighing(&self) -> bool {
        self.state == ReceptacleState::Weighing
    }

    /// Returns whether it is at the station and counts for anything.
    pub(crate) fn is_here(&self) -> bool {
        !self.state.is_gone()
    }

    /// Returns whether it has left its stand and someone has still to weigh it or to look into it.
    pub(crate) fn is_unsettled(&self) -> bool {
        matches!(self.state, ReceptacleState::Weighing | ReceptacleState::Disputed)
    }

    /// Returns whether it is another office's, passing through unopened.
    pub fn is_through(&self) -> bool {
        self.stream.is_none()
    }
}

/// The receptacles of one series closed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Its row.
    pub id: DispatchId,
    /// What numbers it.
    pub series: DispatchSeries,
    /// The calendar year, in the station's zone, in which its number was taken.
    pub year: i32,
    /// Its identifier.
    pub s8: S8,
    /// Where it stands.
    pub state: DispatchState,
    /// The highest receptacle serial given.
    pub receptacles: u32,
    /// The highest serial that has left; 0 while none has.
    pub gone: u32,
    /// When its number was taken.
    pub opened_ms: i64,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// The departure that it was closed for.
    pub departure: Option<String>,
    /// How many events it has.
    pub events: u32,
}

states! {
    /// Where a dispatch stands.
    DispatchState {
        /// Taking receptacles.
        Open = 0, "open";
        /// Closed: bill and labels are printed, the pre-advice is on its way.
        Closed = 1, "closed";
        /// All its receptacles were voided before it closed: its number is void.
        Voided = 2, "voided";
        /// Made up by another office for this one, advised or arriving.
        Advised = 3, "advised";
        /// Closed before; one of its receptacles was opened again and has no label that holds. It takes no further ones.
        Reopened = 5, "reopened";
        /// Closed before; nothing of it is left, and its number is void.
        Cancelled = 25, "cancelled";
        /// Made up by another office for this one, and answered with what came of it.
        Answered = 20, "answered";
        /// Received where it went.
        Acknowledged = 21, "acknowledged";
    }
}

impl Dispatch {
    /// Returns a dispatch that has no receptacles yet.
    pub(crate) fn new(id: DispatchId, s8: S8, year: i32, state: DispatchState, now_ms: i64) -> Self {
        Self {
            id,
            series: s8.series(),
            year,
            s8,
            state,
            receptacles: 0,
            gone: 0,
            opened_ms: now_ms,
            closed_ms: None,
            departure: None,
            events: 0,
        }
    }

    /// Returns whether something has still to happen to it, wherever its receptacles are.
    pub(crate) fn is_pending(&self) -> bool {
        matches!(self.state, DispatchState::Open | DispatchState::Advised)
    }

    /// Returns whether a further receptacle can have a serial in it.
    pub(crate) fn takes_more(&self) -> bool {
        self.state == DispatchState::Open && !self.is_full()
    }

    /// Returns whether it waits for nothing but labels: all its serials are given, or it was closed before.
    pub(crate) fn takes_no_more(&self) -> bool {
        self.is_full() || self.state == DispatchState::Reopened
    }

    /// Returns whether all its serials are given.
    pub(crate) fn is_full(&self) -> bool {
        self.receptacles >= S9::SERIAL_MAX
    }
}
