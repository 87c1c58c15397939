//! Expressions of duty, as tariffs print them: `12.0%`, `10.20% + 93.10 EUR / 100 kg`,
//! `4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item`, `10, but not less than 0.5 EUR per kg`, `2.3¢/kg + 5%`, `Free`.
//!
//! What depends on the composition, the season or the entry price (`EA`, `ADSZ`, `ADFM`, alcohol by volume), or is
//! counted in a unit that declarations do not have (litres, pairs, metres), is not reckoned: it is told apart, so that
//! nobody takes it for nothing.

use std::borrow::Cow;

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

/// A sum of terms, at least the minimum, at most the maximum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Compound {
    /// The expression as the tariff prints it.
    pub(crate) text: Box<str>,
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
    /// Returns the expression as a tariff prints it.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Percent(rate) => Cow::Owned(format!("{}%", (*rate * Ratio::whole(100)).decimal(6))),
            Self::Compound(compound) => Cow::Borrowed(&compound.text),
            Self::Composite(text) => Cow::Borrowed(text),
        }
    }

    /// Returns whether it cannot be reckoned.
    pub(crate) fn is_composite(&self) -> bool {
        matches!(self, Self::Composite(_))
    }

    /// Reads an expression; what is not understood is [`Expression::Composite`].
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.eq_ignore_ascii_case("free") {
            return Self::Percent(Ratio::ZERO);
        }
        match compound(text) {
            Some(compound) => match compound.terms[..] {
                [Term::Percent(rate)] if compound.minimum.is_empty() && compound.maximum.is_empty() => {
                    Self::Percent(rate)
                }
                _ => Self::Compound(Box::new(compound)),
            },
            None => Self::Composite(Box::from(text)),
        }
    }
}

fn compound(text: &str) -> Option<Compound> {
    let (head, maximum) = cut(text, " MAX ");
    let (head, minimum) = match cut(head, " MIN ") {
        (head, None) => cut(head, ", but not less than "),
        found => found,
    };
    let terms = |text: &str| text.split('+').map(|part| term(part.trim())).collect::<Option<Vec<_>>>();
    let bound = |text: Option<&str>| text.map_or(Some(Vec::new()), terms);
    // The tariff of the EAEU leaves the percent sign out where a minimum follows: `10, but not less than 0.5 EUR per kg`.
    let is_bare = minimum.is_some() && text.contains(", but not less than ");
    let bare = Some(head).filter(|_| is_bare).and_then(|head| percentage(head.trim()));
    let own = bare.map_or_else(|| terms(head), |rate| Some(vec![Term::Percent(rate)]))?;
    Some(Compound { text: Box::from(text), terms: own, minimum: bound(minimum)?, maximum: bound(maximum)? })
}

fn cut<'a>(text: &'a str, at: &str) -> (&'a str, Option<&'a str>) {
    text.split_once(at).map_or((text, None), |(head, rest)| (head, Some(rest)))
}

fn term(text: &str) -> Option<Term> {
    if let Some(percent) = text.strip_suffix('%') {
        return percentage(percent.trim()).map(Term::Percent);
    }
    if let Some(amount) = text.strip_suffix(" each") {
        let (amount, currency) = price(amount.trim())?;
        return Some(Term::PerUnit(amount, currency));
    }
    let (amount, per) = text.split_once('/').or_else(|| text.split_once(" per "))?;
    let (amount, currency) = price(amount.trim())?;
    let per = per.trim();
    let digits =
        per.len() - per.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ',').len();
    let count = if digits == 0 { Ratio::ONE } else { number(&per[..digits])? };
    let amount = amount.checked_div(count)?;
    // What is counted in litres, pairs, metres or percent by volume asks for a figure that no declaration has.
    match per[digits..].trim() {
        "kg" => Some(Term::PerKilogram(amount, currency)),
        "tonne" | "tonnes" | "t" => {
            Some(Term::PerKilogram(amount.checked_div(Ratio::whole(1000))?, currency))
        }
        "item" | "items" | "No." | "head" => Some(Term::PerUnit(amount, currency)),
        "doz." => Some(Term::PerUnit(amount.checked_div(Ratio::whole(12))?, currency)),
        _ => None,
    }
}

/// Reads an amount with its currency: `93.10 EUR`, `$1.50`, or in cents of the US dollar `2.3c`, `2.3¢`.
fn price(text: &str) -> Option<(Ratio, Currency)> {
    if let Some(cents) = text.strip_suffix(['c', '¢']) {
        return Some((number(cents.trim())?.checked_div(Ratio::whole(100))?, Currency::USD));
    }
    if let Some(dollars) = text.strip_prefix('$') {
        return Some((number(dollars.trim())?, Currency::USD));
    }
    let (amount, currency) = text.split_once(' ')?;
    Some((number(amount)?, Currency::parse(currency.trim())?))
}

/// Reads a number with a point before its decimals and, maybe, commas between its thousands.
fn number(text: &str) -> Option<Ratio> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let is_grouped =
        !whole.contains(',') || ((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3));
    Ratio::parse(&text.replace(',', ""))
        .filter(|number| is_grouped && !number.is_negative() && !text.ends_with(','))
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
        for (text, mut compound) in [
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
            (
                "10, but not less than 0.5 EUR per kg",
                Compound { minimum: vec![per_kg("0.5", "EUR")], ..sum(&[percent(1, 10)]) },
            ),
            (
                "7.50% + 24.00 EUR / 100 kg MAX 18.00% + 1.00 EUR / kg",
                Compound {
                    maximum: vec![percent(18, 100), per_kg("1", "EUR")],
                    ..sum(&[percent(75, 1000), per_kg("0.24", "EUR")])
                },
            ),
            (
                "0.50 EUR / item MIN 2.7% MAX 5%",
                Compound {
                    minimum: vec![percent(27, 1000)],
                    maximum: vec![percent(5, 100)],
                    ..sum(&[per_unit("0.5")])
                },
            ),
            ("19.00 EUR / 1,000 items", sum(&[per_unit("0.019")])),
            ("1,750.00 EUR / tonne", sum(&[per_kg("1.75", "EUR")])),
            ("2.3c/kg", sum(&[per_kg("0.023", "USD")])),
            ("37.2¢/kg + 2%", sum(&[per_kg("0.372", "USD"), percent(2, 100)])),
            ("$1.035/kg", sum(&[per_kg("1.035", "USD")])),
            ("$1.50/t", sum(&[per_kg("0.0015", "USD")])),
            ("51¢ each", sum(&[Term::PerUnit(Ratio::new(51, 100), Currency::USD)])),
            ("0.9¢/doz.", sum(&[Term::PerUnit(Ratio::new(9, 12_000), Currency::USD)])),
        ] {
            compound.text = Box::from(text);
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
            // Litres, pairs and gross weight are not declared line by line.
            "32.00 EUR / hl",
            "1.4¢/liter",
            "90¢/pr. + 37.5%",
            "15.00% MIN 5.00 EUR / 100 kg / gross",
            // A bare number is a percentage only where the tariff of the EAEU prints it so.
            "8.30 + 90.20 EUR/100 kg",
            "10 MIN 0.5 EUR / kg",
            "10, but not less than ",
            "10, but not less than 0,5 EUR per kg",
            "1,00 EUR / kg",
            "1000,000 EUR / kg",
            ",100 EUR / kg",
            "-1 EUR / kg",
            "1 EUR / 0 kg",
            "Free (A, AU)",
            "The rate applicable to the article of which it is a part",
        ] {
            assert!(matches!(Expression::parse(text), Expression::Composite(_)), "{text:?}");
        }
    }
}
