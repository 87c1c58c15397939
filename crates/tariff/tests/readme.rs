//! The figures of the project's README are those of the tables.

use std::collections::{BTreeMap, BTreeSet};

use caravan_tariff::BUILTIN;
use toml::{Table, Value};

/// The countries of the rows of a table that are not `unknown`, as far as `is_meant`.
fn countries(table: &str, is_meant: fn(&Value) -> bool) -> BTreeSet<String> {
    let is_toml = |name: &str| name.rsplit('.').next() == Some("toml");
    let texts = BUILTIN.iter().filter(|table| is_toml(table.name));
    let texts: Vec<Table> = texts.map(|table| table.text.parse().expect("the tables are right")).collect();
    let mut groups = BTreeMap::new();
    for text in &texts {
        let of = text.get("groups").and_then(Value::as_table).into_iter().flatten();
        groups.extend(of.map(|(name, members)| (format!("@{name}"), members)));
    }
    let mut found = BTreeSet::new();
    let rows = texts.iter().filter_map(|text| text.get(table)).filter_map(Value::as_array).flatten();
    for row in rows.filter(|row| row["status"].as_str() != Some("unknown") && is_meant(row)) {
        let mut open: Vec<&Value> = row.get("countries").into_iter().collect();
        while let Some(names) = open.pop() {
            for name in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
                match groups.get(name) {
                    Some(members) => open.push(members),
                    None => _ = found.insert(name.to_owned()),
                }
            }
        }
    }
    found
}

#[test]
fn the_readme_counts_as_the_tables_do() {
    let readme = include_str!("../../../README.md");
    let charged = countries("regime", |_| true).len();
    let is_destination = |row: &Value| matches!(row["by"].as_str(), Some("destination" | "either"));
    let mut listed = countries("article", is_destination);
    assert!(listed.remove("CN"), "China has lists both ways");
    for claim in [
        format!("Duty and tax of {charged} countries, China among them"),
        format!("lists of {} other", listed.len()),
    ] {
        assert!(readme.contains(&claim), "the README does not say `{claim}`");
    }
}
