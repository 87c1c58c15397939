//! Rules on data, limits, plausibility, descriptions, procedure: compiled rows.

use caravan_declaration::ics2;
use caravan_postal::{Grams, MailSubclass, Volume};

use super::article::{ByCode, HsPrefix};
use super::row::{Row, Standing};
use super::scope::{Condition, Countries, ReadingChoice, Threshold};
use crate::rates::Authority;
use crate::{Channel, Flow};

/// Data that an item must have.
#[derive(Debug)]
pub(crate) struct Mandatory {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
    pub(crate) fields: Vec<DataField>,
    /// How many content pieces a declaration may have.
    pub(crate) pieces_max: Option<u16>,
    /// How many characters a description may have.
    pub(crate) description_max: Option<u16>,
}

/// A field that can be asked for; its finding points at the field of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataField {
    SenderName,
    SenderAddress,
    SenderCity,
    SenderCountry,
    AddresseeName,
    AddresseeAddress,
    AddresseeCity,
    AddresseeCountry,
    GrossWeight,
    Nature,
    Pieces,
    Description,
    Units,
    NetWeight,
    Value,
    SenderPostcode,
    SenderTelephone,
    AddresseePostcode,
    AddresseeTelephone,
    GoodsOrigin,
}

/// Where a commodity code is asked for.
#[derive(Debug)]
pub(crate) struct HsRequired {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
    /// How many digits at least.
    pub(crate) digits: u8,
}

/// Conditions of a filing before arrival: the numbers of [`ics2::CONDITIONS`].
#[derive(Debug)]
pub(crate) struct Filing {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
    pub(crate) conditions: Vec<&'static ics2::Condition>,
}

/// The limit of form CN 22, and the classes that always go with CN 23.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) row: Row,
    pub(crate) value_max: Threshold,
    pub(crate) authority: Authority,
    /// Bits by mail class.
    pub(crate) cn23_classes: u8,
}

/// Limits of weight and volume; rows of single countries stand before those of all, and rows of single kinds of mail
/// before those of a class.
#[derive(Debug)]
pub(crate) struct Limit {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
    pub(crate) weight_max: Grams,
    pub(crate) volume_max: Option<Volume>,
    /// The subclasses that it is for; none for all.
    pub(crate) subclasses: Vec<MailSubclass>,
    /// It is for items with nothing but goods of these codes; none for all.
    pub(crate) only_hs: Vec<HsPrefix>,
}

/// Every row on figures.
#[derive(Debug)]
pub(crate) struct Plausibilities {
    pub(crate) rows: Vec<Plausibility>,
    /// Those that look at the item as a whole.
    pub(crate) of_item: Vec<u16>,
    /// Those that hold pieces against the figures of their chapter.
    pub(crate) by_chapter: Vec<u16>,
    /// Those that name goods by code.
    pub(crate) by_code: ByCode,
}

/// Figures that are possible and hard to believe.
#[derive(Debug)]
pub(crate) struct Plausibility {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
    pub(crate) value_per_kg_max: Option<(Threshold, Authority)>,
    pub(crate) equal_units_max: Option<u32>,
    /// Who says the rates at which values are held against the figures by chapter.
    pub(crate) by_chapter: Option<Authority>,
    /// Figures of one unit of the goods that the row names by code or word.
    pub(crate) unit: Option<UnitFigures>,
}

/// What one unit of some goods weighs and is worth; outside is hard to believe.
#[derive(Debug)]
pub(crate) struct UnitFigures {
    pub(crate) hs: Vec<HsPrefix>,
    pub(crate) grams: (Option<u64>, Option<u64>),
    pub(crate) value: (Option<Threshold>, Option<Threshold>),
    pub(crate) authority: Authority,
}

