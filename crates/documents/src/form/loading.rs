//! The loading list of a container, on A4 lying: a picture of what lies where, how full it is by weight and volume, where
//! the centre of gravity lies against its bounds, and every receptacle in the order of loading.

mod picture;
mod svg;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use caravan_planning::{BalanceRules, BalanceVerdict, Capacity, LoadPlan, ReceptacleKey};
use caravan_postal::{Language, S9};

use self::picture::{Picture, Rect, Shape};
use super::delivery::weight;
use super::dispatch::{count, kilograms};
use super::unit;
use crate::manifest::{Seal, Unit};
use crate::pdf::{
    Align, Area, Captions, Cell, Column, Drawn, Field, Paper, Setup, Sheet, Sizes, Style, Table, Weight,
};
use crate::{Office, printed};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of_neighbours(include_str!("../../messages/forms/loading.toml")));

/// What a loading list says beside its plan.
#[derive(Debug, Clone)]
pub struct LoadingList<'p> {
    /// The number of the CN 37; may be empty.
    pub number: String,
    /// The office that loads.
    pub office: Office,
    /// Route, train or truck, and time, in a few words.
    pub departure: String,
    /// The container or vehicle.
    pub unit: &'p Unit,
    /// The seals; none before it is closed.
    pub seals: &'p [Seal],
    /// What lies where.
    pub plan: &'p LoadPlan,
    /// What may be loaded.
    pub limits: Capacity,
    /// The bounds of the centre of gravity.
    pub rules: &'p BalanceRules,
    /// The names of the stops, by the number that the plan gives them.
    pub stops: &'p [String],
    /// The identifiers of the receptacles; one without stands with the number of the plan.
    pub identifiers: &'p BTreeMap<ReceptacleKey, S9>,
}

impl LoadingList<'_> {
    /// Draws the list in the station's language and its neighbours'.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut sheet = Sheet::new(Setup {
            paper: Paper::A4_LYING,
            ..Setup::paper(&CAPTIONS, &self.number, language, self.office.is_synthetic)
        });
        let sender = self.office.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        self.draw_head(&mut sheet, &mut rest);
        self.draw_balance(&mut sheet, &mut rest);
        rest.cut_top(15);
        rest.cut_bottom(20);
        draw_picture(&mut sheet, rest, &Picture::of(self.plan, self.rules));
        sheet.page();
        rest = next(&mut sheet);
        sheet.part(&mut rest, "stops");
        rest = sheet.table(rest, &self.stop_table(), next);
        sheet.part(&mut rest, "placing");
        rest = sheet.table(rest, &self.receptacle_table(), next);
        sheet.signatures(rest, ["signed-loader", "signed-supervisor", "signed-carrier"], next);
        sheet.finish()
    }

    /// Returns the picture as SVG: the same plan is the same bytes.
    pub fn svg(&self, language: Language) -> String {
        let title = |key: &str| CAPTIONS.pair(key, language).join(" / ");
        svg::svg(&Picture::of(self.plan, self.rules), title)
    }

    fn draw_head(&self, sheet: &mut Sheet, rest: &mut Area) {
        let mut row = rest.cut_top(110);
        let left = row.cut_left(row.width * 3 / 5);
        unit::draw(sheet, left, self.unit, self.seals);
        sheet.fields(
            row,
            [
                (2, Field::of("departure").value(&self.departure)),
                (1, Field::of("bill").value(&self.number).large(100)),
            ],
        );
    }

    fn draw_balance(&self, sheet: &mut Sheet, rest: &mut Area) {
        let (content, fill, balance) = (self.plan.content, self.plan.fill, &self.plan.balance);
        // As printed: each receptacle is rounded for itself.
        let loaded: u64 = self.plan.placed.iter().map(|block| block.piece.weight.hectograms()).sum();
        let by_weight = format!(
            "{} / {} kg, {}",
            printed::kilograms(loaded),
            printed::kilograms(self.limits.weight.hectograms()),
            percent(fill.weight_permille.into())
        );
        let by_volume = format!(
            "{} / {} m³, {}",
            content.volume.cubic_metres(),
            self.limits.volume.cubic_metres(),
            percent(fill.volume_permille.into())
        );
        let metres = |mm: u32| format!("{}.{:03}", mm / 1000, mm % 1000);
        let centre = [balance.x_mm, balance.y_mm, balance.z_mm].map(metres).join(" / ");
        sheet.fields(
            rest.cut_top(100),
            [
                (4, Field::of("weight-fill").value(&by_weight).large(100)),
                (4, Field::of("volume-fill").value(&by_volume).large(100)),
                (2, Field::of("receptacles").value(&content.count.to_string()).large(100)),
                (4, Field::of("centre").value(&centre).large(100)),
            ],
        );
        let said = |verdict| sheet.caption(verdict_key(verdict));
        let bound = |permille: u32| percent(permille.into());
        let along = format!(
            "{} (max. {}) – {}",
            percent(balance.along_permille.into()),
            bound(self.rules.along_permille),
            said(balance.along)
        );
        let across_mm = u64::from(self.plan.inside.width_mm) * u64::from(self.rules.across_permille) / 1000;
        let across = format!(
            "{} mm (max. {} mm) – {}",
            balance.across_mm,
            across_mm.min(self.rules.across_mm.into()),
            said(balance.across)
        );
        let halves = format!(
            "{} (max. {}) – {}",
            bound(balance.half_permille),
            bound(self.rules.half_permille),
            said(balance.halves)
        );
        sheet.fields(
            rest.cut_top(100),
            [
                (1, Field::of("along").value(&along).large(100)),
                (1, Field::of("across").value(&across).large(100)),
                (1, Field::of("halves").value(&halves).large(100)),
            ],
        );
        let limits = sheet.caption("limits");
        let style = Style { sizes: Sizes::new(60, 45), ..Style::plain() };
        sheet.write("limits", rest.cut_top(30), &limits, style);
    }

    fn stop_table(&self) -> Table {
        let columns = vec![
            Column::right("stop", 2),
            Column::left("stop-name", 12),
            Column::left("walls", 4),
            Column::right("receptacles", 4).summed(|sum| sum.to_string()),
            Column::right("gross-weight", 4).summed(kilograms),
        ];
        let rows = picture::rows(self.plan);
        let line = |rows: &[picture::Row<'_>]| {
            let stop = rows.first().map_or(0, picture::Row::stop);
            let numbers = [rows.first(), rows.last()].map(|row| row.map_or(0, |row| row.number));
            let blocks = || rows.iter().flat_map(|row| row.blocks);
            let hectograms: u64 = blocks().map(|block| block.piece.weight.hectograms()).sum();
            vec![
                (u32::from(stop) + 1).to_string().into(),
                self.stops.get(usize::from(stop)).cloned().unwrap_or_default().into(),
                format!("{} – {}", numbers[0], numbers[1]).into(),
                count(u32::try_from(blocks().count()).unwrap_or(u32::MAX)),
                weight(hectograms),
            ]
        };
        let rows = rows.chunk_by(|one, next| one.stop() == next.stop()).map(line).collect();
        Table { columns, rows }
    }

    fn receptacle_table(&self) -> Table {
        let columns = vec![
            Column::right("order", 3),
            Column::left("s9", 18),
            Column::right("stop", 3),
            Column::right("wall", 3),
            Column::right("column", 4),
            Column::right("tier", 3),
            Column::right("gross-weight", 5).summed(kilograms),
            Column::right("volume", 5),
        ];
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for row in picture::rows(self.plan) {
            for block in row.blocks {
                let piece = &block.piece;
                let name = self.identifiers.get(&piece.receptacle);
                let (column, tier) = row.place(block);
                rows.push(vec![
                    (rows.len() + 1).to_string().into(),
                    name.map_or_else(|| format!("#{}", piece.receptacle.0), |s9| printed::s9(*s9)).into(),
                    (u32::from(piece.stop) + 1).to_string().into(),
                    row.number.to_string().into(),
                    column.to_string().into(),
                    tier.to_string().into(),
                    weight(piece.weight.hectograms()),
                    piece.volume.cubic_metres().to_string().into(),
                ]);
            }
        }
        Table { columns, rows }
    }
}

