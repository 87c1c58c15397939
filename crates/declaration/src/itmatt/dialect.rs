//! The XML form: the fields of the layout as elements, in its order, read and written as our own XML is.

use std::io::Write;
use std::sync::LazyLock;

use super::layout::{EXTRA, Goal, HEAD, LAYOUT, Section};
use crate::format::schema::schema_of;
use crate::format::{Content, Element};
use crate::model::Declaration;
use crate::write::WriteError;
use crate::xml::{Dialect, Writer};

/// The names around the items. They are ours: the official ones of M33 were not at hand.
pub(crate) static DIALECT: Dialect =
    Dialect { root: "itmatt", namespace: "urn:caravan:itmatt:1", item: || *ELEMENTS };

/// The elements of an item, made from the layout once and kept as long as the program runs.
static ELEMENTS: LazyLock<&'static [Element]> = LazyLock::new(|| {
    let mut elements = Vec::new();
    for section in &LAYOUT.sections[HEAD + 1..] {
        let fields = fields(section);
        match section.group {
            Some(group) => {
                elements.push(Element { content: Content::Group(Vec::leak(fields)), ..*group });
            }
            None => elements.extend(fields),
        }
    }
    elements.push(**EXTRA);
    Vec::leak(elements)
});

/// Returns the elements that the lines of a section fill; one that fills a whole group is that group.
fn fields(section: &Section) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    for line in &section.lines {
        if let Some(group) = line.group {
            // A document is in the model as often as its line stands.
            elements.push(*group);
            continue;
        }
        elements.extend(line.cells.iter().filter_map(|cell| match cell.goal {
            Goal::Value { element, .. } => Some(*element),
            _ => None,
        }));
    }
    elements
}

/// Returns the schema of the XML form, XML Schema 1.0, made from the layout.
pub fn schema() -> String {
    schema_of(&DIALECT)
}

/// Writes a whole file in the XML form.
pub fn write<'d, W: Write>(
    output: W,
    declarations: impl IntoIterator<Item = &'d Declaration<'d>>,
) -> Result<W, WriteError> {
    let mut writer = Writer::of(&DIALECT, output)?;
    for declaration in declarations {
        writer.item(declaration)?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::ELEMENTS;
    use crate::format::ITEM;

    #[test]
    fn the_xml_form_has_every_element_of_the_model_once() {
        let names = |elements: &[crate::format::Element]| {
            let mut names: Vec<String> = Vec::new();
            for element in elements {
                names.push(element.name.to_owned());
                names.extend(
                    element.children().iter().map(|child| format!("{}/{}", element.name, child.name)),
                );
            }
            names.sort_unstable();
            names
        };
        assert_eq!(names(*ELEMENTS), names(ITEM));
    }
}
