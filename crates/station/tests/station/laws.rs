//! What holds whatever happens: any operations at any times, in any order, interrupted anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;

use caravan_planning::Stream;
use caravan_postal::{Grams, HighestFlag, MailCategory, S9, Volume};
use caravan_station::{
    CameBack, Config, ContainerState, Custody, Dispatch, DispatchState, Disposition, Filing, FilingForm,
    FilingState, Item, Lithium, Receptacle, ReceptacleState, Subject,
};
use caravan_tariff::{Channel, Decision};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, RngSeed, TestRunner};

use crate::config;
use crate::life::Record;
use crate::tale::{NEARLY_FULL, live, tale};

/// Checks everything that must hold of a record.
fn uphold(record: &Record, config: &Config) {
    // What stands for the hundreds that are in a nearly full dispatch has no items of its own.
    for receptacle in record.receptacles.values().filter(|receptacle| receptacle.opened_ms > 0) {
        counts_its_items(receptacle, record, config);
    }
    for item in record.items.values() {
        assert_eq!(item.custody == Custody::Bagged, item.receptacle.is_some(), "{item:?}");
        if let Some(receptacle) = item.receptacle {
            assert_eq!(record.receptacles[&receptacle].stream, item.stream, "an item lies in its stream");
        }
    }
    for dispatch in record.dispatches.values() {
        is_numbered(dispatch, record);
    }
    customs_is_told(record);
    numbers_have_no_gap(record);
    containers_count(record);
    events_have_no_gap(record);
}

/// No more receptacles of a stream stand open than there are places for.
fn keeps_its_slots(record: &Record, slots: NonZeroU8) {
    let mut open: BTreeMap<Stream, u8> = BTreeMap::new();
    let receptacles = record.receptacles.values().filter(|found| found.state == ReceptacleState::Open);
    for stream in receptacles.filter_map(|receptacle| receptacle.stream) {
        *open.entry(stream).or_default() += 1;
    }
    assert!(open.values().all(|count| *count <= slots.get()), "{slots} slots: {open:?}");
}

fn counts_its_items(receptacle: &Receptacle, record: &Record, config: &Config) {
    let inside: Vec<&Item> =
        record.items.values().filter(|item| item.receptacle == Some(receptacle.id)).collect();
    let count = |is: fn(&Item) -> bool| inside.iter().filter(|item| is(item)).count();
    // What came back had left with it.
    let back: Vec<&CameBack> =
        record.came_back.iter().filter(|back| back.receptacle == receptacle.id).collect();
    assert!(back.is_empty() || receptacle.state == ReceptacleState::Departed, "{receptacle:?}");
    assert_eq!(receptacle.items as usize, inside.len() + back.len(), "{receptacle:?}");
    let weight = inside.iter().map(|item| item.weight()).chain(back.iter().map(|back| back.weight));
    assert_eq!(receptacle.content, weight.sum::<Grams>());
    let registered = count(Item::is_registered) + back.iter().filter(|back| back.is_registered).count();
    assert_eq!(receptacle.registered as usize, registered, "{receptacle:?}");
    assert_eq!(receptacle.stopped as usize, count(Item::is_stopped), "{receptacle:?}");
    let was_listed = back.iter().filter(|back| record.items[&back.item].arrival.is_some()).count();
    let listed = count(|item| item.arrival.is_some()) + was_listed;
    assert_eq!(receptacle.listed as usize, listed, "{receptacle:?}");
    let batteries = inside.iter().map(|item| item.lithium).chain(back.iter().map(|back| back.lithium));
    let batteries: Vec<Lithium> = batteries.collect();
    let hold = |lithium| batteries.iter().filter(|one| **one == lithium).count();
    assert_eq!(receptacle.lithium_in_equipment as usize, hold(Lithium::InEquipment), "{receptacle:?}");
    assert_eq!(receptacle.lithium_alone as usize, hold(Lithium::Alone), "{receptacle:?}");
    let dangerous = count(|item| item.is_dangerous) + back.iter().filter(|back| back.is_dangerous).count();
    assert_eq!(receptacle.dangerous as usize, dangerous, "{receptacle:?}");
    let volume = |item: &Item| {
        let class = item.stream.unwrap().class();
        item.volume.unwrap_or_else(|| config.class(class).density.volume_of(item.weight()))
    };
    if !receptacle.is_through() && back.is_empty() {
        assert_eq!(receptacle.volume, inside.iter().map(|item| volume(item)).sum::<Volume>());
    }
    if receptacle.state == ReceptacleState::Voided {
        assert!(inside.is_empty(), "what is void is empty");
    }
    if receptacle.state == ReceptacleState::Departed {
        let is_let_out = |item: &Item| item.customs == Disposition::Released || item.is_going_back();
        let is_free =
            |item: &Item| item.decision == Decision::Go && item.confirmed.is_none() && !item.is_recalled;
        let may_leave = |item: &&Item| is_free(item) && is_let_out(item);
        assert!(!receptacle.is_stopped() && inside.iter().all(may_leave), "a hold has left: {inside:?}");
    }
    let is_labelled = matches!(
        receptacle.state,
        ReceptacleState::Closed | ReceptacleState::Loaded | ReceptacleState::Departed
    );
    if is_labelled && !receptacle.is_through() {
        let s9 = receptacle.s9.unwrap();
        let printed = S9::new(
            s9.dispatch,
            s9.serial(),
            s9.highest,
            Some(receptacle.registered > 0),
            receptacle.scale.unwrap(),
        );
        assert_eq!(Ok(s9), printed, "the label says what the scale showed");
        assert!(receptacle.items > 0, "nothing empty is labelled");
    }
    let is_away = matches!(receptacle.state, ReceptacleState::Loaded | ReceptacleState::Departed);
    assert_eq!(is_away, receptacle.container.is_some(), "{receptacle:?}");
    if is_away && let Some(dispatch) = receptacle.dispatch {
        let closed = [DispatchState::Closed, DispatchState::Reopened];
        let state = record.dispatches[&dispatch].state;
        assert!(closed.contains(&state), "loaded, and its dispatch {}", state.as_str());
    }
}

