//! Reads the packed form, from any bytes.

use std::sync::Arc;

use caravan_postal::{Currency, Grams, Money, Ratio, Rounding};
use chrono::NaiveDate;

use super::{DANGEROUS, PackedError};
use crate::trace::{Amount, Operation, Quantity, Quotation, Step, What};
use crate::{Assessment, Channel, Charge, ChargeKind, Decision, PhysicalOutcome, RowId};

/// The roundings in the order of the packed form.
const ROUNDINGS: &[Rounding] = &[Rounding::HalfUp, Rounding::Down, Rounding::Up];

/// A version of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// With the arithmetic of every charge, and without the entry.
    One,
    /// Without arithmetic: who wants it asks the engine again.
    Two,
}

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, PackedError> {
        let (first, rest) = self.bytes.split_first().ok_or(PackedError::Short)?;
        self.bytes = rest;
        Ok(*first)
    }

    /// Reads the content of a version.
    pub(super) fn assessment(&mut self, version: Version) -> Result<Assessment, PackedError> {
        let decision = self.named(Decision::ALL, "decision")?;
        let outcome = self.byte()?;
        let is_dangerous = outcome & DANGEROUS != 0;
        let physical = match (outcome & !DANGEROUS).checked_sub(1) {
            None => None,
            Some(index) => Some(named(PhysicalOutcome::ALL, index, "physical outcome")?),
        };
        let channel = self.named(Channel::ALL, "channel")?;
        let regime = self.row()?;
        let entry = if version == Version::Two { self.row()? } else { None };
        let charges = self.many(|reader| reader.charge(version))?;
        let findings = Vec::new();
        Ok(Assessment { decision, physical, is_dangerous, channel, findings, charges, regime, entry })
    }

    fn row(&mut self) -> Result<Option<RowId>, PackedError> {
        let id = self.text()?;
        Ok((!id.is_empty()).then(|| RowId::new(id)))
    }

    fn charge(&mut self, version: Version) -> Result<Charge, PackedError> {
        let kind = self.named(ChargeKind::ALL, "kind of charge")?;
        let flags = self.byte()?;
        if flags > 3 {
            return Err(PackedError::Value("flags"));
        }
        Ok(Charge {
            kind,
            is_estimate: flags & 1 == 1,
            is_unverified: flags & 2 == 2,
            amount: self.money()?,
            row: RowId::new(self.text()?),
            trace: if version == Version::One { self.many(Self::step)? } else { Vec::new() },
        })
    }

    fn step(&mut self) -> Result<Step, PackedError> {
        match self.byte()? {
            0 => {
                let what = self.named(What::ALL, "figure")?;
                let piece: u16 = self.number("piece")?;
                Ok(Step::Take { what, piece: (piece > 0).then_some(piece), quantity: self.quantity()? })
            }
            1 => Ok(Step::Convert { from: self.amount()?, to: self.amount()?, rate: self.quotation()? }),
            2 => Ok(Step::Reckon {
                what: self.named(What::ALL, "figure")?,
                operation: self.named(Operation::ALL, "operation")?,
                left: self.quantity()?,
                right: self.quantity()?,
                result: self.quantity()?,
            }),
            3 => {
                let rounding = self.named(ROUNDINGS, "rounding")?;
                Ok(Step::Round { from: self.amount()?, to: self.money()?, rounding })
            }
            4 => {
                let piece: u16 = self.number("piece")?;
                Ok(Step::Stand { piece: (piece > 0).then_some(piece), row: RowId::new(self.text()?) })
            }
            _ => Err(PackedError::Value("step")),
        }
    }

    fn quantity(&mut self) -> Result<Quantity, PackedError> {
        match self.byte()? {
            0 => self.amount().map(Quantity::Money),
            1 => self.number("weight").map(|weight| Quantity::Weight(Grams(weight))),
            2 => self.number("count").map(Quantity::Count),
            3 => self.ratio().map(Quantity::Rate),
            _ => Err(PackedError::Value("quantity")),
        }
    }

    fn quotation(&mut self) -> Result<Quotation, PackedError> {
        let authority = Arc::from(self.text()?);
        let currency = self.currency()?;
        let units = self.number("units")?;
        let value = self.ratio()?;
        let counter = self.currency()?;
        let first: i32 = self.signed("first day")?;
        let life: i32 = self.signed("last day")?;
        let day = |number: i32| NaiveDate::from_num_days_from_ce_opt(number).ok_or(PackedError::Value("day"));
        let valid_to = match life {
            0 => None,
            life => Some(day(first.checked_add(life - 1).ok_or(PackedError::Value("last day"))?)?),
        };
        let source = Arc::from(self.text()?);
        Ok(Quotation {
            authority,
            currency,
            units,
            value,
            counter,
            valid_from: day(first)?,
            valid_to,
            source,
            // The versions that had arithmetic knew no examples.
            is_example: false,
        })
    }

    fn amount(&mut self) -> Result<Amount, PackedError> {
        Ok(Amount { currency: self.currency()?, exact: self.ratio()? })
    }

    fn money(&mut self) -> Result<Money, PackedError> {
        Ok(Money { currency: self.currency()?, minor: self.signed("amount")? })
    }

    fn currency(&mut self) -> Result<Currency, PackedError> {
        let code = std::str::from_utf8(self.take(3)?).ok().and_then(Currency::parse);
        code.ok_or(PackedError::Value("currency"))
    }

    fn ratio(&mut self) -> Result<Ratio, PackedError> {
        let numerator = self.signed("numerator")?;
        let denominator: i128 = self.number("denominator")?;
        let is_fraction = denominator > 0 && numerator > i128::MIN;
        if is_fraction { Ok(Ratio::new(numerator, denominator)) } else { Err(PackedError::Value("fraction")) }
    }

    fn text(&mut self) -> Result<&'a str, PackedError> {
        let length: usize = self.number("length")?;
        std::str::from_utf8(self.take(length)?).map_err(|_| PackedError::Value("text"))
    }

    /// Reads a count and so many values. The count is no promise: memory grows with what is really there.
    fn many<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, PackedError>) -> Result<Vec<T>, PackedError> {
        let count: usize = self.number("count")?;
        let mut all = Vec::with_capacity(count.min(16));
        for _ in 0..count {
            all.push(read(self)?);
        }
        Ok(all)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], PackedError> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(PackedError::Short)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn named<T: Copy>(&mut self, all: &[T], what: &'static str) -> Result<T, PackedError> {
        let index = self.byte()?;
        named(all, index, what)
    }

    fn signed<T: TryFrom<i128>>(&mut self, what: &'static str) -> Result<T, PackedError> {
        let folded = self.folded(what)?;
        let size = i128::try_from(folded >> 1).map_err(|_| PackedError::Value(what))?;
        T::try_from(if folded & 1 == 1 { -size } else { size }).map_err(|_| PackedError::Value(what))
    }

    fn number<T: TryFrom<u128>>(&mut self, what: &'static str) -> Result<T, PackedError> {
        T::try_from(self.folded(what)?).map_err(|_| PackedError::Value(what))
    }

    fn folded(&mut self, what: &'static str) -> Result<u128, PackedError> {
        let mut value = 0u128;
        for shift in (0..126).step_by(7) {
            let byte = self.byte()?;
            value |= u128::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        // The nineteenth byte holds the last two bits.
        let byte = self.byte()?;
        if byte > 3 {
            return Err(PackedError::Value(what));
        }
        Ok(value | u128::from(byte) << 126)
    }
}

fn named<T: Copy>(all: &[T], index: u8, what: &'static str) -> Result<T, PackedError> {
    all.get(usize::from(index)).copied().ok_or(PackedError::Value(what))
}
