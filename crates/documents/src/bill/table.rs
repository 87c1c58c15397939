//! Lines and columns of plain text.

use std::fmt::Write;

/// A document of plain text, growing line by line.
#[derive(Default)]
pub(super) struct Page {
    text: String,
}

/// How the cells of a column stand.
#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Right,
}

/// What stands where a person writes a moment by hand.
pub(super) const BLANK: &str = "____________";
/// Width of the names before the values.
const NAME_WIDTH: usize = 24;

impl Page {
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Says of a paper that is void that it is.
    pub(super) fn void(&mut self, is_void: bool) {
        if is_void {
            self.line("VOID");
        }
    }

    /// Writes a name with its value; a value that is not there leaves no line.
    pub(super) fn value(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.line(&format!("{name:<NAME_WIDTH$}{}", one_line(value)));
        }
    }

    /// Writes rows under their headings, two spaces between columns.
    pub(super) fn table<const N: usize>(&mut self, columns: [(&str, Align); N], rows: &[[String; N]]) {
        let length = |text: &str| text.chars().count();
        let widths: [usize; N] = std::array::from_fn(|index| {
            let cells = rows.iter().map(|row| length(&row[index]));
            cells.chain([length(columns[index].0)]).max().unwrap_or_default()
        });
        let headings = columns.map(|(heading, _)| heading.to_owned());
        for row in std::iter::once(&headings).chain(rows) {
            let mut line = String::new();
            for ((cell, width), (_, align)) in row.iter().zip(widths).zip(columns) {
                let cell = one_line(cell);
                let written = match align {
                    Align::Left => write!(line, "{cell:<width$}  "),
                    Align::Right => write!(line, "{cell:>width$}  "),
                };
                written.expect("writing to a string succeeds");
            }
            self.line(&line);
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// A value cannot break out of its line.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
