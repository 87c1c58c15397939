//! From bytes to items ready to be kept: read, assess, sort, pack, all in one pass over the file.
//!
//! Nothing here knows the database, so any number of threads can work ahead of the one that writes.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use caravan_declaration::{Declaration, Limits, Outcome, ReadItem, packed, read_with};
use caravan_planning::{Network, Stream};
use caravan_postal::{Finding, Severity};
use caravan_station::{Config, ItemId, Journey, sort};
use caravan_store::NewItem;
use caravan_tariff::{Assessment, Decision, Engine, Flow, Question, Rates, Transport};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::correspondent::{Correspondent, Correspondents};
use crate::customs::{self, Signers};
use crate::layouts::Exchanges;
use crate::overlay::{self, Overlay};

/// What reading a file needs beside its bytes. Shared by all threads.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The settings.
    pub config: Config,
    /// Validation and tariff.
    pub engine: Arc<Engine>,
    /// The station's own tables, which the engine has too.
    pub overlay: Arc<Overlay>,
    /// The bounds of reading.
    pub limits: Limits,
    /// Who files come from.
    pub correspondents: Arc<Correspondents>,
    /// The layouts of messages.
    pub exchanges: Arc<Exchanges>,
    /// Who signs messages to customs.
    pub signers: Arc<Signers>,
}

impl Desk {
    /// Sets the desk of a station up by its settings. The files that they name lie beside them in `folder`, and so do
    /// the station's own tables.
    pub fn open(config: Config, folder: &Path) -> anyhow::Result<Self> {
        let correspondents = Arc::new(Correspondents::read(&config, folder)?);
        let exchanges = Arc::new(Exchanges::read(&config, folder)?);
        let overlay = Arc::new(Overlay::read(&folder.join(overlay::FOLDER))?);
        let engine = Arc::new(overlay.engine()?);
        engine.check(&config.options).context("`[tariff]` of `station.toml`")?;
        let signers = Arc::new(Signers::read(&config, folder)?);
        Ok(Self { config, engine, overlay, limits: Limits::standard(), correspondents, exchanges, signers })
    }

    /// Sets up a desk without a station folder: the program's own tables, and nothing known of who sends.
    pub fn without_folder(config: Config) -> Self {
        Self {
            config,
            engine: Arc::new(Engine::builtin()),
            overlay: Arc::default(),
            limits: Limits::standard(),
            correspondents: Arc::default(),
            exchanges: Arc::default(),
            signers: Arc::default(),
        }
    }

    /// Returns the desk with rates laid over those that it has.
    #[must_use]
    pub fn with_rates(&self, rates: &Rates) -> Self {
        let mut desk = self.clone();
        desk.config.rates = self.config.rates.laid_over(rates);
        desk
    }

    /// Returns the desk with the network as things are said to be.
    #[must_use]
    pub fn with_network(&self, network: &Network) -> Self {
        let mut desk = self.clone();
        desk.config.network = Some(network.clone());
        desk
    }

    /// Reads a file of a correspondent on a civil day and hands over its items as they come.
    pub fn read<R: Read>(
        &self,
        input: R,
        correspondent: &Correspondent,
        on: NaiveDate,
        mut each: impl FnMut(NewItem) -> ControlFlow<()>,
    ) -> std::io::Result<Outcome> {
        let filing = self.filing(on);
        read_with(input, &self.limits, &correspondent.options(), |item| each(filing.take_in(&item)))
    }

    /// Returns the desk on a civil day of filing.
    pub fn filing(&self, on: NaiveDate) -> Filing<'_> {
        Filing { desk: self, on, accepted_on: self.config.accepted_on(on) }
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
}

/// The desk on one day of filing, with the days on which the destinations' customs will accept what is filed.
#[derive(Debug)]
pub struct Filing<'d> {
    desk: &'d Desk,
    on: NaiveDate,
    /// For each partner in the order of the settings.
    accepted_on: Vec<NaiveDate>,
}

impl Filing<'_> {
    /// Returns the day.
    pub fn on(&self) -> NaiveDate {
        self.on
    }

    /// Returns the days on which the customs of each partner will accept what is filed.
    pub fn accepted_on(&self) -> &[NaiveDate] {
        &self.accepted_on
    }

    /// Assesses one declaration.
    pub fn assess(&self, declaration: &Declaration<'_>) -> Assessment {
        self.desk.engine.assess(&self.question(declaration))
    }

    /// Returns what the engine is asked about a declaration.
    ///
    /// The destination's rules are those of the day on which its customs will accept the item.
    pub fn question<'a>(&'a self, declaration: &'a Declaration<'a>) -> Question<'a> {
        let config = &self.desk.config;
        let destination = declaration.destination();
        let flow = match sort::journey(declaration, config.home()) {
            Journey::Import => Flow::Import,
            Journey::Transit => Flow::Transit,
            Journey::Export | Journey::Return => Flow::Export,
        };
        let serves =
            |country| config.partners.iter().position(|partner| partner.countries.contains(&country));
        let partner = destination.and_then(serves);
        Question {
            declaration,
            flow,
            filed_on: self.on,
            accepted_on: partner.map_or(self.on, |index| self.accepted_on[index]),
            rated_on: None,
            mode: partner.map_or(Transport::Road, |index| config.mode_to(config.partners[index].office)),
            rates: &config.rates,
            options: &config.options,
        }
    }

    fn take_in(&self, read: &ReadItem<'_>) -> NewItem {
        let question = self.question(&read.declaration);
        let accepted_on = question.accepted_on;
        let mut assessment = self.desk.engine.assess(&question);
        let stream = self.desk.conclude(read, &mut assessment);
        let found = std::mem::take(&mut assessment.findings);
        let placed = found.into_iter().map(|finding| {
            let place = read.place_of(finding.field);
            finding.at(place).of(read.ordinal)
        });
        let mut findings: Vec<Finding> = placed.collect();
        findings.extend(read.findings.iter().cloned());
        findings.sort();
        findings.dedup();
        let mut item =
            sort::expected(ItemId(0), &read.declaration, &assessment, stream, self.desk.config.home());
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
            accepted_on,
            charges: assessment.charges,
            findings,
            list: customs::list(&self.desk.config, &read.declaration, &read.findings),
        }
    }
}

/// Returns what the findings of reading and of tariff together decide.
pub fn decision<'a>(findings: impl Iterator<Item = &'a Finding>) -> Decision {
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
