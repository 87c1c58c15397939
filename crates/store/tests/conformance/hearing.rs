//! What is heard: interchanges count once, and what was sent is found again with what happened to it.

use caravan_postal::{Grams, S9};
use caravan_station::operation::{MAIL_DELAYED, MAIL_STUCK, MATCH_TERMINATED};
use caravan_station::{Act, Changes, ItemId, ReceptacleId, ReceptacleState, Subject};
use caravan_store::{
    AnsweredDispatch, Batch, FileId, HeardFile, InterchangeRow, Noted, Pair, Passed, Settlement, Store,
    StoreError, Verdict,
};

use crate::database::Database;
use crate::life::{Life, two_days};
use crate::on_both;
use crate::sample::{MORNING_MS, claimed, done, plain_batch};

on_both!(
    an_interchange_counts_once_and_with_its_file,
    the_last_reference_is_the_highest,
    declarations_bring_their_interchanges_with_the_verdict,
    what_was_sent_is_found_with_its_receptacles,
    what_happened_and_what_was_declared_is_told_by_item,
    what_waits_is_listed_until_it_is_resolved,
    what_is_told_of_an_item_waits_until_it_is_resolved,
    a_draft_about_what_passes_through_waits_until_its_dispatch_is_resolved,
    mail_that_is_late_is_listed_until_it_is_answered_for,
);

fn pair(sender: &str) -> Pair {
    Pair { sender: (sender.to_owned(), "UP".to_owned()), recipient: ("CN001".to_owned(), "UP".to_owned()) }
}

fn heard(file: FileId, references: &[&str], is_test: bool, is_back: bool) -> HeardFile {
    let interchange = |reference: &&str| InterchangeRow {
        pair: pair("KZ001"),
        reference: (*reference).to_owned(),
        is_test,
        is_back,
    };
    HeardFile {
        file,
        interchanges: references.iter().map(interchange).collect(),
        verdict: Verdict::Done,
        format: "resdes".to_owned(),
        findings: Vec::new(),
    }
}

async fn apply(store: &Store, heard: HeardFile) -> Result<(), StoreError> {
    let (version, state) = store.snapshot().await.unwrap();
    let noted = Noted { heard: Some(heard), ..Noted::default() };
    store.apply(version, &state, &Changes::default(), &[], &noted, MORNING_MS).await.map(|_| ())
}

async fn an_interchange_counts_once_and_with_its_file(db: Database) {
    let first = claimed(&db.store, 1).await.id;
    apply(&db.store, heard(first, &["5"], false, false)).await.unwrap();
    assert_eq!(db.store.file(first).await.unwrap().verdict, Verdict::Done);
    let again = apply(&db.store, heard(first, &["6"], false, false)).await;
    assert!(matches!(again, Err(StoreError::Stale)), "the verdict stands: {again:?}");
    let second = claimed(&db.store, 2).await.id;
    let twice = apply(&db.store, heard(second, &["6", "5"], false, false)).await;
    assert!(matches!(twice, Err(StoreError::Database { .. })), "{twice:?}");
    assert_eq!(db.store.file(second).await.unwrap().verdict, Verdict::Open, "nothing of it is kept");
    assert_eq!(db.store.interchanges().await.unwrap(), 1);
    apply(&db.store, heard(second, &["5", "5"], true, false)).await.unwrap();
    assert_eq!(db.store.interchanges().await.unwrap(), 1, "a test may come again and does not count");
    db.assert_sound().await;
}

async fn the_last_reference_is_the_highest(db: Database) {
    let passed = |last: Option<&str>, is_seen| Passed { last: last.map(str::to_owned), is_seen };
    assert_eq!(db.store.passed(&pair("KZ001"), "1").await.unwrap(), passed(None, false));
    let (first, second) = (claimed(&db.store, 1).await.id, claimed(&db.store, 2).await.id);
    apply(&db.store, heard(first, &["7"], false, false)).await.unwrap();
    apply(&db.store, heard(second, &["3"], false, true)).await.unwrap();
    assert_eq!(db.store.passed(&pair("KZ001"), "3").await.unwrap(), passed(Some("7"), true));
    assert_eq!(db.store.passed(&pair("KZ001"), "8").await.unwrap(), passed(Some("7"), false));
    assert_eq!(db.store.passed(&pair("KZ002"), "7").await.unwrap(), passed(None, false));
    let other = Pair { recipient: ("CN001".to_owned(), "ZZ".to_owned()), ..pair("KZ001") };
    assert_eq!(db.store.passed(&other, "7").await.unwrap(), passed(None, false));
}

async fn declarations_bring_their_interchanges_with_the_verdict(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let interchanges = heard(file, &["DE7"], false, false).interchanges;
    let items = plain_batch(file, 1, 2);
    let last = Some(Settlement { interchanges: interchanges.clone(), ..done(Vec::new()) });
    db.store.keep(&plain_batch(file, 1, 1)).await.unwrap();
    assert_eq!(db.store.interchanges().await.unwrap(), 0, "not before its end");
    db.store.keep(&Batch { last, ..items }).await.unwrap();
    let expected = Passed { last: Some("DE7".to_owned()), is_seen: true };
    assert_eq!(db.store.passed(&pair("KZ001"), "DE7").await.unwrap(), expected);
    let last = Some(Settlement { interchanges, ..done(Vec::new()) });
    db.store.keep(&Batch { last, ..plain_batch(file, 1, 2) }).await.unwrap();
    assert_eq!(db.store.interchanges().await.unwrap(), 1, "done again, it is entered once");
    db.assert_sound().await;
}

