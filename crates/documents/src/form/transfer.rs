//! The customs transfer sheet, on A4: inspected mail goes under seal from one customs office to the one of exit.
//!
//! Outbound mail is inspected where the office of exchange has customs; then container, seal and plate are checked and
//! customs stamps this sheet and the road bill. A container does not leave without its number.

use std::sync::LazyLock;

use caravan_postal::{Grams, Language, MailClass};
use chrono::{NaiveDate, NaiveDateTime};

use super::delivery::weight;
use super::dispatch::{count, kilograms};
use super::unit;
use crate::Office;
use crate::manifest::{Seal, Unit};
use crate::pdf::{Area, Captions, Column, Drawn, Field, Setup, Sheet, Table};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of_neighbours(include_str!("../../messages/forms/transfer.toml")));

/// Height of the places for stamps, in tenths of a millimetre.
const STAMPS: i32 = 400;

/// The sheet of one customs transfer. Times are local to the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferSheet {
    /// The number of the transfer; empty before customs gave one.
    pub number: String,
    /// The office of exchange that asks for it.
    pub office: Office,
    /// The customs office that inspected the mail.
    pub departure_customs: String,
    /// The customs office where it leaves the country.
    pub exit_customs: String,
    /// Who takes it over there.
    pub receiver: String,
    /// When the sheet was printed.
    pub printed_at: NaiveDateTime,
    /// The day until which it must be there, where customs set one.
    pub valid_until: Option<NaiveDate>,
    /// The number of the road bill; may be empty.
    pub road_bill: String,
    /// The carrier.
    pub carrier: String,
    /// The driver; may be empty.
    pub driver: String,
    /// The container or vehicle.
    pub unit: Unit,
    /// The seals, in the order in which they were put on.
    pub seals: Vec<Seal>,
    /// The bills of what is inside.
    pub lines: Vec<TransferLine>,
}

/// A bill in a customs transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferLine {
    /// Form and number of the bill: `CN 37 CNA000000017`.
    pub bill: String,
    /// What mail it lists; `None` where that is not known.
    pub class: Option<MailClass>,
    /// Where that goes.
    pub destination: String,
    /// How many receptacles.
    pub receptacle_count: u32,
    /// The gross weight.
    pub gross_weight: Grams,
    /// A remark; may be empty.
    pub remark: String,
}

impl TransferSheet {
    /// Draws the sheet in the station's language and its neighbours'.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut sheet = Sheet::new(Setup::paper(&CAPTIONS, &self.number, language, self.office.is_synthetic));
        let sender = self.office.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        self.draw_head(&mut sheet, &mut rest);
        rest.cut_top(20);
        let table = self.table(&sheet);
        rest = sheet.table(rest, &table, next);
        rest = sheet.room(rest, STAMPS + 290, next);
        sheet.part(&mut rest, "checks");
        let mut checks = rest.cut_top(150);
        let differences = checks.cut_right(checks.width / 2);
        sheet.frame(checks);
        let ticks = checks.inset(10).rows([1, 1, 1]);
        for (place, key) in ticks.into_iter().zip(["seals-intact", "plate-agrees", "count-agrees"]) {
            sheet.tick(place, key, false);
        }
        sheet.field(differences, Field::of("differences"));
        rest.cut_top(20);
        let [post, departure, exit] = rest.cut_top(STAMPS).columns([2, 3, 3]);
        sheet.signature(post, "signed-post");
        sheet.signature(departure, "stamp-departure");
        sheet.signature(exit, "stamp-exit");
        sheet.finish()
    }

    fn draw_head(&self, sheet: &mut Sheet, rest: &mut Area) {
        let office = self.office.printed();
        let printed_at = self.printed_at.format("%Y-%m-%d %H:%M").to_string();
        let valid_until = self.valid_until.map_or_else(String::new, |day| day.format("%Y-%m-%d").to_string());
        let [numbers, mut code] = rest.cut_top(230).columns([1, 1]);
        let [upper, lower] = numbers.rows([1, 1]);
        sheet.field(upper, Field::of("transfer-number").value(&self.number).large(140));
        sheet.fields(
            lower,
            [
                (1, Field::of("printed-at").value(&printed_at)),
                (1, Field::of("valid-until").value(&valid_until)),
            ],
        );
        code.cut_left(20);
        if !self.number.is_empty() {
            sheet.bar_code(code, "transfer-number", &self.number, &self.number);
        }
        rest.cut_top(10);
        sheet.fields(
            rest.cut_top(110),
            [
                (1, Field::of("departure-customs").value(&self.departure_customs).large(100)),
                (1, Field::of("exit-customs").value(&self.exit_customs).large(100)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [
                (1, Field::of("office").value(&office).large(100)),
                (1, Field::of("receiver").value(&self.receiver).large(100)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [
                (4, Field::of("carrier").value(&self.carrier)),
                (3, Field::of("driver").value(&self.driver)),
                (3, Field::of("road-bill").value(&self.road_bill)),
            ],
        );
        unit::draw(sheet, rest.cut_top(110), &self.unit, &self.seals);
    }

    fn table(&self, sheet: &Sheet) -> Table {
        let columns = vec![
            Column::right("number", 2),
            Column::left("bill", 8),
            Column::left("kind-of-mail", 6),
            Column::left("goes-to", 6),
            Column::right("receptacles", 4).summed(|sum| sum.to_string()),
            Column::right("gross-weight", 4).summed(kilograms),
            Column::left("remarks", 6),
        ];
        let row = |(number, line): (usize, &TransferLine)| {
            vec![
                number.to_string().into(),
                line.bill.clone().into(),
                line.class.map_or_else(String::new, |class| sheet.caption(&format!("class-{class}"))).into(),
                line.destination.clone().into(),
                count(line.receptacle_count),
                weight(line.gross_weight.hectograms()),
                line.remark.clone().into(),
            ]
        };
        Table { columns, rows: (1..).zip(&self.lines).map(row).collect() }
    }
}
