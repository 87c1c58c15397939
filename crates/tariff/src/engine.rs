//! The engine: tables, and the passes over a question.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use caravan_postal::{Country, Finding, HsCode, Language, Severity};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::book::Book;
use crate::facts::Facts;
use crate::hs::Search;
use crate::rates::Authority;
use crate::tables::Status;
use crate::tables::{self, BUILTIN, Goods, Row, TableError, TableText, Tables};
use crate::trace::Step;
use crate::{Assessment, Charge, ChargeKind, Decision, Explanation, Flow, Options, Question, RowId};
use crate::{admissibility, answers, checks, procedure, regime};

/// Rises when the engine reads the same tables in another way.
const VERSION: u32 = 4;

/// Validation and tariff over one set of tables. Made once, then shared by any number of threads.
#[derive(Debug)]
pub struct Engine {
    tables: Tables,
    revision: String,
}

impl Engine {
    /// Returns the engine over the tables that come with the program.
    pub fn builtin() -> Self {
        Self::load(&[]).expect("the program's own tables are checked by tests")
    }

    /// Returns the engine over the program's tables and those of the caller, which replace rows by id and lists by
    /// name, and add to them.
    pub fn load(overrides: &[TableText<'_>]) -> Result<Self, TableError> {
        let texts: Vec<TableText<'_>> = BUILTIN.iter().chain(overrides).copied().collect();
        Ok(Self { tables: Tables::load(BUILTIN, overrides)?, revision: revision(&texts) })
    }

    /// Returns the engine over these tables and no others: those that an assessment was made with.
    pub fn exactly(texts: &[TableText<'_>]) -> Result<Self, TableError> {
        Ok(Self { tables: Tables::load(texts, &[])?, revision: revision(texts) })
    }

    /// Judges one declaration.
    pub fn assess(&self, question: &Question<'_>) -> Assessment {
        self.pass(question, &mut Book::default())
    }

    /// Judges one declaration and shows every row behind the answer, and every row that was considered and not applied.
    pub fn explain(&self, question: &Question<'_>) -> Explanation {
        let mut book = Book { considered: Some(Vec::new()), ..Book::default() };
        let assessment = self.pass(question, &mut book);
        Explanation::new(self, assessment, book.considered.unwrap_or_default(), Some(question.options))
    }

    /// Reckons a charge of a question again and returns its arithmetic; `None` where the question has no such charge,
    /// as when the tables or the rates are others than those that charged it.
    pub fn trace(&self, question: &Question<'_>, charge: &Charge) -> Option<Vec<Step>> {
        let again = self.explain(question).assessment.charges;
        let mut same =
            again.into_iter().filter(|other| other.row == charge.row && other.amount == charge.amount);
        same.next().map(|charge| charge.trace)
    }

    /// Shows the rows behind an assessment that was made before, as far as the tables still have them.
    pub fn describe(&self, assessment: Assessment) -> Explanation {
        Explanation::new(self, assessment, Vec::new(), None)
    }

    /// Returns what identifies tables and engine: a stored assessment of another revision may not be repeatable.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Returns the row of an id.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.tables.rows.get(id)
    }

    /// Returns every row, by id.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.tables.rows.values()
    }

    /// Returns the days on which a row that may apply to a destination begins, or has just ended: those of files that
    /// have a regime, a charge or an entry of that country, and of files that have none of any. An announced row has none.
    pub fn borders(&self, country: Country) -> impl Iterator<Item = NaiveDate> {
        let regimes = &self.tables.regimes;
        let (mut of_countries, mut own) = (BTreeSet::new(), BTreeSet::new());
        for regime in &regimes.rows {
            of_countries.insert(&*regime.row.file);
            of_countries.extend(regime.charges.iter().map(|charge| &*charge.row.file));
        }
        for regime in regimes.of_country(country) {
            own.insert(&*regime.row.file);
            own.extend(regime.charges.iter().map(|charge| &*charge.row.file));
        }
        of_countries.extend(regimes.entries.all().iter().map(|entry| &*entry.row.file));
        own.extend(regimes.entries.of_country(Some(country)).map(|entry| &*entry.row.file));
        self.rows()
            .filter(move |row| own.contains(&*row.file) || !of_countries.contains(&*row.file))
            .filter(|row| row.status != Status::Announced)
            .flat_map(|row| [Some(row.valid_from), row.valid_to.and_then(|last| last.succ_opt())])
            .flatten()
    }

    /// Returns the countries of which the tables know how they take an item, or that they do not know it.
    pub fn destinations(&self) -> impl Iterator<Item = Country> {
        let letters = || b'A'..=b'Z';
        let codes = letters().flat_map(move |first| letters().map(move |second| [first, second]));
        codes
            .filter_map(|code| Country::parse(std::str::from_utf8(&code).ok()?))
            .filter(|country| self.tables.regimes.of_country(*country).next().is_some())
    }

    /// Returns who publishes exchange rates, by the short name that rates state.
    pub fn authority(&self, id: &str) -> Option<&Authority> {
        self.tables.regimes.authorities.iter().find(|authority| &*authority.id == id)
    }

