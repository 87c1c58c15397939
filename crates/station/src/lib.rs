#![doc = include_str!("../README.md")]

mod advice;
mod border;
mod change;
pub mod config;
mod customs;
mod departure;
mod gate;
mod hazards;
mod heard;
mod ids;
mod item;
mod opening;
pub mod operation;
mod receptacle;
pub mod sort;
mod state;
mod station;

use caravan_postal::text;

pub use advice::{Advice, AdvisedReceptacle, CameBack, Inbound, Presented};
pub use border::{Border, Closed};
pub use change::{Changes, Due, Event, Found, Subject};
pub use config::{
    Bagging, CebLink, Config, ConfigError, Correspondent, CustomsDecision, CustomsLink, FeedSettings,
    Presentation, SignerSettings,
};
pub use customs::{Answered, CaseAnswer, CustomsAnswer, Filing, FilingAction, FilingForm, FilingState};
pub use departure::{
    ClosedBorder, Container, ContainerState, Departure, DepartureState, Detour, LeftBehind, VehiclePlace,
    WayOutlook,
};
pub use gate::{Allowed, GateFault, Shut};
pub use heard::{Heard, Said};
pub use ids::{BorderId, ContainerId, DepartureId, DispatchId, FilingId, ItemId, ReceptacleId};
pub use item::{Custody, Disposition, Item, ItemName, Journey, Lithium, OwnHold};
pub use opening::Opening;
pub use operation::{Act, Operation};
pub use receptacle::{Dispatch, DispatchState, EarlyAnswer, Receptacle, ReceptacleState};
pub use state::State;
pub use station::{
    CLOCK_TOLERANCE_MS, CONTAINER_TELLING, Kept, LoadOutlook, Outlook, Station, Stays, Step, Tick,
    event_detail, form_number, form_sequence, is_told, is_told_back, told_sequences,
};

/// The codes of this crate and what they say.
pub const MESSAGES: text::Source = text::Source {
    codes: operation::CODES,
    messages: [
        include_str!("../messages/en.toml"),
        include_str!("../messages/ru.toml"),
        include_str!("../messages/zh.toml"),
    ],
};
