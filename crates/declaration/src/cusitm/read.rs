//! A record into a declaration: its values by the elements of our format that the layout names, the rest as extras.

use super::extras::{KEPT, STEP, path};
use super::write::DECLARATION;
use crate::builder::{Builder, Raw};
use crate::findings;
use crate::format::{Content, Element, ITEM, PIECE, Slot, Type};
use crate::layout::{self, Entry, Holds, Layout, Record, Role};
use crate::place::Mark;
use crate::read::ReadItem;
use carried::{Pair, holds};

mod carried;

/// Returns the declaration of a record.
pub(super) fn item<'a>(record: Record<'a>, layout: &'static Layout) -> ReadItem<'a> {
    let (ordinal, mark, resolver) = (record.ordinal, record.mark, record.resolver);
    let builder = fill(record, layout, DECLARATION);
    let (declaration, findings, spots) = builder.finish(ordinal, mark, resolver);
    ReadItem { ordinal, declaration, findings, spots, start: mark, resolver }
}

/// Puts a record into its builder; what is not of the group `of` or the item itself is kept.
pub(crate) fn fill<'a>(record: Record<'a>, layout: &'static Layout, of: &'static str) -> Builder<'a> {
    let mut filler = Filler { layout, of, builder: record.builder, late: Vec::new() };
    filler.group("", &record.entries, &[]);
    for (name, text, mark) in std::mem::take(&mut filler.late) {
        filler.builder.set(&KEPT, Raw { text, attribute: Some(name), mark });
    }
    filler.builder
}

/// How many kept values are looked through for a sibling: no more than two stand between it and who asks.
const RECENT: usize = 4;

struct Filler<'a> {
    layout: &'static Layout,
    /// The group that the record is read for.
    of: &'static str,
    builder: Builder<'a>,
    /// Extras without an element, name and text; they stand behind those with one.
    late: Vec<(&'a str, &'a str, Mark)>,
}

/// Where a value stands.
struct Around<'s, 'a> {
    path: &'s str,
    siblings: &'s [Entry<'a>],
    pairs: &'s mut [Pair<'a>],
    /// The number of the group around it among its like, counted from 1.
    number: usize,
}

impl Around<'_, '_> {
    /// Returns the path of the sibling `name` of an entry.
    fn beside(&self, entry: &Entry<'_>, name: &str) -> String {
        let parent = self.path.strip_suffix(entry.node.name.as_str()).unwrap_or_default();
        format!("{parent}{name}")
    }
}

