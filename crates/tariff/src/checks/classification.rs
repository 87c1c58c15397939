//! Commodity codes: there where they are asked for, and existing.

use caravan_postal::Field;

use crate::book::Book;
use crate::codes::{HS_DOUBTFUL, HS_EDITION, HS_MISSING, HS_SHORT, HS_UNKNOWN, HS_WANTED};
use crate::facts::Facts;
use crate::tables::{Standing, Tables};

/// The digits of a subheading, which every commodity code has.
const SUBHEADING: u8 = 6;

/// Checks the commodity code of every piece.
pub(super) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    if facts.is_documents {
        return;
    }
    let requirement = tables.hs_required.of_country(facts.destination).find_map(|rule| {
        let is_meant = rule.when.misfit(facts).is_none();
        let standing = rule.row.standing(facts.accepted_on, facts.options);
        standing.filter(|standing| is_meant && standing.acts()).map(|standing| (rule, standing))
    });
    let edition = tables.edition(facts.accepted_on);
    let has_edition = edition.row.covers(facts.accepted_on);
    if !has_edition && facts.declaration.pieces.iter().any(|piece| piece.hs.is_some()) {
        let last = edition.row.valid_to.map_or_else(String::new, |last| last.to_string());
        let arguments = [edition.row.id.to_string(), edition.row.valid_from.to_string(), last];
        book.find(Field::of("hs"), HS_EDITION.finding(arguments));
    }
    for (index, piece) in facts.declaration.pieces.iter().enumerate() {
        let field = Field::of_piece(index, "hs");
        if let Some(hs) = piece.hs
            && has_edition
            && !edition.list.contains(hs)
        {
            let is_asked = matches!(requirement, Some((_, Standing::Sure)));
            let code = if is_asked { &HS_UNKNOWN } else { &HS_DOUBTFUL };
            book.find(field, code.finding([hs.to_string()]));
            continue;
        }
        let Some((rule, standing)) = requirement else { continue };
        if piece.hs.is_some_and(|hs| hs.parts().1 >= rule.digits) {
            continue;
        }
        let arguments = [rule.digits.to_string(), rule.row.id.to_string()];
        match standing {
            Standing::Sure if rule.digits <= SUBHEADING => {
                book.find(field, HS_MISSING.finding([rule.row.id.as_str()]));
            }
            Standing::Sure => book.find(field, HS_SHORT.finding(arguments)),
            _ => book.find(field, HS_WANTED.finding(arguments)),
        }
    }
}
