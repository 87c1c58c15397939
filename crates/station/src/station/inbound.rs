//! Items from abroad: in hand, before customs, taxed, and handed on inland.

use caravan_postal::{Country, Grams, Money};
use caravan_tariff::Decision;

use super::Station;
use crate::ItemId;
use crate::change::{Due, Subject};
use crate::item::{Custody, Disposition, Item, ItemName, Journey};
use crate::operation::{DUTY_DIFFERS, ITEM_WEIGHT_DIFFERS};

impl Station {
    /// Returns whether a scan finds an item that comes in, and not one that is to go out.
    pub(super) fn comes_in(&self, id: ItemId) -> bool {
        let item = &self.state.items[&id];
        item.journey == Journey::Import
            || matches!(item.custody, Custody::Arrived | Custody::Back | Custody::Missing)
            || (item.custody == Custody::Lost && item.scale.is_none())
            || self.has_left(id)
    }

    pub(super) fn scan_inbound(&mut self, id: ItemId, scale: Grams, note: &str) {
        if self.has_left(id) {
            self.come_back(id, Custody::Expected);
        }
        let item = self.item_mut(id);
        let before = item.custody;
        let is_given_back = before == Custody::Seized && item.customs != Disposition::Seized;
        let is_awaited = matches!(
            before,
            Custody::Expected
                | Custody::Arrived
                | Custody::Present
                | Custody::Back
                | Custody::Missing
                | Custody::Voided
                | Custody::WithCustoms
                | Custody::Lost
        );
        if !is_awaited && !is_given_back {
            return self.item_out_of_turn(id, "scan");
        }
        let is_first = item.scale.is_none() || before == Custody::Missing;
        let is_back = item.journey == Journey::Return && !item.is_going_back();
        item.custody = match item.custody_here() {
            Custody::Present if is_back => Custody::Back,
            custody => custody,
        };
        item.scale = Some(scale);
        let (declared, decision) = (item.declared, item.decision);
        let code = match before {
            Custody::Expected | Custody::Voided => self.arrival_code(id),
            Custody::Missing | Custody::Lost => "found",
            _ if is_first => "scanned",
            _ => "weighed-again",
        };
        self.item_event(id, code, format!("{} g {note}", scale.0).trim_end().to_owned());
        if let Some(declared) = declared.filter(|declared| self.differs(*declared, scale)) {
            let finding = ITEM_WEIGHT_DIFFERS.finding([declared.kg().to_string(), scale.kg().to_string()]);
            self.found(Subject::Item(id), finding);
        }
        if decision != Decision::Go {
            self.item_event(id, "EDA", decision.as_str().to_owned());
        }
        if is_first {
            self.tell_customs_before(id);
        }
        self.present(id);
        self.bag_if_free(id);
    }

    /// Tells of an item that is now in hand what customs has decided before it was.
    fn tell_customs_before(&mut self, id: ItemId) {
        let customs = self.state.items[&id].customs;
        if customs == Disposition::NotFiled {
            return;
        }
        self.item_event(id, "EDB", String::new());
        if customs != Disposition::Filed {
            self.item_event(id, code(customs), customs.as_str().to_owned());
        }
        if customs == Disposition::ReturnToSender {
            self.send_back(id);
        }
    }

    /// Returns whether what customs decides of an item is about its coming in.
    pub(super) fn is_cleared_in(&self, id: ItemId) -> bool {
        let item = &self.state.items[&id];
        item.journey == Journey::Import || item.custody == Custody::Back
    }

    pub(super) fn dispose_inbound(&mut self, id: ItemId, disposition: Disposition, note: &str) {
        let item = &self.state.items[&id];
        if is_gone(item) {
            return self.dispose_gone(id, disposition);
        }
        if !may_follow(item, disposition, self.config.home()) {
            return self.inbound_out_of_turn(id, disposition.as_str());
        }
        let is_stated = item.inbound.stated.is_some();
        if self.lacks_act(id, disposition, note) {
            return;
        }
        if disposition == Disposition::Released && !is_stated {
            self.compare_duty(id, None);
        }
        self.decide(id, disposition, format!("{} {note}", disposition.as_str()).trim_end().to_owned());
        let item = &self.state.items[&id];
        if disposition == Disposition::ReturnToSender && is_in_hand(item) {
            self.send_back(id);
        }
    }

    pub(super) fn duty_due(&mut self, name: &ItemName, amount: Money, note: &str) {
        let Some(id) = self.known(name, "duty-due") else { return };
        let item = &self.state.items[&id];
        if item.journey != Journey::Import || is_gone(item) || !item.customs.is_open() {
            return self.inbound_out_of_turn(id, "duty-due");
        }
        if self.lacks_act(id, Disposition::DutyDue, note) {
            return;
        }
        self.compare_duty(id, Some(amount));
        let inbound = &mut self.item_mut(id).inbound;
        (inbound.stated, inbound.is_paid) = (Some(amount), false);
        self.decide(id, Disposition::DutyDue, format!("duty-due {amount} {note}").trim_end().to_owned());
    }

    /// Finds out whether customs asks for what the assessment says; for nothing, where it asks for nothing.
    fn compare_duty(&mut self, id: ItemId, stated: Option<Money>) {
        let assessed = self.state.items[&id].inbound.assessed;
        let Some(currency) = stated.or(assessed).map(|money| money.currency) else { return };
        let nothing = Money::zero(currency);
        let (assessed, stated) = (assessed.unwrap_or(nothing), stated.unwrap_or(nothing));
        if assessed != stated {
            let finding = DUTY_DIFFERS.finding([assessed.to_string(), stated.to_string()]);
            self.found(Subject::Item(id), finding);
        }
    }

