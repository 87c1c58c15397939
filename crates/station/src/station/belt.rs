//! The belt: an item is scanned, customs decides, and the item goes into the receptacle of its stream.

use caravan_planning::{Placement, Receptacle as OnStand, ReceptacleKey, Size, Stream};
use caravan_postal::{Finding, Grams, ReceptacleKind};
use caravan_tariff::Decision;

use super::confirm::confirmed;
use super::inbound::is_ours;
use super::{RECEPTACLES, Station};
use crate::change::{Due, Subject};
use crate::hazards::Hazards;
use crate::item::{Custody, Disposition, Item, ItemName, Journey, OwnHold};
use crate::operation::{
    CHANNEL_CHANGED, ITEM_UNKNOWN, ITEM_WEIGHT_DIFFERS, OPERATION_OUT_OF_TURN, RECEPTACLE_WRONG,
    Reassessment, Redeclaration,
};
use crate::receptacle::{Receptacle, ReceptacleState};
use crate::{ItemId, ReceptacleId};

impl Station {
    pub(super) fn scan(&mut self, name: &ItemName, scale: Grams, note: &str) {
        if name.is_nothing() {
            self.known(name, "scan");
            return;
        }
        let id = self.state.named(name).unwrap_or_else(|| self.create(name));
        if self.comes_in(id) {
            return self.scan_inbound(id, scale, note);
        }
        let item = self.item_mut(id);
        let before = item.custody;
        let is_given_back = before == Custody::Seized && item.customs != Disposition::Seized;
        let is_awaited = matches!(
            before,
            Custody::Expected | Custody::Present | Custody::Voided | Custody::WithCustoms | Custody::Lost
        );
        if !is_awaited && !is_given_back {
            return self.out_of_turn(Subject::Item(id), "scan", &name.to_string(), before.as_str());
        }
        // An export without a weight was in hand before: customs has taken something out of it since.
        let is_inferred = item.is_inferred() && item.journey != Journey::Export;
        item.custody = item.custody_here();
        item.scale = Some(scale);
        let (declared, decision) = (item.declared, item.decision);
        let is_transit = item.journey == Journey::Transit;
        let code = match before {
            Custody::Expected | Custody::Voided if is_transit => "EMJ",
            Custody::Expected | Custody::Voided => "EMB",
            Custody::Lost => "found",
            _ if is_inferred => "scanned",
            _ => "weighed-again",
        };
        self.item_event(id, code, format!("{} g {note}", scale.0).trim_end().to_owned());
        self.report_arrival(id);
        if let Some(declared) = declared.filter(|declared| self.differs(*declared, scale)) {
            let finding = ITEM_WEIGHT_DIFFERS.finding([declared.kg().to_string(), scale.kg().to_string()]);
            self.found(Subject::Item(id), finding);
        }
        match decision {
            Decision::Go => self.bag_if_free(id),
            Decision::Hold => self.item_event(id, "EXD", String::new()),
            Decision::Refuse => self.item_event(id, "EXX", String::new()),
        }
    }

    pub(super) fn differs(&self, declared: Grams, scale: Grams) -> bool {
        let belt = &self.config.belt;
        let share = Grams(declared.0.saturating_mul(belt.item_tolerance_permille) / 1000);
        declared.0.abs_diff(scale.0) > belt.item_tolerance.max(share).0
    }

    pub(super) fn dispose(&mut self, name: &ItemName, disposition: Disposition, note: &str) {
        let Some(id) = self.state.named(name) else { return self.dispose_unknown(name, disposition, note) };
        let custody = self.state.items[&id].custody;
        let is_disposed_of = matches!(custody, Custody::Disposed | Custody::Voided | Custody::Destroyed);
        if disposition == Disposition::NotFiled || is_disposed_of || self.has_left(id) {
            return self.dispose_gone(id, disposition);
        }
        if self.is_cleared_in(id) {
            return self.dispose_inbound(id, disposition, note);
        }
        if self.lacks_act(id, disposition, note) {
            return;
        }
        let item = &self.state.items[&id];
        let customs = item.customs;
        let is_done =
            item.receptacle.is_some() || matches!(customs, Disposition::Filed | Disposition::Released);
        if disposition == Disposition::Filed && is_done {
            // What is released goes: a case that is filed anew is held first.
            let operation = disposition.as_str();
            return self.out_of_turn(Subject::Item(id), operation, &name.to_string(), customs.as_str());
        }
        let item = self.item_mut(id);
        let was_stopped = item.is_stopped();
        item.customs = disposition;
        let is_kept = item.custody == Custody::WithCustoms && item.custody_here() != Custody::Present;
        if item.custody == Custody::Present || is_kept {
            item.custody = item.custody_here();
        }
        let (is_stopped, receptacle) = (item.is_stopped(), item.receptacle);
        let is_let_out = disposition == Disposition::Released || item.is_going_back();
        let code = if is_let_out { "EXC" } else { "EXB" };
        self.item_event(id, code, format!("{} {note}", disposition.as_str()).trim_end().to_owned());
        match receptacle {
            Some(receptacle) if was_stopped != is_stopped => self.count_stopped(receptacle, is_stopped),
            Some(_) => {}
            None => self.bag_if_free(id),
        }
    }

