//! What differs, as text and as JSON.

use std::fmt::Write as _;

use caravan_postal::{Currency, Language};
use serde_json::{Value, json};

use super::{Difference, Sums};
use crate::texts::CATALOGUE;

/// Returns an amount of minor units in major ones.
pub(super) fn major(minor: i128, currency: Currency) -> String {
    let decimals = currency.exponent() as usize;
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

fn term(name: &str, language: Language) -> &str {
    CATALOGUE.term(name, language)
}

impl Difference {
    /// Returns the difference as lines in a language.
    pub fn text(&self, language: Language) -> String {
        let mut text = format!("{} {} {}\n", self.item, self.destination, self.filed_on);
        if let Some(decisions) = self.decision {
            let [before, after] = decisions.map(|name| format!("@decision-{name}"));
            let (before, after) = (term(&before, language), term(&after, language));
            writeln!(text, "  {}: {before} → {after}", term("@label-decision", language)).expect(STRING);
        }
        for charge in &self.charges {
            let kind = format!("@charge-{}", charge.kind);
            let (before, after, currency) = (&charge.before, &charge.after, &charge.currency);
            let rows = charge.rows.join(", ");
            let rows = if rows.is_empty() { rows } else { format!(" ({rows})") };
            writeln!(text, "  {}: {before} → {after} {currency}{rows}", term(&kind, language)).expect(STRING);
        }
        if self.is_incomplete != [false; 2] {
            writeln!(text, "  {}", term("@whatif-incomplete", language)).expect(STRING);
        }
        for (mark, codes) in [("+", &self.added), ("−", &self.gone)] {
            for code in codes {
                writeln!(text, "  {mark} {code}").expect(STRING);
            }
        }
        text
    }
}

impl Sums {
    /// Returns the sums as lines in a language; of charges, those that differ.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        let judged = term("@whatif-judged", language);
        let changed = term("@whatif-changed", language);
        writeln!(text, "{judged}: {}; {changed}: {}", self.declarations, self.changed).expect(STRING);
        if self.incomplete > 0 {
            let incomplete = term("@whatif-incomplete", language);
            writeln!(text, "  {incomplete}: {}", self.incomplete).expect(STRING);
        }
        for ([before, after], items) in &self.decisions {
            let [before, after] = [before, after].map(|decision| format!("@decision-{}", decision.as_str()));
            let (before, after) = (term(&before, language), term(&after, language));
            writeln!(text, "  {before} → {after}: {items}").expect(STRING);
        }
        for ((destination, kind, currency), sum) in &self.charges {
            if sum.items == 0 {
                continue;
            }
            let kind = format!("@charge-{}", kind.as_str());
            let [before, after, difference] =
                [sum.before, sum.after, sum.after - sum.before].map(|minor| major(minor, *currency));
            let plus = if sum.after > sum.before { "+" } else { "" };
            writeln!(
                text,
                "  {destination} {}: {before} → {after} {currency} ({plus}{difference}; {changed}: {})",
                term(&kind, language),
                sum.items
            )
            .expect(STRING);
        }
        text
    }

    /// Returns the sums as JSON.
    pub fn json(&self) -> Value {
        let decisions = self.decisions.iter().map(|([before, after], items)| {
            json!({ "before": before.as_str(), "after": after.as_str(), "items": items })
        });
        let charges = self.charges.iter().filter(|(_, sum)| sum.items > 0);
        let charges = charges.map(|((destination, kind, currency), sum)| {
            json!({
                "destination": destination,
                "kind": kind.as_str(),
                "currency": currency.as_str(),
                "before": major(sum.before, *currency),
                "after": major(sum.after, *currency),
                "difference": major(sum.after - sum.before, *currency),
                "items": sum.items,
            })
        });
        json!({
            "declarations": self.declarations,
            "changed": self.changed,
            "incomplete": self.incomplete,
            "decisions": decisions.collect::<Vec<_>>(),
            "charges": charges.collect::<Vec<_>>(),
        })
    }
}

const STRING: &str = "writing into a string does not fail";

#[cfg(test)]
mod tests {
    use caravan_postal::Currency;

    use super::major;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (minor, currency, expected) in [
            (0, "EUR", "0.00"),
            (-5, "EUR", "-0.05"),
            (12345, "USD", "123.45"),
            (7, "JPY", "7"),
            (1234, "KWD", "1.234"),
        ] {
            assert_eq!(major(minor, Currency::parse(currency).unwrap()), expected);
        }
    }
}