    pub(super) fn pay(&mut self, name: &ItemName, receipt: &str, note: &str) {
        let Some(id) = self.known(name, "paid") else { return };
        let item = self.item_mut(id);
        if item.journey != Journey::Import || is_gone(item) || item.inbound.unpaid().is_none() {
            return self.inbound_out_of_turn(id, "paid");
        }
        item.inbound.is_paid = true;
        // A hold that came after the amount stays a hold.
        if item.customs == Disposition::DutyDue {
            item.customs = Disposition::Paid;
        }
        self.item_event(id, "paid", format!("{receipt} {note}").trim_end().to_owned());
    }

    pub(super) fn forward(&mut self, name: &ItemName, run: &str, note: &str) {
        let Some(id) = self.known(name, "forward") else { return };
        let day = self.config.day(self.now_ms);
        let item = self.item_mut(id);
        let is_cleared = item.customs == Disposition::Released && item.inbound.unpaid().is_none();
        let is_free = is_cleared && !item.is_stopped();
        if item.journey != Journey::Import || !is_in_hand(item) || !is_free {
            if item.is_recalled {
                return self.out_of_turn(Subject::Item(id), "forward", &name.to_string(), "recalled");
            }
            return self.inbound_out_of_turn(id, "forward");
        }
        let run = format!("{run}/{day}");
        item.custody = Custody::Forwarded;
        item.inbound.run = Some(run.clone());
        self.item_event(id, "EMF", format!("{run} {note}").trim_end().to_owned());
        self.changes.due.push(Due::InlandList(id));
    }

    /// Sets what customs has decided of an item that comes in. Of one that nobody has in hand, the posts' own events wait
    /// until someone has: nothing is presented before it has come.
    pub(super) fn decide(&mut self, id: ItemId, disposition: Disposition, detail: String) {
        let item = self.item_mut(id);
        let is_first = item.customs == Disposition::NotFiled;
        item.customs = disposition;
        if !is_in_hand(item) {
            return self.item_event(id, "customs", detail);
        }
        if matches!(disposition, Disposition::Seized | Disposition::Abandoned) {
            item.custody = item.custody_here();
        }
        if is_first && disposition != Disposition::Filed {
            self.item_event(id, "EDB", String::new());
        }
        self.item_event(id, code(disposition), detail);
    }

    /// Notes that an operation does not fit an item that comes in: what customs has said keeps it, or where it is.
    pub(super) fn inbound_out_of_turn(&mut self, id: ItemId, operation: &str) {
        let item = &self.state.items[&id];
        let is_inbound = matches!(item.custody, Custody::Present | Custody::Back);
        let state = if item.is_inferred() {
            "inferred"
        } else if is_inbound && item.journey != Journey::Export {
            item.customs.as_str()
        } else {
            return self.item_out_of_turn(id, operation);
        };
        let name = item.name.to_string();
        self.out_of_turn(Subject::Item(id), operation, &name, state);
    }
}

/// Returns the UPU's event for a decision of import customs: presented, held, given back, or import terminated (code list
/// of EMSEVT).
pub(super) fn code(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::NotFiled | Disposition::Filed => "EDB",
        Disposition::DocumentsWanted
        | Disposition::Inspect
        | Disposition::Held
        | Disposition::DutyDue
        | Disposition::Paid
        | Disposition::ReleasedInPart
        | Disposition::GoodsProcedure => "EME",
        Disposition::Released => "EDC",
        Disposition::ReturnToSender | Disposition::Seized | Disposition::Abandoned => "EDX",
    }
}

/// Returns whether a decision of customs fits what it has decided before of an item that comes in. Amounts and payments
/// come by operations of their own.
pub(super) fn may_follow(item: &Item, next: Disposition, home: Country) -> bool {
    use Disposition::{
        Abandoned, DocumentsWanted, DutyDue, Filed, GoodsProcedure, Held, Inspect, NotFiled, Paid, Released,
        ReleasedInPart, ReturnToSender, Seized,
    };
    let now = item.customs;
    let is_over = matches!(now, ReturnToSender | Abandoned);
    if is_gone(item) || is_over {
        return false;
    }
    match next {
        NotFiled | DutyDue | Paid => false,
        Filed => matches!(now, NotFiled | DocumentsWanted),
        Released => now != Released && item.inbound.unpaid().is_none(),
        // What comes back to its sender is where it is to be, and no goods of an import.
        ReturnToSender | GoodsProcedure => now != Seized && !is_ours(item, home),
        Abandoned | ReleasedInPart => now != Seized,
        DocumentsWanted | Inspect | Held | Seized => true,
    }
}

/// Returns whether an item that is back was sent from here.
pub(super) fn is_ours(item: &Item, home: Country) -> bool {
    item.custody == Custody::Back && item.origin.is_none_or(|origin| origin == home)
}

/// Returns whether an item from abroad is out of the station's hands.
fn is_gone(item: &Item) -> bool {
    matches!(item.custody, Custody::Forwarded | Custody::Returned | Custody::Disposed)
}

/// Returns whether somebody has had the item in hand, and it is here.
fn is_in_hand(item: &Item) -> bool {
    matches!(item.custody, Custody::Present | Custody::Back | Custody::Seized) && item.scale.is_some()
}