impl<'a> Filler<'a> {
    /// Takes the entries of a group; `elements` are those of our format that its extra fields can carry.
    fn group(&mut self, parent: &str, entries: &[Entry<'a>], elements: &'static [Element]) {
        self.numbered_group(parent, 1, entries, elements);
    }

    fn numbered_group(
        &mut self,
        parent: &str,
        of: usize,
        entries: &[Entry<'a>],
        elements: &'static [Element],
    ) {
        let mut pairs = self.pairs(entries);
        let mut number = 1;
        for (at, entry) in entries.iter().enumerate() {
            if at > 0 && !std::ptr::eq(entries[at - 1].node, entry.node) {
                number = 1;
            }
            let path = path(parent, entry.node, number);
            match entry.node.content {
                // What is left out has no number.
                Holds::Group(_) => number += usize::from(self.inner(&path, number, entry)),
                Holds::Value(_) => {
                    let pairs = &mut pairs[..];
                    self.value(entry, Around { path: &path, siblings: entries, pairs, number: of });
                }
            }
        }
        self.extra_fields(parent, &mut pairs, elements);
    }

    /// Takes a group; returns whether it was not left out.
    fn inner(&mut self, path: &str, number: usize, entry: &Entry<'a>) -> bool {
        match entry.node.element {
            Some(element) if element.slot == Slot::Piece => {
                self.builder.open(element, entry.mark);
                self.numbered_group(path, number, &entry.entries, PIECE);
                self.builder.close(element, 0, entry.mark);
            }
            Some(element) if element.slot == Slot::Document => return self.document(element, path, entry),
            _ => {
                let elements = if path == DECLARATION { ITEM } else { &[] };
                self.group(path, &entry.entries, elements);
            }
        }
        true
    }

    /// Takes a paper: one of a kind that the model has goes there, any other becomes extras; returns whether it was not
    /// left out.
    fn document(&mut self, element: &'static Element, path: &str, entry: &Entry<'a>) -> bool {
        let is_of = |entry: &&Entry<'a>, slot| entry.node.element.is_some_and(|element| element.slot == slot);
        let kind =
            entry.entries.iter().find(|entry| is_of(entry, Slot::DocumentKind)).and_then(Entry::trimmed);
        let is_known = kind.is_some_and(|kind| {
            let kinds = element.children().iter().find_map(|child| codes(child));
            kinds.is_some_and(|codes| codes.iter().any(|(code, _)| *code == kind))
        });
        // Without its number a paper names nothing; that there is none at all was said before.
        let Some(number) = entry.entries.iter().find(|entry| is_of(entry, Slot::DocumentNumber)) else {
            return false;
        };
        let is_wrong = |text: &str| match number.node.content {
            Holds::Value(value) => layout::unwritable(value, text).is_some(),
            Holds::Group(_) => true,
        };
        if number.trimmed().is_none_or(is_wrong) {
            let arguments = [number.node.name.as_str(), entry.node.name.as_str()];
            self.builder.push(number.mark, findings::PART_MISSING.finding(arguments));
            return false;
        }
        if is_known {
            self.builder.open(element, entry.mark);
        }
        for inner in &entry.entries {
            let path = self::path(path, inner.node, 1);
            match inner.node.element.filter(|_| is_known) {
                Some(element) => {
                    let raw = Raw { text: inner.text, attribute: None, mark: inner.mark };
                    self.builder.set(element, raw);
                }
                None => self.keep(&path, inner),
            }
        }
        if is_known {
            self.builder.close(element, 0b11, entry.mark);
        }
        true
    }

    fn value(&mut self, entry: &Entry<'a>, mut around: Around<'_, 'a>) {
        let is_identifier =
            |element: &Element| matches!(element.slot, Slot::Identifier | Slot::LocalIdentifier);
        // An answer has a model of its own, of which only the identifier is that of a declaration.
        let element = entry.node.element.filter(|element| self.of == DECLARATION || is_identifier(element));
        match (&entry.node.role, element) {
            (Role::ExtraName | Role::ExtraValue, _) => {}
            (Role::CurrencyOf(amount), _) => {
                let mut siblings = around.siblings.iter();
                let has_amount =
                    siblings.any(|sibling| sibling.node.name == *amount && sibling.trimmed().is_some());
                if !has_amount || self.is_kept(&around.beside(entry, amount)) {
                    self.keep(around.path, entry);
                }
            }
            (Role::Ordinal, _) => {
                if entry.trimmed() != Some(&*around.number.to_string()) {
                    self.keep(around.path, entry);
                }
            }
            (Role::Line, Some(element)) => self.lines(entry, element, &around),
            (Role::NamePart, Some(element)) => self.name_part(entry, element, &around),
            (Role::Plain | Role::Line | Role::NamePart, None) => self.keep(around.path, entry),
            (Role::Plain, Some(element)) => self.plain(entry, element, &mut around),
        }
    }

    fn plain(&mut self, entry: &Entry<'a>, element: &'static Element, around: &mut Around<'_, 'a>) {
        let element = match entry.node.other {
            Some(other) if holds(around.pairs, element, other) => other,
            _ => element,
        };
        let mut raw = Raw { text: entry.text, attribute: None, mark: entry.mark };
        let Some(text) = entry.trimmed() else {
            let finding = findings::ELEMENT_EMPTY.finding([entry.node.name.as_str()]);
            return self.builder.report(element, entry.mark, finding);
        };
        let mut is_exact = true;
        match element.content {
            _ if element.slot == Slot::LocalIdentifier && self.builder.declaration.identifier.is_some() => {
                return self.keep(around.path, entry);
            }
            Content::Value(Type::Money) => raw.attribute = currency(entry, around.siblings),
            Content::Value(Type::Date) => {
                if let Some((day, time)) = text.split_at_checked(10).filter(|(_, time)| time.starts_with('T'))
                {
                    raw.text = day;
                    // The model has days: a time is kept beside it.
                    is_exact = time == "T00:00:00";
                }
            }
            _ => {}
        }
        // An identifier that is none is taken all the same; any other value that is wrong would be lost.
        let is_taken = self.builder.accepts(element, raw) || element.slot == Slot::Identifier;
        if !is_taken || !is_exact {
            self.keep(around.path, entry);
        }
    }

    /// Takes a line of an address: with the first of them all are joined.
    fn lines(&mut self, entry: &Entry<'a>, element: &'static Element, around: &Around<'_, 'a>) {
        let is_like = |sibling: &&Entry<'a>| {
            sibling.node.role == Role::Line
                && sibling.node.element.is_some_and(|other| std::ptr::eq(other, element))
        };
        if entry.trimmed().is_none() {
            self.builder.report(
                element,
                entry.mark,
                findings::ELEMENT_EMPTY.finding([entry.node.name.as_str()]),
            );
            return;
        }
        let lines: Vec<&Entry<'a>> =
            around.siblings.iter().filter(is_like).filter(|line| line.trimmed().is_some()).collect();
        if !lines.first().is_some_and(|first| std::ptr::eq(*first, entry)) {
            return;
        }
        let text = lines.iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
        let text = self.builder.arena().alloc_str(&text);
        if !self.builder.accepts(element, Raw { text, attribute: None, mark: entry.mark }) {
            // One of them alone would be read as the whole address.
            for line in lines {
                self.keep_apart(&around.beside(entry, &line.node.name), line);
            }
        }
    }

    /// Takes a given or a family name: both are kept, and are the name when that is not there.
    fn name_part(&mut self, entry: &Entry<'a>, element: &'static Element, around: &Around<'_, 'a>) {
        self.keep(around.path, entry);
        let is_of = |sibling: &&Entry<'a>| {
            sibling.node.element.is_some_and(|other| std::ptr::eq(other, element))
                && sibling.trimmed().is_some()
        };
        let mut named = around.siblings.iter().filter(is_of);
        let whole = named.find(|sibling| sibling.node.role == Role::Plain);
        if whole.is_some_and(|whole| !self.is_kept(&around.beside(entry, &whole.node.name))) {
            return;
        }
        let is_part = |sibling: &&Entry<'a>| sibling.node.role == Role::NamePart;
        let parts: Vec<&Entry<'a>> = around.siblings.iter().filter(is_of).filter(is_part).collect();
        if parts.first().is_some_and(|first| std::ptr::eq(*first, entry)) {
            let text = parts.iter().filter_map(|part| part.trimmed()).collect::<Vec<_>>().join(" ");
            let text = self.builder.arena().alloc_str(&text);
            self.builder.set(element, Raw { text, attribute: None, mark: entry.mark });
        }
    }

