//! Commodity codes: there where they are asked for, and existing.

use caravan_postal::Field;

use crate::book::Book;
use crate::codes::{HS_DOUBTFUL, HS_MISSING, HS_UNKNOWN};
use crate::facts::Facts;
use crate::tables::{Standing, Tables};

/// Checks the commodity code of every piece.
pub(super) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    if facts.is_documents {
        return;
    }
    let requirement = tables.hs_required.iter().find(|rule| {
        rule.countries.contains(facts.destination)
            && rule.row.standing(facts.accepted_on, facts.options).is_some_and(Standing::acts)
            && rule.when.misfit(facts).is_none()
    });
    let has_edition = tables.subheadings.row.covers(facts.accepted_on);
    for (index, piece) in facts.declaration.pieces.iter().enumerate() {
        let field = Field::of_piece(index, "hs");
        match (piece.hs, requirement) {
            (None, Some(rule)) => book.find(field, HS_MISSING.finding([rule.row.id.as_str()])),
            (Some(hs), _) if !has_edition || tables.subheadings.list.contains(hs) => {}
            (Some(hs), Some(_)) => book.find(field, HS_UNKNOWN.finding([hs.to_string()])),
            (Some(hs), None) => book.find(field, HS_DOUBTFUL.finding([hs.to_string()])),
            (None, None) => {}
        }
    }
}
