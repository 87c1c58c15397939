//! The file as such: tables, keys and values, each asked for by its name; what nobody asked for is reported.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use caravan_postal::Finding;
use chrono::NaiveDateTime;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::builder::{clip, is_blank};
use crate::findings::{ENVELOPE_KEY_UNKNOWN, ENVELOPE_MISSING, ENVELOPE_SYNTAX, ENVELOPE_VALUE};
use crate::place::{Anchor, Lines, Mark};

pub(super) type Key<'t> = Spanned<Cow<'t, str>>;
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// How a moment is written.
const MOMENT: &str = "2026-11-22T14:30:00";

/// A file while it is read.
pub(super) struct File<'t> {
    lines: Lines<'t>,
    findings: RefCell<Vec<Finding>>,
}

/// One table of it; a table that is not there has no keys, so that each that is needed is named.
pub(super) struct Section<'f, 't> {
    file: &'f File<'t>,
    table: Option<&'f DeTable<'t>>,
    /// What its keys are called by: the names of the tables around them, joined by points.
    name: String,
    at: Range<usize>,
    known: RefCell<Vec<String>>,
}

impl<'t> File<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { lines: Lines::new(text.as_bytes(), Anchor::start(0)), findings: RefCell::default() }
    }

    pub(super) fn root<'f>(&'f self, table: &'f DeTable<'t>) -> Section<'f, 't> {
        Section { file: self, table: Some(table), name: String::new(), at: 0..0, known: RefCell::default() }
    }

    pub(super) fn is_fine(&self) -> bool {
        self.findings.borrow().is_empty()
    }

    pub(super) fn syntax(&self, span: Range<usize>) {
        self.report(span, ENVELOPE_SYNTAX.finding::<&str>([]));
    }

    /// Returns everything that was found, in the order of the file.
    pub(super) fn finish(self) -> Vec<Finding> {
        let mut findings = self.findings.into_inner();
        findings.sort();
        findings
    }

    pub(super) fn report(&self, span: Range<usize>, finding: Finding) {
        let place = self.lines.place(Mark(span.start as u64));
        self.findings.borrow_mut().push(finding.at(place));
    }
}

impl<'f, 't> Section<'f, 't> {
    /// Says that a key may be there, and returns its value.
    pub(super) fn value(&self, key: &str) -> Option<&'f Value<'t>> {
        self.knows(key);
        self.table?.get(key)
    }

    /// Says that a key may be there.
    pub(super) fn knows(&self, key: &str) {
        self.known.borrow_mut().push(key.to_owned());
    }

    /// Returns every key that nobody has asked for yet.
    pub(super) fn others(&self) -> impl Iterator<Item = (&'f Key<'t>, &'f Value<'t>)> {
        let known = self.known.borrow().clone();
        let all = self.table.into_iter().flatten();
        all.filter(move |(key, _)| !known.iter().any(|known| *known == *key.get_ref()))
    }

    /// Returns whether the table is there.
    pub(super) fn is_there(&self) -> bool {
        self.table.is_some()
    }

    /// Returns a table in it.
    pub(super) fn inner(&self, key: &str) -> Section<'f, 't> {
        let value = self.value(key);
        let table = value.and_then(|value| value.get_ref().as_table());
        if let Some(value) = value.filter(|_| table.is_none()) {
            self.wrong(key, value, "a table");
        }
        self.section(key, table, value.map_or(self.at.clone(), Spanned::span))
    }

    /// Returns the tables of a list.
    pub(super) fn list(&self, key: &str) -> Vec<Section<'f, 't>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let tables = value.get_ref().as_array().map(|array| {
            array.iter().map(|inner| (inner.get_ref().as_table(), inner.span())).collect::<Vec<_>>()
        });
        match tables {
            Some(tables) if tables.iter().all(|(table, _)| table.is_some()) => {
                tables.into_iter().map(|(table, span)| self.section(key, table, span)).collect()
            }
            _ => {
                self.wrong(key, value, "[[ ]]");
                Vec::new()
            }
        }
    }

    fn section(&self, key: &str, table: Option<&'f DeTable<'t>>, at: Range<usize>) -> Section<'f, 't> {
        Section { file: self.file, table, name: self.full(key), at, known: RefCell::default() }
    }

    /// Returns a text that has at least one character.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.parsed(key, "\"...\"", |text| Some(text.to_owned()))
    }

    /// Returns what a text means.
    pub(super) fn parsed<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let found = value.get_ref().as_str().filter(|text| !is_blank(text)).and_then(parse);
        if found.is_none() {
            self.wrong(key, value, expected);
        }
        found
    }

    /// Returns what each text of a list means.
    pub(super) fn all<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let texts = value.get_ref().as_array();
        let found = texts.and_then(|texts| {
            texts.iter().map(|text| text.get_ref().as_str().and_then(&parse)).collect::<Option<Vec<_>>>()
        });
        if found.is_none() {
            self.wrong(key, value, expected);
        }
        found
    }

    /// Returns a whole number within bounds, both included.
    pub(super) fn whole(&self, key: &str, least: u32, most: u32) -> Option<u32> {
        let value = self.value(key)?;
        let number = value.get_ref().as_integer().filter(|number| number.radix() == 10);
        let number = number.and_then(|number| number.as_str().replace('_', "").parse().ok());
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(key, value, &format!("{least} to {most}"));
        }
        number
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(key, value, "true, false");
        }
        flag
    }

    /// Returns a moment as it is written, with an offset or without.
    pub(super) fn moment_text(&self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        let found = match value.get_ref() {
            DeValue::Datetime(moment) if moment.date.is_some() && moment.time.is_some() => {
                Some(moment.to_string())
            }
            _ => None,
        };
        if found.is_none() {
            self.wrong(key, value, MOMENT);
        }
        found
    }

    /// Returns a moment without an offset.
    pub(super) fn moment(&self, key: &str) -> Option<NaiveDateTime> {
        let text = self.moment_text(key)?;
        let found = text.parse().ok();
        if let (None, Some(value)) = (found, self.value(key)) {
            self.wrong(key, value, MOMENT);
        }
        found
    }

    /// Reports a key without which there is no message, unless something stands there that was reported itself.
    pub(super) fn needed<T>(&self, key: &str, found: Option<T>) -> Option<T> {
        let is_there = self.table.is_some_and(|table| table.contains_key(key));
        if found.is_none() && !is_there {
            self.report(self.at.clone(), ENVELOPE_MISSING.finding([self.full(key)]));
        }
        found
    }

    /// Reports a value that is not what it can be.
    pub(super) fn wrong(&self, key: &str, value: &Value<'_>, expected: &str) {
        self.report(value.span(), ENVELOPE_VALUE.finding([clip(&self.full(key)), expected.to_owned()]));
    }

    /// Reports a key that is none.
    pub(super) fn unknown(&self, key: &Key<'_>) {
        self.report(key.span(), ENVELOPE_KEY_UNKNOWN.finding([clip(&self.full(key.get_ref()))]));
    }

    pub(super) fn report(&self, span: Range<usize>, finding: Finding) {
        self.file.report(span, finding);
    }

    /// Reports what is wrong with the table as a whole.
    pub(super) fn report_whole(&self, finding: Finding) {
        self.report(self.at.clone(), finding);
    }

    /// Returns the name of a key with the tables around it.
    pub(super) fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// Ends a table: what nobody has asked for is reported.
    pub(super) fn finish(&self) {
        for (key, _) in self.others() {
            self.unknown(key);
        }
    }
}
