//! The envelope file, and what China's messages refuse, in sentences.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use caravan_declaration::ceb::{Refusal, WriteError};
use caravan_declaration::envelope::{Envelope, Target};
use caravan_postal::Language;

use super::Convert;
use crate::flow::FindingView;
use crate::texts::CATALOGUE;

/// What is wrong before anything is converted.
#[derive(Debug, thiserror::Error)]
pub(in crate::commands) enum ConvertError {
    /// The arguments do not go together.
    #[error("{0}")]
    Call(String),
    /// An envelope file that cannot be used: a fault of configuration.
    #[error("the envelope cannot be used\n{0}")]
    Envelope(String),
}

impl ConvertError {
    /// Returns how the process ends, in the numbers of sysexits.
    pub(in crate::commands) fn exit_code(&self) -> u8 {
        match self {
            Self::Call(_) => 2,
            Self::Envelope(_) => 78,
        }
    }
}

/// Reads an envelope file; a faulty one is an error that tells every fault in it.
pub(super) fn read(path: &Path, target: Target, is_wrapped: bool, language: Language) -> Result<Envelope> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{name}`"))?;
    let (envelope, faults) = Envelope::parse(&text, target, is_wrapped);
    let lines = faults.iter().map(|fault| FindingView::of(fault, &CATALOGUE, language).line(&name));
    envelope.ok_or_else(|| ConvertError::Envelope(lines.collect::<Vec<_>>().join("\n")).into())
}

impl Convert {
    /// Says why an item or a message is not written.
    pub(super) fn refused(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Missing(_) => format!("{refusal}; the envelope can"),
            Refusal::Write(WriteError::Refused { finding, .. }) => {
                let says = CATALOGUE.says(finding, self.language);
                format!("[{}] {}: {says}", finding.code.name, finding.field)
            }
            Refusal::Write(error) => error.to_string(),
        }
    }
}
