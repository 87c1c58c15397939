//! CSV files with a heading.

use super::Making;

/// How many columns a file may have.
const COLUMNS_MAX: usize = 256;

/// A file whose columns are found by their names.
pub(super) struct Table<'t> {
    reader: csv::Reader<&'t [u8]>,
    /// The names in lower case.
    heading: Vec<String>,
}

/// The columns of one row.
pub(super) struct Cells {
    record: csv::StringRecord,
    /// The row in the file, counted from 1, the heading included.
    pub(super) row: u32,
}

impl<'t> Table<'t> {
    /// Reads the heading; the separator is the commoner of comma and semicolon in it.
    pub(super) fn open(text: &'t str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        let is_semicolon = first.matches(';').count() > first.matches(',').count();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(if is_semicolon { b';' } else { b',' })
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let heading =
            reader.headers().map(|names| names.iter().take(COLUMNS_MAX).map(str::to_lowercase).collect());
        Self { heading: heading.unwrap_or_default(), reader }
    }

    /// Returns the place of a column that goes by one of some names.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.heading.iter().position(|known| known == name))
    }

    /// Returns the place of a column that must be there; without it nothing can be read.
    pub(super) fn must(&self, names: &[&str], making: &mut Making<'_>) -> Option<usize> {
        let found = self.find(names);
        if found.is_none() {
            making.lacks(names[0]);
        }
        found
    }

    /// Hands over every row.
    pub(super) fn each(&mut self, making: &mut Making<'_>, mut row: impl FnMut(&Cells, &mut Making<'_>)) {
        let mut cells = Cells { record: csv::StringRecord::new(), row: 1 };
        loop {
            cells.row = cells.row.saturating_add(1);
            match self.reader.read_record(&mut cells.record) {
                Ok(false) => return,
                Ok(true) => row(&cells, making),
                Err(_) => making.wrong(cells.row, "CSV"),
            }
        }
    }
}

impl Cells {
    /// Returns the text of a column; empty where the row is too short.
    pub(super) fn of(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default()
    }

    /// Returns the text of a column that may not be there.
    pub(super) fn maybe(&self, column: Option<usize>) -> &str {
        column.map_or("", |column| self.of(column))
    }
}
