//! Departures and what leaves on them: containers and truck bodies with their seals and papers.

use caravan_postal::{ContainerNumber, Grams, Impc, Volume};
use chrono::NaiveDate;

use crate::gate::{Allowed, GateFault};
use crate::item::{Disposition, states};
use crate::{ContainerId, DepartureId};

/// One run of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Its row.
    pub id: DepartureId,
    /// Its key: route and civil time, `almaty-road/2026-11-16T18:00`.
    pub key: String,
    /// The name of its route.
    pub route: String,
    /// When it leaves.
    pub departs_ms: i64,
    /// When its dispatches close.
    pub dispatch_close_ms: i64,
    /// When its containers are sealed.
    pub seal_ms: i64,
    /// Where it stands.
    pub state: DepartureState,
    /// What stayed behind, and why, in the order in which it was found.
    pub left_behind: Vec<LeftBehind>,
    /// The number of its train, or of the run of its trucks, where somebody said it.
    pub conveyance: Option<String>,
    /// How its way goes, as it was last told; `None` where its route has no way through the network.
    pub outlook: Option<WayOutlook>,
    /// How many events it has.
    pub events: u32,
}

/// How the way of a departure goes, as things are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayOutlook {
    /// When it arrives; `None` where a border stays closed for longer than is waited.
    pub arrives: Option<NaiveDate>,
    /// The border that is closed on the day on which it comes there.
    pub closed: Option<ClosedBorder>,
    /// The offices whose mail goes another way because of that, in their order.
    pub detours: Vec<Detour>,
}

/// A border that a departure would find closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedBorder {
    /// The border.
    pub border: String,
    /// The row of the calendar that says so.
    pub row: String,
    /// How many days would be waited there; `None` for longer than is waited.
    pub days: Option<u32>,
}

/// The mail for one office that does not go with the departure that it was meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detour {
    /// The office.
    pub office: Impc,
    /// The departure that takes it; `None` while none is known.
    pub to: Option<String>,
    /// How many days later than planned it arrives by that; less than zero is earlier.
    pub days: Option<i64>,
}

states! {
    /// Where a departure stands.
    DepartureState {
        /// Ahead.
        Planned = 0, "planned";
        /// Its last receptacles are off their stands; dispatches close as they are weighed.
        Closing = 4, "closing";
        /// Its containers are loaded.
        Loading = 1, "loading";
        /// Gone.
        Departed = 2, "departed";
        /// Its time came and nothing left.
        Missed = 3, "missed";
    }
}

/// Something that should have left and did not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftBehind {
    /// What: an S9, a container's number or truck.
    pub subject: String,
    /// Why, by the name of the reason.
    pub reason: String,
}

/// A container or a truck body on a departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its row.
    pub id: ContainerId,
    /// Its number by ISO 6346, or the plate of a truck.
    pub number: String,
    /// The key of the departure that it stands for; the name of a route and a slash, where it was taken from one and no
    /// later one is planned.
    pub departure: String,
    /// Whether it came sealed from another office and passes through.
    pub is_through: bool,
    /// Its type, where the route promises one.
    pub equipment: Option<String>,
    /// Which of the vehicles of a route it was announced as; `None` for one that came from elsewhere.
    pub announced_as: Option<VehiclePlace>,
    /// What it weighs empty, where its type says so.
    pub tare: Grams,
    /// Whether it takes nothing but what is locked to it.
    pub is_closed: bool,
    /// The most that may be loaded.
    pub payload: Grams,
    /// The volume that bags can fill.
    pub usable: Volume,
    /// What is loaded, own and through.
    pub gross: Grams,
    /// The volume that it is reckoned with.
    pub volume: Volume,
    /// How many receptacles are loaded (for a sealed through container, how many its papers state).
    pub receptacles: u32,
    /// Where it stands.
    pub state: ContainerState,
    /// Its seals, in the order in which they were put on.
    pub seals: Vec<String>,
    /// When its last seal was put on, where it has one: then it was closed. Of another office's seals nobody here knows
    /// when they were put on, and it is when the container was received with them.
    pub sealed_ms: Option<i64>,
    /// The number of its CN 37.
    pub cn37: Option<String>,
    /// The number under which customs transfers it to the exit.
    pub transfer_number: Option<String>,
    /// When the carrier signed for it, where that signature holds: then it was handed over.
    pub signed_ms: Option<i64>,
    /// How many receptacles in it hold something that may not leave.
    pub stopped: u32,
    /// What customs has decided about it as a whole.
    pub customs: Disposition,
    /// The office that another office's comes from, where that was told.
    pub origin: Option<Impc>,
    /// The office that another office's goes to; `None` for one of this office, which goes where its receptacles go.
    pub destination: Option<Impc>,
    /// The wagon or truck that it stands on for its departure, where somebody said it; a truck's body is named by its own
    /// plate.
    pub vehicle: Option<String>,
    /// What a supervisor has allowed all the same, each for one departure.
    pub allowed: Vec<Allowed>,
    /// How many events it has.
    pub events: u32,
}

