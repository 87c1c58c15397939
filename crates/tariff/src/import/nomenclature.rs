//! An edition of the Harmonized System.
//!
//! Rows of level 6 are its subheadings; chapters, headings and the catch-all rows (`TOTAL`, 99, 9999, 999999) are none.

use super::csv_file::Table;
use super::{Imported, Making};

pub(super) fn import(text: &str, mut making: Making<'_>) -> Imported {
    let mut table = Table::open(text);
    let (code, level) = (table.must(&["hscode", "code"], &mut making), table.must(&["level"], &mut making));
    let (Some(code), Some(level)) = (code, level) else { return making.finish("") };
    table.each(&mut making, |cells, making| {
        if cells.of(level) != "6" || cells.of(code) == "999999" {
            making.left_out += 1;
            return;
        }
        match making.code(cells.row, cells.of(code)) {
            Some(code) if code.parts().1 == 6 => making.line(cells.row, &[&code.to_string()], &[]),
            Some(_) => making.wrong(cells.row, "hscode"),
            None => {}
        }
    });
    making.list("hs", "subheadings", &[])
}