    /// Takes note of a further version of a declaration. An item that is bagged stays where it is; if the new version
    /// stops it, its receptacle does not leave.
    pub(super) fn redeclare(&mut self, redeclaration: &Redeclaration) {
        let new = &redeclaration.item;
        let id = new.id;
        if !self.state.items.contains_key(&id) {
            let names = ["redeclare".to_owned(), new.name.to_string()];
            return self.found(Subject::Station, ITEM_UNKNOWN.finding(names));
        }
        if self.has_left(id) {
            return self.item_out_of_turn(id, "redeclare");
        }
        let is_otherwise = self.is_filed_otherwise(id, new.channel);
        let is_elsewhere = !self.may_stay(self.state.items[&id].stream, new.stream);
        let confirmed = confirmed(&self.state.items[&id], &redeclaration.word);
        let item = self.item_mut(id);
        let was_stopped = item.is_stopped();
        (item.version, item.confirmed) = (new.version, confirmed);
        if item.custody == Custody::Voided {
            // There is such an item after all, and it has not been seen.
            item.custody = Custody::Expected;
        }
        if item.journey == Journey::Return {
            // What is on its way back is what it was on its way here, and the law of that way keeps it no longer.
            return self.item_event(id, "redeclared", String::new());
        }
        item.inbound.assessed = new.inbound.assessed;
        item.own_hold = new.own_hold;
        item.physical = new.physical;
        item.declared = new.declared;
        let hazards = (item.hazards(), new.hazards());
        (item.lithium, item.is_dangerous) = (new.lithium, new.is_dangerous);
        if item.custody != Custody::Bagged {
            item.channel = new.channel;
            item.stream = new.stream;
            item.destination = new.destination;
            (item.journey, item.origin) = (new.journey, new.origin);
            item.handling = new.handling;
            item.volume = new.volume;
        } else if is_elsewhere {
            // Nobody may send off what lies in a receptacle for somewhere else, or what customs was told otherwise of.
            item.own_hold = Some(OwnHold::Receptacle);
        } else if is_otherwise {
            item.own_hold = Some(OwnHold::Channel);
        }
        item.decision = item.decided(new.decision);
        let (is_stopped, receptacle, decision) = (item.is_stopped(), item.receptacle, item.decision);
        let is_elsewhere = receptacle.is_some() && is_elsewhere;
        self.item_event(id, "redeclared", decision.as_str().to_owned());
        self.note_senders_word(id, &redeclaration.word);
        self.recount_hazards(receptacle, hazards);
        if is_otherwise {
            self.found(Subject::Item(id), CHANNEL_CHANGED.finding([new.channel.as_str()]));
        }
        self.report_arrival(id);
        if let Some(receptacle) = receptacle.filter(|_| is_elsewhere) {
            let stream = new.stream.map_or_else(String::new, |stream| stream.to_string());
            let name = self.receptacle_mut(receptacle).name();
            self.found(Subject::Item(id), RECEPTACLE_WRONG.finding([name, stream]));
        }
        self.present(id);
        match receptacle {
            Some(receptacle) if was_stopped != is_stopped => self.count_stopped(receptacle, is_stopped),
            Some(_) => {}
            None => self.bag_if_free(id),
        }
    }

    /// Takes another answer about an item that waits here: what holds it now stops its receptacle as well, and what does
    /// not hold it any more lets it go on.
    pub(super) fn reassess(&mut self, name: &ItemName, answer: &Reassessment) {
        let Some(id) = self.known(name, "reassess") else { return };
        if self.has_left(id) {
            return self.item_out_of_turn(id, "reassess");
        }
        let item = self.item_mut(id);
        if item.journey == Journey::Return {
            return;
        }
        let was_stopped = item.is_stopped();
        item.inbound.assessed = answer.assessed;
        let decision = item.decided(answer.decision);
        (item.decision, item.physical) = (decision, answer.physical);
        let before = item.hazards();
        item.is_dangerous = answer.is_dangerous;
        let hazards = (before, item.hazards());
        let (is_stopped, receptacle) = (item.is_stopped(), item.receptacle);
        self.item_event(id, "reassessed", decision.as_str().to_owned());
        self.recount_hazards(receptacle, hazards);
        self.present(id);
        match receptacle {
            Some(receptacle) if was_stopped != is_stopped => self.count_stopped(receptacle, is_stopped),
            Some(_) => {}
            None => self.bag_if_free(id),
        }
    }

