//! What a condition asks about goods, weight, regions, papers and procedure.

use caravan_declaration::{Declaration, Party};
use caravan_postal::Grams;

use super::article::{Documents, HsPrefix};
use super::compile::prefixes;
use super::misfit::Misfit;
use super::raw::RawCondition;
use super::scope::{Countries, excluded};
use crate::Channel;
use crate::facts::Facts;

/// What an item must hold for a row to apply. A list that is empty asks nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Goods {
    /// At least one piece has such a code.
    hs_any: Vec<HsPrefix>,
    /// Every piece that has a code has such a one.
    hs_all: Vec<HsPrefix>,
    /// No piece has such a code.
    hs_none: Vec<HsPrefix>,
    /// Every piece comes from there.
    origins: Option<Countries>,
    /// No piece comes from there.
    not_origins: Option<Countries>,
    from_regions: Regions,
    to_regions: Regions,
    not_from_regions: Regions,
    not_to_regions: Regions,
    /// First letters of the addressee's postcode.
    to_postcodes: Vec<Box<str>>,
    not_to_postcodes: Vec<Box<str>>,
    weight_to: Option<Grams>,
    weight_above: Option<Grams>,
    equal_units_to: Option<u32>,
    equal_units_above: Option<u32>,
    is_one_article: Option<bool>,
    documents: Documents,
    channels: Vec<Channel>,
}

/// Names of regions as senders write them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Regions(Vec<Box<str>>);

impl Goods {
    /// Compiles what a row says about the goods; `None` where it says nothing.
    pub(crate) fn compile(
        raw: &RawCondition,
        countries: &mut impl FnMut(&[String]) -> Result<Countries, String>,
    ) -> Result<Option<Self>, String> {
        let weight = |text: &Option<String>| {
            let parse = |text: &String| Grams::parse_kg(text).map_err(|error| error.to_string());
            text.as_ref().map(parse).transpose()
        };
        let channel =
            |name: &String| Channel::parse(name).ok_or_else(|| format!("`{name}` is not a procedure"));
        let goods = Self {
            hs_any: prefixes(&raw.hs_any)?,
            hs_all: prefixes(&raw.hs_all)?,
            hs_none: prefixes(&raw.hs_none)?,
            origins: excluded(&raw.origins, countries)?,
            not_origins: excluded(&raw.not_origins, countries)?,
            from_regions: Regions::of(&raw.from_regions)?,
            to_regions: Regions::of(&raw.to_regions)?,
            not_from_regions: Regions::of(&raw.not_from_regions)?,
            not_to_regions: Regions::of(&raw.not_to_regions)?,
            to_postcodes: postcodes(&raw.to_postcodes)?,
            not_to_postcodes: postcodes(&raw.not_to_postcodes)?,
            weight_to: weight(&raw.weight_to)?,
            weight_above: weight(&raw.weight_above)?,
            equal_units_to: raw.equal_units_to,
            equal_units_above: raw.equal_units_above,
            is_one_article: raw.is_one_article,
            documents: Documents::parse(&raw.documents)
                .ok_or("`documents` names an unknown kind of paper")?,
            channels: raw.channels.iter().map(channel).collect::<Result<_, _>>()?,
        };
        Ok((!goods.asks_nothing()).then_some(goods))
    }

    fn asks_nothing(&self) -> bool {
        !self.asks_codes()
            && self.origins.is_none()
            && self.not_origins.is_none()
            && [&self.from_regions, &self.to_regions, &self.not_from_regions, &self.not_to_regions]
                .iter()
                .all(|regions| regions.is_empty())
            && self.to_postcodes.is_empty()
            && self.not_to_postcodes.is_empty()
            && self.weight_to.is_none()
            && self.weight_above.is_none()
            && self.equal_units_to.is_none()
            && self.equal_units_above.is_none()
            && self.is_one_article.is_none()
            && self.documents == Documents::default()
            && self.channels.is_empty()
    }

    /// Returns whether commodity codes matter.
    pub(crate) fn asks_codes(&self) -> bool {
        !self.hs_any.is_empty() || !self.hs_all.is_empty() || !self.hs_none.is_empty()
    }

