//! The Union's import control for mail (ICS2): referrals and their answers, the postal filings, and their conditions.
//!
//! - ITMREF and REFRSP are read and written as [`Referral`] and [`ReferralAnswer`]. Only the names of these messages
//!   are known; the layouts are ours.
//! - IE3F43 and IE3F44 are written for a partner in the Union who files: see [`write_ie3f43`] and [`write_ie3f44`].
//! - [`conditions`] checks a declaration against the conditions and rules that such a filing has to meet.
//!
//! The layouts are profiles, not checked against the official text, and no filing made from them was ever accepted.

mod carried;
mod conditions;
mod filing;
mod referral;

pub use conditions::{CONDITIONS, Circumstances, Condition, conditions};
pub(crate) use conditions::{is_eori, is_telephone};
pub use filing::{Filing, FilingWriter, HeldItem, Trader, TraderAddress, write_ie3f43, write_ie3f44};
pub use referral::{
    ReadReferral, ReadReferralAnswer, Referral, ReferralAnswer, ReferralKind, ReferralWriter,
    read_referral_answers, read_referrals,
};
