//! What the lists of items of a dispatch have in common: CN 33, CN 16 and CP 88.

use caravan_postal::{Language, S8, S10};
use chrono::NaiveDateTime;

use crate::pdf::{Captions, Cell, Drawn, Field, Setup, Sheet, Table};
use crate::{Office, printed};

/// A list of some of the items of a dispatch, on A4: head, table, signatures.
pub(super) struct ItemList<'l> {
    pub(super) form: &'static str,
    pub(super) captions: &'static Captions,
    /// What the number is the number of, and the number.
    pub(super) number: (&'static str, &'l str),
    pub(super) s8: S8,
    pub(super) origin: &'l Office,
    pub(super) destination: &'l Office,
    pub(super) closed_at: NaiveDateTime,
    /// The seal of the receptacle that holds them, on a form that asks for it.
    pub(super) seal: Option<&'l str>,
    pub(super) table: Table,
    /// Who signs, row by row.
    pub(super) signed: &'static [[&'static str; 2]],
}

impl ItemList<'_> {
    pub(super) fn draw(&self, language: Language) -> Drawn {
        let (number_key, number) = self.number;
        let is_synthetic = self.origin.is_synthetic || self.destination.is_synthetic;
        let identifier = format!("{} {number}", self.s8);
        let paper = Setup::paper(self.captions, identifier.trim_end(), language, is_synthetic);
        let mut sheet = Sheet::new(Setup { form: self.form, ..paper });
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
        let (closed_at, count) =
            (self.closed_at.format("%Y-%m-%d %H:%M").to_string(), self.table.rows.len().to_string());
        let (s8, head) = (printed::s8(self.s8), rest.cut_top(120));
        let number = (2, Field::of(number_key).value(number).large(110));
        let dispatch = (6, Field::of("s8").value(&s8));
        let closed = (4, Field::of("closed-at").value(&closed_at));
        let count = (3, Field::of("count").value(&count).large(130));
        match self.seal {
            Some(seal) => {
                let seal = (3, Field::of("receptacle-seal").value(seal));
                sheet.fields(head, [number, dispatch, closed, seal, count]);
            }
            None => sheet.fields(head, [number, dispatch, closed, count]),
        }
        rest.cut_top(20);
        rest = sheet.table(rest, &self.table, next);
        for who in self.signed {
            rest = sheet.signatures(rest, *who, next);
        }
        sheet.finish()
    }
}

/// Returns the cells of an item: its identifier as it is printed, and the country that its S10 names.
pub(super) fn item(identifier: &str) -> [Cell; 2] {
    match S10::parse(identifier) {
        Ok(s10) => [printed::s10(s10).into(), s10.country().to_string().into()],
        Err(_) => [identifier.into(), "".into()],
    }
}
