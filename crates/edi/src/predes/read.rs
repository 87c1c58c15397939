//! PREDES as it was read: what a partner says will arrive.

mod labels;

use caravan_postal::{Finding, Grams, Handling, Place, ReceptacleKind, S8, S9, S10};
use chrono::NaiveDateTime;

use super::{Dispatch, Function, TransportMode};
use crate::profile::{Entry, Profile};
use crate::receptacles;
use crate::{Message, codes};

/// A dispatch as it was announced. All times are local to the office of origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The dispatch; `None` when it is missing or cannot be read.
    pub s8: Option<S8>,
    /// What the message does to what was said before about the dispatch.
    pub function: Option<Function>,
    /// When it was closed.
    pub closed_at: Option<NaiveDateTime>,
    /// When it is planned to leave.
    pub departs_at: Option<NaiveDateTime>,
    /// By what it is planned to leave.
    pub mode: Option<TransportMode>,
    /// The number of the train, truck or flight.
    pub conveyance: Option<String>,
    /// The receptacles whose identifier could be read, in the order of the message.
    pub receptacles: Vec<AdvisedReceptacle>,
}

/// A receptacle as it was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisedReceptacle {
    /// The identifier as on its label.
    pub s9: S9,
    /// The kind.
    pub kind: Option<ReceptacleKind>,
    /// The handling class.
    pub handling: Option<Handling>,
    /// The gross weight.
    pub gross_weight: Option<Grams>,
    /// The number of the seal.
    pub seal: Option<String>,
    /// How many items it holds, also those without an identifier.
    pub item_count: Option<u32>,
    /// The items whose identifier could be read.
    pub items: Vec<AdvisedItem>,
    /// Where the receptacle stands in the interchange.
    pub place: Place,
}

/// An item as it was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisedItem {
    /// The identifier.
    pub s10: S10,
    /// The handling class.
    pub handling: Option<Handling>,
    /// The gross weight.
    pub gross_weight: Option<Grams>,
    /// Where the item stands in the interchange.
    pub place: Place,
}

/// Reads a message by a layout of PREDES, whatever its version says; what does not fit is among the findings.
pub fn read(profile: &Profile, message: &Message<'_>, findings: &mut Vec<Finding>) -> Advice {
    let entries = profile.read(message, findings);
    let mut advice = Advice::empty();
    // What follows a receptacle whose identifier cannot be read is of none.
    let mut is_inside = false;
    for entry in &entries {
        match entry.section {
            "dispatch" => advice.take_head(entry, findings),
            "receptacle" => {
                let receptacle = receptacle(entry, findings);
                is_inside = receptacle.is_some();
                advice.receptacles.extend(receptacle);
            }
            "item" => {
                let item = item(entry, findings);
                if let Some(receptacle) = advice.receptacles.last_mut().filter(|_| is_inside) {
                    receptacle.items.extend(item);
                }
            }
            _ => advice.compare_totals(entry, findings),
        }
    }
    let places: Vec<(S9, Place)> =
        advice.receptacles.iter().map(|receptacle| (receptacle.s9, receptacle.place)).collect();
    receptacles::check(&places, advice.s8, findings);
    if advice.function != Some(Function::Cancellation) {
        receptacles::require(&entries, message, findings);
    }
    advice.compare_items(findings);
    labels::check(&advice, findings);
    findings.sort();
    advice
}

impl Advice {
    fn empty() -> Self {
        Self {
            s8: None,
            function: None,
            closed_at: None,
            departs_at: None,
            mode: None,
            conveyance: None,
            receptacles: Vec::new(),
        }
    }

    fn take_head(&mut self, entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) {
        self.s8 =
            entry.parsed("s8", S8::parse, findings, |found| codes::DISPATCH_UNREADABLE.finding([found]));
        self.function = entry.code("function", Function::parse, findings);
        self.closed_at = entry.time("closed_at", findings);
        self.departs_at = entry.time("departs_at", findings);
        self.mode = entry.code("transport_mode", TransportMode::parse, findings);
        self.conveyance = entry.text("conveyance");
        let Some(s8) = self.s8 else { return };
        let series = s8.series();
        // The head says parts of the identifier again.
        for (field, expected) in [
            ("origin", series.origin.to_string()),
            ("destination", series.destination.to_string()),
            ("category", series.category.to_string()),
            ("subclass", series.subclass.to_string()),
        ] {
            receptacles::compare(entry, field, &expected, findings);
        }
    }

