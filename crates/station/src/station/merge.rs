//! Merging: what is too empty to travel alone goes into another receptacle, at the cut-off where a partner's settings say
//! so, or when an operator does it.
//!
//! Office, category, class and label never change; into another subclass goes only what the partner has agreed to, because
//! the receptacle's identifier and its dispatch bear it. A number of a receptacle that is poured out is void.

use caravan_planning::{ReceptacleKey, Size, Stand, Stream};
use caravan_postal::{Impc, ReceptacleKind};

use super::reopen::Shut;
use super::{Station, Step, Tick, belt, stand};
use crate::change::{Due, Subject};
use crate::operation::{Act, Operation, ReceptacleName};
use crate::receptacle::{Receptacle, ReceptacleState};
use crate::{ItemId, ReceptacleId};

/// Why the station itself merges.
const MINIMUM_FILL: &str = "minimum fill";

/// Why a receptacle is not merged: one of its items may not leave.
const STOPPED: &str = "stopped";
/// Why a receptacle is not merged: it is no bag, but a piece for itself.
const OUTSIDE_PIECE: &str = "outside-piece";
/// Why a receptacle is not merged: what it holds may not travel with the other.
const OTHER_STREAM: &str = "other-stream";
/// Why a receptacle is not merged: both together are more than one may hold.
const NO_ROOM: &str = "no-room";

impl Station {
    /// Returns the receptacles that a step of the timetable may pour out: their items are admitted before it.
    pub fn poured_out_at(&self, tick: &Tick) -> Vec<ReceptacleId> {
        let Step::CloseDispatches(departure) = tick.step else { return Vec::new() };
        let offices = self.closing(departure);
        if self.config.bags_at_the_cut_off() {
            // What is bagged first may be what takes them.
            let open = offices.into_iter().flat_map(|office| self.open_for(office));
            return open.map(|receptacle| receptacle.id).collect();
        }
        offices.into_iter().flat_map(|office| self.too_empty(office)).map(|(from, _)| from).collect()
    }

    /// Returns the receptacle that an operation pours out: its items are admitted before it.
    pub fn poured_out_by(&self, operation: &Operation) -> Option<ReceptacleId> {
        let Act::Merge { from, .. } = &operation.act else { return None };
        self.state.receptacle_named(from)
    }

    /// Pours a receptacle out into another, as an operator says. Of labelled ones the label is void.
    pub(super) fn merge(&mut self, from: &ReceptacleName, into: &ReceptacleName, note: &str) {
        let Some(source) = self.receptacle("merge", from) else { return };
        let Some(target) = self.receptacle("merge", into) else { return };
        if let Err((receptacle, shut)) = self.may_merge(source, target, !note.is_empty()) {
            let name = self.state.receptacles[&receptacle].name();
            let subject = Subject::Receptacle(receptacle);
            return match shut {
                Shut::Stands(fault) => self.out_of_turn(subject, "merge", &name, fault),
                Shut::NoReason(state) => self.act_missing(subject, "merge", &name, state),
            };
        }
        self.reopen(source, note);
        self.reopen(target, note);
        self.pour(source, target, note);
    }

    /// Merges the open receptacles for an office that are too empty to travel alone.
    pub(super) fn merge_too_empty(&mut self, office: Impc) {
        for (from, into) in self.too_empty(office) {
            self.pour(from, into, MINIMUM_FILL);
        }
    }

    /// Returns which open receptacles for an office go into which others by the rules of its partner. One with an item that
    /// may not leave stays out of it: it would stop the other.
    fn too_empty(&self, office: Impc) -> Vec<(ReceptacleId, ReceptacleId)> {
        let Some(partner) = self.config.partner(office) else { return Vec::new() };
        let open = self.open_for(office).filter_map(belt::on_stand);
        let (rules, next) = (self.stand.rules().clone(), self.stand.next_key());
        let merging = Stand::restore(rules, next, open).merge(&partner.merging);
        let id = |key: ReceptacleKey| belt::receptacle_id(key);
        merging.moved.iter().map(|(from, into)| (id(from.key), id(*into))).collect()
    }

    /// Returns the receptacles for an office that stand open with something in them, all of which may leave.
    fn open_for(&self, office: Impc) -> impl Iterator<Item = &Receptacle> {
        self.state.receptacles.values().filter(move |receptacle| {
            receptacle.state == ReceptacleState::Open
                && receptacle.items > 0
                && receptacle.stopped == 0
                && receptacle.stream.is_some_and(|stream| stream.destination == office)
        })
    }

