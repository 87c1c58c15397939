//! What a customer is told about an item: whether it is admitted, what it will cost and by which law. One A4 page an item,
//! as HTML that needs nothing beside it; the template escapes everything that someone typed.

use askama::Template;
use caravan_declaration::{Declaration, Piece};
use caravan_postal::{Catalogue, Country, Finding, Language, Money, Severity};
use caravan_tariff::{Assessment, Charge, Explanation, Known, Row, Status, UnknownCharge};
use chrono::NaiveDate;

/// One item with its answer.
#[derive(Debug, Clone, Copy)]
pub struct Estimate<'e> {
    /// The declaration.
    pub declaration: &'e Declaration<'e>,
    /// What was found while it was read.
    pub read: &'e [Finding],
    /// The answer with the rows behind it.
    pub explanation: &'e Explanation,
    /// The day on which it is filed at the station.
    pub filed_on: NaiveDate,
    /// The day on which customs of the destination is expected to accept it.
    pub accepted_on: NaiveDate,
}

/// The document: a page for each item.
#[derive(Template)]
#[template(path = "estimate.html")]
struct Document<'e> {
    language: &'static str,
    words: Words<'e>,
    pages: &'e [Page],
}

/// Words of the page in one language.
#[derive(Clone, Copy)]
struct Words<'e> {
    catalogue: &'e Catalogue,
    language: Language,
}

/// The page of one item in one language.
#[derive(Debug)]
pub struct Page {
    item: String,
    from: String,
    to: String,
    filed_on: NaiveDate,
    accepted_on: NaiveDate,
    decision: &'static str,
    answer: String,
    pieces: Vec<PieceLine>,
    charges: Vec<ChargeLine>,
    totals: Vec<String>,
    /// What is said in place of charges where there are none: a sentence, and the law behind it.
    due: [String; 2],
    /// Kinds of charges whose amounts are not known.
    unknown: String,
    is_whole: bool,
    notes: Vec<Note>,
    revision: String,
}

#[derive(Debug)]
struct PieceLine {
    number: usize,
    description: String,
    hs: String,
    units: String,
    net_weight: String,
    value: String,
}

#[derive(Debug)]
struct ChargeLine {
    kind: String,
    amount: String,
    reckoning: Vec<String>,
    law: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Note {
    severity: &'static str,
    says: String,
    act: String,
    laws: Vec<String>,
}

impl Page {
    /// Makes the page of an item. The catalogue holds at least [`crate::MESSAGES`] and those of tariff.
    pub fn of(estimate: &Estimate<'_>, catalogue: &Catalogue, language: Language) -> Self {
        Words { catalogue, language }.page(estimate)
    }
}

/// Writes pages as one document, in the language in which they were made.
pub fn html(pages: &[Page], catalogue: &Catalogue, language: Language) -> String {
    let words = Words { catalogue, language };
    let document = Document { language: language.as_str(), words, pages };
    document.render().expect("writing into a string does not fail")
}

impl Words<'_> {
    fn say(&self, name: &str) -> String {
        self.catalogue.term(&format!("@{name}"), self.language).to_owned()
    }

    fn page(&self, estimate: &Estimate<'_>) -> Page {
        let Estimate { declaration, read, explanation, filed_on, accepted_on } = *estimate;
        let assessment = &explanation.assessment;
        let country =
            |country: Option<Country>| country.map_or_else(String::new, |country| country.to_string());
        let known = explanation.known();
        let of_charges = assessment.charges.iter().map(|charge| self.charge(charge, explanation));
        let of_unknown = explanation.unknown.iter().map(|one| self.unknown(one, explanation));
        let mut unknown: Vec<String> = explanation
            .unknown
            .iter()
            .map(|one| self.say(&format!("charge-{}", one.kind.as_str())))
            .collect();
        unknown.dedup();
        let regime = assessment.regime.as_ref().and_then(|row| explanation.row(row));
        Page {
            item: declaration.name(),
            from: country(declaration.sender.country),
            to: country(declaration.destination()),
            filed_on,
            accepted_on,
            decision: assessment.decision.as_str(),
            answer: self.answer(assessment),
            pieces: (1..).zip(&declaration.pieces).map(|(number, piece)| line(number, piece)).collect(),
            charges: of_charges.chain(of_unknown).collect(),
            totals: totals(&assessment.charges),
            due: [
                self.catalogue.term(known.label(), self.language).to_owned(),
                regime.map_or_else(String::new, |row| format!("{}: {}", row.note, self.law(row))),
            ],
            unknown: unknown.join(", "),
            is_whole: known == Known::Whole,
            notes: self.notes(read, explanation),
            revision: explanation.revision.clone(),
        }
    }

