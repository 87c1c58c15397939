//! Labels of receptacles, as ZPL II for a label printer.
//!
//! The label is laid out 148 mm by 90 mm, lying on its side on media 100 mm wide, so that the long bar code runs along
//! the media. One dot is an eighth of a millimetre (203 dots an inch).

use std::fmt::Write;

use caravan_postal::{Grams, HighestFlag, MailCategory, MailClass, S9, WeightField};
use chrono::NaiveDate;

use crate::{Office, printed};

/// What a receptacle label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceptacleLabel {
    /// The receptacle identifier, in the bar code and under it.
    pub s9: S9,
    /// The office of origin.
    pub origin: Office,
    /// The office of destination.
    pub destination: Office,
    /// The day of the dispatch, in the station's time.
    pub dispatched_on: NaiveDate,
    /// The gross weight by the scale.
    pub gross_weight: Grams,
    /// How many items are inside; `None` leaves the field out.
    pub item_count: Option<u32>,
    /// The route with train or truck, in a few words.
    pub transport: Option<String>,
}

/// Which form a receptacle label is, by class and category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelForm {
    /// CN 34, letter post by surface.
    Cn34,
    /// CN 35, letter post by air.
    Cn35,
    /// CN 36, letter post by S.A.L.
    Cn36,
    /// CP 83, parcels by surface.
    Cp83,
    /// CP 84, parcels by air.
    Cp84,
    /// CP 85, parcels by S.A.L.
    Cp85,
    /// EMS.
    Ems,
}

/// Why a label cannot be printed: it would contradict itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// An office that is not the one of the identifier.
    #[error("cannot print the label of `{s9}`: office `{office}` is not the one of the identifier")]
    Office {
        /// The receptacle.
        s9: S9,
        /// The office.
        office: String,
    },
    /// A weight that is not the one of the identifier.
    #[error("cannot print the label of `{s9}`: the scale says {grams} g")]
    Weight {
        /// The receptacle.
        s9: S9,
        /// The gross weight.
        grams: u64,
    },
}

/// Length of the label along the media, in dots.
const LENGTH: u32 = 148 * 8;
/// Height of the label across the media, in dots.
const HEIGHT: u32 = 90 * 8;
/// Width of the media, in dots.
const MEDIA_WIDTH: u32 = 100 * 8;
/// Left margin, in dots.
const MARGIN: u32 = 40;
/// The most characters of a free text that fit into a line.
const TEXT_MAX: usize = 40;

impl LabelForm {
    /// Returns the form for a class and a category. Priority mail by surface (D) goes on the form of surface mail;
    /// empty receptacles go on that of letter post.
    pub fn of(class: MailClass, category: MailCategory) -> Self {
        use MailCategory::{A, B, C, D};
        match (class, category) {
            (MailClass::Letters | MailClass::Empty, C | D) => Self::Cn34,
            (MailClass::Letters | MailClass::Empty, A) => Self::Cn35,
            (MailClass::Letters | MailClass::Empty, B) => Self::Cn36,
            (MailClass::Parcels, C | D) => Self::Cp83,
            (MailClass::Parcels, A) => Self::Cp84,
            (MailClass::Parcels, B) => Self::Cp85,
            (MailClass::Ems, A | B | C | D) => Self::Ems,
        }
    }

    /// Returns the name of the form: `CN 34`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cn34 => "CN 34",
            Self::Cn35 => "CN 35",
            Self::Cn36 => "CN 36",
            Self::Cp83 => "CP 83",
            Self::Cp84 => "CP 84",
            Self::Cp85 => "CP 85",
            Self::Ems => "EMS",
        }
    }
}

impl ReceptacleLabel {
    /// Returns the form of the label.
    pub fn form(&self) -> LabelForm {
        let series = self.s9.dispatch.series();
        LabelForm::of(series.subclass.class(), series.category)
    }

