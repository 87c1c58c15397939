//! Tables of Office Open XML (ECMA-376): one sheet of a workbook, read as CSV is and written with the same columns.
//!
//! A workbook is a package of compressed parts. It is kept in memory as it came, because its directory stands at its
//! end; its parts are decompressed as they are read, within [`Limits::package_text_bytes`](crate::Limits) in all. Numbers
//! are taken as the fifteen digits that a spreadsheet shows, never as floats.

mod number;
mod package;
mod rows;
mod write;

use std::io::{self, Read};
use std::ops::ControlFlow;

use package::Package;
use rows::{Rows, shared_texts};

use crate::builder::clip;
use crate::csv::{fit, read_table};
use crate::findings::{FORMAT_UNKNOWN, SHEETS_UNREAD};
use crate::limits::Limits;
use crate::options::Options;
use crate::read::{FileReport, ReadItem};
use crate::window::Window;

pub use write::{Writer, write};

/// Reads a file. Returns whether it is a workbook with a sheet that has known columns.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    limits: &Limits,
    options: &Options<'_>,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<bool> {
    let mut package = match Package::open(window, limits)? {
        Ok(package) => package,
        Err(finding) => {
            report.stop(finding);
            return Ok(false);
        }
    };
    let opened = package.workbook(options.sheet).and_then(|workbook| {
        let texts = shared_texts(&mut package, &workbook, limits)?;
        Ok((workbook, texts))
    });
    let (workbook, texts) = match opened {
        Ok(opened) => opened,
        Err(finding) => {
            report.stop(finding);
            return Ok(false);
        }
    };
    let part = match package.part(&workbook.sheet) {
        Ok(part) => part,
        Err(finding) => {
            report.stop(finding);
            return Ok(false);
        }
    };
    let mut rows = Rows::new(part, &texts, workbook.has_epoch_1904, limits);
    let heading = match rows.heading()? {
        Ok(heading) => heading,
        Err(finding) => {
            report.stop(finding);
            return Ok(false);
        }
    };
    let names: Vec<&str> = heading.iter().map(String::as_str).collect();
    let Some(mapping) = fit(&names, options.mappings) else {
        report.stop(FORMAT_UNKNOWN.finding::<&str>([]));
        return Ok(false);
    };
    let sheet = clip(&workbook.name);
    if workbook.others > 0 && options.sheet.is_none() {
        report.push(SHEETS_UNREAD.finding([sheet.clone(), workbook.others.to_string()]));
    }
    report.sheet = Some(sheet);
    read_table(&mut rows, mapping, limits, report, each)?;
    Ok(true)
}
