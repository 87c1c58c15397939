//! The stand at the belt: which open receptacle an item goes into, while items come one by one.
//!
//! Each stream has a few places (`slots`) for open receptacles. An item goes into the fullest receptacle that still
//! takes it; when none does, another is opened, and if all places are taken the fullest one makes way and is closed.
//! With one slot this is the plain open bag. The stand knows nothing of scales, labels or holds.

mod batch;
mod merge;

use std::collections::BTreeMap;
use std::num::NonZeroU8;

use caravan_postal::{Finding, Grams, MailClass, ReceptacleKind};

pub use batch::Batch;
pub use merge::{MergeRuleError, MergeRules, Merging};

use crate::codes;
use crate::{Capacity, Dimension, Size, Stream};

/// A receptacle as the plan names it; the caller knows which bag stands behind the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceptacleKey(pub u64);

/// How the receptacles of a stream are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReceptacleRules {
    /// What is opened: a bag or a tray.
    pub kind: ReceptacleKind,
    /// How many may stand open at once.
    pub slots: NonZeroU8,
    /// The limits of one receptacle; the weight is the gross weight, tare included.
    pub limits: Capacity,
    /// The weight of the empty receptacle.
    pub tare: Grams,
    /// The limits of an item that travels as its own receptacle when it is too big for one; `None` where that is not
    /// agreed.
    pub outside_piece: Option<Capacity>,
}

impl ReceptacleRules {
    /// Returns the limits of the content: the weight without the tare.
    pub fn capacity(&self) -> Capacity {
        Capacity { weight: self.limits.weight - self.tare, ..self.limits }
    }
}

/// The rules of a whole stand; the most particular wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandRules {
    /// What holds where nothing else is said.
    pub standard: ReceptacleRules,
    /// What holds for a mail class.
    pub by_class: BTreeMap<MailClass, ReceptacleRules>,
    /// What holds for one stream, as agreed with its destination.
    pub by_stream: BTreeMap<Stream, ReceptacleRules>,
}

/// A receptacle and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receptacle {
    /// The receptacle.
    pub key: ReceptacleKey,
    /// The stream that it takes.
    pub stream: Stream,
    /// The items in it, without tare.
    pub content: Size,
}

/// Where an item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Placement {
    /// The receptacle that takes the item.
    pub receptacle: ReceptacleKey,
    /// What it is; an outside piece is complete with its one item and never stands open.
    pub kind: ReceptacleKind,
    /// Whether it was opened for this item.
    pub is_opened: bool,
    /// The receptacle that had to make way and is to be closed now.
    pub closed: Option<Receptacle>,
}

/// An item that no receptacle of its stream may take, nor travel as an outside piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("item of {} g and {} cm3 is too big for a receptacle", item.weight.0, item.volume.0)]
pub struct TooBig {
    /// What the item takes up.
    pub item: Size,
    /// The limits that it passes: of an outside piece where that is agreed, else of a receptacle's content.
    pub limits: Capacity,
    /// The limit that it passes.
    pub dimension: Dimension,
}

/// The open receptacles of a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    rules: StandRules,
    next: u64,
    lines: BTreeMap<Stream, Line>,
}

/// The open receptacles of one stream, by key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    rules: ReceptacleRules,
    /// The limits of the content: the rules' limits without the tare.
    capacity: Capacity,
    open: Vec<(ReceptacleKey, Size)>,
}

impl StandRules {
    /// Returns the rules of a stream.
    pub fn of(&self, stream: Stream) -> &ReceptacleRules {
        let by_class = || self.by_class.get(&stream.class());
        self.by_stream.get(&stream).or_else(by_class).unwrap_or(&self.standard)
    }

    /// Returns what a receptacle of `stream` with `content` should weigh: items and tare.
    pub fn expected_gross(&self, stream: Stream, content: Size) -> Grams {
        content.weight + self.of(stream).tare
    }
}

impl Stand {
    /// Builds a stand without open receptacles; the first one opened gets the key `next`.
    pub fn new(rules: StandRules, next: ReceptacleKey) -> Self {
        Self { rules, next: next.0, lines: BTreeMap::new() }
    }

    /// Builds the stand from a snapshot of its open receptacles, in any order.
    ///
    /// Where more stand open than the rules have slots for, they stay; one makes way for each that is opened.
    pub fn restore(
        rules: StandRules,
        next: ReceptacleKey,
        open: impl IntoIterator<Item = Receptacle>,
    ) -> Self {
        let mut stand = Self::new(rules, next);
        for Receptacle { key, stream, content } in open {
            stand.next = stand.next.max(key.0.saturating_add(1));
            let rules = &stand.rules;
            let line = stand.lines.entry(stream).or_insert_with(|| Line::new(*rules.of(stream)));
            line.open.push((key, content));
        }
        for line in stand.lines.values_mut() {
            line.open.sort_unstable();
        }
        stand
    }

    /// Returns the rules of the stand.
    pub fn rules(&self) -> &StandRules {
        &self.rules
    }

    /// Returns the key that the next opened receptacle gets.
    pub fn next_key(&self) -> ReceptacleKey {
        ReceptacleKey(self.next)
    }

