//! Why: an assessment with the rows behind it, told in the reader's language.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use caravan_postal::{Catalogue, Finding, Language, Ratio, Rounding};

use crate::codes::READING_OF_ITEM;
use crate::tables::Row;
use crate::trace::{Amount, Operation, Quantity, Quotation, Step, What};
use crate::{Assessment, Charge, ChargeKind, Considered, Engine, Misfit, Options, RowId};

/// An assessment with every row that it names, and the rows that were considered and not applied.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The assessment.
    pub assessment: Assessment,
    /// Rows that were considered and not applied, in the order in which they were.
    pub considered: Vec<Considered>,
    /// Charges that there are, or may be, and that could not be reckoned.
    pub unknown: Vec<UnknownCharge>,
    /// The revision of tables and engine.
    pub revision: String,
    /// By which set of data customs takes the item: `H7`.
    pub entry_set: Option<String>,
    /// The readings that the station has set; `None` where nobody said what it has.
    of_station: Option<Vec<String>>,
    rows: BTreeMap<RowId, Row>,
}

/// A charge that could not be reckoned: the sum of the others is not the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCharge {
    /// What kind of charge.
    pub kind: ChargeKind,
    /// The row that charges it.
    pub row: RowId,
}

/// What an answer says about what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// All of it was reckoned; where there is no charge, nothing is due.
    Whole,
    /// More is due, or may be, than was reckoned.
    Part,
    /// Nobody asked what is due: documents, goods that are cleared in another way, no destination.
    NotAsked,
}

impl Explanation {
    pub(crate) fn new(
        engine: &Engine,
        assessment: Assessment,
        mut considered: Vec<Considered>,
        options: Option<&Options>,
    ) -> Self {
        let mut seen = std::collections::BTreeSet::new();
        considered.retain(|one| seen.insert(one.clone()));
        let mut unknown: Vec<UnknownCharge> = Vec::new();
        for one in &considered {
            let is_unknown = matches!(one.why, Misfit::NotComputed | Misfit::StandsOnUnknown);
            if let Some(kind) = engine.charge_kind(&one.row).filter(|_| is_unknown) {
                unknown.push(UnknownCharge { kind, row: one.row.clone() });
            }
        }
        let charges = assessment.charges.iter().map(|charge| &charge.row);
        let arguments = assessment.findings.iter().flat_map(|finding| &finding.arguments);
        let named = arguments.filter_map(|argument| engine.row(argument)).map(|row| &row.id);
        let steps = assessment.charges.iter().flat_map(|charge| &charge.trace);
        let stood_on = steps.filter_map(|step| match step {
            Step::Stand { row, .. } => Some(row),
            Step::Read { reading, .. } => Some(reading),
            Step::Take { .. } | Step::Convert { .. } | Step::Reckon { .. } | Step::Round { .. } => None,
        });
        let ids = charges
            .chain(&assessment.regime)
            .chain(&assessment.entry)
            .chain(stood_on)
            .chain(considered.iter().map(|one| &one.row))
            .chain(named);
        let rows =
            ids.filter_map(|id| engine.row(id.as_str())).map(|row| (row.id.clone(), row.clone())).collect();
        let entry_set = assessment.entry.as_ref().and_then(|row| engine.entry_set(row)).map(str::to_owned);
        let of_station =
            options.map(|options| options.readings.iter().map(|reading| reading.id.clone()).collect());
        let revision = engine.revision().to_owned();
        Self { assessment, considered, unknown, revision, entry_set, of_station, rows }
    }

