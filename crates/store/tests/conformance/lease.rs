//! The lease: a process that is not the station's last one, or has not seen its last state, writes nothing.

use caravan_station::{Act, Changes, Disposition, State};
use caravan_store::{Noted, Outbound, StoreError};

use crate::database::Database;
use crate::life::{Life, two_days};
use crate::on_both;
use crate::sample::{MORNING_MS, s10};

on_both!(
    a_version_that_has_passed_writes_nothing,
    a_process_without_the_lease_writes_nothing,
    the_lease_comes_with_the_state_that_it_was_taken_at,
    of_several_that_apply_at_once_one_succeeds,
    a_scan_of_an_item_that_was_declared_meanwhile_is_looked_at_again,
);

async fn a_version_that_has_passed_writes_nothing(mut db: Database) {
    let life = two_days(&db.store).await;
    let (version, state) = db.store.snapshot().await.unwrap();
    let none = Changes::default();
    db.store.apply(version, &state, &none, &[], &Noted::default(), life.now_ms).await.unwrap();
    let counts = db.counts().await;
    let rows = rows(&mut db).await;
    // Everything that an apply can write, with the version of before.
    let mut changes = Changes::default();
    changes.receptacles.extend(state.receptacles.keys());
    changes.sequences.insert("receptacle".to_owned());
    let mut late = State::default();
    late.receptacles.clone_from(&state.receptacles);
    late.receptacles.values_mut().for_each(|receptacle| receptacle.events += 1);
    late.sequences.insert("receptacle".to_owned(), 999);
    late.planned_to_ms = Some(1);
    let outbound = [Outbound { key: "late".to_owned(), body: vec![1] }];
    let noted = Noted { applied: Some((caravan_store::FileId(1), 999)), ..Noted::default() };
    let error = db.store.apply(version, &late, &changes, &outbound, &noted, 0).await.unwrap_err();
    assert!(matches!(error, StoreError::Stale), "{error:?}");
    assert_eq!(db.counts().await, counts);
    assert_eq!(self::rows(&mut db).await, rows);
    db.assert_sound().await;
}

/// The rows that the late write of the case would have changed.
async fn rows(db: &mut Database) -> Vec<String> {
    db.texts(
        "SELECT 'station ' || CAST(version AS TEXT) || ' ' || CAST(planned_to_ms AS TEXT) FROM station \
         UNION ALL SELECT name || ' ' || CAST(value AS TEXT) FROM sequence \
         UNION ALL SELECT CAST(id AS TEXT) || ' ' || CAST(events AS TEXT) FROM receptacle \
         UNION ALL SELECT CAST(id AS TEXT) || ' ' || CAST(kept_to AS TEXT) FROM file ORDER BY 1",
    )
    .await
}

async fn a_process_without_the_lease_writes_nothing(mut db: Database) {
    let names = [s10(1), s10(2)];
    let mut first = Life::start(&db.store).await;
    first.declare(1, &names, |_, _| {}).await;
    first.bring(&names[..1]).await;
    let mut second = Life::start(&db.second().await).await;
    let counts = db.counts().await;
    // It has not looked since, and nobody has changed anything but the lease.
    let scan = Act::Scan { item: names[1].clone(), scale: caravan_postal::Grams(900) };
    let operation = caravan_station::Operation { at_ms: MORNING_MS, act: scan, note: String::new() };
    first.admit(std::slice::from_ref(&operation)).await;
    first.apply(&operation);
    let error = first.try_commit(Noted::default()).await.unwrap_err();
    assert!(matches!(error, StoreError::Stale), "{error:?}");
    assert_eq!(db.counts().await, counts);
    second.bring(&names[1..]).await;
    assert!(db.counts().await != counts);
    db.assert_sound().await;
}

async fn the_lease_comes_with_the_state_that_it_was_taken_at(db: Database) {
    let (first, _) = db.store.take_lease("first", MORNING_MS).await.unwrap();
    let (second, _) = db.store.take_lease("second", MORNING_MS).await.unwrap();
    // Both have seen the same state, and nothing was written in between.
    let (state, none, noted) = (State::default(), Changes::default(), Noted::default());
    let late = db.store.apply(first, &state, &none, &[], &noted, MORNING_MS).await.unwrap_err();
    assert!(matches!(late, StoreError::Stale), "{late:?}");
    let next = db.store.apply(second, &state, &none, &[], &noted, MORNING_MS).await.unwrap();
    let (seen, _) = db.store.snapshot().await.unwrap();
    assert_eq!(seen, next);
}

async fn of_several_that_apply_at_once_one_succeeds(db: Database) {
    let (version, _) = db.store.take_lease("all of them", MORNING_MS).await.unwrap();
    let stores = [db.store.clone(), db.second().await];
    let tasks: Vec<_> = (0..6)
        .map(|task: usize| {
            let store = stores[task % 2].clone();
            tokio::spawn(async move {
                let (state, none, noted) = (State::default(), Changes::default(), Noted::default());
                let body = vec![u8::try_from(task).unwrap()];
                let outbound = [Outbound { key: format!("task/{task}"), body }];
                store.apply(version, &state, &none, &outbound, &noted, MORNING_MS).await
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => done += 1,
            Err(error) => assert!(matches!(error, StoreError::Stale), "{error:?}"),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(db.store.undelivered().await.unwrap().len(), 1);
}

async fn a_scan_of_an_item_that_was_declared_meanwhile_is_looked_at_again(mut db: Database) {
    for (name, number) in [(s10(1), 1), (caravan_station::ItemName::Other("K-80".to_owned()), 2)] {
        let mut life = Life::start(&db.store).await;
        let scan = Act::Scan { item: name.clone(), scale: caravan_postal::Grams(1000) };
        let operation = caravan_station::Operation { at_ms: MORNING_MS, act: scan, note: String::new() };
        life.admit(std::slice::from_ref(&operation)).await;
        life.apply(&operation);
        // Between looking and writing, a process that only takes files in keeps the item's declaration.
        life.declare(number, std::slice::from_ref(&name), |_, _| {}).await;
        let counts = db.counts().await;
        let error = life.try_commit(Noted::default()).await.unwrap_err();
        assert!(matches!(error, StoreError::Stale), "{error:?}");
        assert_eq!(db.counts().await, counts);
        let mut life = Life::start(&db.store).await;
        life.bring(std::slice::from_ref(&name)).await;
        let found = db.store.items(&[name]).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].customs, found[0].version), (Disposition::Released, 1));
    }
    db.assert_sound().await;
}
