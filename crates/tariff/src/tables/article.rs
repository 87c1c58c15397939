//! Articles that are not admitted, or not without more: compiled rows, found by chapter.

use caravan_declaration::DocumentKind;
use caravan_postal::HsCode;

use super::row::Row;
use super::rows::Rows;
use super::scope::{Condition, Countries};
use crate::PhysicalOutcome;
use crate::lexicon::Lexicon;

/// Every rule on articles; their words are in the lexicon.
#[derive(Debug)]
pub(crate) struct Articles {
    pub(crate) rows: Vec<Article>,
    pub(crate) by_code: ByCode,
    /// Rows that touch goods of any code and word.
    pub(crate) of_any_goods: Rows<u16>,
    /// The places of senders that rows name.
    pub(crate) places: Lexicon,
}

/// One rule on articles.
#[derive(Debug)]
pub(crate) struct Article {
    pub(crate) row: Row,
    pub(crate) by: ByCountry,
    pub(crate) countries: Countries,
    /// The word of the trade for what is meant, `@tobacco`.
    pub(crate) class: Box<str>,
    pub(crate) weight: Weight,
    pub(crate) outcome: PhysicalOutcome,
    /// Papers with which a conditional article may go.
    pub(crate) documents: Documents,
    pub(crate) except_hs: Vec<HsPrefix>,
    pub(crate) when: Condition,
    pub(crate) touch: Touch,
    /// It only wants the commodity code of goods that come without one, because charges go by it.
    pub(crate) asks_code: bool,
}

/// What of an item a rule touches beside codes and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Touch {
    /// Nothing.
    Nothing,
    /// Goods of any kind.
    AnyGoods,
    /// Goods that were made in one of these countries.
    GoodsOf(Countries),
    /// Whatever comes from a sender in a place that the lexicon of places has for the rule.
    SenderPlace,
}

/// Whose rule it is, and so on which day and for which items it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByCountry {
    /// Every post's, on the day of filing.
    Union,
    /// The country of dispatch's, on the day of filing; for exports.
    Origin,
    /// The country of destination's, on the day of acceptance there.
    Destination,
    /// Of one country, whichever way the item goes: as [`Self::Origin`] or as [`Self::Destination`].
    Either,
    /// The carrier's, on the day of filing; for exports.
    Carriage,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Someone should look.
    Warn,
    /// Goes with more than it has now.
    Conditional,
    /// Does not go.
    Prohibited,
}

/// A set of kinds of papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Documents(u8);

/// The first digits of a commodity code, or a range of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HsPrefix {
    digits: u8,
    /// The least and the greatest code of ten digits that begins so.
    first: u64,
    last: u64,
}

/// How many digits a code has at most.
const DIGITS_MAX: u8 = 10;

/// What fills up a code of so many digits to ten.
const SCALES: [u64; DIGITS_MAX as usize + 1] = {
    let mut scales = [1; DIGITS_MAX as usize + 1];
    let mut digits = DIGITS_MAX as usize;
    while digits > 0 {
        digits -= 1;
        scales[digits] = scales[digits + 1] * 10;
    }
    scales
};

/// Rows by the first digits of a commodity code, laid out by chapter.
#[derive(Debug)]
pub(crate) struct ByCode(Vec<Vec<(HsPrefix, u16)>>);

/// Rules on lithium batteries.
#[derive(Debug, Default)]
pub(crate) struct BatteryRules {
    pub(crate) rows: Vec<Battery>,
    /// Goods that usually hold a battery.
    pub(crate) asks: ByCode,
}

/// One rule on lithium batteries.
#[derive(Debug)]
pub(crate) struct Battery {
    pub(crate) row: Row,
    pub(crate) un_numbers: Vec<u16>,
    pub(crate) weight: Weight,
    pub(crate) outcome: PhysicalOutcome,
    /// What the rule bears: more is what it is against. None of them: any battery of its numbers.
    pub(crate) energy_max_mwh: Option<u32>,
    pub(crate) count_max: Option<u16>,
    /// The rule is for batteries that are installed, or for those that are not.
    pub(crate) is_installed: Option<bool>,
    /// More than `count_max` go where each is a single cell of at most this energy, up to `cells_max`.
    pub(crate) cell_max_mwh: Option<u32>,
    pub(crate) cells_max: Option<u16>,
    /// What papers have to show, because no declaration says it: words of the trade.
    pub(crate) asks: Vec<Box<str>>,
    pub(crate) when: Condition,
}

