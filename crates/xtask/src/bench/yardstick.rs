//! The yardstick: the same items as plain tables, imported by the `sqlite3` shell.

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use caravan_declaration::{Declaration, Limits, Party, PartyKind, read};
use caravan_postal::Money;
use caravan_station::Config;
use caravan_tariff::{Assessment, Engine};
use chrono::NaiveDate;

use super::measure::{Stages, timed};
use super::read::{declarations, question};

const SCHEMA: &str = include_str!("../../yardstick/schema.sql");

/// Writes the three tables of a scenario's items as CSV, and returns how many items they hold.
pub(crate) fn write(scenario: &Path, folder: &Path) -> Result<u64> {
    fs::create_dir_all(folder)?;
    let settings = fs::read_to_string(scenario.join("station.toml"))?;
    let rates = fs::read_to_string(scenario.join(Config::rates_file(&settings)?))?;
    let config = Config::parse(&settings, &rates)?;
    let engine = Engine::builtin();
    let on = NaiveDate::from_ymd_opt(2026, 11, 16).context("a day of the calendar")?;
    let mut items = csv::Writer::from_path(folder.join("item.csv"))?;
    let mut pieces = csv::Writer::from_path(folder.join("piece.csv"))?;
    let mut results = csv::Writer::from_path(folder.join("result.csv"))?;
    let mut count = 0;
    for path in declarations(scenario)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = fs::File::open(&path)?;
        let mut failed = Ok(());
        read(file, &Limits::standard(), |read| {
            let declaration = &read.declaration;
            let assessment = engine.assess(&question(declaration, &config, on));
            let ordinal = read.ordinal.to_string();
            count += 1;
            failed = items
                .write_record(item(&name, &ordinal, declaration))
                .and_then(|()| write_pieces(&mut pieces, &name, &ordinal, declaration))
                .and_then(|()| results.write_record(result(&name, &ordinal, &assessment)));
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        failed?;
    }
    for writer in [&mut items, &mut pieces, &mut results] {
        writer.flush()?;
    }
    Ok(count)
}

fn item(file: &str, ordinal: &str, declaration: &Declaration<'_>) -> [String; 25] {
    let shown = |value: Option<&dyn std::fmt::Display>| value.map_or_else(String::new, ToString::to_string);
    let identifier = declaration.s10();
    let form = declaration.form.map(|form| format!("{form:?}"));
    let class = declaration.class();
    let nature = declaration.nature;
    let [
        sender_kind,
        sender_name,
        sender_street,
        sender_city,
        sender_postcode,
        sender_country,
        sender_telephone,
    ] = party(&declaration.sender);
    let [kind, name, street, city, postcode, country, telephone] = party(&declaration.addressee);
    [
        file.to_owned(),
        ordinal.to_owned(),
        shown(identifier.as_ref().map(|value| value as _)),
        form.unwrap_or_default(),
        shown(class.as_ref().map(|value| value as _)),
        shown(declaration.posted_on.as_ref().map(|value| value as _)),
        shown(nature.as_ref().map(|value| value as _)),
        declaration.gross_weight.map_or_else(String::new, |weight| weight.0.to_string()),
        declaration.postage.map_or_else(String::new, Money::decimal),
        declaration.postage.map_or_else(String::new, |postage| postage.currency.to_string()),
        sender_kind,
        sender_name,
        sender_street,
        sender_city,
        sender_postcode,
        sender_country,
        sender_telephone,
        kind,
        name,
        street,
        city,
        postcode,
        country,
        telephone,
        declaration.pieces.len().to_string(),
    ]
}

fn party(party: &Party<'_>) -> [String; 7] {
    let kind = match party.kind {
        Some(PartyKind::Person) => "person",
        Some(PartyKind::Business) => "business",
        None => "",
    };
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    [
        kind.to_owned(),
        text(party.name.or(party.business)),
        text(party.street),
        text(party.city),
        text(party.postcode),
        party.country.map_or_else(String::new, |country| country.to_string()),
        text(party.telephone),
    ]
}

fn write_pieces<W: Write>(
    writer: &mut csv::Writer<W>,
    file: &str,
    ordinal: &str,
    declaration: &Declaration<'_>,
) -> csv::Result<()> {
    for (index, piece) in declaration.pieces.iter().enumerate() {
        writer.write_record([
            file.to_owned(),
            ordinal.to_owned(),
            (index + 1).to_string(),
            piece.description.unwrap_or_default().to_owned(),
            piece.units.map_or_else(String::new, |units| units.to_string()),
            piece.net_weight.map_or_else(String::new, |weight| weight.0.to_string()),
            piece.value.map_or_else(String::new, Money::decimal),
            piece.value.map_or_else(String::new, |value| value.currency.to_string()),
            piece.hs.map_or_else(String::new, |hs| hs.to_string()),
            piece.origin.map_or_else(String::new, |origin| origin.to_string()),
        ])?;
    }
    Ok(())
}

fn result(file: &str, ordinal: &str, assessment: &Assessment) -> [String; 8] {
    let first = assessment.charges.first().map(|charge| charge.amount);
    [
        file.to_owned(),
        ordinal.to_owned(),
        assessment.decision.as_str().to_owned(),
        assessment.channel.as_str().to_owned(),
        assessment.findings.len().to_string(),
        assessment.charges.len().to_string(),
        first.map_or_else(String::new, Money::decimal),
        first.map_or_else(String::new, |amount| amount.currency.to_string()),
    ]
}

/// Imports the tables into a database that is not there yet.
pub(crate) fn import(folder: &Path, database: &Path) -> Result<Stages> {
    let imports = ["item", "piece", "result"].map(|table| format!(".import {table}.csv {table}\n"));
    let script = [SCHEMA, ".mode csv\n", &imports.concat()].concat();
    let (status, wall) = timed(|| -> Result<_> {
        let mut shell = Command::new("sqlite3");
        shell.arg(database).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child =
            shell.spawn().context("cannot run sqlite3\nhint: it is the Debian package sqlite3")?;
        child.stdin.take().context("sqlite3 reads its script")?.write_all(script.as_bytes())?;
        Ok(child.wait()?)
    })?;
    if !status.success() {
        bail!("sqlite3 did not import the tables");
    }
    Ok(Stages::of(wall))
}
