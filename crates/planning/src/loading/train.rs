//! What boxes of a train must keep to together: 20-ft boxes in pairs, and the weight of the whole train.

use std::cmp::Reverse;

use caravan_postal::Grams;

use super::VehicleKey;
use super::rules::RailLine;
use crate::table::RowId;

/// A 20-ft box that is to go by train.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TwentyFoot {
    /// The box.
    pub vehicle: VehicleKey,
    /// Its route: only boxes for the same one share a wagon.
    pub route: RowId,
    /// What it weighs with its tare.
    pub gross: Grams,
}

/// 20-ft boxes on their wagons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairing {
    /// The pairs, each on one wagon.
    pub pairs: Vec<(VehicleKey, VehicleKey)>,
    /// What cannot go, and why.
    pub alone: Vec<(VehicleKey, Unpaired)>,
}

/// Why a 20-ft box cannot go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unpaired {
    /// It is heavier than the line takes.
    TooHeavy,
    /// No other box for its route is left.
    NoOther,
    /// The nearest other box for its route differs too much in weight.
    TooDifferent,
}

/// Puts 20-ft boxes in pairs as the line asks for. No other pairing has more pairs.
///
/// Where a line does not ask for pairs (`is_paired_20`), what is alone may go as well, unless it is too heavy. Two boxes of
/// the greatest weight are never too heavy for their wagon: the table of lines is checked for it.
///
/// Sorted by weight, a box that cannot pair with the next lighter one cannot pair with any lighter one, so taking
/// neighbours from the heaviest down loses nothing.
pub fn pair_boxes(boxes: &[TwentyFoot], line: &RailLine) -> Pairing {
    let mut pairing = Pairing::default();
    let mut sorted: Vec<&TwentyFoot> = boxes.iter().collect();
    sorted.sort_unstable_by_key(|one| (&one.route, Reverse(one.gross), one.vehicle));
    sorted.retain(|one| {
        let fits = one.gross <= line.box_20_max;
        if !fits {
            pairing.alone.push((one.vehicle, Unpaired::TooHeavy));
        }
        fits
    });
    let mut rest = sorted.as_slice();
    while let [one, others @ ..] = rest {
        rest = others;
        let Some(next) = others.first().filter(|next| next.route == one.route) else {
            pairing.alone.push((one.vehicle, Unpaired::NoOther));
            continue;
        };
        if one.gross - next.gross < line.pair_difference_below {
            pairing.pairs.push((one.vehicle, next.vehicle));
            rest = &others[1..];
        } else {
            pairing.alone.push((one.vehicle, Unpaired::TooDifferent));
        }
    }
    pairing.pairs.sort_unstable();
    pairing.alone.sort_unstable();
    pairing
}
