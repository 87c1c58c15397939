//! Tales: anything may happen, at any time and in any order.

mod given;
mod step;

use std::collections::BTreeMap;
use std::num::NonZeroU8;
use std::sync::Arc;

use caravan_declaration::Protected;
use caravan_planning::Stream;
use caravan_postal::{Currency, Grams, HighestFlag, MailClass, Money, ReceptacleKind, S8, S9};
use caravan_station::operation::{
    AnnouncedAs, Consigned, ReceptacleName, Redeclaration, Remains, SendersWord,
};
use caravan_station::{
    Act, Advice, AdvisedReceptacle, Bagging, Dispatch, DispatchId, DispatchState, Disposition, Event, Item,
    Operation, Receptacle, ReceptacleId, ReceptacleState, State, Station, Subject,
};
use proptest::prelude::*;

use crate::life::{Between, Life, Record};
use crate::story::{with_link, with_slots};
use given::{IMPORTS, declared, inbound, name, nearly_full, s10};
use step::{Coming, Correction, Step, step};

const MORNING_MS: i64 = 1_794_790_800_000;
const STREAMS: [&str; 5] =
    ["KZALAA-D-CN-N", "KZALAA-D-CN-R", "UZTASA-D-CN-N", "PLWAWA-C-CN-N", "UZTASA-D-CA-N"];
const CONTAINERS: [&str; 3] = ["XJF10001", "XJF10002", "TBJU0024184"];
const ITEMS: usize = 14;
/// The items that are declared again with what only their sender may change; customs has no list of either.
const CHANGED: [usize; 2] = [1, 7];
/// How many receptacles of a stream may stand open in the tales, in turn.
const SLOTS: [NonZeroU8; 3] = [
    NonZeroU8::MIN,
    NonZeroU8::new(2).expect("two is not zero"),
    NonZeroU8::new(4).expect("four is not zero"),
];
/// Which classes are bagged at the cut-off in the tales, in turn.
const GATHERED: [&[MailClass]; 2] = [&[], &[MailClass::Parcels]];
/// How many receptacles the dispatch has that is open when some of the lives begin.
pub(crate) const NEARLY_FULL: u32 = 997;

/// A life: what the scale does, how many places for receptacles a stream has, whether a dispatch is nearly full at the
/// beginning, and what happens.
#[derive(Debug, Clone)]
pub(crate) struct Tale {
    scale: Vec<Option<i64>>,
    is_nearly_full: bool,
    /// How many receptacles of a stream stand open at once.
    pub(crate) slots: NonZeroU8,
    /// The classes that are bagged at the cut-off.
    gathered: &'static [MailClass],
    steps: Vec<(Step, Between)>,
}

pub(crate) fn tale() -> impl Strategy<Value = Tale> {
    let between = prop_oneof![Just(Between::Nothing), Just(Between::Settle), Just(Between::Restart)];
    let scale = prop_oneof![6 => Just(Some(0)), 2 => Just(None), 1 => Just(Some(400))];
    let steps = prop::collection::vec((step(), between), 1..160);
    (prop::collection::vec(scale, 12), any::<bool>(), steps).prop_map(|(scale, is_nearly_full, steps)| {
        let slots = SLOTS[steps.len() % SLOTS.len()];
        let gathered = GATHERED[steps.len() / SLOTS.len() % GATHERED.len()];
        Tale { scale, is_nearly_full, slots, gathered, steps }
    })
}

/// Lives a tale, with what comes between its steps or with nothing between them.
pub(crate) fn live(tale: &Tale, is_interrupted: bool) -> Record {
    let state = if tale.is_nearly_full { nearly_full() } else { State::default() };
    let begun = state.clone();
    let mut config = with_link();
    with_slots(&mut config, tale.slots);
    for class in tale.gathered {
        config.classes.get_mut(class).unwrap().bagging = Bagging::CutOff;
    }
    let mut life = Life::new(Arc::new(config), state, MORNING_MS);
    life.record.dispatches = begun.dispatches;
    life.record.receptacles = begun.receptacles;
    life.record.sequences = begun.sequences;
    life.scale = (1..).map(ReceptacleId).zip(tale.scale.iter().copied()).collect();
    for item in 0..ITEMS - 2 {
        life.admit(declared(item));
    }
    let mut now_ms = MORNING_MS;
    let mut closed = BTreeMap::new();
    for (step, between) in &tale.steps {
        take(step, &mut life, &mut now_ms);
        if is_interrupted {
            life.between(*between);
        } else {
            stays_closed(&mut closed, &life.station);
        }
    }
    life.tick_to(now_ms + 3 * 86_400_000);
    life.end()
}

