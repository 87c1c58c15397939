//! Reading JSON by a layout: one object or a list of objects, each a record.
//!
//! A member with `null` is not there.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::Finding;

use super::{Entry, Gathering, Holds, Layout, Misfit, Node, Record, Type};
use crate::builder::{Builder, clip};
use crate::findings;
use crate::json::{Bare, Fault, Head, Parser, Scalar, is_space, read_document, text_end};
use crate::limits::Limits;
use crate::place::Mark;
use crate::read::FileReport;
use crate::window::Window;

/// Reads a document and hands over each record as soon as it is complete.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    layout: &'static Layout,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut dyn FnMut(Record<'_>) -> Option<ControlFlow<()>>,
) -> io::Result<()> {
    let mut arena = Bump::new();
    let mut spots = Vec::new();
    read_document(window, Bare::One, limits, report, &mut |object, resolver, report| {
        arena.reset();
        let (ordinal, mark) = (report.items + 1, object.mark);
        let builder = Builder::new(&arena, limits, &mut spots);
        let mut reader = Reader { parser: Parser::new(object, &arena, limits.depth), builder };
        let read = reader.object(&layout.record);
        let builder = reader.builder;
        match read {
            Ok(entries) => {
                let record = Record { ordinal, mark, entries, builder, resolver };
                Ok(report.count_some(each(record)))
            }
            Err((at, finding)) => {
                for finding in builder.finish(ordinal, mark, resolver).1 {
                    report.push(finding);
                }
                Err((at, finding.of(ordinal)))
            }
        }
    })
}

/// Reads one record.
struct Reader<'a> {
    parser: Parser<'a>,
    builder: Builder<'a>,
}

