//! Rules on data, limits, plausibility, descriptions, procedure: compiled rows.

use caravan_postal::{Grams, Volume};

use super::row::Row;
use super::scope::{Condition, Countries, Threshold};
use crate::rates::Authority;
use crate::{Channel, Flow};

/// Data that an item must have.
#[derive(Debug)]
pub(crate) struct Mandatory {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
    pub(crate) fields: Vec<DataField>,
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
}

/// Where a commodity code is asked for.
#[derive(Debug)]
pub(crate) struct HsRequired {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
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

/// Limits of weight and volume; rows of single countries stand before those of all.
#[derive(Debug)]
pub(crate) struct Limit {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
    pub(crate) weight_max: Grams,
    pub(crate) volume_max: Option<Volume>,
}

/// Figures that are possible and hard to believe.
#[derive(Debug)]
pub(crate) struct Plausibility {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) when: Condition,
    pub(crate) value_per_kg_max: Option<(Threshold, Authority)>,
    pub(crate) equal_units_max: Option<u32>,
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
    ];

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
        }
    }
}

impl VagueEffect {
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
