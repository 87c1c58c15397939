//! The conditions of rows as they are written.

use serde::Deserialize;

/// When a row applies, beside its days and countries. What is not written does not matter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RawCondition {
    pub(crate) natures: Vec<String>,
    pub(crate) classes: Vec<String>,
    pub(crate) modes: Vec<String>,
    pub(crate) is_gift: Option<bool>,
    pub(crate) is_business_sender: Option<bool>,
    pub(crate) is_business_addressee: Option<bool>,
    pub(crate) is_documents: Option<bool>,
    pub(crate) is_lithium_agreed: Option<bool>,
    pub(crate) from: Vec<String>,
    pub(crate) to: Vec<String>,
    pub(crate) not_from: Vec<String>,
    pub(crate) not_to: Vec<String>,
    pub(crate) is_insured: Option<bool>,
    pub(crate) value_above: Option<String>,
    pub(crate) value_to: Option<String>,
    pub(crate) prepaid: Option<String>,
    pub(crate) not_prepaid: Option<String>,
    pub(crate) reading: Texts,
    pub(crate) counts: Vec<String>,
    pub(crate) article_to: Option<String>,
    pub(crate) article_above: Option<String>,
    pub(crate) hs_any: Vec<String>,
    pub(crate) hs_all: Vec<String>,
    pub(crate) hs_none: Vec<String>,
    pub(crate) origins: Vec<String>,
    pub(crate) not_origins: Vec<String>,
    pub(crate) from_regions: Vec<String>,
    pub(crate) to_regions: Vec<String>,
    pub(crate) not_from_regions: Vec<String>,
    pub(crate) not_to_regions: Vec<String>,
    pub(crate) to_postcodes: Vec<String>,
    pub(crate) not_to_postcodes: Vec<String>,
    pub(crate) weight_to: Option<String>,
    pub(crate) weight_above: Option<String>,
    pub(crate) equal_units_to: Option<u32>,
    pub(crate) equal_units_above: Option<u32>,
    pub(crate) is_one_article: Option<bool>,
    pub(crate) documents: Vec<String>,
    pub(crate) channels: Vec<String>,
}

/// One text, or several.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a text or a list of texts")]
        enum Written {
            One(String),
            Many(Vec<String>),
        }
        Ok(Self(match Written::deserialize(deserializer)? {
            Written::One(text) => vec![text],
            Written::Many(texts) => texts,
        }))
    }
}
