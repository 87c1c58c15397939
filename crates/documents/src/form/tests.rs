//! Each form in each language through one door: see [`crate::pdf::tests::check`].

use caravan_postal::{ContainerNumber, Impc, Language, SizeType};
use chrono::{NaiveDate, NaiveDateTime};

use crate::Office;
use crate::manifest::{Seal, SealKind, Unit};

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
mod loading;
mod note;
mod overlong;
mod road_bill;
mod special;
mod substitute;
mod transfer;
mod transit;
mod verification;

pub(crate) const URUMQI: &str = "乌鲁木齐国际邮件互换局";
pub(crate) const ALMATY: &str = "Алматы, халықаралық пошта алмасу орны №5";

/// Gives each kept text its language: Chinese, Russian, English.
pub(crate) fn named(names: [&str; 3]) -> impl Iterator<Item = (&str, Language)> {
    names.into_iter().zip([Language::Zh, Language::Ru, Language::En])
}

/// A container on a truck, with two seals.
pub(crate) fn boxed() -> (Unit, Vec<Seal>) {
    let seal = |number: &str, kind| Seal { number: number.to_owned(), kind: Some(kind) };
    let unit = Unit {
        container_number: ContainerNumber::parse("CSQU3054383").ok(),
        vehicle: Some("新A12345".to_owned()),
        size_type: SizeType::parse("45G1"),
    };
    (unit, vec![seal("CN0042", SealKind::HighSecurity), seal("HG7", SealKind::Customs)])
}

pub(crate) fn office(code: &str, name: &str) -> Office {
    Office { code: Impc::parse(code).unwrap(), name: name.to_owned(), is_synthetic: code == "CNXXXA" }
}

pub(crate) fn at(hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(hour, 5, 0).unwrap()
}