    /// Returns what does not fit.
    pub(crate) fn misfit(&self, facts: &Facts<'_>) -> Option<Misfit> {
        let declaration = facts.declaration;
        if !self.fit_codes(declaration) {
            return Some(Misfit::Code);
        }
        if !self.fit_origins(facts) {
            return Some(Misfit::Origin);
        }
        if !self.fit_regions(declaration) {
            return Some(Misfit::Region);
        }
        if !self.fits_weight(declaration.gross_weight) {
            return Some(Misfit::Weight);
        }
        if !self.fit_units(facts) {
            return Some(Misfit::Units);
        }
        let has_paper = declaration.documents.iter().any(|paper| self.documents.contains(paper.kind));
        if self.documents != Documents::default() && !has_paper {
            return Some(Misfit::Papers);
        }
        let is_channel = self.channels.is_empty() || self.channels.contains(&facts.channel);
        (!is_channel).then_some(Misfit::Channel)
    }

    fn fit_codes(&self, declaration: &Declaration<'_>) -> bool {
        let mut codes = declaration.pieces.iter().filter_map(|piece| piece.hs);
        let begins = |list: &[HsPrefix], hs| list.iter().any(|prefix| prefix.fits(hs));
        (self.hs_all.is_empty() || codes.clone().all(|hs| begins(&self.hs_all, hs)))
            && !codes.clone().any(|hs| begins(&self.hs_none, hs))
            && (self.hs_any.is_empty() || codes.any(|hs| begins(&self.hs_any, hs)))
    }

    fn fit_origins(&self, facts: &Facts<'_>) -> bool {
        let mut origins = facts.declaration.pieces.iter().map(|piece| piece.origin.or(facts.origin));
        let are_all = self.origins.as_ref().is_none_or(|set| origins.clone().all(|one| set.contains(one)));
        are_all && self.not_origins.as_ref().is_none_or(|set| !origins.any(|one| set.contains(one)))
    }

    fn fit_regions(&self, declaration: &Declaration<'_>) -> bool {
        let (from, to) = (&declaration.sender, &declaration.addressee);
        (self.from_regions.is_empty() || self.from_regions.hold(from))
            && (self.to_regions.is_empty() || self.to_regions.hold(to))
            && !self.not_from_regions.hold(from)
            && !self.not_to_regions.hold(to)
            && (self.to_postcodes.is_empty() || begins(to, &self.to_postcodes))
            && !begins(to, &self.not_to_postcodes)
    }

    fn fits_weight(&self, weight: Option<Grams>) -> bool {
        // A weight that is not declared is above nothing and within everything: the check of data has told.
        self.weight_to.is_none_or(|most| weight.is_none_or(|weight| weight <= most))
            && self.weight_above.is_none_or(|least| weight.is_some_and(|weight| weight > least))
    }

    fn fit_units(&self, facts: &Facts<'_>) -> bool {
        let most = facts.declaration.pieces.iter().filter_map(|piece| piece.units).max().unwrap_or(0);
        self.equal_units_to.is_none_or(|to| most <= to)
            && self.equal_units_above.is_none_or(|above| most > above)
            && self.is_one_article.is_none_or(|is| is == facts.is_one_article())
    }
}

fn postcodes(texts: &[String]) -> Result<Vec<Box<str>>, String> {
    if texts.iter().any(|text| text.trim().is_empty()) {
        return Err("the beginning of a postcode is empty".to_owned());
    }
    Ok(texts.iter().map(|text| Box::from(text.trim())).collect())
}

/// Returns whether a party's postcode begins with one of the texts.
fn begins(party: &Party<'_>, beginnings: &[Box<str>]) -> bool {
    let code = party.postcode.unwrap_or_default().trim_start();
    beginnings.iter().any(|text| code.get(..text.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(text)))
}

impl Regions {
    /// Reads the names.
    pub(crate) fn of(names: &[String]) -> Result<Self, String> {
        if names.iter().any(|name| name.trim().is_empty()) {
            return Err("the name of a region is empty".to_owned());
        }
        Ok(Self(names.iter().map(|name| Box::from(name.trim())).collect()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a party says that it is in one of them.
    pub(crate) fn hold(&self, party: &Party<'_>) -> bool {
        !self.0.is_empty()
            && party.region.or(party.city).is_some_and(|said| {
                fn small(text: &str) -> impl Iterator<Item = char> {
                    text.trim().chars().flat_map(char::to_lowercase)
                }
                self.0.iter().any(|name| small(name).eq(small(said)))
            })
    }
}
