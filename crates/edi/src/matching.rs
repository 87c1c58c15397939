//! Matching: what was told against what was answered, receptacle by receptacle.
//!
//! A receptacle is its dispatch and its serial; flags and weight are attributes that pass through many hands, and a
//! difference in them is told. What has not been answered for yet is awaited: it becomes a difference when the caller
//! settles the comparison, because answers come in several messages and in any order.

mod carrier;
mod difference;
mod numbers;

use std::collections::{BTreeMap, BTreeSet};

use caravan_postal::{Grams, Handling, Impc, Place, S8, S9};

use crate::consignment::{self, Consignment};
use crate::predes::{Advice, AdvisedReceptacle};
use crate::{rescon, resdes};

pub use carrier::carrier;
pub use difference::{Difference, Irregularity, IrregularityKind, Kind};
pub use numbers::{Arrival, NumberFault, Settled, number_faults, year_of};

/// What a comparison is held to; configuration of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How far two weights of one receptacle may lie apart.
    pub weight_tolerance: Grams,
}

/// What was told of a receptacle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The identifier as on the label.
    pub s9: S9,
    /// The gross weight; without it that of the label counts.
    pub gross_weight: Option<Grams>,
    /// The handling class.
    pub handling: Option<Handling>,
}

/// What was answered for a receptacle, or seen of it on arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The identifier as it was read.
    pub s9: S9,
    /// The gross weight; without it that of the identifier counts.
    pub gross_weight: Option<Grams>,
    /// The handling class.
    pub handling: Option<Handling>,
    /// The status; [`resdes::Receptacle::RECEIVED`] and none at all mean received. A partner's own code for that is a
    /// `[[code]]` of its profile.
    pub status: Option<String>,
    /// Where it stands in the answer.
    pub place: Place,
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// What differs, by receptacle.
    pub differences: Vec<Difference>,
    /// What has not been answered for yet, by receptacle; each is the difference that it becomes.
    pub awaited: Vec<Difference>,
}

impl Outcome {
    /// Returns all differences when nothing more is waited for.
    pub fn settle(self) -> Vec<Difference> {
        let mut all = self.differences;
        all.extend(self.awaited);
        all.sort();
        all
    }
}

/// Compares a dispatch that was announced with all responses to it so far. Outbound, the advice is our own
/// (`Advice::from(&dispatch)`) and the answers are RESDES; inbound, the advice is the partner's PREDES.
pub fn dispatch(advice: &Advice, answers: &[resdes::Response], rules: Rules) -> Outcome {
    let told: Vec<Told> = advice.receptacles.iter().map(Told::from).collect();
    let received: Vec<Received> =
        answers.iter().flat_map(|answer| &answer.receptacles).map(Received::from).collect();
    let subject = advice.s8.map(|s8| s8.to_string()).unwrap_or_default();
    compare(&subject, &told, &received, rules)
}

/// Compares a consignment that was announced with all responses RESCON to it so far.
pub fn consignment(told: &Consignment, answers: &[rescon::Response], rules: Rules) -> Outcome {
    let receptacles: Vec<Told> = told.receptacles.iter().map(Told::from).collect();
    let received: Vec<Received> =
        answers.iter().flat_map(|answer| &answer.receptacles).map(Received::from).collect();
    compare(told.id.as_deref().unwrap_or_default(), &receptacles, &received, rules)
}

/// Compares what was told of receptacles with what was received; `subject` names the dispatch or consignment.
///
/// A receptacle answered for twice counts by its last answer; that the answers differ is told.
pub fn compare(subject: &str, told: &[Told], received: &[Received], rules: Rules) -> Outcome {
    let mut outcome = Outcome::default();
    let mut tell = |difference: Difference| outcome.differences.push(difference);
    let mut expected: BTreeMap<(S8, u32), &Told> = BTreeMap::new();
    for one in told {
        if expected.insert(key(one.s9), one).is_some() {
            tell(Difference::new(Kind::Duplicate, subject, one.s9).told(one.weight()));
        }
    }
    let mut answered: BTreeMap<(S8, u32), &Received> = BTreeMap::new();
    for one in received {
        let before = answered.insert(key(one.s9), one);
        if before.is_some_and(|before| !one.repeats(before)) {
            tell(Difference::new(Kind::Duplicate, subject, one.s9).received(one.weight()).at(one.place));
        }
    }
    let destinations = destinations(told.iter().map(|told| told.s9));
    for (key, one) in &answered {
        if let Some(told) = expected.remove(key) {
            compare_one(subject, told, one, rules).into_iter().for_each(&mut tell);
        } else {
            let kind = unexpected(one.s9, &destinations);
            tell(Difference::new(kind, subject, one.s9).received(one.weight()).at(one.place));
        }
    }
    outcome.awaited = expected
        .into_values()
        .map(|one| Difference::new(Kind::Missing, subject, one.s9).told(one.weight()))
        .collect();
    outcome.differences.sort();
    outcome
}

