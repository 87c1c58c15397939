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
                write!(output, "{}", row.page())?;
            }
        }
        if let Some(code) = CATALOGUE.code(rule) {
            is_found = true;
            // The arguments stand for themselves: what is told is the rule and no finding by it.
            let finding = code.finding(code.arguments.iter().map(|name| format!("{{{name}}}")));
            let says = CATALOGUE.says(&finding, self.language);
            let act = CATALOGUE.act(&finding, self.language);
            let severity = code.severity.as_str();
            if self.json {
                let arguments = code.arguments;
                let told = json!({ "code": rule, "severity": severity, "arguments": arguments, "says": says, "act": act });
                writeln!(output, "{told}")?;
            } else {
                writeln!(output, "{rule}\n  {severity}\n  {says}\n  {act}")?;
            }
        }
        if !is_found {
            let error = io::Error::new(io::ErrorKind::NotFound, format!("there is no rule `{rule}`"));
            return Err(error).context("cannot tell what it is");
        }
        Ok(ExitCode::SUCCESS)
    }
}
