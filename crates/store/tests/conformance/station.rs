//! The station's state: whatever its commands make of it is written and read back, field by field.

use std::collections::BTreeSet;

use caravan_postal::Grams;
use caravan_station::{
    Changes, ContainerState, DepartureState, DispatchState, EarlyAnswer, ItemId, ReceptacleState, State,
};
use caravan_store::{Noted, Store};

use crate::database::Database;
use crate::life::{Life, departure, two_days};
use crate::on_both;
use crate::sample::{DAY_MS, MORNING_MS, s10};

on_both!(
    what_is_written_is_read_back,
    early_answers_and_untold_items_are_kept_until_they_are_settled,
    what_has_left_is_in_the_lists_and_not_in_the_snapshot,
    lists_come_in_their_orders,
    a_station_goes_on_where_another_process_stopped,
    the_two_days_meet_nearly_every_state,
);

async fn what_is_written_is_read_back(db: Database) {
    let mut life = two_days(&db.store).await;
    assert_same(&db.second().await, life.station.state()).await;
    life.tick_to(MORNING_MS + DAY_MS + 11 * 3_600_000).await;
    assert_same(&db.store, life.station.state()).await;
    db.assert_sound().await;
}

/// Asserts that the snapshot is the state, and what it holds is what the station knows.
async fn assert_same(store: &Store, state: &State) {
    let (_, kept) = store.snapshot().await.unwrap();
    assert_eq!(kept.sequences, state.sequences);
    assert_eq!(kept.planned_to_ms, state.planned_to_ms);
    assert_eq!(kept.receptacles, state.receptacles);
    assert_eq!(kept.dispatches, state.dispatches);
    assert_eq!(kept.containers, state.containers);
    assert_eq!(kept.departures, state.departures);
    assert_eq!(kept.filings, state.filings);
    assert_eq!(kept.borders, state.borders);
    assert_eq!(kept.left, state.left);
    assert_eq!(kept.untold, state.untold);
    assert!(!kept.left.is_empty(), "something has left for an office that must not wait too long");
    assert!(kept.borders.values().any(|border| border.closed.is_some()), "a border is closed");
}

async fn early_answers_and_untold_items_are_kept_until_they_are_settled(db: Database) {
    two_days(&db.store).await;
    let (_, first) = db.store.snapshot().await.unwrap();
    let (dispatch, id) =
        (*first.dispatches.keys().next().unwrap(), *first.receptacles.keys().next().unwrap());
    // What is there already may be found once more, as a process that begins again does.
    for (untold, weight) in
        [(vec![], None), (vec![1, 2], Some(None)), (vec![2], Some(Some(Grams(14_500)))), (vec![], None)]
    {
        let (version, mut state) = db.store.snapshot().await.unwrap();
        state.untold = untold.iter().map(|item| (dispatch, ItemId(*item))).collect();
        state.receptacles.get_mut(&id).unwrap().answered = weight.map(|weight| EarlyAnswer { weight });
        let changes = Changes {
            untold: (1..=2).map(|item| (dispatch, ItemId(item))).collect(),
            receptacles: [id].into(),
            ..Changes::default()
        };
        db.store.apply(version, &state, &changes, &[], &Noted::default(), MORNING_MS).await.unwrap();
        assert_same(&db.store, &state).await;
    }
}

async fn what_has_left_is_in_the_lists_and_not_in_the_snapshot(db: Database) {
    let life = two_days(&db.store).await;
    let seen = &life.seen;
    let (_, kept) = db.store.snapshot().await.unwrap();
    let receptacles = db.store.receptacles().await.unwrap();
    assert_eq!(receptacles, seen.receptacles.values().cloned().collect::<Vec<_>>());
    let gone = receptacles.iter().filter(|receptacle| receptacle.state == ReceptacleState::Departed);
    let gone: Vec<_> = gone.collect();
    assert!(gone.len() >= 4, "{gone:?}");
    assert!(gone.iter().all(|receptacle| !kept.receptacles.contains_key(&receptacle.id)));
    assert_eq!(db.store.dispatches().await.unwrap(), seen.dispatches.values().cloned().collect::<Vec<_>>());
    assert_eq!(db.store.containers().await.unwrap(), seen.containers.values().cloned().collect::<Vec<_>>());
    assert!(kept.containers.len() < seen.containers.len());
    assert!(kept.dispatches.len() < seen.dispatches.len());
    assert!(!kept.departures.values().any(|one| one.key == departure(16)));
}

