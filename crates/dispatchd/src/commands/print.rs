//! `caravan print`: any paper of what the station keeps, on demand.

mod kept;

use std::fmt;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_documents::label::LabelError;
use caravan_documents::pdf::{self, Drawn};
use caravan_postal::Language;
use caravan_station::Config;
use caravan_store::{Clock, Store};
use clap::{Args, ValueEnum};

use self::kept::Kept;
use super::language;
use crate::folder::Folder;
use crate::scenario::settings;
use crate::texts::CATALOGUE;

/// Print any paper of an item, a receptacle, a dispatch, a container or a departure, from what the station keeps.
///
/// What it names: an item its identifier; a receptacle its S9; a dispatch its S8; a container its number or that of its
/// CN 37; a departure its key, `almaty-road/2026-11-16T18:00`; an inland run its name and day, `yubei-van/2026-11-20`.
/// Several keys make one PDF; of CN 46 they make one bill. What nobody told the station stays empty, to be filled in by
/// hand. Nothing is changed by it: what the station itself prints at each step is said in the README of `documents`.
#[derive(Debug, Args)]
pub(super) struct Print {
    /// The paper.
    #[arg(value_name = "FORM")]
    form: Form,
    /// What it is about; how it is named is said at each form.
    #[arg(value_name = "KEY", required = true)]
    keys: Vec<String>,
    /// The station folder.
    #[arg(long, value_name = "DIR")]
    station: PathBuf,
    /// The address of the database; without it, `station.db` in the station folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The moment that the paper is made at, as a civil time of the station; without it, the moment of the step that it
    /// belongs to, and of a paper that no step asks for, now.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    at: Option<String>,
    /// The language beside French (or, on papers that are no form of the UPU, beside the neighbour's): en, ru or zh;
    /// without it, that of the station.
    #[arg(long, value_name = "LANG", value_parser = language)]
    language: Option<Language>,
    /// How to write it: a label also as ZPL II, a loading plan also as SVG.
    #[arg(long, value_name = "FORMAT", default_value = "pdf")]
    format: Format,
    /// Where to write; the standard output when not said.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Of an item: the customs declaration, CN 22 where its sender chose that, else CN 23; KEY: CP610000015CN
    #[value(alias = "cn23")]
    Cn22,
    /// Of an item: the report of damage, to be filled in; KEY: CP610000015CN
    Cn24,
    /// Of a receptacle: its label (CN 34 to CN 36, CP 83 to CP 85, EMS); KEY: CNURCAKZALAACCN60001003100100
    Label,
    /// Of receptacles of other offices that have come without their bill: the substitute bill; KEY: CNCKGAKZALAACCN60012001000145
    Cn46,
    /// Of a dispatch: its bill (CN 31, CP 87, list of EMS); KEY: CNURCAKZALAACCN60001
    #[value(aliases = ["cn31", "cp87"])]
    Bill,
    /// Of a dispatch: that it is cancelled; KEY: CNURCAKZALAACUN60001
    Cancellation,
    /// Of a dispatch: the list of its registered letters; KEY: CNURCAKZALAACCN60001
    Cn33,
    /// Of a dispatch: the list of its insured items, also where it is one of parcels; KEY: CNURCAKZALAACCN60001
    Cn16,
    /// Of a dispatch: the bill of its parcels in open transit; KEY: CNURCAKZALAACCN60001
    Cp88,
    /// Of a dispatch, sent or received, or of a receptacle that passes through: the verification note, CP 78 for parcels; KEY: CNURCAKZALAACCN60001
    #[value(alias = "cp78")]
    Cn43,
    /// Of a container: the delivery bill; KEY: XJF20001, or its CN 37 CNA260000001
    Cn37,
    /// Of a container: the delivery bill of the empty receptacles in it; KEY: XJF20001, or its CN 37 CNA260000001
    Cn47,
    /// Of a container: what lies where; KEY: TCNU6090012, or its CN 37 CNA260000001
    LoadingList,
    /// Of a container: the customs transfer sheet; KEY: XJF20001, or its CN 37 CNA260000001
    TransferSheet,
    /// Of a container: what the railway's note is filled in from; KEY: TCNU6090012, or its CN 37 CNA260000001
    CimSmgs,
    /// Of a container: what the road carrier's note is filled in from; KEY: XJF20001, or its CN 37 CNA260000001
    Cmr,
    /// Of an inland run: the domestic road bill; KEY: yubei-van/2026-11-20
    RoadBill,
    /// Of a departure: all its papers in one; KEY: almaty-road/2026-11-16T18:00
    Folder,
    /// Of anything: what left under a name below the outbox, as it was last (acts of customs, drafts, notices); KEY:
    /// inspection/CNBJSAUZTASACCN60311004-2.pdf
    Outbox,
}

/// How a paper is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// PDF.
    Pdf,
    /// ZPL II, for a label printer.
    Zpl,
    /// SVG.
    Svg,
}

/// What cannot be printed.
#[derive(Debug, thiserror::Error)]
pub(super) enum PrintError {
    /// What was asked for does not go together.
    #[error("{0}")]
    Usage(&'static str),
    /// Nothing is kept under the key.
    #[error("the station keeps no {what} `{key}`; {} is named like `{}`", what.word(), what.like())]
    Unknown {
        /// What was looked for.
        what: Named,
        /// The key.
        key: String,
    },
    /// The paper would say nothing.
    #[error("`{key}` has no such paper: {why}")]
    Nothing {
        /// The key.
        key: String,
        /// Why.
        why: &'static str,
    },
}

/// What papers are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Item,
    DeclarationOf,
    Receptacle,
    Dispatch,
    Container,
    Run,
    Departure,
    Outbound,
}

