//! One item: its elements against the field table, its values into the builder.

use std::borrow::Cow;

use bumpalo::collections::String as ArenaString;
use caravan_postal::Finding;
use quick_xml::events::{BytesStart, Event};

use super::attributes::{Fault, attributes, is_name};
use super::events::{Events, Stop};
use crate::builder::{Builder, Raw, clip, is_blank, is_control};
use crate::findings;
use crate::format::{Content, Element, ITEM_NAME, Occurs, Type, is_known};
use crate::limits::Limits;
use crate::place::Mark;

mod record;

/// Reads the elements of one item.
pub(super) struct ItemReader<'r, 'w, 'a> {
    pub(super) events: &'r mut Events<'w>,
    pub(super) builder: Builder<'a>,
    pub(super) limits: &'a Limits,
    /// The namespace of the format.
    pub(super) namespace: &'a str,
    /// The prefix that the root element has for that namespace; empty for none.
    pub(super) prefix: &'a str,
    /// Elements that are open, the root included.
    pub(super) depth: u16,
}

/// Which children of a group were seen.
#[derive(Debug, Default)]
struct Progress {
    /// The index of the child that may come next.
    next: usize,
    /// A bit for each child.
    seen: u64,
}

impl<'w: 'a, 'a> ItemReader<'_, 'w, 'a> {
    /// Reads the item whose start tag was the last event.
    pub(super) fn item(
        &mut self,
        elements: &'static [Element],
        start: &BytesStart<'_>,
        mark: Mark,
    ) -> Result<(), Stop> {
        self.attribute(start, ITEM_NAME, None, mark)?;
        self.enter(mark)?;
        self.children(elements, ITEM_NAME)?;
        Ok(())
    }

    /// Reads the item whose tag has no content.
    pub(super) fn empty_item(&mut self, start: &BytesStart<'_>, mark: Mark) -> Result<(), Stop> {
        self.attribute(start, ITEM_NAME, None, mark).map(drop)
    }

