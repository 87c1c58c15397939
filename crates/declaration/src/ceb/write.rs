//! Writing messages: every one passes the schema of its edition, but for a signature that others put in.
//!
//! Writing is strict: what the reader would report as wrong is refused, and nothing is written. Elements stand in the
//! order of the schema; an optional element without a value is left out, because one of fixed length may not be empty.

use std::borrow::Cow;

use caravan_postal::{Field, Finding, Severity};

use super::NAMESPACE;
use super::document::{Document, Envelope, Value, Values};
use super::layout::{Block, Element, Kind, Message, Part};
use super::root::attribute;
use super::value::check;
use crate::findings;

mod raw;

pub(super) use raw::SIGNATURE_NAMESPACE;
pub(super) use raw::is_content;
use raw::signature;

/// The most documents that any message may have.
pub const DOCUMENTS_MAX: usize = 100;

/// Why a message was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Something that the reader would report.
    #[error("cannot write document {document}: `{}` at `{}`", .finding.code.name, .finding.field)]
    Refused {
        /// The document, counted from 1; 0 for what is around them.
        document: usize,
        /// What is wrong with it.
        finding: Finding,
    },
    /// A document of another message.
    #[error("cannot write document {document}: it belongs to `{found}`")]
    Stranger {
        /// The document, counted from 1.
        document: usize,
        /// The message that it belongs to.
        found: &'static str,
    },
    /// A signature that does not stand by itself, or one for several messages.
    #[error("cannot write the signature")]
    Signature,
}

/// Writes documents of one kind as so many messages as they need. `guid` gives each message its GUID; it is told how
/// many were written before.
///
/// The signature of the envelope is written as it is; whoever changes anything takes it out and signs anew.
///
/// # Errors
///
/// When a document or the envelope has what the schema does not admit.
pub fn write(
    message: &'static Message,
    envelope: &Envelope,
    documents: &[Document<'_>],
    mut guid: impl FnMut(usize) -> String,
) -> Result<Vec<Vec<u8>>, WriteError> {
    if documents.is_empty() {
        let missing = [message.document.block.name, message.name];
        return Err(refused(0, findings::CEB_BLOCK_MISSING.finding(missing)));
    }
    let most = message.document.most.map_or(DOCUMENTS_MAX, |most| most as usize);
    let signature = envelope.signature.as_deref().map(signature).transpose()?;
    if signature.is_some() && documents.len() > most {
        return Err(WriteError::Signature);
    }
    let mut messages = Vec::new();
    for (number, part) in documents.chunks(most).enumerate() {
        let mut page = Page { text: String::new(), document: 0 };
        page.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ceb:");
        page.text.push_str(message.name);
        for (name, value) in [("guid", guid(number)), ("version", envelope.version.clone())] {
            page.text.extend([" ", name, "=\""]);
            let value = accepted(attribute(name), message.name, &value, 0)?;
            escape(&value, &mut page.text);
            page.text.push('"');
        }
        page.text.extend([" xmlns:ceb=\"", NAMESPACE, "\">\n"]);
        for (index, document) in part.iter().enumerate() {
            page.document = number * most + index + 1;
            if document.message != message {
                return Err(WriteError::Stranger { document: page.document, found: document.message.name });
            }
            page.document(&message.document.block, &document.blocks)?;
        }
        page.document = 0;
        page.trailer(message, envelope, signature)?;
        page.text.extend(["</ceb:", message.name, ">\n"]);
        messages.push(page.text.into_bytes());
    }
    Ok(messages)
}

/// Splits a document whose lines have no bound (arrivals, departures, bag contents, summaries) into documents of at
/// most `lines_max` lines, which are then written as one message each. Every part has the head, with `msgCount` the
/// number of parts and `msgSeqNo` its own, counted from 1; lines keep the numbers that they have.
///
/// A document without these numbers in its head, or short enough, comes back as it is.
pub fn split<'a>(document: Document<'a>, lines_max: usize) -> Vec<Document<'a>> {
    let has = |name: &str| {
        document.blocks.first().is_some_and(|head| head.block.elements.iter().any(|e| e.name == name))
    };
    let lines = document.lines();
    if lines.len() <= lines_max || lines_max == 0 || !has("msgCount") || !has("msgSeqNo") {
        return vec![document];
    }
    let count = lines.len().div_ceil(lines_max);
    let part = |(number, lines): (usize, &[Values<'a>])| {
        let mut head = document.blocks[0].clone();
        head.set("msgCount", count.to_string());
        head.set("msgSeqNo", (number + 1).to_string());
        let blocks = std::iter::once(head).chain(lines.iter().cloned()).collect();
        Document { message: document.message, blocks }
    };
    lines.chunks(lines_max).enumerate().map(part).collect()
}