    /// Keeps a value as an extra by the path of its element; one of another type as an extra field.
    fn keep(&mut self, path: &str, entry: &Entry<'a>) {
        let name = entry.node.name.as_str();
        let (Some(text), Holds::Value(value)) = (entry.trimmed(), &entry.node.content) else {
            self.builder.push(entry.mark, findings::ELEMENT_EMPTY.finding([name]));
            return;
        };
        // A line break in a line becomes a space when it is taken.
        let line = text.split(['\n', '\t', '\r']).collect::<Vec<_>>().join(" ");
        if layout::unwritable(*value, &line).is_none() {
            return self.extra(path, text, entry.mark);
        }
        let finding = findings::VALUE_SHAPE.finding([name.to_owned(), value.notation()]);
        self.builder.push(entry.mark, finding);
        self.keep_apart(path, entry);
    }

    /// Keeps a value as an extra field named after the path of its element.
    fn keep_apart(&mut self, path: &str, entry: &Entry<'a>) {
        let name = self.builder.arena().alloc_str(&format!("{}{STEP}{path}", self.of));
        self.late.push((name, entry.text, entry.mark));
    }

    /// Returns whether the value at a path, a sibling just before, was kept.
    fn is_kept(&self, path: &str) -> bool {
        let is_late = |name: &str| {
            name.strip_prefix(self.of)
                .and_then(|rest| rest.strip_prefix(STEP))
                .is_some_and(|rest| rest == path)
        };
        let mut extras = self.builder.declaration.extras.iter().rev().take(RECENT);
        extras.any(|(name, _)| *name == path)
            || self.late.iter().rev().take(RECENT).any(|(name, ..)| is_late(name))
    }

    fn extra(&mut self, name: &str, text: &'a str, mark: Mark) {
        let name = self.builder.arena().alloc_str(name);
        self.builder.set(&KEPT, Raw { text, attribute: Some(name), mark });
    }
}

/// Returns the currency that stands beside an amount.
fn currency<'a>(amount: &Entry<'a>, siblings: &[Entry<'a>]) -> Option<&'a str> {
    let is_its = |sibling: &&Entry<'a>| matches!(&sibling.node.role, Role::CurrencyOf(name) if *name == amount.node.name);
    siblings.iter().find(is_its).and_then(Entry::trimmed)
}

fn codes(element: &Element) -> Option<&'static [(&'static str, &'static str)]> {
    match element.content {
        Content::Value(Type::Code(codes)) => Some(codes),
        Content::Value(_) | Content::Group(_) => None,
    }
}
