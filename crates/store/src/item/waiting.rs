//! The items that may wait for a cut-off.

use caravan_postal::Impc;
use caravan_station::Item;

use super::{PAGE, items_of, json_texts, read_items, select_items};
use crate::backend::read;
use crate::{Store, StoreError};

impl Store {
    /// Returns the items for these offices that have been weighed here, lie in no receptacle and are held by no assessment,
    /// by id: among them is all that waits for a cut-off.
    pub async fn items_waiting(&self, offices: &[Impc]) -> Result<Vec<Item>, StoreError> {
        if offices.is_empty() {
            return Ok(Vec::new());
        }
        let offices = json_texts(offices.iter().map(Impc::as_str));
        let (mut items, mut last): (Vec<Item>, i64) = (Vec::new(), i64::MIN);
        loop {
            // The first two conditions are those of the index `item_outside`; a stream begins with its office.
            let page = read_items!(
                self,
                sqlite: "item WHERE receptacle IS NULL AND (custody < 3 OR custody = 8) AND custody = 1 \
                         AND scale_g IS NOT NULL AND decision = 0 AND id > $1 \
                         AND substr(stream, 1, 6) IN (SELECT value FROM json_each($2)) ORDER BY id LIMIT $3",
                postgres: "item WHERE receptacle IS NULL AND (custody < 3 OR custody = 8) AND custody = 1 \
                           AND scale_g IS NOT NULL AND decision = 0 AND id > $1 \
                           AND substr(stream, 1, 6) IN (SELECT value FROM json_array_elements_text($2::json)) \
                           ORDER BY id LIMIT $3",
                last,
                &offices,
                PAGE,
            )?;
            let Some(id) = page.last().map(|item| item.id.0) else { return Ok(items) };
            last = id;
            items.extend(page);
        }
    }
}
