//! From the tables as written to the tables as used: every row checked, every name resolved.

mod charges;
mod periods;
mod regimes;
mod rules;
mod taxes;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use caravan_postal::{Country, Currency, Language, Money, Ratio};

use super::expression::percentage;
use super::raw::{Placed, RawCondition, RawRow, RawTables, RawText, Text};
use super::row::{Layer, Row, Status};
use super::rows::Rows;
use super::rule::Plausibilities;
use super::schedule::Schedules;
use super::scope::{Condition, Countries, ReadingChoice};
use super::{
    GoodsFigures, HsPrefix, Listed, Names, Offices, Subheadings, TableError, TableText, Tables, date, money,
};
use crate::RowId;
use crate::calendar::RateRule;
use crate::lexicon::{Builder, Use};
use crate::rates::Authority;

/// The lists that have been read.
struct Lists {
    editions: Vec<Listed<Subheadings>>,
    names: Vec<Listed<Names>>,
    offices: Listed<Offices>,
    figures: Listed<GoodsFigures>,
}

/// What a row can refer to, and what rows leave behind.
struct Compiler<'a> {
    raw: &'a RawTables,
    names: taxes::Names,
    rows: BTreeMap<Arc<str>, Row>,
    lexicon: Builder,
}

/// Reads, merges, checks and lays out the texts; those of the station are laid over the program's.
pub(super) fn compile(own: &[TableText<'_>], station: &[TableText<'_>]) -> Result<Tables, TableError> {
    let mut raw = RawTables::default();
    let mut lists: BTreeMap<&str, &str> = BTreeMap::new();
    let program = own.iter().map(|table| (table, Layer::Program));
    for (table, layer) in program.chain(station.iter().map(|table| (table, Layer::Station))) {
        if table.name.rsplit_once('.').is_some_and(|(_, extension)| extension == "toml") {
            let text = Text::new(table.name, table.text, layer);
            raw.merge(read(table, &text)?, &text);
        } else {
            lists.insert(table.name, table.text);
        }
    }
    lay_out(&raw, &lists).map_err(|error| match error {
        TableError::Row { row, fault, .. } => {
            TableError::Row { place: raw.place(&row).unwrap_or_default(), row, fault }
        }
        other => other,
    })
}

fn lay_out(raw: &RawTables, lists: &BTreeMap<&str, &str>) -> Result<Tables, TableError> {
    let mut compiler =
        Compiler { raw, names: taxes::Names::of(raw), rows: BTreeMap::new(), lexicon: Builder::default() };
    let rules = compiler.rules()?;
    let readings = compiler.readings()?;
    let mut regimes = compiler.regimes()?;
    let lists = compiler.lists(lists, &mut regimes.schedules)?;
    compiler.check_periods()?;
    let lexicon = compiler.lexicon.build();
    Ok(Tables {
        rows: compiler.rows,
        mandatory: Rows::of(rules.mandatory, |rule| rule.countries),
        hs_required: Rows::of(rules.hs_required, |rule| rule.countries),
        forms: rules.forms,
        limits: Rows::of(rules.limits, |rule| rule.countries),
        plausibility: Plausibilities::of(rules.plausibility),
        vague: rules.vague,
        patterns: Rows::of(rules.patterns, |rule| rule.countries),
        channels: Rows::of(rules.channels, |rule| rule.countries),
        personal_limits: Rows::of(rules.personal_limits, |rule| rule.countries),
        articles: rules.articles,
        batteries: rules.batteries,
        filings: Rows::of(rules.filings, |rule| rule.countries),
        prepaid_numbers: rules.prepaid_numbers,
        figures: lists.figures,
        regimes,
        editions: lists.editions,
        names: lists.names,
        offices: lists.offices,
        readings,
        lexicon,
    })
}

fn read(table: &TableText<'_>, text: &Text<'_>) -> Result<RawText, TableError> {
    let name = || table.name.to_owned();
    let raw: RawText = toml::from_str(table.text).map_err(|error| {
        let line = error.span().map_or(1, |span| text.line(&span));
        TableError::Syntax { table: name(), line, source: Box::new(error) }
    })?;
    match raw.twice() {
        Some(row) => Err(TableError::Twice { table: name(), row: row.to_owned() }),
        None => Ok(raw),
    }
}