/// Receptacles that have no label that holds.
const UNSETTLED: [ReceptacleState; 2] = [ReceptacleState::Weighing, ReceptacleState::Disputed];

/// Items on lists are reported when they are here, and nothing of theirs leaves without its bag list and its report.
fn customs_is_told(record: &Record) {
    for item in record.items.values().filter(|item| item.custody == Custody::Bagged) {
        assert_eq!(item.arrival.is_some(), item.channel == Channel::Ecommerce9610, "{item:?}");
    }
    for filing in record.filings.values() {
        let reported = record.items.values().filter(|item| item.arrival == Some(filing.id)).count();
        let inside = record.receptacles.values().filter(|found| found.container.is_some());
        let inside = inside.filter(|found| found.container == filing.container);
        let parts = record.filings.values().filter(|other| other.number == filing.number);
        let is_current = |part: &&Filing| part.state != FilingState::Replaced;
        let lines: u32 = parts.filter(is_current).map(|part| part.lines).sum();
        // One that is void stood for what lay in the container before it was opened.
        let is_void = record.filings.values().any(|part| {
            part.number == filing.number && part.voyage.is_none() && part.state != FilingState::Replaced
        });
        match filing.form {
            _ if filing.form == FilingForm::BagContents && is_void => {}
            FilingForm::Arrival => assert_eq!(filing.lines as usize, reported, "{filing:?}"),
            FilingForm::Presentation => {
                let is_in = |item: &&Item| item.inbound.presented.is_some_and(|one| one.filing == filing.id);
                assert!(record.items.values().filter(is_in).count() <= filing.lines as usize, "{filing:?}");
            }
            FilingForm::BagContents | FilingForm::Departure => {
                assert_eq!(inside.map(|found| found.listed).sum::<u32>(), lines, "{filing:?}");
            }
        }
    }
    for container in record.containers.values().filter(|one| one.state == ContainerState::Departed) {
        let inside = record.receptacles.values().filter(|found| found.container == Some(container.id));
        let is_listed = inside.map(|found| found.listed).sum::<u32>() > 0;
        for form in [FilingForm::BagContents, FilingForm::Departure] {
            let mut told = record.filings.values().filter(|filing| filing.form == form);
            assert_eq!(is_listed, told.any(|filing| filing.container == Some(container.id)), "{container:?}");
        }
    }
}

