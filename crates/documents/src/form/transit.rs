//! CP 88, the special parcel bill, on A4: parcels that are handed over open, to be dispatched again.
//!
//! The name of the form is that of the Postal Transport Guide; its boxes are what an office needs to take such parcels over.

use std::sync::LazyLock;

use caravan_postal::{Country, Grams, Language, S8, S10};
use chrono::NaiveDateTime;

use super::dispatch::grams;
use crate::pdf::{Captions, Cell, Column, Drawn, Field, Paper, Setup, Sheet, Table};
use crate::{Office, printed};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/transit.toml")));

/// The parcels of a dispatch that go on in open transit. Times are local to the office of origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransitBill {
    /// The number of the bill.
    pub number: String,
    /// The dispatch that takes them.
    pub s8: S8,
    /// The office that dispatches them again.
    pub origin: Office,
    /// The office that takes them over.
    pub destination: Office,
    /// When the dispatch was closed.
    pub closed_at: NaiveDateTime,
    /// The parcels, in the order of the bill.
    pub parcels: Vec<TransitParcel>,
}

/// A parcel in open transit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransitParcel {
    /// S10, or what else names it.
    pub identifier: String,
    /// The dispatch in which it came, if known.
    pub received_in: Option<S8>,
    /// The country that it goes to, if known.
    pub country: Option<Country>,
    /// The serial number of the receptacle that holds it.
    pub receptacle: u32,
    /// The gross weight.
    pub gross_weight: Grams,
    /// A remark; may be empty.
    pub remark: String,
}

impl TransitBill {
    /// Draws the bill in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut sheet = Sheet::new(Setup {
            form: "CP 88",
            title: "title",
            captions: &CAPTIONS,
            number: format!("{} {}", self.s8, self.number),
            paper: Paper::A4,
            language,
            is_synthetic: self.origin.is_synthetic || self.destination.is_synthetic,
        });
        let sender = self.origin.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        let destination = self.destination.printed();
        sheet.fields(
            rest.cut_top(120),
            [
                (1, Field::of("origin").value(&sender).large(110)),
                (1, Field::of("destination").value(&destination).large(110)),
            ],
        );
        let closed_at = self.closed_at.format("%Y-%m-%d %H:%M").to_string();
        sheet.fields(
            rest.cut_top(120),
            [
                (2, Field::of("bill-number").value(&self.number).large(110)),
                (6, Field::of("s8").value(&printed::s8(self.s8))),
                (4, Field::of("closed-at").value(&closed_at)),
                (3, Field::of("count").value(&self.parcels.len().to_string()).large(130)),
            ],
        );
        rest.cut_top(20);
        rest = sheet.table(rest, &self.table(), next);
        sheet.signatures(rest, ["signed-origin", "signed-destination"], next);
        sheet.finish()
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::right("number", 2),
            Column::left("item", 7),
            Column::left("posted-in", 3),
            Column::left("forwarded-to", 4),
            Column::left("received-in", 9),
            Column::left("receptacle", 3),
            Column::right("gross-weight", 4).summed(grams),
            Column::left("remarks", 6),
        ];
        let row = |(number, parcel): (usize, &TransitParcel)| {
            let s10 = S10::parse(&parcel.identifier).ok();
            let amount = i64::try_from(parcel.gross_weight.0).unwrap_or(i64::MAX);
            vec![
                number.to_string().into(),
                s10.map_or_else(|| parcel.identifier.clone(), printed::s10).into(),
                s10.map_or_else(String::new, |s10| s10.country().to_string()).into(),
                parcel.country.map_or_else(String::new, |country| country.to_string()).into(),
                parcel.received_in.map_or_else(String::new, printed::s8).into(),
                format!("{:03}", parcel.receptacle).into(),
                Cell::amount(parcel.gross_weight.kg().to_string(), amount),
                parcel.remark.clone().into(),
            ]
        };
        Table { columns, rows: (1..).zip(&self.parcels).map(row).collect() }
    }
}
