//! Items in dispatches of which the office asks to be told, and ITMATT could not say them.

use caravan_station::{Changes, DispatchId, ItemId, State};

use crate::StoreError;
use crate::backend::{Tx, execute, rows};
use crate::bulk::{self, Conflict, Table, column};

static UNTOLD: Table = Table::new("untold", &["dispatch", "item"], Conflict::Keep);

/// Writes those that were found, and takes out those that are told now. Both are few.
pub(crate) async fn write(tx: &mut Tx, state: &State, changes: &Changes) -> Result<(), StoreError> {
    let (found, told): (Vec<_>, Vec<_>) = changes.untold.iter().partition(|one| state.untold.contains(one));
    for (dispatch, item) in told {
        execute!(tx, "DELETE FROM untold WHERE dispatch = $1 AND item = $2", dispatch.0, item.0)?;
    }
    let columns = vec![column!(Int, found, one => one.0.0), column!(Int, found, one => one.1.0)];
    bulk::write(tx, &UNTOLD, columns).await.map(|_| ())
}

/// Reads them all.
pub(crate) async fn read(tx: &mut Tx, state: &mut State) -> Result<(), StoreError> {
    let all = rows!(tx, (i64, i64), "SELECT dispatch, item FROM untold")?;
    state.untold = all.into_iter().map(|(dispatch, item)| (DispatchId(dispatch), ItemId(item))).collect();
    Ok(())
}