    /// Returns the flags in large letters: `F` on the last receptacle of a dispatch, `R` when registered or insured
    /// items are inside.
    pub fn flags(&self) -> String {
        let last = if self.s9.highest == HighestFlag::Yes { "F" } else { "" };
        let registered = if self.s9.is_registered == Some(true) { "R" } else { "" };
        [last, registered].into_iter().filter(|flag| !flag.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Returns the label as ZPL II, one command line a field.
    pub fn zpl(&self) -> Result<String, LabelError> {
        self.check()?;
        let series = self.s9.dispatch.series();
        let mut sheet = Sheet::new();
        sheet.text(40, 64, self.form().as_str());
        sheet.text_at(320, 48, 48, category_name(series.category));
        sheet.text_at(980, 40, 96, &self.flags());
        sheet.text(124, 36, &format!("From {}", clipped(&self.origin.printed())));
        sheet.text(176, 48, &format!("To {}", clipped(&self.destination.printed())));
        let receptacle =
            format!("Dispatch {:04}   Receptacle {:03}", self.s9.dispatch.serial(), self.s9.serial());
        sheet.text(252, 48, &receptacle);
        let kind = format!("Class {}, {}", series.subclass.class(), series.subclass);
        sheet.text_at(820, 256, 40, &kind);
        let weight = printed::kilograms(self.gross_weight.hectograms());
        sheet.text(326, 64, &format!("{weight} kg"));
        sheet.text_at(400, 336, 40, &self.dispatched_on.format("%Y-%m-%d").to_string());
        if let Some(count) = self.item_count {
            sheet.text_at(700, 336, 40, &format!("Items {count}"));
        }
        if let Some(transport) = &self.transport {
            sheet.text(404, 36, clipped(transport));
        }
        sheet.bar_code(460, 160, self.s9);
        sheet.text(636, 36, &printed::s9(self.s9));
        Ok(sheet.finish())
    }

    pub(crate) fn check(&self) -> Result<(), LabelError> {
        let series = self.s9.dispatch.series();
        for (office, code) in [(&self.origin, series.origin), (&self.destination, series.destination)] {
            if office.code != code {
                return Err(LabelError::Office { s9: self.s9, office: office.code.to_string() });
            }
        }
        if WeightField::of(self.gross_weight) != self.s9.weight {
            return Err(LabelError::Weight { s9: self.s9, grams: self.gross_weight.0 });
        }
        Ok(())
    }
}

/// Returns the S9 as data of a Code 128 bar code, with the choice of subsets written out: B for the fifteen
/// characters of series and kind, C for the fourteen digits, two a symbol.
pub fn code_128(s9: S9) -> String {
    let text = s9.to_string();
    let (characters, digits) = text.split_at(15);
    format!(">:{characters}>5{digits}")
}

fn category_name(category: MailCategory) -> &'static str {
    match category {
        MailCategory::A => "PRIORITY BY AIR",
        MailCategory::B => "S.A.L.",
        MailCategory::C => "SURFACE",
        MailCategory::D => "PRIORITY BY SURFACE",
    }
}

/// Cuts a free text to what a line can hold.
fn clipped(text: &str) -> &str {
    text.char_indices().nth(TEXT_MAX).map_or(text, |(end, _)| &text[..end])
}

/// A label being laid out: rows count from its upper edge, columns from its left edge, when it is held to be read.
struct Sheet {
    zpl: String,
}

impl Sheet {
    /// `^CI28` is UTF-8; `^PW` and `^LL` are the media across and along.
    fn new() -> Self {
        Self { zpl: format!("^XA\n^CI28\n^PW{MEDIA_WIDTH}\n^LL{LENGTH}\n^LH0,0\n") }
    }

    fn text(&mut self, row: u32, height: u32, text: &str) {
        self.text_at(MARGIN, row, height, text);
    }

    fn text_at(&mut self, column: u32, row: u32, height: u32, text: &str) {
        if text.is_empty() {
            return;
        }
        let origin = field_origin(column, row, height);
        self.line(&format!("{origin}^A0R,{height}^FH^FD{}^FS", escaped(text)));
    }

    /// Three dots a module: 0.375 mm. The text under the code is a field of its own.
    fn bar_code(&mut self, row: u32, height: u32, s9: S9) {
        let origin = field_origin(MARGIN, row, height);
        self.line(&format!("{origin}^BY3^BCR,{height},N,N,N,N^FD{}^FS", code_128(s9)));
    }

    fn line(&mut self, command: &str) {
        writeln!(self.zpl, "{command}").expect("writing to a string succeeds");
    }

    fn finish(mut self) -> String {
        self.line("^XZ");
        self.zpl
    }
}

/// The upper left corner of a field on the media, the label lying on its right side: its rows run from right to left,
/// its columns downwards.
fn field_origin(column: u32, row: u32, height: u32) -> String {
    format!("^FO{},{column}", HEIGHT - row - height)
}

/// Escapes for `^FH`: what ZPL would take for a command becomes its hexadecimal value, control characters a space.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '^' => escaped.push_str("_5E"),
            '~' => escaped.push_str("_7E"),
            '_' => escaped.push_str("_5F"),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
