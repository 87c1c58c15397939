//! The forms of the trade, drawn for print.
//!
//! Which boxes a form has follows the UPU Regulations as far as they could be read, and else what its purpose needs; the
//! table in the README says for each how sure that is. No official drawn layout was at hand: each form says at its foot
//! that its layout is not checked against the official one.

mod cancelled;
mod customs;
mod damage;
mod delivery;
mod dispatch;
mod empty;
mod folder;
mod inspection;
mod insured;
mod label;
mod list;
mod loading;
mod note;
mod road_bill;
mod special;
mod substitute;
mod transfer;
mod transit;
mod unit;
mod verification;

pub use cancelled::Cancellation;
pub use customs::{CustomsForm, address};
pub use damage::{DamageReport, DamagedContent};
pub use empty::{EmptyBill, EmptyReceptacles};
pub use folder::{DepartureFolder, FolderPart};
pub use inspection::{InspectionAct, Measure, TakenOut};
pub use insured::{InsuredItem, InsuredList};
pub use loading::LoadingList;
pub use note::{NoteLoad, RailNote, RoadNote};
pub use road_bill::{RoadBill, RoadLine};
pub use special::{ListedItem, SpecialList};
pub use substitute::SubstituteBill;
pub use transfer::{TransferLine, TransferSheet};
pub use transit::{TransitBill, TransitParcel};
pub use verification::{Irregularity, IrregularityKind, VerificationNote};

#[cfg(test)]
mod tests;
