//! Writing a tree as XML.

use super::{Entry, Holds, Layout};
use crate::xml::escape;

/// Writes what stands before the records.
pub(crate) fn write_head(layout: &Layout, into: &mut String) {
    into.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if layout.root != layout.record.name {
        into.extend(["<", &layout.root, " xmlns=\"", &layout.namespace, "\">\n"]);
    }
}

/// Writes what stands behind the records.
pub(crate) fn write_foot(layout: &Layout, into: &mut String) {
    if layout.root != layout.record.name {
        into.extend(["</", &layout.root, ">\n"]);
    }
}

/// Writes one record, whose entries were checked.
pub(crate) fn write_record(layout: &Layout, entries: &[Entry<'_>], into: &mut String) {
    let name = &layout.record.name;
    if layout.root == *name {
        into.extend(["<", name, " xmlns=\"", &layout.namespace, "\">\n"]);
        group(entries, 1, into);
        into.extend(["</", name, ">\n"]);
    } else {
        into.extend(["  <", name, ">\n"]);
        group(entries, 2, into);
        into.extend(["  </", name, ">\n"]);
    }
}

fn group(entries: &[Entry<'_>], level: usize, into: &mut String) {
    for entry in entries {
        let name = &entry.node.name;
        indent(level, into);
        match entry.node.content {
            Holds::Value(_) => {
                into.extend(["<", name, ">"]);
                escape(entry.text, into);
                into.extend(["</", name, ">\n"]);
            }
            Holds::Group(_) if entry.entries.is_empty() => into.extend(["<", name, "/>\n"]),
            Holds::Group(_) => {
                into.extend(["<", name, ">\n"]);
                group(&entry.entries, level + 1, into);
                indent(level, into);
                into.extend(["</", name, ">\n"]);
            }
        }
    }
}

fn indent(level: usize, into: &mut String) {
    for _ in 0..level {
        into.push_str("  ");
    }
}
