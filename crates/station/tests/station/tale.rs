//! Tales: anything may happen, at any time and in any order.

use std::collections::BTreeMap;
use std::sync::Arc;

use caravan_planning::Stream;
use caravan_postal::{
    Country, Currency, Grams, Handling, HighestFlag, Money, ReceptacleKind, S8, S9, S10, Volume,
};
use caravan_station::operation::{ReceptacleName, Redeclaration, Remains};
use caravan_station::{
    Act, Advice, AdvisedReceptacle, Custody, Dispatch, DispatchId, DispatchState, Disposition, Event,
    Inbound, Item, ItemId, ItemName, Journey, Lithium, Operation, Receptacle, ReceptacleId, ReceptacleState,
    State, Station, Subject,
};
use caravan_tariff::{Channel, Decision};
use proptest::prelude::*;

use crate::life::{Between, Life, Record};
use crate::story::with_link;

const MORNING_MS: i64 = 1_794_790_800_000;
const STREAMS: [&str; 4] = ["KZALAA-D-CN-N", "KZALAA-D-CN-R", "UZTASA-D-UN-N", "PLWAWA-C-CN-N"];
const CONTAINERS: [&str; 3] = ["XJF10001", "XJF10002", "TBJU0024184"];
const ITEMS: usize = 14;
/// How many receptacles the dispatch has that is open when some of the lives begin.
pub(crate) const NEARLY_FULL: u32 = 997;

