//! The items of a document, each read when it is complete.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;

use super::document::{self, Bare};
use super::item::ItemReader;
use super::parser::Parser;
use super::value::members;
use crate::builder::Builder;
use crate::format::{ITEM, ITEM_NAME};
use crate::limits::Limits;
use crate::read::{FileReport, ReadItem};
use crate::window::Window;

/// Reads a document.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut arena = Bump::new();
    let mut spots = Vec::new();
    document::read(window, Bare::Many, limits, report, &mut |object, resolver, report| {
        arena.reset();
        let ordinal = report.items + 1;
        let mut parser = Parser::new(object, &arena, limits.depth);
        let members = members(&mut parser, &arena).map_err(|(mark, finding)| (mark, finding.of(ordinal)))?;
        let mut reader = ItemReader { builder: Builder::new(&arena, limits, &mut spots) };
        reader.group(ITEM, ITEM_NAME, &members);
        let start = object.mark;
        let (declaration, findings, spots) = reader.builder.finish(ordinal, start, resolver);
        Ok(report.hand_over(ReadItem { ordinal, declaration, findings, spots, start, resolver }, each))
    })
}
