//! The gate: why a container does not leave, and what a supervisor may allow all the same.

use crate::operation::{
    AXLE_OVERLOADED, BOX_UNPAIRED, GATE_BAG_LIST_REJECTED, GATE_EMPTY, GATE_HOLD_INSIDE, GATE_LEG_REFUSES,
    GATE_NO_BAG_LIST, GATE_NO_BILL, GATE_NO_ITMATT, GATE_NO_SEAL, GATE_NO_TRANSFER_NUMBER, GATE_NOT_SERVED,
    GATE_NOT_SIGNED, GATE_OFF_BALANCE, GATE_OVERLOADED, TRAIN_OVERLOADED, WAY_CLOSED,
};

/// Why the gate stays shut for a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateFault {
    /// Nothing is in it.
    Empty,
    /// No seal.
    NoSeal,
    /// No CN 37 number.
    NoBill,
    /// No customs transfer number.
    NoTransferNumber,
    /// The carrier has not signed.
    NotSigned,
    /// Something inside may not leave.
    HoldInside,
    /// Nobody has told customs which bags its listed items lie in.
    NoBagList,
    /// Customs has turned down what it was told of the bags.
    BagListRejected,
    /// No ITMATT has gone out of an item inside whose office asks for it.
    NoItmatt,
    /// The route does not serve the office that it, or something in it, goes to.
    NotServed,
    /// A leg of the way does not take what is in it.
    LegRefuses,
    /// It holds more than its plate, or the way of its departure, allows.
    Overloaded,
    /// With it, the boxes of the train weigh more than the line allows.
    TrainOverloaded,
    /// Its way comes to a border that stays closed for longer than is waited.
    WayClosed,
    /// An axle bears more than the roads of its way allow.
    AxleOverloaded,
    /// Its load lies too far from the middle.
    OffBalance,
    /// A 20-ft box that the line takes only in pairs has no other beside it.
    BoxUnpaired,
}

impl GateFault {
    /// Every fault.
    pub const ALL: &[Self] = &[
        Self::Empty,
        Self::NoSeal,
        Self::NoBill,
        Self::NoTransferNumber,
        Self::NotSigned,
        Self::HoldInside,
        Self::NoBagList,
        Self::BagListRejected,
        Self::NoItmatt,
        Self::NotServed,
        Self::LegRefuses,
        Self::Overloaded,
        Self::TrainOverloaded,
        Self::WayClosed,
        Self::AxleOverloaded,
        Self::OffBalance,
        Self::BoxUnpaired,
    ];

    /// Returns the stable name: that of the code which says what to do.
    pub fn as_str(self) -> &'static str {
        let code = match self {
            Self::Empty => &GATE_EMPTY,
            Self::NoSeal => &GATE_NO_SEAL,
            Self::NoBill => &GATE_NO_BILL,
            Self::NoTransferNumber => &GATE_NO_TRANSFER_NUMBER,
            Self::NotSigned => &GATE_NOT_SIGNED,
            Self::HoldInside => &GATE_HOLD_INSIDE,
            Self::NoBagList => &GATE_NO_BAG_LIST,
            Self::BagListRejected => &GATE_BAG_LIST_REJECTED,
            Self::NoItmatt => &GATE_NO_ITMATT,
            Self::NotServed => &GATE_NOT_SERVED,
            Self::LegRefuses => &GATE_LEG_REFUSES,
            Self::Overloaded => &GATE_OVERLOADED,
            Self::TrainOverloaded => &TRAIN_OVERLOADED,
            Self::WayClosed => &WAY_CLOSED,
            Self::AxleOverloaded => &AXLE_OVERLOADED,
            Self::OffBalance => &GATE_OFF_BALANCE,
            Self::BoxUnpaired => &BOX_UNPAIRED,
        };
        code.name
    }

    /// Returns the fault of a stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.as_str() == text)
    }

    /// Returns whether a supervisor may let a container out all the same: it is a matter of judgement, and nobody else's
    /// right.
    pub fn is_allowable(self) -> bool {
        matches!(self, Self::WayClosed | Self::AxleOverloaded | Self::OffBalance | Self::BoxUnpaired)
    }

    /// Returns whether no day and no other container changes it: only another departure or another load does.
    pub(crate) fn is_for_ever(self) -> bool {
        matches!(self, Self::NotServed | Self::LegRefuses | Self::Overloaded)
    }

    /// Returns whether it is what every container lacks until it is ready to go.
    pub fn is_paper(self) -> bool {
        matches!(
            self,
            Self::Empty
                | Self::NoSeal
                | Self::NoBill
                | Self::NoTransferNumber
                | Self::NotSigned
                | Self::NoBagList
        )
    }
}

/// What a supervisor has allowed of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The fault that does not count.
    pub fault: GateFault,
    /// The departure for which it does not.
    pub departure: String,
}

/// A container for which the gate is shut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shut {
    /// Its number.
    pub container: String,
    /// All that keeps it.
    pub faults: Vec<GateFault>,
}
