//! Manifests: what a dispatch and a container hold, as JSON for the next system.
//!
//! The structures here are the border: their fields and their order are the format, and the JSON Schemas in `schemas/`
//! describe it. They hold no name, address or other personal data.

mod container;
mod dispatch;
mod moment;

use serde::Serialize;

pub use container::{
    ClassTotals, ContainerFormat, ContainerManifest, Fill, LoadedReceptacle, Provenance, Seal, SealKind,
    Stated, Unit,
};
pub use dispatch::{Bill, BillForm, DispatchFormat, DispatchManifest, Item, Receptacle, Totals};
pub use moment::{Departure, Moment, Transport};

/// Why a manifest cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It is no JSON, or not of this format and version.
    #[error("cannot read the manifest")]
    Json(#[source] serde_json::Error),
    /// What it says twice differs: a sum and what it lists, or an identifier and its parts.
    #[error("cannot take the manifest: what it says twice differs")]
    Contradiction,
}

/// Writes with two spaces of indentation and a line feed at the end: the same manifest is the same bytes.
fn to_json(manifest: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(manifest).expect("a manifest has only text keys and integers");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
