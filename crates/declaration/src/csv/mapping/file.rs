//! Reading a mapping file; everything that is wrong with it at once, each with its line.

use std::ops::Range;

use bumpalo::Bump;
use caravan_postal::{Currency, Finding};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{DateOrder, Header, Mapping, Target};
use crate::builder::{Builder, Raw, clip, is_blank};
use crate::csv::{Column, column_elements, columns};
use crate::findings::{
    MAPPING_KEY_UNKNOWN, MAPPING_MISSING, MAPPING_SYNTAX, MAPPING_TARGET_TWICE, MAPPING_TARGET_UNKNOWN,
    MAPPING_VALUE,
};
use crate::format::{Element, Type};
use crate::limits::Limits;
use crate::place::{Anchor, Lines, Mark};

impl Mapping {
    /// Reads a mapping file. There is a mapping when there are no findings.
    pub fn parse(text: &str) -> (Option<Self>, Vec<Finding>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let lines = Lines::new(text.as_bytes(), Anchor::start(0));
        let (columns, elements) = (columns(), column_elements());
        let mut file = File { lines, columns, elements, taken: Vec::new(), findings: Vec::new() };
        for error in errors {
            file.report(error.span().unwrap_or_default(), MAPPING_SYNTAX.finding::<&str>([]));
        }
        let is_table = file.findings.is_empty();
        let mapping = is_table.then(|| file.mapping(table.get_ref()));
        let mut findings = file.findings;
        findings.sort();
        (mapping.filter(|_| findings.is_empty()), findings)
    }
}

/// A mapping file while it is read.
struct File<'t> {
    lines: Lines<'t>,
    columns: Vec<Column>,
    elements: Vec<(&'static Element, bool)>,
    /// Our columns that something was said about, by their index.
    taken: Vec<usize>,
    findings: Vec<Finding>,
}

type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;
type Value<'t> = Spanned<DeValue<'t>>;

