//! CN 47, the delivery bill of empty receptacles, on A4.

use std::sync::LazyLock;

use caravan_postal::{Grams, Language, S9};
use chrono::NaiveDateTime;

use super::delivery::weight;
use super::dispatch::{count, kilograms};
use super::unit;
use crate::Office;
use crate::bill::remarks;
use crate::manifest::{Seal, Unit};
use crate::pdf::{Captions, Column, Drawn, Field, Setup, Sheet, Table};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/empty.toml")));

/// The bill for empty receptacles that a carrier takes. Times are local to the office that hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmptyBill {
    /// The number of the bill.
    pub number: String,
    /// The office that hands over.
    pub origin: Office,
    /// The office that takes them over, or the offices that they are for.
    pub destinations: Vec<Office>,
    /// The operator whose they are; may be empty.
    pub owner: String,
    /// When they are handed over.
    pub handed_over_at: Option<NaiveDateTime>,
    /// The carrier.
    pub carrier: String,
    /// The route.
    pub route: String,
    /// The planned departure.
    pub departs_at: NaiveDateTime,
    /// The container or vehicle.
    pub unit: Unit,
    /// The seals.
    pub seals: Vec<Seal>,
    /// What is handed over.
    pub receptacles: Vec<EmptyReceptacles>,
}

/// Empty receptacles bundled in one receptacle of a dispatch of class T.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmptyReceptacles {
    /// The identifier on the label of the bundle.
    pub s9: S9,
    /// How many empty bags are in it, if known.
    pub bag_count: Option<u32>,
    /// How many empty trays, if known.
    pub tray_count: Option<u32>,
    /// The gross weight.
    pub gross_weight: Grams,
}

impl EmptyBill {
    /// Draws the bill in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut sheet = Sheet::new(Setup {
            form: "CN 47",
            ..Setup::paper(
                &CAPTIONS,
                &self.number,
                language,
                self.origin.is_synthetic || self.destinations.iter().any(|office| office.is_synthetic),
            )
        });
        let sender = self.origin.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        let destination = Office::all_printed(&self.destinations, &sheet.caption("several-offices"));
        let time = |time: NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        let handed_over_at = self.handed_over_at.map_or_else(String::new, time);
        let departs_at = time(self.departs_at);
        sheet.fields(
            rest.cut_top(120),
            [
                (1, Field::of("origin").value(&sender).large(100)),
                (1, Field::of("destination").value(&destination).large(100)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [
                (3, Field::of("bill-number").value(&self.number).large(110)),
                (3, Field::of("handed-over-at").value(&handed_over_at)),
                (3, Field::of("departs-at").value(&departs_at)),
                (4, Field::of("owner").value(&self.owner)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [(1, Field::of("carrier").value(&self.carrier)), (1, Field::of("transport").value(&self.route))],
        );
        unit::draw(&mut sheet, rest.cut_top(110), &self.unit, &self.seals);
        rest.cut_top(20);
        rest = sheet.table(rest, &self.table(), next);
        sheet.signatures(rest, ["signed-origin", "signed-carrier", "signed-destination"], next);
        sheet.finish()
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::left("dispatch", 4),
            Column::left("origin-code", 5),
            Column::left("destination-code", 5),
            Column::left("receptacle", 4),
            Column::right("bags", 4).summed(|sum| sum.to_string()),
            Column::right("trays", 4).summed(|sum| sum.to_string()),
            Column::right("gross-weight", 4).summed(kilograms),
            Column::left("remarks", 5),
        ];
        let row = |empty: &EmptyReceptacles| {
            let series = empty.s9.dispatch.series();
            vec![
                format!("{:04}", empty.s9.dispatch.serial()).into(),
                series.origin.to_string().into(),
                series.destination.to_string().into(),
                format!("{:03}", empty.s9.serial()).into(),
                empty.bag_count.map_or_else(|| "".into(), count),
                empty.tray_count.map_or_else(|| "".into(), count),
                weight(empty.gross_weight.hectograms()),
                remarks(empty.s9, None).into(),
            ]
        };
        Table { columns, rows: self.receptacles.iter().map(row).collect() }
    }
}
