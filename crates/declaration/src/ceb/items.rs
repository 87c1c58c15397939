//! Lists handed over as declarations.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;

use super::mapping::{Mapped, to_declaration};
use super::read::{ReadDocument, read_window};
use crate::builder::resolve;
use crate::findings;
use crate::limits::Limits;
use crate::read::{FileReport, ReadItem};
use crate::window::Window;

/// Reads a file and hands over each list as a declaration. The documents of any other message are read for their
/// findings, which are then those of the file.
pub(crate) fn read_items<R: Read>(
    window: &mut Window<R>,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut arena = Bump::new();
    let mut take = |report: &mut FileReport, read: ReadDocument<'_>| {
        arena.reset();
        let ReadDocument { ordinal, document, mut findings, start, resolver } = read;
        let Some(Mapped { declaration, spots, findings: found }) = to_declaration(&document, &arena, limits)
        else {
            if ordinal == 1 {
                report.push(findings::CEB_NO_DECLARATIONS.finding([document.message.name]));
            }
            for finding in findings {
                report.push(finding);
            }
            return ControlFlow::Continue(());
        };
        findings.extend(resolve(found, ordinal, resolver));
        findings.sort();
        let item = ReadItem { ordinal, declaration, findings, spots: &spots, start, resolver };
        report.hand_over(item, each)
    };
    read_window(window, limits, report, &mut take).map(drop)
}
