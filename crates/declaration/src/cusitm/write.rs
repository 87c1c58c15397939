//! A declaration into the tree of a record.

use bumpalo::Bump;
use caravan_postal::{Currency, Field};

use super::extras::{CARRIED, CURRENCY, HOLDS, STEP, is_mapped, path};
use crate::format::{Content, Element, ITEM, PIECE, Slot};
use crate::layout::{self, Entry, Holds, Layout, Node, Role};
use crate::model::{Declaration, Identifier};
use crate::place::Mark;
use crate::write::{Attribute, Unwritable, WriteError, is_list, render};

/// The group of what the sender declared.
pub(super) const DECLARATION: &str = "Declaration";
/// The group of what customs answered.
pub(super) const RESPONSE: &str = "Response";

/// Returns the entries of the record of a declaration. Extras that are no path become extra fields of the group `of`.
pub(crate) fn entries<'a>(
    declaration: &Declaration<'_>,
    layout: &'static Layout,
    of: &'static str,
    arena: &'a Bump,
) -> Result<Vec<Entry<'a>>, WriteError> {
    let is_used = vec![false; declaration.extras.len()];
    let mut sheet = Sheet { declaration, layout, of, arena, is_used, held: Vec::new(), text: String::new() };
    let entries = sheet.group(&layout.record, "", 0)?;
    if sheet.is_used.contains(&false) {
        // The layout has no extra fields to put it into.
        return Err(WriteError::Unwritable { field: Field::of("extra"), reason: Unwritable::Code });
    }
    Ok(entries)
}

struct Sheet<'d, 'm, 'a> {
    declaration: &'d Declaration<'m>,
    layout: &'static Layout,
    of: &'static str,
    arena: &'a Bump,
    /// Which of the extras were written.
    is_used: Vec<bool>,
    /// Elements whose value stands where another one's would, with that other one.
    held: Vec<(&'static Element, &'static Element)>,
    text: String,
}

/// What is known of a group while its values are written.
struct Group<'g, 'a> {
    parent: &'static Node,
    path: &'g str,
    /// The index of the piece or document around it, counted from 0.
    index: usize,
    entries: Vec<Entry<'a>>,
    /// The currencies of the amounts that were written.
    currencies: Vec<(&'static str, Currency)>,
}

impl<'a> Sheet<'_, '_, 'a> {
    fn group(
        &mut self,
        parent: &'static Node,
        path: &str,
        index: usize,
    ) -> Result<Vec<Entry<'a>>, WriteError> {
        let mut group = Group { parent, path, index, entries: Vec::new(), currencies: Vec::new() };
        for node in parent.children() {
            match &node.content {
                Holds::Group(_) => self.inner(node, &mut group)?,
                Holds::Value(_) if node.role == Role::ExtraName => self.extra_fields(node, &mut group)?,
                Holds::Value(_) if node.role == Role::ExtraValue => {}
                Holds::Value(_) => {
                    if let Some(text) = self.value(node, &mut group)? {
                        group.entries.push(Entry::value(node, Mark::default(), text));
                    }
                }
            }
        }
        Ok(group.entries)
    }

    fn inner(&mut self, node: &'static Node, group: &mut Group<'_, 'a>) -> Result<(), WriteError> {
        let slot = node.element.map(|element| element.slot);
        let mut next = 0;
        for number in 1.. {
            let path = path(group.path, node, number);
            let is_kept = |path: &str| {
                let inside = |name: &str| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
                self.declaration.extras.iter().any(|(name, _)| inside(name))
            };
            let is_wanted = match slot {
                Some(Slot::Piece) => next < self.declaration.pieces.len(),
                Some(Slot::Document) => next < self.declaration.documents.len() || is_kept(&path),
                _ => number == 1 || is_kept(&path),
            };
            if !is_wanted {
                break;
            }
            // A paper that the model does not have stands among the extras with its number.
            let is_foreign = slot == Some(Slot::Document) && self.has_extra(&format!("{path}.DocumentId"));
            let index = if is_foreign { usize::MAX } else { next };
            let entries = self.group(node, &path, index)?;
            next += usize::from(!is_foreign);
            // What the record is about is there even when nothing is known of it.
            if !entries.is_empty() || path == self.of {
                group.entries.push(Entry::group(node, Mark::default(), entries));
            }
            if !node.is_repeated() {
                break;
            }
        }
        Ok(())
    }

