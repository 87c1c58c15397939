//! Conditions of the filing that the destination's customs wants before the item arrives, asked while the sender can still
//! be asked.
//!
//! The conditions themselves are those under which `declaration` writes the filing; a row says where and since when they
//! hold. R3005, the number of the trader who files, is of the filing and not of the item: it is asked when it is written.

use caravan_declaration::ics2::Circumstances;

use crate::book::Book;
use crate::codes::{FILING_CONDITION, FILING_DOUBTFUL};
use crate::facts::Facts;
use crate::tables::{Filing, Standing, Tables};

/// Asks every condition of the filings of the destination.
pub(super) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    for rule in tables.filings.of_country(facts.destination) {
        let standing = rule.row.standing(facts.accepted_on, facts.options);
        let Some(standing) = standing.filter(|standing| standing.acts()) else { continue };
        if rule.when.misfit(facts).is_none() {
            ask(rule, standing, facts, book);
        }
    }
}

fn ask(rule: &Filing, standing: Standing, facts: &Facts<'_>, book: &mut Book) {
    let code = if standing == Standing::Sure { &FILING_CONDITION } else { &FILING_DOUBTFUL };
    for condition in &rule.conditions {
        for field in condition.unmet(facts.declaration, &Circumstances::default()) {
            // What another rule has found missing is not told twice.
            if book.findings.iter().any(|known| known.field == field && known.severity() >= code.severity) {
                continue;
            }
            let asked = format!("@filing-{}", condition.number.to_ascii_lowercase());
            book.find(field, code.finding([&*asked, condition.number, rule.row.id.as_str()]));
        }
    }
}