impl<'a> Reader<'a> {
    fn object(&mut self, parent: &'static Node) -> Result<Vec<Entry<'a>>, Fault> {
        let mark = self.parser.mark();
        let mut gathering = Gathering::new(parent);
        self.parser.open()?;
        while let Some((name, mark)) = self.parser.member()? {
            match self.node(name, mark, &gathering) {
                Some(node) => self.member(node, mark, &mut gathering)?,
                None => self.parser.skip()?,
            }
        }
        Ok(gathering.finish(mark, &mut self.builder))
    }

    /// Finds the child that a member is; says why there is none.
    fn node(&mut self, name: &str, mark: Mark, gathering: &Gathering<'a>) -> Option<&'static Node> {
        let found = gathering.find(name).or_else(|misfit| self.like(name, gathering, mark).ok_or(misfit));
        let finding = match found {
            Ok(node) => return Some(node),
            Err(Misfit::Unknown) => {
                findings::ELEMENT_UNKNOWN.finding([clip(name), gathering.parent().name.clone()])
            }
            Err(Misfit::Surplus(node)) => findings::ELEMENT_DUPLICATE.finding([node.name.as_str()]),
        };
        self.builder.push(mark, finding);
        None
    }

    /// Finds a child whose name is written in other capitals.
    fn like(&mut self, name: &str, gathering: &Gathering<'a>, mark: Mark) -> Option<&'static Node> {
        let mut children = gathering.parent().children().iter();
        let node = children.find(|child| child.name.eq_ignore_ascii_case(name) && child.name != name)?;
        let node = gathering.find(&node.name).ok()?;
        self.builder.push(mark, findings::NAME_CASE.finding([clip(name), node.name.clone()]));
        Some(node)
    }

    /// Reads the value of a member, or each entry of it when it may be there more than once.
    fn member(
        &mut self,
        node: &'static Node,
        mark: Mark,
        gathering: &mut Gathering<'a>,
    ) -> Result<(), Fault> {
        if !node.is_repeated() {
            return self.value(node, mark, gathering);
        }
        if self.parser.head() != Head::Array {
            return self.refuse(node, mark, "[]");
        }
        self.parser.open()?;
        while self.parser.entry()? {
            let mark = self.parser.mark();
            self.value(node, mark, gathering)?;
        }
        Ok(())
    }

    /// Reads one value of a node.
    fn value(&mut self, node: &'static Node, mark: Mark, gathering: &mut Gathering<'a>) -> Result<(), Fault> {
        match (&node.content, self.parser.head()) {
            (Holds::Group(_), Head::Object) => {
                let entries = self.object(node)?;
                gathering.push(Entry::group(node, mark, entries));
            }
            (Holds::Group(_), _) => self.refuse(node, mark, "{}")?,
            (Holds::Value(_), Head::Object | Head::Array) => self.refuse(node, mark, "\"\"")?,
            (Holds::Value(kind), Head::Scalar) => {
                let scalar = self.parser.scalar()?;
                match self.text(node, *kind, scalar, mark) {
                    Some(text) => gathering.push(Entry::value(node, mark, text)),
                    // In a list a value holds the place of those behind it.
                    None if node.is_repeated() => gathering.push(Entry::value(node, mark, "")),
                    None => {}
                }
            }
        }
        Ok(())
    }

    /// Returns the text of a value; tells of a number in quotes, of a text without them, and the like, which are read
    /// all the same.
    fn text(&mut self, node: &'static Node, kind: Type, scalar: Scalar<'a>, mark: Mark) -> Option<&'a str> {
        let text = match scalar {
            Scalar::Null => return None,
            Scalar::Unknown(escape) => {
                self.report(node, mark, findings::JSON_ESCAPE.finding([clip(escape)]));
                return None;
            }
            Scalar::Flag(true) => "true",
            Scalar::Flag(false) => "false",
            Scalar::Number(text) | Scalar::Text(text) => text,
        };
        let (expected, is_expected) = match kind {
            Type::Decimal { .. } | Type::Int => ("0", matches!(scalar, Scalar::Number(_))),
            Type::Boolean => ("true", matches!(scalar, Scalar::Flag(_))),
            _ => ("\"\"", matches!(scalar, Scalar::Text(_))),
        };
        if !is_expected {
            self.report(node, mark, findings::JSON_SPELLING.finding([node.name.as_str(), expected]));
        }
        Some(text)
    }

    /// Passes over a value of another kind than is meant; `null` is fine anywhere.
    fn refuse(&mut self, node: &'static Node, mark: Mark, expected: &str) -> Result<(), Fault> {
        let is_null = match self.parser.head() {
            Head::Scalar => self.parser.scalar()? == Scalar::Null,
            Head::Object | Head::Array => {
                self.parser.skip()?;
                false
            }
        };
        if !is_null {
            self.report(node, mark, findings::JSON_KIND.finding([node.name.as_str(), expected]));
        }
        Ok(())
    }

    fn report(&mut self, node: &'static Node, mark: Mark, finding: Finding) {
        match node.element {
            Some(element) => self.builder.report(element, mark, finding),
            None => self.builder.push(mark, finding),
        }
    }
}

/// Returns whether a text begins as a document of the layout: one of the names of its groups is a member of the first
/// object.
pub(crate) fn recognises(layout: &Layout, text: &[u8]) -> bool {
    let mut rest = trim(text);
    rest = trim(rest.strip_prefix(b"[").unwrap_or(rest));
    let Some(inside) = rest.strip_prefix(b"{") else { return false };
    let mut at = 0;
    let mut depth = 0u32;
    while let Some(byte) = inside.get(at) {
        match byte {
            b'"' => {
                let Some(end) = text_end(inside, at + 1) else { return false };
                let name = &inside[at + 1..end];
                at = end + 1;
                let is_member = depth == 0 && trim(&inside[at..]).starts_with(b":");
                let is_it = |child: &super::Node| child.name.as_bytes().eq_ignore_ascii_case(name);
                if is_member && layout.record.children().iter().any(is_it) {
                    return true;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return false,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    false
}

fn trim(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| is_space(**byte)).count()..]
}

#[cfg(test)]
mod tests {
    use super::recognises;
    use crate::layout::Known;

    #[test]
    fn knows_its_members_from_texts_that_only_look_like_them() {
        for (text, expected) in [
            ("{\"MailObject\": {", true),
            (" [ {\"x\": [\"{\"], \"declaration\" :", true),
            ("[{\"Response\":null}]", true),
            ("{\"x\": \"Declaration\"}", false),
            ("{\"x\": {\"Declaration\": 1}}", false),
            ("{\"format\": \"caravan\"}", false),
            ("[\"Declaration\"]", false),
            ("{\"Declaration", false),
            ("", false),
        ] {
            assert_eq!(recognises(Known::CustomsData.layout(), text.as_bytes()), expected, "{text}");
        }
    }
}
