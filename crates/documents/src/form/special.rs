//! CN 33, the special list: the registered items of a dispatch one by one, on A4.

use std::sync::LazyLock;

use caravan_postal::{Grams, Handling, Language, S8};
use chrono::NaiveDateTime;

use super::dispatch::grams;
use super::list::{self, ItemList};
use crate::Office;
use crate::pdf::{Captions, Cell, Column, Drawn, Table};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/special.toml")));

/// The registered items of a dispatch. Times are local to the office of origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialList {
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
    /// The items, in the order of the list.
    pub items: Vec<ListedItem>,
}

/// An item on a special list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedItem {
    /// S10, or what else names the item.
    pub identifier: String,
    /// The serial number of the receptacle that holds it.
    pub receptacle: u32,
    /// Where it goes, as the list of the destination names it; may be empty.
    pub place: String,
    /// Registered or insured.
    pub handling: Handling,
    /// The gross weight.
    pub gross_weight: Grams,
    /// A remark; may be empty.
    pub remark: String,
}

impl SpecialList {
    /// Draws the list in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let list = ItemList {
            form: "CN 33",
            captions: &CAPTIONS,
            number: ("list-number", &self.number),
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
            Column::left("place", 6),
            Column::left("receptacle", 3),
            Column::right("gross-weight", 3).summed(grams),
            Column::left("remarks", 6),
        ];
        let row = |(number, item): (usize, &ListedItem)| {
            let [name, country] = list::item(&item.identifier);
            let amount = i64::try_from(item.gross_weight.0).unwrap_or(i64::MAX);
            let remark = format!("{} {}", item.handling, item.remark);
            vec![
                number.to_string().into(),
                name,
                country,
                item.place.clone().into(),
                format!("{:03}", item.receptacle).into(),
                Cell::amount(item.gross_weight.kg().to_string(), amount),
                remark.trim_end().into(),
            ]
        };
        Table { columns, rows: (1..).zip(&self.items).map(row).collect() }
    }
}