/// Descriptions that say too little; the terms are in the lexicon.
#[derive(Debug)]
pub(crate) struct Vague {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    /// What a term does when it is the whole description.
    pub(crate) whole: VagueEffect,
    /// What a term does inside a longer description.
    pub(crate) within: VagueEffect,
    /// What a term does when it is the whole name of a party.
    pub(crate) names: VagueEffect,
    /// The reading under which a term inside a longer description holds as one standing alone does.
    pub(crate) within_holds_by: Option<ReadingChoice>,
}

/// What a vague term does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VagueEffect {
    /// Nothing.
    Nothing,
    /// The item goes, someone should look.
    Warn,
    /// The item waits for a better description.
    Hold,
}

/// Descriptions that say nothing, by their shape.
#[derive(Debug)]
pub(crate) struct PatternRule {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) pattern: Pattern,
}

/// A shape of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Digits and nothing else.
    DigitsOnly,
    /// Three or more times the same character.
    SameCharacter,
    /// Neither a letter nor a digit.
    SpecialOnly,
    /// Digits and special characters, no letter.
    DigitsAndSpecial,
    /// A point and a file extension.
    FileExtension,
}

/// The customs procedure.
#[derive(Debug)]
pub(crate) struct ChannelRule {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) flow: Flow,
    pub(crate) order: u16,
    pub(crate) channel: Channel,
    pub(crate) when: Condition,
}

/// The value up to which an item passes as personal articles.
#[derive(Debug)]
pub(crate) struct PersonalLimit {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) flow: Flow,
    pub(crate) limit: Threshold,
    pub(crate) authority: Authority,
    /// One article that cannot be divided may pass above the limit.
    pub(crate) admits_one_indivisible: bool,
    pub(crate) when: Condition,
}

impl DataField {
    /// Returns the field for its name, which is that of the declaration's format.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.as_str() == text)
    }

    /// Every field.
    pub(crate) const ALL: &[Self] = &[
        Self::SenderName,
        Self::SenderAddress,
        Self::SenderCity,
        Self::SenderCountry,
        Self::AddresseeName,
        Self::AddresseeAddress,
        Self::AddresseeCity,
        Self::AddresseeCountry,
        Self::GrossWeight,
        Self::Nature,
        Self::Pieces,
        Self::Description,
        Self::Units,
        Self::NetWeight,
        Self::Value,
        Self::SenderPostcode,
        Self::SenderTelephone,
        Self::AddresseePostcode,
        Self::AddresseeTelephone,
        Self::GoodsOrigin,
    ];

    /// Returns whether it is a field of every piece and not of the item.
    pub(crate) fn is_of_pieces(self) -> bool {
        matches!(self, Self::Description | Self::Units | Self::NetWeight | Self::Value | Self::GoodsOrigin)
    }

    /// Returns the name of the field, as findings point at it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SenderName => "sender-name",
            Self::SenderAddress => "sender-street",
            Self::SenderCity => "sender-city",
            Self::SenderCountry => "sender-country",
            Self::AddresseeName => "addressee-name",
            Self::AddresseeAddress => "addressee-street",
            Self::AddresseeCity => "addressee-city",
            Self::AddresseeCountry => "addressee-country",
            Self::GrossWeight => "gross-weight",
            Self::Nature => "nature",
            Self::Pieces => "piece",
            Self::Description => "description",
            Self::Units => "units",
            Self::NetWeight => "net-weight",
            Self::Value => "value",
            Self::SenderPostcode => "sender-postcode",
            Self::SenderTelephone => "sender-telephone",
            Self::AddresseePostcode => "addressee-postcode",
            Self::AddresseeTelephone => "addressee-telephone",
            Self::GoodsOrigin => "origin",
        }
    }

    /// Returns the word of the trade for the field, `@gross-weight`.
    pub(crate) fn term(self) -> &'static str {
        match self {
            Self::SenderName => "@sender-name",
            Self::SenderAddress => "@sender-street",
            Self::SenderCity => "@sender-city",
            Self::SenderCountry => "@sender-country",
            Self::AddresseeName => "@addressee-name",
            Self::AddresseeAddress => "@addressee-street",
            Self::AddresseeCity => "@addressee-city",
            Self::AddresseeCountry => "@addressee-country",
            Self::GrossWeight => "@gross-weight",
            Self::Nature => "@nature",
            Self::Pieces => "@piece",
            Self::Description => "@description",
            Self::Units => "@units",
            Self::NetWeight => "@net-weight",
            Self::Value => "@value",
            Self::SenderPostcode => "@sender-postcode",
            Self::SenderTelephone => "@sender-telephone",
            Self::AddresseePostcode => "@addressee-postcode",
            Self::AddresseeTelephone => "@addressee-telephone",
            Self::GoodsOrigin => "@goods-origin",
        }
    }
}

