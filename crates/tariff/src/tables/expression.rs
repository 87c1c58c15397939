//! Expressions of duty, as tariffs print them: `12.0%`, `10.20% + 93.10 EUR / 100 kg`,
//! `4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item`, `Free`.
//!
//! What depends on the composition, the season or the entry price (`EA`, `ADSZ`, `ADFM`, alcohol by volume) is not
//! reckoned here: it is told apart, so that nobody takes it for nothing.

use caravan_postal::{Currency, Ratio};

/// A rate of duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    /// A rate by value alone, the commonest.
    Percent(Ratio),
    /// A sum of terms within bounds.
    Compound(Box<Compound>),
    /// Something that needs more than value, weight and units.
    Composite(Box<str>),
}

/// A sum of terms, at least the largest minimum, at most the smallest maximum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Compound {
    pub(crate) terms: Vec<Term>,
    pub(crate) minimum: Vec<Term>,
    pub(crate) maximum: Vec<Term>,
}

/// One term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    /// A share of the value.
    Percent(Ratio),
    /// An amount of a currency per kilogram of net weight.
    PerKilogram(Ratio, Currency),
    /// An amount of a currency per unit.
    PerUnit(Ratio, Currency),
}

impl Expression {
    /// Reads an expression; what is not understood is [`Expression::Composite`].
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.eq_ignore_ascii_case("free") {
            return Self::Percent(Ratio::ZERO);
        }
        match compound(text) {
            Some(Compound { terms, minimum, maximum }) if minimum.is_empty() && maximum.is_empty() => {
                match terms[..] {
                    [Term::Percent(rate)] => Self::Percent(rate),
                    _ => Self::Compound(Box::new(Compound { terms, minimum, maximum })),
                }
            }
            Some(compound) => Self::Compound(Box::new(compound)),
            None => Self::Composite(Box::from(text)),
        }
    }
}

fn compound(text: &str) -> Option<Compound> {
    let mut compound = Compound::default();
    let (head, maximum) = text.split_once(" MAX ").map_or((text, None), |(head, rest)| (head, Some(rest)));
    let (head, minimum) = match head.split_once(" MIN ") {
        Some((head, rest)) => (head, Some(rest)),
        None => {
            head.split_once(", but not less than ").map_or((head, None), |(head, rest)| (head, Some(rest)))
        }
    };
    let terms = |text: &str| text.split('+').map(|part| term(part.trim())).collect::<Option<Vec<_>>>();
    compound.terms = terms(head)?;
    compound.minimum = minimum.map_or(Some(Vec::new()), terms)?;
    compound.maximum = maximum.map_or(Some(Vec::new()), terms)?;
    Some(compound)
}

fn term(text: &str) -> Option<Term> {
    if let Some(percent) = text.strip_suffix('%') {
        return percentage(percent.trim()).map(Term::Percent);
    }
    let (amount, per) = text.split_once('/').or_else(|| text.split_once(" per "))?;
    let (number, currency) = amount.trim().split_once(' ')?;
    let amount = Ratio::parse(number)?;
    let currency = Currency::parse(currency.trim())?;
    let per = per.trim().replace(' ', "");
    let digits = per.len() - per.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let count = if digits == 0 { Ratio::ONE } else { Ratio::parse(&per[..digits])? };
    match &per[digits..] {
        "kg" => Some(Term::PerKilogram(amount.checked_div(count)?, currency)),
        "tonne" => {
            let kilograms = count.checked_mul(Ratio::whole(1000))?;
            Some(Term::PerKilogram(amount.checked_div(kilograms)?, currency))
        }
        "item" | "items" => Some(Term::PerUnit(amount.checked_div(count)?, currency)),
        _ => None,
    }
}

/// Reads `15` as 3/20.
pub(crate) fn percentage(text: &str) -> Option<Ratio> {
    Ratio::parse(text)?.checked_div(Ratio::whole(100))
}

#[cfg(test)]
mod tests {
    use caravan_postal::{Currency, Ratio};

    use super::{Compound, Expression, Term};

    #[test]
    fn reads_what_value_weight_and_units_decide() {
        let percent = |numerator, denominator| Term::Percent(Ratio::new(numerator, denominator));
        let per_kg = |text, currency| {
            Term::PerKilogram(Ratio::parse(text).unwrap(), Currency::parse(currency).unwrap())
        };
        let per_unit = |text| Term::PerUnit(Ratio::parse(text).unwrap(), Currency::EUR);
        let sum = |terms: &[Term]| Compound { terms: terms.to_vec(), ..Compound::default() };
        for (text, compound) in [
            ("10.20% + 93.10 EUR / 100 kg", sum(&[percent(102, 1000), per_kg("0.931", "EUR")])),
            ("4.50 GBP/100kg", sum(&[per_kg("0.045", "GBP")])),
            ("12.00 EUR / tonne", sum(&[per_kg("0.012", "EUR")])),
            (
                "4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item",
                Compound {
                    minimum: vec![per_unit("0.3")],
                    maximum: vec![per_unit("0.8")],
                    ..sum(&[percent(45, 1000)])
                },
            ),
            (
                "10%, but not less than 0.5 EUR per kg",
                Compound { minimum: vec![per_kg("0.5", "EUR")], ..sum(&[percent(1, 10)]) },
            ),
        ] {
            assert_eq!(Expression::parse(text), Expression::Compound(Box::new(compound)), "{text}");
        }
        for (text, rate) in [("12.0%", Ratio::new(12, 100)), ("Free", Ratio::ZERO), ("0.0%", Ratio::ZERO)] {
            assert_eq!(Expression::parse(text), Expression::Percent(rate), "{text}");
        }
    }

    #[test]
    fn tells_apart_what_it_cannot_reckon() {
        for text in [
            "8.30% +  EA MAX 18.70%  + ADSZ",
            "Entry Price",
            "0.60 EUR / % vol / hl",
            "17.60% (1 JAN-14 FEB), 12.00% (15 FEB-31 DEC)",
            "4.60 GBP/100kg/net/%sacchar.",
            "",
            "%",
            "1 EUR",
            "1 XXX / kg",
        ] {
            assert!(matches!(Expression::parse(text), Expression::Composite(_)), "{text:?}");
        }
    }
}
