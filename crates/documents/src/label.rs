//! Labels of receptacles, as ZPL II for a label printer.
//!
//! The label is laid out 148 mm by 90 mm, lying on its side on media 100 mm wide, so that the long bar code runs along
//! the media. One dot is an eighth of a millimetre (203 dots an inch).

mod picture;

use std::fmt::Write;
use std::sync::LazyLock;

use caravan_postal::{Grams, HighestFlag, Language, MailCategory, MailClass, S9, WeightField};
use chrono::NaiveDate;

use self::picture::Picture;
use crate::pdf::Captions;
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
/// How long a whole line is, in dots.
const FULL: u32 = LENGTH - 2 * MARGIN;
/// How high captions are, in dots: two and a half millimetres.
const SMALL: u32 = 20;

pub(crate) static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of(include_str!("../messages/forms/label.toml")));

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

    /// Returns the label as ZPL II, one command line a field, its captions in French and the station's language. Text that a
    /// label printer's own font has no glyphs of is a picture; the bar code is always the printer's.
    pub fn zpl(&self, language: Language) -> Result<String, LabelError> {
        self.check()?;
        let series = self.s9.dispatch.series();
        let caption = |key: &str| captions(key, language).join(" / ");
        let mut sheet = Sheet::new();
        sheet.text(40, 64, 260, self.form().as_str());
        let category = captions(category_key(series.category), language);
        for (row, name) in [34, 76].into_iter().zip(category) {
            sheet.text_at(320, row, 38, 640, name);
        }
        sheet.text_at(980, 40, 96, 200, &self.flags());
        sheet.text(116, SMALL, FULL, &caption("from"));
        sheet.text(140, 36, FULL, &self.origin.printed());
        sheet.text(180, SMALL, FULL, &caption("to"));
        sheet.text(204, 48, FULL, &self.destination.printed());
        let weight = printed::kilograms(self.gross_weight.hectograms());
        for (column, key, value) in [
            (MARGIN, "dispatch", format!("{:04}", self.s9.dispatch.serial())),
            (420, "receptacle", format!("{:03}", self.s9.serial())),
            (800, "weight", weight),
        ] {
            sheet.text_at(column, 258, SMALL, 360, &caption(key));
            sheet.text_at(column, 280, 48, 360, &value);
        }
        let items = self.item_count.map(|count| count.to_string()).unwrap_or_default();
        for (column, key, value) in [
            (MARGIN, "mail", format!("{} {} {}", series.category, series.subclass.class(), series.subclass)),
            (420, "dispatched-on", self.dispatched_on.format("%Y-%m-%d").to_string()),
            (800, "items", items),
        ] {
            if !value.is_empty() {
                sheet.text_at(column, 334, SMALL, 360, &caption(key));
                sheet.text_at(column, 356, 40, 360, &value);
            }
        }
        if let Some(transport) = &self.transport {
            sheet.text(404, 36, FULL, transport);
        }
        sheet.bar_code(460, 160, self.s9);
        sheet.text(636, 36, FULL, &printed::s9(self.s9));
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

pub(crate) fn category_key(category: MailCategory) -> &'static str {
    match category {
        MailCategory::A => "category-a",
        MailCategory::B => "category-b",
        MailCategory::C => "category-c",
        MailCategory::D => "category-d",
    }
}

/// Returns a caption in French and in the station's language, once where both are the same.
fn captions(key: &str, language: Language) -> Vec<&'static str> {
    let [first, second] = CAPTIONS.pair(key, language);
    if first == second { vec![first] } else { vec![first, second] }
}

/// Whether a label printer's own scalable font has a character: those of ISO 8859-1 (general knowledge; what a printer
/// holds beyond them differs from one to the next).
fn is_native(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{A0}'..='\u{FF}')
}

/// Cuts a text to what is left of a line, and makes it lower before that; returns its height.
fn fitted(text: &str, height: u32, width: u32) -> (&str, u32) {
    let lines = [height, height * 4 / 5, height * 3 / 5];
    let fitting = lines.into_iter().find(|height| Picture::width_of(text, *height) <= width);
    if let Some(height) = fitting {
        return (text, height);
    }
    let height = lines[2];
    let ends = text.char_indices().map(|(end, _)| &text[..end]);
    let cut = ends.take_while(|cut| Picture::width_of(cut, height) <= width).last();
    (cut.unwrap_or_default(), height)
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

    fn text(&mut self, row: u32, height: u32, width: u32, text: &str) {
        self.text_at(MARGIN, row, height, width, text);
    }

    /// Writes a text into a line: in the printer's font, or as a picture where that lacks a character.
    fn text_at(&mut self, column: u32, row: u32, height: u32, width: u32, text: &str) {
        let text: String = text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
        if text.trim().is_empty() {
            return;
        }
        let (text, lower) = fitted(&text, height, width);
        let origin = field_origin(column, row + (height - lower), lower);
        if text.chars().all(is_native) {
            self.line(&format!("{origin}^A0R,{lower}^FH^FD{}^FS", escaped(text)));
        } else {
            self.line(&format!("{origin}{}^FS", Picture::of(text, lower).field()));
        }
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
