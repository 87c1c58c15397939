#![doc = include_str!("../README.md")]

mod codes;
mod cutoff;
mod loading;
mod network;
mod pack;
mod rooms;
mod size;
mod stand;
mod stream;
mod table;
mod timetable;

pub use codes::{CODES, MESSAGES};
pub use cutoff::{CutOffs, Leads};
pub use loading::{
    AxleGeometry, AxleLimit, AxleLoads, Balance, BalanceRules, BalanceVerdict, Binding, Departure,
    DepartureKey, DeparturePlan, DispatchKey, Equipment, Haul, HoldRules, Inside, LoadPlan, LoadingPlan,
    LoadingRules, Lock, Pairing, Payload, PayloadError, Piece, Placed, Plate, RailLine, Readiness, Reason,
    RoadDays, RoadLimit, SplitDispatch, Stowage, Truck, TwentyFoot, Unpaired, Vehicle, VehicleKey,
    VehicleLimits, VehicleLoad, Waiting, arrange, pair_boxes, plan_loading,
};
pub use network::{
    Agreements, Along, Answer, BorderClosure, Cargo, Carriage, ClosureKind, Crossing, End, Journey,
    JourneyError, Leg, MailKind, Mode, Network, NetworkPlace, Path, PathLeg, Refusal, Rejected, Reroute,
    Route, Transfer, UsualLeads, Verdict, Wait, WaitReason,
};
pub use pack::{
    Arrangement, Bin, DEFAULT_BUDGET_STEPS, DIMENSIONS_MAX, Packing, lower_bound, pack, pack_vectors,
};
pub use size::{Capacity, Density, Dimension, Fill, Size};
pub use stand::{
    Batch, MergeRuleError, MergeRules, Merging, Placement, Receptacle, ReceptacleKey, ReceptacleRules, Stand,
    StandRules, TooBig,
};
pub use stream::{Format, HandlingGroup, Stream};
pub use table::{Confidence, Range, Row, RowId, Season, TableError, TableText};
pub use timetable::{Closure, PeriodError, Run, Service, Weekdays, runs_between};