impl Compiler<'_> {
    /// Checks the head of a row and keeps it.
    fn row(&mut self, raw: &Placed<impl RawRow>) -> Result<Row, TableError> {
        let head = raw.head();
        let fault = |fault: &str| of_row::<()>(head.id, Err(fault.to_owned())).expect_err("it is a fault");
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if head.id.is_empty() || !head.id.bytes().all(is_name) {
            return Err(fault("the id is not lower-case words joined by hyphens"));
        }
        let source = self.raw.sources.get(head.source).ok_or_else(|| fault("its source is not listed"))?;
        let mut written = source.act.clone();
        if let Some(day) = source.date {
            written =
                format!("{written} of {}", date(day).ok_or_else(|| fault("the date of its source is none"))?);
        }
        if !head.article.is_empty() {
            written = format!("{written}, {}", head.article);
        }
        let valid_from = date(head.valid_from).ok_or_else(|| fault("`valid_from` is not a date"))?;
        let valid_to = head
            .valid_to
            .map(|day| date(day).ok_or_else(|| fault("`valid_to` is not a date")))
            .transpose()?;
        if valid_to.is_some_and(|last| last < valid_from) {
            return Err(fault("`valid_to` is before `valid_from`"));
        }
        let checked = head.checked.or(source.checked);
        let checked =
            checked.map(|day| date(day).ok_or_else(|| fault("`checked` is not a date"))).transpose()?;
        let row = Row {
            id: RowId::new(head.id),
            valid_from,
            valid_to,
            status: head.status,
            source: Arc::from(written),
            note: Box::from(head.note),
            confidence: head.confidence.or(source.confidence),
            checked,
            file: Arc::clone(&raw.place.file),
            line: raw.place.line,
            layer: raw.place.layer,
        };
        match self.rows.entry(Arc::from(head.id)) {
            Entry::Occupied(_) => Err(fault("another row has the same id")),
            Entry::Vacant(place) => Ok(place.insert(row).clone()),
        }
    }

    /// Resolves names of countries and groups; none means every country.
    fn countries(&self, names: &[String]) -> Result<Countries, String> {
        if names.is_empty() {
            return Ok(Countries::Any);
        }
        Ok(Countries::of(&self.country_list(names)?))
    }

    fn country_list(&self, names: &[String]) -> Result<Vec<Country>, String> {
        let mut countries = Vec::new();
        for name in names {
            match name.strip_prefix('@') {
                Some(group) => {
                    let group =
                        self.raw.groups.get(group).ok_or_else(|| format!("group `{name}` is not listed"))?;
                    countries.extend(self.country_list(group)?);
                }
                None => {
                    countries.push(Country::parse(name).ok_or_else(|| format!("`{name}` is not a country"))?);
                }
            }
        }
        Ok(countries)
    }

    fn authority(&self, id: &str) -> Result<Authority, String> {
        let raw = self.raw.authority.iter().find(|authority| authority.id == id);
        let raw = raw.ok_or_else(|| format!("authority `{id}` is not listed"))?;
        let parse = |name: &str| named(RateRule::parse(name), name);
        let rule = raw.rule.as_deref().map(parse).transpose()?;
        Ok(Authority { id: Arc::from(id), pivot: currency(&raw.pivot)?, days_max: raw.days_max, rule })
    }

    fn condition(&self, raw: &RawCondition) -> Result<Condition, String> {
        let readings = self.readings_of(&raw.reading.0)?;
        Condition::compile(raw, |names| self.countries(names), |text| self.figure(text), readings)
    }

    /// Compiles a condition of a row that is not reckoned: thresholds of value have no meaning there.
    fn moneyless_condition(&self, raw: &RawCondition) -> Result<Condition, String> {
        let compiled = self.condition(raw)?;
        if !compiled.thresholds.is_empty() || !raw.counts.is_empty() {
            return Err("thresholds of value belong to regimes, charges and entries".to_owned());
        }
        Ok(compiled)
    }

    /// Compiles a condition of a row whose rule does not look at readings either.
    fn plain_condition(&self, raw: &RawCondition) -> Result<Condition, String> {
        let compiled = self.moneyless_condition(raw)?;
        if !compiled.readings.is_empty() {
            return Err("readings belong to the procedure, regimes, charges and entries".to_owned());
        }
        Ok(compiled)
    }

    fn readings_of(&self, texts: &[String]) -> Result<Vec<ReadingChoice>, String> {
        texts.iter().map(|text| self.reading(text)).collect()
    }

    /// Resolves `id:choice`.
    fn reading(&self, text: &str) -> Result<ReadingChoice, String> {
        let fault = || format!("`{text}` is not a reading and one of its choices");
        let (id, choice) = text.split_once(':').ok_or_else(fault)?;
        let reading = self.reading_index(id).ok_or_else(fault)?;
        let raw = &self.raw.reading[usize::from(reading)];
        if !raw.choices.iter().any(|known| known == choice) {
            return Err(fault());
        }
        let is_default = raw.default == choice;
        Ok(ReadingChoice { reading, id: Box::from(id), choice: Box::from(choice), is_default })
    }

    fn terms(&mut self, terms: &[String], wanted: Use) -> Result<(), String> {
        terms.iter().try_for_each(|term| self.lexicon.add(term, wanted))
    }

    /// Reads every list: its lines from its row, or from the file that it names.
    fn lists(
        &mut self,
        files: &BTreeMap<&str, &str>,
        schedules: &mut Schedules,
    ) -> Result<Lists, TableError> {
        let fault = |list: &str, fault: String| TableError::List { list: list.to_owned(), fault };
        if let Some(file) = files.keys().find(|file| !self.raw.list.iter().any(|raw| raw.list == **file)) {
            return Err(fault(file, "has no row in table `list`".to_owned()));
        }
        let (mut editions, mut names) = (Vec::new(), Vec::new());
        let (mut offices, mut figures) = (None, None);
        for raw in &self.raw.list {
            let row = self.row(raw)?;
            // An edition that is known to come, and of which nothing is at hand.
            if row.status == Status::Unknown && raw.kind == "subheadings" {
                continue;
            }
            let name = if raw.lines.is_some() { &raw.id } else { &raw.list };
            let text = raw.lines.as_deref().or_else(|| files.get(raw.list.as_str()).copied());
            let text = text.ok_or_else(|| fault(name, "is not given".to_owned()))?;
            let told = |error: String| fault(name, error);
            match raw.kind.as_str() {
                "subheadings" => {
                    editions.push(Listed { row, list: Subheadings::parse(text).map_err(told)? });
                }
                "duty" => schedules.add_list(row, &raw.schedules, text).map_err(told)?,
                "names" => names.push(Listed { row, list: Names::parse(text, Language::En).map_err(told)? }),
                "terms" => names.push(Listed { row, list: Names::parse_terms(text).map_err(told)? }),
                "offices" => offices = Some(Listed { row, list: Offices::parse(text).map_err(told)? }),
                "figures" => figures = Some(Listed { row, list: GoodsFigures::parse(text).map_err(told)? }),
                other => return Err(fault(name, format!("`{other}` is not a kind of list"))),
            }
        }
        editions.sort_by_key(|edition| edition.row.valid_from);
        let missing = |kind: &str| fault(kind, "no list of this kind is given".to_owned());
        if editions.is_empty() {
            return Err(missing("subheadings"));
        }
        Ok(Lists {
            editions,
            names,
            offices: offices.ok_or_else(|| missing("offices"))?,
            figures: figures.ok_or_else(|| missing("figures"))?,
        })
    }
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).ok_or_else(|| format!("`{text}` is not a currency"))
}

pub(super) fn prefixes(texts: &[String]) -> Result<Vec<HsPrefix>, String> {
    let parse = |text: &String| {
        HsPrefix::parse(text)
            .ok_or_else(|| format!("`{text}` is not a run of two to ten digits, nor a range of such"))
    };
    texts.iter().map(parse).collect()
}

/// Returns the value for a name, or says that there is none of that name.
fn named<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("`{name}` is not known here"))
}

/// Puts the id of a row before what is wrong with it; its place is found out when the error leaves.
fn of_row<T>(id: &str, result: Result<T, String>) -> Result<T, TableError> {
    result.map_err(|fault| TableError::Row { place: String::new(), row: id.to_owned(), fault })
}

fn optional_money(text: Option<&String>) -> Result<Option<Money>, String> {
    text.map(|text| money(text)).transpose()
}

/// Reads `15%`.
fn percent(text: &str) -> Result<Ratio, String> {
    let rate = text.strip_suffix('%').and_then(percentage).filter(|rate| !rate.is_negative());
    rate.ok_or_else(|| format!("`{text}` is not a percentage"))
}

fn country(name: &str) -> Result<Country, String> {
    Country::parse(name).ok_or_else(|| format!("`{name}` is not a country"))
}