/// Compares the attributes of one receptacle.
fn compare_one(subject: &str, told: &Told, received: &Received, rules: Rules) -> Vec<Difference> {
    let mut kinds = Vec::new();
    let is_received = |status: &&str| *status == resdes::Receptacle::RECEIVED;
    if let Some(status) = received.status.as_deref().filter(|status| !is_received(status)) {
        kinds.push(Kind::Status { status: status.to_owned() });
    }
    let weights = told.weight().zip(received.weight());
    if weights.is_some_and(|(told, received)| told.0.abs_diff(received.0) > rules.weight_tolerance.0) {
        kinds.push(Kind::Weight);
    }
    let (ours, theirs) = (told.s9, received.s9);
    let is_known = |s9: S9| s9.highest != caravan_postal::HighestFlag::Unknown;
    if is_known(ours) && is_known(theirs) && ours.highest != theirs.highest {
        kinds.push(Kind::HighestFlag);
    }
    if ours.is_registered.zip(theirs.is_registered).is_some_and(|(ours, theirs)| ours != theirs) {
        kinds.push(Kind::RegisteredFlag);
    }
    if let Some((told, received)) = told.handling.zip(received.handling).filter(|(a, b)| a != b) {
        kinds.push(Kind::Handling { told, received });
    }
    let difference = |kind| {
        Difference::new(kind, subject, ours)
            .told(told.weight())
            .received(received.weight())
            .read_as(theirs)
            .at(received.place)
    };
    kinds.into_iter().map(difference).collect()
}

/// Returns what a receptacle is that nobody told of: made up for an office that none of the others is for, or in excess.
fn unexpected(s9: S9, destinations: &BTreeSet<Impc>) -> Kind {
    let is_mis_sent = !destinations.is_empty() && !destinations.contains(&s9.dispatch.series().destination);
    if is_mis_sent { Kind::MisSent } else { Kind::Extra }
}

/// Returns the offices that receptacles are made up for.
fn destinations(told: impl IntoIterator<Item = S9>) -> BTreeSet<Impc> {
    told.into_iter().map(|s9| s9.dispatch.series().destination).collect()
}

fn key(s9: S9) -> (S8, u32) {
    (s9.dispatch, s9.serial())
}

/// Returns the weight that a label prints, when it does not only say "more than 999.8 kg".
fn printed_weight(s9: S9) -> Option<Grams> {
    s9.weight.hectograms().map(|hectograms| Grams(u64::from(hectograms) * 100))
}

impl Told {
    fn weight(&self) -> Option<Grams> {
        self.gross_weight.or_else(|| printed_weight(self.s9))
    }
}

impl Received {
    fn weight(&self) -> Option<Grams> {
        self.gross_weight.or_else(|| printed_weight(self.s9))
    }

    /// Returns whether it says the same once more.
    fn repeats(&self, before: &Self) -> bool {
        Self { place: before.place, ..self.clone() } == *before
    }
}

impl From<&AdvisedReceptacle> for Told {
    fn from(receptacle: &AdvisedReceptacle) -> Self {
        let AdvisedReceptacle { s9, gross_weight, handling, .. } = *receptacle;
        Self { s9, gross_weight, handling }
    }
}

impl From<&consignment::Receptacle> for Told {
    fn from(receptacle: &consignment::Receptacle) -> Self {
        let consignment::Receptacle { s9, gross_weight, handling, .. } = *receptacle;
        Self { s9, gross_weight, handling }
    }
}

impl From<&resdes::Receptacle> for Received {
    fn from(receptacle: &resdes::Receptacle) -> Self {
        Self {
            s9: receptacle.s9,
            gross_weight: receptacle.gross_weight,
            handling: receptacle.handling,
            status: receptacle.status.clone(),
            place: receptacle.place,
        }
    }
}

#[cfg(test)]
mod tests;
