//! What two declarations say differently: what a format could not carry over.

use caravan_postal::Field;

use crate::format::{Content, Element, ITEM};
use crate::model::Declaration;
use crate::write::{Attribute, field, is_list, render, times};

/// Returns the fields that one declaration has otherwise than another, in the order of the field table; a list of
/// another length is one difference.
pub fn differences(one: &Declaration<'_>, other: &Declaration<'_>) -> Vec<Field> {
    let mut differences = Vec::new();
    compare(ITEM, 0, one, other, &mut differences);
    differences
}

fn compare(
    elements: &'static [Element],
    index: usize,
    one: &Declaration<'_>,
    other: &Declaration<'_>,
    differences: &mut Vec<Field>,
) {
    for element in elements {
        let (count, others) = (times(one, element), times(other, element));
        if count != others {
            differences.push(Field::of(element.field));
        }
        for nth in 0..count.min(others) {
            let index = if is_list(element) { nth } else { index };
            match element.content {
                Content::Group(children) => compare(children, index, one, other, differences),
                Content::Value(_) if value(one, element, index) != value(other, element, index) => {
                    differences.push(field(element, index));
                }
                Content::Value(_) => {}
            }
        }
    }
}

/// Returns a value as our own format writes it; what cannot be written is as good as any other of its kind.
fn value<'d>(
    declaration: &Declaration<'d>,
    element: &Element,
    index: usize,
) -> Option<(String, Option<Attribute<'d>>)> {
    let mut text = String::new();
    let attribute = render(declaration, element, index, &mut text).ok()?;
    Some((text, attribute))
}
