//! What is known beside the declarations, for the elements of a message that they do not fill.

use std::borrow::Cow;

use super::layout::Block;

/// Values by block and element, which hold where an item does not say its own.
///
/// A value may have placeholders: `{item}` is the identifier of the item, `{document}` the number of the document in
/// the whole conversion and `{line}` that of the line in its document, both counted from 1.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Block, element, text; the block is empty for a value of every block that has such an element.
    values: Vec<(String, String, String)>,
    /// Whether commodity codes of fewer than ten digits are filled up with zeros: a simplified list gives four digits
    /// that mean something (`statisticsFlag` A).
    pub pads_commodity_codes: bool,
}

/// What placeholders stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) item: Option<&'a str>,
    pub(super) document: usize,
    /// Counted from 1; 0 outside of lines.
    pub(super) line: usize,
}

/// The placeholders.
const PLACEHOLDERS: [&str; 3] = ["{item}", "{document}", "{line}"];

impl Facts {
    /// Adds the value of an element; of every block that has it, when `block` is empty.
    pub fn set(&mut self, block: &str, element: &str, text: &str) {
        self.values.push((block.to_owned(), element.to_owned(), text.to_owned()));
    }

    /// Returns a value as it stands: that of the block, or that of every block.
    pub fn get(&self, block: &Block, element: &str) -> Option<&str> {
        let find = |block: &str| {
            let mut values = self.values.iter();
            values.find(|(of, name, _)| of == block && name == element).map(|(.., text)| text.as_str())
        };
        find(block.name).or_else(|| find(""))
    }

    /// Returns a value with its placeholders filled; nothing when one stands for nothing.
    pub(super) fn filled(&self, block: &Block, element: &str, around: Around<'_>) -> Option<Cow<'_, str>> {
        let text = self.get(block, element)?;
        if !text.contains('{') {
            return Some(Cow::Borrowed(text));
        }
        let (document, line) = (around.document.to_string(), around.line.to_string());
        let meant = [around.item, Some(&*document), (around.line > 0).then_some(&*line)];
        let mut filled = text.to_owned();
        for (placeholder, meant) in PLACEHOLDERS.iter().zip(meant) {
            if filled.contains(placeholder) {
                filled = filled.replace(placeholder, meant?);
            }
        }
        Some(Cow::Owned(filled))
    }
}

/// Returns whether a text has placeholders; nothing when it has braces that are none.
pub(crate) fn placeholders(text: &str) -> Option<bool> {
    let rest = PLACEHOLDERS.iter().fold(text.to_owned(), |rest, placeholder| rest.replace(placeholder, ""));
    (!rest.contains(['{', '}'])).then_some(rest.len() < text.len())
}

#[cfg(test)]
mod tests {
    use super::{Around, Facts, placeholders};
    use crate::ceb::Message;

    #[test]
    fn placeholders_are_filled() {
        let block = &Message::named("CEB603Message").unwrap().document.block.parts[0].block;
        let mut facts = Facts::default();
        facts.set("", "copNo", "every");
        facts.set("InventoryHead", "copNo", "{item}-{document}");
        facts.set("InventoryHead", "note", "{line}");
        let around = Around { item: Some("RR473124829CN"), document: 7, line: 0 };
        assert_eq!(facts.filled(block, "copNo", around).as_deref(), Some("RR473124829CN-7"));
        assert_eq!(facts.filled(block, "note", around), None);
        assert_eq!(facts.filled(block, "copNo", Around { item: None, ..around }), None);
        assert_eq!(facts.filled(block, "preNo", around), None);
        assert_eq!(
            [placeholders("a"), placeholders("{line}b"), placeholders("{a}")],
            [Some(false), Some(true), None]
        );
    }
}
