//! The profile made ready for walking: what each component of each segment fills in the model.

use std::sync::LazyLock;

use caravan_edi::profile::{Known, Part, Profile};
use caravan_edi::{Cut, Expected, Pattern, Segment};

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
    /// The keys of the lines, side by side for a quick look.
    pub(super) keys: Vec<LineKey>,
}

/// What tells most segments from those of other lines at a glance: the tag and the first component of the first
/// element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(u64);

/// The key of a line, with a mask of what it asks for: not every line has its qualifier in the first component.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineKey {
    key: Key,
    mask: u64,
}

/// One segment.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) key: LineKey,
    pub(super) tag: &'static str,
    /// The tag with its qualifier: `MOA+43`.
    pub(super) label: String,
    /// Fixed values; the first is the qualifier that tells segments of one tag apart.
    pub(super) literals: Vec<Literal>,
    pub(super) cells: Vec<Cell>,
    /// What stands at each place of the segment, in order.
    pub(super) steps: Vec<Step>,
    /// What the segment looks like as it is usually written.
    pub(super) pattern: Option<Pattern>,
    /// The steps that are values, which the pattern leaves open, each with its key.
    pub(super) values: Vec<(u32, usize)>,
    /// Whether a cell has codes.
    pub(super) is_coded: bool,
    /// The group of the model that the line holds whole.
    pub(super) group: Option<&'static Element>,
}

/// One place of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The key of the place, as a [`caravan_edi::Cut`] has it.
    pub(super) key: u32,
    /// The number of the literal that stands there; nothing when it is a cell.
    pub(super) literal: Option<usize>,
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
    /// The same places by their steps.
    pub(super) steps: Vec<usize>,
    /// The step of the currency of an amount.
    pub(super) currency: Option<usize>,
    /// The element of a text that stands at one place and that the model has as it stands there.
    pub(super) text: Option<&'static Element>,
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

/// The most steps that a line has.
pub(super) const STEPS: usize = 32;
/// The most lines that a section has: a bit for each.
pub(super) const LINES: usize = 64;
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
                let lines: Vec<Line> =
                    section.lines.iter().map(|line| Line::of(profile, &line.template)).collect();
                let is_group = matches!(section.name.as_str(), "sender" | "addressee" | "piece");
                let group = ITEM.iter().find(|element| is_group && element.name == section.name);
                let keys = lines.iter().map(|line| line.key).collect();
                Section { name: &section.name, group, lines, keys }
            })
            .collect();
        assert_eq!((sections[HEAD].name, sections[ITEM_SECTION].name), ("head", "item"));
        assert_eq!(sections.len(), SECTIONS);
        assert!(sections.iter().all(|section| section.lines.len() <= LINES));
        Self { profile, sections }
    }
}

impl Key {
    /// Bits of a tag.
    const TAG: u32 = 24;
    /// The longest qualifier that a key holds, in bytes; of a longer one it holds a byte more, so that they differ.
    const QUALIFIER: usize = 4;

    /// Returns the key of a segment; one that begins with no tag has a key that no line has.
    pub(super) fn of(segment: &Segment<'_>, cuts: &[Cut]) -> Self {
        let tag = match *segment.raw() {
            [a, b, c] => [a, b, c],
            [a, b, c, behind, ..] if !behind.is_ascii_alphanumeric() => [a, b, c],
            _ => [0; 3],
        };
        let qualifier = cuts.first().filter(|cut| cut.key() == Cut::key_of(1, 1));
        Self::new(tag, qualifier.map_or(&[], |cut| cut.raw(segment)))
    }

    fn new(tag: [u8; 3], qualifier: &[u8]) -> Self {
        let pack = |packed, byte: &u8| packed << 8 | u64::from(*byte);
        let packed = qualifier.iter().take(Self::QUALIFIER + 1).fold(0, pack);
        Self(tag.iter().fold(0, pack) | packed << Self::TAG)
    }
}

impl LineKey {
    /// Returns whether a segment of this key may fit the line.
    #[inline]
    pub(super) fn fits(self, key: Key) -> bool {
        key.0 & self.mask == self.key.0
    }

    fn of(tag: &str, literals: &[Literal]) -> Self {
        let tag = tag.as_bytes().try_into().expect("a tag is three characters");
        let first = literals.first().filter(|first| first.at == (1, 1) && !first.is_optional);
        match first.map(|first| first.value.as_bytes()).filter(|value| value.len() <= Key::QUALIFIER) {
            Some(value) => Self { key: Key::new(tag, value), mask: u64::MAX },
            None => Self { key: Key::new(tag, &[]), mask: (1 << Key::TAG) - 1 },
        }
    }
}

