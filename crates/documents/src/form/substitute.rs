//! CN 46, the substitute bill, on A4 lying: what a vehicle brought whose delivery bill is missing, taken from the labels.

use std::sync::LazyLock;

use caravan_postal::Language;
use chrono::NaiveDateTime;

use super::delivery::{receptacle_table, summary_table};
use super::unit;
use crate::Office;
use crate::bill::CarriedReceptacle;
use crate::manifest::{Seal, Unit};
use crate::pdf::{Area, Captions, Drawn, Field, Paper, Setup, Sheet, Style};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/substitute.toml")));

/// The bill that stands for one that is missing. Times are local to the office that draws it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubstituteBill {
    /// The number of this bill.
    pub number: String,
    /// The bill that it stands for, with its number where that is known: `CN 37 CNA000000017`.
    pub replaces: String,
    /// The office that draws it up.
    pub drawn_up_by: Office,
    /// When it was drawn up.
    pub drawn_up_at: NaiveDateTime,
    /// The office that handed over, if known.
    pub origin: Option<Office>,
    /// The office that the consignment goes to.
    pub destination: Office,
    /// When the vehicle arrived.
    pub arrived_at: NaiveDateTime,
    /// The carrier.
    pub carrier: String,
    /// The route.
    pub route: String,
    /// The container or vehicle.
    pub unit: Unit,
    /// The seals as they were found.
    pub seals: Vec<Seal>,
    /// The receptacles that were found.
    pub receptacles: Vec<CarriedReceptacle>,
    /// A remark; may be empty.
    pub remark: String,
}

impl SubstituteBill {
    /// Draws the bill in French and the station's language; the receptacles stand in the order of their identifiers.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut receptacles = self.receptacles.clone();
        receptacles.sort_by_key(|receptacle| receptacle.s9.to_string());
        let offices = [Some(&self.drawn_up_by), self.origin.as_ref(), Some(&self.destination)];
        let mut sheet = Sheet::new(Setup {
            form: "CN 46",
            paper: Paper::A4_LYING,
            ..Setup::paper(
                &CAPTIONS,
                &self.number,
                language,
                offices.into_iter().flatten().any(|office| office.is_synthetic),
            )
        });
        let sender = self.drawn_up_by.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        let explained = sheet.caption("explained");
        sheet.write("explained", rest.cut_top(50), &explained, Style::plain());
        self.draw_head(&mut sheet, &mut rest);
        rest.cut_top(20);
        let table = receptacle_table(&sheet, &receptacles);
        rest = sheet.table(rest, &table, next);
        let summary = summary_table(&sheet, &receptacles, None);
        rest.cut_top(20);
        rest = sheet.table(rest, &summary, next);
        sheet.signatures(rest, ["signed-office", "signed-witness", "signed-carrier"], next);
        sheet.finish()
    }

    fn draw_head(&self, sheet: &mut Sheet, rest: &mut Area) {
        let time = |time: NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        let (drawn_up_at, arrived_at) = (time(self.drawn_up_at), time(self.arrived_at));
        let origin = self.origin.as_ref().map_or_else(String::new, Office::printed);
        let destination = self.destination.printed();
        sheet.fields(
            rest.cut_top(110),
            [
                (3, Field::of("number").value(&self.number).large(110)),
                (5, Field::of("replaces").value(&self.replaces).large(110)),
                (7, Field::of("origin").value(&origin).large(100)),
                (7, Field::of("destination").value(&destination).large(100)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [
                (4, Field::of("drawn-up-at").value(&drawn_up_at)),
                (4, Field::of("arrived-at").value(&arrived_at)),
                (6, Field::of("carrier").value(&self.carrier)),
                (6, Field::of("transport").value(&self.route)),
                (6, Field::of("remarks").value(&self.remark)),
            ],
        );
        unit::draw(sheet, rest.cut_top(110), &self.unit, &self.seals);
    }
}