    /// Takes the next key for a receptacle that never stands here: one that another office has filled and sealed.
    pub fn take_key(&mut self) -> ReceptacleKey {
        self.next += 1;
        ReceptacleKey(self.next - 1)
    }

    /// Returns the open receptacles by stream and key: the snapshot from which the stand can be restored.
    pub fn open(&self) -> impl Iterator<Item = Receptacle> {
        self.lines.iter().flat_map(|(stream, line)| line.receptacles(*stream))
    }

    /// Returns the open receptacles of a stream, by key.
    pub fn open_of(&self, stream: Stream) -> impl Iterator<Item = Receptacle> {
        self.lines.get(&stream).into_iter().flat_map(move |line| line.receptacles(stream))
    }

    /// Puts an item into a receptacle of its stream.
    pub fn place(&mut self, stream: Stream, item: Size) -> Result<Placement, TooBig> {
        let rules = &self.rules;
        let line = self.lines.entry(stream).or_insert_with(|| Line::new(*rules.of(stream)));
        let kind = match line.capacity.shortage(item) {
            None => line.rules.kind,
            Some(_) => line.outside_piece(item)?,
        };
        if kind != ReceptacleKind::OutsidePiece
            && let Some(index) = line.best_fit(item)
        {
            let (receptacle, content) = &mut line.open[index];
            *content += item;
            return Ok(Placement { receptacle: *receptacle, kind, is_opened: false, closed: None });
        }
        let receptacle = ReceptacleKey(self.next);
        self.next += 1;
        let closed = if kind == ReceptacleKind::OutsidePiece {
            None
        } else {
            let closed = line.make_way();
            line.open.push((receptacle, item));
            closed.map(|(key, content)| Receptacle { key, stream, content })
        };
        Ok(Placement { receptacle, kind, is_opened: true, closed })
    }

    /// Takes an item out of an open receptacle, and returns whether that receptacle was open.
    pub fn take_out(&mut self, stream: Stream, receptacle: ReceptacleKey, item: Size) -> bool {
        let line = self.lines.get_mut(&stream);
        let found = line.and_then(|line| line.open.iter_mut().find(|(key, _)| *key == receptacle));
        found.map(|(_, content)| *content = *content - item).is_some()
    }

    /// Closes one open receptacle.
    pub fn close(&mut self, stream: Stream, receptacle: ReceptacleKey) -> Option<Receptacle> {
        let line = self.lines.get_mut(&stream)?;
        let index = line.open.iter().position(|(key, _)| *key == receptacle)?;
        let (key, content) = line.open.remove(index);
        Some(Receptacle { key, stream, content })
    }

    /// Closes all open receptacles of a stream, by key: what the close of its dispatch begins with.
    pub fn close_stream(&mut self, stream: Stream) -> Vec<Receptacle> {
        self.lines.remove(&stream).map_or_else(Vec::new, |line| line.receptacles(stream).collect())
    }
}

impl Line {
    fn new(rules: ReceptacleRules) -> Self {
        Self { rules, capacity: rules.capacity(), open: Vec::new() }
    }

    fn receptacles(&self, stream: Stream) -> impl Iterator<Item = Receptacle> {
        self.open.iter().map(move |&(key, content)| Receptacle { key, stream, content })
    }

    /// Returns the fullest receptacle that takes the item; among equals the oldest.
    fn best_fit(&self, item: Size) -> Option<usize> {
        self.fullest(|content| self.capacity.takes_beside(content, item))
    }

    /// Takes the fullest receptacle away when all slots are taken.
    fn make_way(&mut self) -> Option<(ReceptacleKey, Size)> {
        if self.open.len() < usize::from(self.rules.slots.get()) {
            return None;
        }
        self.fullest(|_| true).map(|index| self.open.remove(index))
    }

    fn fullest(&self, is_asked: impl Fn(Size) -> bool) -> Option<usize> {
        let asked = self.open.iter().enumerate().filter(|(_, (_, content))| is_asked(*content));
        asked.rev().max_by_key(|(_, (_, content))| self.capacity.fullness(*content)).map(|(index, _)| index)
    }

    fn outside_piece(&self, item: Size) -> Result<ReceptacleKind, TooBig> {
        let limits = self.rules.outside_piece.unwrap_or(self.capacity);
        match limits.shortage(item) {
            None => Ok(ReceptacleKind::OutsidePiece),
            Some(dimension) => Err(TooBig { item, limits, dimension }),
        }
    }
}

impl TooBig {
    /// Returns the finding that tells people.
    pub fn finding(&self) -> Finding {
        let Self { item, limits, dimension } = self;
        match dimension {
            Dimension::Weight => codes::ITEM_OVER_WEIGHT.finding([kg(item.weight), kg(limits.weight)]),
            Dimension::Volume => codes::ITEM_OVER_VOLUME
                .finding([item.volume.cubic_metres().to_string(), limits.volume.cubic_metres().to_string()]),
            Dimension::Count => codes::ITEM_OVER_COUNT.finding([
                item.count.to_string(),
                limits.count.map_or_else(String::new, |count| count.to_string()),
            ]),
        }
    }
}

fn kg(weight: Grams) -> String {
    weight.kg().to_string()
}
