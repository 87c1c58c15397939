//! One segment of a profile: `PCI+++CW:{s9}`.

use std::borrow::Cow;

use caravan_postal::Place;

use crate::{Component, Segment};

/// A segment as a profile writes it: literals and fields, by element and component.
#[derive(Debug)]
pub struct Template {
    /// The tag.
    pub tag: String,
    /// The components of each element.
    pub elements: Vec<Vec<Part>>,
}

/// What stands in one component.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// Nothing.
    Empty,
    /// A fixed value.
    Literal {
        /// The value.
        value: String,
        /// Whether it may be absent.
        is_optional: bool,
    },
    /// A value of the message.
    Field {
        /// The name.
        name: String,
        /// Whether it may be absent.
        is_optional: bool,
    },
}

/// Why a segment of a profile cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It does not begin with a tag of three capital letters or digits.
    #[error("it does not begin with a tag")]
    Tag,
    /// A component is neither a literal nor one field in braces.
    #[error("a component is neither a literal nor one field in braces")]
    Part,
}

/// What became of holding a segment against a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Match<'a> {
    /// It is that segment.
    Yes,
    /// It is that segment by its tag and qualifier, but a fixed value is another one.
    Differs { place: Place, found: Cow<'a, str>, expected: String },
    /// It is another segment.
    No,
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut elements = text.split('+');
        let tag = elements.next().unwrap_or_default();
        if tag.len() != 3 || !tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return Err(TemplateError::Tag);
        }
        let mut parsed = Vec::new();
        for element in elements {
            parsed.push(element.split(':').map(Part::parse).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(Self { tag: tag.to_owned(), elements: parsed })
    }

    /// Returns every part with the numbers of its element and component, counted from 1.
    pub fn parts(&self) -> impl Iterator<Item = (u16, u16, &Part)> {
        (1u16..).zip(&self.elements).flat_map(|(element, parts)| {
            (1u16..).zip(parts).map(move |(component, part)| (element, component, part))
        })
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.parts().filter_map(|(_, _, part)| match part {
            Part::Field { name, .. } => Some(name.as_str()),
            Part::Empty | Part::Literal { .. } => None,
        })
    }

    /// Returns what names the segment to a reader: the tag, and the qualifier of its first element.
    pub fn label(&self) -> String {
        match self.elements.first().and_then(|parts| parts.first()) {
            Some(Part::Literal { value, .. }) => format!("{}+{value}", self.tag),
            _ => self.tag.clone(),
        }
    }

    /// Holds a segment against the template. The first literal is the qualifier that tells segments of one tag apart.
    pub(super) fn matches<'a>(&self, segment: &Segment<'a>) -> Match<'a> {
        if segment.tag() != self.tag {
            return Match::No;
        }
        let mut is_qualified = false;
        for (element, component, part) in self.parts() {
            let Part::Literal { value, is_optional } = part else { continue };
            let found: Component<'a> = segment.component(element, component);
            let is_equal = found.text() == value.as_str() || (*is_optional && found.is_empty());
            if !is_equal && !is_qualified {
                return Match::No;
            }
            if !is_equal {
                return Match::Differs { place: found.place(), found: found.text(), expected: value.clone() };
            }
            is_qualified = true;
        }
        Match::Yes
    }
}

impl Part {
    fn parse(text: &str) -> Result<Self, TemplateError> {
        let (bare, is_optional) = text.strip_suffix('?').map_or((text, false), |bare| (bare, true));
        if bare.is_empty() && !is_optional {
            return Ok(Self::Empty);
        }
        if let Some(name) = bare.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            let (name, is_optional) = name.strip_suffix('?').map_or((name, is_optional), |name| (name, true));
            let is_name = !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte));
            return if is_name {
                Ok(Self::Field { name: name.to_owned(), is_optional })
            } else {
                Err(TemplateError::Part)
            };
        }
        let is_literal =
            !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if is_literal {
            Ok(Self::Literal { value: bare.to_owned(), is_optional })
        } else {
            Err(TemplateError::Part)
        }
    }
}