impl Named {
    /// Returns what it is called, with its article.
    fn word(self) -> &'static str {
        match self {
            Self::Item | Self::DeclarationOf => "an item",
            Self::Receptacle => "a receptacle",
            Self::Dispatch => "a dispatch",
            Self::Container => "a container",
            Self::Run => "an inland run",
            Self::Departure => "a departure",
            Self::Outbound => "a file of the outbox",
        }
    }

    /// Returns a key as one looks.
    fn like(self) -> &'static str {
        match self {
            Self::Item | Self::DeclarationOf => "CP610000015CN",
            Self::Receptacle => "CNURCAKZALAACCN60001003100100",
            Self::Dispatch => "CNURCAKZALAACCN60001",
            Self::Container => "XJF20001",
            Self::Run => "yubei-van/2026-11-20",
            Self::Departure => "almaty-road/2026-11-16T18:00",
            Self::Outbound => "inspection/CNBJSAUZTASACCN60311004-2.pdf",
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DeclarationOf => "declaration of",
            named => named.word().split_once(' ').map_or("", |(_, word)| word),
        })
    }
}

impl PrintError {
    /// Returns how the process ends, in the numbers of sysexits.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Unknown { .. } => 66,
            Self::Nothing { .. } => 65,
        }
    }
}

impl Print {
    pub(super) async fn run(self) -> Result<ExitCode> {
        if self.output.is_none() && self.format == Format::Pdf && std::io::stdout().is_terminal() {
            return usage("a PDF is not for a terminal: name a file with --output");
        }
        let folder = Folder::open(&self.station)?;
        let (config, _, _) = settings(folder.root())?;
        let asked_ms = match &self.at {
            Some(text) => Some(
                caravan_station::operation::moment(text, &config)
                    .ok_or(PrintError::Usage("--at takes a time like 2026-11-16T18:00"))?,
            ),
            None => None,
        };
        let url = folder.database(self.database.as_deref());
        let store = Store::open(&url).await?;
        let made =
            self.make(&Kept { store: &store, config: &config, asked_ms, now_ms: Clock::Live.now_ms() }).await;
        store.close().await;
        let bytes = made?;
        match &self.output {
            Some(path) => {
                std::fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
            }
            None => std::io::stdout().lock().write_all(&bytes)?,
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn make(&self, kept: &Kept<'_>) -> Result<Vec<u8>> {
        let language = self.language_of(kept.config);
        match (self.format, self.form) {
            (Format::Pdf, Form::Folder) => {
                let [key] = self.keys.as_slice() else { return usage("a folder is of one departure") };
                Ok(kept.folder(key, language).await?.print(language)?)
            }
            (Format::Pdf, Form::Outbox) => {
                let [key] = self.keys.as_slice() else { return usage("a file of the outbox is one") };
                let path = key.strip_prefix("outbox/").unwrap_or(key);
                let body = kept.store.outbound(path).await?;
                Ok(body.ok_or_else(|| PrintError::Unknown { what: Named::Outbound, key: key.clone() })?)
            }
            (Format::Pdf, form) => {
                let drawn = kept.drawn(form, &self.keys, language).await?;
                self.warn(&drawn, kept.config);
                let title = drawn.first().map(|drawn| drawn.name.clone()).unwrap_or_default();
                Ok(pdf::print(&title, language, &drawn)?)
            }
            (Format::Zpl, Form::Label) => {
                let mut zpl = String::new();
                for key in &self.keys {
                    zpl.push_str(
                        &kept.label(key).await?.zpl(language).map_err(|error| unlabelled(key, &error))?,
                    );
                }
                Ok(zpl.into_bytes())
            }
            (Format::Svg, Form::LoadingList) => {
                let [key] = self.keys.as_slice() else { return usage("a picture is of one container") };
                let loaded = kept.container(key).await?;
                Ok(kept.loading(key, &loaded)?.list().svg(language).into_bytes())
            }
            (Format::Zpl, _) => usage("only a label is written as ZPL"),
            (Format::Svg, _) => usage("only a loading list is written as SVG"),
        }
    }

    fn language_of(&self, config: &Config) -> Language {
        self.language.unwrap_or(config.office.language)
    }

    /// Says on the error output what could not be printed as it was meant.
    fn warn(&self, drawn: &[Drawn], config: &Config) {
        let language = self.language_of(config);
        for finding in drawn.iter().flat_map(|drawn| &drawn.findings) {
            let (says, act) = (CATALOGUE.says(finding, language), CATALOGUE.act(finding, language));
            eprintln!("[{}] {says} {act}", finding.code.name);
        }
    }
}

/// Returns what a label is said that would contradict its number.
fn unlabelled(key: &str, error: &LabelError) -> PrintError {
    let why = match error {
        LabelError::Weight { .. } => {
            "it does not weigh what its number says: it gets another label once it is weighed and closed again"
        }
        LabelError::Office { .. } => "its offices are not those of its number",
    };
    PrintError::Nothing { key: key.to_owned(), why }
}

fn usage<T>(what: &'static str) -> Result<T> {
    Err(PrintError::Usage(what).into())
}