    fn value(
        &mut self,
        node: &'static Node,
        group: &mut Group<'_, 'a>,
    ) -> Result<Option<&'a str>, WriteError> {
        let path = path(group.path, node, 1);
        let Some(element) = node.element else {
            return Ok(match &node.role {
                Role::CurrencyOf(amount) => {
                    let known = group.currencies.iter().find(|(name, _)| name == amount);
                    known
                        .map(|(_, currency)| self.keep(currency.as_str()))
                        .or_else(|| self.extra(&path, node))
                }
                Role::Ordinal => {
                    Some(self.extra(&path, node).unwrap_or_else(|| self.keep(&(group.index + 1).to_string())))
                }
                _ => self.extra(&path, node),
            });
        };
        if node.role == Role::NamePart {
            return Ok(self.extra(&path, node));
        }
        if matches!(element.slot, Slot::Identifier | Slot::LocalIdentifier) {
            return Ok(self.identifier(element, node, &path));
        }
        let mut rendered = render(self.declaration, element, group.index, &mut self.text)?;
        if let Some(other) = node.other.filter(|_| rendered.is_none()) {
            rendered = render(self.declaration, other, group.index, &mut self.text)?;
            if rendered.is_some() {
                self.held.push((element, other));
            }
        }
        let Some(attribute) = rendered else {
            return Ok(self.extra(&path, node));
        };
        if let Attribute::Currency(currency) = attribute {
            group.currencies.push((&node.name, currency));
        }
        Ok(match (&node.role, &node.content) {
            (Role::Line, _) => self.line(node, group.parent),
            (_, Holds::Value(layout::Type::DateTime)) => Some(self.date_time(&path, node)),
            _ => Some(self.keep(&self.text)),
        })
    }

    /// Returns one of the two lines of a text: the first, or all that follow it.
    fn line(&self, node: &Node, parent: &'static Node) -> Option<&'a str> {
        let is_like = |other: &&Node| {
            let same = |a: &'static Element| node.element.is_some_and(|b| std::ptr::eq(a, b));
            other.role == Role::Line && other.element.is_some_and(same)
        };
        let is_first = parent.children().iter().find(is_like).is_some_and(|first| std::ptr::eq(first, node));
        let (first, rest) = match self.text.split_once('\n') {
            Some((first, rest)) => (first, Some(rest)),
            None => (&*self.text, None),
        };
        if is_first { Some(self.keep(first)) } else { rest.map(|rest| self.keep(rest)) }
    }

    /// Returns the day at hand as a time: that of the extras when it is of that day, else midnight.
    fn date_time(&mut self, path: &str, node: &'static Node) -> &'a str {
        let day = self.text.clone();
        let is_of_day = self.peek(path).is_some_and(|text| text.starts_with(&day));
        let exact = if is_of_day { self.extra(path, node) } else { None };
        exact.unwrap_or_else(|| self.keep(&format!("{day}T00:00:00")))
    }

    /// Returns the value of `Id` or `LocalId`: an S10 belongs in the first, any other number in the second if it is free.
    fn identifier(&mut self, element: &Element, node: &'static Node, path: &str) -> Option<&'a str> {
        let is_local = element.slot == Slot::LocalIdentifier;
        let has_local =
            self.has_extra("MailObject.LocalId") || self.layout.fault("MailObject.LocalId", "1").is_some();
        match self.declaration.identifier {
            Some(Identifier::S10(s10)) if !is_local => Some(self.keep(&s10.to_string())),
            Some(Identifier::Other(number)) if is_local != has_local => Some(self.keep(number)),
            _ if is_local => self.extra(path, node),
            _ => None,
        }
    }

    /// Writes the extra fields of a group: what the model holds and the layout does not, then extras.
    fn extra_fields(&mut self, names: &'static Node, group: &mut Group<'_, 'a>) -> Result<(), WriteError> {
        let is_value = |node: &&Node| node.role == Role::ExtraValue;
        let values = group.parent.children().iter().find(is_value).expect("names and values go together");
        let mut pairs = Vec::new();
        let is_piece = group.parent.element.is_some_and(|element| element.slot == Slot::Piece);
        if is_piece {
            self.carried(PIECE, group.index, &mut pairs)?;
        } else if group.path == DECLARATION && self.of == DECLARATION {
            for (element, other) in self.held.clone() {
                let name = format!("{CARRIED}{}{HOLDS}", element.field);
                pairs.push((self.keep(&name), self.keep(other.field)));
            }
            self.carried(ITEM, 0, &mut pairs)?;
        }
        let step = format!("{}{STEP}", group.path);
        let is_last = group.path == self.of;
        for (at, (name, text)) in self.declaration.extras.iter().enumerate() {
            let inner = name.strip_prefix(&step).or_else(|| is_last.then_some(*name));
            let Some(name) = inner.filter(|_| !self.is_used[at]) else { continue };
            self.is_used[at] = true;
            pairs.push((self.keep(name), self.keep(text)));
        }
        let entry = |node, text| Entry::value(node, Mark::default(), text);
        group.entries.extend(pairs.iter().map(|(name, _)| entry(names, name)));
        group.entries.extend(pairs.iter().map(|(_, text)| entry(values, text)));
        Ok(())
    }

    /// Adds the fields of ours that no element of the layout is made for.
    fn carried(
        &mut self,
        elements: &'static [Element],
        index: usize,
        pairs: &mut Vec<(&'a str, &'a str)>,
    ) -> Result<(), WriteError> {
        for element in elements {
            let is_held = self.held.iter().any(|(_, other)| std::ptr::eq(*other, element));
            if is_list(element) || is_held || is_mapped(&self.layout.record, element) {
                continue;
            }
            let Content::Value(_) = element.content else {
                self.carried(element.children(), index, pairs)?;
                continue;
            };
            let Some(attribute) = render(self.declaration, element, index, &mut self.text)? else { continue };
            let name = format!("{CARRIED}{}", element.field);
            pairs.push((self.keep(&name), self.keep(&self.text)));
            if let Attribute::Currency(currency) = attribute {
                pairs.push((self.keep(&format!("{name}{CURRENCY}")), self.keep(currency.as_str())));
            }
        }
        Ok(())
    }

    /// Returns the extra of a path when it fits the node, and counts it as written.
    fn extra(&mut self, path: &str, node: &Node) -> Option<&'a str> {
        let Holds::Value(value) = node.content else { return None };
        let found = self.declaration.extras.iter().position(|(name, _)| *name == path)?;
        let text = self.declaration.extras[found].1;
        if self.is_used[found] || layout::unwritable(value, text).is_some() {
            return None;
        }
        self.is_used[found] = true;
        Some(self.keep(text))
    }

    fn peek(&self, path: &str) -> Option<&str> {
        self.declaration.extras.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
    }

    fn has_extra(&self, path: &str) -> bool {
        self.peek(path).is_some()
    }

    fn keep(&self, text: &str) -> &'a str {
        self.arena.alloc_str(text)
    }
}
