//! The tables as they are written: TOML, every field spelt out, unknown fields refused.

mod condition;
mod placed;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::row::{Confidence, Status};

pub(crate) use condition::{RawCondition, Texts};
pub(crate) use placed::{Placed, Text};

/// Declares the rows of one table: the head that every row has, and the row's own fields.
macro_rules! rows {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)? })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(crate) struct $name {
                pub(crate) id: String,
                pub(crate) valid_from: Datetime,
                pub(crate) valid_to: Option<Datetime>,
                pub(crate) status: Status,
                pub(crate) source: String,
                #[serde(default)]
                pub(crate) article: String,
                #[serde(default)]
                pub(crate) note: String,
                pub(crate) confidence: Option<Confidence>,
                pub(crate) checked: Option<Datetime>,
                pub(crate) series: Option<String>,
                $($(#[$field_meta])* #[serde(default)] pub(crate) $field: $type,)*
            }

            impl RawRow for $name {
                fn head(&self) -> Head<'_> {
                    Head {
                        id: &self.id,
                        valid_from: self.valid_from,
                        valid_to: self.valid_to,
                        status: self.status,
                        source: &self.source,
                        article: &self.article,
                        note: &self.note,
                        confidence: self.confidence,
                        checked: self.checked,
                        series: self.series.as_deref(),
                    }
                }
            }
        )+
    };
}

/// The head of a row as written.
pub(crate) struct Head<'a> {
    pub(crate) id: &'a str,
    pub(crate) valid_from: Datetime,
    pub(crate) valid_to: Option<Datetime>,
    pub(crate) status: Status,
    pub(crate) source: &'a str,
    pub(crate) article: &'a str,
    pub(crate) note: &'a str,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) checked: Option<Datetime>,
    pub(crate) series: Option<&'a str>,
}

/// A row that has a head.
pub(crate) trait RawRow {
    /// Returns the head.
    fn head(&self) -> Head<'_>;
}

/// One step of a charge that goes by tiers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTier {
    pub(crate) to: Option<String>,
    pub(crate) below: Option<String>,
    pub(crate) amount: String,
}