    /// Returns who chose a reading: `item` by an extra field, `station` by its setting, `table` by its default; `None`
    /// where nobody knows any more.
    pub fn chosen_by(&self, reading: &RowId) -> Option<&'static str> {
        let is_answer = |finding: &&Finding| {
            finding.code.name == READING_OF_ITEM.name
                && finding.arguments.first().is_some_and(|id| **id == *reading.as_str())
        };
        if self.assessment.findings.iter().any(|finding| is_answer(&finding)) {
            return Some("item");
        }
        let of_station = self.of_station.as_ref()?;
        Some(if of_station.iter().any(|id| id == reading.as_str()) { "station" } else { "table" })
    }

    /// Returns whether what is due was reckoned, and the whole of it.
    pub fn known(&self) -> Known {
        if !self.assessment.is_reckoned() {
            Known::Part
        } else if self.assessment.regime.is_some() {
            Known::Whole
        } else {
            Known::NotAsked
        }
    }

    /// Returns the reckoning of a charge, a line a step: conversions with their rates, arithmetic, rounding.
    pub fn reckoning(&self, charge: &Charge, catalogue: &Catalogue, language: Language) -> Vec<String> {
        let say = Say { catalogue, language };
        let is_shown = |step: &&Step| match step {
            Step::Take { .. } | Step::Stand { .. } | Step::Read { .. } => false,
            Step::Convert { .. } | Step::Reckon { .. } | Step::Round { .. } => true,
        };
        charge.trace.iter().filter(is_shown).map(|step| self.step_text(step, &say)).collect()
    }

    /// Returns a row that the explanation names.
    pub fn row(&self, id: &RowId) -> Option<&Row> {
        self.rows.get(id)
    }

    /// Returns the rows that a finding names.
    pub fn rows_of<'e>(&'e self, finding: &'e Finding) -> impl Iterator<Item = &'e Row> {
        finding.arguments.iter().filter_map(|argument| self.rows.get(&RowId::new(argument)))
    }

    /// Returns the explanation as text. The catalogue holds at least [`crate::MESSAGES`].
    pub fn text(&self, catalogue: &Catalogue, language: Language) -> String {
        let mut text = String::new();
        let say = Say { catalogue, language };
        self.write(&say, &mut text).expect("writing into a string does not fail");
        text
    }

    fn write(&self, say: &Say<'_>, text: &mut String) -> std::fmt::Result {
        let assessment = &self.assessment;
        let decision = say.name("decision", assessment.decision.as_str());
        let channel = say.name("channel", assessment.channel.as_str());
        write!(text, "{}: {decision}", say.term("@label-decision"))?;
        if let Some(physical) = assessment.physical {
            write!(text, " ({})", say.name("physical", physical.as_str()))?;
        }
        writeln!(text, "; {}: {channel}", say.term("@label-channel"))?;
        for finding in &assessment.findings {
            let severity = say.name("severity", finding.severity().as_str());
            let says = say.catalogue.says(finding, say.language);
            let act = say.catalogue.act(finding, say.language);
            let field = finding.field.to_string();
            let field = if field.is_empty() { field } else { format!(" [{field}]") };
            writeln!(
                text,
                "  {severity} {}{field}: {says}{}{act}",
                finding.code.name,
                if act.is_empty() { "" } else { " " }
            )?;
            for row in self.rows_of(finding) {
                writeln!(text, "    {}", self.row_text(&row.id, say))?;
            }
        }
        if let Some(regime) = &assessment.regime {
            writeln!(text, "{}: {}", say.term("@label-regime"), self.row_text(regime, say))?;
        }
        if let (Some(set), Some(row)) = (&self.entry_set, &assessment.entry) {
            writeln!(text, "{}: {set} {}", say.term("@label-entry"), self.row_text(row, say))?;
        }
        for charge in &assessment.charges {
            self.write_charge(charge, say, text)?;
        }
        self.write_unknown(say, text)?;
        self.write_considered("@label-applied", Misfit::is_applied, say, text)?;
        self.write_considered("@label-considered", |why| !why.is_applied(), say, text)?;
        writeln!(text, "{}: {}", say.term("@label-revision"), self.revision)
    }

    /// Says what is not known, and why there is no charge where there is none.
    fn write_unknown(&self, say: &Say<'_>, text: &mut String) -> std::fmt::Result {
        for one in &self.unknown {
            let kind = say.name("charge", one.kind.as_str());
            writeln!(text, "{kind}: {}", say.term("@label-unknown-amount"))?;
            writeln!(text, "  {}", self.row_text(&one.row, say))?;
        }
        if self.assessment.charges.is_empty() {
            writeln!(text, "{}", say.term(self.known().label()))?;
        }
        Ok(())
    }

    fn write_considered(
        &self,
        label: &str,
        is_shown: impl Fn(Misfit) -> bool,
        say: &Say<'_>,
        text: &mut String,
    ) -> std::fmt::Result {
        let mut shown = self.considered.iter().filter(|one| is_shown(one.why)).peekable();
        if shown.peek().is_some() {
            writeln!(text, "{}:", say.term(label))?;
        }
        for one in shown {
            writeln!(text, "  {}: {}", self.row_text(&one.row, say), say.name("why", one.why.as_str()))?;
        }
        Ok(())
    }

    fn write_charge(&self, charge: &Charge, say: &Say<'_>, text: &mut String) -> std::fmt::Result {
        write!(text, "{}: {}", say.name("charge", charge.kind.as_str()), charge.amount)?;
        if charge.is_estimate {
            write!(text, ", {}", say.term("@label-estimate"))?;
        }
        if charge.is_unverified {
            write!(text, ", {}", say.term("@label-unverified"))?;
        }
        writeln!(text)?;
        writeln!(text, "  {}", self.row_text(&charge.row, say))?;
        for step in &charge.trace {
            writeln!(text, "    {}", self.step_text(step, say))?;
        }
        Ok(())
    }

    fn step_text(&self, step: &Step, say: &Say<'_>) -> String {
        match step {
            Step::Stand { piece, row } => {
                let piece = piece.map_or_else(String::new, |piece| format!("[{piece}] "));
                format!("{piece}{}", self.row_text(row, say))
            }
            Step::Take { what, piece, quantity } => {
                let piece = piece.map_or_else(String::new, |piece| format!(" [{piece}]"));
                format!("{}{piece} = {}", what_text(*what, say), quantity_text(quantity))
            }
            Step::Read { reading, choice } => {
                let by = self.chosen_by(reading).map(|by| format!(" ({})", say.name("by", by)));
                let choice = choice_text(reading, choice, say.catalogue, say.language);
                format!("{choice}{}: {}", by.unwrap_or_default(), self.row_text(reading, say))
            }
            Step::Convert { from, to, rate } => {
                format!("{} = {} ({})", amount_text(*from), amount_text(*to), rate_text(rate))
            }
            Step::Reckon { what, operation, left, right, result } => {
                let what = what_text(*what, say);
                let (left, right, result) =
                    (quantity_text(left), quantity_text(right), quantity_text(result));
                match operation {
                    Operation::Add => format!("{what}: {left} + {right} = {result}"),
                    Operation::Subtract => format!("{what}: {left} − {right} = {result}"),
                    Operation::Multiply => format!("{what}: {left} × {right} = {result}"),
                    Operation::Larger => {
                        format!("{what}: {} ({left}; {right}) = {result}", say.term("@label-larger"))
                    }
                    Operation::Smaller => {
                        format!("{what}: {} ({left}; {right}) = {result}", say.term("@label-smaller"))
                    }
                }
            }
            Step::Round { from, to, rounding } => {
                let rounding = say.name("rounding", rounding_name(*rounding));
                let is_same = Amount::of(*to) == *from;
                let from = if is_same { String::new() } else { format!("{} → ", amount_text(*from)) };
                format!("{rounding}: {from}{to}")
            }
        }
    }

    /// Returns a row with its days, status, source and note.
    fn row_text(&self, id: &RowId, say: &Say<'_>) -> String {
        let Some(row) = self.rows.get(id) else { return format!("{id} ({})", say.term("@label-row-gone")) };
        let last = row.valid_to.map_or_else(String::new, |day| day.to_string());
        let status = say.name("status", row.status.as_str());
        let note = if row.note.is_empty() { String::new() } else { format!("; {}", row.note) };
        format!("{id} [{} – {last}; {status}; {}{note}]", row.valid_from, row.source)
    }
}

