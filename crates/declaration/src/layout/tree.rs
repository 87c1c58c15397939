//! A record as a tree of entries over its layout: what readers make and writers take.

use caravan_postal::Field;

use super::{Holds, Node, Type};
use crate::builder::{Builder, is_control};
use crate::findings;
use crate::place::{Mark, Resolver};
use crate::write::{Unwritable, WriteError};

/// One record as it was read.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// Which record of the file it is, counted from 1.
    pub(crate) ordinal: u32,
    /// Where it begins.
    pub(crate) mark: Mark,
    /// Its entries, in the order of the layout.
    pub(crate) entries: Vec<Entry<'a>>,
    /// What was found so far, and the arena of its texts.
    pub(crate) builder: Builder<'a>,
    pub(crate) resolver: Resolver<'a>,
}

/// One element that is there.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) node: &'static Node,
    /// Where it stands; nowhere in particular for one that is going to be written.
    pub(crate) mark: Mark,
    /// The text of a value; empty for a group.
    pub(crate) text: &'a str,
    /// The entries of a group, in the order of the layout.
    pub(crate) entries: Vec<Entry<'a>>,
}

impl<'a> Entry<'a> {
    /// Makes the entry of a value.
    pub(crate) fn value(node: &'static Node, mark: Mark, text: &'a str) -> Self {
        Self { node, mark, text, entries: Vec::new() }
    }

    /// Makes the entry of a group.
    pub(crate) fn group(node: &'static Node, mark: Mark, entries: Vec<Self>) -> Self {
        Self { node, mark, text: "", entries }
    }

    /// Returns the text without white space around it; nothing when nothing is left.
    pub(crate) fn trimmed(&self) -> Option<&'a str> {
        let text = self.text.trim_matches([' ', '\n', '\t', '\r']);
        (!text.is_empty()).then_some(text)
    }
}

/// Why an element is left out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Misfit {
    /// The group has no such element.
    Unknown,
    /// It is there as often as it may be.
    Surplus(&'static Node),
}

/// The entries of a group while it is being read.
#[derive(Debug)]
pub(crate) struct Gathering<'a> {
    parent: &'static Node,
    entries: Vec<Entry<'a>>,
    /// How often each child was there.
    seen: Vec<u32>,
    /// The position of the last child in the order of the layout that was there.
    furthest: usize,
}

impl<'a> Gathering<'a> {
    /// Begins a group.
    pub(crate) fn new(parent: &'static Node) -> Self {
        Self { parent, entries: Vec::new(), seen: vec![0; parent.children().len()], furthest: 0 }
    }

    /// Returns the group's own node.
    pub(crate) fn parent(&self) -> &'static Node {
        self.parent
    }

    /// Returns the child of that name when it may be there once more.
    pub(crate) fn find(&self, name: &str) -> Result<&'static Node, Misfit> {
        let node = self.parent.child(name).ok_or(Misfit::Unknown)?;
        match node.most {
            Some(most) if self.seen[node.position] >= most => Err(Misfit::Surplus(node)),
            _ => Ok(node),
        }
    }

    /// Returns whether one that should follow it was already there.
    pub(crate) fn is_late(&self, node: &Node) -> bool {
        node.position < self.furthest
    }

    /// Takes a child.
    pub(crate) fn push(&mut self, entry: Entry<'a>) {
        self.seen[entry.node.position] += 1;
        self.furthest = self.furthest.max(entry.node.position);
        self.entries.push(entry);
    }

    /// Ends the group, which begins at `mark`: a part that has to be there and is not is a finding.
    pub(crate) fn finish(mut self, mark: Mark, builder: &mut Builder<'a>) -> Vec<Entry<'a>> {
        for node in self.parent.children() {
            if self.seen[node.position] < node.least {
                let arguments = [node.name.as_str(), self.parent.name.as_str()];
                builder.push(mark, findings::PART_MISSING.finding(arguments));
            }
        }
        self.entries.sort_by_key(|entry| entry.node.position);
        self.entries
    }
}

/// Returns how many of the entries are of a node.
fn times(entries: &[Entry<'_>], node: &Node) -> usize {
    entries.iter().filter(|entry| std::ptr::eq(entry.node, node)).count()
}

/// Checks a tree that is going to be written against its layout.
pub(crate) fn check(parent: &'static Node, entries: &[Entry<'_>]) -> Result<(), WriteError> {
    for node in parent.children() {
        let count = times(entries, node);
        let refused = |reason| WriteError::Unwritable { field: field(node), reason };
        if count < node.least as usize {
            return Err(refused(Unwritable::Missing));
        }
        if node.most.is_some_and(|most| count > most as usize) {
            return Err(refused(Unwritable::Range));
        }
    }
    for entry in entries {
        match entry.node.content {
            Holds::Group(_) => check(entry.node, &entry.entries)?,
            Holds::Value(value) => {
                if let Some(reason) = unwritable(value, entry.text) {
                    return Err(WriteError::Unwritable { field: field(entry.node), reason });
                }
            }
        }
    }
    Ok(())
}

/// Returns why a text cannot be written as a value of a type.
pub(crate) fn unwritable(value: Type, text: &str) -> Option<Unwritable> {
    let is_space = |character: char| matches!(character, ' ' | '\n' | '\t' | '\r');
    let has_lines = matches!(value, Type::Lines(_));
    let is_blank = if has_lines {
        text.trim_matches(is_space).is_empty()
    } else {
        text.is_empty() || text.starts_with(is_space) || text.ends_with(is_space)
    };
    let is_wrong = |c: char| is_control(c) || matches!(c, '\t' | '\r') || (c == '\n' && !has_lines);
    if is_blank {
        Some(Unwritable::Blank)
    } else if text.contains(is_wrong) {
        Some(Unwritable::Control)
    } else if value.admits(text) {
        None
    } else {
        Some(match value {
            Type::Text { most, .. } | Type::Lines(most) if text.chars().count() > most.into() => {
                Unwritable::TooLong
            }
            Type::Decimal { .. } | Type::Digits { .. } | Type::Int => Unwritable::Range,
            _ => Unwritable::Code,
        })
    }
}

fn field(node: &'static Node) -> Field {
    Field::of(node.element.map_or(&*node.name, |element| element.field))
}
