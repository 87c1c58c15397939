//! PREDES, the dispatch pre-advice: what the office of destination will receive.
//!
//! A [`Dispatch`] is what we close and announce, and agrees with its labels; an [`Advice`] is what a partner announces to
//! us, with whatever it leaves out.

use std::borrow::Cow;

use caravan_postal::{Grams, Handling, HighestFlag, ReceptacleKind, S8, S9, S10, WeightField};
use chrono::NaiveDateTime;

use crate::Writer;
pub use crate::function::Function;
use crate::profile::values::{kilograms, long_time, short_time};
use crate::profile::{Profile, ProfileWriteError};
pub use crate::transport::TransportMode;
pub use read::{Advice, AdvisedItem, AdvisedReceptacle, read};

mod read;

/// A closed dispatch. All times are local to the office of origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// The identifier.
    pub s8: S8,
    /// What the message does to what was said before about the dispatch.
    pub function: Function,
    /// When it was closed.
    pub closed_at: NaiveDateTime,
    /// The departure that it is planned for.
    pub departure: Option<Departure>,
    /// The receptacles, by rising serial.
    pub receptacles: Vec<Receptacle>,
}

/// The planned main carriage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// When it leaves.
    pub departs_at: NaiveDateTime,
    /// By rail or by road.
    pub mode: TransportMode,
    /// The number of the train or truck, when it is known.
    pub conveyance: Option<String>,
}

/// A receptacle of the dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receptacle {
    /// The identifier as on the label.
    pub s9: S9,
    /// The kind.
    pub kind: ReceptacleKind,
    /// The handling class: that of the item with the highest claim.
    pub handling: Handling,
    /// The gross weight by the scale.
    pub gross_weight: Grams,
    /// The number of the seal, when it has one.
    pub seal: Option<String>,
    /// How many items it holds, also those without an identifier.
    pub item_count: u32,
    /// The items with an identifier.
    pub items: Vec<Item>,
}

/// An item in a receptacle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The identifier.
    pub s10: S10,
    /// The handling class.
    pub handling: Handling,
    /// The gross weight.
    pub gross_weight: Grams,
}

/// Why a pre-advice cannot be written: it would say something that the labels do not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PredesError {
    /// A dispatch is announced, cancelled or replaced; PREDES says nothing else.
    #[error("cannot advise dispatch `{s8}`: PREDES has no function {function}")]
    Function {
        /// The dispatch.
        s8: S8,
        /// The code of the function.
        function: &'static str,
    },
    /// A dispatch with nothing in it that is not cancelled.
    #[error("cannot advise dispatch `{0}`: it has no receptacle")]
    Empty(S8),
    /// A receptacle of another dispatch.
    #[error("cannot advise receptacle `{s9}`: it is not of dispatch `{s8}`")]
    Foreign {
        /// The dispatch.
        s8: S8,
        /// The receptacle.
        s9: S9,
    },
    /// Serials that do not rise, or one that is there twice.
    #[error("cannot advise receptacle `{0}`: its serial does not follow the one before")]
    Order(S9),
    /// The flag of the highest number is missing on the last receptacle, or stands on another.
    #[error(
        "cannot advise receptacle `{0}`: the flag of the highest number belongs on the last receptacle alone"
    )]
    HighestFlag(S9),
    /// The label says another weight than the scale.
    #[error("cannot advise receptacle `{s9}`: the scale says {grams} g")]
    Weight {
        /// The receptacle.
        s9: S9,
        /// The gross weight.
        grams: u64,
    },
    /// The label does not say whether registered or insured items are inside, or says it wrongly.
    #[error("cannot advise receptacle `{0}`: its registered flag does not agree with its items")]
    RegisteredFlag(S9),
    /// More items named than counted.
    #[error("cannot advise receptacle `{0}`: it names more items than it counts")]
    ItemCount(S9),
    /// The message cannot be written.
    #[error("cannot write the pre-advice of dispatch `{s8}`")]
    Profile {
        /// The dispatch.
        s8: S8,
        /// Why.
        #[source]
        source: ProfileWriteError,
    },
}

/// Writes the pre-advice of one dispatch by a layout of PREDES, as one message of the open interchange.
///
/// After an error the interchange is as it was before.
pub fn write(
    writer: &mut Writer,
    profile: &Profile,
    reference: &str,
    dispatch: &Dispatch,
) -> Result<(), PredesError> {
    check(dispatch)?;
    let sections = |writer: &mut Writer| {
        profile.write(writer, "dispatch", &|field| dispatch.value(field))?;
        for receptacle in &dispatch.receptacles {
            profile.write(writer, "receptacle", &|field| receptacle.value(field))?;
            for item in &receptacle.items {
                profile.write(writer, "item", &|field| item.value(field))?;
            }
        }
        profile.write(writer, "total", &|field| dispatch.total(field))
    };
    profile
        .write_message(writer, reference, sections)
        .map_err(|source| PredesError::Profile { s8: dispatch.s8, source })
}