async fn what_was_sent_is_found_with_its_receptacles(db: Database) {
    let mut life = two_days(&db.store).await;
    let all = db.store.receptacles().await.unwrap();
    let gone =
        all.iter().find(|one| one.state == ReceptacleState::Departed && one.dispatch.is_some()).unwrap();
    let s8 = gone.s9.unwrap().dispatch;
    let (dispatch, receptacles) = db.store.dispatch_sent(s8).await.unwrap().unwrap();
    assert_eq!((dispatch.s8, Some(dispatch.id)), (s8, gone.dispatch));
    assert!(receptacles.contains(gone));
    let container =
        db.store.containers().await.unwrap().into_iter().find(|one| Some(one.id) == gone.container);
    let cn37 = container.unwrap().cn37.unwrap();
    let (container, inside) = db.store.consignment_sent(&cn37).await.unwrap().unwrap();
    assert_eq!(Some(container.id), gone.container);
    assert!(inside.contains(gone));
    assert_eq!(db.store.consignment_sent("CNA999999999").await.unwrap(), None);
    let other = caravan_postal::S8::new(s8.series(), dispatch.year, 9999).unwrap();
    assert_eq!(db.store.dispatch_sent(other).await.unwrap(), None);
    let answered = db.store.answered(dispatch.series, dispatch.year).await.unwrap();
    let first = AnsweredDispatch { id: dispatch.id, serial: 1, state: dispatch.state, is_answered: false };
    assert_eq!(answered[0], first);
    // A note is not what happened, however it is spelt.
    life.station.admit_dispatch(dispatch.clone(), receptacles);
    life.note(Act::ResolveDispatch { dispatch: s8 }, "answered").await;
    assert_eq!(db.store.answered(dispatch.series, dispatch.year).await.unwrap()[0], first);
}

async fn what_happened_and_what_was_declared_is_told_by_item(db: Database) {
    two_days(&db.store).await;
    let items = db.store.items_behind(ItemId(0)).await.unwrap();
    let seen = items.iter().find(|item| item.scale.is_some() && item.version > 0).unwrap();
    let events = db.store.events_of(&[seen.id, ItemId(77)]).await.unwrap();
    assert_eq!(events.keys().collect::<Vec<_>>(), [&seen.id]);
    let told = &events[&seen.id];
    let numbers: Vec<u32> = told.iter().map(|event| event.n).collect();
    // The first is the declaration, which is not written again.
    assert_eq!(numbers, (2..=seen.events).collect::<Vec<_>>());
    assert!(told.iter().any(|event| event.code == "EMB" && event.detail.starts_with("1000 g")), "{told:?}");
    let declared = db.store.declarations_of(&[(seen.id, seen.version), (seen.id, 63)]).await.unwrap();
    assert_eq!(declared.keys().collect::<Vec<_>>(), [&seen.id]);
    assert!(!declared[&seen.id].is_empty());
}

