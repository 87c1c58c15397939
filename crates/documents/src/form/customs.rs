//! CN 22 and CN 23, the customs declarations: CN 22 on A6, CN 23 on A5.
//!
//! The boxes of CN 22: 1 quantity and description, 2 weight, 3 value, 4 HS, 5 origin, 6 total weight, 7 total value,
//! 8 date and signature. Those of CN 23: 1 description, 2 quantity, 3 net weight, 4 gross weight, 5 value, 6 total
//! value, 7 HS, 8 origin, 9 postage, 10 category, 11 comments, 12 licence, 13 certificate, 14 invoice, 15 signature.

mod cn22;
mod cn23;
mod party;

pub use party::lines as address;

use std::sync::LazyLock;

use caravan_declaration::{Declaration, Form};
use caravan_postal::{Language, Money, Nature};

use crate::pdf::{Area, Captions, Drawn, Sheet};
use crate::printed;

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../../messages/forms/customs.toml")));

/// The customs declaration of one item.
#[derive(Debug, Clone, Copy)]
pub struct CustomsForm<'d> {
    /// What the sender declared.
    pub declaration: &'d Declaration<'d>,
    /// The designated operator of origin.
    pub operator: &'d str,
    /// Whether it is for a test, so that each page says so.
    pub is_synthetic: bool,
}

impl CustomsForm<'_> {
    /// Draws the form in French and the station's language: CN 22 where the sender chose it, else CN 23, which is
    /// always allowed.
    pub fn draw(&self, language: Language) -> Drawn {
        match self.declaration.form {
            Some(Form::Cn22) => self.draw_cn22(language),
            Some(Form::Cn23) | None => self.draw_cn23(language),
        }
    }

    /// Returns the total as the sender stated it, else the sum of the pieces.
    fn total_value(&self) -> String {
        text(self.declaration.total_value.or_else(|| self.declaration.value()))
    }

    /// Draws the identifier as bar code; an item without one gets an empty place.
    fn draw_identifier(&self, sheet: &mut Sheet, area: Area) {
        let name = self.declaration.name();
        let printed = self.declaration.s10().map_or_else(|| name.clone(), printed::s10);
        if !name.is_empty() {
            sheet.bar_code(area, "identifier", &name, &printed);
        }
    }

    /// Draws a tick box for each category of contents, in rows of `N`.
    fn draw_nature<const N: usize>(&self, sheet: &mut Sheet, area: Area) {
        let order =
            [Nature::Gift, Nature::Documents, Nature::Sale, Nature::Sample, Nature::Returned, Nature::Other];
        let mut rest = area;
        let rows = i32::try_from(order.len().div_ceil(N)).unwrap_or(1);
        let height = area.height / rows;
        for row in order.chunks(N) {
            let places = rest.cut_top(height).columns([1; N]);
            for (nature, place) in row.iter().zip(places) {
                sheet.tick(
                    place.inset(4),
                    &format!("nature-{nature}"),
                    self.declaration.nature == Some(*nature),
                );
            }
        }
    }
}

/// Returns money with its currency; empty when there is none.
fn text(money: Option<Money>) -> String {
    money.map_or_else(String::new, |money| money.to_string())
}
