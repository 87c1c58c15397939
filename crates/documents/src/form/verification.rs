//! CN 43 for letters and CP 78 for parcels, on A4: what an office found that differs from what it was told.
//!
//! The reference names no form of its own for EMS and empty receptacles; they get CN 43.

use std::sync::LazyLock;

use caravan_postal::{Language, MailClass, S8};
use chrono::NaiveDateTime;

use crate::pdf::{Area, Captions, Cell, Column, Drawn, Field, Setup, Sheet, Table};
use crate::{Office, printed};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/verification.toml")));

/// How many lines are left to be filled in where nothing is known to differ.
const OPEN_LINES: usize = 6;

/// A verification note. Times are local to the office that writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationNote {
    /// The number of the note.
    pub number: String,
    /// The dispatch; its class decides the form.
    pub s8: S8,
    /// The office that found it.
    pub office: Office,
    /// The office that the note goes to.
    pub addressed_to: Office,
    /// When it was found.
    pub found_at: NaiveDateTime,
    /// When it was written.
    pub drawn_up_at: NaiveDateTime,
    /// The bill that says otherwise, with its form and number; may be empty.
    pub bill: String,
    /// The train or truck it came by; may be empty.
    pub transport: String,
    /// What differs, in the order of the note; none leaves lines to be filled in.
    pub irregularities: Vec<Irregularity>,
    /// What is sent along; may be empty.
    pub enclosures: String,
    /// Whether what it is about goes on under its own identifier and label.
    pub is_forwarded: bool,
    /// What else was done and what is asked; may be empty.
    pub wanted: String,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Irregularity {
    /// What kind.
    pub kind: IrregularityKind,
    /// What it is about: an identifier as it is printed on the label.
    pub subject: String,
    /// What the bill or the message says; may be empty.
    pub advised: String,
    /// What was there; may be empty.
    pub found: String,
    /// A remark; may be empty.
    pub remark: String,
}

/// Kinds of irregularities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IrregularityKind {
    /// Advised and not there.
    Missing,
    /// There and not advised.
    Extra,
    /// Damaged.
    Damaged,
    /// Meant for another office.
    MisSent,
    /// Heavier or lighter.
    Weight,
    /// A seal is missing, broken or another one.
    Seal,
    /// The label is missing or cannot be read.
    Label,
    /// A number of the series was left out.
    NumberGap,
    /// A number was used twice.
    Duplicate,
    /// Customs opened it and closed it again.
    Opened,
    /// Registered or insured, and advised otherwise.
    Handling,
}

impl IrregularityKind {
    /// All kinds, in the order of the form.
    pub const ALL: [Self; 11] = [
        Self::Missing,
        Self::Extra,
        Self::Damaged,
        Self::MisSent,
        Self::Weight,
        Self::Seal,
        Self::Label,
        Self::NumberGap,
        Self::Duplicate,
        Self::Opened,
        Self::Handling,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Damaged => "damaged",
            Self::MisSent => "mis-sent",
            Self::Weight => "weight",
            Self::Seal => "seal",
            Self::Label => "label",
            Self::NumberGap => "number-gap",
            Self::Duplicate => "duplicate",
            Self::Opened => "opened",
            Self::Handling => "handling",
        }
    }
}

impl VerificationNote {
    /// Draws the note in French and the station's language.
    pub fn draw(&self, language: Language) -> Drawn {
        let (form, title) = match self.s8.series().subclass.class() {
            MailClass::Parcels => ("CP 78", "title-cp78"),
            MailClass::Letters | MailClass::Ems | MailClass::Empty => ("CN 43", "title-cn43"),
        };
        let mut sheet = Sheet::new(Setup {
            form,
            title,
            ..Setup::paper(
                &CAPTIONS,
                &self.number,
                language,
                self.office.is_synthetic || self.addressed_to.is_synthetic,
            )
        });
        let sender = self.office.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        self.draw_head(&mut sheet, &mut rest);
        rest.cut_top(20);
        let table = self.table(&sheet);
        rest = sheet.table(rest, &table, next);
        rest = sheet.room(rest, 360, next);
        rest.cut_top(20);
        let forwarded = if self.is_forwarded { sheet.caption("forwarded") } else { String::new() };
        let wanted = [forwarded.as_str(), &self.wanted].join("\n");
        sheet.fields(rest.cut_top(160), [(1, Field::of("wanted").value(wanted.trim()))]);
        sheet.fields(rest.cut_top(160), [(1, Field::of("enclosures").value(&self.enclosures))]);
        rest = sheet.signatures(rest, ["signed-office", "signed-witness", "signed-head"], next);
        rest = sheet.room(rest, 340, next);
        rest.cut_top(20);
        let [answer, signed] = rest.cut_top(300).columns([2, 1]);
        sheet.field(answer, Field::of("answer"));
        sheet.signature(signed, "signed-origin");
        sheet.finish()
    }

    fn draw_head(&self, sheet: &mut Sheet, rest: &mut Area) {
        let time = |time: NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        let (found_at, drawn_up_at) = (time(self.found_at), time(self.drawn_up_at));
        let (office, addressed_to) = (self.office.printed(), self.addressed_to.printed());
        sheet.fields(
            rest.cut_top(120),
            [
                (1, Field::of("drawn-up-by").value(&office).large(110)),
                (1, Field::of("to").value(&addressed_to).large(110)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [
                (3, Field::of("note-number").value(&self.number).large(110)),
                (5, Field::of("s8").value(&printed::s8(self.s8))),
                (3, Field::of("found-at").value(&found_at)),
                (3, Field::of("drawn-up-at").value(&drawn_up_at)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [(2, Field::of("bill").value(&self.bill)), (3, Field::of("transport").value(&self.transport))],
        );
        let ticks = rest.cut_top(215);
        sheet.frame(ticks);
        let mut inner = ticks.inset(10);
        for row in IrregularityKind::ALL.chunks(4) {
            for (kind, mut place) in row.iter().zip(inner.cut_top(65).columns([1; 4])) {
                place.cut_right(20);
                let has = self.irregularities.iter().any(|one| one.kind == *kind);
                sheet.tick(place, kind.key(), has);
            }
        }
    }

    fn table(&self, sheet: &Sheet) -> Table {
        let columns = vec![
            Column::right("number", 2),
            Column::left("what", 6),
            Column::left("subject", 11),
            Column::left("advised", 6),
            Column::left("found", 6),
            Column::left("remarks", 8),
        ];
        let row = |(number, one): (usize, &Irregularity)| {
            vec![
                number.to_string().into(),
                sheet.caption(one.kind.key()).into(),
                one.subject.clone().into(),
                one.advised.clone().into(),
                one.found.clone().into(),
                one.remark.clone().into(),
            ]
        };
        let mut rows: Vec<Vec<Cell>> = (1..).zip(&self.irregularities).map(row).collect();
        if rows.is_empty() {
            rows = vec![vec![Cell::from(""); columns.len()]; OPEN_LINES];
        }
        Table { columns, rows }
    }
}