    /// Returns what a schedule of duty says on a day about goods of a code and, where it is to count, of an origin;
    /// `None` where neither a row nor a list of the schedule stands on the day.
    pub fn duty(
        &self,
        schedule: &str,
        hs: HsCode,
        origin: Option<Country>,
        day: NaiveDate,
    ) -> Option<Duty<'_>> {
        let schedules = &self.tables.regimes.schedules;
        let goods = Goods { hs: Some(hs), origin, proven: origin };
        let listing = schedules.find(schedules.named(schedule)?, goods, day, &Options::default())?;
        let (rate, is_composite) = match listing.duty {
            tables::Duty::Rate(expression) => (Some(expression.text()), expression.is_composite()),
            tables::Duty::Composite(text) => (Some(Cow::Borrowed(text)), true),
            tables::Duty::Unknown | tables::Duty::Missing => (None, false),
        };
        Some(Duty { rate, is_composite, row: listing.row })
    }

    /// Returns whether the edition of the Harmonized System that stands on a day has the first six digits of a code;
    /// `None` on days of which the tables have no edition.
    pub fn has_subheading(&self, hs: HsCode, day: NaiveDate) -> Option<bool> {
        let edition = self.tables.edition(day);
        edition.row.covers(day).then(|| edition.list.contains(hs))
    }

    /// Returns what finds commodity codes by what goods are called in a language, among those that stand on a day.
    pub fn search(&self, language: Language, day: NaiveDate) -> Search<'_> {
        Search::of(&self.tables, language, day)
    }

    /// Returns every reading: its id, its choices, its default.
    pub fn readings(&self) -> impl Iterator<Item = (&Row, &[Box<str>], &str)> {
        self.tables.readings.iter().map(|reading| (&reading.row, &*reading.choices, &*reading.default))
    }

    /// Returns the set of data that a row of table `entry` names: `H7`.
    pub fn entry_set(&self, row: &RowId) -> Option<&str> {
        let entry = self.tables.regimes.entries.all().iter().find(|entry| entry.row.id == *row);
        entry.map(|entry| &*entry.set)
    }

    /// Returns the kind of the charge of a row.
    pub(crate) fn charge_kind(&self, row: &RowId) -> Option<ChargeKind> {
        let mut charges = self.tables.regimes.rows.iter().flat_map(|regime| &regime.charges);
        charges.find(|charge| charge.row.id == *row).map(|charge| charge.kind)
    }

    fn pass(&self, question: &Question<'_>, book: &mut Book) -> Assessment {
        let answered = answers::options(&self.tables, question, book);
        let question = &Question { options: answered.as_ref().unwrap_or(question.options), ..*question };
        let mut facts = Facts::of(question);
        facts.prepaid = facts.prepaid.filter(|_| checks::wrong_number(&self.tables, &facts).is_none());
        checks::check(&self.tables, &facts, book);
        admissibility::judge(&self.tables, &facts, book);
        let channel = procedure::channel(&self.tables, &facts, book);
        facts.channel = channel;
        let is_over = channel == crate::Channel::PostalArticle
            && procedure::check_personal_limit(&self.tables, &facts, book);
        // What comes in above the limit is cleared as goods: the tax on personal articles is not its tax.
        let outcome = if is_over && facts.flow == Flow::Import {
            regime::Outcome::default()
        } else {
            regime::judge(&self.tables, &facts, book)
        };
        let decision = decision(&book.findings);
        let physical = book.physical.filter(|_| decision == Decision::Refuse);
        Assessment {
            decision,
            physical,
            is_dangerous: book.is_dangerous,
            channel,
            findings: std::mem::take(&mut book.findings),
            charges: outcome.charges,
            regime: outcome.regime,
            entry: outcome.entry,
        }
    }
}

/// What a schedule of duty says about a code.
#[derive(Debug, Clone)]
pub struct Duty<'a> {
    /// The rate as a tariff prints it; `None` where the schedule has no line for the code, or nobody knows the rate.
    pub rate: Option<Cow<'a, str>>,
    /// Whether value, weight and units do not decide it.
    pub is_composite: bool,
    /// The row of the list, or the row itself.
    pub row: &'a Row,
}

fn decision(findings: &[Finding]) -> Decision {
    let weightiest = findings.iter().map(Finding::severity).max();
    match weightiest.unwrap_or(Severity::Remark) {
        Severity::Remark | Severity::Warning => Decision::Go,
        Severity::Hold => Decision::Hold,
        Severity::Refuse | Severity::Fatal => Decision::Refuse,
    }
}

/// Returns the version of the engine and the beginning of the hash over all tables.
fn revision(texts: &[TableText<'_>]) -> String {
    let mut hash = Sha256::new();
    for table in texts {
        for part in [table.name, table.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    let mut revision = format!("{VERSION}-");
    for byte in hash.finalize().iter().take(8) {
        write!(revision, "{byte:02x}").expect("writing into a string does not fail");
    }
    revision
}