rows! {
    /// Who publishes exchange rates.
    RawAuthority { pivot: String, days_max: u16, rule: Option<String> }
    /// In which money a country reckons, at whose rates.
    RawConversion { countries: Vec<String>, authority: String, currency: String, decimals: Option<u32>, value_decimals: Option<u32> }
    /// Data that an item must have.
    RawMandatory {
        countries: Vec<String>,
        fields: Vec<String>,
        when: RawCondition,
        pieces_max: Option<u16>,
        description_max: Option<u16>,
    }
    /// Where a commodity code is asked for.
    RawHsRequired { countries: Vec<String>, when: RawCondition, digits: Option<u8> }
    /// The limit of form CN 22.
    RawForm { value_max: String, authority: String, cn23_classes: Vec<String> }
    /// Limits of weight and volume.
    RawLimit {
        countries: Vec<String>,
        weight_max_kg: String,
        volume_max_dm3: Option<u64>,
        when: RawCondition,
        subclasses: Vec<String>,
        only_hs: Vec<String>,
    }
    /// Figures that are possible and hard to believe.
    RawPlausibility {
        countries: Vec<String>,
        value_per_kg_max: Option<String>,
        authority: String,
        equal_units_max: Option<u32>,
        when: RawCondition,
        by_chapter: bool,
        hs: Vec<String>,
        words: Vec<String>,
        except: Vec<String>,
        unit_grams_min: Option<u64>,
        unit_grams_max: Option<u64>,
        unit_value_min: Option<String>,
        unit_value_max: Option<String>,
    }
    /// Descriptions that say too little.
    RawVague {
        countries: Vec<String>,
        terms: Vec<String>,
        whole: String,
        within: String,
        names: String,
        within_holds_by: Option<String>,
    }
    /// Descriptions that say nothing, by their shape.
    RawPattern { countries: Vec<String>, kind: String }
    /// Articles that are not admitted, or not without more.
    RawArticle {
        by: String,
        countries: Vec<String>,
        class: String,
        decision: String,
        outcome: String,
        documents: Vec<String>,
        hs: Vec<String>,
        except_hs: Vec<String>,
        words: Vec<String>,
        except: Vec<String>,
        when: RawCondition,
        any_goods: bool,
        goods_of: Vec<String>,
        sender_places: Vec<String>,
        asks_code: bool,
    }
    /// Lithium batteries by way of carriage.
    RawBattery {
        un: Vec<u16>,
        decision: String,
        outcome: String,
        energy_max_wh: Option<u32>,
        count_max: Option<u16>,
        asks_details_for_hs: Vec<String>,
        when: RawCondition,
        is_installed: Option<bool>,
        cell_max_wh: Option<u32>,
        cells_max: Option<u16>,
        asks: Vec<String>,
    }
    /// The customs procedure.
    RawChannel { countries: Vec<String>, flow: String, order: u16, channel: String, when: RawCondition }
    /// The value up to which an item passes as personal articles.
    RawPersonalLimit {
        countries: Vec<String>,
        flow: String,
        limit: String,
        authority: String,
        admits_one_indivisible: bool,
        when: RawCondition,
    }
    /// One way in which a destination takes an item.
    RawRegime {
        countries: Vec<String>,
        order: u16,
        charges: Option<String>,
        value_share: Option<String>,
        limit_per: Option<String>,
        asks_prepayment: Vec<String>,
        when: RawCondition,
    }
    /// What a regime charges.
    RawCharge {
        regimes: Vec<String>,
        countries: Vec<String>,
        kind: String,
        formula: String,
        rate: Option<String>,
        free_value: Option<String>,
        free_kg: Option<String>,
        per_kg: Option<String>,
        per_kg_on: Option<String>,
        amount: Option<String>,
        key: Vec<String>,
        base: Vec<String>,
        schedule: Option<String>,
        only_hs: Vec<String>,
        except_hs: Vec<String>,
        only_origins: Vec<String>,
        except_origins: Vec<String>,
        article_above: Option<String>,
        least: Option<String>,
        most: Option<String>,
        of: Option<String>,
        tiers: Vec<RawTier>,
        tax: Option<String>,
        share: Option<String>,
        excise: Option<String>,
        needs: Texts,
        waived_to: Option<String>,
        waived_below: Option<String>,
        rounding: Option<String>,
        when: RawCondition,
    }
    /// Rates of value-added tax, and of other taxes that go by the goods.
    RawVat {
        countries: Vec<String>,
        tax: Option<String>,
        hs: Vec<String>,
        except_hs: Vec<String>,
        regions: Vec<String>,
        rate: Option<String>,
        others: Vec<String>,
        others_hs: Vec<String>,
        unit_value_from: Option<String>,
        gram_value_from: Option<String>,
    }
    /// Charges of one kind that are only collected from an amount on.
    RawWaiver { countries: Vec<String>, kind: String, below: Option<String>, to: Option<String> }
    /// An amount that a law names and another sets from day to day: a minimum wage.
    RawAmount { name: String, amount: Option<String> }
    /// A line of a schedule of duty.
    RawDutyLine {
        schedule: String,
        hs: Vec<String>,
        except_hs: Vec<String>,
        origins: Vec<String>,
        not_origins: Vec<String>,
        rate: Option<String>,
        includes: Option<String>,
    }
    /// By which set of data customs takes an item.
    RawEntry { countries: Vec<String>, order: u16, set: Option<String>, when: RawCondition }
    /// A rule that can be read in two ways.
    RawReading {
        choices: Vec<String>,
        default: String,
        is_of_item: bool,
        answered_by: Option<String>,
    }
    /// A personal article of the Chinese table, with its code, rate and list price.
    RawPersonalArticle {
        country: String,
        order: u16,
        code: Option<String>,
        reading: Texts,
        rate: Option<String>,
        hs: Vec<String>,
        words: Vec<String>,
        list_price: Option<String>,
        list_unit: Option<String>,
        unit_value_from: Option<String>,
        gram_value_from: Option<String>,
    }
    /// Which price customs taxes.
    RawPricing { country: String, price: String }
    /// A list of codes or of rates of duty: its lines are in the row, or in a file of their own.
    RawList { kind: String, list: String, lines: Option<String>, schedules: Vec<String> }
    /// Conditions of a filing that the destination's customs wants before the item arrives.
    RawFiling { countries: Vec<String>, conditions: Vec<String>, when: RawCondition }
    /// How the numbers of a scheme of prepaid tax look.
    RawPrepaidNumber { scheme: String, shape: String }
}

