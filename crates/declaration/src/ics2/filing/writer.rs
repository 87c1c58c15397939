//! IE3F43 item by item.

use std::collections::HashSet;
use std::io::Write;

use bumpalo::Bump;
use caravan_postal::{Finding, S10};

use super::{Filing, Page, refused, write};
use crate::compare::{Losses, losses};
use crate::ics2::carried;
use crate::ics2::conditions::{CONDITIONS, conditions};
use crate::layout::{Entry, Known, Node, check};
use crate::model::Declaration;
use crate::place::Mark;
use crate::write::{Unwritable, WriteError};

/// Writes an IE3F43 item by item. It is kept in memory until its end, because its items stand before who declares them.
#[derive(Debug)]
pub struct FilingWriter<'f> {
    filing: &'f Filing,
    /// The groups of the items.
    items: Vec<Kept>,
    seen: HashSet<S10>,
}

/// An entry with texts of its own.
#[derive(Debug)]
struct Kept {
    node: &'static Node,
    text: String,
    entries: Vec<Kept>,
}

/// Writes an IE3F43 with an item for each declaration; one that does not meet the conditions is refused, and with it the
/// whole filing.
pub fn write_ie3f43<'d, W: Write>(
    output: W,
    filing: &Filing,
    declarations: impl IntoIterator<Item = &'d Declaration<'d>>,
) -> Result<W, WriteError> {
    let mut writer = FilingWriter::new(filing);
    for declaration in declarations {
        writer.item(declaration)?;
    }
    writer.finish(output)
}

impl<'f> FilingWriter<'f> {
    /// Begins a filing.
    pub fn new(filing: &'f Filing) -> Self {
        Self { filing, items: Vec::new(), seen: HashSet::new() }
    }

    /// Takes an item, or nothing of it when it does not meet the conditions or the layout.
    pub fn item(&mut self, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        let Some(item) = declaration.s10() else { return Err(refused("identifier", Unwritable::Missing)) };
        if self.seen.contains(&item) {
            // R3052: an item stands in a filing once.
            return Err(refused("identifier", Unwritable::Code));
        }
        let circumstances = self.filing.circumstances();
        if let Some(finding) = conditions(declaration, &circumstances).into_iter().next() {
            return Err(WriteError::Unwritable {
                field: finding.field,
                reason: Unwritable::Condition(rule(&finding)),
            });
        }
        let arena = Bump::new();
        let node = Known::Ie3f43.layout().record.child("consignmentMasterLevel");
        let node = node.and_then(|node| node.child("consignmentHouseLevel"));
        let node = node.expect("the profile has the elements that are written");
        let mut page = Page::new(node, &arena);
        self.filing.house(&mut page, declaration, item)?;
        let entries = page.finish();
        check(node, &entries)?;
        self.items.push(Kept::of(&Entry::group(node, Mark::default(), entries)));
        self.seen.insert(item);
        Ok(())
    }

    /// Returns what of the declaration that was taken last the filing does not say.
    pub fn lost<'d>(&self, declaration: &Declaration<'d>) -> Losses<'d> {
        let arena = Bump::new();
        let carried = self.items.last().map(Kept::entry);
        let carried = carried.map(|item| carried::declaration(&item.entries, self.filing, &arena));
        losses(declaration, &carried.unwrap_or_default())
    }

    /// Ends the filing.
    ///
    /// # Errors
    ///
    /// When it has no item, or who declares it cannot be written.
    pub fn finish<W: Write>(self, output: W) -> Result<W, WriteError> {
        let arena = Bump::new();
        let mut page = Page::new(&Known::Ie3f43.layout().record, &arena);
        self.filing.head(&mut page, "F43")?;
        page.group("consignmentMasterLevel", |page| {
            page.entries.extend(self.items.iter().map(Kept::entry));
            Ok(())
        })?;
        write(output, Known::Ie3f43, page)
    }
}

impl Kept {
    fn of(entry: &Entry<'_>) -> Self {
        let entries = entry.entries.iter().map(Self::of).collect();
        Self { node: entry.node, text: entry.text.to_owned(), entries }
    }

    fn entry(&self) -> Entry<'_> {
        let entries = self.entries.iter().map(Self::entry).collect();
        Entry { node: self.node, mark: Mark::default(), text: &self.text, entries }
    }
}

/// Returns the number of the condition that a finding is of.
fn rule(finding: &Finding) -> &'static str {
    let found = CONDITIONS.iter().find(|condition| std::ptr::eq(condition.code, finding.code));
    found.map_or("", |condition| condition.number)
}
