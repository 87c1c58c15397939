//! Writing our XML: every file passes the schema.

use std::io::Write;

use super::{DIALECT, Dialect};
use crate::format::{Content, Element, ITEM_NAME};
use crate::model::Declaration;
use crate::write::{Attribute, WriteError, render, times};

/// Writes a file item by item.
#[derive(Debug)]
pub struct Writer<W: Write> {
    dialect: &'static Dialect,
    output: W,
    /// The item at hand: nothing of it is written before all of it can be.
    item: String,
    value: String,
}

/// Writes a whole file.
pub fn write<'d, W: Write>(
    output: W,
    declarations: impl IntoIterator<Item = &'d Declaration<'d>>,
) -> Result<W, WriteError> {
    let mut writer = Writer::new(output)?;
    for declaration in declarations {
        writer.item(declaration)?;
    }
    writer.finish()
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn new(output: W) -> Result<Self, WriteError> {
        Self::of(&DIALECT, output)
    }

    /// Begins a file of a dialect.
    pub(crate) fn of(dialect: &'static Dialect, mut output: W) -> Result<Self, WriteError> {
        let Dialect { root, namespace, .. } = dialect;
        writeln!(output, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{namespace}\">")
            .map_err(WriteError::Output)?;
        Ok(Self { dialect, output, item: String::new(), value: String::new() })
    }

    /// Writes one item, or nothing of it when a value cannot be written.
    pub fn item(&mut self, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        self.item.clear();
        let mut page = Page { declaration, item: &mut self.item, value: &mut self.value };
        page.line(1, &["<", ITEM_NAME, ">"]);
        page.elements((self.dialect.item)(), 0, 2)?;
        page.line(1, &["</", ITEM_NAME, ">"]);
        self.output.write_all(self.item.as_bytes()).map_err(WriteError::Output)
    }

    /// Ends the file and returns the output. A file has at least one item, which the caller has written.
    pub fn finish(mut self) -> Result<W, WriteError> {
        writeln!(self.output, "</{}>", self.dialect.root)
            .and_then(|()| self.output.flush())
            .map_err(WriteError::Output)?;
        Ok(self.output)
    }
}

struct Page<'p, 'd> {
    declaration: &'p Declaration<'d>,
    item: &'p mut String,
    value: &'p mut String,
}

impl Page<'_, '_> {
    fn elements(
        &mut self,
        elements: &'static [Element],
        index: usize,
        level: usize,
    ) -> Result<(), WriteError> {
        for element in elements {
            for nth in 0..times(self.declaration, element) {
                // Inside a piece the index stays that of the piece.
                let index = if crate::write::is_list(element) { nth } else { index };
                match element.content {
                    Content::Value(_) => self.value(element, index, level)?,
                    Content::Group(children) => self.group(element, children, index, level)?,
                }
            }
        }
        Ok(())
    }

    fn group(
        &mut self,
        element: &'static Element,
        children: &'static [Element],
        index: usize,
        level: usize,
    ) -> Result<(), WriteError> {
        let before = self.item.len();
        self.line(level, &["<", element.name, ">"]);
        let opened = self.item.len();
        self.elements(children, index, level + 1)?;
        if self.item.len() > opened {
            self.line(level, &["</", element.name, ">"]);
            return Ok(());
        }
        // A piece counts even when nothing is known of it; any other group that holds nothing is not there.
        self.item.truncate(before);
        if crate::write::is_list(element) {
            self.line(level, &["<", element.name, "/>"]);
        }
        Ok(())
    }

    fn value(&mut self, element: &'static Element, index: usize, level: usize) -> Result<(), WriteError> {
        let Some(attribute) = render(self.declaration, element, index, self.value)? else { return Ok(()) };
        self.indent(level);
        self.item.extend(["<", element.name]);
        match attribute {
            Attribute::None => {}
            Attribute::Currency(currency) => self.item.extend([" currency=\"", currency.as_str(), "\""]),
            Attribute::Name(name) => {
                self.item.push_str(" name=\"");
                escape(name, self.item);
                self.item.push('"');
            }
        }
        self.item.push('>');
        escape(self.value, self.item);
        self.item.extend(["</", element.name, ">\n"]);
        Ok(())
    }

    fn line(&mut self, level: usize, parts: &[&str]) {
        self.indent(level);
        self.item.extend(parts.iter().copied());
        self.item.push('\n');
    }

    fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.item.push_str("  ");
        }
    }
}

/// Writes a text as content or as the value of an attribute.
pub(crate) fn escape(text: &str, into: &mut String) {
    let mut rest = text;
    while let Some(index) = rest.find(['&', '<', '>', '"']) {
        into.push_str(&rest[..index]);
        into.push_str(match rest.as_bytes()[index] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[index + 1..];
    }
    into.push_str(rest);
}
