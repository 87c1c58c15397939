//! Minimum fill: what is too empty to travel alone goes into another receptacle, where that is allowed.
//!
//! Allowed is what leaves office of destination, category, class and label as they are. Beyond that subclasses and letter
//! formats merge only as the rules say, because the receptacle's identifier (S9) and its dispatch (S8) bear the subclass.

use std::collections::{BTreeMap, BTreeSet};

use caravan_postal::{Grams, Impc, MailCategory, MailClass, MailSubclass};

use super::{Receptacle, ReceptacleKey, Stand};
use crate::{Format, HandlingGroup, Stream};

/// When receptacles are merged, as configured with the partners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRules {
    under: Grams,
    subclasses: BTreeSet<(MailSubclass, MailSubclass)>,
    formats: BTreeSet<(Format, Format)>,
}

/// A rule of merging that S8 and S9 do not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("subclass `{from}` must not travel as `{into}`: the class differs")]
pub struct MergeRuleError {
    /// The subclass of the items.
    pub from: MailSubclass,
    /// The subclass of the receptacle.
    pub into: MailSubclass,
}

/// What has been merged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merging {
    /// The contents of the first go into the second, and the first is put away.
    pub moved: Vec<(Receptacle, ReceptacleKey)>,
    /// What is too empty and stays, because no other receptacle may take it or has room.
    pub alone: Vec<ReceptacleKey>,
}

impl MergeRules {
    /// Builds rules: receptacles that weigh less than `under` gross are merged; items of the first subclass of a pair may
    /// travel in a receptacle of the second, and so letters of the first format of a pair.
    ///
    /// A bag of under 5 kg is usually merged (general knowledge).
    pub fn new(
        under: Grams,
        subclasses: impl IntoIterator<Item = (MailSubclass, MailSubclass)>,
        formats: impl IntoIterator<Item = (Format, Format)>,
    ) -> Result<Self, MergeRuleError> {
        let subclasses: BTreeSet<_> = subclasses.into_iter().collect();
        if let Some((from, into)) = subclasses.iter().find(|(from, into)| from.class() != into.class()) {
            return Err(MergeRuleError { from: *from, into: *into });
        }
        Ok(Self { under, subclasses, formats: formats.into_iter().collect() })
    }

    /// Returns whether what belongs to one stream may travel in a receptacle of another.
    pub fn allow(&self, from: Stream, into: Stream) -> bool {
        let is_subclass_right =
            from.subclass == into.subclass || self.subclasses.contains(&(from.subclass, into.subclass));
        let is_format_right = from.format == into.format
            || from.class() == MailClass::Letters
                && from.format.zip(into.format).is_some_and(|pair| self.formats.contains(&pair));
        kind(from) == kind(into) && is_subclass_right && is_format_right
    }
}

/// What no merging may change.
fn kind(stream: Stream) -> (Impc, MailCategory, MailClass, HandlingGroup) {
    (stream.destination, stream.category, stream.class(), stream.handling)
}

impl Stand {
    /// Merges the open receptacles that are too empty, each as a whole, the lightest first, into the fullest that takes it.
    ///
    /// What has taken another in stays where it is, so that nothing is moved twice.
    pub fn merge(&mut self, rules: &MergeRules) -> Merging {
        let mut kinds: BTreeMap<_, Vec<Receptacle>> = BTreeMap::new();
        for receptacle in self.open() {
            kinds.entry(kind(receptacle.stream)).or_default().push(receptacle);
        }
        let mut merging = Merging::default();
        for open in kinds.into_values() {
            self.merge_kind(open, rules, &mut merging);
        }
        merging.moved.sort_unstable_by_key(|(from, _)| from.key);
        merging.alone.sort_unstable();
        merging
    }

    fn merge_kind(&mut self, mut open: Vec<Receptacle>, rules: &MergeRules, merging: &mut Merging) {
        let gross = |one: &Receptacle, stand: &Self| stand.rules.expected_gross(one.stream, one.content);
        open.sort_unstable_by_key(|one| (gross(one, self), one.key));
        let mut has_taken: BTreeSet<ReceptacleKey> = BTreeSet::new();
        let (mut index, mut put_away) = (0, BTreeSet::new());
        while let Some(from) = open.get(index).copied() {
            index += 1;
            if has_taken.contains(&from.key) || gross(&from, self) >= rules.under {
                continue;
            }
            let takes = |into: &&mut Receptacle| {
                let capacity = self.lines.get(&into.stream).map(|line| line.capacity);
                let has_room =
                    capacity.is_some_and(|capacity| capacity.takes_beside(into.content, from.content));
                into.key != from.key
                    && !put_away.contains(&into.key)
                    && rules.allow(from.stream, into.stream)
                    && has_room
            };
            let fullness = |into: &&mut Receptacle| (into.content.weight, std::cmp::Reverse(into.key));
            let Some(into) = open.iter_mut().filter(takes).max_by_key(fullness) else {
                merging.alone.push(from.key);
                continue;
            };
            into.content += from.content;
            let (into, stream) = (into.key, into.stream);
            has_taken.insert(into);
            put_away.insert(from.key);
            self.close(from.stream, from.key);
            let line = self.lines.get_mut(&stream);
            if let Some((_, content)) =
                line.and_then(|line| line.open.iter_mut().find(|(key, _)| *key == into))
            {
                *content += from.content;
            }
            merging.moved.push((from, into));
        }
    }
}
