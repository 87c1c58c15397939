//! The act of what customs opened or kept.

use caravan_documents::form::{InspectionAct, Measure, TakenOut};
use caravan_postal::Grams;
use caravan_station::{Disposition, Opening};

use super::Forms;

impl Forms<'_> {
    /// Returns the act of a receptacle or a container that customs opened. What was found is for customs to write, and,
    /// where no item is told to have been taken out, also what was.
    pub(crate) fn opening_act(self, opening: &Opening, taken: Option<TakenOut>) -> InspectionAct {
        InspectionAct {
            found_in: opening.found_in.clone().unwrap_or_default(),
            seals_before: opening.seals_before.clone(),
            seals_after: opening.seals_after.clone(),
            weight_before: opening.weight_before,
            weight_after: opening.weight_after,
            ..self.act(opening.name.clone(), opening.at_ms, &opening.act, taken.map(|taken| vec![taken]))
        }
    }

    /// Returns the act of pieces that customs kept of an item, whose declaration is left in a version without them.
    pub(crate) fn withholding_act(
        self,
        item: String,
        at_ms: i64,
        act: &str,
        taken: Vec<TakenOut>,
        before: Option<Grams>,
        left_version: u32,
    ) -> InspectionAct {
        InspectionAct {
            weight_before: before,
            left_version: Some(left_version),
            ..self.act(item, at_ms, act, Some(taken))
        }
    }

    fn act(self, subject: String, at_ms: i64, act: &str, taken: Option<Vec<TakenOut>>) -> InspectionAct {
        let (officer, number) = officer_and_number(act);
        InspectionAct {
            number: number.to_owned(),
            office: self.own_office(),
            authority: self.customs(),
            officer: officer.to_owned(),
            place: self.config.office.name.clone(),
            began_at: self.local(at_ms),
            ended_at: None,
            subject,
            found_in: String::new(),
            reason: String::new(),
            seals_before: Vec::new(),
            seals_after: Vec::new(),
            weight_before: None,
            weight_after: None,
            result: String::new(),
            left_version: None,
            taken,
            present: String::new(),
        }
    }
}

/// Parts what a supervisor wrote, `Li: act 2026-0102`: who stands before a colon is the officer.
fn officer_and_number(act: &str) -> (&str, &str) {
    let (officer, number) = act.split_once(':').unwrap_or(("", act));
    let number = number.trim();
    (officer.trim(), number.strip_prefix("act ").unwrap_or(number))
}

/// Returns what customs does with an item that it holds; nothing of one that it does not.
pub(crate) fn measure(disposition: Disposition) -> Option<Measure> {
    match disposition {
        Disposition::NotFiled | Disposition::Filed | Disposition::Released => None,
        Disposition::Seized => Some(Measure::Seized),
        Disposition::ReturnToSender => Some(Measure::Returned),
        Disposition::ReleasedInPart => Some(Measure::Withheld),
        Disposition::GoodsProcedure => Some(Measure::Goods),
        Disposition::Abandoned => Some(Measure::Abandoned),
        Disposition::DocumentsWanted
        | Disposition::Inspect
        | Disposition::Held
        | Disposition::DutyDue
        | Disposition::Paid => Some(Measure::Held),
    }
}
