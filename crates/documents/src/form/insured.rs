//! CN 16, the list of the insured items of a dispatch, on A4.

use std::sync::LazyLock;

use caravan_postal::{Grams, Language, Money, S8};
use chrono::NaiveDateTime;

use super::dispatch::grams;
use super::list::{self, ItemList};
use crate::Office;
use crate::pdf::{Captions, Cell, Column, Drawn, Table};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/insured.toml")));

/// The insured items of a dispatch. Times are local to the office of origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredList {
    /// The number of the list.
    pub number: String,
    /// The dispatch.
    pub s8: S8,
    /// The office of origin.
    pub origin: Office,
    /// The office of destination.
    pub destination: Office,
    /// When the dispatch was closed.
    pub closed_at: NaiveDateTime,
    /// The seal of the receptacle that holds them; may be empty.
    pub seal: String,
    /// The items, in the order of the list.
    pub items: Vec<InsuredItem>,
}

/// An insured item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredItem {
    /// S10, or what else names the item.
    pub identifier: String,
    /// The serial number of the receptacle that holds it.
    pub receptacle: u32,
    /// Where it goes; may be empty.
    pub place: String,
    /// The gross weight.
    pub gross_weight: Grams,
    /// For how much it is insured; values in several currencies stand side by side, so the list has no sum of them.
    pub insured_value: Option<Money>,
    /// A remark; may be empty.
    pub remark: String,
}

impl InsuredList {
    /// Draws the list in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let list = ItemList {
            form: "CN 16",
            captions: &CAPTIONS,
            number: ("list-number", &self.number),
            s8: self.s8,
            origin: &self.origin,
            destination: &self.destination,
            closed_at: self.closed_at,
            seal: Some(&self.seal),
            table: self.table(),
            signed: &[["signed-origin", "signed-witness"], ["signed-destination", "signed-witness"]],
        };
        list.draw(language)
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::right("number", 2),
            Column::left("item", 7),
            Column::left("posted-in", 3),
            Column::left("place", 6),
            Column::left("receptacle", 3),
            Column::right("gross-weight", 3).summed(grams),
            Column::right("insured-value", 5),
            Column::left("remarks", 5),
        ];
        let row = |(number, item): (usize, &InsuredItem)| {
            let [name, country] = list::item(&item.identifier);
            let amount = i64::try_from(item.gross_weight.0).unwrap_or(i64::MAX);
            vec![
                number.to_string().into(),
                name,
                country,
                item.place.clone().into(),
                format!("{:03}", item.receptacle).into(),
                Cell::amount(item.gross_weight.kg().to_string(), amount),
                item.insured_value.map_or_else(String::new, |value| value.to_string()).into(),
                item.remark.clone().into(),
            ]
        };
        Table { columns, rows: (1..).zip(&self.items).map(row).collect() }
    }
}
