//! What a declaration says that another does not: what a format could not carry over.

use std::fmt::{self, Display, Formatter};

use caravan_postal::Field;

use crate::format::{Content, Element, ITEM, Slot};
use crate::model::Declaration;
use crate::write::{Attribute, field, is_list, render, times};

/// What one declaration says and another does not, or not so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Losses<'d> {
    /// The fields, in the order of the field table; a list that is longer is a field of its own.
    pub fields: Vec<Field>,
    /// The names of the extra fields.
    pub extras: Vec<&'d str>,
}

impl Losses<'_> {
    /// Returns whether nothing is lost.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.extras.is_empty()
    }
}

impl Display for Losses<'_> {
    /// Names all of it in one line.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        for field in &self.fields {
            write!(f, "{comma}`{field}`")?;
            comma = ", ";
        }
        for name in &self.extras {
            write!(f, "{comma}extra `{name}`")?;
            comma = ", ";
        }
        Ok(())
    }
}

/// Returns what `one` says and `other` does not. What `other` says beyond that, as the facts of an envelope, is no loss.
pub fn losses<'d>(one: &Declaration<'d>, other: &Declaration<'_>) -> Losses<'d> {
    let fields = lost_fields(one, other);
    // Extra fields have no order that means anything.
    let mut found = vec![false; other.extras.len()];
    let mut extras = Vec::new();
    for extra in &one.extras {
        match (0..found.len()).find(|at| !found[*at] && other.extras[*at] == *extra) {
            Some(at) => found[at] = true,
            None => extras.push(extra.0),
        }
    }
    Losses { fields, extras }
}

/// Returns the fields, other than extra fields, that `one` says and `other` does not.
pub(crate) fn lost_fields(one: &Declaration<'_>, other: &Declaration<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    compare(ITEM, 0, one, other, &mut fields);
    fields
}

fn compare(
    elements: &'static [Element],
    index: usize,
    one: &Declaration<'_>,
    other: &Declaration<'_>,
    lost: &mut Vec<Field>,
) {
    for element in elements.iter().filter(|element| element.slot != Slot::Extra) {
        let (count, others) = (times(one, element), times(other, element));
        if count > others {
            lost.push(Field::of(element.field));
        }
        // Of an entry that is not there at all, the list says it.
        let shared = if is_list(element) { count.min(others) } else { count };
        for nth in 0..shared {
            let index = if is_list(element) { nth } else { index };
            match element.content {
                Content::Group(children) => compare(children, index, one, other, lost),
                Content::Value(_) => {
                    let said = value(one, element, index);
                    if said.is_said() && said != value(other, element, index) {
                        lost.push(field(element, index));
                    }
                }
            }
        }
    }
}

/// A value as our own format writes it.
#[derive(PartialEq)]
enum Said<'d> {
    Nothing,
    Text(String, Attribute<'d>),
    /// What cannot be written is as good as any other of its kind.
    Unwritable,
}

impl Said<'_> {
    fn is_said(&self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

fn value<'d>(declaration: &Declaration<'d>, element: &Element, index: usize) -> Said<'d> {
    let mut text = String::new();
    match render(declaration, element, index, &mut text) {
        Ok(None) => Said::Nothing,
        Ok(Some(attribute)) => Said::Text(text, attribute),
        Err(_) => Said::Unwritable,
    }
}
