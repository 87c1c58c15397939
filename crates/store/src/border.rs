//! Borders of which somebody has said something, and when the last dispatch left for an office.

use caravan_postal::Impc;
use caravan_station::{Border, BorderId, Changes, Closed, State};
use chrono::NaiveDate;

use crate::StoreError;
use crate::backend::{Tx, rows};
use crate::bulk::{self, Conflict, Table, column};
use crate::item::small;

static LAST_LEFT: Table = Table::new("last_left", &["office", "left_ms"], Conflict::Replace);

static BORDER: Table = Table::new(
    "border",
    &["id", "name", "closed_from", "closed_until", "reason", "events"],
    Conflict::Replace,
);

type BorderTuple = (i64, String, Option<String>, Option<String>, Option<String>, i64);

/// Writes the borders and the offices that have changed.
pub(crate) async fn write(tx: &mut Tx, state: &State, changes: &Changes) -> Result<(), StoreError> {
    let left: Vec<_> = changes.left.iter().filter_map(|office| state.left.get_key_value(office)).collect();
    let columns = vec![column!(Text, left, row => row.0.as_str()), column!(Int, left, row => *row.1)];
    bulk::write(tx, &LAST_LEFT, columns).await?;
    let rows: Vec<&Border> = changes.borders.iter().filter_map(|id| state.borders.get(id)).collect();
    let columns = vec![
        column!(Int, rows, row => row.id.0),
        column!(Text, rows, row => row.name.as_str()),
        column!(OptionalText, rows, row => row.closed.as_ref().map(|closed| closed.from.to_string())),
        column!(OptionalText, rows, row => last_day(row)),
        column!(OptionalText, rows, row => row.closed.as_ref().map(|closed| closed.reason.as_str())),
        column!(Int, rows, row => i64::from(row.events)),
    ];
    bulk::write(tx, &BORDER, columns).await.map(|_| ())
}

/// Reads them all.
pub(crate) async fn read(tx: &mut Tx, state: &mut State) -> Result<(), StoreError> {
    for (office, left_ms) in rows!(tx, (String, i64), "SELECT office, left_ms FROM last_left")? {
        let office =
            Impc::parse(&office).ok_or_else(|| StoreError::row("last_left", format!("office `{office}`")))?;
        state.left.insert(office, left_ms);
    }
    let borders = "SELECT id, name, closed_from, closed_until, reason, events FROM border";
    for row in rows!(tx, BorderTuple, borders)? {
        let border = border(row)?;
        state.borders.insert(border.id, border);
    }
    Ok(())
}

/// Returns the last day of a closure that has one.
fn last_day(border: &Border) -> Option<String> {
    border.closed.as_ref()?.until.map(|until| until.to_string())
}

fn border(row: BorderTuple) -> Result<Border, StoreError> {
    let (id, name, from, until, reason, events) = row;
    let wrong = |what: &str| StoreError::row("border", format!("{what} of border `{id}`"));
    let day = |text: &str, what: &str| text.parse::<NaiveDate>().map_err(|_| wrong(what));
    let closed = match (from, until) {
        (Some(from), until) => Some(Closed {
            from: day(&from, "closed_from")?,
            until: until.map(|until| day(&until, "closed_until")).transpose()?,
            reason: reason.unwrap_or_default(),
        }),
        (None, _) => None,
    };
    Ok(Border { id: BorderId(id), name, closed, events: small(events).ok_or_else(|| wrong("events"))? })
}