impl Line {
    fn of(profile: &'static Profile, template: &'static caravan_edi::profile::Template) -> Self {
        let mut line = Self {
            key: LineKey::of(&template.tag, &[]),
            tag: &template.tag,
            label: template.label(),
            literals: Vec::new(),
            cells: Vec::new(),
            steps: Vec::new(),
            pattern: None,
            values: Vec::new(),
            is_coded: false,
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
        line.key = LineKey::of(line.tag, &line.literals);
        line.walk();
        line.is_coded = line.cells.iter().any(|cell| !cell.codes.is_empty());
        line
    }

    /// Puts the places of the line in order, and says each cell where its own are.
    fn walk(&mut self) {
        let mut places: Vec<(At, Option<usize>)> = Vec::new();
        places.extend(self.literals.iter().zip(0..).map(|(literal, number)| (literal.at, Some(number))));
        for cell in &self.cells {
            places.extend(cell.at.iter().map(|at| (*at, None)));
            if let Goal::Value { currency, .. } = cell.goal {
                places.extend(currency.map(|at| (at, None)));
            }
        }
        places.sort_unstable();
        assert!(places.len() <= STEPS, "`{}` has too many places", self.label);
        let step = |at: At| places.iter().position(|place| place.0 == at).expect("each place is a step");
        for cell in &mut self.cells {
            cell.steps = cell.at.iter().map(|at| step(*at)).collect();
            if let Goal::Value { currency, .. } = cell.goal {
                cell.currency = currency.map(step);
            }
            cell.text = cell.as_it_stands().filter(|_| self.group.is_none());
        }
        let steps = places.iter().map(|((element, component), literal)| Step {
            key: Cut::key_of(*element, *component),
            literal: *literal,
        });
        self.steps = steps.collect();
        let expected =
            self.steps.iter().map(|step| match step.literal.map(|number| &self.literals[number]) {
                None => (step.key, Expected::Value),
                Some(Literal { value, is_optional: false, .. }) => (step.key, Expected::Fixed(value)),
                Some(Literal { value, is_optional: true, .. }) => (step.key, Expected::Optional(value)),
            });
        self.pattern = Pattern::new(self.tag, &expected.collect::<Vec<_>>());
        let values = self.steps.iter().enumerate().filter(|(_, step)| step.literal.is_none());
        self.values = values.map(|(number, step)| (step.key, number)).collect();
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
        self.cells.push(Cell { at: vec![at], steps: Vec::new(), currency: None, text: None, goal, codes });
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

    /// Returns the element of a text that stands at one place and that the model has as it stands there.
    fn as_it_stands(&self) -> Option<&'static Element> {
        let Goal::Value { element, currency: None } = self.goal else { return None };
        let is_written_otherwise =
            matches!(element.value_type()?, Type::Kilograms | Type::Money | Type::WattHours | Type::Date);
        let is_changed = is_written_otherwise || element.slot == Slot::LocalIdentifier;
        (self.at.len() == 1 && self.codes.is_empty() && !is_changed).then_some(element)
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

    use super::{Goal, ITEM_SECTION, LAYOUT, Line, Literal};
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

    /// Returns whether one segment may fit both lines.
    fn may_fit_both(one: &Line, other: &Line) -> bool {
        let differs = |literal: &Literal| {
            let same_place = other.literals.iter().find(|found| found.at == literal.at && !found.is_optional);
            same_place.is_some_and(|found| found.value != literal.value)
        };
        one.tag == other.tag && !one.literals.iter().any(|literal| !literal.is_optional && differs(literal))
    }

    #[test]
    fn no_segment_fits_two_lines_that_are_looked_at_together() {
        let openers: Vec<&Line> =
            LAYOUT.sections[ITEM_SECTION + 1..].iter().map(|section| &section.lines[0]).collect();
        for section in &LAYOUT.sections[ITEM_SECTION..] {
            let inside = section
                .lines
                .iter()
                .filter(|line| !openers.iter().any(|opener| std::ptr::eq(*opener, *line)));
            let together: Vec<&Line> = inside.chain(openers.iter().copied()).collect();
            for (number, one) in together.iter().enumerate() {
                for other in &together[number + 1..] {
                    assert!(!may_fit_both(one, other), "{}: {} and {}", section.name, one.label, other.label);
                }
            }
        }
    }

    #[test]
    fn every_line_with_a_value_has_its_pattern() {
        for line in LAYOUT.sections.iter().flat_map(|section| &section.lines) {
            assert!(line.pattern.is_some(), "{}", line.label);
        }
    }

    #[test]
    fn every_repeated_section_begins_with_a_segment_of_its_own() {
        let openers: Vec<&str> =
            LAYOUT.sections[1..].iter().map(|section| section.lines[0].label.as_str()).collect();
        assert_eq!(openers, ["CNI", "NAD+CZ", "NAD+CN", "LIN", "DOC", "FTX+ZZZ"]);
    }
}
