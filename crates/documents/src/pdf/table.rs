//! Tables over as many pages as they need: heads repeated, totals carried over.

use super::area::Area;
use super::font::Weight;
use super::sheet::{Align, Mark, Shade, Sheet, Style, TENTH_UM, THIN_UM};
use super::wrap::{self, Sizes};

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    key: &'static str,
    number: &'static str,
    share: i32,
    align: Align,
    /// How the sum of the column is printed; `None` for a column that is not summed.
    sum: Option<fn(i64) -> String>,
}

/// A cell: what is printed, and what it adds to the sum of its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    amount: i64,
}

/// A table with all its rows.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// The rows, each with a cell a column.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A cell with its text in lines.
struct Laid {
    text: String,
    sizes: Sizes,
    height: i32,
}

const PADDING: i32 = 8;
/// The size of a cell, and the one below which its text wraps instead of shrinking further.
const CELL: Sizes = Sizes::new(80, 65);
/// The most lines of a cell; what is longer goes to the sheet behind the form.
const CELL_LINES_MAX: i64 = 6;
/// The most lines of a heading.
const HEAD_LINES_MAX: i64 = 4;
const HEAD: Sizes = Sizes::new(55, 40);

impl Column {
    /// Returns a column of text with its share of the width.
    pub(crate) const fn left(key: &'static str, share: i32) -> Self {
        Self { key, number: "", share, align: Align::Left, sum: None }
    }

    /// Returns a column of numbers with its share of the width.
    pub(crate) const fn right(key: &'static str, share: i32) -> Self {
        Self { align: Align::Right, ..Self::left(key, share) }
    }

    /// Returns the column with its number on the form.
    #[must_use]
    pub(crate) const fn numbered(self, number: &'static str) -> Self {
        Self { number, ..self }
    }

    /// Returns the column with a sum, carried from page to page.
    #[must_use]
    pub(crate) const fn summed(self, printed: fn(i64) -> String) -> Self {
        Self { sum: Some(printed), ..self }
    }
}

impl Cell {
    /// Returns a cell that counts for a sum.
    pub(crate) fn amount(text: impl Into<String>, amount: i64) -> Self {
        Self { text: text.into(), amount }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::amount(text, 0)
    }
}

/// A table while it is drawn.
struct Running<'t> {
    table: &'t Table,
    rest: Area,
    sums: Vec<i64>,
}

impl Sheet {
    /// Draws a table from the top of an area. Where it is full, `next` begins a page and returns the area on it.
    /// Returns what is left below the table on its last page.
    pub(crate) fn table(
        &mut self,
        area: Area,
        table: &Table,
        next: &mut dyn FnMut(&mut Self) -> Area,
    ) -> Area {
        let mut running = Running { table, rest: area, sums: vec![0; table.columns.len()] };
        let foot = if table.is_summed() { sum_height() } else { 0 };
        let mut is_headed = false;
        for row in &table.rows {
            let cells = running.lay(row);
            let height = cells.iter().map(|cell| cell.height).max().unwrap_or_default();
            let head = if is_headed { 0 } else { self.head_height(&running) };
            if running.rest.height < head + height + foot {
                if is_headed && foot > 0 {
                    self.sum_row(&mut running, "carried-forward");
                }
                self.page();
                running.rest = next(self);
                let is_continued = is_headed;
                self.head_row(&mut running);
                if is_continued && foot > 0 {
                    self.sum_row(&mut running, "brought-forward");
                }
                is_headed = true;
            } else if !is_headed {
                self.head_row(&mut running);
                is_headed = true;
            }
            self.row(&mut running, cells, height);
            for (sum, cell) in running.sums.iter_mut().zip(row) {
                *sum = sum.saturating_add(cell.amount);
            }
        }
        if !is_headed {
            self.head_row(&mut running);
        }
        if foot > 0 {
            self.sum_row(&mut running, "total");
        }
        running.rest
    }

    fn head_height(&self, running: &Running<'_>) -> i32 {
        let widths = running.cells(running.rest);
        let lines = widths.iter().zip(&running.table.columns).map(|(area, column)| {
            let width_um = i64::from(area.inset(PADDING).width) * TENTH_UM;
            let text = self.heading(column);
            let fitted = wrap::fit(
                &text,
                Weight::Regular,
                HEAD,
                width_um,
                HEAD_LINES_MAX * wrap::leading(HEAD.wanted),
            );
            i64::try_from(fitted.lines.len()).unwrap_or(i64::MAX) * wrap::leading(fitted.size)
        });
        tenths(lines.max().unwrap_or_default()) + PADDING
    }

    fn heading(&self, column: &Column) -> String {
        format!("{} {}", column.number, self.caption(column.key)).trim_start().to_owned()
    }

