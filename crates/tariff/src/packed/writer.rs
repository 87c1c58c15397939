//! Writes the packed form.

use caravan_postal::{Currency, Money, Ratio, Rounding};
use chrono::{Datelike, NaiveDate};

use crate::trace::{Amount, Operation, Quantity, Quotation, Step, What};
use crate::{Assessment, Channel, Charge, ChargeKind, Decision, PhysicalOutcome};

/// Returns the place of a value in the list of all: what stands for it in the packed form.
fn place<T: PartialEq>(all: &[T], value: &T) -> u8 {
    let index = all.iter().position(|known| known == value).expect("a list of all values has each");
    u8::try_from(index).expect("lists of names are short")
}

pub(super) fn assessment(assessment: &Assessment, bytes: &mut Vec<u8>) {
    bytes.push(place(Decision::ALL, &assessment.decision));
    bytes.push(assessment.physical.map_or(0, |physical| place(PhysicalOutcome::ALL, &physical) + 1));
    bytes.push(place(Channel::ALL, &assessment.channel));
    text(assessment.regime.as_ref().map_or("", |row| row.as_str()), bytes);
    number(assessment.charges.len() as u128, bytes);
    assessment.charges.iter().for_each(|one| charge(one, bytes));
}

fn charge(charge: &Charge, bytes: &mut Vec<u8>) {
    bytes.push(place(ChargeKind::ALL, &charge.kind));
    bytes.push(u8::from(charge.is_estimate) | u8::from(charge.is_unverified) << 1);
    money(charge.amount, bytes);
    text(charge.row.as_str(), bytes);
    number(charge.trace.len() as u128, bytes);
    charge.trace.iter().for_each(|one| step(one, bytes));
}

fn step(step: &Step, bytes: &mut Vec<u8>) {
    match step {
        Step::Take { what, piece, quantity: taken } => {
            bytes.extend([0, place(What::ALL, what)]);
            number(u128::from(piece.unwrap_or(0)), bytes);
            quantity(taken, bytes);
        }
        Step::Convert { from, to, rate } => {
            bytes.push(1);
            amount(*from, bytes);
            amount(*to, bytes);
            quotation(rate, bytes);
        }
        Step::Reckon { what, operation, left, right, result } => {
            bytes.extend([2, place(What::ALL, what), place(Operation::ALL, operation)]);
            for one in [left, right, result] {
                quantity(one, bytes);
            }
        }
        Step::Round { from, to, rounding } => {
            bytes.extend([3, place(ROUNDINGS, rounding)]);
            amount(*from, bytes);
            money(*to, bytes);
        }
        Step::Stand { piece, row } => {
            bytes.push(4);
            number(u128::from(piece.unwrap_or(0)), bytes);
            text(row.as_str(), bytes);
        }
    }
}

/// The roundings in the order of the packed form.
pub(super) const ROUNDINGS: &[Rounding] = &[Rounding::HalfUp, Rounding::Down, Rounding::Up];

fn quantity(quantity: &Quantity, bytes: &mut Vec<u8>) {
    match quantity {
        Quantity::Money(exact) => {
            bytes.push(0);
            amount(*exact, bytes);
        }
        Quantity::Weight(weight) => {
            bytes.push(1);
            number(u128::from(weight.0), bytes);
        }
        Quantity::Count(count) => {
            bytes.push(2);
            number(u128::from(*count), bytes);
        }
        Quantity::Rate(rate) => {
            bytes.push(3);
            ratio(*rate, bytes);
        }
    }
}

fn quotation(rate: &Quotation, bytes: &mut Vec<u8>) {
    text(&rate.authority, bytes);
    currency(rate.currency, bytes);
    number(u128::from(rate.units), bytes);
    ratio(rate.value, bytes);
    currency(rate.counter, bytes);
    signed(i128::from(day(rate.valid_from)), bytes);
    // Nothing ends before it begins, so the length of its life plus one tells an end from none.
    let last = rate.valid_to.map_or(0, |last| i64::from(day(last)) - i64::from(day(rate.valid_from)) + 1);
    signed(i128::from(last), bytes);
    text(&rate.source, bytes);
}

fn day(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

fn amount(amount: Amount, bytes: &mut Vec<u8>) {
    currency(amount.currency, bytes);
    ratio(amount.exact, bytes);
}

fn money(money: Money, bytes: &mut Vec<u8>) {
    currency(money.currency, bytes);
    signed(i128::from(money.minor), bytes);
}

fn currency(currency: Currency, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(currency.as_str().as_bytes());
}

fn ratio(ratio: Ratio, bytes: &mut Vec<u8>) {
    let (numerator, denominator) = ratio.parts();
    signed(numerator, bytes);
    number(denominator.unsigned_abs(), bytes);
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
