//! The notice that a dispatch is cancelled, on A4: its number is void and is not given again.

use std::sync::LazyLock;

use caravan_postal::{Language, S8};
use chrono::NaiveDateTime;

use crate::pdf::{Captions, Drawn, Field, Setup, Sheet};
use crate::{Office, printed};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/cancelled.toml")));

/// That nothing of a dispatch comes. Times are local to the office of origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    /// The dispatch.
    pub s8: S8,
    /// The office of origin.
    pub origin: Office,
    /// The office of destination.
    pub destination: Office,
    /// When it was cancelled.
    pub cancelled_at: NaiveDateTime,
    /// Why; may be empty.
    pub reason: String,
}

impl Cancellation {
    /// Draws the notice in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let number = self.s8.to_string();
        let is_synthetic = self.origin.is_synthetic || self.destination.is_synthetic;
        let mut sheet = Sheet::new(Setup::paper(&CAPTIONS, &number, language, is_synthetic));
        let (sender, destination) = (self.origin.printed(), self.destination.printed());
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        sheet.fields(
            rest.cut_top(120),
            [
                (1, Field::of("origin").value(&sender).large(110)),
                (1, Field::of("destination").value(&destination).large(110)),
            ],
        );
        let cancelled_at = self.cancelled_at.format("%Y-%m-%d %H:%M").to_string();
        sheet.fields(
            rest.cut_top(120),
            [
                (3, Field::of("s8").value(&printed::s8(self.s8)).large(110)),
                (2, Field::of("cancelled-at").value(&cancelled_at)),
            ],
        );
        sheet.fields(rest.cut_top(160), [(1, Field::of("reason").value(&self.reason))]);
        let fate = sheet.caption("number-void");
        sheet.fields(rest.cut_top(120), [(1, Field::of("dispatch-number").value(&fate))]);
        sheet.signatures(rest, ["signed-office", "signed-witness", "signed-head"], next);
        sheet.finish()
    }
}