fn take(step: &Step, life: &mut Life, now_ms: &mut i64) {
    // Now and then nobody says why.
    let note = if (*now_ms / 60_000) % 8 == 0 { "" } else { "act 1" };
    let mut say = |act| {
        life.wait(*now_ms);
        life.apply(&Operation { at_ms: *now_ms, act, note: note.to_owned() });
    };
    let container = |container: &usize| CONTAINERS[*container].to_owned();
    match step {
        Step::Bring(item, grams) => {
            say(Act::Scan { item: name(*item), scale: Grams(*grams) });
            say(Act::Dispose { item: name(*item), disposition: Disposition::Released });
        }
        Step::Scan(item, grams) => say(Act::Scan { item: name(*item), scale: Grams(*grams) }),
        Step::Dispose(item, disposition) => {
            say(Act::Dispose { item: name(*item), disposition: *disposition });
        }
        Step::TakeOut(item) => say(Act::TakeOut { item: name(*item) }),
        Step::HandBack(item) => say(Act::HandBack { item: name(*item) }),
        Step::Redeclare(item, decision, stream) => {
            let new = Item { decision: *decision, version: 2, ..declared(*item) };
            let stream = Stream::parse(STREAMS[*stream]);
            // Some versions change what only the sender may change.
            let is_changed = CHANGED.contains(item);
            let word =
                if is_changed { SendersWord::Changed(vec![Protected::Value]) } else { SendersWord::Stands };
            say(Act::Redeclare(Box::new(Redeclaration { item: Item { stream, ..new }, word })));
        }
        Step::Reassess(item, decision) => {
            say(Act::Reassess { item: name(*item), answer: given::reassessed(*item, *decision) });
        }
        Step::Weigh(nth, excess) => {
            life.wait(*now_ms);
            let found = unsettled(life.station.state()).into_iter().nth(*nth);
            let (tag, expected) = found.unwrap_or((99, 1000));
            let act = Act::WeighReceptacle { tag, scale: Grams(expected.saturating_add_signed(*excess)) };
            life.apply(&Operation { at_ms: *now_ms, act, note: String::new() });
        }
        Step::Settle(nth) => {
            life.wait(*now_ms);
            let found = unsettled(life.station.state()).into_iter().nth(*nth);
            let act = Act::SettleReceptacle { tag: found.map_or(1, |(tag, _)| tag) };
            life.apply(&Operation { at_ms: *now_ms, act, note: String::new() });
        }
        Step::Receive(serial) => {
            let s8 = S8::parse("CNBJSAKZALAACCN60042").unwrap();
            let s9 = S9::new(s8, *serial, HighestFlag::Unknown, None, Grams(9000)).unwrap();
            say(Act::ReceiveReceptacle { s9, scale: Grams(9000), seal: None });
        }
        Step::Announce(number, ahead) => {
            life.wait(*now_ms);
            let departure = ahead_of(life.station.state(), *ahead);
            let act =
                Act::Announce { container: container(number), departure, as_what: AnnouncedAs::default() };
            life.apply(&Operation { at_ms: *now_ms, act, note: String::new() });
        }
        Step::Correct(correction) => correct(correction, life, *now_ms),
        Step::ReceiveContainer(number) => say(Act::ReceiveContainer {
            container: container(number),
            departure: "almaty-road/2026-11-17T18:00".to_owned(),
            gross: Grams(7_000_000),
            receptacles: 450,
            seal: format!("DE{number}"),
            consigned: Consigned::default(),
        }),
        Step::Seal(number) => say(Act::Seal { container: container(number), seal: "CN1".to_owned() }),
        Step::Papers(number) => {
            say(Act::TransferNumber { container: container(number), number: "T1".to_owned() });
        }
        Step::Sign(number) => say(Act::Sign { container: container(number) }),
        Step::Inbound(step) => say(coming(step)),
        Step::Wait(minutes) => *now_ms += minutes * 60_000,
    }
}

/// Does what corrects.
fn correct(correction: &Correction, life: &mut Life, now_ms: i64) {
    life.wait(now_ms);
    let state = life.station.state();
    let container = |container: &usize| CONTAINERS[*container].to_owned();
    // What has gone may be forgotten by now: nothing may depend on it.
    let here = state.receptacles.values().filter(|found| !found.state.is_gone());
    let here: Vec<&Receptacle> = here.collect();
    let act = match correction {
        Correction::Merge(from, into) => {
            let tag = |nth: &usize| here.iter().rev().nth(*nth).map_or(99, |found| found.id.0);
            Act::Merge { from: ReceptacleName::Tag(tag(from)), into: ReceptacleName::Tag(tag(into)) }
        }
        Correction::CustomsOpening(nth, excess) => {
            let found = here.iter().rev().nth(*nth).map(|found| (found.id.0, found.content + found.tare));
            let (tag, expected) = found.unwrap_or((99, Grams(1000)));
            let scale = Grams(expected.0.saturating_add_signed(*excess));
            Act::CustomsOpening { receptacle: ReceptacleName::Tag(tag), scale, seal: "CN2".to_owned() }
        }
        Correction::OpenContainer(number) => Act::OpenContainer { container: container(number) },
        Correction::ReleaseInPart(item, is_kept) => {
            let new =
                Redeclaration { item: Item { version: 2, ..declared(*item) }, word: SendersWord::Withheld };
            let remains = if *is_kept { Remains::Kept(Box::new(new)) } else { Remains::Untold };
            Act::ReleaseInPart { item: name(*item), withheld: vec![2], remains }
        }
        Correction::Cut(number, ahead) => {
            Act::Cut { container: container(number), departure: ahead.map(|ahead| ahead_of(state, ahead)) }
        }
        Correction::Withdraw(number) => Act::Withdraw { container: container(number) },
        Correction::Recall(item) => Act::Recall { item: name(*item) },
        Correction::TakeOut(item) => Act::TakeOut { item: name(*item) },
        Correction::Confirm(item) => Act::Confirm { item: name(*item), reference: "call 1".to_owned() },
    };
    life.apply(&Operation { at_ms: now_ms, act, note: "act 1".to_owned() });
}