    /// Reads up to the end of the open group; returns which of its children were there.
    fn children(&mut self, group: &'static [Element], parent: &'static str) -> Result<u64, Stop> {
        let mut progress = Progress::default();
        loop {
            self.plain_children(group, &mut progress);
            let mark = self.events.mark();
            match self.events.next()? {
                Event::Text(text) => self.between(&text, parent, mark),
                Event::Start(start) => self.child(group, parent, &mut progress, &start, false, mark)?,
                Event::Empty(start) => self.child(group, parent, &mut progress, &start, true, mark)?,
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(progress.seen);
                }
                Event::CData(_) | Event::GeneralRef(_) => {
                    self.builder.push(mark, findings::TEXT_MISPLACED.finding([parent]));
                }
                other => self.aside(&other, mark)?,
            }
        }
    }

    /// Takes values as long as they are plain and stand where they should.
    fn plain_children(&mut self, group: &'static [Element], progress: &mut Progress) {
        if !self.prefix.is_empty() || self.depth >= self.limits.depth {
            return;
        }
        while let Some(plain) = self.events.plain(&group[progress.next..]) {
            let index = progress.next + plain.index;
            let element = &group[index];
            let has_currency = matches!(element.content, Content::Value(Type::Money));
            let is_value = matches!(element.content, Content::Value(_));
            if !is_value || has_currency != plain.currency.is_some() {
                return;
            }
            progress.next = index + usize::from(element.occurs != Occurs::Many);
            progress.seen |= 1 << index;
            self.events.take(&plain);
            self.builder.set(element, Raw { text: plain.text, attribute: plain.currency, mark: plain.mark });
        }
    }

    /// Takes one element of a group.
    fn child(
        &mut self,
        group: &'static [Element],
        parent: &'static str,
        progress: &mut Progress,
        start: &BytesStart<'_>,
        is_empty: bool,
        mark: Mark,
    ) -> Result<(), Stop> {
        let name = start.name().into_inner();
        let Some(index) = self.local(name).and_then(|local| position(group, progress.next, local)) else {
            return self.stranger(parent, start, is_empty, mark);
        };
        let element = &group[index];
        if element.occurs != Occurs::Many && progress.seen >> index & 1 == 1 {
            self.builder.report(element, mark, findings::ELEMENT_DUPLICATE.finding([element.name]));
            return self.skip(is_empty, mark);
        }
        if index < progress.next {
            self.builder.report(element, mark, findings::ELEMENT_ORDER.finding([element.name]));
        } else {
            progress.next = index + usize::from(element.occurs != Occurs::Many);
        }
        progress.seen |= 1 << index;
        let attribute = self.attribute(start, element.name, element.attribute(), mark)?;
        if !is_empty {
            self.enter(mark)?;
        }
        match element.content {
            Content::Value(_) => {
                let text = if is_empty { Some("") } else { self.text(element.name, Some(element), mark)? };
                if let Some(text) = text {
                    self.builder.set(element, Raw { text, attribute, mark });
                }
            }
            Content::Group(children) => {
                self.builder.open(element, mark);
                let seen = if is_empty { 0 } else { self.children(children, element.name)? };
                self.builder.close(element, seen, mark);
            }
        }
        Ok(())
    }

    /// Returns the text of the open element, borrowed from the input when it stands there as it is meant; nothing when
    /// a part of it cannot be known. `field` is the element of our format that it fills.
    fn text(
        &mut self,
        name: &'static str,
        field: Option<&'static Element>,
        mark: Mark,
    ) -> Result<Option<&'a str>, Stop> {
        let mut text = "";
        let mut joined: Option<ArenaString<'a>> = None;
        let mut is_known = true;
        loop {
            let at = self.events.mark();
            let part: &'a str = match self.events.next()? {
                Event::Text(part) => borrowed(part.into_inner()),
                Event::CData(part) => borrowed(part.into_inner()),
                Event::End(_) => break,
                Event::GeneralRef(reference) => {
                    if let Some(character) = resolve(&reference) {
                        self.builder.arena().alloc_str(character.encode_utf8(&mut [0; 4]))
                    } else {
                        let finding = findings::XML_ENTITY.finding([clip(&reference)]);
                        self.report(field, at, finding);
                        is_known = false;
                        ""
                    }
                }
                Event::Start(start) => {
                    self.stranger(name, &start, false, at)?;
                    ""
                }
                Event::Empty(start) => {
                    self.stranger(name, &start, true, at)?;
                    ""
                }
                other => {
                    self.aside(&other, at)?;
                    ""
                }
            };
            if part.contains("]]>") {
                self.report(field, mark, findings::XML_SEQUENCE.finding(["]]>"]));
            }
            if text.is_empty() {
                text = part;
            } else if !part.is_empty() {
                let arena = self.builder.arena();
                joined.get_or_insert_with(|| ArenaString::from_str_in(text, arena)).push_str(part);
            }
        }
        self.depth -= 1;
        let text = joined.map_or(text, ArenaString::into_bump_str);
        Ok(is_known.then_some(text))
    }

    /// Reports about a field, or about the item where none is known.
    fn report(&mut self, field: Option<&'static Element>, mark: Mark, finding: Finding) {
        match field {
            Some(element) => self.builder.report(element, mark, finding),
            None => self.builder.push(mark, finding),
        }
    }

    /// Leaves out an element that the group does not have.
    fn stranger(
        &mut self,
        parent: &'static str,
        start: &BytesStart<'_>,
        is_empty: bool,
        mark: Mark,
    ) -> Result<(), Stop> {
        let name = start.name().into_inner();
        let is_misplaced = self.local(name).is_some_and(|local| is_known(local) || local == ITEM_NAME);
        let code = if is_misplaced { &findings::ELEMENT_MISPLACED } else { &findings::ELEMENT_UNKNOWN };
        self.builder.push(mark, code.finding([clip(name), parent.to_owned()]));
        self.skip(is_empty, mark)
    }

    /// Passes over the content of the element whose start tag was the last event.
    fn skip(&mut self, is_empty: bool, mark: Mark) -> Result<(), Stop> {
        if is_empty {
            return Ok(());
        }
        let builder = &mut self.builder;
        pass_over(self.events, mark, self.depth, self.limits.depth, &mut |at, finding| {
            builder.push(at, finding);
        })
    }

    /// Takes what is neither an element nor text.
    #[cold]
    fn aside(&mut self, event: &Event<'_>, mark: Mark) -> Result<(), Stop> {
        match aside(event) {
            Aside::Fine => {}
            Aside::Finding(finding) => self.builder.push(mark, finding),
            Aside::Fatal(finding) => return Err(Stop::Fatal(mark, finding)),
        }
        Ok(())
    }

    /// Takes text between the elements of a group: only white space belongs there.
    fn between(&mut self, text: &str, parent: &'static str, mark: Mark) {
        if !is_blank(text) {
            self.builder.push(mark, findings::TEXT_MISPLACED.finding([parent]));
        }
    }

    /// Returns the attribute that belongs to an element, and reports every other.
    fn attribute(
        &mut self,
        start: &BytesStart<'_>,
        name: &'static str,
        expected: Option<&'static str>,
        mark: Mark,
    ) -> Result<Option<&'a str>, Stop> {
        let raw = start.attributes_raw();
        if raw.is_empty() {
            return Ok(None);
        }
        let currency = raw.strip_prefix(" currency=\"").and_then(|rest| rest.strip_suffix('"'));
        if let Some(code) = currency.filter(|code| code.len() == 3 && expected == Some("currency"))
            && code.bytes().all(|byte| byte.is_ascii_uppercase())
        {
            return Ok(Some(self.builder.arena().alloc_str(code)));
        }
        let all = match attributes(start, self.limits.attributes) {
            Ok(all) => all,
            Err(Fault::Malformed) => return Err(Stop::Fatal(mark, findings::XML_ATTRIBUTE.finding([name]))),
            Err(Fault::TooMany) => {
                let limit = self.limits.attributes.to_string();
                return Err(Stop::Fatal(mark, findings::ATTRIBUTES_TOO_MANY.finding([limit])));
            }
            Err(Fault::Entity(value)) => {
                self.builder.push(mark, findings::XML_ENTITY.finding([value]));
                return Ok(None);
            }
        };
        let mut found = None;
        for (key, value) in all {
            if expected == Some(key) {
                found = Some(&*self.builder.arena().alloc_str(&value));
            } else if let Some(prefix) = declared_prefix(key) {
                if prefix == self.prefix && value != self.namespace {
                    self.builder.push(mark, findings::NAMESPACE_INNER.finding([name]));
                }
            } else {
                let finding = findings::ATTRIBUTE_UNKNOWN.finding([clip(key), name.to_owned()]);
                self.builder.push(mark, finding);
            }
        }
        Ok(found)
    }

    /// Returns the name without the prefix of our namespace; nothing when it is in another.
    fn local<'n>(&self, name: &'n str) -> Option<&'n str> {
        local_name(self.prefix, name)
    }

    fn enter(&mut self, mark: Mark) -> Result<(), Stop> {
        self.depth = deeper(self.depth, self.limits.depth, mark)?;
        Ok(())
    }
}

