//! What usually comes next: the line that followed the last one in the item before, read by its pattern.

use caravan_edi::{Part, Scanner, Segment};

use super::ItemReader;
use crate::itmatt::head::Fit;
use crate::itmatt::layout::{ITEM_SECTION, LINES, SECTIONS};

/// The segments that followed others: in most files they always do.
#[derive(Debug)]
pub(in crate::itmatt) struct Habits {
    /// For each line of each section the line of which section came behind it.
    followers: [[Follower; LINES]; SECTIONS],
}

/// A line by its number and that of its section, in as little memory as they need.
type Follower = (u8, u8);

impl Habits {
    /// Knows nothing yet.
    pub(in crate::itmatt) fn new() -> Self {
        Self { followers: [[(0, 0); LINES]; SECTIONS] }
    }

    pub(super) fn learn(&mut self, last: (usize, usize), next: (usize, usize)) {
        if let (Ok(section), Ok(line)) = (u8::try_from(next.0), u8::try_from(next.1)) {
            self.followers[last.0][last.1] = (section, line);
        }
    }
}

impl<'a> ItemReader<'a> {
    /// Takes the next segment of the item when it is the one that followed the last one before, which most are; returns
    /// whether it was. It is read only then.
    #[inline]
    pub(in crate::itmatt) fn take_usual<'b: 'a>(
        &mut self,
        scanner: &mut Scanner,
        part: &mut Part<'b>,
    ) -> bool {
        let follower = self.habits.followers[self.last.0][self.last.1];
        let (section, line) = (usize::from(follower.0), usize::from(follower.1));
        // Of the lines that are looked at before it, none fits the same segment.
        let is_opener = line == 0 && section > ITEM_SECTION;
        if !is_opener && section != self.open.section {
            return false;
        }
        let found = &self.sections[section].lines[line];
        let Some(pattern) = &found.pattern else { return false };
        let Some(segment): Option<Segment<'a>> = scanner.expect(part, pattern) else { return false };
        if found.fit_values(&segment, part.cuts(), &mut self.held) != Fit::Whole {
            return false;
        }
        let seen = if section == ITEM_SECTION { self.item_seen } else { self.open.seen };
        let is_repeated = if is_opener { self.is_surplus(section) } else { seen >> line & 1 == 1 };
        if is_repeated || self.open.is_surplus {
            return false;
        }
        scanner.accept(part, &segment);
        self.take_found(section, line, &segment, part.cuts());
        true
    }
}