async fn lists_come_in_their_orders(db: Database) {
    let life = two_days(&db.store).await;
    let departures = db.store.departures().await.unwrap();
    assert_eq!(departures.len(), life.seen.departures.len());
    assert!(departures.is_sorted_by(|a, b| (a.departs_ms, &a.key) < (b.departs_ms, &b.key)));
    for departure in &departures {
        assert_eq!(Some(departure), life.seen.departures.get(&departure.id));
    }
    for dispatch in db.store.dispatches().await.unwrap() {
        let inside = db.store.receptacles_of(dispatch.id).await.unwrap();
        let serials = inside.iter().map(|receptacle| receptacle.s9.unwrap().serial());
        assert_eq!(serials.collect::<Vec<_>>(), (1..=dispatch.receptacles).collect::<Vec<_>>());
        for receptacle in inside {
            assert_eq!(Some(&receptacle), life.seen.receptacles.get(&receptacle.id));
        }
    }
    for container in db.store.containers().await.unwrap().iter().filter(|container| !container.is_through) {
        let inside = db.store.receptacles_in(container.id).await.unwrap();
        assert_eq!(inside.len(), usize::try_from(container.receptacles).unwrap());
        assert!(inside.is_sorted_by(|a, b| a.id < b.id));
        for receptacle in inside {
            assert_eq!(Some(&receptacle), life.seen.receptacles.get(&receptacle.id));
        }
    }
}

async fn a_station_goes_on_where_another_process_stopped(db: Database) {
    let first = two_days(&db.store).await;
    let mut second = Life::start(&db.second().await).await;
    assert_same(&db.store, second.station.state()).await;
    let before = first.station.state().sequences["receptacle"];
    second.now_ms = first.now_ms;
    let names: Vec<_> = (60..=66).map(s10).collect();
    second.declare(60, &names, |_, _| {}).await;
    second.bring(&names).await;
    assert_same(&db.store, second.station.state()).await;
    assert!(second.station.state().sequences["receptacle"] > before, "numbers go on");
    db.assert_sound().await;
}

/// The states that two days cannot meet, because they last no longer than a command: they are the rest of the list.
async fn the_two_days_meet_nearly_every_state(db: Database) {
    use DepartureState::{Closing, Planned};
    use ReceptacleState::{Closed, Departed, Disputed, Open, Received};
    let life = two_days(&db.store).await;
    let seen = &life.seen;
    let receptacles: BTreeSet<_> = seen.receptacles.values().map(|receptacle| receptacle.state).collect();
    for state in [Open, Closed, Disputed, Departed, Received] {
        assert!(receptacles.contains(&state), "{state:?} of {receptacles:?}");
    }
    let dispatches: BTreeSet<_> = seen.dispatches.values().map(|dispatch| dispatch.state).collect();
    assert_eq!(dispatches, BTreeSet::from([DispatchState::Open, DispatchState::Closed]));
    let containers: BTreeSet<_> = seen.containers.values().map(|container| container.state).collect();
    assert!(containers.contains(&ContainerState::Departed), "{containers:?}");
    let departures: BTreeSet<_> = seen.departures.values().map(|departure| departure.state).collect();
    for state in [Planned, Closing, DepartureState::Departed] {
        assert!(departures.contains(&state), "{state:?} of {departures:?}");
    }
    let is_any = |found: bool, what: &str| assert!(found, "{what}");
    is_any(seen.receptacles.values().any(|one| one.stopped > 0), "a receptacle with something stopped");
    is_any(seen.receptacles.values().any(|one| one.registered > 0), "a receptacle with a red label");
    is_any(seen.departures.values().any(|one| !one.left_behind.is_empty()), "something left behind");
    is_any(
        seen.containers.values().any(|one| one.signed_ms.is_some() && one.cn37.is_some()),
        "a signed bill",
    );
}