    fn head_row(&mut self, running: &mut Running<'_>) {
        let height = self.head_height(running);
        let strip = running.rest.cut_top(height);
        self.mark(Mark::Fill { area: strip, shade: Shade::Head });
        for (area, column) in running.cells(strip).into_iter().zip(&running.table.columns) {
            self.mark(Mark::Frame { area, thick_um: THIN_UM });
            let text = self.heading(column);
            let style = Style { sizes: HEAD, weight: Weight::Regular, align: Align::Left };
            self.write(column.key, text_area(area), &text, style);
        }
    }

    fn row(&mut self, running: &mut Running<'_>, cells: Vec<Laid>, height: i32) {
        let strip = running.rest.cut_top(height);
        for ((area, column), cell) in running.cells(strip).into_iter().zip(&running.table.columns).zip(cells)
        {
            self.mark(Mark::Frame { area, thick_um: THIN_UM });
            let style = Style { sizes: cell.sizes, weight: Weight::Regular, align: column.align };
            self.write(column.key, text_area(area), &cell.text, style);
        }
    }

    /// Writes the sums so far: the word in the columns before the first sum, each sum in its column.
    fn sum_row(&mut self, running: &mut Running<'_>, key: &str) {
        let strip = running.rest.cut_top(sum_height());
        let areas = running.cells(strip);
        let columns = &running.table.columns;
        let first = columns.iter().position(|column| column.sum.is_some()).unwrap_or(columns.len());
        let style = Style { sizes: Sizes::new(80, 45), weight: Weight::Bold, align: Align::Right };
        if let (Some(left), Some(right)) = (areas.first(), areas.get(first.saturating_sub(1))) {
            let area = Area { width: right.x + right.width - left.x, ..*left };
            self.mark(Mark::Frame { area, thick_um: THIN_UM });
            let word = self.caption(key);
            self.write(key, text_area(area), &word, style);
        }
        for ((area, column), sum) in areas.iter().zip(columns).zip(&running.sums).skip(first) {
            self.mark(Mark::Frame { area: *area, thick_um: THIN_UM });
            if let Some(printed) = column.sum {
                self.write(column.key, text_area(*area), &printed(*sum), style);
            }
        }
    }
}

impl Table {
    fn is_summed(&self) -> bool {
        self.columns.iter().any(|column| column.sum.is_some())
    }
}

impl Running<'_> {
    /// Returns the area of each cell in a strip as wide as the table.
    fn cells(&self, strip: Area) -> Vec<Area> {
        let all: i32 = self.table.columns.iter().map(|column| column.share).sum::<i32>().max(1);
        let mut before = 0;
        let mut areas = Vec::with_capacity(self.table.columns.len());
        for column in &self.table.columns {
            let left = strip.width * before / all;
            before += column.share;
            areas.push(Area { x: strip.x + left, width: strip.width * before / all - left, ..strip });
        }
        areas
    }

    /// Chooses the size of each cell: in one line if it fits at all, else wrapped.
    fn lay(&self, row: &[Cell]) -> Vec<Laid> {
        let areas = self.cells(self.rest);
        row.iter().zip(areas).map(|(cell, area)| lay_cell(&cell.text, text_area(area).width)).collect()
    }
}

fn lay_cell(text: &str, width: i32) -> Laid {
    let width_um = i64::from(width) * TENTH_UM;
    let one_line = wrap::fit(text, Weight::Regular, CELL, width_um, wrap::leading(CELL.wanted));
    let wanted = if one_line.is_cut { CELL.smallest } else { CELL.wanted };
    let lines_max = if one_line.is_cut { CELL_LINES_MAX } else { 1 };
    let room = lines_max * wrap::leading(wanted);
    let fitted = wrap::fit(text, Weight::Regular, Sizes::new(wanted, CELL.smallest), width_um, room);
    let lines = i64::try_from(fitted.lines.len().max(1)).unwrap_or(i64::MAX);
    let height = tenths(lines * wrap::leading(fitted.size)).max(tenths(wrap::leading(CELL.wanted))) + PADDING;
    Laid { text: text.to_owned(), sizes: Sizes::new(fitted.size, CELL.smallest), height }
}

/// Returns the height of a row of sums.
fn sum_height() -> i32 {
    tenths(wrap::leading(CELL.wanted)) + PADDING
}

/// The area of the text in a cell.
fn text_area(cell: Area) -> Area {
    let mut area = Area { x: cell.x + PADDING, width: (cell.width - 2 * PADDING).max(0), ..cell };
    area.cut_top(PADDING / 2);
    area
}

/// Tenths of a millimetre that hold as many micrometres.
fn tenths(um: i64) -> i32 {
    i32::try_from(um / TENTH_UM + 1).unwrap_or(i32::MAX)
}
