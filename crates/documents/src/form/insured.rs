//! CN 16, the list of the insured items of a dispatch, on A4.

use std::sync::LazyLock;

use caravan_postal::{Grams, Language, Money, S8, S10};
use chrono::NaiveDateTime;

use super::dispatch::grams;
use crate::pdf::{Captions, Cell, Column, Drawn, Field, Paper, Setup, Sheet, Table};
use crate::{Office, printed};

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
        let mut sheet = Sheet::new(Setup {
            form: "CN 16",
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
                (2, Field::of("list-number").value(&self.number).large(110)),
                (6, Field::of("s8").value(&printed::s8(self.s8))),
                (4, Field::of("closed-at").value(&closed_at)),
                (3, Field::of("receptacle-seal").value(&self.seal)),
                (3, Field::of("count").value(&self.items.len().to_string()).large(130)),
            ],
        );
        rest.cut_top(20);
        rest = sheet.table(rest, &self.table(), next);
        rest = sheet.signatures(rest, ["signed-origin", "signed-witness"], next);
        sheet.signatures(rest, ["signed-destination", "signed-witness"], next);
        sheet.finish()
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
            let s10 = S10::parse(&item.identifier).ok();
            let amount = i64::try_from(item.gross_weight.0).unwrap_or(i64::MAX);
            vec![
                number.to_string().into(),
                s10.map_or_else(|| item.identifier.clone(), printed::s10).into(),
                s10.map_or_else(String::new, |s10| s10.country().to_string()).into(),
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