/// One of the vehicles that a route promises.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VehiclePlace {
    /// The route.
    pub route: String,
    /// Which of its vehicles, in the order of the settings, counted from 0.
    pub place: u32,
}

impl std::fmt::Display for VehiclePlace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.route, self.place)
    }
}

impl VehiclePlace {
    /// Reads what [`Display`](std::fmt::Display) writes: `almaty-road/1`.
    pub fn parse(text: &str) -> Option<Self> {
        let (route, place) = text.rsplit_once('/')?;
        Some(Self { route: route.to_owned(), place: place.parse().ok()? })
    }
}

states! {
    /// Where a container stands.
    ContainerState {
        /// At the station, empty or (a through container) sealed.
        Announced = 0, "announced";
        /// Loaded, not sealed yet.
        Loaded = 1, "loaded";
        /// Sealed.
        Sealed = 2, "sealed";
        /// Gone.
        Departed = 3, "departed";
        /// Announced by mistake; a bill numbered for it is void.
        Withdrawn = 4, "withdrawn";
    }
}

impl Departure {
    /// Returns whether mail for an office goes with another departure, or waits for one, because a border is closed.
    pub fn is_without(&self, office: Impc) -> bool {
        let detours = self.outlook.iter().flat_map(|outlook| &outlook.detours);
        detours.into_iter().any(|detour| detour.office == office)
    }

    /// Returns whether its time has not come yet.
    pub fn is_ahead(&self) -> bool {
        !matches!(self.state, DepartureState::Departed | DepartureState::Missed)
    }
}

impl Container {
    /// Returns whether it stands at the station.
    pub(crate) fn is_here(&self) -> bool {
        !matches!(self.state, ContainerState::Departed | ContainerState::Withdrawn)
    }

    /// Returns whether customs holds it, or something in it.
    pub fn is_stopped(&self) -> bool {
        self.stopped > 0 || self.customs.is_hold()
    }

    /// Returns all that keeps the container from leaving.
    pub fn gate(&self) -> Vec<GateFault> {
        let faults = [
            (self.receptacles == 0, GateFault::Empty),
            (self.seals.is_empty(), GateFault::NoSeal),
            (self.cn37.is_none(), GateFault::NoBill),
            (self.transfer_number.is_none(), GateFault::NoTransferNumber),
            (self.signed_ms.is_none(), GateFault::NotSigned),
            (self.is_stopped(), GateFault::HoldInside),
        ];
        faults.into_iter().filter(|(is_fault, _)| *is_fault).map(|(_, fault)| fault).collect()
    }

    /// Returns whether a supervisor has allowed a fault for the departure that the container stands for.
    pub(crate) fn allows(&self, fault: GateFault) -> bool {
        self.allowed.iter().any(|allowed| allowed.fault == fault && allowed.departure == self.departure)
    }

    /// Returns what it weighs on a train: what is in it, and itself as far as that is known.
    pub(crate) fn weight(&self) -> Grams {
        self.gross + self.tare
    }

    /// Returns what names the container's papers: the number of its delivery bill, which no other has.
    pub fn name(&self) -> String {
        format!("{}-{}", self.cn37.as_deref().unwrap_or("CN37"), self.number.replace('/', "-"))
    }

    /// Returns whether the number is one of ISO 6346, not a truck's plate.
    pub fn is_iso(&self) -> bool {
        ContainerNumber::parse(&self.number).is_ok()
    }
}

/// Returns the name of the route in the key of a departure, `almaty-road` of `almaty-road/2026-11-16T18:00`.
pub(crate) fn route_name(departure: &str) -> &str {
    departure.split_once('/').map_or("", |(route, _)| route)
}
