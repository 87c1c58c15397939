//! What partners and carriers say of what was sent to them.

use caravan_edi::{Content, emsevt, rescon, resdes, resdit};

/// One message about what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The EDI address of the sender.
    pub sender: String,
    /// What it says.
    pub said: Said,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// RESDES: what came of a dispatch.
    Dispatch(resdes::Response),
    /// RESCON: what came of a consignment.
    Consignment(rescon::Response),
    /// RESDIT: what the carrier did.
    Carrier(resdit::Report),
    /// EMSEVT: what happened to items.
    Events(emsevt::Report),
}

impl Said {
    /// Takes a message that answers for what was sent; `None` when it is of another kind.
    pub fn of(content: Content) -> Option<Self> {
        match content {
            Content::Resdes(response) => Some(Self::Dispatch(response)),
            Content::Rescon(response) => Some(Self::Consignment(response)),
            Content::Resdit(report) => Some(Self::Carrier(report)),
            Content::Emsevt(report) => Some(Self::Events(report)),
            Content::Predes(_) | Content::Precon(_) | Content::Cardit(_) => None,
        }
    }

    /// Returns the name of the message.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dispatch(_) => "resdes",
            Self::Consignment(_) => "rescon",
            Self::Carrier(_) => "resdit",
            Self::Events(_) => "emsevt",
        }
    }
}