/// Where rows come from: an act and its date.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSource {
    pub(crate) act: String,
    #[serde(default)]
    pub(crate) date: Option<Datetime>,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) checked: Option<Datetime>,
    /// Where it can be read; for those who keep the tables.
    #[serde(rename = "url")]
    _url: Option<String>,
}

/// Declares the tables: one text as it is written, and all texts merged, each row with its place.
macro_rules! tables {
    ($($field:ident: $row:ty),+ $(,)?) => {
        /// The tables of one text.
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(crate) struct RawText {
            sources: BTreeMap<String, RawSource>,
            groups: BTreeMap<String, Vec<String>>,
            $($field: Vec<Spanned<$row>>,)+
        }

        /// The tables of several texts, merged.
        #[derive(Debug, Clone, Default)]
        pub(crate) struct RawTables {
            pub(crate) sources: BTreeMap<String, RawSource>,
            pub(crate) groups: BTreeMap<String, Vec<String>>,
            $(pub(crate) $field: Vec<Placed<$row>>,)+
        }

        impl RawTables {
            /// Takes over what a later text says: a row with a known id replaces it, another is added.
            pub(crate) fn merge(&mut self, later: RawText, text: &Text<'_>) {
                self.sources.extend(later.sources);
                self.groups.extend(later.groups);
                $(merge_rows(&mut self.$field, later.$field, text);)+
            }

            /// Returns the place of the row of an id, `regimes/union.toml:12`.
            pub(crate) fn place(&self, id: &str) -> Option<String> {
                None$(.or_else(|| place(&self.$field, id)))+
            }

            /// Shows the rows of every table as they are written.
            pub(crate) fn each_table(&self, mut see: impl FnMut(&[Head<'_>])) {
                $(see(&series(&self.$field));)+
            }
        }

        impl RawText {
            /// Returns the id of a row that the text has twice.
            pub(crate) fn twice(&self) -> Option<&str> {
                None$(.or_else(|| twice(&self.$field)))+
            }
        }
    };
}

tables! {
    authority: RawAuthority,
    conversion: RawConversion,
    mandatory: RawMandatory,
    hs_required: RawHsRequired,
    form: RawForm,
    limit: RawLimit,
    plausibility: RawPlausibility,
    vague: RawVague,
    pattern: RawPattern,
    article: RawArticle,
    battery: RawBattery,
    channel: RawChannel,
    personal_limit: RawPersonalLimit,
    regime: RawRegime,
    charge: RawCharge,
    vat: RawVat,
    waiver: RawWaiver,
    amount: RawAmount,
    duty_line: RawDutyLine,
    entry: RawEntry,
    reading: RawReading,
    personal_article: RawPersonalArticle,
    pricing: RawPricing,
    list: RawList,
    filing: RawFiling,
    prepaid_number: RawPrepaidNumber,
}

fn merge_rows<R: RawRow>(rows: &mut Vec<Placed<R>>, later: Vec<Spanned<R>>, text: &Text<'_>) {
    for row in later {
        let row = text.place(row);
        match rows.iter_mut().find(|known| known.head().id == row.head().id) {
            Some(known) => *known = row,
            None => rows.push(row),
        }
    }
}

fn place<R: RawRow>(rows: &[Placed<R>], id: &str) -> Option<String> {
    rows.iter().find(|row| row.head().id == id).map(|row| row.place.to_string())
}

fn series<R: RawRow>(rows: &[Placed<R>]) -> Vec<Head<'_>> {
    rows.iter().map(|row| row.head()).filter(|head| head.series.is_some()).collect()
}

fn twice<R: RawRow>(rows: &[Spanned<R>]) -> Option<&str> {
    let mut seen = BTreeSet::new();
    rows.iter().map(|row| row.get_ref().head().id).find(|id| !seen.insert(*id))
}
