//! Lithium batteries: by UN number, energy, count and whether they are installed, on the way of carriage at hand.
//!
//! Several rows may stand for the legs of one way; all are asked, so the strictest leg wins.

use caravan_declaration::{Battery as Declared, DocumentKind, Piece};
use caravan_postal::Field;

use crate::Flow;
use crate::book::Book;
use crate::codes::{
    BATTERY_CELLS, BATTERY_CONDITIONAL, BATTERY_DETAILS, BATTERY_PAPERS, BATTERY_PROHIBITED,
    BATTERY_SENSITIVE,
};
use crate::facts::Facts;
use crate::tables::{Battery, Standing, Tables, Weight, not_on};

/// How a declared battery stands to what a rule bears.
enum Verdict {
    Borne,
    TooMuch,
    NotSaid,
    /// Borne where each battery is a single cell, which no declaration says.
    IfCells,
}

/// Judges every battery of an export.
pub(super) fn judge(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    if facts.flow == Flow::Import {
        return;
    }
    for (index, piece) in facts.declaration.pieces.iter().enumerate() {
        match piece.battery {
            Some(battery) => judge_declared(tables, facts, index, &battery, book),
            None => ask(tables, facts, index, piece, book),
        }
    }
}

fn judge_declared(tables: &Tables, facts: &Facts<'_>, index: usize, battery: &Declared, book: &mut Book) {
    let field = Field::of_piece(index, "battery");
    for rule in tables.batteries.rows.iter().filter(|rule| rule.means(battery)) {
        if let Some(why) = rule.when.misfit(facts) {
            book.pass(&rule.row, why);
            continue;
        }
        let Some(standing) = rule.row.standing(facts.filed_on, facts.options) else {
            book.pass(&rule.row, not_on(&rule.row, facts.filed_on));
            continue;
        };
        let arguments = [format!("UN {}", battery.un_number), rule.row.id.to_string()];
        match verdict(rule, facts, battery) {
            Verdict::Borne => ask_for_papers(rule, facts, field, battery, book),
            Verdict::IfCells if standing == Standing::Sure => {
                book.find(field, BATTERY_CELLS.finding(arguments));
            }
            Verdict::NotSaid if standing == Standing::Sure => {
                book.find(field, BATTERY_DETAILS.finding([rule.row.id.as_str()]));
            }
            Verdict::NotSaid | Verdict::IfCells => book.find(field, BATTERY_SENSITIVE.finding(arguments)),
            Verdict::TooMuch => match (standing, rule.weight) {
                (Standing::Sure, Weight::Prohibited) => {
                    book.put(rule.outcome);
                    book.find(field, BATTERY_PROHIBITED.finding(arguments));
                }
                (Standing::Unsure, Weight::Prohibited) | (Standing::Sure, Weight::Conditional) => {
                    book.find(field, BATTERY_CONDITIONAL.finding(arguments));
                }
                _ => book.find(field, BATTERY_SENSITIVE.finding(arguments)),
            },
        }
    }
}

impl Battery {
    /// Returns whether the rule is for batteries such as a declared one.
    fn means(&self, declared: &Declared) -> bool {
        self.un_numbers.contains(&declared.un_number)
            && self.is_installed.is_none_or(|is_installed| is_installed == declared.is_installed)
    }
}

fn verdict(rule: &Battery, facts: &Facts<'_>, battery: &Declared) -> Verdict {
    if rule.energy_max_mwh.is_none() && rule.count_max.is_none() {
        return Verdict::TooMuch;
    }
    if rule.energy_max_mwh.is_some_and(|limit| battery.energy_mwh > limit) {
        return Verdict::TooMuch;
    }
    let lacks_energy = rule.energy_max_mwh.is_some() && battery.energy_mwh == 0;
    let Some(limit) = rule.count_max else {
        return if lacks_energy { Verdict::NotSaid } else { Verdict::Borne };
    };
    let count = total(rule, facts);
    let may_be_cells = rule.cell_max_mwh.is_none_or(|limit| battery.energy_mwh <= limit)
        && rule.cells_max.is_some_and(|limit| count <= u64::from(limit));
    if count > u64::from(limit) {
        return if may_be_cells { Verdict::IfCells } else { Verdict::TooMuch };
    }
    if lacks_energy || battery.count == 0 { Verdict::NotSaid } else { Verdict::Borne }
}

/// Says what a rule bears only with something that no declaration says, unless a certificate comes along.
fn ask_for_papers(rule: &Battery, facts: &Facts<'_>, field: Field, battery: &Declared, book: &mut Book) {
    if facts.declaration.documents.iter().any(|paper| paper.kind == DocumentKind::Certificate) {
        return;
    }
    for asked in &rule.asks {
        let un_number = format!("UN {}", battery.un_number);
        book.find(field, BATTERY_PAPERS.finding([&*un_number, asked, rule.row.id.as_str()]));
    }
}

/// Returns how many batteries of the rule's numbers the whole item holds: the limit is per item.
fn total(rule: &Battery, facts: &Facts<'_>) -> u64 {
    let of_piece = |piece: &Piece<'_>| {
        let battery = piece.battery.filter(|battery| rule.means(battery));
        battery.map_or(0, |battery| u64::from(battery.count) * u64::from(piece.units.unwrap_or(1)))
    };
    facts.declaration.pieces.iter().map(of_piece).fold(0, u64::saturating_add)
}

/// Asks for details of goods that usually hold a battery and come without a word about one.
fn ask(tables: &Tables, facts: &Facts<'_>, index: usize, piece: &Piece<'_>, book: &mut Book) {
    let Some(hs) = piece.hs else { return };
    for at in tables.batteries.asks.rows(hs) {
        let rule = &tables.batteries.rows[usize::from(at)];
        if rule.when.misfit(facts).is_none()
            && rule.row.standing(facts.filed_on, facts.options) == Some(Standing::Sure)
        {
            return book
                .find(Field::of_piece(index, "battery"), BATTERY_DETAILS.finding([rule.row.id.as_str()]));
        }
    }
}