fn is_numbered(dispatch: &Dispatch, record: &Record) {
    let own: Vec<&Receptacle> =
        record.receptacles.values().filter(|receptacle| receptacle.dispatch == Some(dispatch.id)).collect();
    if !is_own(dispatch) {
        assert_eq!(own.len(), dispatch.receptacles as usize, "{dispatch:?}");
        let unanswered = own.iter().filter(|receptacle| receptacle.state == ReceptacleState::Advised);
        assert!(dispatch.state == DispatchState::Advised || unanswered.count() == 0, "{dispatch:?}");
        return;
    }
    let mut serials: Vec<u32> = own.iter().map(|receptacle| receptacle.s9.unwrap().serial()).collect();
    serials.sort_unstable();
    let first = if dispatch.opened_ms == 0 { NEARLY_FULL } else { 1 };
    assert_eq!(serials, (first..=dispatch.receptacles).collect::<Vec<_>>(), "{dispatch:?}");
    assert!(own.iter().all(|receptacle| receptacle.s9.unwrap().dispatch == dispatch.s8));
    let valid: Vec<&&Receptacle> =
        own.iter().filter(|receptacle| receptacle.state != ReceptacleState::Voided).collect();
    match dispatch.state {
        DispatchState::Open => assert!(dispatch.closed_ms.is_none()),
        DispatchState::Voided | DispatchState::Cancelled => assert!(valid.is_empty(), "{dispatch:?}"),
        DispatchState::Reopened => {
            assert!(dispatch.closed_ms.is_some());
            assert!(valid.iter().any(|receptacle| UNSETTLED.contains(&receptacle.state)), "{dispatch:?}");
        }
        DispatchState::Advised | DispatchState::Answered => {
            unreachable!("those are another office's")
        }
        DispatchState::Closed | DispatchState::Acknowledged => {
            let s9 = |receptacle: &&&Receptacle| receptacle.s9.unwrap();
            let flagged: Vec<S9> = valid.iter().map(s9).filter(|s9| s9.highest == HighestFlag::Yes).collect();
            let highest = valid.iter().map(s9).max_by_key(|s9| s9.serial());
            // The flag may be void together with the receptacle that bore it, when no other was within reach.
            let flag = |own: &&&Receptacle| own.s9.unwrap().highest == HighestFlag::Yes;
            let is_void = flagged.is_empty() && own.iter().any(|own| flag(&own) && !valid.contains(&own));
            assert!(
                is_void || flagged == Vec::from_iter(highest),
                "one receptacle is flagged, and it is the highest: {own:?}"
            );
            assert!(!valid.iter().any(|receptacle| UNSETTLED.contains(&receptacle.state)), "{dispatch:?}");
        }
    }
    let left = valid.iter().filter(|own| own.state == ReceptacleState::Departed);
    let gone = left.map(|own| own.s9.unwrap().serial()).max().unwrap_or_default();
    assert_eq!(dispatch.gone, gone, "{dispatch:?}");
}

/// Returns whether this office has made up a dispatch, and not another for this one.
fn is_own(dispatch: &Dispatch) -> bool {
    !matches!(dispatch.state, DispatchState::Advised | DispatchState::Answered)
}

fn numbers_have_no_gap(record: &Record) {
    let mut series: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut open = BTreeSet::new();
    for dispatch in record.dispatches.values().filter(|dispatch| is_own(dispatch)) {
        let name = format!("s8/{}/{}", dispatch.series, dispatch.year);
        series.entry(name).or_default().push(dispatch.s8.serial());
        if dispatch.state == DispatchState::Open {
            assert!(open.insert(dispatch.series), "two dispatches of a series are open");
        }
    }
    for (name, serials) in series {
        let last = u32::try_from(record.sequences[&name]).unwrap();
        assert_eq!(serials, (1..=last).collect::<Vec<_>>(), "{name}");
    }
    let receptacles = u64::try_from(record.receptacles.len()).unwrap();
    assert_eq!(record.sequences.get("receptacle").copied().unwrap_or_default(), receptacles);
}

fn containers_count(record: &Record) {
    let mut here = BTreeSet::new();
    let mut bills = BTreeSet::new();
    for container in record.containers.values() {
        let inside: Vec<&Receptacle> = record
            .receptacles
            .values()
            .filter(|receptacle| receptacle.container == Some(container.id))
            .collect();
        if container.is_through {
            assert!(inside.is_empty());
        } else {
            assert_eq!(container.receptacles as usize, inside.len());
            assert_eq!(container.gross, inside.iter().map(|receptacle| receptacle.gross()).sum::<Grams>());
            assert_eq!(container.volume, inside.iter().map(|receptacle| receptacle.volume).sum::<Volume>());
            assert!(container.gross <= container.payload && container.volume <= container.usable);
        }
        let stopped = inside.iter().filter(|receptacle| receptacle.is_stopped()).count();
        assert_eq!(container.stopped as usize, stopped, "{container:?}");
        let has_left = container.state == ContainerState::Departed;
        if container.state == ContainerState::Withdrawn {
            assert!(inside.is_empty(), "{container:?}");
            continue;
        }
        assert!(!has_left || container.gate().is_empty(), "{container:?}");
        let left = |receptacle: &&Receptacle| receptacle.state == ReceptacleState::Departed;
        assert!(inside.iter().all(|receptacle| left(receptacle) == has_left), "{container:?}");
        assert!(has_left || here.insert(&container.number), "one container stands here twice");
        assert!(container.cn37.is_none() || bills.insert(&container.cn37), "one bill for two containers");
        let air =
            |receptacle: &&Receptacle| receptacle.s9.unwrap().dispatch.series().category == MailCategory::A;
        assert!(!inside.iter().any(air), "air mail on the road");
    }
}

