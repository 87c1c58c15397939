//! Who files come from: what the settings, or the command line, say of them beside their bytes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use caravan_declaration::csv::Mapping;
use caravan_declaration::signature::{Certificate, KeyError, Trust, verify};
use caravan_declaration::{Encoding, Format, Limits, Options, Outcome, ceb, findings as reading};
use caravan_edi::profile::ProfileError;
use caravan_postal::{Finding, Language};
use caravan_station::Config;

use crate::findings::SIGNATURE_OF_ANYONE;
use crate::flow::FindingView;
use crate::texts::CATALOGUE;

/// What is known of the files of one correspondent; nothing, by default.
#[derive(Debug, Default)]
pub struct Correspondent {
    /// The encoding to take where the bytes could have several.
    pub encoding: Option<Encoding>,
    /// What the columns of its tables mean.
    pub mappings: Vec<Mapping>,
    /// The sheet of a workbook; the first, when not said.
    pub sheet: Option<String>,
    /// The certificates that sign its customs messages. Where there is one, every customs message must be signed.
    pub certificates: Vec<Certificate>,
}

/// The correspondents of a station by the name of their folder.
#[derive(Debug, Default)]
pub struct Correspondents {
    by_folder: BTreeMap<String, Correspondent>,
    unnamed: Correspondent,
}

/// What is wrong with a file that says something of a correspondent.
#[derive(Debug, thiserror::Error)]
pub enum CorrespondentError {
    /// A mapping with faults, each on a line.
    #[error("the mapping cannot be used\n{0}")]
    Mapping(String),
    /// A file that is no certificate.
    #[error("`{0}` is no certificate that can be used")]
    Certificate(PathBuf, #[source] KeyError),
    /// A file that is no layout.
    #[error("`{0}` is no layout that can be used")]
    Layout(PathBuf, #[source] ProfileError),
    /// A file that lays out a message which is not exchanged.
    #[error("`{0}` lays out a message that partners and carriers do not exchange by a layout of their own")]
    LayoutForeign(PathBuf),
}

impl Correspondents {
    /// Reads what the settings name; files lie beside them in `folder`.
    pub fn read(config: &Config, folder: &Path) -> Result<Self> {
        let mut by_folder = BTreeMap::new();
        for settings in &config.correspondents {
            let beside = |names: &[String]| names.iter().map(|name| folder.join(name)).collect::<Vec<_>>();
            let correspondent = Correspondent {
                encoding: settings.encoding,
                mappings: mappings(&beside(&settings.mappings), config.office.language)?,
                sheet: settings.sheet.clone(),
                certificates: certificates(&beside(&settings.certificates))?,
            };
            by_folder.insert(settings.folder.clone(), correspondent);
        }
        Ok(Self { by_folder, unnamed: Correspondent::default() })
    }

    /// Returns the correspondent of a file by its name in the inbox, `kazpost/list.csv`.
    pub fn of(&self, name: &str) -> &Correspondent {
        let folder = name.split_once('/').map_or("", |(folder, _)| folder);
        self.by_folder.get(folder).unwrap_or(&self.unnamed)
    }

    /// Returns the names of the folders.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.by_folder.keys().map(String::as_str)
    }
}

impl Correspondent {
    /// Returns what the readers want to know.
    pub fn options(&self) -> Options<'_> {
        Options { encoding: self.encoding, mappings: &self.mappings, sheet: self.sheet.as_deref() }
    }

    /// Looks at the signature of a customs message that was read: one that does not hold, or is missing where one is
    /// agreed on, lets nothing of the file count.
    pub fn check_signature(&self, bytes: &[u8], limits: &Limits, outcome: &mut Outcome) -> io::Result<()> {
        if outcome.format != Some(Format::Ceb) || !outcome.is_whole {
            return Ok(());
        }
        let trust = if self.certificates.is_empty() { Trust::Any } else { Trust::Only(&self.certificates) };
        let verified = ceb::text(bytes, limits)?.and_then(|text| verify(&text, trust));
        match verified {
            Ok(_) => {
                outcome.findings.retain(|finding| *finding.code != reading::CEB_SIGNATURE_KEPT);
                if self.certificates.is_empty() {
                    outcome.findings.push(SIGNATURE_OF_ANYONE.finding::<&str>([]));
                }
                outcome.findings.sort();
            }
            Err(finding) if *finding.code == reading::SIGNATURE_ABSENT && self.certificates.is_empty() => {}
            Err(finding) => refuse(outcome, finding),
        }
        Ok(())
    }
}

/// Lets nothing of a file count because of a finding.
pub fn refuse(outcome: &mut Outcome, finding: Finding) {
    outcome.findings.push(finding);
    outcome.findings.sort();
    outcome.is_whole = false;
}

/// Reads mappings; of a faulty one every fault is told.
pub fn mappings(paths: &[PathBuf], language: Language) -> Result<Vec<Mapping>> {
    let mut mappings = Vec::with_capacity(paths.len());
    for path in paths {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read `{name}`"))?;
        let (mapping, faults) = Mapping::parse(&text);
        let lines = faults.iter().map(|fault| FindingView::of(fault, &CATALOGUE, language).line(&name));
        mappings
            .push(mapping.ok_or_else(|| CorrespondentError::Mapping(lines.collect::<Vec<_>>().join("\n")))?);
    }
    Ok(mappings)
}

/// Reads certificates, as PEM or DER.
pub fn certificates(paths: &[PathBuf]) -> Result<Vec<Certificate>> {
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Certificate::parse(&bytes)
            .map_err(|error| CorrespondentError::Certificate(path.clone(), error).into())
    };
    paths.iter().map(read).collect()
}
