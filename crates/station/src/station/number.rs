//! Numbers of papers that the forms themselves ask for: verification notes (CN 43, CP 78) and reports of damage (CN 24).
//!
//! No source says what such a number looks like: it is a plain running number of its form, its office and its year, behind
//! a prefix of the settings. A paper keeps the number that it was first drawn up under.

use chrono::Datelike;

use super::Station;
use crate::change::{Due, Subject};
use crate::config::Config;
use crate::item::{Custody, ItemName};

/// What a kept number holds above the running number: the year that it was taken in.
const YEAR: u64 = 1_000_000;

/// Returns the name of the sequence under which the number of a form about a subject is kept.
pub fn form_sequence(form: &str, subject: Subject) -> String {
    let (kind, row) = subject.row();
    format!("form-of/{form}/{kind}/{row}")
}

/// Returns a number as it is printed that is kept under [`form_sequence`].
pub fn form_number(config: &Config, kept: u64) -> String {
    format!("{}{}/{}", config.papers.number_prefix, kept % YEAR, kept / YEAR)
}

impl Station {
    /// Returns the number of a form about a subject; drawn up for the first time, it takes the next one of its year.
    pub fn number_form(&mut self, form: &'static str, subject: Subject) -> String {
        let sequence = form_sequence(form, subject);
        if let Some(kept) = self.state.sequences.get(&sequence) {
            return form_number(&self.config, *kept);
        }
        let year = self.config.day(self.now_ms).year();
        let number = self.take_number(&format!("form/{form}/{}/{year}", self.config.office.code));
        let kept = u64::try_from(year).unwrap_or_default() * YEAR + number % YEAR;
        self.state.sequences.insert(sequence.clone(), kept);
        self.changes.sequences.insert(sequence);
        let printed = form_number(&self.config, kept);
        match subject {
            Subject::Item(id) => self.item_event(id, form, printed.clone()),
            Subject::Receptacle(id) => self.receptacle_event(id, form, printed.clone()),
            Subject::Dispatch(id) => self.dispatch_event(id, form, printed.clone()),
            _ => {}
        }
        printed
    }

    /// Lets a report of damage to an item be drawn up, under a number of its own; another one about it keeps that.
    pub(super) fn damage_report(&mut self, name: &ItemName, note: &str) {
        let Some(id) = self.known(name, "damage-report") else { return };
        let custody = self.state.items[&id].custody;
        if matches!(custody, Custody::Expected | Custody::Voided) {
            return self.item_out_of_turn(id, "damage-report");
        }
        self.item_event(id, "damaged", note.to_owned());
        self.number_form("CN 24", Subject::Item(id));
        self.changes.due.push(Due::DamageReport(id));
    }
}
