//! The picture of a load as plain shapes in millimetres of the box, which both the form and the SVG draw.
//!
//! From above one sees the top of every column; along the left wall one sees the blocks that stand at it. Rows, from the
//! front to the door, carry their numbers; the receptacles of one stop share a grey. A frame shows where the centre of
//! gravity may lie, a cross where it lies.

use caravan_planning::{BalanceRules, LoadPlan, Placed};

/// A rectangle in millimetres from the upper left corner of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// One thing in the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A block, with the grey of its stop.
    Block(Rect, u8),
    /// The inside of the box.
    Inside(Rect),
    /// Where the centre of gravity may lie.
    Bound(Rect),
    /// Where it lies.
    Centre(i64, i64),
    /// The number of a row, or of a stop whose place is narrow, in the middle of its place.
    Number(Rect, String),
    /// The number of a stop with room for the word.
    Stop(Rect, String),
    /// What a view shows.
    Title(Rect, &'static str),
}

/// The whole picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) width: i64,
    pub(super) height: i64,
    /// The height of a line of text.
    pub(super) line: i64,
    pub(super) shapes: Vec<Shape>,
}

/// So many times its height a line of text is wide that says `stop` in two languages with a number.
const WORD: i64 = 8;

/// A row of the load, from wall to wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row<'p> {
    /// Counted from the front, from 1.
    pub(super) number: usize,
    pub(super) blocks: &'p [Placed],
}

/// Returns the rows of a load, the first nearest to the front.
pub(super) fn rows(plan: &LoadPlan) -> Vec<Row<'_>> {
    let chunks = plan.placed.chunk_by(|one, next| {
        (one.x_mm, one.length_mm, one.piece.stop) == (next.x_mm, next.length_mm, next.piece.stop)
    });
    (1..).zip(chunks).map(|(number, blocks)| Row { number, blocks }).collect()
}

impl Row<'_> {
    pub(super) fn stop(&self) -> u16 {
        self.blocks.first().map_or(0, |block| block.piece.stop)
    }

    fn span(&self) -> (i64, i64) {
        self.blocks.first().map_or((0, 0), |block| (block.x_mm.into(), block.length_mm.into()))
    }

    /// Returns in which column from the left and in which tier from the floor a block lies, from 1.
    pub(super) fn place(&self, block: &Placed) -> (usize, usize) {
        let mut columns: Vec<u32> = self.blocks.iter().map(|other| other.y_mm).collect();
        columns.sort_unstable();
        columns.dedup();
        let column = columns.iter().filter(|y_mm| **y_mm <= block.y_mm).count();
        let below = |other: &&Placed| other.y_mm == block.y_mm && other.z_mm < block.z_mm;
        (column, self.blocks.iter().filter(below).count() + 1)
    }
}

/// Returns the grey of a stop: neighbours differ.
pub(super) fn grey(stop: u16) -> u8 {
    [235, 195, 215, 175][usize::from(stop % 4)]
}

impl Picture {
    /// Draws a plan.
    pub(super) fn of(plan: &LoadPlan, rules: &BalanceRules) -> Self {
        let [length, width, height] =
            [plan.inside.length_mm, plan.inside.width_mm, plan.inside.height_mm].map(i64::from);
        let line = (length / 40).max(60);
        let rows = rows(plan);
        let mut shapes = Vec::new();
        let strip = |y: i64| Rect { x: 0, y, width: length, height: line };
        let (top, side) = (2 * line, width + 4 * line);
        shapes.push(Shape::Title(strip(0), "top-view"));
        numbers(&mut shapes, rows.iter().map(|row| (row.span(), row.number.to_string())), line, line);
        for row in &rows {
            for block in row.blocks {
                let (x, length) = row.span();
                let rect =
                    Rect { x, y: top + i64::from(block.y_mm), width: length, height: block.width_mm.into() };
                shapes.push(Shape::Block(rect, grey(row.stop())));
            }
        }
        shapes.push(Shape::Inside(Rect { x: 0, y: top, width: length, height: width }));
        let (wide, narrow): (Vec<_>, Vec<_>) =
            stops(&rows).into_iter().partition(|((_, length), _)| *length >= WORD * line);
        for ((x, length), number) in wide {
            shapes.push(Shape::Stop(Rect { x, y: top + width, width: length, height: line }, number));
        }
        numbers(&mut shapes, narrow.into_iter(), top + width, line);
        shapes.push(Shape::Title(strip(top + width + line), "side-view"));
        for row in &rows {
            for block in row.blocks.iter().filter(|block| block.y_mm == 0) {
                let (x, length) = row.span();
                let upper = side + height - i64::from(block.z_mm) - i64::from(block.height_mm);
                let rect = Rect { x, y: upper, width: length, height: block.height_mm.into() };
                shapes.push(Shape::Block(rect, grey(row.stop())));
            }
        }
        shapes.push(Shape::Inside(Rect { x: 0, y: side, width: length, height }));
        if plan.balance.mass.0 > 0 {
            let along = length * i64::from(rules.along_permille) / 1000;
            let across = (width * i64::from(rules.across_permille) / 1000).min(i64::from(rules.across_mm));
            let [x, y, z] = [plan.balance.x_mm, plan.balance.y_mm, plan.balance.z_mm].map(i64::from);
            shapes.push(Shape::Bound(Rect {
                x: length / 2 - along,
                y: top + width / 2 - across,
                width: 2 * along,
                height: 2 * across,
            }));
            shapes.push(Shape::Centre(x, top + y));
            shapes.push(Shape::Bound(Rect { x: length / 2 - along, y: side, width: 2 * along, height }));
            shapes.push(Shape::Centre(x, side + height - z));
        }
        Self { width: length, height: side + height, line, shapes }
    }
}

/// Returns the places of the stops along the box, and their numbers from 1.
fn stops(rows: &[Row<'_>]) -> Vec<((i64, i64), String)> {
    let group = |group: &[Row<'_>]| {
        let from = group.first().map_or(0, |row| row.span().0);
        let to = group.last().map_or(0, |row| row.span().0 + row.span().1);
        let number = group.first().map_or(0, |row| u32::from(row.stop()) + 1);
        ((from, to - from), number.to_string())
    };
    rows.chunk_by(|one, next| one.stop() == next.stop()).map(group).collect()
}

/// Writes numbers over their places; where places are narrow, only as many as have room.
fn numbers(shapes: &mut Vec<Shape>, places: impl Iterator<Item = ((i64, i64), String)>, y: i64, line: i64) {
    let mut free_from = 0;
    for ((x, width), number) in places {
        let middle = x + width / 2;
        let half = line * 5 / 8;
        if middle - half >= free_from {
            let rect = Rect { x: middle - half, y, width: 2 * half, height: line };
            shapes.push(Shape::Number(rect, number));
            free_from = middle + half;
        }
    }
}
