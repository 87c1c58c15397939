//! Names: which item bears an identifier. A name belongs to one item for twelve months and then passes to the next.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use caravan_station::{Item, ItemId, ItemName};

use crate::backend::{Tx, rows_of_either};
use crate::bulk::{self, Column, Conflict, Table};
use crate::keep::NewItem;
use crate::{StoreError, item};

static NEW_KEY: Table =
    Table::sharing("item_key", &["key", "item", "fingerprint"], &["since_ms"], Conflict::Keep);
static NEW_NAME: Table =
    Table::sharing("item_name", &["name", "item", "fingerprint"], &["since_ms"], Conflict::Keep);
static CHANGED_KEY: Table =
    Table::new("item_key", &["key", "since_ms", "item", "fingerprint"], Conflict::Replace);
static CHANGED_NAME: Table =
    Table::new("item_name", &["name", "since_ms", "item", "fingerprint"], Conflict::Replace);

/// How long an identifier belongs to one item: twelve months (UPU S10), here 366 days.
const IDENTITY_MS: i64 = 366 * 24 * 3_600_000;

/// The item that bears a name, as an item of a batch with the same name meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The item.
    pub(crate) item: ItemId,
    fingerprint: i64,
}

impl Owner {
    /// Returns whether an addressee and country are certainly not the owner's.
    pub(crate) fn is_another(self, fingerprint: i64) -> bool {
        self.fingerprint != 0 && fingerprint != 0 && self.fingerprint != fingerprint
    }
}

/// Who bears a name, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bearer {
    item: ItemId,
    since_ms: i64,
    /// What tells addressee and country from others; 0 when they are not known.
    fingerprint: i64,
}

/// Names with those who are to bear them, in the order of the names: whoever enters names enters them in one order, so
/// that two transactions wait for each other and never in a circle. Of equal names the first given comes first.
struct Entries<'a> {
    keys: Vec<(i64, Bearer)>,
    names: Vec<(Cow<'a, str>, Bearer)>,
}

/// A row of the key tables.
type Row<K> = (K, i64, i64, i64);

/// Enters the names of items, and returns those items whose names belong to another.
pub(crate) async fn register(
    tx: &mut Tx,
    items: &[&NewItem],
    at_ms: i64,
) -> Result<HashMap<ItemId, Owner>, StoreError> {
    let bearer = |new: &NewItem| Bearer { item: new.item.id, since_ms: at_ms, fingerprint: new.fingerprint };
    let entries = Entries::of(items.iter().map(|new| (&new.item.name, bearer(new))));
    let mut owners = HashMap::new();
    if entries.enter(tx, at_ms).await? == entries.len() {
        return Ok(owners);
    }
    let mut keys = known_keys(tx, &entries.keys).await?;
    let mut names = known_names(tx, &entries.names).await?;
    let changed = Entries {
        keys: settle(&entries.keys, &mut keys, &mut owners),
        names: settle(&entries.names, &mut names, &mut owners),
    };
    changed.change(tx).await?;
    Ok(owners)
}

/// Enters the names of items that a scan created. A name that meanwhile belongs to a declared item is no longer free:
/// the station has to look again.
pub(crate) async fn register_created(tx: &mut Tx, items: &[&Item], at_ms: i64) -> Result<(), StoreError> {
    let bearer = |item: &Item| Bearer { item: item.id, since_ms: at_ms, fingerprint: 0 };
    let entries = Entries::of(items.iter().map(|item| (&item.name, bearer(item))));
    if entries.enter(tx, at_ms).await? == entries.len() { Ok(()) } else { Err(StoreError::Stale) }
}

impl<'a> Entries<'a> {
    fn of(bearers: impl Iterator<Item = (&'a ItemName, Bearer)>) -> Self {
        let mut entries = Self { keys: Vec::new(), names: Vec::new() };
        for (name, bearer) in bearers {
            match name {
                ItemName::S10(s10) => entries.keys.push((s10.key(), bearer)),
                // What has no name cannot be known again.
                ItemName::Other(name) if name.is_empty() => {}
                ItemName::Other(name) => entries.names.push((bulk::storable(Cow::Borrowed(name)), bearer)),
            }
        }
        entries.keys.sort_by_key(|(key, _)| *key);
        entries.names.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries
    }

    fn len(&self) -> u64 {
        u64::try_from(self.keys.len() + self.names.len()).expect("a batch fits")
    }

    /// Enters the names that are free and returns how many were; all are borne since the same moment.
    async fn enter(&self, tx: &mut Tx, since_ms: i64) -> Result<u64, StoreError> {
        let mut columns = vec![self.key_column()];
        columns.extend(bearer_columns(&self.keys));
        let written = bulk::write_sharing(tx, &NEW_KEY, columns, &[since_ms]).await?;
        let mut columns = vec![self.name_column()];
        columns.extend(bearer_columns(&self.names));
        Ok(written + bulk::write_sharing(tx, &NEW_NAME, columns, &[since_ms]).await?)
    }

    /// Writes names that are known to be there.
    async fn change(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut columns = vec![self.key_column(), since_column(&self.keys)];
        columns.extend(bearer_columns(&self.keys));
        bulk::write(tx, &CHANGED_KEY, columns).await?;
        let mut columns = vec![self.name_column(), since_column(&self.names)];
        columns.extend(bearer_columns(&self.names));
        bulk::write(tx, &CHANGED_NAME, columns).await.map(|_| ())
    }

    fn key_column(&self) -> Column<'_> {
        Column::Int(self.keys.iter().map(|(key, _)| *key).collect())
    }

