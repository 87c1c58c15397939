//! The item's identifier and the offices of exchange.
//!
//! UPU S10-12: the first letters say the service, the last two who issued the number. A letter that is not assigned
//! (F, I, O, X, Y) or needs an agreement is worth a warning only: posts do use them.

use caravan_declaration::Identifier;
use caravan_postal::{Field, Impc, Indicator, MailClass, Nature};

use crate::book::Book;
use crate::codes::{OFFICE_UNKNOWN, S10_BILATERAL, S10_CLASS, S10_ISSUER, S10_MISSING, S10_UNASSIGNED};
use crate::facts::Facts;
use crate::tables::Tables;

const IDENTIFIER: Field = Field::of("identifier");

/// Checks identifier and offices.
pub(super) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    match facts.declaration.identifier {
        Some(Identifier::S10(_)) => check_s10(facts, book),
        // The reader has said what is wrong with it.
        Some(Identifier::Other(_)) => {}
        // Documents in letter post may travel by the bag, without an identity of their own.
        None if facts.is_documents && facts.class.is_none_or(|class| class == MailClass::Letters) => {}
        None => book.find(IDENTIFIER, S10_MISSING.finding([""; 0])),
    }
    let route = &facts.declaration.route;
    check_office(tables, facts, route.origin, "origin-office", book);
    check_office(tables, facts, route.destination, "destination-office", book);
}

fn check_s10(facts: &Facts<'_>, book: &mut Book) {
    let Some(s10) = facts.declaration.s10() else { return };
    // A returned item keeps the number of its first journey.
    let is_return = facts.declaration.nature == Some(Nature::Returned);
    if let Some(origin) = facts.origin
        && origin != s10.country()
        && !(is_return && facts.destination == Some(s10.country()))
    {
        book.find(IDENTIFIER, S10_ISSUER.finding([s10.country().as_str(), origin.as_str()]));
    }
    let indicated = match s10.indicator() {
        Indicator::Assigned(class) => Some(class),
        Indicator::Bilateral(class) => {
            book.find(IDENTIFIER, S10_BILATERAL.finding([""; 0]));
            class
        }
        Indicator::Unassigned => {
            book.find(IDENTIFIER, S10_UNASSIGNED.finding([""; 0]));
            None
        }
    };
    if let (Some(indicated), Some(declared)) = (indicated, facts.declaration.route.class)
        && indicated != declared
    {
        book.find(IDENTIFIER, S10_CLASS.finding([class_term(indicated), class_term(declared)]));
    }
}

fn check_office(
    tables: &Tables,
    facts: &Facts<'_>,
    office: Option<Impc>,
    field: &'static str,
    book: &mut Book,
) {
    let Some(office) = office else { return };
    if !tables.offices.list.contains(office) && !facts.options.offices.contains(&office) {
        book.find(Field::of(field), OFFICE_UNKNOWN.finding([office.as_str()]));
    }
}

/// Returns the word of the trade for a mail class.
pub(super) fn class_term(class: MailClass) -> &'static str {
    match class {
        MailClass::Letters => "@letters",
        MailClass::Parcels => "@parcels",
        MailClass::Ems => "@ems",
        MailClass::Empty => "@empty",
    }
}
