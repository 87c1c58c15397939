//! CN 24, the report of damage to an item or of what is missing from it, on A4.

use std::sync::LazyLock;

use caravan_postal::{Grams, Language, Money, S9, S10};
use chrono::NaiveDateTime;

use crate::pdf::{Area, Captions, Cell, Column, Drawn, Field, Setup, Sheet, Table};
use crate::{Office, printed};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/damage.toml")));

/// A report about one item. Times are local to the office that writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamageReport {
    /// The number of the report.
    pub number: String,
    /// The office that writes it.
    pub office: Office,
    /// When it was found; `None` to be filled in.
    pub found_at: Option<NaiveDateTime>,
    /// When it was written.
    pub drawn_up_at: NaiveDateTime,
    /// S10, or what else names the item.
    pub identifier: String,
    /// The receptacle that it was in, if known.
    pub receptacle: Option<S9>,
    /// The state of that receptacle and of its seal.
    pub receptacle_state: String,
    /// The sender, line by line.
    pub sender: String,
    /// The addressee, line by line.
    pub addressee: String,
    /// The weight that the bill or the declaration states.
    pub weight_stated: Option<Grams>,
    /// The weight by the scale.
    pub weight_found: Option<Grams>,
    /// For how much it is insured.
    pub insured_value: Option<Money>,
    /// The state of the outer packing.
    pub outer_packing: String,
    /// The state of the inner packing.
    pub inner_packing: String,
    /// The contents that are missing or damaged.
    pub contents: Vec<DamagedContent>,
    /// The cause, as far as it can be told.
    pub cause: String,
    /// What was done with the item.
    pub done: String,
}

/// A line of the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedContent {
    /// What it is.
    pub description: String,
    /// How many were declared, if known.
    pub declared: Option<u32>,
    /// How many are missing; `None` to be filled in.
    pub missing: Option<u32>,
    /// How many are damaged; `None` to be filled in.
    pub damaged: Option<u32>,
    /// A remark; may be empty.
    pub remark: String,
}

impl DamageReport {
    /// Draws the report in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut sheet = Sheet::new(Setup {
            form: "CN 24",
            ..Setup::paper(&CAPTIONS, &self.number, language, self.office.is_synthetic)
        });
        let sender = self.office.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        self.draw_head(&mut sheet, &mut rest);
        sheet.part(&mut rest, "contents");
        rest = sheet.table(rest, &self.table(), next);
        rest = sheet.room(rest, 340, next);
        rest.cut_top(20);
        sheet.fields(rest.cut_top(150), [(1, Field::of("cause").value(&self.cause))]);
        sheet.fields(rest.cut_top(150), [(1, Field::of("done").value(&self.done))]);
        sheet.signatures(rest, ["signed-office", "signed-witness", "signed-head"], next);
        sheet.finish()
    }

    fn draw_head(&self, sheet: &mut Sheet, rest: &mut Area) {
        let time = |time: NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        let drawn_up_at = time(self.drawn_up_at);
        let found_at = self.found_at.map_or_else(String::new, time);
        let office = self.office.printed();
        let [left, right] = rest.cut_top(230).columns([1, 1]);
        let name = S10::parse(&self.identifier).map_or_else(|_| self.identifier.clone(), printed::s10);
        sheet.frame(right);
        if !self.identifier.is_empty() {
            sheet.bar_code(right.inset(10), "identifier", &self.identifier, &name);
        }
        let [upper, lower] = left.rows([1, 1]);
        sheet.field(upper, Field::of("drawn-up-by").value(&office).large(110));
        sheet.fields(
            lower,
            [
                (3, Field::of("report-number").value(&self.number).large(110)),
                (4, Field::of("found-at").value(&found_at)),
                (4, Field::of("drawn-up-at").value(&drawn_up_at)),
            ],
        );
        let came_in = self.receptacle.map_or_else(String::new, printed::s9);
        sheet.fields(
            rest.cut_top(120),
            [
                (2, Field::of("came-in").value(&came_in)),
                (3, Field::of("receptacle-state").value(&self.receptacle_state)),
            ],
        );
        sheet.fields(
            rest.cut_top(240),
            [
                (1, Field::of("sender").value(&self.sender)),
                (1, Field::of("addressee").value(&self.addressee)),
            ],
        );
        let kg = |weight: Option<Grams>| weight.map_or_else(String::new, |weight| weight.kg().to_string());
        let (stated, found) = (kg(self.weight_stated), kg(self.weight_found));
        let insured = self.insured_value.map_or_else(String::new, |value| value.to_string());
        sheet.fields(
            rest.cut_top(110),
            [
                (1, Field::of("weight-stated").value(&stated).large(120)),
                (1, Field::of("weight-found").value(&found).large(120)),
                (1, Field::of("insured-value").value(&insured).large(120)),
            ],
        );
        sheet.fields(
            rest.cut_top(200),
            [
                (1, Field::of("outer-packing").value(&self.outer_packing)),
                (1, Field::of("inner-packing").value(&self.inner_packing)),
            ],
        );
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::left("description", 10),
            Column::right("declared", 3),
            Column::right("missing", 3),
            Column::right("damaged", 3),
            Column::left("remarks", 8),
        ];
        let count = |count: Option<u32>| count.map_or_else(String::new, |count| count.to_string());
        let row = |content: &DamagedContent| -> Vec<Cell> {
            vec![
                content.description.clone().into(),
                count(content.declared).into(),
                count(content.missing).into(),
                count(content.damaged).into(),
                content.remark.clone().into(),
            ]
        };
        Table { columns, rows: self.contents.iter().map(row).collect() }
    }
}
