//! Writing our JSON: every file passes the schema.

use std::fmt::Write as _;
use std::io::Write;

use crate::format::{Content, Element, ITEM, MONEY, NAMED, Type};
use crate::model::Declaration;
use crate::write::{Attribute, WriteError, is_list, render, times};

/// What stands around the items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One array, which the schema describes.
    Array,
    /// Nothing but line ends: JSON Lines.
    Lines,
}

/// Writes a file item by item, each in a line of its own.
#[derive(Debug)]
pub struct Writer<W: Write> {
    output: W,
    layout: Layout,
    is_first: bool,
    /// The item at hand: nothing of it is written before all of it can be.
    item: String,
    value: String,
}

/// Writes a whole file.
pub fn write<'d, W: Write>(
    output: W,
    layout: Layout,
    declarations: impl IntoIterator<Item = &'d Declaration<'d>>,
) -> Result<W, WriteError> {
    let mut writer = Writer::new(output, layout)?;
    for declaration in declarations {
        writer.item(declaration)?;
    }
    writer.finish()
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn new(mut output: W, layout: Layout) -> Result<Self, WriteError> {
        if layout == Layout::Array {
            output.write_all(b"[").map_err(WriteError::Output)?;
        }
        Ok(Self { output, layout, is_first: true, item: String::new(), value: String::new() })
    }

    /// Writes one item, or nothing of it when a value cannot be written.
    pub fn item(&mut self, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        self.item.clear();
        match (self.layout, self.is_first) {
            (Layout::Array, true) => self.item.push('\n'),
            (Layout::Array, false) => self.item.push_str(",\n"),
            (Layout::Lines, _) => {}
        }
        let mut page = Page { declaration, item: &mut self.item, value: &mut self.value };
        page.object(ITEM, 0)?;
        if self.layout == Layout::Lines {
            self.item.push('\n');
        }
        self.output.write_all(self.item.as_bytes()).map_err(WriteError::Output)?;
        self.is_first = false;
        Ok(())
    }

    /// Ends the file and returns the output. A file has at least one item, which the caller has written.
    pub fn finish(mut self) -> Result<W, WriteError> {
        let end: &[u8] = if self.layout == Layout::Array { b"\n]\n" } else { b"" };
        self.output.write_all(end).and_then(|()| self.output.flush()).map_err(WriteError::Output)?;
        Ok(self.output)
    }
}

struct Page<'p, 'd> {
    declaration: &'p Declaration<'d>,
    item: &'p mut String,
    value: &'p mut String,
}

impl Page<'_, '_> {
    fn object(&mut self, elements: &'static [Element], index: usize) -> Result<(), WriteError> {
        self.item.push('{');
        for element in elements {
            let before = self.item.len();
            self.name(element.name);
            let opened = self.item.len();
            if is_list(element) {
                self.list(element)?;
            } else {
                self.entry(element, index)?;
            }
            // A group that holds nothing is not there.
            if matches!(&self.item[opened..], "" | "{}" | "[]") {
                self.item.truncate(before);
            }
        }
        self.item.push('}');
        Ok(())
    }

    fn list(&mut self, element: &'static Element) -> Result<(), WriteError> {
        self.item.push('[');
        for nth in 0..times(self.declaration, element) {
            if nth > 0 {
                self.item.push(',');
            }
            // A piece counts even when nothing is known of it.
            self.entry(element, nth)?;
        }
        self.item.push(']');
        Ok(())
    }

    fn entry(&mut self, element: &'static Element, index: usize) -> Result<(), WriteError> {
        match element.content {
            Content::Group(children) => self.object(children, index),
            Content::Value(kind) => self.scalar(element, kind, index),
        }
    }

    fn scalar(&mut self, element: &'static Element, kind: Type, index: usize) -> Result<(), WriteError> {
        let Some(attribute) = render(self.declaration, element, index, self.value)? else { return Ok(()) };
        match attribute {
            Attribute::Currency(currency) => self.pair(MONEY, currency.as_str()),
            Attribute::Name(name) => self.pair(NAMED, name),
            Attribute::None if matches!(kind, Type::Whole(_) | Type::Flag) => self.item.push_str(self.value),
            Attribute::None => quote(self.value, self.item),
        }
        Ok(())
    }

    fn pair(&mut self, names: [&str; 2], attribute: &str) {
        self.item.push('{');
        self.name(names[0]);
        quote(self.value, self.item);
        self.name(names[1]);
        quote(attribute, self.item);
        self.item.push('}');
    }

    /// Begins a member, behind a comma when it is not the first.
    fn name(&mut self, name: &str) {
        if !self.item.ends_with('{') {
            self.item.push(',');
        }
        self.item.extend(["\"", name, "\":"]);
    }
}

/// Writes a text in quotes.
pub(crate) fn quote(text: &str, into: &mut String) {
    into.push('"');
    for character in text.chars() {
        match character {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            control if control < ' ' => {
                write!(into, "\\u{:04x}", u32::from(control)).expect("writing to a string");
            }
            character => into.push(character),
        }
    }
    into.push('"');
}
