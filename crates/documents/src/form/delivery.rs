//! CN 37, the delivery bill of surface mail, on A4 lying.
//!
//! Each receptacle stands for itself, with the codes of origin and destination in columns 2 and 3; those with registered
//! or insured items are marked R, and priority dispatches by surface are ticked (UPU Regulations, rules of the form).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use caravan_postal::{Grams, Language, MailCategory, MailClass};

use super::dispatch::{count, kilograms};
use super::unit;
use crate::Office;
use crate::bill::{CarriedReceptacle, DeliveryBill, Sum, remarks};
use crate::manifest::{Provenance, Stated};
use crate::pdf::{Area, Captions, Cell, Column, Drawn, Field, Paper, Setup, Sheet, Table};
use crate::printed;

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/delivery.toml")));

/// The classes in the order of their columns.
const CLASSES: [MailClass; 4] = [MailClass::Letters, MailClass::Parcels, MailClass::Ems, MailClass::Empty];
/// Height of the place for signatures, in tenths of a millimetre.
const SIGNATURES: i32 = 240;

impl DeliveryBill {
    /// Draws the bill in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut receptacles = self.receptacles.clone();
        receptacles.sort_by_key(|receptacle| receptacle.s9.to_string());
        let mut sheet = Sheet::new(Setup {
            form: "CN 37",
            paper: Paper::A4_LYING,
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
        self.draw_head(&mut sheet, &mut rest);
        rest.cut_top(20);
        if self.stated.is_none() || !receptacles.is_empty() {
            let table = receptacle_table(&sheet, &receptacles);
            rest = sheet.table(rest, &table, next);
        }
        let summary = summary_table(&sheet, &receptacles, self.stated);
        rest.cut_top(30);
        let needed = i32::try_from(summary.rows.len()).unwrap_or(0) * 50 + 120;
        if rest.height < needed.max(SIGNATURES) {
            sheet.page();
            rest = next(&mut sheet);
        }
        let summed = rest.cut_left(rest.width * 2 / 5);
        rest.cut_left(20);
        let signatures = rest.cut_top(SIGNATURES).columns([1, 1, 1]);
        for (area, key) in
            signatures.into_iter().zip(["signed-origin", "signed-carrier", "signed-destination"])
        {
            sheet.signature(area, key);
        }
        sheet.table(summed, &summary, next);
        if self.is_void { sheet.finish().void() } else { sheet.finish() }
    }

    fn draw_head(&self, sheet: &mut Sheet, rest: &mut Area) {
        let time = |time: chrono::NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        let handed_over_at = self.handed_over_at.map_or_else(String::new, time);
        let departs_at = time(self.departs_at);
        let mut top = rest.cut_top(220);
        let mut code = top.cut_right(900);
        code.cut_left(20);
        if !self.number.is_empty() {
            sheet.bar_code(code, "bill-number", &self.number, &self.number);
        }
        let [offices, times] = top.rows([1, 1]);
        let [origin, destination] = offices.columns([1, 1]);
        sheet.field(origin, Field::of("origin").value(&self.origin.printed()).large(100));
        let destinations = Office::all_printed(&self.destinations, &sheet.caption("several-offices"));
        sheet.field(destination, Field::of("destination").value(&destinations).large(100));
        let [handed, departs, carrier, route, handover] = times.columns([4, 4, 5, 6, 4]);
        sheet.field(handed, Field::of("handed-over-at").value(&handed_over_at));
        sheet.field(departs, Field::of("departs-at").value(&departs_at));
        sheet.field(carrier, Field::of("carrier").value(&self.carrier));
        let transport = [self.route.as_str(), self.conveyance.as_deref().unwrap_or_default()].join("  ");
        sheet.field(route, Field::of("transport").value(transport.trim_end()));
        sheet.field(handover, Field::of("handover").value(self.handover.as_deref().unwrap_or_default()));

        let [container, size_type, vehicle, seals, transfer, ticks] =
            rest.cut_top(120).columns([7, 4, 6, 12, 7, 7]);
        let number = self.unit.container_number.map_or_else(String::new, |number| number.to_string());
        let size = self.unit.size_type.map_or_else(String::new, |size_type| size_type.to_string());
        let listed = unit::seals(sheet, &self.seals);
        sheet.field(container, Field::of("container").value(&number).large(110));
        sheet.field(size_type, Field::of("size-type").value(&size));
        sheet.field(
            vehicle,
            Field::of("vehicle").value(self.unit.vehicle.as_deref().unwrap_or_default()).large(100),
        );
        sheet.field(seals, Field::of("seals").value(&listed));
        sheet.field(
            transfer,
            Field::of("customs-transfer").value(self.customs_transfer_number.as_deref().unwrap_or_default()),
        );
        sheet.frame(ticks);
        let has = |category| self.receptacles.iter().any(|receptacle| receptacle.category() == category);
        let [priority, other] = ticks.inset(10).rows([1, 1]);
        sheet.tick(priority, "priority", has(MailCategory::D) || has(MailCategory::A));
        sheet.tick(other, "non-priority", has(MailCategory::C) || has(MailCategory::B));
    }
}

pub(super) fn receptacle_table(sheet: &Sheet, receptacles: &[CarriedReceptacle]) -> Table {
    let mut columns = vec![
        Column::left("dispatch", 5).numbered("1"),
        Column::left("origin-code", 7).numbered("2"),
        Column::left("destination-code", 7).numbered("3"),
        Column::left("series", 6).numbered("4"),
        Column::left("receptacle", 5).numbered("5"),
    ];
    for (key, number) in ["class-U", "class-C", "class-E", "class-T"].into_iter().zip(["6", "7", "8", "9"]) {
        columns.push(Column::right(key, 4).numbered(number).summed(|sum| sum.to_string()));
    }
    columns.push(Column::right("gross-weight", 6).numbered("10").summed(kilograms));
    columns.push(Column::left("remarks", 9).numbered("11"));
    let through = sheet.caption("through");
    let row = |receptacle: &CarriedReceptacle| {
        let series = receptacle.s9.dispatch.series();
        let word = match receptacle.provenance {
            Provenance::Own => "",
            Provenance::Through => &through,
        };
        let mut row: Vec<Cell> = vec![
            format!("{:04}", receptacle.s9.dispatch.serial()).into(),
            series.origin.to_string().into(),
            series.destination.to_string().into(),
            format!("{} {}", series.category, series.subclass).into(),
            format!("{:03}", receptacle.s9.serial()).into(),
        ];
        row.extend(CLASSES.map(|class| if class == receptacle.class() { count(1) } else { "".into() }));
        row.push(weight(receptacle.gross_weight.hectograms()));
        row.push(format!("{} {word}", remarks(receptacle.s9, None)).trim().into());
        row
    };
    Table { columns, rows: receptacles.iter().map(row).collect() }
}

pub(super) fn summary_table(
    sheet: &Sheet,
    receptacles: &[CarriedReceptacle],
    stated: Option<Stated>,
) -> Table {
    // Of how many are registered a sealed container's papers say nothing.
    let registered = Column::right("registered", 4);
    let registered = if stated.is_none() { registered.summed(|sum| sum.to_string()) } else { registered };
    let columns = vec![
        Column::left("category", 4),
        Column::left("class", 6),
        Column::right("receptacles", 4).summed(|sum| sum.to_string()),
        registered,
        Column::right("gross-weight", 4).summed(kilograms),
    ];
    let mut sums: BTreeMap<(MailCategory, &'static str), Sum> = BTreeMap::new();
    for receptacle in receptacles {
        sums.entry((receptacle.category(), receptacle.class().as_str())).or_default().add(receptacle);
    }
    let row = |((category, class), sum): (&(MailCategory, &'static str), &Sum)| {
        vec![
            category.as_str().into(),
            sheet.caption(&format!("class-{class}")).into(),
            count(sum.receptacle_count),
            count(sum.registered_count),
            weight(sum.hectograms),
        ]
    };
    let stated = stated.map(|stated| {
        vec![
            "".into(),
            sheet.caption("stated").into(),
            count(stated.receptacle_count),
            "".into(),
            weight(Grams(stated.gross_weight_g).hectograms()),
        ]
    });
    Table { columns, rows: sums.iter().map(row).chain(stated).collect() }
}

/// A cell of hectograms as kilograms.
pub(super) fn weight(hectograms: u64) -> Cell {
    Cell::amount(printed::kilograms(hectograms), i64::try_from(hectograms).unwrap_or(i64::MAX))
}
