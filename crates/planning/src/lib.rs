#![doc = include_str!("../README.md")]

mod codes;
mod cutoff;
mod loading;
mod pack;
mod size;
mod stand;
mod stream;
mod timetable;

pub use codes::{CODES, MESSAGES};
pub use cutoff::{CutOffs, Leads};
pub use loading::{
    Departure, DepartureKey, DeparturePlan, DispatchKey, LoadPlan, Readiness, Reason, Vehicle, VehicleKey,
    VehicleLimits, VehicleLoad, Waiting, plan_loading,
};
pub use pack::{Bin, Packing, lower_bound, pack};
pub use size::{Capacity, Density, Dimension, Fill, Size};
pub use stand::{Placement, Receptacle, ReceptacleKey, ReceptacleRules, Stand, StandRules, TooBig};
pub use stream::{Format, HandlingGroup, Stream};
pub use timetable::{Closure, PeriodError, Run, Service, Weekdays, runs_between};