async fn what_waits_is_listed_until_it_is_resolved(mut db: Database) {
    let mut life = two_days(&db.store).await;
    let before = db.store.waiting().await.unwrap();
    let all = db.store.receptacles().await.unwrap();
    let gone =
        all.iter().find(|one| one.state == ReceptacleState::Departed && one.dispatch.is_some()).unwrap();
    let s8 = gone.s9.unwrap().dispatch;
    let (dispatch, receptacles) = db.store.dispatch_sent(s8).await.unwrap().unwrap();
    life.station.admit_dispatch(dispatch.clone(), receptacles.clone());
    life.act(Act::SettleDispatch { dispatch: s8 }).await;
    let missing: Vec<String> = receptacles.iter().map(caravan_station::Receptacle::name).collect();
    let waiting = db.store.waiting().await.unwrap();
    let new: Vec<&str> =
        waiting.iter().filter(|one| !before.contains(one)).map(|one| one.name.as_str()).collect();
    assert_eq!(new, missing);
    assert_eq!(db.store.differences_of(dispatch.id).await.unwrap().len(), missing.len());
    assert_eq!(
        db.number("SELECT COUNT(*) FROM receptacle WHERE state = 22").await,
        i64::try_from(missing.len()).unwrap()
    );
    db.assert_sound().await;
    life.now_ms += 1;
    let (dispatch, receptacles) = db.store.dispatch_sent(s8).await.unwrap().unwrap();
    life.station.admit_dispatch(dispatch, receptacles);
    life.act(Act::ResolveDispatch { dispatch: s8 }).await;
    assert_eq!(db.store.waiting().await.unwrap(), before);
    life.now_ms += 1;
    life.act(Act::ResolveConsignment { consignment: "CNA999999999".to_owned() }).await;
    let unknown = "SELECT COUNT(*) FROM finding WHERE code = 'consignment-not-sent'";
    assert_eq!(db.number(unknown).await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM resolution").await, 2);
    assert_eq!(db.store.waiting().await.unwrap(), before);
}

async fn what_is_told_of_an_item_waits_until_it_is_resolved(db: Database) {
    let mut life = two_days(&db.store).await;
    let before = db.store.waiting().await.unwrap();
    let all = db.store.receptacles().await.unwrap();
    let gone =
        all.iter().find(|one| one.state == ReceptacleState::Departed && one.dispatch.is_some()).unwrap();
    let item = db.store.items_in(&[gone.id]).await.unwrap().into_iter().next().unwrap();
    let name = item.name.to_string();
    let left = db.store.left_with(&[gone.id, ReceptacleId(9999)]).await.unwrap();
    assert_eq!(left.keys().collect::<Vec<_>>(), [&gone.id], "what has left, and nothing else");
    let departed = db.store.departed_since(0).await.unwrap();
    assert!(departed.iter().any(|departure| departure.key == left[&gone.id]), "{left:?}");
    let happened = db.store.happened_to(Subject::Receptacle(gone.id)).await.unwrap();
    assert_eq!(
        happened.iter().map(|event| event.n).collect::<Vec<_>>(),
        (1..=gone.events).collect::<Vec<_>>()
    );
    assert_eq!(happened.last().unwrap().code, "EMC");

    life.station.admit(item.clone());
    life.station.find(Subject::Item(item.id), MATCH_TERMINATED.finding([name.clone()]));
    life.commit().await;
    let waiting = db.store.waiting().await.unwrap();
    let new: Vec<_> = waiting.iter().filter(|one| !before.contains(one)).collect();
    assert_eq!(
        new.iter().map(|one| (&*one.name, &*one.code)).collect::<Vec<_>>(),
        [(&*name, "match-terminated")]
    );
    life.now_ms += 1;
    life.act(Act::ResolveItem { item: item.name }).await;
    assert_eq!(db.store.waiting().await.unwrap(), before);
    db.assert_sound().await;
}

async fn a_draft_about_what_passes_through_waits_until_its_dispatch_is_resolved(db: Database) {
    let mut life = Life::start(&db.store).await;
    let s9 = S9::parse("CNBJSAKZALAACCN60042001000100").unwrap();
    life.act(Act::ReceiveReceptacle { s9, scale: Grams(5000), seal: None }).await;
    let waiting = db.store.waiting().await.unwrap();
    let drafted: Vec<_> = waiting.iter().filter(|one| one.code == "verification-drafted").collect();
    assert_eq!(
        drafted.iter().map(|one| (one.kind, one.name.clone())).collect::<Vec<_>>(),
        [(2, s9.to_string())]
    );
    life.now_ms += 1;
    life.act(Act::ResolveDispatch { dispatch: s9.dispatch }).await;
    let waiting = db.store.waiting().await.unwrap();
    assert!(waiting.iter().all(|one| one.code != "verification-drafted"), "{waiting:?}");
    db.assert_sound().await;
}

async fn mail_that_is_late_is_listed_until_it_is_answered_for(mut db: Database) {
    let mut life = two_days(&db.store).await;
    let before = db.store.waiting().await.unwrap();
    let gone = db.store.departed_since(0).await.unwrap().into_iter().next().unwrap();
    let later = db.store.departed_since(gone.departs_ms + 1).await.unwrap();
    assert!(later.iter().all(|one| one.id != gone.id), "those before are not asked for");
    let on = Subject::Departure(gone.id);
    life.station.find(on, MAIL_STUCK.finding(["irkeshtam"]));
    life.station.find(on, MAIL_DELAYED.finding(["irkeshtam", "2026-12-24", "4"]));
    life.commit().await;
    // Of what was told that counts which still holds.
    let closed = r#""closed":["irkeshtam","irkeshtam-closed",4],"detours":[]}"#;
    for (arrives, expected) in
        [(r#""2026-12-24""#, vec!["mail-delayed"]), ("null", vec!["mail-stuck"]), (r#""2026-12-20""#, vec![])]
    {
        let way = format!(r#"{{"arrives":{arrives},{closed}"#);
        assert_eq!(
            db.change(&format!("UPDATE departure SET way = '{way}' WHERE id = {}", gone.id.0)).await,
            1
        );
        let waiting = db.store.waiting().await.unwrap();
        let new = waiting.iter().filter(|one| !before.contains(one));
        let new: Vec<(&str, &str)> = new.map(|one| (&*one.name, &*one.code)).collect();
        assert_eq!(new, expected.into_iter().map(|code| (&*gone.key, code)).collect::<Vec<_>>());
    }
    let way = format!(r#"{{"arrives":null,{closed}"#);
    db.change(&format!("UPDATE departure SET way = '{way}' WHERE id = {}", gone.id.0)).await;
    db.change("UPDATE receptacle SET state = 21 WHERE state = 4").await;
    assert_eq!(db.store.waiting().await.unwrap(), before);
}