    /// Returns whether one receptacle may be poured into another, or which of them may not and why.
    fn may_merge(
        &self,
        from: ReceptacleId,
        into: ReceptacleId,
        has_act: bool,
    ) -> Result<(), (ReceptacleId, Shut)> {
        let (source, target) = (&self.state.receptacles[&from], &self.state.receptacles[&into]);
        let own = |one: &Receptacle| one.stream.ok_or((one.id, Shut::Stands(one.state.as_str())));
        let (carried, carrier) = (own(source)?, own(target)?);
        if from == into || source.items == 0 {
            return Err((from, Shut::Stands(source.state.as_str())));
        }
        for one in [source, target] {
            self.may_reopen(one.id, has_act).map_err(|shut| (one.id, shut))?;
            if one.stopped > 0 {
                return Err((one.id, Shut::Stands(STOPPED)));
            }
            if one.kind == ReceptacleKind::OutsidePiece {
                return Err((one.id, Shut::Stands(OUTSIDE_PIECE)));
            }
        }
        if !self.may_travel(carried, carrier) {
            return Err((from, Shut::Stands(OTHER_STREAM)));
        }
        let capacity = self.stand.rules().of(carrier).capacity();
        let has_room = capacity.takes_beside(content(target), content(source));
        if has_room { Ok(()) } else { Err((into, Shut::Stands(NO_ROOM))) }
    }

    /// Returns whether what belongs to one stream may travel in a receptacle of another: it is the same, or the partner has
    /// agreed to it.
    pub(super) fn may_travel(&self, carried: Stream, carrier: Stream) -> bool {
        let partner = self.config.partner(carrier.destination);
        carried == carrier || partner.is_some_and(|partner| partner.merging.allow(carried, carrier))
    }

    /// Returns whether an item that is bagged in a stream may stay where it is when its declaration says another.
    pub(super) fn may_stay(&self, bagged: Option<Stream>, declared: Option<Stream>) -> bool {
        bagged == declared
            || declared.zip(bagged).is_some_and(|(declared, bagged)| self.may_travel(declared, bagged))
    }

    /// Moves all items of a receptacle into another. The one is put away; the other goes on filling where it stands open,
    /// and back to the scale where it had left its stand.
    fn pour(&mut self, from: ReceptacleId, into: ReceptacleId, why: &str) {
        let (stream, name) = {
            let target = &self.state.receptacles[&into];
            (target.stream, target.name())
        };
        let inside = self.state.items.values().filter(|item| item.receptacle == Some(from));
        let mut inside: Vec<ItemId> = inside.map(|item| item.id).collect();
        inside.sort_unstable();
        let source = self.receptacle_mut(from);
        assert_eq!(
            inside.len(),
            source.items as usize,
            "the items of a receptacle that is poured out are at hand"
        );
        let poured = source.clone();
        source.state = ReceptacleState::Voided;
        (source.items, source.registered, source.listed) = (0, 0, 0);
        (source.lithium_in_equipment, source.lithium_alone, source.dangerous) = (0, 0, 0);
        (source.content, source.volume) = Default::default();
        self.receptacle_event(from, "voided", format!("merged into {name} {why}").trim_end().to_owned());
        for item in inside {
            let moved = self.item_mut(item);
            (moved.receptacle, moved.stream) = (Some(into), stream);
            self.item_event(item, "merged", name.clone());
        }
        let target = self.receptacle_mut(into);
        target.items += poured.items;
        target.registered += poured.registered;
        target.listed += poured.listed;
        target.lithium_in_equipment += poured.lithium_in_equipment;
        target.lithium_alone += poured.lithium_alone;
        target.dangerous += poured.dangerous;
        target.content += poured.content;
        target.volume += poured.volume;
        target.opened_ms = target.opened_ms.min(poured.opened_ms);
        let state = target.state;
        self.receptacle_event(into, "merged", poured.name());
        self.stand = stand(&self.config, &self.state);
        if !matches!(state, ReceptacleState::Open | ReceptacleState::Weighing) {
            self.void_label(into);
            self.changes.due.push(Due::Weighing(into));
        }
        self.leave_out(from);
    }
}

fn content(receptacle: &Receptacle) -> Size {
    Size { weight: receptacle.content, volume: receptacle.volume, count: receptacle.items }
}