impl HsPrefix {
    /// Reads two to ten digits, or a range of such: `2203-2208`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let digits = u8::try_from(first.len()).ok().filter(|digits| (2..=10).contains(digits))?;
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = last.len() == first.len() && is_number(first) && is_number(last) && first <= last;
        fits.then_some(())?;
        let scale = SCALES[usize::from(digits)];
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        Some(Self { digits, first: first * scale, last: last * scale + (scale - 1) })
    }

    /// Returns the chapters, the first and the last.
    fn chapters(self) -> (usize, usize) {
        let chapter = |value: u64| usize::try_from(value / SCALES[2]).expect("two digits fit");
        (chapter(self.first), chapter(self.last))
    }

    /// Returns how many digits it names: the more, the closer it describes the goods.
    pub(crate) fn digits(self) -> u8 {
        self.digits
    }

    /// Returns whether a code begins with the prefix.
    pub(crate) fn fits(self, code: HsCode) -> bool {
        let (value, digits) = code.parts();
        digits >= self.digits && (self.first..=self.last).contains(&(value * SCALES[usize::from(digits)]))
    }
}

impl Default for ByCode {
    fn default() -> Self {
        Self(vec![Vec::new(); 100])
    }
}

impl ByCode {
    /// Adds a row.
    pub(crate) fn add(&mut self, prefix: HsPrefix, row: u16) {
        let (first, last) = prefix.chapters();
        self.0[first..=last].iter_mut().for_each(|chapter| chapter.push((prefix, row)));
    }

    /// Returns the rows whose digits a code begins with, in the order in which they were added.
    pub(crate) fn rows(&self, code: HsCode) -> impl Iterator<Item = u16> {
        let chapter: &[(HsPrefix, u16)] = match self.0.get(chapter_of(code)) {
            Some(chapter) => chapter,
            None => &[],
        };
        chapter.iter().filter(move |(prefix, _)| prefix.fits(code)).map(|(_, row)| *row)
    }
}

/// Returns the chapter of a code.
fn chapter_of(code: HsCode) -> usize {
    let (value, digits) = code.parts();
    usize::try_from(value * SCALES[usize::from(digits)] / SCALES[2]).expect("two digits fit")
}

impl Documents {
    /// Reads the names of kinds of papers.
    pub(crate) fn parse(names: &[String]) -> Option<Self> {
        let mut set = 0;
        for name in names {
            set |= 1 << kinds().position(|(_, known)| known == name)?;
        }
        Some(Self(set))
    }

    /// Returns whether the kind is in the set.
    pub(crate) fn contains(self, kind: DocumentKind) -> bool {
        kinds().enumerate().any(|(bit, (known, _))| known == kind && self.0 >> bit & 1 == 1)
    }

    /// Returns the word of the trade for the set, `@licence`; `@documents` where any paper may do.
    pub(crate) fn term(self) -> &'static str {
        match self.0 {
            1 => "@licence",
            2 => "@certificate",
            3 => "@licence-or-certificate",
            4 => "@invoice",
            _ => "@documents",
        }
    }
}

fn kinds() -> impl Iterator<Item = (DocumentKind, &'static str)> {
    [
        (DocumentKind::Licence, "licence"),
        (DocumentKind::Certificate, "certificate"),
        (DocumentKind::Invoice, "invoice"),
    ]
    .into_iter()
}

impl Weight {
    /// Returns the weight for its name in the tables.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "prohibited" => Some(Self::Prohibited),
            "conditional" => Some(Self::Conditional),
            "warn" => Some(Self::Warn),
            _ => None,
        }
    }
}

impl ByCountry {
    /// Returns whose rule it is for its name in the tables.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "union" => Some(Self::Union),
            "origin" => Some(Self::Origin),
            "destination" => Some(Self::Destination),
            "either" => Some(Self::Either),
            "carriage" => Some(Self::Carriage),
            _ => None,
        }
    }
}