    /// Counts an item that lies in a receptacle by what of it needs permission now, and says so where a loaded receptacle
    /// may not go its way because of it.
    fn recount_hazards(&mut self, receptacle: Option<ReceptacleId>, (before, now): (Hazards, Hazards)) {
        let into = receptacle.filter(|_| before != now);
        let Some(into) = into.and_then(|at| self.state.receptacles.get_mut(&at)) else { return };
        into.count_hazards(before, -1);
        into.count_hazards(now, 1);
        let id = into.id;
        self.changes.receptacles.insert(id);
        if now.exceed(before) {
            self.tell_barred(id);
        }
    }

    /// Returns whether an item lies in a receptacle that has left, whether or not that is forgotten here already.
    pub(super) fn has_left(&self, id: ItemId) -> bool {
        let receptacle = self.state.items[&id].receptacle;
        receptacle.is_some_and(|receptacle| !self.state.is_here(receptacle))
    }

    pub(super) fn hand_back(&mut self, name: &ItemName, note: &str) {
        let Some(id) = self.known(name, "hand-back") else { return };
        let home = self.config.home();
        let item = self.item_mut(id);
        let is_back = is_ours(item, home) && !item.is_inferred() && item.customs == Disposition::Released;
        let is_foreign = item.origin.is_some_and(|origin| origin != home);
        if !is_back && (item.custody != Custody::Present || is_foreign) {
            return self.item_out_of_turn(id, "hand-back");
        }
        if item.customs.is_hold() && item.customs != Disposition::ReturnToSender {
            let customs = item.customs.as_str();
            return self.out_of_turn(Subject::Item(id), "hand-back", &name.to_string(), customs);
        }
        item.custody = Custody::Returned;
        self.item_event(id, "handed-back", note.to_owned());
    }

    /// Puts an item into the receptacle of its stream when it is here, weighed as it now is, and nothing keeps it; what is
    /// bagged at the cut-off waits for that.
    pub(super) fn bag_if_free(&mut self, id: ItemId) {
        self.turn_transit_back(id);
        let item = &self.state.items[&id];
        let Some(stream) = self.free_for(item).filter(|_| self.waits_for(item).is_none()) else { return };
        let size = self.size(item);
        let placement = match self.stand.place(stream, size) {
            Ok(placement) => placement,
            Err(too_big) => return self.set_aside(id, too_big.finding()),
        };
        if let Some(full) = placement.closed {
            self.take_from_stand(receptacle_id(full.key), None);
        }
        self.put_into(id, stream, size, placement);
        if placement.kind == ReceptacleKind::OutsidePiece {
            self.take_from_stand(receptacle_id(placement.receptacle), None);
        }
    }

    /// Returns the stream into whose receptacles an item may go now: it is here, weighed as it now is, and nothing keeps it.
    pub(super) fn free_for(&self, item: &Item) -> Option<Stream> {
        let is_in_hand = item.custody == Custody::Present && item.scale.is_some();
        let is_asked = item.journey == Journey::Transit && self.config.transit.customs_case;
        let is_free = is_in_hand && item.may_go() && (!is_asked || item.customs == Disposition::Released);
        item.stream.filter(|_| is_free)
    }

    /// Puts an item where the stand has placed it.
    pub(super) fn put_into(&mut self, id: ItemId, stream: Stream, size: Size, placement: Placement) {
        let item = &self.state.items[&id];
        let (is_registered, is_listed) = (item.is_registered(), item.arrival.is_some());
        let hazards = item.hazards();
        let receptacle = receptacle_id(placement.receptacle);
        if placement.is_opened {
            self.open_receptacle(receptacle, placement.kind, stream);
        }
        let into = self.receptacle_mut(receptacle);
        into.items += 1;
        into.registered += u32::from(is_registered);
        into.listed += u32::from(is_listed);
        into.count_hazards(hazards, 1);
        into.content += size.weight;
        into.volume += size.volume;
        let tag = into.tag();
        self.changes.receptacles.insert(receptacle);
        let item = self.item_mut(id);
        item.custody = Custody::Bagged;
        item.receptacle = Some(receptacle);
        self.item_event(id, "bagged", tag);
    }

