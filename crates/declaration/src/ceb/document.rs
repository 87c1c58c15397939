//! Documents as any message of the family has them: blocks of named values.

use std::borrow::Cow;

use super::layout::{Block, Element, Message};
use crate::place::Mark;

/// One document of a message: an order, a list, a waybill, a receipt.
///
/// A document without blocks inside, such as a receipt, is one block itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<'a> {
    /// The message that it belongs to.
    pub message: &'static Message,
    /// Its blocks in the order of the layout: the head, then the lines.
    pub blocks: Vec<Values<'a>>,
}

/// The values of one block, in the order of its layout.
#[derive(Debug, Clone)]
pub struct Values<'a> {
    /// The layout.
    pub block: &'static Block,
    /// The values that are there.
    pub values: Vec<Value<'a>>,
}

/// The value of one element.
///
/// A text has no white space around it and no control characters but line breaks and tabs; an element that has to be
/// there may be empty where the schema admits it.
#[derive(Debug, Clone)]
pub struct Value<'a> {
    /// The element.
    pub element: &'static Element,
    /// Its text.
    pub text: Cow<'a, str>,
    /// Where it stands in the input that it was read from.
    pub(crate) mark: Mark,
}

/// What a message says around its documents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Envelope {
    /// The GUID of the message, in upper case.
    pub guid: String,
    /// The version of the message, `1.0`.
    pub version: String,
    /// The blocks behind the documents (`BaseTransfer`, `BaseSubscribe`, `ExtendMessage`), in the order of the layout.
    pub trailer: Vec<Values<'static>>,
    /// The signature as it stands in the message, not checked.
    pub signature: Option<Vec<u8>>,
}

impl<'a> Document<'a> {
    /// Returns an empty document of a message.
    pub fn new(message: &'static Message) -> Self {
        Self { message, blocks: Vec::new() }
    }

    /// Returns the document with texts of its own.
    pub fn into_owned(self) -> Document<'static> {
        let blocks = self.blocks.into_iter().map(Values::into_owned).collect();
        Document { message: self.message, blocks }
    }

    /// Returns the text of an element of the first block, which is the head or the document itself.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.blocks.first()?.text(name)
    }

    /// Returns the lines: every block behind the head.
    pub fn lines(&self) -> &[Values<'a>] {
        self.blocks.get(1..).unwrap_or(&[])
    }
}

impl<'a> Values<'a> {
    /// Returns a block without values.
    pub fn new(block: &'static Block) -> Self {
        Self { block, values: Vec::new() }
    }

    /// Returns the text of an element.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).map(|value| &*value.text)
    }

    /// Puts a value in its place, or in the place of the one that is there; returns whether the block has such an
    /// element.
    pub fn set(&mut self, name: &str, text: impl Into<Cow<'a, str>>) -> bool {
        let Some(index) = self.block.elements.iter().position(|element| element.name == name) else {
            return false;
        };
        let place = |value: &Value<'_>| {
            self.block.elements.iter().position(|element| std::ptr::eq(element, value.element))
        };
        let at =
            self.values.iter().position(|value| place(value) >= Some(index)).unwrap_or(self.values.len());
        let is_there = self.values.get(at).is_some_and(|value| place(value) == Some(index));
        let element = &self.block.elements[index];
        let value = Value { element, text: text.into(), mark: Mark::default() };
        if is_there {
            self.values[at] = value;
        } else {
            self.values.insert(at, value);
        }
        true
    }

    /// Takes a value out; returns whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.values.len();
        self.values.retain(|value| value.element.name != name);
        self.values.len() < before
    }

    /// Returns the block with texts of its own.
    pub fn into_owned(self) -> Values<'static> {
        let own = |value: Value<'_>| Value {
            element: value.element,
            text: Cow::Owned(value.text.into_owned()),
            mark: value.mark,
        };
        Values { block: self.block, values: self.values.into_iter().map(own).collect() }
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value<'a>> {
        self.values.iter().find(|value| value.element.name == name)
    }
}

impl Envelope {
    /// Returns the first block of the trailer with this name.
    pub fn block(&self, name: &str) -> Option<&Values<'static>> {
        self.trailer.iter().find(|values| values.block.name == name)
    }
}

impl PartialEq for Message {
    /// Messages are rows of one table.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl PartialEq for Values<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.block.name == other.block.name && self.values == other.values
    }
}

impl PartialEq for Value<'_> {
    /// Where a value stood is no part of it.
    fn eq(&self, other: &Self) -> bool {
        self.element.name == other.element.name && self.text == other.text
    }
}
