//! Files: known by their content, claimed one after the other, settled once.

use caravan_store::{Batch, Claim, Claimed, FileId, FileRow, StoreError, Verdict};

use crate::database::{Database, codes_of_file};
use crate::on_both;
use crate::sample::{ALL_WELL, MORNING_MS, NAME_SHORT, batch, claim, claimed, done};

on_both!(
    a_new_file_is_claimed,
    a_file_that_was_broken_off_is_claimed_again,
    a_settled_file_is_known_by_its_content,
    many_claim_the_same_content,
    many_claim_different_contents,
    a_verdict_that_stands_is_not_changed,
    work_is_over_when_the_file_is_moved,
    a_file_that_is_not_there_is_an_error,
    a_number_beyond_the_room_of_items_is_refused,
);

async fn a_new_file_is_claimed(db: Database) {
    let claim = Claim { name: "накладная 清单.xml".to_owned(), bytes: 5_000_000_000, ..claim(7) };
    let expected = FileRow {
        id: FileId(1),
        hash: [7; 32],
        name: claim.name.clone(),
        bytes: claim.bytes,
        claimed_ms: MORNING_MS,
        attempts: 1,
        kept_to: 0,
        verdict: Verdict::Open,
        format: String::new(),
        is_moved: false,
    };
    assert_eq!(db.store.claim(&claim).await.unwrap(), Claimed::Yours(expected.clone()));
    assert_eq!(db.store.file(FileId(1)).await.unwrap(), expected);
    assert_eq!(claimed(&db.store, 8).await.id, FileId(2));
    db.assert_sound().await;
}

async fn a_file_that_was_broken_off_is_claimed_again(db: Database) {
    let first = claimed(&db.store, 1).await;
    let again = Claim { name: "another-name.xml".to_owned(), at_ms: MORNING_MS + 5, ..claim(1) };
    let Claimed::Yours(second) = db.second().await.claim(&again).await.unwrap() else { panic!("settled") };
    assert_eq!(second, FileRow { attempts: 2, ..first });
}

async fn a_settled_file_is_known_by_its_content(db: Database) {
    for (number, verdict) in [(1, Verdict::Done), (2, Verdict::Failed), (3, Verdict::SetAside)] {
        let file = claimed(&db.store, number).await;
        db.store.settle(file.id, verdict, "csv", &[], MORNING_MS).await.unwrap();
        let expected = FileRow { verdict, format: "csv".to_owned(), ..file };
        let again = Claim { name: "the-same-bytes.csv".to_owned(), ..claim(number) };
        assert_eq!(db.store.claim(&again).await.unwrap(), Claimed::Known(expected));
    }
    db.assert_sound().await;
}

async fn many_claim_the_same_content(mut db: Database) {
    let tasks = spawn_claims(&db, |_| claim(1)).await;
    for task in tasks {
        let Claimed::Yours(file) = task else { panic!("{task:?}") };
        assert_eq!(file.id, FileId(1));
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM file").await, 1);
    assert_eq!(db.store.file(FileId(1)).await.unwrap().attempts, 8, "every attempt is counted");
}

async fn many_claim_different_contents(mut db: Database) {
    let mut ids = Vec::new();
    for task in spawn_claims(&db, claim).await {
        let Claimed::Yours(file) = task else { panic!("{task:?}") };
        assert_eq!(file.attempts, 1);
        ids.push(file.id.0);
    }
    ids.sort_unstable();
    assert_eq!(ids, (1..=8).collect::<Vec<_>>(), "numbers without a gap");
    assert_eq!(db.number("SELECT COUNT(*) FROM file").await, 8);
}

/// Lets eight tasks of two processes claim at once.
async fn spawn_claims(db: &Database, claim: fn(u8) -> Claim) -> Vec<Claimed> {
    let stores = [db.store.clone(), db.second().await];
    let tasks: Vec<_> = (0..8u8)
        .map(|number| {
            let store = stores[usize::from(number % 2)].clone();
            tokio::spawn(async move { store.claim(&claim(number)).await.unwrap() })
        })
        .collect();
    let mut claims = Vec::new();
    for task in tasks {
        claims.push(task.await.unwrap());
    }
    claims
}

async fn a_verdict_that_stands_is_not_changed(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let findings = [NAME_SHORT.finding::<&str>([])];
    db.store.settle(file, Verdict::Done, "xml", &findings, MORNING_MS).await.unwrap();
    db.store.settle(file, Verdict::Done, "xml", &findings, MORNING_MS).await.unwrap();
    let other = [ALL_WELL.finding::<&str>([])];
    db.store.settle(file, Verdict::Failed, "csv", &other, MORNING_MS).await.unwrap();
    let last = Some(done(other.to_vec()));
    db.store.keep(&Batch { to: 9, last, ..batch(file, Vec::new()) }).await.unwrap();
    let row = db.store.file(file).await.unwrap();
    assert_eq!((row.verdict, &*row.format, row.kept_to), (Verdict::Done, "xml", 0));
    assert_eq!(codes_of_file(&db.store, file).await, ["name-short"]);
}

async fn work_is_over_when_the_file_is_moved(db: Database) {
    let (first, second) = (claimed(&db.store, 1).await, claimed(&db.store, 2).await);
    let unmoved = |rows: Vec<FileRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(unmoved(db.store.unmoved_files().await.unwrap()), [first.id, second.id]);
    db.store.settle(first.id, Verdict::Done, "xml", &[], MORNING_MS).await.unwrap();
    db.store.moved(first.id).await.unwrap();
    assert_eq!(unmoved(db.store.unmoved_files().await.unwrap()), [second.id]);
    assert!(db.store.file(first.id).await.unwrap().is_moved);
    db.assert_sound().await;
}

async fn a_file_that_is_not_there_is_an_error(mut db: Database) {
    let file = FileId(5);
    let finding = [ALL_WELL.finding::<&str>([])];
    let batch = Batch { last: Some(done(Vec::new())), ..batch(file, Vec::new()) };
    let errors = [
        db.store.file(file).await.unwrap_err(),
        db.store.settle(file, Verdict::Done, "xml", &finding, MORNING_MS).await.unwrap_err(),
        db.store.keep(&batch).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::Row { table: "file", .. }), "{error:?}");
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM finding").await, 0);
}

async fn a_number_beyond_the_room_of_items_is_refused(mut db: Database) {
    claimed(&db.store, 1).await;
    assert_eq!(db.change("UPDATE file SET id = 33554431").await, 1);
    let error = db.store.claim(&claim(2)).await.unwrap_err();
    assert!(matches!(error, StoreError::Database { .. }), "{error:?}");
    assert_eq!(db.number("SELECT COUNT(*) FROM file").await, 1);
    assert_eq!(claimed(&db.store, 1).await.attempts, 2, "the files that are there go on");
}