/// Returns the text of a value as it is written.
pub(crate) fn accepted<'t>(
    element: &Element,
    block: &str,
    text: &'t str,
    document: usize,
) -> Result<Cow<'t, str>, WriteError> {
    let checked = check(element, block, Cow::Borrowed(text));
    let is_wrong = |finding: &Finding| {
        let changed = [
            &findings::CEB_EDITION,
            &findings::CEB_EXTENSION,
            &findings::TEXT_TRIMMED,
            &findings::TEXT_JOINED,
        ];
        finding.severity() >= Severity::Hold || changed.contains(&finding.code)
    };
    match (checked.findings.into_iter().find(is_wrong), checked.text) {
        (Some(finding), _) => Err(refused(document, finding)),
        (None, text) => Ok(text.unwrap_or_default()),
    }
}

/// Appends a text with what XML would take for markup written as references.
pub(super) fn escape(text: &str, into: &mut String) {
    let mut rest = text;
    while let Some(index) = rest.find(['&', '<', '>', '"', '\r']) {
        into.push_str(&rest[..index]);
        into.push_str(match rest.as_bytes()[index] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#13;",
        });
        rest = &rest[index + 1..];
    }
    into.push_str(rest);
}

struct Page {
    text: String,
    /// The document at hand, counted from 1.
    document: usize,
}

impl Page {
    fn document(&mut self, block: &Block, blocks: &[Values<'_>]) -> Result<(), WriteError> {
        if block.has_elements() {
            let [values] = blocks else {
                return Err(self.refused(findings::CEB_BLOCK_MISSING.finding([block.name, block.name])));
            };
            return self.block(block, values, 1, None);
        }
        self.text.extend(["  <ceb:", block.name, ">\n"]);
        let mut rest = blocks;
        for part in &block.parts {
            let count = rest.iter().take_while(|values| values.block.name == part.block.name).count();
            self.count(part, count, block.name)?;
            for (line, values) in rest[..count].iter().enumerate() {
                let line = (part.most != Some(1)).then_some(line);
                self.block(&part.block, values, 2, line)?;
            }
            rest = &rest[count..];
        }
        if let Some(values) = rest.first() {
            return Err(self.refused(findings::ELEMENT_ORDER.finding([values.block.name])));
        }
        self.text.extend(["  </ceb:", block.name, ">\n"]);
        Ok(())
    }

    fn trailer(
        &mut self,
        message: &'static Message,
        envelope: &Envelope,
        signature: Option<&str>,
    ) -> Result<(), WriteError> {
        for part in &message.trailer {
            if part.block.name == "Signature" {
                self.text.push_str(signature.unwrap_or_default());
                continue;
            }
            let is_it = |values: &&Values<'_>| values.block.name == part.block.name;
            self.count(part, envelope.trailer.iter().filter(is_it).count(), message.name)?;
            for values in envelope.trailer.iter().filter(is_it) {
                self.block(&part.block, values, 1, None)?;
            }
        }
        Ok(())
    }

    fn count(&self, part: &Part, count: usize, parent: &str) -> Result<(), WriteError> {
        if count < part.least as usize {
            return Err(self.refused(findings::CEB_BLOCK_MISSING.finding([part.block.name, parent])));
        }
        match part.most.filter(|most| count > *most as usize) {
            None => Ok(()),
            Some(most) => {
                let surplus = [part.block.name.to_owned(), most.to_string()];
                Err(self.refused(findings::CEB_BLOCK_SURPLUS.finding(surplus)))
            }
        }
    }

    fn block(
        &mut self,
        block: &Block,
        values: &Values<'_>,
        level: usize,
        line: Option<usize>,
    ) -> Result<(), WriteError> {
        self.indent(level);
        self.text.extend(["<ceb:", block.name, ">\n"]);
        for element in &block.elements {
            let value = values.value(element.name);
            self.element(element, block.name, value, level + 1).map_err(|error| match error {
                WriteError::Refused { document, finding } => {
                    let field = Field {
                        piece: line.and_then(|line| u16::try_from(line + 1).ok()),
                        name: element.name,
                    };
                    WriteError::Refused { document, finding: finding.on(field) }
                }
                error => error,
            })?;
        }
        self.indent(level);
        self.text.extend(["</ceb:", block.name, ">\n"]);
        Ok(())
    }

    fn element(
        &mut self,
        element: &Element,
        block: &str,
        value: Option<&Value<'_>>,
        level: usize,
    ) -> Result<(), WriteError> {
        let Some(value) = value.filter(|value| element.is_required || !value.text.is_empty()) else {
            if element.is_required {
                return Err(self.refused(findings::CEB_VALUE_MISSING.finding([element.name, block])));
            }
            return Ok(());
        };
        let text = accepted(element, block, &value.text, self.document)?;
        self.indent(level);
        self.text.extend(["<ceb:", element.name, ">"]);
        if element.kind == Kind::Any {
            self.text.push_str(&text);
        } else {
            escape(&text, &mut self.text);
        }
        self.text.extend(["</ceb:", element.name, ">\n"]);
        Ok(())
    }

    fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.text.push_str("  ");
        }
    }

    fn refused(&self, finding: Finding) -> WriteError {
        refused(self.document, finding)
    }
}

fn refused(document: usize, finding: Finding) -> WriteError {
    WriteError::Refused { document, finding }
}
