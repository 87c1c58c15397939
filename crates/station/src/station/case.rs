//! What customs says by message of the case of an item: what its codes mean is a table of the station's settings.

use caravan_postal::Money;

use super::Station;
use crate::ItemId;
use crate::change::Subject;
use crate::customs::{CaseAnswer, Standing};
use crate::item::{Custody, Disposition, ItemName};
use crate::operation::{CUSTOMS_AMOUNT_MISSING, CUSTOMS_ANSWER_EARLY, CUSTOMS_DECISION_UNKNOWN};

impl Station {
    /// Takes an answer about the case of an item. One that customs gave before the one that counts is noted and changes
    /// nothing; what nobody has declared yet is kept with what customs says of it.
    pub(super) fn answer_case(&mut self, name: &ItemName, answer: &CaseAnswer) {
        let id = match self.state.named(name) {
            Some(id) => id,
            None if name.is_nothing() => {
                self.known(name, "answer-case");
                return;
            }
            None => {
                let id = self.create_row(name);
                self.found(Subject::Item(id), CUSTOMS_ANSWER_EARLY.finding([name.to_string()]));
                id
            }
        };
        let said = answer.said();
        if self.is_to_come(id, &said) {
            return;
        }
        let item = &self.state.items[&id];
        let last = item.answer.as_deref();
        let is_same_due = answer.due.is_none() || answer.due == item.inbound.stated;
        match said.standing(last) {
            Standing::Again if is_same_due => return,
            Standing::Late => return self.item_event(id, "customs-answer-late", said.line()),
            Standing::Again | Standing::Counts => {}
        }
        let answered = said.answered(last);
        self.item_mut(id).answer = Some(Box::new(answered));
        let before = self.state.items[&id].events;
        match self.config.decision(&answer.code, answer.reason.as_deref()).map(|row| row.means) {
            Some(None) => {}
            Some(Some(decided)) => self.decide_by_message(id, decided, answer.due, &said.line()),
            None => self.keep_unread(id, answer),
        }
        if self.state.items[&id].events == before {
            // Whatever it changed or did not: what customs said is in the item's history.
            self.item_event(id, "customs-answer", said.line());
        }
    }

    fn decide_by_message(&mut self, id: ItemId, decided: Disposition, due: Option<Money>, line: &str) {
        let item = &self.state.items[&id];
        let (name, now) = (item.name.clone(), item.customs);
        let is_gone = self.has_left(id)
            || matches!(item.custody, Custody::Forwarded | Custody::Returned | Custody::Disposed);
        let is_unpaid =
            due.is_some_and(|due| due.minor > 0) && !(item.inbound.is_paid && item.inbound.stated == due);
        let is_under_way = !matches!(now, Disposition::NotFiled | Disposition::DocumentsWanted);
        match (decided, due) {
            // What it says has come to pass, or is so.
            (Disposition::Released, _) if is_gone => {}
            (Disposition::Filed, _) if is_under_way => {}
            (decided, None) if decided == now => {}
            // A release against an amount takes effect with the payment.
            (Disposition::DutyDue | Disposition::Released, Some(amount)) if is_unpaid => {
                self.duty_due(&name, amount, line);
            }
            (Disposition::DutyDue, None) => {
                self.dispose(&name, Disposition::Held, line);
                self.found(Subject::Item(id), CUSTOMS_AMOUNT_MISSING.finding([name.to_string()]));
            }
            (Disposition::DutyDue, Some(_)) => {}
            (decided, _) => self.dispose(&name, decided, line),
        }
    }

    /// Keeps an answer that nobody can read yet. It may take back a release: what was free to go stays until somebody has
    /// read it.
    fn keep_unread(&mut self, id: ItemId, answer: &CaseAnswer) {
        let item = &self.state.items[&id];
        let (name, is_released) = (item.name.clone(), item.customs == Disposition::Released);
        let is_here = matches!(item.custody, Custody::Present | Custody::Bagged | Custody::Back);
        if is_released && is_here && !self.has_left(id) {
            self.dispose(&name, Disposition::Held, &answer.said().line());
        }
        self.found(Subject::Item(id), CUSTOMS_DECISION_UNKNOWN.finding([answer.codes()]));
    }
}
