//! Each form in each language through one door: see [`crate::pdf::tests::check`].

use caravan_postal::Impc;
use chrono::{NaiveDate, NaiveDateTime};

use crate::Office;

mod customs;
mod delivery;
mod dispatch;
mod label;
mod special;

pub(crate) fn office(code: &str, name: &str) -> Office {
    Office { code: Impc::parse(code).unwrap(), name: name.to_owned(), is_synthetic: code == "CNXXXA" }
}

pub(crate) fn at(hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(hour, 5, 0).unwrap()
}