/// Leaves out an element of the root whose start tag was the last event and stood at `mark`. Returns what there is to
/// say about it, `first` and no more than a file's worth: only then was the element seen to its end, until then it may
/// be read a second time.
pub(crate) fn leave_out(
    events: &mut Events<'_>,
    mark: Mark,
    is_empty: bool,
    first: Option<Finding>,
    limits: &Limits,
) -> Result<Vec<(Mark, Finding)>, Stop> {
    let mut found: Vec<_> = first.map(|finding| (mark, finding)).into_iter().collect();
    if !is_empty {
        pass_over(events, mark, 1, limits.depth, &mut |at, finding| found.push((at, finding)))?;
    }
    found.truncate(limits.findings_per_file as usize + 1);
    Ok(found)
}

/// Passes over the content of the element whose start tag was the last event and stood at `mark`, with `depth` elements
/// open around it.
pub(crate) fn pass_over(
    events: &mut Events<'_>,
    mark: Mark,
    depth: u16,
    limit: u16,
    report: &mut dyn FnMut(Mark, Finding),
) -> Result<(), Stop> {
    let outer = depth;
    let mut depth = deeper(outer, limit, mark)?;
    while depth > outer {
        let at = events.mark();
        match events.next()? {
            Event::Start(_) => depth = deeper(depth, limit, at)?,
            Event::End(_) => depth -= 1,
            Event::Text(_) | Event::CData(_) | Event::Empty(_) | Event::GeneralRef(_) => {}
            other => match aside(&other) {
                Aside::Fine => {}
                Aside::Finding(finding) => report(at, finding),
                Aside::Fatal(finding) => return Err(Stop::Fatal(at, finding)),
            },
        }
    }
    Ok(())
}