    /// Compares what the message adds up with what it lists.
    fn compare_totals(&self, entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) {
        receptacles::compare_count(entry, "receptacle_count", self.receptacles.len(), findings);
        let counts =
            self.receptacles.iter().map(|receptacle| receptacle.item_count.map(|count| count as usize));
        if let Some(items) = counts.sum::<Option<usize>>() {
            receptacles::compare_count(entry, "item_count", items, findings);
        }
        let weights = self.receptacles.iter().map(|receptacle| receptacle.gross_weight);
        receptacles::compare_weight(entry, "weight_kg", weights, findings);
    }

    /// Says which receptacles name more items than they count.
    fn compare_items(&self, findings: &mut Vec<Finding>) {
        for receptacle in &self.receptacles {
            let named = receptacle.items.len();
            if let Some(count) = receptacle.item_count.filter(|count| named > *count as usize) {
                let arguments = ["item_count".to_owned(), count.to_string(), named.to_string()];
                findings.push(codes::FIELD_DIFFERS.finding(arguments).at(receptacle.place));
            }
        }
    }
}

impl From<&Dispatch> for Advice {
    /// Returns what the message about a dispatch of ours says, weights of receptacles to a tenth of a kilogram; its parts
    /// have no place.
    fn from(dispatch: &Dispatch) -> Self {
        let departure = dispatch.departure.as_ref();
        Self {
            s8: Some(dispatch.s8),
            function: Some(dispatch.function),
            closed_at: Some(dispatch.closed_at),
            departs_at: departure.map(|departure| departure.departs_at),
            mode: departure.map(|departure| departure.mode),
            conveyance: departure.and_then(|departure| departure.conveyance.clone()),
            receptacles: dispatch.receptacles.iter().map(AdvisedReceptacle::from).collect(),
        }
    }
}

impl From<&super::Receptacle> for AdvisedReceptacle {
    fn from(receptacle: &super::Receptacle) -> Self {
        let item = |item: &super::Item| AdvisedItem {
            s10: item.s10,
            handling: Some(item.handling),
            gross_weight: Some(item.gross_weight),
            place: Place::Whole,
        };
        Self {
            s9: receptacle.s9,
            kind: Some(receptacle.kind),
            handling: Some(receptacle.handling),
            gross_weight: Some(Grams(receptacle.gross_weight.hectograms() * 100)),
            seal: receptacle.seal.clone(),
            item_count: Some(receptacle.item_count),
            items: receptacle.items.iter().map(item).collect(),
            place: Place::Whole,
        }
    }
}

fn receptacle(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<AdvisedReceptacle> {
    let s9 = entry.s9("s9", findings);
    let kind = entry.code("kind", ReceptacleKind::parse, findings);
    let handling = entry.code("handling", Handling::parse, findings);
    let gross_weight = entry.weight("weight_kg", findings);
    let item_count = entry.count("item_count", findings);
    let s9 = s9?;
    receptacles::compare_with_label(entry, s9, gross_weight, findings);
    let (seal, items) = (entry.text("seal"), Vec::new());
    Some(AdvisedReceptacle { s9, kind, handling, gross_weight, seal, item_count, items, place: entry.place })
}

fn item(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<AdvisedItem> {
    let unreadable = |found: String| codes::ITEM_UNREADABLE.finding([found]);
    let s10 = entry.parsed("s10", |text| S10::parse(text).ok(), findings, unreadable);
    let handling = entry.code("handling", Handling::parse, findings);
    let gross_weight = entry.weight("weight_kg", findings);
    Some(AdvisedItem { s10: s10?, handling, gross_weight, place: entry.place })
}
