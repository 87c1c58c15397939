//! Events: appended, never changed; those that one transaction appends to one subject lie in one row.

use std::borrow::Cow;

use caravan_station::Event;

use crate::StoreError;
use crate::backend::Tx;
use crate::bulk::{self, Column, Conflict, Table};

static EVENT: Table = Table::new("event", &["kind", "subject", "n", "events"], Conflict::Fail);

/// Appends events. What is written here and what follows from other rows is read through the view `history`.
pub(crate) async fn write(tx: &mut Tx, events: &[Event]) -> Result<(), StoreError> {
    let mut events: Vec<&Event> = events.iter().collect();
    events.sort_by_key(|event| (event.subject.row(), event.n));
    let subjects = || events.chunk_by(|one, next| one.subject == next.subject);
    let columns = vec![
        Column::Int(subjects().map(|of| of[0].subject.row().0).collect()),
        Column::Int(subjects().map(|of| of[0].subject.row().1).collect()),
        Column::Int(subjects().map(|of| i64::from(of[0].n)).collect()),
        Column::Text(subjects().map(|of| Cow::Owned(text(of))).collect()),
    ];
    bulk::write(tx, &EVENT, columns).await.map(|_| ())
}

/// Returns events as the JSON text of a row.
fn text(events: &[&Event]) -> String {
    let events =
        events.iter().map(|event| (event.at_ms, event.code, bulk::storable((&*event.detail).into())));
    serde_json::to_string(&events.collect::<Vec<_>>()).expect("numbers and texts are JSON")
}

/// Reads the events of a row: when, what, and what that leaves open.
pub(crate) fn told(kind: i64, subject: i64, text: &str) -> Result<Vec<(i64, String, String)>, StoreError> {
    let wrong = |_| StoreError::row("event", format!("events of `{kind}/{subject}`"));
    serde_json::from_str(text).map_err(wrong)
}
