//! What a rule is: a row of the tables as it is written, a reading with its choices, the code of a finding.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::json;

use super::Assess;
use crate::texts::CATALOGUE;
use crate::written::written;

impl Assess {
    /// Tells what a rule is.
    pub(super) fn rule(&self, rule: &str) -> Result<ExitCode> {
        let desk = self.desk()?;
        let mut output = io::stdout().lock();
        let mut is_found = false;
        if let Some(row) = written(&desk.engine, &desk.overlay).iter().find(|row| row.row.id.as_str() == rule)
        {
            is_found = true;
            if self.json {
                writeln!(output, "{}", row.object())?;
            } else {
                write!(output, "{}", row.page(self.language))?;
            }
        }
        if let Some(code) = CATALOGUE.code(rule) {
            is_found = true;
            // The arguments stand for themselves: what is told is the rule and no finding by it.
            let finding = code.finding(code.arguments.iter().map(|name| format!("<{name}>")));
            let says = CATALOGUE.says(&finding, self.language);
            let act = CATALOGUE.act(&finding, self.language);
            let severity = code.severity.as_str();
            if self.json {
                let arguments = code.arguments;
                let told = json!({ "code": rule, "severity": severity, "arguments": arguments, "says": says, "act": act });
                writeln!(output, "{told}")?;
            } else {
                let severity = CATALOGUE.term(&format!("@severity-{severity}"), self.language).to_owned();
                writeln!(output, "{rule}\n  {severity}\n  {says}\n  {act}")?;
            }
        }
        if !is_found {
            let near = near(rule, desk.engine.rows().map(|row| row.id.as_str()));
            let hint = if near.is_empty() { near } else { format!("\nhint: there is {near}") };
            let error = io::Error::new(io::ErrorKind::NotFound, format!("there is no rule `{rule}`{hint}"));
            return Err(error).context("cannot tell what it is");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// How many ids are shown that are spelt like the one asked for.
const NEAR_MAX: usize = 5;

/// Returns the ids that are the one asked for in other letters, or hold it, or begin with what it begins with.
fn near<'a>(rule: &str, ids: impl Iterator<Item = &'a str>) -> String {
    let plain = rule.to_lowercase().replace(['_', ' '], "-");
    let head = plain.rsplit_once('-').map_or(&*plain, |(head, _)| head);
    let mut found: Vec<&str> = ids.filter(|id| id.contains(&plain) || id.starts_with(head)).collect();
    found.sort_by_key(|id| (*id != plain, !id.contains(&plain), id.len()));
    found.truncate(if found.first() == Some(&&*plain) { 1 } else { NEAR_MAX });
    found.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}