    /// Leaves an item outside every receptacle. Its declaration is not at fault, and the scale may be: another scan tries
    /// again.
    fn set_aside(&mut self, id: ItemId, finding: Finding) {
        self.item_event(id, "EXD", finding.code.name.to_owned());
        self.found(Subject::Item(id), finding);
    }

    fn open_receptacle(&mut self, id: ReceptacleId, kind: ReceptacleKind, stream: Stream) {
        let number = self.take_number(RECEPTACLES);
        assert_eq!(Ok(number), u64::try_from(id.0), "the stand and the sequence count alike");
        let is_bare = kind == ReceptacleKind::OutsidePiece;
        let tare = if is_bare { Grams(0) } else { self.stand.rules().of(stream).tare };
        self.state.receptacles.insert(id, Receptacle::open(id, kind, stream, tare, self.now_ms));
        self.receptacle_event(id, "opened", String::new());
    }

    /// Takes a receptacle from its stand and asks for its weight; with the departure whose cut-off closed it.
    pub(super) fn take_from_stand(&mut self, id: ReceptacleId, closing_for: Option<&str>) {
        let receptacle = self.receptacle_mut(id);
        receptacle.state = ReceptacleState::Weighing;
        receptacle.closing_for = closing_for.map(str::to_owned);
        if let Some(stream) = receptacle.stream {
            self.stand.close(stream, key(id));
        }
        self.receptacle_event(id, "off-stand", String::new());
        self.changes.due.push(Due::Weighing(id));
    }

    /// Returns what an item takes up: by the scale, and by its dimensions or else the density of its class.
    pub(super) fn size(&self, item: &Item) -> Size {
        let weight = item.weight();
        let reckoned =
            || item.stream.map(|stream| self.config.class(stream.class()).density.volume_of(weight));
        Size::one(weight, item.volume.or_else(reckoned).unwrap_or_default())
    }

    /// Notes that an operation does not fit an item: it says where its receptacle stands, or else the item itself.
    pub(super) fn item_out_of_turn(&mut self, id: ItemId, operation: &str) {
        let (name, state) = (self.state.items[&id].name.to_string(), self.place_of(id));
        self.out_of_turn(Subject::Item(id), operation, &name, state);
    }

    /// Returns where the receptacle of an item stands, or else the item itself.
    pub(super) fn place_of(&self, id: ItemId) -> &'static str {
        let item = &self.state.items[&id];
        match item.receptacle {
            Some(_) if self.has_left(id) => ReceptacleState::Departed.as_str(),
            Some(receptacle) => self.state.receptacles[&receptacle].state.as_str(),
            None => item.custody.as_str(),
        }
    }

    /// Returns the item of a name, or notes that an operation named none.
    pub(super) fn known(&mut self, name: &ItemName, operation: &str) -> Option<ItemId> {
        let id = self.state.named(name);
        if id.is_none() {
            self.found(Subject::Station, ITEM_UNKNOWN.finding([operation.to_owned(), name.to_string()]));
        }
        id
    }

    pub(super) fn out_of_turn(&mut self, subject: Subject, operation: &str, name: &str, state: &str) {
        self.found(subject, OPERATION_OUT_OF_TURN.finding([operation, name, state]));
    }

    pub(super) fn item_mut(&mut self, id: ItemId) -> &mut Item {
        self.state.items.get_mut(&id).expect("an item that is named is at hand")
    }

    pub(super) fn receptacle_mut(&mut self, id: ReceptacleId) -> &mut Receptacle {
        self.state.receptacles.get_mut(&id).expect("a receptacle that is worked on is here")
    }
}

/// Returns an open receptacle as the stand knows it.
pub(super) fn on_stand(receptacle: &Receptacle) -> Option<OnStand> {
    let content = Size { weight: receptacle.content, volume: receptacle.volume, count: receptacle.items };
    receptacle.stream.map(|stream| OnStand { key: key(receptacle.id), stream, content })
}

pub(super) fn key(id: ReceptacleId) -> ReceptacleKey {
    ReceptacleKey(u64::try_from(id.0).expect("receptacles are numbered from 1"))
}

pub(super) fn receptacle_id(key: ReceptacleKey) -> ReceptacleId {
    ReceptacleId(i64::try_from(key.0).expect("fewer receptacles than an id has room for"))
}
