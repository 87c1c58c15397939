//! Findings: kept with every kind of place, given back in the order of the file.

use caravan_postal::{Catalogue, Field, Finding, Place};
use caravan_station::ItemId;
use caravan_store::{Batch, FoundRow};

use crate::database::{Database, codes_of_file};
use crate::on_both;
use crate::sample::{ALL_WELL, CODES, NAME_SHORT, WEIGHT_ODD, claimed, done, plain_batch};

on_both!(
    every_field_of_a_finding_is_kept,
    findings_come_in_the_order_of_the_file,
    findings_about_a_subject_come_in_the_order_in_which_they_were_made,
    codes_by_item_are_those_that_someone_should_see,
);

fn places() -> [Place; 6] {
    [
        Place::Whole,
        Place::Text { offset: u64::from(u32::MAX) * 3, line: u32::MAX, column: 2 },
        Place::Segment { segment: 12, element: 3, component: 0 },
        Place::Segment { segment: u32::MAX, element: u16::MAX, component: u16::MAX },
        Place::Cell { row: 4812, column: 9 },
        Place::Cell { row: u32::MAX, column: u16::MAX },
    ]
}

async fn every_field_of_a_finding_is_kept(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let mut batch = plain_batch(file, 100, 2);
    let fields = [Field::default(), Field::of("gross-weight"), Field::of_piece(1, "hs")];
    let arguments = [["1.0", "2.0"], ["", "\"'\\ \t\u{0}\u{1f4e6}"], ["Алматы", "乌鲁木齐"]];
    let mut made = Vec::new();
    for place in places() {
        for field in fields {
            for found in arguments {
                made.push(WEIGHT_ODD.finding(found).at(place).on(field).of(2));
            }
        }
    }
    batch.items[1].findings.clone_from(&made);
    db.store.keep(&batch).await.unwrap();
    let expected: Vec<FoundRow> =
        made.iter().map(|finding| row(finding, 1, batch.items[1].item.id)).collect();
    let kept = db.store.findings_of_file(file).await.unwrap();
    assert_eq!(kept, expected);
    assert_eq!(db.store.findings_about(1, batch.items[1].item.id.0).await.unwrap(), expected);
    let catalogue = Catalogue::new(&[caravan_postal::text::Source { codes: CODES, messages: [""; 3] }]);
    for (kept, made) in kept.iter().zip(made) {
        // The name of a field is only there as the row has it: in the program it is a word of the code.
        let unnamed = Field { name: "", ..made.field };
        assert_eq!(kept.finding(&catalogue), Some(made.on(unnamed)));
    }
}

fn row(finding: &Finding, kind: i64, subject: ItemId) -> FoundRow {
    FoundRow {
        kind,
        subject: subject.0,
        ordinal: finding.item,
        code: finding.code.name.to_owned(),
        place: finding.place,
        piece: finding.field.piece,
        field: finding.field.name.to_owned(),
        arguments: finding.arguments.iter().map(ToString::to_string).collect(),
    }
}

async fn findings_come_in_the_order_of_the_file(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let mut batch = plain_batch(file, 100, 12);
    batch.items[1].findings = vec![NAME_SHORT.finding::<&str>([]).of(2)];
    batch.items[9].findings =
        vec![WEIGHT_ODD.finding(["1", "2"]).of(10), ALL_WELL.finding::<&str>([]).of(10)];
    // What is about the file is found at its end, and told first.
    let last = Some(done(vec![ALL_WELL.finding::<&str>([]), NAME_SHORT.finding::<&str>([])]));
    db.store.keep(&Batch { last, ..batch }).await.unwrap();
    let expected = ["all-well", "name-short", "name-short", "weight-odd", "all-well"];
    assert_eq!(codes_of_file(&db.store, file).await, expected);
    let ordinals = db.store.findings_of_file(file).await.unwrap().into_iter().map(|found| found.ordinal);
    assert_eq!(ordinals.collect::<Vec<_>>(), [None, None, Some(2), Some(10), Some(10)]);
}

async fn findings_about_a_subject_come_in_the_order_in_which_they_were_made(db: Database) {
    let (first, second) = (claimed(&db.store, 1).await.id, claimed(&db.store, 2).await.id);
    let mut declared = plain_batch(first, 100, 1);
    declared.items[0].findings = vec![WEIGHT_ODD.finding(["1", "2"]).of(1)];
    let item = declared.items[0].item.id;
    db.store.keep(&declared).await.unwrap();
    let mut again = plain_batch(second, 100, 1);
    again.items[0].findings = vec![ALL_WELL.finding::<&str>([]).of(1)];
    db.store.keep(&again).await.unwrap();
    let codes = |rows: Vec<FoundRow>| rows.into_iter().map(|found| found.code).collect::<Vec<_>>();
    assert_eq!(codes(db.store.findings_about(1, item.0).await.unwrap()), ["weight-odd", "all-well"]);
    assert_eq!(codes(db.store.findings_about(2, item.0).await.unwrap()), Vec::<String>::new());
    assert_eq!(codes_of_file(&db.store, second).await, ["all-well"], "each file tells its own");
}

async fn codes_by_item_are_those_that_someone_should_see(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let mut batch = plain_batch(file, 100, 3);
    let twice = || WEIGHT_ODD.finding(["1", "2"]).of(1);
    batch.items[0].findings =
        vec![twice(), twice(), NAME_SHORT.finding::<&str>([]).of(1), ALL_WELL.finding::<&str>([]).of(1)];
    batch.items[2].findings = vec![ALL_WELL.finding::<&str>([]).of(3)];
    let first = batch.items[0].item.id;
    db.store.keep(&batch).await.unwrap();
    let codes = db.store.codes_by_item().await.unwrap();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), [(first, "name-short weight-odd".to_owned())]);
}