/// Returns the key of one of the departures ahead, by time; empty when there are not so many.
fn ahead_of(state: &State, ahead: usize) -> String {
    let departures = state.departures.values().filter(|departure| departure.is_ahead());
    let mut keys: Vec<_> = departures.map(|found| (found.departs_ms, found.key.clone())).collect();
    keys.sort();
    keys.get(ahead).map(|(_, key)| key.clone()).unwrap_or_default()
}

/// Returns the act of a step of mail from abroad.
fn coming(step: &Coming) -> Act {
    match step {
        Coming::Advise(to, but) => {
            // An item of ours that has left may come back in another office's receptacle: its list names one.
            let advised = |serial: u32| AdvisedReceptacle {
                s9: inbound(serial),
                kind: ReceptacleKind::Bag,
                seal: None,
                advice: Advice {
                    gross: Some(Grams(3000)),
                    count: None,
                    items: vec![s10(IMPORTS - 1 + serial as usize), s10(ITEMS - 1)],
                },
            };
            let receptacles = (1..=*to).filter(|serial| serial % 3 != *but).map(advised).collect();
            Act::Advise { dispatch: inbound(1).dispatch, receptacles }
        }
        Coming::Arrive(serial, grams) => {
            Act::ReceiveReceptacle { s9: inbound(*serial), scale: Grams(*grams), seal: None }
        }
        Coming::Open(serial) => Act::OpenReceptacle { s9: inbound(*serial) },
        Coming::CloseArrival => Act::CloseArrival { dispatch: inbound(1).dispatch },
        Coming::DutyDue(item, minor) => {
            let amount = Money { minor: *minor, currency: Currency::parse("CNY").unwrap() };
            Act::DutyDue { item: name(*item), amount }
        }
        Coming::Pay(item) => Act::Pay { item: name(*item), receipt: "A1".to_owned() },
        Coming::Forward(item) => Act::Forward { item: name(*item), run: "chengdu-van".to_owned() },
        Coming::Refuse(item) => Act::Refuse { item: name(*item) },
    }
}

/// Returns the tags of the receptacles that someone must weigh or look into, with what they should weigh.
fn unsettled(state: &State) -> Vec<(i64, u64)> {
    let is_asked = |receptacle: &&Receptacle| {
        matches!(receptacle.state, ReceptacleState::Weighing | ReceptacleState::Disputed)
    };
    let asked = state.receptacles.values().filter(is_asked);
    asked.map(|receptacle| (receptacle.id.0, (receptacle.content + receptacle.tare).0)).collect()
}

/// What may not change of a dispatch once it is closed: the dispatch, and what is in its receptacles under which number.
type Closed = (Dispatch, Vec<(ReceptacleId, Option<S9>, u32, Grams, bool)>);

/// A dispatch that is closed stays as it is, until it is reopened with an event that says so. What of it has left is no
/// change, and neither is another departure, which an event tells.
fn stays_closed(closed: &mut BTreeMap<(DispatchId, usize), Closed>, station: &Station) {
    let state = station.state();
    for dispatch in state.dispatches.values().filter(|dispatch| dispatch.state == DispatchState::Closed) {
        let own = state.receptacles.values().filter(|receptacle| receptacle.dispatch == Some(dispatch.id));
        let inside =
            own.map(|own| (own.id, own.s9, own.items, own.content, own.state == ReceptacleState::Voided));
        let count = |code: &str| {
            let is_it =
                |event: &&Event| event.subject == Subject::Dispatch(dispatch.id) && event.code == code;
            station.changes().events.iter().filter(is_it).count()
        };
        let (reopenings, replannings) = (count("reopened"), count("replanned"));
        let events = dispatch.events - u32::try_from(replannings).unwrap();
        let dispatch = Dispatch { gone: 0, departure: None, events, ..dispatch.clone() };
        let id = dispatch.id;
        let now = (dispatch, inside.collect());
        let before = closed.entry((id, reopenings)).or_insert_with(|| now.clone());
        assert_eq!(*before, now, "a closed dispatch has changed");
    }
}