pub(crate) fn deeper(depth: u16, limit: u16, mark: Mark) -> Result<u16, Stop> {
    if depth < limit {
        return Ok(depth + 1);
    }
    Err(Stop::Fatal(mark, findings::NESTING_TOO_DEEP.finding([limit.to_string()])))
}

/// What markup beside elements and text amounts to.
pub(crate) enum Aside {
    /// Nothing.
    Fine,
    /// A remark, and reading goes on.
    Finding(Finding),
    /// The end of reading.
    Fatal(Finding),
}

/// Judges an event that is neither element nor text.
pub(crate) fn aside(event: &Event<'_>) -> Aside {
    match event {
        Event::DocType(_) => Aside::Fatal(findings::XML_DOCTYPE.finding::<&str>([])),
        Event::Decl(_) => Aside::Fatal(findings::XML_DECLARATION.finding::<&str>([])),
        Event::PI(instruction) if instruction.target().eq_ignore_ascii_case("xml") => {
            Aside::Fatal(findings::XML_DECLARATION.finding::<&str>([]))
        }
        Event::PI(instruction) if !is_name(instruction.target()) => {
            Aside::Fatal(findings::XML_MARKUP.finding::<&str>([]))
        }
        Event::Comment(text) if text.contains("--") || text.ends_with('-') => {
            Aside::Finding(findings::XML_SEQUENCE.finding(["--"]))
        }
        Event::Comment(text) => controls(text),
        Event::PI(instruction) => controls(instruction),
        _ => Aside::Fine,
    }
}

fn controls(text: &str) -> Aside {
    match text.chars().find(|character| is_control(*character)) {
        None => Aside::Fine,
        Some(control) => {
            Aside::Finding(findings::TEXT_CONTROL.finding([format!("U+{:04X}", u32::from(control))]))
        }
    }
}

/// Returns the prefix that an attribute declares a namespace for; empty for the default namespace.
pub(crate) fn declared_prefix(key: &str) -> Option<&str> {
    key.strip_prefix("xmlns").and_then(|rest| if rest.is_empty() { Some("") } else { rest.strip_prefix(':') })
}

/// Returns a name without `prefix`, which may be empty; nothing when it has another.
pub(crate) fn local_name<'n>(prefix: &str, name: &'n str) -> Option<&'n str> {
    if prefix.is_empty() {
        return Some(name);
    }
    name.strip_prefix(prefix)?.strip_prefix(':')
}

/// Finds a child by name, first where it should be.
fn position(group: &[Element], next: usize, name: &str) -> Option<usize> {
    let is_it = |element: &Element| element.name == name;
    let ahead = group[next..].iter().position(is_it).map(|index| next + index);
    ahead.or_else(|| group[..next].iter().position(is_it))
}

#[expect(clippy::needless_pass_by_value, reason = "a borrowed text cannot be taken out of a borrowed event")]
pub(crate) fn borrowed(text: Cow<'_, str>) -> &str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(_) => unreachable!("events of a slice borrow from it"),
    }
}

/// Returns the character of a reference: one by number, or one of the five that XML knows by name.
pub(crate) fn resolve(reference: &str) -> Option<char> {
    let Some(number) = reference.strip_prefix('#') else {
        return match reference {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        };
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    is_number.then(|| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)).flatten()
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn resolves_what_xml_defines_and_nothing_else() {
        for (reference, character) in
            [("amp", '&'), ("#38", '&'), ("#x6C49", '汉'), ("#0", '\0'), ("apos", '\'')]
        {
            assert_eq!(resolve(reference), Some(character), "{reference}");
        }
        for reference in
            ["", "nbsp", "#", "#x", "#X41", "#-1", "#+1", "#xD800", "#x110000", "#99999999999", "AMP"]
        {
            assert_eq!(resolve(reference), None, "{reference}");
        }
    }
}