impl Plausibilities {
    /// Lays out rows by what they look at.
    pub(crate) fn of(rows: Vec<Plausibility>) -> Self {
        let mut laid_out =
            Self { rows, of_item: Vec::new(), by_chapter: Vec::new(), by_code: ByCode::default() };
        for (at, rule) in (0..).zip(&laid_out.rows) {
            if rule.value_per_kg_max.is_some() || rule.equal_units_max.is_some() {
                laid_out.of_item.push(at);
            }
            if rule.by_chapter.is_some() {
                laid_out.by_chapter.push(at);
            }
            for prefix in rule.unit.iter().flat_map(|unit| &unit.hs) {
                laid_out.by_code.add(*prefix, at);
            }
        }
        laid_out
    }
}

impl Limit {
    /// Returns whether the row is for single kinds of mail.
    pub(crate) fn is_narrow(&self) -> bool {
        !self.subclasses.is_empty() || !self.only_hs.is_empty()
    }
}

impl VagueEffect {
    /// Returns what the effect is by a row of a standing: one that is not confirmed only warns.
    pub(crate) fn by(self, standing: Option<Standing>) -> Self {
        match (standing, self) {
            (Some(Standing::Sure), _) | (Some(Standing::Unsure), Self::Nothing) => self,
            (Some(Standing::Unsure), _) => Self::Warn,
            (Some(Standing::Unknown) | None, _) => Self::Nothing,
        }
    }

    /// Returns the effect for its name; nothing for an empty one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::Nothing),
            "warn" => Some(Self::Warn),
            "hold" => Some(Self::Hold),
            _ => None,
        }
    }
}

impl Pattern {
    /// Returns the shape for its name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "digits-only" => Some(Self::DigitsOnly),
            "same-character" => Some(Self::SameCharacter),
            "special-only" => Some(Self::SpecialOnly),
            "digits-and-special" => Some(Self::DigitsAndSpecial),
            "file-extension" => Some(Self::FileExtension),
            _ => None,
        }
    }

    /// Returns the word of the trade for the shape, `@digits-only`.
    pub(crate) fn term(self) -> &'static str {
        match self {
            Self::DigitsOnly => "@digits-only",
            Self::SameCharacter => "@same-character",
            Self::SpecialOnly => "@special-only",
            Self::DigitsAndSpecial => "@digits-and-special",
            Self::FileExtension => "@file-extension",
        }
    }

    /// Returns whether a text has the shape. Blanks at the ends do not count.
    pub(crate) fn fits(self, text: &str) -> bool {
        let text = text.trim();
        let is_special = |letter: char| !letter.is_alphanumeric();
        match self {
            Self::DigitsOnly => !text.is_empty() && text.chars().all(char::is_numeric),
            Self::SameCharacter => {
                let mut letters = text.chars();
                let first = letters.next();
                letters.clone().nth(1).is_some() && letters.all(|letter| Some(letter) == first)
            }
            Self::SpecialOnly => text.chars().all(is_special),
            Self::DigitsAndSpecial => {
                text.chars().all(|letter| is_special(letter) || letter.is_numeric())
                    && text.chars().any(char::is_numeric)
                    && text.chars().any(is_special)
            }
            Self::FileExtension => text.strip_prefix('.').is_some_and(|rest| {
                (1..=5).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }),
        }
    }
}
