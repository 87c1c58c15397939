//! CN 33, the special list: the registered items of a dispatch one by one, on A4.

use std::sync::LazyLock;

use caravan_postal::{Grams, Handling, Language, S8, S10};
use chrono::NaiveDateTime;

use super::dispatch::grams;
use crate::pdf::{Captions, Cell, Column, Drawn, Field, Paper, Setup, Sheet, Table};
use crate::{Office, printed};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/special.toml")));

/// Height of the place for signatures, in tenths of a millimetre.
const SIGNATURES: i32 = 220;

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
        let mut sheet = Sheet::new(Setup {
            form: "CN 33",
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
        let [origin, destination] = rest.cut_top(120).columns([1, 1]);
        sheet.field(origin, Field::of("origin").value(&self.origin.printed()).large(110));
        sheet.field(destination, Field::of("destination").value(&self.destination.printed()).large(110));
        let [number, dispatch, closed, count] = rest.cut_top(120).columns([2, 6, 4, 3]);
        let closed_at = self.closed_at.format("%Y-%m-%d %H:%M").to_string();
        sheet.field(number, Field::of("list-number").value(&self.number).large(110));
        sheet.field(dispatch, Field::of("s8").value(&printed::s8(self.s8)));
        sheet.field(closed, Field::of("closed-at").value(&closed_at));
        sheet.field(count, Field::of("count").value(&self.items.len().to_string()).large(130));
        rest.cut_top(20);
        rest = sheet.table(rest, &self.table(), next);
        rest.cut_top(30);
        if rest.height < SIGNATURES {
            sheet.page();
            rest = next(&mut sheet);
        }
        let [origin, destination] = rest.cut_top(SIGNATURES).columns([1, 1]);
        sheet.signature(origin, "signed-origin");
        sheet.signature(destination, "signed-destination");
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
            Column::left("remarks", 6),
        ];
        let row = |(number, item): (usize, &ListedItem)| {
            let s10 = S10::parse(&item.identifier).ok();
            let name = s10.map_or_else(|| item.identifier.clone(), printed::s10);
            let country = s10.map_or_else(String::new, |s10| s10.country().to_string());
            let amount = i64::try_from(item.gross_weight.0).unwrap_or(i64::MAX);
            let remark = format!("{} {}", item.handling, item.remark);
            vec![
                number.to_string().into(),
                name.into(),
                country.into(),
                item.place.clone().into(),
                format!("{:03}", item.receptacle).into(),
                Cell::amount(item.gross_weight.kg().to_string(), amount),
                remark.trim_end().into(),
            ]
        };
        Table { columns, rows: (1..).zip(&self.items).map(row).collect() }
    }
}
