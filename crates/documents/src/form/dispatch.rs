//! The bill of a dispatch: CN 31, CP 87, and the list of EMS, on A4.
//!
//! The bill of parcels always shows the gross weight of the dispatch (UPU Regulations, rules of the form CP 87).

use std::sync::LazyLock;

use caravan_postal::Language;

use crate::bill::{BilledReceptacle, DispatchBill, remarks};
use crate::manifest::BillForm;
use crate::pdf::{
    Align, Area, Captions, Cell, Column, Drawn, Field, Setup, Sheet, Sizes, Style, Table, Weight,
};
use crate::printed;

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/dispatch.toml")));

/// Height of the place for signatures, in tenths of a millimetre.
const SIGNATURES: i32 = 220;

impl DispatchBill {
    /// Draws the bill in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let (form, title) = match self.form() {
            BillForm::Cn31 => ("CN 31", "title-cn31"),
            BillForm::Cp87 => ("CP 87", "title-cp87"),
            BillForm::Ems => ("EMS", "title-ems"),
        };
        let is_synthetic = self.origin.is_synthetic || self.destination.is_synthetic;
        let paper = Setup::paper(&CAPTIONS, &self.s8.to_string(), language, is_synthetic);
        let mut sheet = Sheet::new(Setup { form, title, ..paper });
        let sender = self.origin.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        self.draw_head(&mut sheet, &mut rest);
        rest.cut_top(20);
        rest = sheet.table(rest, &self.receptacle_table(&sheet), next);
        let items = self.item_table();
        if self.form() != BillForm::Cn31 && !items.rows.is_empty() {
            if rest.height < 250 {
                sheet.page();
                rest = next(&mut sheet);
            }
            rest.cut_top(20);
            let style = Style { sizes: Sizes::new(100, 60), weight: Weight::Bold, align: Align::Left };
            let listed = sheet.caption("listed");
            sheet.write("listed", rest.cut_top(60), &listed, style);
            rest = sheet.table(rest, &items, next);
        }
        rest.cut_top(30);
        if rest.height < SIGNATURES {
            sheet.page();
            rest = next(&mut sheet);
        }
        let [origin, destination] = rest.cut_top(SIGNATURES).columns([1, 1]);
        sheet.signature(origin, "signed-origin");
        sheet.signature(destination, "signed-destination");
        if self.is_void { sheet.finish().void() } else { sheet.finish() }
    }

    fn draw_head(&self, sheet: &mut Sheet, rest: &mut Area) {
        let series = self.s8.series();
        let [origin, destination] = rest.cut_top(120).columns([1, 1]);
        sheet.field(origin, Field::of("origin").numbered("1").value(&self.origin.printed()).large(110));
        sheet.field(
            destination,
            Field::of("destination").numbered("2").value(&self.destination.printed()).large(110),
        );
        let [number, dispatch, mail, closed, transport] = rest.cut_top(120).columns([3, 3, 5, 5, 8]);
        let closed_at = self.closed_at.format("%Y-%m-%d %H:%M").to_string();
        let serial = format!("{:04}", self.s8.serial());
        let kind = format!("{} {} {}", series.category, series.subclass.class(), series.subclass);
        sheet.field(number, Field::of("bill-number").numbered("3").value(&self.number).large(110));
        sheet.field(dispatch, Field::of("dispatch").numbered("4").value(&serial).large(110));
        sheet.field(mail, Field::of("mail").numbered("5").value(&kind).large(110));
        sheet.field(closed, Field::of("closed-at").numbered("6").value(&closed_at));
        sheet.field(
            transport,
            Field::of("transport").numbered("7").value(self.transport.as_deref().unwrap_or_default()),
        );
        let sum = |count: fn(&BilledReceptacle) -> u64| self.receptacles.iter().map(count).sum::<u64>();
        let weight = sum(|receptacle| receptacle.gross_weight.hectograms());
        let [count, items, registered, gross] = rest.cut_top(120).columns([1, 1, 1, 1]);
        for (area, key, number, value) in [
            (count, "receptacles", "8", self.receptacles.len().to_string()),
            (items, "items", "9", sum(|receptacle| receptacle.item_count.into()).to_string()),
            (
                registered,
                "registered",
                "10",
                sum(|receptacle| receptacle.registered_count.into()).to_string(),
            ),
            (gross, "gross-weight", "11", printed::kilograms(weight)),
        ] {
            sheet.field(area, Field::of(key).numbered(number).value(&value).large(130).aligned(Align::Right));
        }
        rest.cut_top(20);
        sheet.bar_code(rest.cut_top(170), "s8", &self.s8.to_string(), &printed::s8(self.s8));
    }

    fn receptacle_table(&self, sheet: &Sheet) -> Table {
        let columns = vec![
            Column::left("receptacle", 5),
            Column::left("kind", 9),
            Column::left("s9", 26),
            Column::right("items", 5).summed(|sum| sum.to_string()),
            Column::right("registered", 7).summed(|sum| sum.to_string()),
            Column::right("gross-weight", 7).summed(kilograms),
            Column::left("remarks", 7),
        ];
        let row = |receptacle: &BilledReceptacle| {
            let hectograms = receptacle.gross_weight.hectograms();
            vec![
                format!("{:03}", receptacle.s9.serial()).into(),
                format!("{} {}", receptacle.kind, sheet.caption(&format!("kind-{}", receptacle.kind))).into(),
                printed::s9(receptacle.s9).into(),
                count(receptacle.item_count),
                count(receptacle.registered_count),
                Cell::amount(printed::kilograms(hectograms), i64::try_from(hectograms).unwrap_or(i64::MAX)),
                remarks(receptacle.s9, None).into(),
            ]
        };
        Table { columns, rows: self.receptacles.iter().map(row).collect() }
    }

    fn item_table(&self) -> Table {
        let columns = vec![
            Column::left("receptacle", 3),
            Column::left("item", 8),
            Column::right("gross-weight", 4).summed(grams),
            Column::left("remarks", 6),
        ];
        let rows = self.receptacles.iter().flat_map(|receptacle| {
            receptacle.items.iter().map(|item| {
                let weight = item.gross_weight;
                let amount = i64::try_from(weight.0).unwrap_or(i64::MAX);
                vec![
                    format!("{:03}", receptacle.s9.serial()).into(),
                    item.identifier.clone().into(),
                    Cell::amount(weight.kg().to_string(), amount),
                    "".into(),
                ]
            })
        });
        Table { columns, rows: rows.collect() }
    }
}

/// A cell of a number that is summed.
pub(super) fn count(count: u32) -> Cell {
    Cell::amount(count.to_string(), count.into())
}

/// Prints a sum of hectograms as kilograms.
pub(super) fn kilograms(hectograms: i64) -> String {
    printed::kilograms(u64::try_from(hectograms).unwrap_or_default())
}

/// Prints a sum of grams as kilograms.
pub(super) fn grams(grams: i64) -> String {
    caravan_postal::Grams(u64::try_from(grams).unwrap_or_default()).kg().to_string()
}