/// Asserts what must agree between the labels and the message: the receiver matches the one against the other.
fn check(dispatch: &Dispatch) -> Result<(), PredesError> {
    match dispatch.function {
        Function::Original | Function::Cancellation | Function::Replacement => {}
        Function::Change | Function::Confirmation | Function::Final => {
            return Err(PredesError::Function { s8: dispatch.s8, function: dispatch.function.as_str() });
        }
    }
    let Some(last) = dispatch.receptacles.last() else {
        let is_cancelled = dispatch.function == Function::Cancellation;
        return if is_cancelled { Ok(()) } else { Err(PredesError::Empty(dispatch.s8)) };
    };
    // What bore the flag may be void since the dispatch was first advised, when no other label could be printed any more.
    let may_lack_flag = dispatch.function == Function::Replacement;
    let mut serial_before = 0;
    for receptacle in &dispatch.receptacles {
        let s9 = receptacle.s9;
        if s9.dispatch != dispatch.s8 {
            return Err(PredesError::Foreign { s8: dispatch.s8, s9 });
        }
        if s9.serial() <= serial_before {
            return Err(PredesError::Order(s9));
        }
        serial_before = s9.serial();
        let (is_flagged, is_last) = (s9.highest == HighestFlag::Yes, s9.serial() == last.s9.serial());
        if is_flagged != is_last && !(is_last && may_lack_flag) {
            return Err(PredesError::HighestFlag(s9));
        }
        if s9.weight != WeightField::of(receptacle.gross_weight) {
            return Err(PredesError::Weight { s9, grams: receptacle.gross_weight.0 });
        }
        let is_registered = receptacle.handling != Handling::Normal
            || receptacle.items.iter().any(|item| item.handling != Handling::Normal);
        if s9.is_registered != Some(is_registered) {
            return Err(PredesError::RegisteredFlag(s9));
        }
        if receptacle.items.len() > receptacle.item_count as usize {
            return Err(PredesError::ItemCount(s9));
        }
    }
    Ok(())
}

impl Dispatch {
    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        let series = self.s8.series();
        let departure = self.departure.as_ref();
        Some(match field {
            "s8" => self.s8.to_string().into(),
            "function" => self.function.as_str().into(),
            "closed_at" => short_time(self.closed_at).into(),
            "closed_at_with_century" => long_time(self.closed_at).into(),
            "category" => series.category.as_str().into(),
            "subclass" => series.subclass.to_string().into(),
            "origin" => series.origin.to_string().into(),
            "destination" => series.destination.to_string().into(),
            "conveyance" => departure?.conveyance.as_deref()?.into(),
            "transport_mode" => departure?.mode.as_str().into(),
            "departs_at" => short_time(departure?.departs_at).into(),
            "departs_at_with_century" => long_time(departure?.departs_at).into(),
            _ => return None,
        })
    }

    fn total(&self, field: &str) -> Option<Cow<'_, str>> {
        let hectograms =
            || self.receptacles.iter().map(|receptacle| receptacle.gross_weight.hectograms()).sum();
        let items =
            || self.receptacles.iter().map(|receptacle| u64::from(receptacle.item_count)).sum::<u64>();
        match field {
            "receptacle_count" => Some(self.receptacles.len().to_string().into()),
            "item_count" => Some(items().to_string().into()),
            "weight_kg" => Some(kilograms(hectograms()).into()),
            _ => None,
        }
    }
}

impl Receptacle {
    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        Some(match field {
            "kind" => self.kind.as_str().into(),
            "s9" => self.s9.to_string().into(),
            "subclass" => self.s9.dispatch.series().subclass.to_string().into(),
            "handling" => self.handling.as_str().into(),
            "weight_kg" => kilograms(self.gross_weight.hectograms()).into(),
            "item_count" => self.item_count.to_string().into(),
            "seal" => self.seal.as_deref()?.into(),
            _ => return None,
        })
    }
}

impl Item {
    fn value(&self, field: &str) -> Option<Cow<'static, str>> {
        match field {
            "s10" => Some(self.s10.to_string().into()),
            "handling" => Some(self.handling.as_str().into()),
            "weight_kg" => Some(self.gross_weight.kg().to_string().into()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