impl File<'_> {
    fn mapping(&mut self, table: &DeTable<'_>) -> Mapping {
        let mut mapping = Mapping {
            name: String::new(),
            delimiter: None,
            decimal: '.',
            thousands: None,
            dates: None,
            headers: Vec::new(),
            constants: Vec::new(),
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => mapping.name = self.text(key, value).unwrap_or_default().to_owned(),
                "delimiter" => {
                    let marks = [(",", b','), (";", b';'), ("\t", b'\t'), ("|", b'|')];
                    mapping.delimiter = self.one_of(key, value, &marks);
                }
                "decimal" => {
                    let marks = [(".", '.'), (",", ',')];
                    mapping.decimal = self.one_of(key, value, &marks).unwrap_or(mapping.decimal);
                }
                "thousands" => {
                    let marks = [(" ", ' '), (".", '.'), (",", ','), ("'", '\''), ("\u{A0}", '\u{A0}')];
                    mapping.thousands = self.one_of(key, value, &marks);
                }
                "dates" => {
                    let orders = [
                        ("day-month-year", DateOrder::DayMonthYear),
                        ("month-day-year", DateOrder::MonthDayYear),
                        ("year-month-day", DateOrder::YearMonthDay),
                    ];
                    mapping.dates = self.one_of(key, value, &orders);
                }
                "ignored" => self.ignored(key, value, &mut mapping),
                "columns" => self.headers(key, value, &mut mapping),
                "constants" => self.constants(key, value, &mut mapping),
                _ => self.unknown(key),
            }
        }
        for (key, value) in table.iter().filter(|(key, _)| key.get_ref() == "thousands") {
            if mapping.thousands == Some(mapping.decimal) {
                self.value(key, value, "thousands != decimal");
            }
        }
        for (name, is_missing) in
            [("name", is_blank(&mapping.name)), ("columns", !table.contains_key("columns"))]
        {
            if is_missing {
                self.report(0..0, MAPPING_MISSING.finding([name]));
            }
        }
        mapping
    }

    fn headers(&mut self, key: &Key<'_>, value: &Value<'_>, mapping: &mut Mapping) {
        let Some(table) = self.table(key, value) else { return };
        for (name, value) in table {
            if let Some(header) = self.header(name, value) {
                self.keep(name.span(), header, mapping);
            }
        }
    }

    fn ignored(&mut self, key: &Key<'_>, value: &Value<'_>, mapping: &mut Mapping) {
        let DeValue::Array(names) = value.get_ref() else {
            return self.value(key, value, "[\"...\"]");
        };
        for name in names {
            let Some(text) = self.text(key, name) else { continue };
            let header = Header {
                name: text.trim().to_owned(),
                target: Target::Nothing,
                is_optional: true,
                is_in_grams: false,
                values: Vec::new(),
            };
            self.keep(name.span(), header, mapping);
        }
    }

    fn keep(&mut self, span: Range<usize>, header: Header, mapping: &mut Mapping) {
        if mapping.header(&header.name).is_some() {
            return self.report(span, MAPPING_TARGET_TWICE.finding([clip(&header.name)]));
        }
        mapping.headers.push(header);
    }

    /// Reads what is said about one column of the partner.
    fn header(&mut self, name: &Key<'_>, value: &Value<'_>) -> Option<Header> {
        let mut header = Header {
            name: name.get_ref().trim().to_owned(),
            target: Target::Nothing,
            is_optional: false,
            is_in_grams: false,
            values: Vec::new(),
        };
        let DeValue::Table(table) = value.get_ref() else {
            let text = self.text(name, value)?;
            header.target = Target::Column(self.column(text, value.span())?);
            return Some(header);
        };
        let mut targets = 0;
        let mut values = None;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "column" => {
                    let text = self.text(key, value)?;
                    header.target = Target::Column(self.column(text, value.span())?);
                    targets += 1;
                }
                "extra" => {
                    header.target = Target::Extra(self.text(key, value)?.to_owned());
                    targets += 1;
                }
                "optional" => {
                    let flag = value.get_ref().as_bool();
                    if flag.is_none() {
                        self.value(key, value, "true, false");
                    }
                    header.is_optional = flag.unwrap_or_default();
                }
                "unit" => {
                    let units = [("g", true), ("kg", false)];
                    header.is_in_grams = self.one_of(key, value, &units).unwrap_or_default();
                }
                "values" => values = self.table(key, value),
                _ => self.unknown(key),
            }
        }
        if targets != 1 {
            self.value(name, value, "column, extra");
            return None;
        }
        let column = match header.target {
            Target::Column(column) => Some(column),
            Target::Extra(_) | Target::Nothing => None,
        };
        if header.is_in_grams && !self.is_weight(column) {
            self.value(name, value, "unit = \"kg\"");
        }
        for (found, meant) in values.into_iter().flatten() {
            let Some(text) = self.text(found, meant) else { continue };
            if let Some(column) = column.filter(|column| !self.takes(*column, text)) {
                let name = self.columns[column].name.clone();
                self.value(found, meant, &name);
            }
            header.values.push((found.get_ref().trim().to_owned(), text.to_owned()));
        }
        Some(header)
    }

    fn constants(&mut self, key: &Key<'_>, value: &Value<'_>, mapping: &mut Mapping) {
        let Some(table) = self.table(key, value) else { return };
        for (name, value) in table {
            let Some(column) = self.column_of_constant(name) else { continue };
            let Some(text) = self.text(name, value) else { continue };
            if self.takes(column, text) {
                mapping.constants.push((column, text.to_owned()));
            } else {
                self.value(name, value, name.get_ref());
            }
        }
    }

    /// Returns the index of our column, which only one column of the partner fills.
    fn column(&mut self, name: &str, span: Range<usize>) -> Option<usize> {
        let Some(column) = self.columns.iter().position(|column| column.name == name) else {
            self.report(span, MAPPING_TARGET_UNKNOWN.finding([clip(name)]));
            return None;
        };
        if self.taken.contains(&column) {
            self.report(span, MAPPING_TARGET_TWICE.finding([clip(name)]));
            return None;
        }
        self.taken.push(column);
        Some(column)
    }

    /// Returns the index of our column, which a column of the partner may fill too.
    fn column_of_constant(&mut self, name: &Key<'_>) -> Option<usize> {
        let column = self.columns.iter().position(|column| column.name == *name.get_ref());
        if column.is_none() {
            self.report(name.span(), MAPPING_TARGET_UNKNOWN.finding([clip(name.get_ref())]));
        }
        column
    }

    fn is_weight(&self, column: Option<usize>) -> bool {
        let element = column.map(|column| self.elements[column].0);
        matches!(element.and_then(Element::value_type), Some(Type::Kilograms))
    }

    /// Returns whether a column reads a text without a finding.
    fn takes(&self, column: usize, text: &str) -> bool {
        let (element, is_attribute) = self.elements[column];
        if is_attribute {
            let is_currency = matches!(element.value_type(), Some(Type::Money));
            return if is_currency { Currency::parse(text).is_some() } else { !is_blank(text) };
        }
        let (arena, limits, mut spots) = (Bump::new(), Limits::standard(), Vec::new());
        let mut builder = Builder::new(&arena, &limits, &mut spots);
        // A currency with as many decimals as any has, or the name of an extra field.
        let attribute = Some("KWD");
        builder.set(element, Raw { text, attribute, mark: Mark::cell(1, 1) });
        builder.finish(1, Mark::cell(1, 1), crate::place::Resolver::Cells).1.is_empty()
    }

    fn text<'v>(&mut self, key: &Key<'_>, value: &'v Value<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str().filter(|text| !is_blank(text));
        if text.is_none() {
            self.value(key, value, "\"...\"");
        }
        text
    }

    fn one_of<T: Copy>(&mut self, key: &Key<'_>, value: &Value<'_>, all: &[(&str, T)]) -> Option<T> {
        let text = value.get_ref().as_str();
        let found = all.iter().find(|(name, _)| Some(*name) == text).map(|(_, meant)| *meant);
        if found.is_none() {
            let names: Vec<String> = all.iter().map(|(name, _)| format!("{name:?}")).collect();
            self.value(key, value, &names.join(", "));
        }
        found
    }

    fn table<'v, 't>(&mut self, key: &Key<'_>, value: &'v Value<'t>) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.value(key, value, "{ }");
        }
        table
    }

    fn unknown(&mut self, key: &Key<'_>) {
        self.report(key.span(), MAPPING_KEY_UNKNOWN.finding([clip(key.get_ref())]));
    }

    fn value(&mut self, key: &Key<'_>, value: &Value<'_>, expected: &str) {
        let finding = MAPPING_VALUE.finding([clip(key.get_ref()), expected.to_owned()]);
        self.report(value.span(), finding);
    }

    fn report(&mut self, span: Range<usize>, finding: Finding) {
        let place = self.lines.place(Mark(span.start as u64));
        self.findings.push(finding.at(place));
    }
}
