//! Checks of what was declared: identifier, mandatory data, sums, codes, forms, limits, descriptions.

mod classification;
mod data;
mod description;
mod identifier;
mod limits;

use crate::book::Book;
use crate::facts::Facts;
use crate::tables::Tables;

pub(crate) use description::Words;

/// Runs every check that looks at the declaration as a whole.
pub(crate) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    identifier::check(tables, facts, book);
    data::check_mandatory(tables, facts, book);
    data::check_figures(facts, book);
    data::check_sums(facts, book);
    classification::check(tables, facts, book);
    limits::check_form(tables, facts, book);
    limits::check_limits(tables, facts, book);
    limits::check_plausibility(tables, facts, book);
    description::check_names(tables, facts, book);
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
