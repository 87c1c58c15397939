//! One item: its members against the field table, its values into the builder.
//!
//! Members are taken in the order of the table, whatever their order in the file, because JSON gives it no meaning.

use super::parser::Scalar;
use super::value::{Entry, Member, Value};
use crate::builder::{Builder, Raw, clip, is_blank};
use crate::findings;
use crate::format::{Content, Element, ITEM_NAME, MONEY, NAMED, Occurs, Type, is_known};
use crate::place::Mark;

/// Reads the members of one item.
pub(super) struct ItemReader<'a> {
    pub(super) builder: Builder<'a>,
}

impl<'a> ItemReader<'a> {
    /// Takes the members of a group; returns which of its elements were there.
    pub(super) fn group(
        &mut self,
        group: &'static [Element],
        parent: &'static str,
        members: &[Member<'a>],
    ) -> u64 {
        let mut found: [Option<&Member<'a>>; 64] = [None; 64];
        let mut seen = 0;
        for member in members {
            let Some(index) = group.iter().position(|element| element.name == member.name) else {
                let is_misplaced = is_known(member.name) || member.name == ITEM_NAME;
                let code =
                    if is_misplaced { &findings::ELEMENT_MISPLACED } else { &findings::ELEMENT_UNKNOWN };
                self.builder.push(member.mark, code.finding([clip(member.name), parent.to_owned()]));
                continue;
            };
            if found[index].is_some() {
                let finding = findings::ELEMENT_DUPLICATE.finding([group[index].name]);
                self.builder.report(&group[index], member.mark, finding);
                continue;
            }
            found[index] = Some(member);
            seen |= u64::from(!matches!(member.value, Value::Scalar(Scalar::Null))) << index;
        }
        for (element, member) in group.iter().zip(found) {
            if let Some(member) = member {
                self.element(element, &member.value, member.mark);
            }
        }
        seen
    }

    /// Takes an element, each entry of it when it may be there any number of times.
    fn element(&mut self, element: &'static Element, value: &Value<'a>, mark: Mark) {
        match value {
            Value::Scalar(Scalar::Null) => {
                self.builder.report(element, mark, findings::ELEMENT_EMPTY.finding([element.name]));
            }
            Value::Array(entries) if element.occurs == Occurs::Many => {
                for Entry { value, mark } in entries {
                    self.entry(element, value, *mark);
                }
            }
            _ => {
                if element.occurs == Occurs::Many {
                    self.remark(element, "@json-array", value, mark);
                }
                self.entry(element, value, mark);
            }
        }
    }

    fn entry(&mut self, element: &'static Element, value: &Value<'a>, mark: Mark) {
        match (element.content, value) {
            (Content::Group(children), Value::Object(members)) => {
                self.builder.open(element, mark);
                let seen = self.group(children, element.name, members);
                self.builder.close(element, seen, mark);
            }
            (Content::Value(Type::Money), Value::Object(members)) => self.pair(element, MONEY, members, mark),
            (Content::Value(Type::Named(_)), Value::Object(members)) => {
                self.pair(element, NAMED, members, mark);
            }
            (Content::Group(_), _) => self.refuse(element, "@json-object", value, mark),
            (Content::Value(kind), _) => {
                if let Some(text) = self.text(element, written(kind), value, mark) {
                    self.builder.set(element, Raw { text, attribute: None, mark });
                }
            }
        }
    }

    /// Takes an object of a text and what belongs to it: an amount and its currency, a value and its name.
    fn pair(
        &mut self,
        element: &'static Element,
        names: [&'static str; 2],
        members: &[Member<'a>],
        mark: Mark,
    ) {
        let mut texts = [None; 2];
        let mut seen = [false; 2];
        for member in members {
            let Some(index) = names.iter().position(|name| *name == member.name) else {
                let arguments = [clip(member.name), element.name.to_owned()];
                self.builder.push(member.mark, findings::ELEMENT_UNKNOWN.finding(arguments));
                continue;
            };
            if seen[index] {
                let finding = findings::ELEMENT_DUPLICATE.finding([names[index]]);
                self.builder.report(element, member.mark, finding);
                continue;
            }
            seen[index] = true;
            texts[index] = self.text(element, "@json-text", &member.value, member.mark);
        }
        let [text, attribute] = texts;
        match text {
            Some(text) => self.builder.set(element, Raw { text, attribute, mark }),
            None if seen[0] => {}
            None => {
                let finding = findings::PART_MISSING.finding([names[0], element.name]);
                self.builder.report(element, mark, finding);
            }
        }
    }

    /// Returns the text of a value, written as it should be or not; nothing when it cannot be one.
    fn text(
        &mut self,
        element: &'static Element,
        written: &'static str,
        value: &Value<'a>,
        mark: Mark,
    ) -> Option<&'a str> {
        let text = match value {
            Value::Scalar(Scalar::Text(text) | Scalar::Number(text)) => text,
            Value::Scalar(Scalar::Flag(true)) => "true",
            Value::Scalar(Scalar::Flag(false)) => "false",
            Value::Scalar(Scalar::Unknown(escape)) => {
                self.builder.report(element, mark, findings::JSON_ESCAPE.finding([clip(escape)]));
                return None;
            }
            Value::Scalar(Scalar::Null) => {
                self.builder.report(element, mark, findings::ELEMENT_EMPTY.finding([element.name]));
                return None;
            }
            Value::Array(_) | Value::Object(_) => {
                self.refuse(element, written, value, mark);
                return None;
            }
        };
        if name_of(value) != written {
            self.remark(element, written, value, mark);
        }
        let is_space = |character| matches!(character, ' ' | '\t' | '\n' | '\r');
        if !is_blank(text) && (text.starts_with(is_space) || text.ends_with(is_space)) {
            self.builder.report(element, mark, findings::JSON_SPACED.finding::<&str>([]));
        }
        Some(text)
    }

    fn remark(&mut self, element: &'static Element, expected: &str, value: &Value<'_>, mark: Mark) {
        self.builder.report(element, mark, findings::JSON_TYPE.finding([expected, name_of(value)]));
    }

    fn refuse(&mut self, element: &'static Element, expected: &str, value: &Value<'_>, mark: Mark) {
        self.builder.report(element, mark, findings::JSON_VALUE.finding([expected, name_of(value)]));
    }
}

/// Returns how values of a type are written in JSON.
fn written(kind: Type) -> &'static str {
    match kind {
        Type::Whole(_) => "@json-number",
        Type::Flag => "@json-flag",
        Type::Money | Type::Named(_) => "@json-object",
        _ => "@json-text",
    }
}

fn name_of(value: &Value<'_>) -> &'static str {
    match value {
        Value::Scalar(Scalar::Null) => "null",
        Value::Scalar(Scalar::Flag(_)) => "@json-flag",
        Value::Scalar(Scalar::Number(_)) => "@json-number",
        Value::Scalar(Scalar::Text(_) | Scalar::Unknown(_)) => "@json-text",
        Value::Array(_) => "@json-array",
        Value::Object(_) => "@json-object",
    }
}