fn events_have_no_gap(record: &Record) {
    let mut counts: BTreeMap<Subject, u32> = record
        .items
        .values()
        .filter(|item| item.id.0 >> 32 > 0)
        .map(|item| (Subject::Item(item.id), 1))
        .collect();
    for event in &record.events {
        let count = counts.entry(event.subject).or_default();
        *count += 1;
        assert_eq!(event.n, *count, "{event:?}");
    }
    let counted = |subject| counts.get(&subject).copied().unwrap_or_default();
    let items = record.items.values().map(|row| (Subject::Item(row.id), row.events));
    let receptacles = record.receptacles.values().map(|row| (Subject::Receptacle(row.id), row.events));
    let dispatches = record.dispatches.values().map(|row| (Subject::Dispatch(row.id), row.events));
    let containers = record.containers.values().map(|row| (Subject::Container(row.id), row.events));
    let departures = record.departures.values().map(|row| (Subject::Departure(row.id), row.events));
    for (subject, events) in items.chain(receptacles).chain(dispatches).chain(containers).chain(departures) {
        assert_eq!(events, counted(subject), "{subject:?}");
    }
}

fn seeded() -> ProptestConfig {
    ProptestConfig {
        cases: 200,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(20_261_116),
        ..ProptestConfig::default()
    }
}

/// Laws about what never comes to pass hold of anything: the tales come to what the laws are about.
#[test]
fn the_tales_go_far() {
    let mut runner = TestRunner::new(seeded());
    let mut reached: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..200 {
        let tale = tale().new_tree(&mut runner).unwrap().current();
        let record = live(&tale, false);
        let mut seen = BTreeSet::new();
        seen.extend(record.findings.iter().map(|found| found.finding.code.name.to_owned()));
        seen.extend(record.events.iter().map(|event| event.code.to_owned()));
        let left = record.departures.values().flat_map(|departure| &departure.left_behind);
        seen.extend(left.map(|left| left.reason.clone()));
        seen.extend(
            record
                .filings
                .values()
                .map(|filing| format!("{} {}", filing.form.as_str(), filing.state.as_str())),
        );
        for name in seen {
            *reached.entry(name).or_default() += 1;
        }
    }
    for (name, least) in [
        ("EMC", 10),
        ("relabelled", 20),
        ("voided", 20),
        ("disputed", 20),
        ("settled", 10),
        ("moved-on", 20),
        ("stopped", 20),
        ("freed", 20),
        ("taken-out", 20),
        ("hold-inside", 5),
        ("left-held", 5),
        ("left-dispatch-open", 3),
        ("customs-opened", 20),
        ("reopened", 20),
        ("replaced", 20),
        ("cancelled", 5),
        ("taken-down", 10),
        ("seals-void", 5),
        ("signature-void", 5),
        ("cut", 10),
        ("withdrawn", 10),
        ("recalled", 20),
        ("withheld", 10),
        ("receptacle-wrong", 10),
        ("item-over-weight", 10),
        ("answered", 20),
        ("inferred", 3),
        ("missing", 20),
        ("withdrawn", 10),
        ("EMF", 5),
        ("turned-back", 10),
        ("507 filed", 50),
        ("607 filed", 10),
        ("declaration-changed", 10),
        ("confirmed", 3),
        ("509 filed", 3),
        ("no-bag-list", 20),
        ("merged", 5),
        ("bagged-at-once", 20),
    ] {
        let count = reached.get(name).copied().unwrap_or_default();
        assert!(count >= least, "{name} came to pass in {count} tales of 200: {reached:?}");
    }
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn whatever_happens_the_invariants_hold(tale in tale()) {
        let record = live(&tale, false);
        uphold(&record, &config());
        keeps_its_slots(&record, tale.slots);
    }

    #[test]
    fn the_same_happens_again_and_interrupted(tale in tale()) {
        let record = live(&tale, false);
        prop_assert!(live(&tale, false) == record, "again");
        prop_assert!(live(&tale, true) == record, "interrupted");
    }
}
