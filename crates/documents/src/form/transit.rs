//! CP 88, the special parcel bill, on A4: parcels that are handed over open, to be dispatched again.
//!
//! The name of the form is that of the Postal Transport Guide; its boxes are what an office needs to take such parcels over.

use std::sync::LazyLock;

use caravan_postal::{Country, Grams, Language, S8};
use chrono::NaiveDateTime;

use super::dispatch::grams;
use super::list::{self, ItemList};
use crate::pdf::{Captions, Cell, Column, Drawn, Table};
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
        let list = ItemList {
            form: "CP 88",
            captions: &CAPTIONS,
            number: ("bill-number", &self.number),
            s8: self.s8,
            origin: &self.origin,
            destination: &self.destination,
            closed_at: self.closed_at,
            seal: None,
            table: self.table(),
            signed: &[["signed-origin", "signed-destination"]],
        };
        list.draw(language)
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
            let [name, country] = list::item(&parcel.identifier);
            let amount = i64::try_from(parcel.gross_weight.0).unwrap_or(i64::MAX);
            vec![
                number.to_string().into(),
                name,
                country,
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
