//! How extras are named: by the path of an element, or by the name of an extra field.

use crate::format::{Content, Element, Occurs, Slot, Type};
use crate::layout::{Layout, Node, Role};

/// What stands before the name of our field when the format's extra fields carry it.
pub(super) const CARRIED: &str = "declaration:";
/// What stands behind the name of a field that holds another one, whose name is the value.
pub(super) const HOLDS: &str = "-holds";
/// What stands behind the name of an amount, for its currency.
pub(super) const CURRENCY: &str = "-currency";
/// The step of a path that leads to an extra field by its name.
pub(super) const STEP: &str = ".ExtraFields.";

/// An extra of our model that another format's element fills, without the limit that our own format has.
pub(super) static KEPT: Element = Element {
    slot: Slot::Extra,
    name: "extra",
    field: "extra",
    content: Content::Value(Type::Named(60_000)),
    occurs: Occurs::Many,
    meaning: "What another format holds and this one does not, by that format's own name.",
};

/// Returns the path of a node whose parent has the path `parent`; `number` counts from 1 among its like.
pub(super) fn path(parent: &str, node: &Node, number: usize) -> String {
    let mut path = String::from(parent);
    if !parent.is_empty() {
        path.push('.');
    }
    path.push_str(&node.name);
    if node.is_repeated() {
        path.extend(["[", &number.to_string(), "]"]);
    }
    path
}

/// Returns the name that an extra field of the group `of` has among the extras: its own, unless that would be
/// understood as an element.
pub(super) fn kept_name(layout: &Layout, of: &str, name: &str) -> String {
    if is_path(layout, name) { format!("{of}{STEP}{name}") } else { name.to_owned() }
}

/// Returns whether a name is the path of an element of the layout, or of an extra field below one.
fn is_path(layout: &Layout, name: &str) -> bool {
    let mut node = &layout.record;
    for step in name.split('.') {
        let (step, number) = step.split_once('[').map_or((step, None), |(step, number)| (step, Some(number)));
        if step == "ExtraFields" && node.children().iter().any(|child| child.role == Role::ExtraName) {
            return number.is_none();
        }
        let Some(child) = node.child(step) else { return false };
        let is_number = |number: &str| {
            number.strip_suffix(']').is_some_and(|digits| {
                !digits.is_empty()
                    && !digits.starts_with('0')
                    && digits.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let is_numbered = number.is_some_and(is_number);
        if child.is_repeated() != is_numbered || number.is_some() != is_numbered {
            return false;
        }
        node = child;
    }
    true
}

/// Returns whether an element of our format has an element of the layout for itself.
pub(super) fn is_mapped(node: &Node, element: &Element) -> bool {
    let is_it = |found: &Element| std::ptr::eq(found, element);
    (node.role != Role::NamePart && node.element.is_some_and(is_it))
        || node.children().iter().any(|child| is_mapped(child, element))
}

#[cfg(test)]
mod tests {
    use super::is_path;
    use crate::layout::Known;

    #[test]
    fn knows_paths_from_their_nearest_wrong_neighbours() {
        for (name, expected) in [
            ("MailObject.PId", true),
            ("Declaration.ContentPieces[2].RevisedHS", true),
            ("Declaration.ContentPieces[12].ExtraFields.anything.at.all", true),
            ("Declaration.ExtraFields.x", true),
            ("Declaration.ContentPieces.RevisedHS", false),
            ("Declaration.ContentPieces[0].RevisedHS", false),
            ("Declaration.ContentPieces[x].RevisedHS", false),
            ("Declaration.ContentPieces[2", false),
            ("MailObject[1].PId", false),
            ("MailObject.ExtraFields.x", false),
            ("PId", false),
            ("", false),
        ] {
            assert_eq!(is_path(Known::Cusitm.layout(), name), expected, "{name}");
        }
    }
}
