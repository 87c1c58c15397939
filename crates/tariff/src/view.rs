//! The explanation as plain structs that can be written as JSON: every figure a text, every name stable.

use caravan_postal::{Catalogue, Language, Money};
use serde::Serialize;

use crate::explanation::{Say, decimal, rounding_name};
use crate::trace::{self, Amount, Quotation};
use crate::{Charge, RowId, tables};

/// An assessment with its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is that of the assessment or explanation that has its name")]
pub struct Explanation {
    pub revision: String,
    pub decision: &'static str,
    pub physical: Option<&'static str>,
    pub channel: &'static str,
    pub findings: Vec<Finding>,
    pub regime: Option<Row>,
    /// By which set of data customs takes the item: `H7`; the row that says so is `entry`.
    pub entry_set: Option<String>,
    pub entry: Option<Row>,
    pub charges: Vec<ChargeView>,
    /// Whether the charges are all that is due; where it is not so, `unknown` holds what could not be reckoned.
    pub is_complete: bool,
    pub unknown: Vec<Unknown>,
    pub considered: Vec<Considered>,
}

/// A finding with its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is that of the finding that has its name")]
pub struct Finding {
    pub code: &'static str,
    pub severity: &'static str,
    pub field: String,
    pub arguments: Vec<String>,
    pub says: String,
    pub act: String,
    /// The rows that it names.
    pub rows: Vec<Row>,
}

/// A table row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is that of the row that has its name")]
pub struct Row {
    pub id: String,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub status: Option<&'static str>,
    pub source: Option<String>,
    pub note: Option<String>,
}

/// A charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is that of the charge that has its name")]
pub struct ChargeView {
    pub kind: &'static str,
    pub amount: String,
    pub currency: String,
    pub is_estimate: bool,
    pub is_unverified: bool,
    pub row: Row,
    pub trace: Vec<Step>,
}

/// A charge that could not be reckoned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is that of the charge that has its name")]
pub struct Unknown {
    pub kind: &'static str,
    pub row: Row,
}

/// A row that was considered and not applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is that of the explanation that has its name")]
pub struct Considered {
    pub row: Row,
    pub why: &'static str,
    pub says: String,
}

/// A step of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each field is that of the step that has its name")]
pub enum Step {
    Take {
        what: &'static str,
        piece: Option<u16>,
        quantity: Quantity,
    },
    Stand {
        piece: Option<u16>,
        row: Row,
    },
    /// `by` is who chose: `item`, `station`, or the `table` by its default.
    Read {
        reading: Row,
        choice: String,
        by: Option<&'static str>,
    },
    Convert {
        from: Quantity,
        to: Quantity,
        rate: Rate,
    },
    Reckon {
        what: &'static str,
        operation: &'static str,
        left: Quantity,
        right: Quantity,
        result: Quantity,
    },
    Round {
        from: Quantity,
        to: Quantity,
        rounding: &'static str,
    },
}

/// A figure: decimal text, its unit (a currency, `kg`, `1` for a plain number), and the exact fraction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quantity {
    /// The figure with six decimals at most; `≈` before it when it has more.
    pub figure: String,
    /// The unit.
    pub unit: String,
    /// Numerator and denominator.
    pub exact: String,
}

/// A published rate: `units` of `currency` are `value` of `counter`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is that of the quotation that has its name")]
pub struct Rate {
    pub authority: String,
    pub units: u32,
    pub currency: String,
    pub value: String,
    pub counter: String,
    pub valid_from: String,
    pub valid_to: Option<String>,
    pub source: String,
}

