//! A consignment written as PRECON or as CARDIT.

use std::borrow::Cow;

use caravan_postal::{Grams, S9, WeightField};

use super::{Consignment, Function, Receptacle, Unit};
use crate::profile::values::{kilograms, long_time, short_time};
use crate::profile::{Profile, ProfileWriteError};
use crate::{Writer, receptacles};

/// Why a consignment cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsignmentError {
    /// It has no receptacle, and is not cancelled.
    #[error("cannot write consignment `{0}`: it has no receptacle")]
    Empty(String),
    /// A receptacle is in it twice.
    #[error("cannot write receptacle `{0}`: it is in the consignment twice")]
    Repeated(S9),
    /// The label says another weight than the scale.
    #[error("cannot write receptacle `{s9}`: the scale says {grams} g")]
    Weight {
        /// The receptacle.
        s9: S9,
        /// The gross weight.
        grams: u64,
    },
    /// A receptacle without its gross weight.
    #[error("cannot write receptacle `{0}`: it has no gross weight")]
    Unweighed(S9),
    /// A receptacle is in a unit that the consignment does not have.
    #[error("cannot write receptacle `{s9}`: the consignment has no unit `{unit}`")]
    Unit {
        /// The receptacle.
        s9: S9,
        /// The number of the unit.
        unit: String,
    },
    /// The message cannot be written.
    #[error("cannot write consignment `{id}`")]
    Profile {
        /// The consignment.
        id: String,
        /// Why.
        #[source]
        source: ProfileWriteError,
    },
}

/// Writes a consignment by a layout of PRECON or CARDIT, as one message of the open interchange.
///
/// After an error the interchange is as it was before.
pub fn write(
    writer: &mut Writer,
    profile: &Profile,
    reference: &str,
    consignment: &Consignment,
) -> Result<(), ConsignmentError> {
    consignment.check()?;
    let sections = |writer: &mut Writer| {
        profile.write(writer, "consignment", &|field| consignment.value(field))?;
        for leg in &consignment.legs {
            profile.write(writer, "leg", &|field| leg.value(field))?;
        }
        for unit in &consignment.units {
            profile.write(writer, "unit", &|field| unit.value(field))?;
            for seal in &unit.seals {
                profile.write(writer, "seal", &|field| (field == "seal").then(|| seal.into()))?;
            }
        }
        for receptacle in &consignment.receptacles {
            profile.write(writer, "receptacle", &|field| receptacle.value(field))?;
        }
        if profile.has_section("total") {
            profile.write(writer, "total", &|field| consignment.value(field))?;
        }
        Ok(())
    };
    let id = || consignment.id.clone().unwrap_or_default();
    profile
        .write_message(writer, reference, sections)
        .map_err(|source| ConsignmentError::Profile { id: id(), source })
}

impl Consignment {
    /// Asserts what must agree between our own labels and the message, as for a dispatch. Another office's receptacle
    /// that customs opened on the way keeps its label and has a new weight, and the message says the new one.
    fn check(&self) -> Result<(), ConsignmentError> {
        if self.receptacles.is_empty() && self.function != Some(Function::Cancellation) {
            return Err(ConsignmentError::Empty(self.id.clone().unwrap_or_default()));
        }
        if let Some(s9) = receptacles::repeated(self.receptacles.iter().map(|receptacle| receptacle.s9)) {
            return Err(ConsignmentError::Repeated(s9));
        }
        let units = self.unit_numbers();
        for receptacle in &self.receptacles {
            let s9 = receptacle.s9;
            let weight = receptacle.gross_weight.ok_or(ConsignmentError::Unweighed(s9))?;
            let is_own = Some(s9.dispatch.series().origin) == self.origin;
            if is_own && s9.weight != WeightField::of(weight) {
                return Err(ConsignmentError::Weight { s9, grams: weight.0 });
            }
            let unit = receptacle.unit.as_deref();
            if let Some(unit) = unit.filter(|unit| !units.contains(unit)) {
                return Err(ConsignmentError::Unit { s9, unit: unit.to_owned() });
            }
        }
        Ok(())
    }

    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        let handover = self.handover.as_ref();
        let hectograms = || {
            let weights = self.receptacles.iter().filter_map(|receptacle| receptacle.gross_weight);
            weights.map(Grams::hectograms).sum()
        };
        Some(match field {
            "consignment" => self.id.as_deref()?.into(),
            "function" => self.function?.as_str().into(),
            "completed_at" => short_time(self.completed_at?).into(),
            "completed_at_with_century" => long_time(self.completed_at?).into(),
            "bill" => self.bill.as_deref()?.into(),
            "category" => self.category?.as_str().into(),
            "class" => self.class?.as_str().into(),
            "origin" => self.origin?.to_string().into(),
            "destination" => self.destination?.to_string().into(),
            "handover" => handover?.code.as_str().into(),
            "handover_agency" => handover?.agency.as_deref()?.into(),
            "handover_name" => handover?.name.as_deref()?.into(),
            "receptacle_count" => self.receptacles.len().to_string().into(),
            "total_weight_kg" => kilograms(hectograms()).into(),
            _ => return None,
        })
    }
}

impl Unit {
    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        Some(match field {
            "equipment" => self.equipment.as_str().into(),
            "number" => self.number.as_str().into(),
            "size_type" => self.size_type.as_deref()?.into(),
            "net_weight_kg" => kilograms(self.net_weight?.hectograms()).into(),
            _ => return None,
        })
    }
}

impl Receptacle {
    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        Some(match field {
            "kind" => self.kind?.as_str().into(),
            "s9" => self.s9.to_string().into(),
            "subclass" => self.s9.dispatch.series().subclass.to_string().into(),
            "handling" => self.handling?.as_str().into(),
            "weight_kg" => kilograms(self.gross_weight?.hectograms()).into(),
            "unit" => self.unit.as_deref()?.into(),
            _ => return None,
        })
    }
}
