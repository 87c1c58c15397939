//! A message written by its profile.

use std::borrow::Cow;

use super::template::{Part, Template};
use super::{Profile, Section};
use crate::{WriteError, Writer};

/// Why a message cannot be written by its profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileWriteError {
    /// A required segment has no value for a field that it needs.
    #[error("cannot write {segment} of profile `{profile}`: `{field}` has no value")]
    FieldMissing {
        /// The profile.
        profile: String,
        /// The tag of the segment.
        segment: String,
        /// The field.
        field: String,
    },
    /// A segment cannot be written.
    #[error("cannot write a segment")]
    Write(#[source] WriteError),
}

impl Profile {
    /// Writes one message of the open interchange; when `sections` fails nothing of it is left behind.
    pub(crate) fn write_message(
        &self,
        writer: &mut Writer,
        reference: &str,
        sections: impl FnOnce(&mut Writer) -> Result<(), ProfileWriteError>,
    ) -> Result<(), ProfileWriteError> {
        writer.begin_message(reference, &self.message_type).map_err(ProfileWriteError::Write)?;
        let written = sections(writer);
        if written.is_err() {
            writer.abandon_message();
            return written;
        }
        writer.end_message().map_err(ProfileWriteError::Write)
    }

    /// Writes the lines of a section into the open message; `value` gives the fields by their names.
    ///
    /// A line that is not required is left out when a field that it needs has no value, or when all of its fields are
    /// optional and none has one. A time whose field ends in `_with_century` is left out where the section has the
    /// same time without: one is enough.
    pub(crate) fn write<'v>(
        &self,
        writer: &mut Writer,
        section: &str,
        value: &dyn Fn(&str) -> Option<Cow<'v, str>>,
    ) -> Result<(), ProfileWriteError> {
        let section = self.section(section);
        let has =
            |name: &str| section.lines.iter().any(|line| line.template.fields().any(|field| field == name));
        let value = |field: &str| {
            let is_second = field.strip_suffix("_with_century").is_some_and(has);
            let model = if is_second { None } else { value(field) }?;
            let code = self.codes.iter().find(|code| code.field == field && code.model == model);
            Some(code.map_or(model, |code| Cow::Owned(code.message.clone())))
        };
        for line in &section.lines {
            match fill(&line.template, &value) {
                Ok(Some(elements)) => put(writer, &line.template.tag, &elements)?,
                Err(field) if line.is_required => {
                    let (profile, segment) = (self.name.clone(), line.template.tag.clone());
                    return Err(ProfileWriteError::FieldMissing {
                        profile,
                        segment,
                        field: field.to_owned(),
                    });
                }
                Ok(None) | Err(_) => {}
            }
        }
        Ok(())
    }

    fn section(&self, name: &str) -> &Section {
        let found = self.sections.iter().find(|section| section.name == name);
        found.expect("a profile has the sections of its message")
    }
}

/// The components of each element.
type Elements<'e> = Vec<Vec<Cow<'e, str>>>;

/// Fills a template: `None` when it would hold no value, the name of the field when one is missing.
fn fill<'t: 'e, 'v: 'e, 'e>(
    template: &'t Template,
    value: &dyn Fn(&str) -> Option<Cow<'v, str>>,
) -> Result<Option<Elements<'e>>, &'t str> {
    let mut elements = Vec::with_capacity(template.elements.len());
    let (mut has_field, mut has_value) = (false, false);
    for parts in &template.elements {
        let mut components = Vec::with_capacity(parts.len());
        for part in parts {
            components.push(match part {
                Part::Empty => Cow::Borrowed(""),
                Part::Literal { value, .. } => Cow::Borrowed(value.as_str()),
                Part::Field { name, is_optional } => {
                    has_field = true;
                    let value = value(name);
                    has_value |= value.is_some();
                    match value {
                        Some(value) => value,
                        None if *is_optional => Cow::Borrowed(""),
                        None => return Err(name),
                    }
                }
            });
        }
        elements.push(components);
    }
    Ok((has_value || !has_field).then_some(elements))
}

fn put(writer: &mut Writer, tag: &str, elements: &Elements<'_>) -> Result<(), ProfileWriteError> {
    let components: Vec<Vec<&str>> =
        elements.iter().map(|element| element.iter().map(AsRef::as_ref).collect()).collect();
    let elements: Vec<&[&str]> = components.iter().map(Vec::as_slice).collect();
    writer.segment(tag, &elements).map_err(ProfileWriteError::Write)
}