    fn answer(&self, assessment: &Assessment) -> String {
        let decision = self.say(&format!("estimate-{}", assessment.decision.as_str()));
        match assessment.physical {
            Some(physical) => {
                format!("{decision} ({})", self.say(&format!("physical-{}", physical.as_str())))
            }
            None => decision,
        }
    }

    fn charge(&self, charge: &Charge, explanation: &Explanation) -> ChargeLine {
        let doubt =
            if charge.is_unverified { format!(" ({})", self.say("label-unverified")) } else { String::new() };
        ChargeLine {
            kind: format!("{}{doubt}", self.say(&format!("charge-{}", charge.kind.as_str()))),
            amount: charge.amount.to_string(),
            reckoning: explanation.reckoning(charge, self.catalogue, self.language),
            law: explanation.row(&charge.row).map_or_else(String::new, |row| self.law(row)),
        }
    }

    fn unknown(&self, unknown: &UnknownCharge, explanation: &Explanation) -> ChargeLine {
        ChargeLine {
            kind: self.say(&format!("charge-{}", unknown.kind.as_str())),
            amount: self.say("label-unknown-amount"),
            reckoning: Vec::new(),
            law: explanation.row(&unknown.row).map_or_else(String::new, |row| self.law(row)),
        }
    }

    /// Returns where a row comes from, its days, and how sure it is where it is not the law.
    fn law(&self, row: &Row) -> String {
        let last = row.valid_to.map_or_else(String::new, |day| day.to_string());
        let status = match row.status {
            Status::InForce => String::new(),
            other => format!("; {}", self.say(&format!("status-{}", other.as_str().replace('_', "-")))),
        };
        format!("{} ({} – {last}{status})", row.source, row.valid_from)
    }

    /// Returns what was found, what stops the item first. What is to be done is told where it lets the item go on: the rest
    /// is for those who keep the tables.
    fn notes(&self, read: &[Finding], explanation: &Explanation) -> Vec<Note> {
        let mut findings: Vec<_> = read.iter().chain(&explanation.assessment.findings).collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        let note = |finding: &&Finding| {
            let stops = finding.severity() >= Severity::Hold;
            let act = if stops { self.catalogue.act(finding, self.language) } else { String::new() };
            Note {
                severity: if stops { "stops" } else { "says" },
                says: self.catalogue.says(finding, self.language),
                act,
                laws: explanation.rows_of(finding).map(|row| self.law(row)).collect(),
            }
        };
        let mut notes: Vec<Note> = findings.iter().map(note).collect();
        // Each charge that is not confirmed for one reason says so; the sheet says it once.
        notes.dedup();
        notes
    }
}

fn line(number: usize, piece: &Piece<'_>) -> PieceLine {
    PieceLine {
        number,
        description: piece.description.unwrap_or_default().to_owned(),
        hs: piece.hs.map_or_else(String::new, |hs| hs.to_string()),
        units: piece.units.map_or_else(String::new, |units| units.to_string()),
        net_weight: piece.net_weight.map_or_else(String::new, |weight| weight.kg().to_string()),
        value: piece.value.map_or_else(String::new, |value| value.to_string()),
    }
}

/// Returns the sums of charges, one a currency.
fn totals(charges: &[Charge]) -> Vec<String> {
    let mut totals: Vec<Money> = Vec::new();
    for charge in charges {
        match totals.iter_mut().find(|total| total.currency == charge.amount.currency) {
            Some(total) => total.minor = total.minor.saturating_add(charge.amount.minor),
            None => totals.push(charge.amount),
        }
    }
    totals.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests;