    fn name_column(&self) -> Column<'_> {
        Column::Text(self.names.iter().map(|(name, _)| Cow::Borrowed(&**name)).collect())
    }
}

fn since_column<K>(entries: &[(K, Bearer)]) -> Column<'static> {
    Column::Int(entries.iter().map(|(_, bearer)| bearer.since_ms).collect())
}

fn bearer_columns<K>(entries: &[(K, Bearer)]) -> [Column<'static>; 2] {
    [
        Column::Int(entries.iter().map(|(_, bearer)| bearer.item.0).collect()),
        Column::Int(entries.iter().map(|(_, bearer)| bearer.fingerprint).collect()),
    ]
}

/// Decides for each entry, in order, whether its name is its own or another item's, and returns the names that change
/// hands or become known better.
fn settle<K: Ord + Clone>(
    entries: &[(K, Bearer)],
    known: &mut BTreeMap<K, Bearer>,
    owners: &mut HashMap<ItemId, Owner>,
) -> Vec<(K, Bearer)> {
    let mut changed = BTreeMap::new();
    for (name, new) in entries {
        let bearer = known.get_mut(name).expect("a name that was entered is known");
        if bearer.item == new.item {
            continue;
        }
        if new.since_ms - bearer.since_ms > IDENTITY_MS {
            *bearer = *new;
            changed.insert(name.clone(), *bearer);
            continue;
        }
        owners.insert(new.item, Owner { item: bearer.item, fingerprint: bearer.fingerprint });
        if bearer.fingerprint == 0 && new.fingerprint != 0 {
            // Scanned before anyone declared it: from now on another addressee can be told.
            bearer.fingerprint = new.fingerprint;
            changed.insert(name.clone(), *bearer);
        }
    }
    changed.into_iter().collect()
}

async fn known_keys(tx: &mut Tx, entries: &[(i64, Bearer)]) -> Result<BTreeMap<i64, Bearer>, StoreError> {
    let mut known = BTreeMap::new();
    for chunk in entries.chunks(item::NAMES) {
        let keys = item::json_numbers(chunk.iter().map(|(key, _)| *key));
        let found = rows_of_either!(
            tx,
            Row<i64>,
            sqlite: "SELECT key, item, since_ms, fingerprint FROM item_key \
                     WHERE key IN (SELECT value FROM json_each($1))",
            postgres: "SELECT key, item, since_ms, fingerprint FROM item_key \
                       WHERE key IN (SELECT value::bigint FROM json_array_elements_text($1::json)) \
                       ORDER BY key FOR UPDATE",
            &keys,
        )?;
        known.extend(found.into_iter().map(bearer));
    }
    Ok(known)
}

async fn known_names<'a>(
    tx: &mut Tx,
    entries: &[(Cow<'a, str>, Bearer)],
) -> Result<BTreeMap<Cow<'a, str>, Bearer>, StoreError> {
    let mut known = BTreeMap::new();
    for chunk in entries.chunks(item::NAMES) {
        let names = item::json_texts(chunk.iter().map(|(name, _)| &**name));
        let found = rows_of_either!(
            tx,
            Row<String>,
            sqlite: "SELECT name, item, since_ms, fingerprint FROM item_name \
                     WHERE name IN (SELECT value FROM json_each($1))",
            postgres: "SELECT name, item, since_ms, fingerprint FROM item_name \
                       WHERE name IN (SELECT value FROM json_array_elements_text($1::json)) \
                       ORDER BY name FOR UPDATE",
            &names,
        )?;
        known.extend(found.into_iter().map(bearer).map(|(name, bearer)| (Cow::Owned(name), bearer)));
    }
    Ok(known)
}

fn bearer<K>((name, item, since_ms, fingerprint): Row<K>) -> (K, Bearer) {
    (name, Bearer { item: ItemId(item), since_ms, fingerprint })
}
