//! Descriptions that say too little, and stopgaps in place of names.

use caravan_declaration::Party;
use caravan_postal::{Code, Field};

use crate::book::Book;
use crate::codes::{
    ADDRESS_UNCLEAR, ADDRESS_VAGUE, DESCRIPTION_PATTERN, DESCRIPTION_UNCLEAR, DESCRIPTION_VAGUE,
    NAME_UNCLEAR, NAME_VAGUE,
};
use crate::facts::Facts;
use crate::lexicon::Hit;
use crate::tables::{PatternRule, Standing, Tables, VagueEffect};

/// What vague terms do to one description: the weightiest effect with the term it comes from.
#[derive(Debug, Default)]
pub(crate) struct Words<'a> {
    found: Option<(VagueEffect, &'a str)>,
}

impl<'a> Words<'a> {
    /// Takes a term of a rule on vague descriptions into account.
    pub(crate) fn note(&mut self, tables: &Tables, facts: &Facts<'_>, rule: u16, hit: &Hit<'a>) {
        let rule = &tables.vague[usize::from(rule)];
        let effect = match &rule.within_holds_by {
            _ if hit.is_whole => rule.whole,
            Some(reading) if reading.is_chosen(facts.options) => VagueEffect::Hold,
            _ => rule.within,
        };
        if effect == VagueEffect::Nothing || !rule.countries.contains(facts.destination) {
            return;
        }
        let effect = effect.by(rule.row.standing(facts.accepted_on, facts.options));
        if effect == VagueEffect::Nothing {
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
    match pattern(tables, facts, text) {
        Some((rule, Standing::Sure)) => {
            return book.find(field, DESCRIPTION_PATTERN.finding([rule.pattern.term()]));
        }
        Some((rule, _)) => return book.find(field, DESCRIPTION_UNCLEAR.finding([rule.pattern.term()])),
        None => {}
    }
    // That there are documents inside is all that there is to say of them.
    if facts.is_documents {
        return;
    }
    match words.found {
        Some((VagueEffect::Hold, term)) => book.find(field, DESCRIPTION_VAGUE.finding([term])),
        Some((VagueEffect::Warn, term)) => book.find(field, DESCRIPTION_UNCLEAR.finding([term])),
        Some((VagueEffect::Nothing, _)) | None => {}
    }
}

/// Returns the first row on shapes whose shape a text has.
fn pattern<'t>(tables: &'t Tables, facts: &Facts<'_>, text: &str) -> Option<(&'t PatternRule, Standing)> {
    if begins_a_word(text) || text.chars().all(char::is_whitespace) {
        return None;
    }
    tables.patterns.of_country(facts.destination).find_map(|rule| {
        let is_meant = rule.pattern.fits(text);
        let standing = rule.row.standing(facts.accepted_on, facts.options);
        standing.filter(|standing| is_meant && standing.acts()).map(|standing| (rule, standing))
    })
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

/// Checks names and addresses of both parties for stopgaps such as `unknown`.
pub(super) fn check_parties(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    const NAMES: [&Code; 2] = [&NAME_VAGUE, &NAME_UNCLEAR];
    const ADDRESSES: [&Code; 2] = [&ADDRESS_VAGUE, &ADDRESS_UNCLEAR];
    let (sender, addressee) = (&facts.declaration.sender, &facts.declaration.addressee);
    let texts = [
        (name(sender), "sender-name", NAMES),
        (name(addressee), "addressee-name", NAMES),
        (sender.street, "sender-street", ADDRESSES),
        (addressee.street, "addressee-street", ADDRESSES),
        (sender.city, "sender-city", ADDRESSES),
        (addressee.city, "addressee-city", ADDRESSES),
    ];
    for (text, field, codes) in texts {
        if let Some(text) = text {
            check_text(tables, facts, text, Field::of(field), codes, book);
        }
    }
}

fn name<'a>(party: &Party<'a>) -> Option<&'a str> {
    party.name.or(party.business)
}

/// Says the weightiest that a stopgap does to a text; `codes` are what holds and what warns.
fn check_text(
    tables: &Tables,
    facts: &Facts<'_>,
    text: &str,
    field: Field,
    codes: [&'static Code; 2],
    book: &mut Book,
) {
    let mut doubt = None;
    for (term, rule) in tables.lexicon.stopgaps(text) {
        let rule = &tables.vague[usize::from(rule)];
        if !rule.countries.contains(facts.destination) {
            continue;
        }
        match rule.names.by(rule.row.standing(facts.accepted_on, facts.options)) {
            VagueEffect::Hold => return book.find(field, codes[0].finding([term])),
            VagueEffect::Warn => doubt = doubt.or(Some(term)),
            VagueEffect::Nothing => {}
        }
    }
    if let Some(term) = doubt {
        book.find(field, codes[1].finding([term]));
    }
}
