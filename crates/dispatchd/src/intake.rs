//! From bytes to items ready to be kept: read, assess, sort, pack, all in one pass over the file.
//!
//! Nothing here knows the database, so any number of threads can work ahead of the one that writes.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use caravan_declaration::{Declaration, Limits, Outcome, ReadItem, packed, read_with};
use caravan_planning::Stream;
use caravan_postal::{Finding, Severity};
use caravan_station::{Config, ItemId, sort};
use caravan_store::NewItem;
use caravan_tariff::{Assessment, Decision, Engine, Flow, Question};
use chrono::{Days, NaiveDate};
use sha2::{Digest, Sha256};

use crate::correspondent::{Correspondent, Correspondents};
use crate::overlay::{self, Overlay};

/// What reading a file needs beside its bytes. Shared by all threads.
#[derive(Debug)]
pub struct Desk {
    /// The settings.
    pub config: Config,
    /// Validation and tariff.
    pub engine: Engine,
    /// The bounds of reading.
    pub limits: Limits,
    /// Who files come from.
    pub correspondents: Correspondents,
}

impl Desk {
    /// Sets the desk of a station up by its settings. The files that they name lie beside them in `folder`, and so do
    /// the station's own tables.
    pub fn open(config: Config, folder: &Path) -> anyhow::Result<Self> {
        let correspondents = Correspondents::read(&config, folder)?;
        let engine = Overlay::read(&folder.join(overlay::FOLDER))?.engine()?;
        Ok(Self { config, engine, limits: Limits::standard(), correspondents })
    }

    /// Sets up a desk without a station folder: the program's own tables, and nothing known of who sends.
    pub fn without_folder(config: Config) -> Self {
        let (engine, correspondents) = (Engine::builtin(), Correspondents::default());
        Self { config, engine, limits: Limits::standard(), correspondents }
    }

    /// Reads a file of a correspondent on a civil day and hands over its items as they come.
    pub fn read<R: Read>(
        &self,
        input: R,
        correspondent: &Correspondent,
        on: NaiveDate,
        mut each: impl FnMut(NewItem) -> ControlFlow<()>,
    ) -> std::io::Result<Outcome> {
        read_with(input, &self.limits, &correspondent.options(), |item| each(self.take_in(&item, on)))
    }

    /// Assesses one declaration as it would be filed on a civil day.
    pub fn assess(&self, declaration: &Declaration<'_>, on: NaiveDate) -> Assessment {
        self.engine.assess(&self.question(declaration, on))
    }

    /// Returns what the engine is asked about a declaration that is filed on a civil day.
    ///
    /// The destination's rules are those of the day on which its customs will accept the item: transit days later.
    pub fn question<'a>(&'a self, declaration: &'a Declaration<'a>, on: NaiveDate) -> Question<'a> {
        let own = self.config.office.code.country();
        let flow = if declaration.destination() == Some(own) { Flow::Import } else { Flow::Export };
        let partner = declaration.destination().and_then(|country| self.config.partner_for(country));
        let transit = partner.map_or(0, |partner| u64::from(partner.transit_days));
        Question {
            declaration,
            flow,
            filed_on: on,
            accepted_on: on.checked_add_days(Days::new(transit)).unwrap_or(on),
            mode: partner
                .map_or(caravan_tariff::Transport::Road, |partner| self.config.mode_to(partner.office)),
            rates: &self.config.rates,
            options: &self.config.options,
        }
    }

    /// Adds to an assessment what this station finds beside it, lets what was read and what was assessed decide
    /// together, and returns the stream that the item is sorted into.
    pub fn conclude(&self, read: &ReadItem<'_>, assessment: &mut Assessment) -> Option<Stream> {
        let stream = sort::stream(&read.declaration, &self.config)
            .map_err(|finding| assessment.findings.push(finding))
            .ok()
            .flatten();
        assessment.decision = decision(read.findings.iter().chain(&assessment.findings));
        stream
    }

    fn take_in(&self, read: &ReadItem<'_>, on: NaiveDate) -> NewItem {
        let mut assessment = self.assess(&read.declaration, on);
        let stream = self.conclude(read, &mut assessment);
        let found = std::mem::take(&mut assessment.findings);
        let placed = found.into_iter().map(|finding| {
            let place = read.place_of(finding.field);
            finding.at(place).of(read.ordinal)
        });
        let mut findings: Vec<Finding> = placed.collect();
        findings.extend(read.findings.iter().cloned());
        findings.sort();
        findings.dedup();
        let mut item = sort::expected(ItemId(0), &read.declaration, &assessment, stream);
        if assessment.decision != Decision::Refuse {
            item.physical = None;
        }
        let mut declaration_bytes = Vec::with_capacity(512);
        packed::encode(&read.declaration, &mut declaration_bytes);
        let mut assessment_bytes = Vec::with_capacity(16);
        caravan_tariff::packed::encode(&assessment, &mut assessment_bytes);
        NewItem {
            item,
            ordinal: read.ordinal,
            fingerprint: fingerprint(&read.declaration),
            packed: declaration_bytes,
            assessment: assessment_bytes,
            charges: assessment.charges,
            findings,
        }
    }
}

/// Returns what the findings of reading and of tariff together decide.
fn decision<'a>(findings: impl Iterator<Item = &'a Finding>) -> Decision {
    match findings.map(Finding::severity).max() {
        None | Some(Severity::Remark | Severity::Warning) => Decision::Go,
        Some(Severity::Hold) => Decision::Hold,
        Some(Severity::Refuse | Severity::Fatal) => Decision::Refuse,
    }
}

/// Returns what tells the addressee of a declaration from another: the beginning of a hash over country and name, and
/// 0 when neither is known. Spelling in capitals or with other spaces makes no difference.
fn fingerprint(declaration: &Declaration<'_>) -> i64 {
    let addressee = &declaration.addressee;
    let name = addressee.name.or(addressee.business).unwrap_or_default();
    let Some(country) = declaration.destination() else { return 0 };
    if name.is_empty() {
        return 0;
    }
    let mut hasher = Sha256::new();
    hasher.update(country.as_str());
    for word in name.split_whitespace() {
        hasher.update(b" ");
        hasher.update(word.to_lowercase());
    }
    let digest = hasher.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_le_bytes(first)
}
