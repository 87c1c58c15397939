//! The extra fields of a record: what they carry of ours goes into the model, the rest is kept.

use super::Filler;
use crate::builder::Raw;
use crate::cusitm::extras::{CARRIED, CURRENCY, HOLDS, STEP, is_mapped, kept_name};
use crate::findings;
use crate::format::{Content, Element, Slot};
use crate::layout::{self, Entry, Holds, Role};
use crate::place::Mark;

/// An extra field of the format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    name: &'a str,
    text: &'a str,
    mark: Mark,
    is_used: bool,
}

impl<'a> Filler<'a> {
    /// Returns the extra fields of a group, names and values paired by their order.
    pub(super) fn pairs(&mut self, entries: &[Entry<'a>]) -> Vec<Pair<'a>> {
        let of = |role: Role| entries.iter().filter(move |entry| entry.node.role == role);
        let (mut names, mut values) = (of(Role::ExtraName), of(Role::ExtraValue));
        let mut pairs = Vec::new();
        loop {
            let (lacking, entry) = match (names.next(), values.next()) {
                (Some(name), Some(value)) => {
                    let (text, mark) = (value.text, value.mark);
                    if let Some(name) = self.extra_name(name) {
                        pairs.push(Pair { name, text, mark, is_used: false });
                    }
                    continue;
                }
                (Some(entry), None) => ("ExtraFieldValues", entry),
                (None, Some(entry)) => ("ExtraFieldNames", entry),
                (None, None) => return pairs,
            };
            let finding = findings::PART_MISSING.finding([lacking, entry.node.name.as_str()]);
            self.builder.push(entry.mark, finding);
        }
    }

    /// Returns the name of an extra field; nothing for one that cannot be written again.
    fn extra_name(&mut self, entry: &Entry<'a>) -> Option<&'a str> {
        let Some(name) = entry.trimmed() else {
            self.builder.push(entry.mark, findings::ELEMENT_EMPTY.finding([entry.node.name.as_str()]));
            return None;
        };
        match entry.node.content {
            Holds::Value(layout::Type::Text { most, .. }) if name.chars().count() > most.into() => {
                let arguments = [name.chars().count().to_string(), most.to_string()];
                self.builder.push(entry.mark, findings::TEXT_TOO_LONG.finding(arguments));
                None
            }
            _ => Some(name),
        }
    }

    /// Takes the extra fields of a group: those that carry a field of ours, then the others.
    pub(super) fn extra_fields(
        &mut self,
        parent: &str,
        pairs: &mut [Pair<'a>],
        elements: &'static [Element],
    ) {
        if pairs.iter().any(|pair| pair.name.starts_with(CARRIED)) {
            self.carried(elements, pairs);
        }
        for pair in pairs.iter().filter(|pair| !pair.is_used) {
            if parent == self.of {
                let name = self.builder.arena().alloc_str(&kept_name(self.layout, self.of, pair.name));
                self.late.push((name, pair.text, pair.mark));
            } else {
                self.extra(&format!("{parent}{STEP}{}", pair.name), pair.text, pair.mark);
            }
        }
    }

    /// Takes the fields of ours that extra fields carry; returns a bit for each element that was there.
    fn carried(&mut self, elements: &'static [Element], pairs: &mut [Pair<'a>]) -> u64 {
        let mut seen = 0;
        for (index, element) in elements.iter().enumerate() {
            match element.content {
                _ if crate::write::is_list(element) || is_mapped(&self.layout.record, element) => {}
                Content::Value(_) => {
                    let Some(pair) = take(pairs, element.field, "") else { continue };
                    let currency = take(pairs, element.field, CURRENCY);
                    let attribute = currency.map(|currency| currency.text);
                    let raw = Raw { text: pair.text, attribute, mark: pair.mark };
                    if !self.builder.accepts(element, raw) {
                        // It stays an extra field, which loses nothing.
                        let lost = [Some(pair.mark), currency.map(|currency| currency.mark)];
                        for pair in pairs.iter_mut().filter(|pair| lost.contains(&Some(pair.mark))) {
                            pair.is_used = false;
                        }
                    }
                    seen |= 1 << index;
                }
                Content::Group(children) => {
                    let is_whole =
                        matches!(element.slot, Slot::Battery | Slot::PrepaidTax | Slot::Dimensions);
                    let first = children.iter().find_map(|child| peek(pairs, child.field));
                    let Some(mark) = first else { continue };
                    if is_whole {
                        self.builder.open(element, mark);
                    }
                    let seen = self.carried(children, pairs);
                    if is_whole {
                        self.builder.close(element, seen, mark);
                    }
                }
            }
        }
        seen
    }
}

/// Returns whether the extra fields say that the value of `element` is that of `other`.
pub(super) fn holds(pairs: &mut [Pair<'_>], element: &Element, other: &Element) -> bool {
    let name = |pair: &Pair<'_>| {
        pair.name.strip_prefix(CARRIED).and_then(|name| name.strip_suffix(HOLDS)) == Some(element.field)
    };
    let found = pairs.iter_mut().find(|pair| name(pair) && pair.text.trim() == other.field);
    found.is_some_and(|pair| {
        pair.is_used = true;
        true
    })
}

/// Takes the extra field that carries a field of ours, or its currency.
fn take<'a>(pairs: &mut [Pair<'a>], field: &str, suffix: &str) -> Option<Pair<'a>> {
    let is_it = |pair: &&mut Pair<'a>| {
        let name = pair.name.strip_prefix(CARRIED).and_then(|name| name.strip_suffix(suffix));
        !pair.is_used && name == Some(field)
    };
    let pair = pairs.iter_mut().find(is_it)?;
    pair.is_used = true;
    Some(*pair)
}

fn peek(pairs: &[Pair<'_>], field: &str) -> Option<Mark> {
    let is_it = |pair: &&Pair<'_>| !pair.is_used && pair.name.strip_prefix(CARRIED) == Some(field);
    pairs.iter().find(is_it).map(|pair| pair.mark)
}
