//! Checks of what was declared: identifier, mandatory data, sums, codes, forms, limits, figures, descriptions.
//!
//! A row in force holds; one that is not confirmed warns where it would hold.

mod classification;
mod data;
mod description;
mod figures;
mod filing;
mod identifier;
mod limits;
mod prepaid;
mod value;

use crate::book::Book;
use crate::facts::Facts;
use crate::tables::Tables;

pub(crate) use description::Words;
pub(crate) use figures::{Figures, Worth};
pub(crate) use prepaid::wrong_number;

/// Runs every check that looks at the declaration as a whole.
pub(crate) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    identifier::check(tables, facts, book);
    data::check_mandatory(tables, facts, book);
    data::check_figures(facts, book);
    data::check_sums(facts, book);
    classification::check(tables, facts, book);
    filing::check(tables, facts, book);
    prepaid::check(tables, facts, book);
    value::check(facts, book);
    limits::check_form(tables, facts, book);
    limits::check_limits(tables, facts, book);
    description::check_parties(tables, facts, book);
}

/// Checks one description, whose vague terms were found.
pub(crate) fn check_description(
    tables: &Tables,
    facts: &Facts<'_>,
    index: usize,
    text: &str,
    words: &Words<'_>,
    book: &mut Book,
) {
    description::check(tables, facts, index, text, words, book);
}

/// Checks the figures of the item as a whole against what items weigh and are worth.
pub(crate) fn check_figures<'t>(
    tables: &'t Tables,
    facts: &Facts<'_>,
    worth: &mut Worth<'t>,
    book: &mut Book,
) {
    figures::check(tables, facts, worth, book);
}

/// Checks the figures of one piece against what its goods weigh and are worth.
pub(crate) fn check_piece<'t>(
    tables: &'t Tables,
    facts: &Facts<'_>,
    index: usize,
    figures: &Figures,
    worth: &mut Worth<'t>,
    book: &mut Book,
) {
    figures::check_piece(tables, facts, index, figures, worth, book);
}
