//! The act of an inspection, on A4: customs opens a receptacle or an item, says what it found and closes it again.
//!
//! It is no form of the UPU. A disposition of customs needs officer, number of the act and scan, so these stand first.

use std::sync::LazyLock;

use caravan_postal::{Grams, Language, S9, S10};
use chrono::NaiveDateTime;

use super::dispatch::grams;
use crate::pdf::{Area, Captions, Cell, Column, Drawn, Field, Setup, Sheet, Sizes, Style, Table};
use crate::{Office, printed};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of_neighbours(include_str!("../../messages/forms/inspection.toml")));

/// How many lines are left to be filled in with what was taken out.
const OPEN_LINES: usize = 4;

/// The act of one inspection. Times are local to the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionAct {
    /// The number of the act.
    pub number: String,
    /// The office of exchange where it happened.
    pub office: Office,
    /// The customs office.
    pub authority: String,
    /// The officer of customs.
    pub officer: String,
    /// Where; may be empty.
    pub place: String,
    /// When it began.
    pub began_at: NaiveDateTime,
    /// When it ended, if that is known.
    pub ended_at: Option<NaiveDateTime>,
    /// What was opened: S9, S10, or what else names it.
    pub subject: String,
    /// What holds it, receptacle or container; may be empty.
    pub found_in: String,
    /// Why it was opened.
    pub reason: String,
    /// The numbers of the seals that were taken off.
    pub seals_before: Vec<String>,
    /// The numbers of the seals that were put on; none where it stays open.
    pub seals_after: Vec<String>,
    /// The weight before, by the scale or the label.
    pub weight_before: Option<Grams>,
    /// The weight after, by the scale.
    pub weight_after: Option<Grams>,
    /// What was found; may be empty, to be filled in.
    pub result: String,
    /// The version of the declaration that a partial release leaves of an item.
    pub left_version: Option<u32>,
    /// What was taken out; `None` leaves lines to be filled in.
    pub taken: Option<Vec<TakenOut>>,
    /// Who was there besides the officer; may be empty.
    pub present: String,
}

/// Something that customs took out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOut {
    /// S10 of the item, or what else names it; may be empty.
    pub identifier: String,
    /// What it is.
    pub description: String,
    /// How many, if known.
    pub quantity: Option<u32>,
    /// The weight, if it was weighed.
    pub weight: Option<Grams>,
    /// What is done with it.
    pub measure: Measure,
}

/// What customs does with what it took out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Not released with the rest of its item.
    Withheld,
    /// Held until customs has decided.
    Held,
    /// Taken.
    Seized,
    /// To be handed back to the sender.
    Returned,
    /// To be cleared as goods.
    Goods,
    /// Given up to the state.
    Abandoned,
}

impl Measure {
    fn key(self) -> &'static str {
        match self {
            Self::Withheld => "measure-withheld",
            Self::Held => "measure-held",
            Self::Seized => "measure-seized",
            Self::Returned => "measure-returned",
            Self::Goods => "measure-goods",
            Self::Abandoned => "measure-abandoned",
        }
    }
}

impl InspectionAct {
    /// Draws the act in the station's language and its neighbours'.
    pub fn draw(&self, language: Language) -> Drawn {
        let mut sheet = Sheet::new(Setup::paper(&CAPTIONS, &self.number, language, self.office.is_synthetic));
        let sender = self.office.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        self.draw_head(&mut sheet, &mut rest);
        self.draw_opened(&mut sheet, &mut rest);
        sheet.part(&mut rest, "taken-out");
        if self.taken.as_ref().is_some_and(Vec::is_empty) {
            let nothing = sheet.caption("nothing-taken");
            sheet.write("nothing-taken", rest.cut_top(60), &nothing, Style::plain());
        } else {
            let table = self.table(&sheet);
            rest = sheet.table(rest, &table, next);
        }
        rest = sheet.room(rest, 400, next);
        rest.cut_top(20);
        sheet.fields(rest.cut_top(120), [(1, Field::of("present").value(&self.present))]);
        sheet.signatures(rest, ["signed-customs", "signed-post", "signed-witness"], next);
        sheet.finish()
    }