/// One thing that may happen; numbers are cut to what there is.
#[derive(Debug, Clone)]
enum Step {
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
enum Coming {
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
enum Correction {
    CustomsOpening(usize, i64),
    OpenContainer(usize),
    ReleaseInPart(usize, bool),
    Cut(usize, Option<usize>),
    Withdraw(usize),
    Recall(usize),
    TakeOut(usize),
}

/// A life: what the scale does, whether a dispatch is nearly full at the beginning, and what happens.
#[derive(Debug, Clone)]
pub(crate) struct Tale {
    scale: Vec<Option<i64>>,
    is_nearly_full: bool,
    steps: Vec<(Step, Between)>,
}

fn step() -> impl Strategy<Value = Step> {
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

fn from_abroad() -> impl Strategy<Value = Coming> {
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

fn correction() -> impl Strategy<Value = Correction> {
    use Correction::{CustomsOpening, Cut, OpenContainer, Recall, ReleaseInPart, TakeOut, Withdraw};
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
    ]
}

pub(crate) fn tale() -> impl Strategy<Value = Tale> {
    let between = prop_oneof![Just(Between::Nothing), Just(Between::Settle), Just(Between::Restart)];
    let scale = prop_oneof![6 => Just(Some(0)), 2 => Just(None), 1 => Just(Some(400))];
    (prop::collection::vec(scale, 12), any::<bool>(), prop::collection::vec((step(), between), 1..160))
        .prop_map(|(scale, is_nearly_full, steps)| Tale { scale, is_nearly_full, steps })
}

/// Those from here on that are declared come from abroad.
const IMPORTS: usize = 9;

fn name(item: usize) -> ItemName {
    if item < IMPORTS { ItemName::Other(format!("P{item}")) } else { ItemName::S10(s10(item)) }
}

/// Two of the last four come from Poland and are declared, and two from a country that nobody sends mail to.
fn s10(item: usize) -> S10 {
    let country = if item < ITEMS - 2 { "PL" } else { "FR" };
    S10::new("CP", u32::try_from(item).unwrap(), Country::parse(country).unwrap()).unwrap()
}

fn inbound(serial: u32) -> S9 {
    let s8 = S8::parse("PLWAWACNURCAACN60004").unwrap();
    S9::new(s8, serial, HighestFlag::Unknown, None, Grams(3000)).unwrap()
}

/// Returns an item as it is declared, every other one on a list, two of three with batteries; the last two items of a tale
/// never are.
fn declared(item: usize) -> Item {
    let stream = Stream::parse(STREAMS[item % STREAMS.len()]).unwrap();
    let is_import = item >= IMPORTS;
    let country = |code| Country::parse(code).unwrap();
    let is_listed = !is_import && item.is_multiple_of(2);
    Item {
        id: ItemId::of_file(1, u32::try_from(item).unwrap() + 1),
        name: name(item),
        decision: Decision::Go,
        physical: None,
        stream: (!is_import).then_some(stream),
        journey: if is_import { Journey::Import } else { Journey::Export },
        channel: if is_listed { Channel::Ecommerce9610 } else { Channel::PostalArticle },
        origin: is_import.then(|| country("PL")),
        destination: Some(if is_import { country("CN") } else { stream.destination.country() }),
        handling: if stream.is_registered() { Handling::Registered } else { Handling::Normal },
        declared: Some(Grams(1000)),
        scale: None,
        volume: item.is_multiple_of(3).then_some(Volume(4000)),
        lithium: [Lithium::No, Lithium::InEquipment, Lithium::Alone][item % 3],
        custody: Custody::Expected,
        customs: Disposition::NotFiled,
        arrival: None,
        answer: None,
        receptacle: None,
        is_recalled: false,
        inbound: Inbound::default(),
        version: 1,
        events: 1,
    }
}

/// Returns a station's state on which one dispatch has been filled up to near its last serial.
fn nearly_full() -> State {
    let s8 = S8::parse("CNURCAKZALAADCN60001").unwrap();
    let s9 = S9::new(s8, NEARLY_FULL, HighestFlag::No, Some(false), Grams(1500)).unwrap();
    let (dispatch, receptacle) = (DispatchId(1), ReceptacleId(1));
    let mut state = State::default();
    state.sequences.extend([("s8/CNURCAKZALAADCN/2026".to_owned(), 1), ("dispatch".to_owned(), 1)]);
    state.sequences.insert("receptacle".to_owned(), 1);
    state.dispatches.insert(
        dispatch,
        Dispatch {
            id: dispatch,
            series: s8.series(),
            year: 2026,
            s8,
            state: DispatchState::Open,
            receptacles: NEARLY_FULL,
            gone: 0,
            opened_ms: 0,
            closed_ms: None,
            departure: None,
            events: 0,
        },
    );
    state.receptacles.insert(
        receptacle,
        Receptacle {
            id: receptacle,
            kind: ReceptacleKind::Bag,
            state: ReceptacleState::Closed,
            stream: Stream::parse(STREAMS[0]),
            dispatch: Some(dispatch),
            s9: Some(s9),
            items: 0,
            registered: 0,
            listed: 0,
            lithium_in_equipment: 0,
            lithium_alone: 0,
            content: Grams(0),
            volume: Volume(0),
            tare: Grams(500),
            seal: None,
            scale: Some(Grams(1500)),
            closing_for: None,
            opened_ms: 0,
            closed_ms: Some(0),
            container: None,
            lock: None,
            stopped: 0,
            advice: None,
            events: 0,
        },
    );
    state
}

/// Lives a tale, with what comes between its steps or with nothing between them.
pub(crate) fn live(tale: &Tale, is_interrupted: bool) -> Record {
    let state = if tale.is_nearly_full { nearly_full() } else { State::default() };
    let begun = state.clone();
    let mut life = Life::new(Arc::new(with_link()), state, MORNING_MS);
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
    let mut say = |act| {
        life.wait(*now_ms);
        life.apply(&Operation { at_ms: *now_ms, act, note: String::new() });
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
            say(Act::Redeclare(Box::new(Redeclaration { item: Item { stream, ..new } })));
        }
        Step::Reassess(item, decision) => {
            say(Act::Reassess { item: name(*item), decision: *decision, physical: None, assessed: None });
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
            say(Act::ReceiveReceptacle { s9, scale: Grams(9000) });
        }
        Step::Announce(number, ahead) => {
            life.wait(*now_ms);
            let departure = ahead_of(life.station.state(), *ahead);
            let act = Act::Announce { container: container(number), departure };
            life.apply(&Operation { at_ms: *now_ms, act, note: String::new() });
        }
        Step::Correct(correction) => correct(correction, life, *now_ms),
        Step::ReceiveContainer(number) => say(Act::ReceiveContainer {
            container: container(number),
            departure: "almaty-road/2026-11-17T18:00".to_owned(),
            gross: Grams(7_000_000),
            receptacles: 450,
            seal: "DE1".to_owned(),
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
    let act = match correction {
        Correction::CustomsOpening(nth, excess) => {
            // What has gone may be forgotten by now: nothing may depend on it.
            let here = state.receptacles.values().filter(|found| !found.state.is_gone());
            let here: Vec<&Receptacle> = here.collect();
            let found = here.iter().rev().nth(*nth).map(|found| (found.id.0, found.content + found.tare));
            let (tag, expected) = found.unwrap_or((99, Grams(1000)));
            let scale = Grams(expected.0.saturating_add_signed(*excess));
            Act::CustomsOpening { receptacle: ReceptacleName::Tag(tag), scale, seal: "CN2".to_owned() }
        }
        Correction::OpenContainer(number) => Act::OpenContainer { container: container(number) },
        Correction::ReleaseInPart(item, is_kept) => {
            let new = Redeclaration { item: Item { version: 2, ..declared(*item) } };
            let remains = if *is_kept { Remains::Kept(Box::new(new)) } else { Remains::Untold };
            Act::ReleaseInPart { item: name(*item), withheld: vec![2], remains }
        }
        Correction::Cut(number, ahead) => {
            Act::Cut { container: container(number), departure: ahead.map(|ahead| ahead_of(state, ahead)) }
        }
        Correction::Withdraw(number) => Act::Withdraw { container: container(number) },
        Correction::Recall(item) => Act::Recall { item: name(*item) },
        Correction::TakeOut(item) => Act::TakeOut { item: name(*item) },
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
            Act::ReceiveReceptacle { s9: inbound(*serial), scale: Grams(*grams) }
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
/// change.
fn stays_closed(closed: &mut BTreeMap<(DispatchId, usize), Closed>, station: &Station) {
    let state = station.state();
    for dispatch in state.dispatches.values().filter(|dispatch| dispatch.state == DispatchState::Closed) {
        let own = state.receptacles.values().filter(|receptacle| receptacle.dispatch == Some(dispatch.id));
        let inside =
            own.map(|own| (own.id, own.s9, own.items, own.content, own.state == ReceptacleState::Voided));
        let now = (Dispatch { gone: 0, ..dispatch.clone() }, inside.collect());
        let events = station.changes().events.iter();
        let is_reopening =
            |event: &&Event| event.subject == Subject::Dispatch(dispatch.id) && event.code == "reopened";
        let reopenings = events.filter(is_reopening).count();
        let before = closed.entry((dispatch.id, reopenings)).or_insert_with(|| now.clone());
        assert_eq!(*before, now, "a closed dispatch has changed");
    }
}
