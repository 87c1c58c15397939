//! The profile made ready for walking: what each component of each segment fills in the model.

use std::sync::LazyLock;

use caravan_edi::profile::{Known, Part, Profile};

use crate::format::table::{PARTIES, PIECE};
use crate::format::{Content, Element, ITEM, Slot, Type};

/// Numbers of element and component, counted from 1.
pub(super) type At = (u16, u16);

/// A message layout.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) profile: &'static Profile,
    pub(super) sections: Vec<Section>,
}

/// A run of segments that belong together.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: &'static str,
    /// The group of the model that it fills.
    pub(super) group: Option<&'static Element>,
    pub(super) lines: Vec<Line>,
}

/// One segment.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) tag: &'static str,
    /// The tag with its qualifier: `MOA+43`.
    pub(super) label: String,
    /// Fixed values; the first is the qualifier that tells segments of one tag apart.
    pub(super) literals: Vec<Literal>,
    pub(super) cells: Vec<Cell>,
    /// The group of the model that the line holds whole.
    pub(super) group: Option<&'static Element>,
}

#[derive(Debug)]
pub(super) struct Literal {
    pub(super) at: At,
    pub(super) value: &'static str,
    pub(super) is_optional: bool,
}

/// One field of a line.
#[derive(Debug)]
pub(super) struct Cell {
    /// Where it stands; a text of several lines has several components.
    pub(super) at: Vec<At>,
    pub(super) goal: Goal,
    /// What stands in the message, and what in the model; empty when they are the same.
    pub(super) codes: Vec<(&'static str, &'static str)>,
}

/// What a field is.
#[derive(Debug)]
pub(super) enum Goal {
    /// A value of the model, with the place of its currency when it is an amount.
    Value { element: &'static Element, currency: Option<At> },
    /// An extra field of this name.
    Extra(String),
    /// The name of an extra field that the layout has no place for.
    ExtraName,
    /// The value of that field.
    ExtraValue,
    /// A running number.
    Counter,
    /// Control data of a transmission.
    Control(&'static str),
}

/// How many sections there are.
pub(super) const SECTIONS: usize = 7;
/// The section of the message itself.
pub(super) const HEAD: usize = 0;
/// The section that every item begins with.
pub(super) const ITEM_SECTION: usize = 1;

/// The extra field of what a message does to those sent before it.
pub(super) const FUNCTION: &str = "message-function";
/// What is said for the first time; a message that says so, or nothing, needs no extra field.
pub(super) const FUNCTION_ORIGINAL: &str = "9";
/// What was said before does not hold any more.
pub(super) const FUNCTION_CANCELLATION: &str = "1";

/// The layout of the message that is read and written.
pub(super) static LAYOUT: LazyLock<Layout> = LazyLock::new(|| Layout::of(Known::Itmatt.profile()));

/// The element of extra fields.
pub(super) static EXTRA: LazyLock<&'static Element> = LazyLock::new(|| {
    ITEM.iter().find(|element| element.slot == Slot::Extra).expect("the format has extra fields")
});

impl Layout {
    fn of(profile: &'static Profile) -> Self {
        let sections: Vec<Section> = profile
            .sections()
            .iter()
            .map(|section| {
                let lines = section.lines.iter().map(|line| Line::of(profile, &line.template)).collect();
                let is_group = matches!(section.name.as_str(), "sender" | "addressee" | "piece");
                let group = ITEM.iter().find(|element| is_group && element.name == section.name);
                Section { name: &section.name, group, lines }
            })
            .collect();
        assert_eq!((sections[HEAD].name, sections[ITEM_SECTION].name), ("head", "item"));
        assert_eq!(sections.len(), SECTIONS);
        Self { profile, sections }
    }
}

impl Line {
    fn of(profile: &'static Profile, template: &'static caravan_edi::profile::Template) -> Self {
        let mut line = Self {
            tag: &template.tag,
            label: template.label(),
            literals: Vec::new(),
            cells: Vec::new(),
            group: None,
        };
        let mut names: Vec<&str> = Vec::new();
        let mut currencies: Vec<(&str, At)> = Vec::new();
        for (element, component, part) in template.parts() {
            let at = (element, component);
            match part {
                Part::Empty => {}
                Part::Literal { value, is_optional } => {
                    line.literals.push(Literal { at, value, is_optional: *is_optional });
                }
                Part::Field { name, .. } => {
                    if let Some(cell) = names.iter().position(|known| known == name) {
                        line.cells[cell].at.push(at);
                    } else if let Some(amount) = name.strip_suffix("_currency") {
                        currencies.push((amount, at));
                    } else {
                        names.push(name);
                        line.push(profile, name, at);
                    }
                }
            }
        }
        for (amount, at) in currencies {
            let cell = names.iter().position(|name| *name == amount).expect("a currency follows its amount");
            let Goal::Value { currency, .. } = &mut line.cells[cell].goal else {
                unreachable!("an amount of the model")
            };
            *currency = Some(at);
        }
        line
    }

