//! Members that the form does not know: they are not read, and that is told.

use std::collections::BTreeMap;

use super::node::Node;

/// The unknown members of a file by name.
#[derive(Default)]
pub(super) struct Unread(BTreeMap<String, Seen>);

/// Where a name was first seen, and how often.
pub(super) struct Seen {
    pub(super) place: String,
    pub(super) times: usize,
}

impl Unread {
    /// Notes the members of an object that are not `known`; anything else has no members.
    pub(super) fn note(&mut self, node: &Node, place: &str, known: impl Fn(&str) -> bool) {
        let Node::Object(members) = node else { return };
        for (name, _) in members.iter().filter(|(name, _)| !known(name)) {
            let first = || {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                Seen { place, times: 0 }
            };
            self.0.entry(name.clone()).or_insert_with(first).times += 1;
        }
    }

    /// Returns the names in order.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &Seen> {
        self.0.values()
    }
}