impl Explanation {
    /// Returns the view of an explanation, its texts in one language. The catalogue holds at least [`crate::MESSAGES`].
    pub fn of(explanation: &crate::Explanation, catalogue: &Catalogue, language: Language) -> Self {
        let assessment = &explanation.assessment;
        let say = Say { catalogue, language };
        let finding = |finding: &caravan_postal::Finding| Finding {
            code: finding.code.name,
            severity: finding.severity().as_str(),
            field: finding.field.to_string(),
            arguments: finding.arguments.iter().map(ToString::to_string).collect(),
            says: catalogue.says(finding, language),
            act: catalogue.act(finding, language),
            rows: explanation.rows_of(finding).map(|found| row(explanation, &found.id)).collect(),
        };
        let considered = |one: &crate::Considered| Considered {
            row: row(explanation, &one.row),
            why: one.why.as_str(),
            says: say.name("why", one.why.as_str()),
        };
        let unknown =
            |one: &crate::UnknownCharge| Unknown { kind: one.kind.as_str(), row: row(explanation, &one.row) };
        Self {
            revision: explanation.revision.clone(),
            decision: assessment.decision.as_str(),
            physical: assessment.physical.map(crate::PhysicalOutcome::as_str),
            channel: assessment.channel.as_str(),
            findings: assessment.findings.iter().map(finding).collect(),
            regime: assessment.regime.as_ref().map(|id| row(explanation, id)),
            entry_set: explanation.entry_set.clone(),
            entry: assessment.entry.as_ref().map(|id| row(explanation, id)),
            charges: assessment.charges.iter().map(|charge| charge_view(explanation, charge)).collect(),
            is_complete: explanation.known() == crate::Known::Whole,
            unknown: explanation.unknown.iter().map(unknown).collect(),
            considered: explanation.considered.iter().map(considered).collect(),
        }
    }
}

fn row(explanation: &crate::Explanation, id: &RowId) -> Row {
    let row: Option<&tables::Row> = explanation.row(id);
    Row {
        id: id.to_string(),
        valid_from: row.map(|row| row.valid_from.to_string()),
        valid_to: row.and_then(|row| row.valid_to).map(|day| day.to_string()),
        status: row.map(|row| row.status.as_str()),
        source: row.map(|row| row.source.to_string()),
        note: row.map(|row| row.note.to_string()).filter(|note| !note.is_empty()),
    }
}

fn charge_view(explanation: &crate::Explanation, charge: &Charge) -> ChargeView {
    ChargeView {
        kind: charge.kind.as_str(),
        amount: charge.amount.decimal(),
        currency: charge.amount.currency.to_string(),
        is_estimate: charge.is_estimate,
        is_unverified: charge.is_unverified,
        row: row(explanation, &charge.row),
        trace: charge.trace.iter().map(|one| step(explanation, one)).collect(),
    }
}

fn step(explanation: &crate::Explanation, step: &trace::Step) -> Step {
    match step {
        trace::Step::Stand { piece, row: id } => Step::Stand { piece: *piece, row: row(explanation, id) },
        trace::Step::Read { reading, choice } => {
            let by = explanation.chosen_by(reading);
            Step::Read { reading: row(explanation, reading), choice: choice.to_string(), by }
        }
        trace::Step::Take { what, piece, quantity } => {
            Step::Take { what: what.as_str(), piece: *piece, quantity: quantity_view(quantity) }
        }
        trace::Step::Convert { from, to, rate } => {
            Step::Convert { from: amount(*from), to: amount(*to), rate: rate_view(rate) }
        }
        trace::Step::Reckon { what, operation, left, right, result } => Step::Reckon {
            what: what.as_str(),
            operation: operation.as_str(),
            left: quantity_view(left),
            right: quantity_view(right),
            result: quantity_view(result),
        },
        trace::Step::Round { from, to, rounding } => {
            Step::Round { from: amount(*from), to: money(*to), rounding: rounding_name(*rounding) }
        }
    }
}

fn quantity_view(quantity: &trace::Quantity) -> Quantity {
    let plain =
        |figure: String, unit: &str| Quantity { exact: figure.clone(), figure, unit: unit.to_owned() };
    match quantity {
        trace::Quantity::Money(exact) => amount(*exact),
        trace::Quantity::Weight(weight) => plain(weight.kg().to_string(), "kg"),
        trace::Quantity::Count(count) => plain(count.to_string(), "1"),
        trace::Quantity::Rate(rate) => ratio(*rate, "1"),
    }
}

fn amount(amount: Amount) -> Quantity {
    ratio(amount.exact, amount.currency.as_str())
}

fn money(money: Money) -> Quantity {
    amount(Amount::of(money))
}

fn ratio(exact: caravan_postal::Ratio, unit: &str) -> Quantity {
    let (numerator, denominator) = exact.parts();
    Quantity { figure: decimal(exact), unit: unit.to_owned(), exact: format!("{numerator}/{denominator}") }
}

fn rate_view(rate: &Quotation) -> Rate {
    Rate {
        authority: rate.authority.to_string(),
        units: rate.units,
        currency: rate.currency.to_string(),
        value: decimal(rate.value),
        counter: rate.counter.to_string(),
        valid_from: rate.valid_from.to_string(),
        valid_to: rate.valid_to.map(|day| day.to_string()),
        source: rate.source.to_string(),
    }
}