impl Known {
    /// Returns the word for an answer without a charge, to be looked up in a catalogue.
    pub fn label(self) -> &'static str {
        match self {
            Self::Whole => "@label-nothing-due",
            Self::Part => "@label-due-unknown",
            Self::NotAsked => "@label-no-charge",
        }
    }
}

/// Words of the trade in one language.
pub(crate) struct Say<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) language: Language,
}

impl Say<'_> {
    /// Returns a word.
    pub(crate) fn term<'t>(&'t self, term: &'t str) -> &'t str {
        self.catalogue.term(term, self.language)
    }

    /// Returns the word for a stable name of a kind: `decision`, `hold`.
    pub(crate) fn name(&self, kind: &str, name: &str) -> String {
        self.term(&format!("@{kind}-{}", name.replace('_', "-"))).to_owned()
    }
}

/// Returns the name of a choice of a reading in a language; the choice as the tables write it, where it has none, as those
/// of a station's own readings.
pub fn choice_text(reading: &RowId, choice: &str, catalogue: &Catalogue, language: Language) -> String {
    let name = format!("@choice-{reading}-{choice}");
    match catalogue.term(&name, language) {
        unnamed if *unnamed == *name => choice.to_owned(),
        named => named.to_owned(),
    }
}

fn what_text(what: What, say: &Say<'_>) -> String {
    say.name("what", what.as_str())
}

pub(crate) fn rounding_name(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::HalfUp => "half-up",
        Rounding::Down => "down",
        Rounding::Up => "up",
    }
}

fn rate_text(rate: &Quotation) -> String {
    let last = rate.valid_to.map_or_else(String::new, |day| format!(" – {day}"));
    let value = decimal(rate.value);
    let Quotation { authority, currency, units, counter, valid_from, source, .. } = rate;
    format!("{units} {currency} = {value} {counter}, {authority}, {valid_from}{last}, {source}")
}

fn quantity_text(quantity: &Quantity) -> String {
    match quantity {
        Quantity::Money(amount) => amount_text(*amount),
        Quantity::Weight(weight) => format!("{} kg", weight.kg()),
        Quantity::Count(count) => count.to_string(),
        Quantity::Rate(rate) => match rate.checked_mul(Ratio::whole(100)) {
            Some(percent) => format!("{} %", decimal(percent)),
            None => decimal(*rate),
        },
    }
}

fn amount_text(amount: Amount) -> String {
    format!("{} {}", decimal(amount.exact), amount.currency)
}

/// Returns a figure with six decimals at most; `≈` before it when there are more.
pub(crate) fn decimal(exact: Ratio) -> String {
    let scale = Ratio::whole(1_000_000);
    let scaled = exact.checked_mul(scale);
    let Some(rounded) = scaled.and_then(|scaled| scaled.checked_round(Rounding::HalfUp)) else {
        let (numerator, denominator) = exact.parts();
        return format!("{numerator}/{denominator}");
    };
    let mark = if scaled == Some(Ratio::whole(rounded)) { "" } else { "≈" };
    format!("{mark}{}", Ratio::new(i128::from(rounded), 1_000_000).decimal(6))
}
