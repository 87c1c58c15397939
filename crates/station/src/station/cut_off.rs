//! The batch at the cut-off: what was gathered until then is bagged at once, into as few receptacles as will do.
//!
//! What waits is no list of its own: it is every item at the station that nothing keeps from its bag, of a class that is
//! bagged at the cut-off. So a hold, a recall or another version takes it out and lets it in again, and a station that
//! starts anew finds it where it is kept.

use std::collections::BTreeMap;

use caravan_planning::{Size, Stream};
use caravan_postal::Impc;

use super::{Station, Step, Tick};
use crate::config::Bagging;
use crate::item::Item;
use crate::{DepartureId, ItemId};

/// How many steps the search for a packing takes for each item of a stream; that is enough for mail, see
/// [`pack`](caravan_planning::pack).
const STEPS_PER_ITEM: u64 = 50;

/// How many it may take for a stream of a few items: a fraction of a millisecond.
const STEPS_LEAST: u64 = 50_000;

/// What was bagged at once.
#[derive(Debug, Clone, Copy, Default)]
struct Bagged {
    items: usize,
    /// How many receptacles were opened.
    opened: usize,
    /// Fewer could not have been opened.
    bound: usize,
}

impl Station {
    /// Returns the offices for which a step of the timetable bags what waits: the items that wait for them are admitted
    /// before it.
    pub fn bagged_at(&self, tick: &Tick) -> Vec<Impc> {
        let Step::CloseDispatches(departure) = tick.step else { return Vec::new() };
        if self.config.bags_at_the_cut_off() { self.closing(departure) } else { Vec::new() }
    }

    /// Returns the stream with which an item waits for the cut-off; `None` for what may not go, what is bagged as it comes,
    /// and what is too big for a receptacle: an outside piece waits for nothing.
    pub(super) fn waits_for(&self, item: &Item) -> Option<Stream> {
        let stream = self.free_for(item)?;
        let is_gathered = self.config.class(stream.class()).bagging == Bagging::CutOff;
        let is_fitting = || self.stand.rules().of(stream).capacity().takes(self.size(item));
        (is_gathered && is_fitting()).then_some(stream)
    }

    /// Bags what waits for the offices whose dispatches close for a departure, which then says how good that is.
    pub(super) fn bag_what_waits(&mut self, departure: DepartureId, offices: &[Impc]) {
        let bagged = self.bag_waiting(|stream| offices.contains(&stream.destination));
        if bagged.items > 0 {
            let Bagged { items, opened, bound } = bagged;
            let detail = format!("items {items}, opened {opened}, bound {bound}");
            self.departure_event(departure, "bagged-at-once", detail);
        }
    }

    /// Bags all items at hand that wait as if their cut-offs were now: for an [`outlook`](Self::outlook), of which nothing
    /// is written.
    pub fn bag_all_that_waits(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
        self.bag_waiting(|_| true);
    }

    fn bag_waiting(&mut self, is_asked: impl Fn(Stream) -> bool) -> Bagged {
        let mut bagged = Bagged::default();
        if !self.config.bags_at_the_cut_off() {
            return bagged;
        }
        let mut streams: BTreeMap<Stream, Vec<(ItemId, Size)>> = BTreeMap::new();
        for item in self.state.items.values() {
            if let Some(stream) = self.waits_for(item).filter(|stream| is_asked(*stream)) {
                streams.entry(stream).or_default().push((item.id, self.size(item)));
            }
        }
        for (stream, mut waiting) in streams {
            // They come from a map without an order.
            waiting.sort_unstable_by_key(|(item, _)| *item);
            let sizes: Vec<(Stream, Size)> = waiting.iter().map(|(_, size)| (stream, *size)).collect();
            let steps = u64::try_from(sizes.len()).unwrap_or(u64::MAX).saturating_mul(STEPS_PER_ITEM);
            let batch = self.stand.place_all(&sizes, steps.max(STEPS_LEAST));
            bagged.items += waiting.len();
            bagged.opened += batch.opened;
            bagged.bound += batch.lower_bound;
            let mut placed: Vec<_> = batch.placements.into_iter().zip(waiting).collect();
            let placement =
                |placed: &Result<_, _>| placed.expect("what is too big for a receptacle does not wait");
            // Receptacles are opened in the order of their numbers.
            placed.sort_by_key(|(placed, _)| placement(placed).receptacle);
            for (placed, (item, size)) in placed {
                self.put_into(item, stream, size, placement(&placed));
            }
        }
        bagged
    }
}