    fn draw_head(&self, sheet: &mut Sheet, rest: &mut Area) {
        let time = |time: NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        let began_at = time(self.began_at);
        let ended_at = self.ended_at.map_or_else(String::new, time);
        sheet.fields(
            rest.cut_top(120),
            [
                (3, Field::of("act-number").value(&self.number).large(120)),
                (5, Field::of("authority").value(&self.authority).large(100)),
                (4, Field::of("officer").value(&self.officer).large(100)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [
                (6, Field::of("place").value(&self.place)),
                (3, Field::of("began-at").value(&began_at)),
                (3, Field::of("ended-at").value(&ended_at)),
            ],
        );
        rest.cut_top(20);
        let name = S9::parse(&self.subject).map_or_else(|| self.s10_or_text(), printed::s9);
        let mut code = rest.cut_top(200);
        let heading = sheet.caption("subject");
        sheet.write("subject", code.cut_top(45), &heading, Style::caption());
        // The mark of a bag on its stand may be in any script, and no bar code takes that.
        if self.subject.is_ascii() && !self.subject.is_empty() {
            sheet.bar_code(code, "subject", &self.subject, &name);
        } else {
            let style = Style { sizes: Sizes::new(160, 60), ..Style::plain() };
            sheet.write("subject", code, &name, style);
        }
    }

    fn draw_opened(&self, sheet: &mut Sheet, rest: &mut Area) {
        rest.cut_top(10);
        let kg = |weight: Option<Grams>| weight.map_or_else(String::new, |weight| weight.kg().to_string());
        let (before, after) = (kg(self.weight_before), kg(self.weight_after));
        let (taken_off, put_on) = (self.seals_before.join(", "), self.seals_after.join(", "));
        sheet.fields(
            rest.cut_top(120),
            [(2, Field::of("found-in").value(&self.found_in)), (3, Field::of("reason").value(&self.reason))],
        );
        sheet.fields(
            rest.cut_top(120),
            [
                (3, Field::of("seals-before").value(&taken_off)),
                (2, Field::of("weight-before").value(&before).large(120)),
            ],
        );
        sheet.fields(
            rest.cut_top(120),
            [
                (3, Field::of("seals-after").value(&put_on)),
                (2, Field::of("weight-after").value(&after).large(120)),
            ],
        );
        let mut lines: Vec<String> = Vec::new();
        if let Some(left) = self.left_version {
            let said = sheet.caption_lines("released-in-part");
            lines.extend(said.lines().map(|line| format!("{line} {left}")));
        }
        lines.push(self.result.clone());
        let result = lines.join("\n");
        sheet.fields(rest.cut_top(300), [(1, Field::of("result").value(result.trim()))]);
    }

    fn s10_or_text(&self) -> String {
        S10::parse(&self.subject).map_or_else(|_| self.subject.clone(), printed::s10)
    }

    fn table(&self, sheet: &Sheet) -> Table {
        let weight = Column::right("taken-weight", 4);
        let weight = if self.taken.is_some() { weight.summed(grams) } else { weight };
        let columns = vec![
            Column::right("number", 2),
            Column::left("item", 7),
            Column::left("description", 9),
            Column::right("quantity", 3),
            weight,
            Column::left("measure", 8),
        ];
        let row = |(number, taken): (usize, &TakenOut)| {
            let s10 = S10::parse(&taken.identifier);
            let amount = taken.weight.map_or(0, |weight| i64::try_from(weight.0).unwrap_or(i64::MAX));
            let weight = taken.weight.map_or_else(String::new, |weight| weight.kg().to_string());
            vec![
                number.to_string().into(),
                s10.map_or_else(|_| taken.identifier.clone(), printed::s10).into(),
                taken.description.clone().into(),
                taken.quantity.map_or_else(String::new, |quantity| quantity.to_string()).into(),
                Cell::amount(weight, amount),
                sheet.caption(taken.measure.key()).into(),
            ]
        };
        let rows = match &self.taken {
            Some(taken) => (1..).zip(taken).map(row).collect(),
            None => vec![vec![Cell::from(""); columns.len()]; OPEN_LINES],
        };
        Table { columns, rows }
    }
}
