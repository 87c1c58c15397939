//! A message as a tree: where its signature stands, what of it is signed.

use std::ops::Range;

use bergshamra_c14n::{C14nMode, canonicalize, canonicalize_doc};
use bergshamra_xml::NodeSet;
use caravan_postal::{Finding, Place};
use uppsala::{Document, NodeId};

use super::NAMESPACE;
use crate::findings::{SIGNATURE_TWICE, XML_DOCTYPE, XML_MARKUP};

/// A message that was read into a tree.
#[derive(Debug)]
pub(super) struct Message<'a> {
    text: &'a str,
    tree: Document<'a>,
    root: NodeId,
}

impl<'a> Message<'a> {
    /// Reads a message. A document type declaration is refused: it can do harm and is not needed.
    pub(super) fn parse(text: &'a str) -> Result<Self, Finding> {
        // The tree drops a mark at the beginning; places in it would be off by its length.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if prolog(text).contains("<!DOCTYPE") {
            return Err(XML_DOCTYPE.finding::<&str>([]));
        }
        let broken = || XML_MARKUP.finding::<&str>([]);
        let tree = uppsala::parse(text).map_err(|_| broken())?;
        let root = tree.document_element().ok_or_else(broken)?;
        Ok(Self { text, tree, root })
    }

    /// Returns the text without a byte-order mark.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the signature below the root, if there is one.
    pub(super) fn signature(&self) -> Result<Option<NodeId>, Finding> {
        let found = self.tree.child_elements_by_name_ns(self.root, NAMESPACE, "Signature");
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            [_, second, ..] => Err(SIGNATURE_TWICE.finding::<&str>([]).at(self.place(*second))),
        }
    }

    /// Returns where a node begins.
    pub(super) fn place(&self, node: NodeId) -> Place {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let offset = self.range(node).map_or(0, |range| range.start as u64);
        let (line, column) = (small(self.tree.node_line(node)), small(self.tree.node_column(node)));
        Place::Text { offset, line, column }
    }

    /// Returns the bytes of a node in the text.
    pub(super) fn range(&self, node: NodeId) -> Option<Range<usize>> {
        self.tree.node_range(node)
    }

    /// Returns the one child of that name in the namespace of signatures.
    pub(super) fn child(&self, of: NodeId, name: &str) -> Option<NodeId> {
        self.tree.first_child_element_by_name_ns(of, NAMESPACE, name)
    }

    /// Returns all children of that name in the namespace of signatures.
    pub(super) fn children(&self, of: NodeId, name: &str) -> Vec<NodeId> {
        self.tree.child_elements_by_name_ns(of, NAMESPACE, name)
    }

    /// Returns an attribute.
    pub(super) fn attribute(&self, of: NodeId, name: &str) -> Option<&str> {
        self.tree.get_attribute(of, name)
    }

    /// Returns the text of a node.
    pub(super) fn content(&self, of: NodeId) -> String {
        self.tree.text_content_deep(of)
    }

    /// Returns the root's local name.
    pub(super) fn root_name(&self) -> &str {
        self.tree.element(self.root).map_or("", |element| &element.name.local_name)
    }

    /// Returns the root's child of that name in the root's own namespace.
    pub(super) fn own_child(&self, name: &str) -> Option<NodeId> {
        let namespace = self.tree.element(self.root)?.name.namespace_uri.as_deref().unwrap_or_default();
        self.tree.first_child_element_by_name_ns(self.root, namespace, name)
    }

    /// Returns the byte at which the root's end tag begins.
    pub(super) fn end_of_root(&self) -> Option<usize> {
        let range = self.range(self.root)?;
        let inside = self.text.get(range.clone())?;
        inside.rfind("</").map(|at| range.start + at)
    }

    /// Returns the canonical form of a part of the message, as it stands in it: with the names that are in scope.
    pub(super) fn canonical(&self, part: NodeId) -> Option<Vec<u8>> {
        let nodes = NodeSet::tree_without_comments(part, &self.tree);
        canonicalize_doc::<&str>(&self.tree, C14nMode::Inclusive, Some(&nodes), &[]).ok()
    }
}

/// Returns the canonical form of a message without what stands in a range.
pub(super) fn canonical_without(text: &str, range: Range<usize>) -> Option<Vec<u8>> {
    let rest = [text.get(..range.start)?, text.get(range.end..)?].concat();
    canonicalize::<&str>(&rest, C14nMode::Inclusive, None, &[]).ok()
}

/// Returns what stands before the first element.
fn prolog(text: &str) -> &str {
    let is_element = |at: &usize| {
        let next = text.as_bytes().get(at + 1);
        next.is_some_and(|next| !matches!(next, b'?' | b'!'))
    };
    let first = memchr::memchr_iter(b'<', text.as_bytes()).find(is_element);
    &text[..first.unwrap_or(text.len())]
}