    fn push(&mut self, profile: &'static Profile, name: &'static str, at: At) {
        let field = name.replace('_', "-");
        let goal = match name {
            "item_number" | "piece_number" => Goal::Counter,
            "message_number" | "prepared_at" => Goal::Control(name),
            "extra_name" => Goal::ExtraName,
            "extra_value" => Goal::ExtraValue,
            _ => match element(&field) {
                Some((element, group)) => {
                    self.group = self.group.or(group);
                    Goal::Value { element, currency: None }
                }
                None => Goal::Extra(field),
            },
        };
        let codes = profile.codes().iter().filter(|code| code.field == name);
        let codes = codes.map(|code| (code.message.as_str(), code.model.as_str())).collect();
        self.cells.push(Cell { at: vec![at], goal, codes });
    }
}

impl Cell {
    /// Returns what the model has for a value of the message; `None` for a code that is none.
    pub(super) fn to_model<'t>(&self, text: &'t str) -> Option<&'t str> {
        if self.codes.is_empty() {
            return Some(text);
        }
        self.codes.iter().find(|(message, _)| *message == text).map(|(_, model)| *model)
    }

    /// Returns what the message has for a value of the model.
    pub(super) fn to_message<'t>(&self, text: &'t str) -> &'t str {
        self.codes.iter().find(|(_, model)| *model == text).map_or(text, |(message, _)| message)
    }

    /// Returns the type of the value of the model.
    pub(super) fn value_type(&self) -> Option<Type> {
        match self.goal {
            Goal::Value { element, .. } => element.value_type(),
            _ => None,
        }
    }
}

/// Returns the element of a field, with the group that one line holds whole.
fn element(field: &str) -> Option<(&'static Element, Option<&'static Element>)> {
    let is_it = |element: &&'static Element| {
        element.field == field && matches!(element.content, Content::Value(_)) && element.slot != Slot::Extra
    };
    let outer = [ITEM, PIECE, PARTIES[0], PARTIES[1]].into_iter().flatten().find(is_it);
    if let Some(element) = outer {
        return Some((element, None));
    }
    let groups = ITEM.iter().chain(PIECE).filter(|group| {
        matches!(group.slot, Slot::Battery | Slot::Dimensions | Slot::Document | Slot::PrepaidTax)
    });
    let mut inner = groups.flat_map(|group| group.children().iter().map(move |child| (child, Some(group))));
    inner.find(|(child, _)| is_it(child))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Goal, LAYOUT};
    use crate::format::{Content, Element, ITEM, Slot};

    fn leaves(elements: &'static [Element], into: &mut BTreeSet<&'static str>) {
        for element in elements {
            match element.content {
                Content::Value(_) if element.slot != Slot::Extra => {
                    into.insert(element.field);
                }
                Content::Value(_) => {}
                Content::Group(children) => leaves(children, into),
            }
        }
    }

    #[test]
    fn every_field_of_the_model_has_its_place() {
        let mut missing = BTreeSet::new();
        leaves(ITEM, &mut missing);
        let lines = LAYOUT.sections.iter().flat_map(|section| &section.lines);
        for cell in lines.flat_map(|line| &line.cells) {
            if let Goal::Value { element, .. } = cell.goal {
                assert!(missing.remove(element.field), "`{}` has two places", element.field);
            }
        }
        assert!(missing.is_empty(), "without a place: {missing:?}");
    }

    #[test]
    fn every_repeated_section_begins_with_a_segment_of_its_own() {
        let openers: Vec<&str> =
            LAYOUT.sections[1..].iter().map(|section| section.lines[0].label.as_str()).collect();
        assert_eq!(openers, ["CNI", "NAD+CZ", "NAD+CN", "LIN", "DOC", "FTX+ZZZ"]);
        assert!(LAYOUT.sections.iter().all(|section| section.lines.len() <= 64), "a bit for each line");
    }
}
