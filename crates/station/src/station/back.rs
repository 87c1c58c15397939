//! Items on their way back: what customs or the addressee sends back abroad, and what comes back from there.

use caravan_postal::{Country, Indicator, MailClass};
use caravan_tariff::{Decision, PhysicalOutcome};

use super::Station;
use crate::ItemId;
use crate::advice::{CameBack, Inbound};
use crate::change::Subject;
use crate::item::{Custody, Disposition, Item, ItemName, Journey};
use crate::operation::ITEM_BACK;
use crate::sort;

impl Station {
    /// Takes note that an item that had left is here again: its first journey is over, and its case with customs is opened
    /// anew.
    pub(super) fn come_back(&mut self, id: ItemId, custody: Custody) {
        let item = self.item_mut(id);
        let Some(receptacle) = item.receptacle.take() else { return };
        let came_back = CameBack {
            item: id,
            receptacle,
            weight: item.weight(),
            is_registered: item.is_registered(),
            lithium: item.lithium,
            is_dangerous: item.is_dangerous,
        };
        let (first, name) = (item.journey, item.name.to_string());
        item.journey = Journey::Return;
        item.custody = custody;
        item.customs = Disposition::NotFiled;
        item.stream = None;
        item.scale = None;
        item.inbound = Inbound::default();
        let tag = format!("B{:06}", receptacle.0);
        self.changes.came_back.push(came_back);
        self.item_event(id, "back", format!("{} {tag}", first.as_str()));
        self.found(Subject::Item(id), ITEM_BACK.finding([name, tag]));
    }

    pub(super) fn refuse(&mut self, name: &ItemName, note: &str) {
        let Some(id) = self.known(name, "refused") else { return };
        let item = self.item_mut(id);
        let is_with_us = item.custody == Custody::Present && item.scale.is_some();
        if item.journey != Journey::Import || !(is_with_us || item.custody == Custody::Forwarded) {
            return self.item_out_of_turn(id, "refused");
        }
        if item.custody == Custody::Forwarded {
            (item.custody, item.scale) = (Custody::Expected, None);
            // It is on no list of an inland run any more.
            item.inbound.run = None;
        }
        item.customs = Disposition::NotFiled;
        self.item_event(id, "EDX", format!("refused {note}").trim_end().to_owned());
        self.turn_back(id);
    }

    /// Sends an item from abroad back where it came from, by the word of customs.
    pub(super) fn send_back(&mut self, id: ItemId) {
        self.turn_back(id);
        self.bag_if_free(id);
    }

    /// Turns an item round that came in open for another country, once it is in hand and customs sends it back.
    pub(super) fn turn_transit_back(&mut self, id: ItemId) {
        if self.state.items[&id].is_sent_back_open() {
            self.turn_back(id);
        }
    }

    /// Turns an item round: it goes to the country that it came from, by the partner that takes mail there. What our
    /// assessment says of its way in keeps it no longer, but nothing dangerous goes back by post.
    fn turn_back(&mut self, id: ItemId) {
        let item = self.item_mut(id);
        let first = item.journey;
        item.journey = Journey::Return;
        item.destination = item.origin;
        if item.custody == Custody::Back {
            item.custody = Custody::Present;
        }
        if matches!(item.physical, None | Some(PhysicalOutcome::BackToSender)) {
            (item.decision, item.physical) = (Decision::Go, None);
        }
        let (origin, handling, class) = (item.origin, item.handling, class(item));
        let partner = origin.and_then(|origin| self.config.partner_for(origin));
        let stream = partner.zip(class).map(|(partner, class)| partner.stream(class, handling));
        let stream = stream.map(|stream| sort::on_its_way(stream, Journey::Return));
        self.item_mut(id).stream = stream;
        let way = origin.as_ref().map(Country::as_str).unwrap_or_default();
        self.item_event(id, "turned-back", format!("{} {way}", first.as_str()).trim_end().to_owned());
        if stream.is_none() {
            self.found(Subject::Item(id), sort::no_partner(origin));
        }
    }
}

/// Returns the mail class of an item, as its identifier's first letter says.
fn class(item: &Item) -> Option<MailClass> {
    let ItemName::S10(s10) = item.name else { return None };
    match s10.indicator() {
        Indicator::Assigned(class) => Some(class),
        Indicator::Bilateral(class) => class,
        Indicator::Unassigned => None,
    }
}