/// Draws the picture as large as it fits an area, in its middle.
fn draw_picture(sheet: &mut Sheet, area: Area, picture: &Picture) {
    let (width, height) = (i64::from(area.width), i64::from(area.height));
    // Tenths of a millimetre on paper for millimetres of the box, as a fraction.
    let is_wide = width * picture.height <= height * picture.width;
    let (paper, real) = if is_wide { (width, picture.width) } else { (height, picture.height) };
    let scaled = |mm: i64| i32::try_from(mm * paper / real.max(1)).unwrap_or(i32::MAX);
    let left = area.x + (area.width - scaled(picture.width)) / 2;
    let place = |rect: Rect| {
        let (x, y) = (scaled(rect.x), scaled(rect.y));
        let (right, below) = (scaled(rect.x + rect.width), scaled(rect.y + rect.height));
        Area::new(left + x, area.y + y, right - x, below - y)
    };
    for shape in &picture.shapes {
        match shape {
            Shape::Block(rect, grey) => {
                sheet.shade(place(*rect), *grey);
                sheet.frame(place(*rect));
            }
            Shape::Inside(rect) | Shape::Bound(rect) => sheet.heavy_frame(place(*rect)),
            Shape::Centre(x, y) => {
                let (x, y) = (left + scaled(*x), area.y + scaled(*y));
                let spot = Area::new(x - 20, y - 20, 40, 40);
                sheet.shade(spot, 255);
                sheet.heavy_frame(spot);
                sheet.rule((x - 30, y), (x + 30, y));
                sheet.rule((x, y - 30), (x, y + 30));
            }
            Shape::Number(rect, number) => {
                let style = Style { sizes: Sizes::new(70, 35), align: Align::Center, ..Style::plain() };
                sheet.write("wall", place(*rect), number, style);
            }
            Shape::Stop(rect, number) => {
                let style = Style { sizes: Sizes::new(70, 35), align: Align::Center, ..Style::plain() };
                let said = format!("{} {number}", sheet.caption("stop"));
                sheet.write("stop", place(*rect), &said, style);
            }
            Shape::Title(rect, key) => {
                let style = Style { sizes: Sizes::new(80, 40), weight: Weight::Bold, align: Align::Left };
                let said = sheet.caption(key);
                sheet.write(key, place(*rect), &said, style);
            }
        }
    }
}

fn verdict_key(verdict: BalanceVerdict) -> &'static str {
    match verdict {
        BalanceVerdict::Within => "within",
        BalanceVerdict::Special => "special",
        BalanceVerdict::Over => "over",
    }
}

/// Prints per mille as per cent with one decimal; below zero towards the front.
fn percent(permille: i64) -> String {
    let sign = if permille < 0 { "-" } else { "" };
    format!("{sign}{}.{} %", permille.abs() / 10, permille.abs() % 10)
}
