//! The domestic road bill, on A4: what a vehicle takes from one office to another before or after the border.
//!
//! It travels with a sealed vehicle under customs transfer; customs compares plate and seals with it and stamps it.

use std::sync::LazyLock;

use caravan_postal::{Grams, Language, Money, ReceptacleKind, S9, S10};
use chrono::NaiveDateTime;

use super::dispatch::{count, grams};
use super::unit;
use crate::manifest::{Seal, Unit};
use crate::pdf::{Captions, Cell, Column, Drawn, Field, Setup, Sheet, Table};
use crate::printed;

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of_neighbours(include_str!("../../messages/forms/road_bill.toml")));

/// The road bill of one vehicle. Times are local to the office that hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadBill {
    /// The number of the bill.
    pub number: String,
    /// The office that hands over. Domestic offices need no code of the UPU.
    pub from: String,
    /// The office that takes over.
    pub to: String,
    /// When it is handed over.
    pub handed_over_at: NaiveDateTime,
    /// The planned departure, if known.
    pub departs_at: Option<NaiveDateTime>,
    /// The carrier.
    pub carrier: String,
    /// The driver.
    pub driver: String,
    /// The container or vehicle.
    pub unit: Unit,
    /// The seals, in the order in which they were put on.
    pub seals: Vec<Seal>,
    /// The number of the customs transfer, when there is one.
    pub customs_transfer_number: Option<String>,
    /// What it takes.
    pub lines: Vec<RoadLine>,
    /// Whether it is for a test, so that each page says so.
    pub is_synthetic: bool,
}

/// A receptacle or an item on a road bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadLine {
    /// S9, S10, or the number of a domestic bag.
    pub identifier: String,
    /// What it is; `None` for an item.
    pub kind: Option<ReceptacleKind>,
    /// Where it comes from.
    pub from: String,
    /// Where it goes.
    pub to: String,
    /// How many items are inside, if known.
    pub item_count: Option<u32>,
    /// The gross weight: printed in grams for an item, as CP 87 and CN 33 do, and of a receptacle as its label says it.
    pub gross_weight: Grams,
    /// The duty that was paid on it.
    pub duty_paid: Option<Money>,
    /// A remark; may be empty.
    pub remark: String,
}

impl RoadBill {
    /// Draws the bill in the station's language and its neighbours'.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut sheet = Sheet::new(Setup::paper(&CAPTIONS, &self.number, language, self.is_synthetic));
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&self.from);
        let mut rest = next(&mut sheet);
        let time = |time: NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        let handed_over_at = time(self.handed_over_at);
        let departs_at = self.departs_at.map_or_else(String::new, time);
        sheet.fields(
            rest.cut_top(120),
            [
                (4, Field::of("number").value(&self.number).large(110)),
                (6, Field::of("from").value(&self.from).large(100)),
                (6, Field::of("to").value(&self.to).large(100)),
            ],
        );
        let transfer = self.customs_transfer_number.as_deref().unwrap_or_default();
        sheet.fields(
            rest.cut_top(110),
            [
                (3, Field::of("handed-over-at").value(&handed_over_at)),
                (3, Field::of("departs-at").value(&departs_at)),
                (4, Field::of("carrier").value(&self.carrier)),
                (3, Field::of("driver").value(&self.driver)),
                (3, Field::of("customs-transfer").value(transfer)),
            ],
        );
        unit::draw(&mut sheet, rest.cut_top(110), &self.unit, &self.seals);
        rest.cut_top(20);
        let table = self.table(&sheet);
        rest = sheet.table(rest, &table, next);
        sheet.signatures(rest, ["signed-handed-over", "signed-driver", "signed-received"], next);
        sheet.finish()
    }

    fn table(&self, sheet: &Sheet) -> Table {
        let columns = vec![
            Column::right("number", 2),
            Column::left("receptacle", 11),
            Column::left("kind", 4),
            Column::left("comes-from", 5),
            Column::left("goes-to", 5),
            Column::right("items", 3).summed(|sum| sum.to_string()),
            Column::right("gross-weight", 3).summed(grams),
            Column::left("remarks", 6),
        ];
        let row = |(number, line): (usize, &RoadLine)| {
            let kind = line.kind.map_or_else(|| "kind-item".to_owned(), |kind| format!("kind-{kind}"));
            let paid = line.duty_paid.map(|paid| format!("{}: {paid}", sheet.caption("duty-paid")));
            let remark = [line.remark.as_str(), paid.as_deref().unwrap_or_default()].join(" ");
            let s9 = S9::parse(&line.identifier).map(printed::s9);
            let s10 = S10::parse(&line.identifier).ok().map(printed::s10);
            vec![
                number.to_string().into(),
                s9.or(s10).unwrap_or_else(|| line.identifier.clone()).into(),
                sheet.caption(&kind).into(),
                line.from.clone().into(),
                line.to.clone().into(),
                line.item_count.map_or_else(|| "".into(), count),
                weight(line),
                remark.trim().into(),
            ]
        };
        Table { columns, rows: (1..).zip(&self.lines).map(row).collect() }
    }
}

/// A cell of a weight, in kilograms with the grams: those of a receptacle are whole hectograms.
fn weight(line: &RoadLine) -> Cell {
    let printed = match line.kind {
        None => line.gross_weight,
        Some(_) => Grams(line.gross_weight.hectograms() * 100),
    };
    Cell::amount(printed.kg().to_string(), i64::try_from(printed.0).unwrap_or(i64::MAX))
}
