//! Writes the packed form.

use caravan_postal::Money;

use super::DANGEROUS;
use crate::{Assessment, Channel, Charge, ChargeKind, Decision, PhysicalOutcome, RowId};

/// Returns the place of a value in the list of all: what stands for it in the packed form.
fn place<T: PartialEq>(all: &[T], value: &T) -> u8 {
    let index = all.iter().position(|known| known == value).expect("a list of all values has each");
    u8::try_from(index).expect("lists of names are short")
}

pub(super) fn assessment(assessment: &Assessment, bytes: &mut Vec<u8>) {
    bytes.push(place(Decision::ALL, &assessment.decision));
    let physical = assessment.physical.map_or(0, |physical| place(PhysicalOutcome::ALL, &physical) + 1);
    bytes.push(physical | if assessment.is_dangerous { DANGEROUS } else { 0 });
    bytes.push(place(Channel::ALL, &assessment.channel));
    row(assessment.regime.as_ref(), bytes);
    row(assessment.entry.as_ref(), bytes);
    number(assessment.charges.len() as u128, bytes);
    assessment.charges.iter().for_each(|one| charge(one, bytes));
}

fn charge(charge: &Charge, bytes: &mut Vec<u8>) {
    bytes.push(place(ChargeKind::ALL, &charge.kind));
    bytes.push(u8::from(charge.is_estimate) | u8::from(charge.is_unverified) << 1);
    money(charge.amount, bytes);
    text(charge.row.as_str(), bytes);
}

fn row(row: Option<&RowId>, bytes: &mut Vec<u8>) {
    text(row.map_or("", RowId::as_str), bytes);
}

fn money(money: Money, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(money.currency.as_str().as_bytes());
    signed(i128::from(money.minor), bytes);
}

fn text(text: &str, bytes: &mut Vec<u8>) {
    number(text.len() as u128, bytes);
    bytes.extend_from_slice(text.as_bytes());
}

fn signed(value: i128, bytes: &mut Vec<u8>) {
    number(value.unsigned_abs() << 1 | u128::from(value < 0), bytes);
}

fn number(mut value: u128, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push((value & 0x7F) as u8);
}
