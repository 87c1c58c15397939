//! Descriptions that say too little, and stopgaps in place of names.

use caravan_declaration::Party;
use caravan_postal::Field;

use crate::book::Book;
use crate::codes::{DESCRIPTION_PATTERN, DESCRIPTION_UNCLEAR, DESCRIPTION_VAGUE, NAME_UNCLEAR, NAME_VAGUE};
use crate::facts::Facts;
use crate::lexicon::Hit;
use crate::tables::{Standing, Tables, VagueEffect};

/// What vague terms do to one description: the weightiest effect with the term it comes from.
#[derive(Debug, Default)]
pub(crate) struct Words<'a> {
    found: Option<(VagueEffect, &'a str)>,
}

impl<'a> Words<'a> {
    /// Takes a term of a rule on vague descriptions into account.
    pub(crate) fn note(&mut self, tables: &Tables, facts: &Facts<'_>, rule: u16, hit: &Hit<'a>) {
        let rule = &tables.vague[usize::from(rule)];
        let effect = if hit.is_whole { rule.whole } else { rule.within };
        if effect == VagueEffect::Nothing || !rule.countries.contains(facts.destination) {
            return;
        }
        if rule.row.standing(facts.accepted_on, facts.options).is_none_or(|standing| !standing.acts()) {
            return;
        }
        if self.found.is_none_or(|(known, _)| known == VagueEffect::Warn && effect == VagueEffect::Hold) {
            self.found = Some((effect, hit.term));
        }
    }
}

/// Checks the shape and the vague terms of one description.
pub(super) fn check(
    tables: &Tables,
    facts: &Facts<'_>,
    index: usize,
    text: &str,
    words: &Words<'_>,
    book: &mut Book,
) {
    let field = Field::of_piece(index, "description");
    let is_shapeless = begins_a_word(text) || text.chars().all(char::is_whitespace);
    let pattern = tables.patterns.iter().filter(|_| !is_shapeless).find(|rule| {
        rule.pattern.fits(text)
            && rule.countries.contains(facts.destination)
            && rule.row.standing(facts.accepted_on, facts.options).is_some_and(Standing::acts)
    });
    if let Some(rule) = pattern {
        return book.find(field, DESCRIPTION_PATTERN.finding([rule.pattern.term()]));
    }
    match words.found {
        Some((VagueEffect::Hold, term)) => book.find(field, DESCRIPTION_VAGUE.finding([term])),
        Some((VagueEffect::Warn, term)) => book.find(field, DESCRIPTION_UNCLEAR.finding([term])),
        Some((VagueEffect::Nothing, _)) | None => {}
    }
}

/// Returns whether a text begins with a letter and another character: then it has none of the shapes, which is the case
/// of nearly every description and spares the slow tables of characters.
fn begins_a_word(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters.next();
    let is_letter = first.is_some_and(
        |letter| matches!(letter, 'a'..='z' | 'A'..='Z' | 'а'..='я' | 'А'..='Я' | '\u{4E00}'..='\u{9FFF}'),
    );
    is_letter && letters.next().is_some_and(|second| Some(second) != first)
}

/// Checks the names of both parties for stopgaps such as `unknown`.
pub(super) fn check_names(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    check_name(tables, facts, &facts.declaration.sender, "sender-name", book);
    check_name(tables, facts, &facts.declaration.addressee, "addressee-name", book);
}

fn check_name(tables: &Tables, facts: &Facts<'_>, party: &Party<'_>, field: &'static str, book: &mut Book) {
    let Some(name) = party.name.or(party.business) else { return };
    for (term, rule) in tables.lexicon.stopgaps(name) {
        let rule = &tables.vague[usize::from(rule)];
        let applies = rule.countries.contains(facts.destination)
            && rule.row.standing(facts.accepted_on, facts.options).is_some_and(Standing::acts);
        match rule.names {
            VagueEffect::Hold if applies => {
                return book.find(Field::of(field), NAME_VAGUE.finding([term]));
            }
            VagueEffect::Warn if applies => {
                return book.find(Field::of(field), NAME_UNCLEAR.finding([term]));
            }
            _ => {}
        }
    }
}
