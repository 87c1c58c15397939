//! Writing a tree as JSON: an object for a group, a list for what may be there more than once.

use super::{Entry, Holds, Node, Type};
use crate::json::quote;

/// Writes the object of a group whose entries were checked.
pub(crate) fn write(parent: &Node, entries: &[Entry<'_>], level: usize, into: &mut String) {
    indent(level, into);
    object(parent, entries, level, into);
}

fn object(parent: &Node, entries: &[Entry<'_>], level: usize, into: &mut String) {
    into.push('{');
    let mut separator = "\n";
    for node in parent.children() {
        let mut all = entries.iter().filter(|entry| std::ptr::eq(entry.node, node)).peekable();
        if all.peek().is_none() {
            continue;
        }
        into.push_str(separator);
        separator = ",\n";
        indent(level + 1, into);
        into.extend(["\"", &node.name, "\": "]);
        if !node.is_repeated() {
            all.for_each(|entry| value(entry, level + 1, into));
            continue;
        }
        into.push('[');
        let mut comma = "\n";
        for entry in all {
            into.push_str(comma);
            comma = ",\n";
            indent(level + 2, into);
            value(entry, level + 2, into);
        }
        into.push('\n');
        indent(level + 1, into);
        into.push(']');
    }
    if separator == ",\n" {
        into.push('\n');
        indent(level, into);
    }
    into.push('}');
}

fn value(entry: &Entry<'_>, level: usize, into: &mut String) {
    match entry.node.content {
        Holds::Group(_) => object(entry.node, &entry.entries, level, into),
        Holds::Value(kind) => scalar(kind, entry.text, into),
    }
}

fn scalar(kind: Type, text: &str, into: &mut String) {
    match kind {
        Type::Decimal { .. } | Type::Int => into.push_str(&number(text)),
        Type::Boolean => into.push_str(text),
        _ => quote(text, into),
    }
}

/// Returns a number without the zeros at its front and without a point at its end, which JSON does not allow.
fn number(text: &str) -> String {
    let text = text.strip_suffix('.').unwrap_or(text);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let trimmed = digits.trim_start_matches('0');
    let zero = if trimmed.is_empty() || trimmed.starts_with('.') { "0" } else { "" };
    format!("{sign}{zero}{trimmed}")
}

fn indent(level: usize, into: &mut String) {
    for _ in 0..level {
        into.push_str("  ");
    }
}
