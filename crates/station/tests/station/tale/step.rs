//! What may happen, and how often.

use caravan_station::Disposition;
use caravan_tariff::Decision;
use proptest::prelude::*;

use super::{CHANGED, CONTAINERS, ITEMS, STREAMS};

/// One thing that may happen; numbers are cut to what there is.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Bring(usize, u64),
    Scan(usize, u64),
    Dispose(usize, Disposition),
    TakeOut(usize),
    HandBack(usize),
    Redeclare(usize, Decision, usize),
    Reassess(usize, Decision),
    Weigh(usize, i64),
    Settle(usize),
    Receive(u32),
    Announce(usize, usize),
    ReceiveContainer(usize),
    Seal(usize),
    Papers(usize),
    Sign(usize),
    Correct(Correction),
    Wait(i64),
    Inbound(Coming),
}

/// What may happen to mail from abroad.
#[derive(Debug, Clone)]
pub(super) enum Coming {
    /// A dispatch is advised up to a receptacle, but for every third.
    Advise(u32, u32),
    Arrive(u32, u64),
    Open(u32),
    CloseArrival,
    DutyDue(usize, i64),
    Pay(usize),
    Forward(usize),
    Refuse(usize),
}

/// What corrects, and what customs does to what is closed.
#[derive(Debug, Clone)]
pub(super) enum Correction {
    CustomsOpening(usize, i64),
    OpenContainer(usize),
    ReleaseInPart(usize, bool),
    Cut(usize, Option<usize>),
    Withdraw(usize),
    Recall(usize),
    TakeOut(usize),
    Merge(usize, usize),
    Confirm(usize),
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let item = || 0..ITEMS;
    let container = || 0..CONTAINERS.len();
    let grams =
        || prop_oneof![8 => 1u64..3000, 2 => 3000u64..12_000, 2 => 12_000u64..31_000, 1 => Just(40_000u64)];
    let decision =
        || prop_oneof![3 => Just(Decision::Go), 1 => Just(Decision::Hold), 1 => Just(Decision::Refuse)];
    prop_oneof![
        12 => (item(), grams()).prop_map(|(item, grams)| Step::Bring(item, grams)),
        2 => (item(), grams()).prop_map(|(item, grams)| Step::Scan(item, grams)),
        6 => (item(), prop::sample::select(Disposition::ALL)).prop_map(|(item, said)| Step::Dispose(item, said)),
        3 => item().prop_map(|item| Step::Dispose(item, Disposition::Released)),
        5 => item().prop_map(Step::TakeOut),
        1 => item().prop_map(Step::HandBack),
        2 => (item(), decision()).prop_map(|(item, to)| Step::Reassess(item, to)),
        2 => (item(), decision(), 0..STREAMS.len()).prop_map(|(item, to, stream)| Step::Redeclare(item, to, stream)),
        6 => (0usize..4, -400i64..400).prop_map(|(nth, excess)| Step::Weigh(nth, excess)),
        3 => (0usize..4).prop_map(Step::Settle),
        1 => (1u32..4).prop_map(Step::Receive),
        4 => (container(), 0usize..4).prop_map(|(container, ahead)| Step::Announce(container, ahead)),
        1 => container().prop_map(Step::ReceiveContainer),
        6 => container().prop_map(Step::Seal),
        6 => container().prop_map(Step::Papers),
        6 => container().prop_map(Step::Sign),
        18 => correction().prop_map(Step::Correct),
        10 => (1i64..400).prop_map(Step::Wait),
        2 => (400i64..5000).prop_map(Step::Wait),
        13 => from_abroad().prop_map(Step::Inbound),
    ]
}

pub(super) fn from_abroad() -> impl Strategy<Value = Coming> {
    let item = || 0..ITEMS;
    prop_oneof![
        1 => (1u32..5, 0u32..3).prop_map(|(to, but)| Coming::Advise(to, but)),
        2 => (1u32..5, 2800u64..3500).prop_map(|(serial, grams)| Coming::Arrive(serial, grams)),
        2 => (1u32..5).prop_map(Coming::Open),
        1 => Just(Coming::CloseArrival),
        1 => (item(), 0i64..2).prop_map(|(item, due)| Coming::DutyDue(item, due * 2600)),
        1 => item().prop_map(Coming::Pay),
        2 => item().prop_map(Coming::Forward),
        1 => item().prop_map(Coming::Refuse),
    ]
}

pub(super) fn correction() -> impl Strategy<Value = Correction> {
    use Correction::{
        Confirm, CustomsOpening, Cut, Merge, OpenContainer, Recall, ReleaseInPart, TakeOut, Withdraw,
    };
    let item = || 0..ITEMS;
    let container = || 0..CONTAINERS.len();
    prop_oneof![
        4 => (0usize..6, -400i64..400).prop_map(|(nth, excess)| CustomsOpening(nth, excess)),
        2 => container().prop_map(OpenContainer),
        2 => (item(), any::<bool>()).prop_map(|(item, is_kept)| ReleaseInPart(item, is_kept)),
        1 => (container(), prop::option::of(0usize..4)).prop_map(|(cut, ahead)| Cut(cut, ahead)),
        1 => container().prop_map(Withdraw),
        1 => item().prop_map(Recall),
        6 => item().prop_map(TakeOut),
        2 => (0usize..6, 0usize..6).prop_map(|(from, into)| Merge(from, into)),
        2 => prop::sample::select(&CHANGED[..]).prop_map(Confirm),
    ]
}
