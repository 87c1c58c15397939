//! Why a receptacle stays behind.

use caravan_postal::{Finding, Grams, Impc, MailCategory, Volume};

use super::survey::Survey;
use super::{LoadPlan, Readiness, Waiting};
use crate::{Size, codes};

/// Why a receptacle does not go with a departure, or with none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It, or something in it, is held.
    Held,
    /// Its dispatch is still open.
    DispatchOpen,
    /// It goes by air: no road or rail departure takes it.
    AirMail {
        /// Its category, A or B.
        category: MailCategory,
    },
    /// No departure serves its office of destination.
    NoRoute {
        /// The office of destination.
        destination: Impc,
    },
    /// It was ready too late.
    AfterCutOff {
        /// When it was ready, milliseconds UTC.
        ready_ms: i64,
        /// When it should have been, milliseconds UTC.
        cut_off_ms: i64,
    },
    /// The departure has no vehicle.
    NoVehicle,
    /// The weight is too much for what the vehicles have left.
    NoRoomByWeight {
        /// The gross weight.
        needed: Grams,
        /// The most that one vehicle has left.
        free: Grams,
    },
    /// The volume is too much for what the vehicles have left.
    NoRoomByVolume {
        /// The volume.
        needed: Volume,
        /// The most that one vehicle has left.
        free: Volume,
    },
    /// The vehicles have as many receptacles as they may.
    NoRoomByCount,
    /// All boxes of the departure together would be too heavy.
    TrainFull {
        /// What it weighs, with the tare of the box where that would be the first in it.
        needed: Grams,
        /// What all boxes together may still weigh more.
        free: Grams,
    },
    /// All vehicles are closed to more.
    VehiclesClosed,
    /// The vehicle that it is locked to is on no departure of the plan.
    LockUnknown,
    /// The vehicle that it is locked to has no room.
    LockNoRoom,
    /// With it, however the load lies, an axle would bear more than the roads of the way allow.
    AxleOverloaded {
        /// What the heaviest axle would bear.
        found: Grams,
        /// The most that it may.
        limit: Grams,
    },
    /// With it the load would lie too far from the middle, however it is arranged.
    OffBalance {
        /// How far the centre of gravity would lie from the middle of the length, in per mille.
        along_permille: i32,
        /// How far from the middle of the width, in millimetres.
        across_mm: i32,
        /// The share of the mass in the heavier half, in per mille.
        half_permille: u32,
    },
    /// The vehicle is too empty to leave, and nothing in it must.
    HeldForFill {
        /// How full it would have been.
        fill_permille: u32,
        /// How full it must be.
        least_permille: u32,
    },
}

impl Reason {
    /// Returns when the receptacle is ready, or the reason for which it is not, whatever the departure.
    pub(super) fn unless_ready(waiting: &Waiting) -> Result<i64, Self> {
        match waiting.readiness {
            Readiness::Held => Err(Self::Held),
            _ if !waiting.stream.category.is_surface() => {
                Err(Self::AirMail { category: waiting.stream.category })
            }
            Readiness::DispatchOpen => Err(Self::DispatchOpen),
            Readiness::Ready { at_ms } => Ok(at_ms),
        }
    }

    /// Returns why the receptacle stays when no departure serves its destination.
    pub(super) fn without_departure(waiting: &Waiting) -> Self {
        let no_route = Self::NoRoute { destination: waiting.stream.destination };
        Self::unless_ready(waiting).err().unwrap_or(no_route)
    }

    /// Returns why a load that was arranged may not leave: its heaviest axle, or else how it lies.
    pub(super) fn badly_laid(plan: &LoadPlan) -> Self {
        match plan.axle {
            Some((found, limit)) if found > limit => Self::AxleOverloaded { found, limit },
            _ => Self::OffBalance {
                along_permille: plan.balance.along_permille,
                across_mm: plan.balance.across_mm,
                half_permille: plan.balance.half_permille,
            },
        }
    }

    /// Returns why none of the vehicles takes the size.
    ///
    /// Named is the dimension in which the fewest vehicles have enough left, among equals volume before weight, because mail
    /// fills its vehicles by volume.
    pub(super) fn no_room(size: Size, survey: &Survey) -> Self {
        let [by_weight, by_volume, by_count] = survey.enough(size);
        let [free_weight, free_volume, _] = survey.most();
        if by_volume <= by_weight && by_volume <= by_count {
            Self::NoRoomByVolume { needed: size.volume, free: Volume(free_volume) }
        } else if by_weight <= by_count {
            Self::NoRoomByWeight { needed: size.weight, free: Grams(free_weight) }
        } else {
            Self::NoRoomByCount
        }
    }

    /// Returns the finding that tells people.
    pub fn finding(&self) -> Finding {
        let nothing = <[&str; 0]>::default;
        match *self {
            Self::Held => codes::LEFT_HELD.finding(nothing()),
            Self::DispatchOpen => codes::LEFT_DISPATCH_OPEN.finding(nothing()),
            Self::AirMail { category } => codes::LEFT_AIR_MAIL.finding([category.as_str()]),
            Self::NoRoute { destination } => codes::LEFT_NO_ROUTE.finding([destination.as_str()]),
            Self::AfterCutOff { ready_ms, cut_off_ms } => {
                let late_ms = ready_ms.saturating_sub(cut_off_ms).unsigned_abs();
                codes::LEFT_AFTER_CUT_OFF.finding([late_ms.div_ceil(60_000).to_string()])
            }
            Self::NoVehicle => codes::LEFT_NO_VEHICLE.finding(nothing()),
            Self::NoRoomByWeight { needed, free } => {
                codes::LEFT_NO_ROOM_WEIGHT.finding([needed.kg().to_string(), free.kg().to_string()])
            }
            Self::NoRoomByVolume { needed, free } => codes::LEFT_NO_ROOM_VOLUME
                .finding([needed.cubic_metres().to_string(), free.cubic_metres().to_string()]),
            Self::NoRoomByCount => codes::LEFT_NO_ROOM_COUNT.finding(nothing()),
            Self::TrainFull { needed, free } => {
                codes::LEFT_TRAIN_FULL.finding([needed.kg().to_string(), free.kg().to_string()])
            }
            Self::VehiclesClosed => codes::LEFT_VEHICLES_CLOSED.finding(nothing()),
            Self::LockUnknown => codes::LEFT_LOCK_UNKNOWN.finding(nothing()),
            Self::LockNoRoom => codes::LEFT_LOCK_NO_ROOM.finding(nothing()),
            Self::AxleOverloaded { found, limit } => {
                codes::LEFT_AXLE.finding([found.kg().to_string(), limit.kg().to_string()])
            }
            Self::OffBalance { along_permille, across_mm, half_permille } => codes::LEFT_BALANCE.finding([
                along_permille.to_string(),
                across_mm.to_string(),
                half_permille.to_string(),
            ]),
            Self::HeldForFill { fill_permille, least_permille } => {
                codes::LEFT_FOR_FILL.finding([fill_permille.to_string(), least_permille.to_string()])
            }
        }
    }
}
