//! Keeping the items of a file: one transaction a batch, and a batch that is kept already is not kept again.

use std::collections::HashMap;

use caravan_postal::Finding;
use caravan_station::operation::{IDENTIFIER_REPEATED, IDENTIFIER_REUSED};
use caravan_station::{Event, Item, ItemId, ItemName, Subject};
use caravan_tariff::{Charge, ChargeKind};

use crate::backend::{Tx, execute, read, rows};
use crate::bulk::{self, Column, Conflict, Table};
use crate::file::{FileId, Verdict, settle_in};
use crate::finding::{self, Of};
use crate::{Store, StoreError, item};

static ITEM_KEY: Table = Table::new("item_key", &["key", "item", "since_ms", "fingerprint"], Conflict::Keep);
static ITEM_NAME: Table =
    Table::new("item_name", &["name", "item", "since_ms", "fingerprint"], Conflict::Keep);
static DECLARATION: Table =
    Table::new("declaration", &["id", "file", "ordinal", "kept_ms", "packed", "assessment"], Conflict::Fail);
static CHARGE: Table =
    Table::new("charge", &["declaration", "n", "kind", "currency", "minor", "is_unverified"], Conflict::Fail);
static REDECLARATION: Table = Table::new("redeclaration", &["declaration", "is_reused"], Conflict::Fail);
static EVENT: Table =
    Table::new("event", &["kind", "subject", "n", "at_ms", "code", "detail"], Conflict::Fail);

/// How long an identifier belongs to one item: twelve months (UPU S10), here 366 days.
const IDENTITY_MS: i64 = 366 * 24 * 3_600_000;
/// How many versions of a declaration an item may have: what its row's id has room for.
const VERSIONS: i64 = 64;

/// Items of a file that are kept together.
#[derive(Debug)]
pub struct Batch {
    /// The file.
    pub file: FileId,
    /// The last ordinal that the batch takes the file to.
    pub to: u32,
    /// When.
    pub at_ms: i64,
    /// The items.
    pub items: Vec<NewItem>,
    /// The verdict on the file, when the batch is its last.
    pub last: Option<Settlement>,
}

/// The end of a file.
#[derive(Debug)]
pub struct Settlement {
    /// What became of it.
    pub verdict: Verdict,
    /// Its format by name.
    pub format: &'static str,
    /// What was found about the file itself.
    pub findings: Vec<Finding>,
}

/// An item as its declaration announces it.
#[derive(Debug)]
pub struct NewItem {
    /// The item as expected.
    pub item: Item,
    /// Which item of the file it is, from 1.
    pub ordinal: u32,
    /// What tells its addressee and country from others; 0 when they are not known.
    pub fingerprint: i64,
    /// The packed declaration.
    pub packed: Vec<u8>,
    /// The packed assessment.
    pub assessment: Vec<u8>,
    /// The charges, for sums over many items.
    pub charges: Vec<Charge>,
    /// The findings, with their places.
    pub findings: Vec<Finding>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// Items seen for the first time.
    pub new: usize,
    /// Further versions of items that are known.
    pub again: usize,
}

/// A further version of a declaration, to be taken note of by the station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeclared {
    /// The item.
    pub item: ItemId,
    /// The version.
    pub version: u32,
    /// Whether the identifier seems to be another item's.
    pub is_reused: bool,
    /// The packed declaration.
    pub packed: Vec<u8>,
    /// The packed assessment.
    pub assessment: Vec<u8>,
}

impl Store {
    /// Keeps a batch, unless it is kept already.
    pub async fn keep(&self, batch: &Batch) -> Result<Kept, StoreError> {
        let mut tx = self.backend.begin().await?;
        let at = rows!(&mut tx, (i64, i64), "SELECT kept_to, verdict FROM file WHERE id = $1", batch.file.0)?;
        let (kept_to, verdict) =
            at.first().copied().ok_or_else(|| StoreError::row("file", "unknown file"))?;
        let mut kept = Kept::default();
        if verdict != 0 {
            return Ok(kept);
        }
        if kept_to < i64::from(batch.to) {
            let known = register(&mut tx, batch).await?;
            let (new, again): (Vec<_>, Vec<_>) =
                batch.items.iter().partition(|new| !known.contains_key(&new.ordinal));
            write_new(&mut tx, batch, &new).await?;
            write_again(&mut tx, batch, &again, &known).await?;
            execute!(
                &mut tx,
                "UPDATE file SET kept_to = $2 WHERE id = $1",
                batch.file.0,
                i64::from(batch.to)
            )?;
            kept = Kept { new: new.len(), again: again.len() };
        }
        if let Some(last) = &batch.last {
            settle_in(&mut tx, batch.file, last.verdict, last.format, &last.findings, batch.at_ms).await?;
        }
        tx.commit().await?;
        Ok(kept)
    }

    /// Returns the further versions that the station has not taken note of, oldest first.
    pub async fn redeclared(&self) -> Result<Vec<Redeclared>, StoreError> {
        let found = read!(
            &self.backend,
            (i64, i64, Vec<u8>, Vec<u8>),
            "SELECT declaration.id, is_reused, packed, assessment FROM redeclaration \
             JOIN declaration ON declaration.id = redeclaration.declaration ORDER BY declaration.id",
        )?;
        let redeclared = found.into_iter().map(|(id, is_reused, packed, assessment)| Redeclared {
            item: ItemId(id / VERSIONS),
            version: item::small(id % VERSIONS),
            is_reused: is_reused != 0,
            packed,
            assessment,
        });
        Ok(redeclared.collect())
    }

    /// Returns an item by its row.
    pub async fn item(&self, id: ItemId) -> Result<Option<Item>, StoreError> {
        let mut tx = self.backend.begin().await?;
        let found = item::item_in(&mut tx, id).await?;
        tx.commit().await?;
        Ok(found)
    }
}

/// What is known of a name that an item of the batch bears.
#[derive(Debug, Clone, Copy)]
struct Known {
    item: i64,
    fingerprint: i64,
}

/// Enters the names of the batch, and returns by ordinal the items whose names belong to another item.
async fn register(tx: &mut Tx, batch: &Batch) -> Result<HashMap<u32, Known>, StoreError> {
    let mut by_key = (Vec::new(), Vec::new(), Vec::new());
    let mut by_name = (Vec::new(), Vec::new(), Vec::new());
    for new in &batch.items {
        match &new.item.name {
            ItemName::S10(s10) => push3(&mut by_key, s10.key(), new.item.id.0, new.fingerprint),
            ItemName::Other(name) if name.is_empty() => {}
            ItemName::Other(name) => push3(&mut by_name, name.clone(), new.item.id.0, new.fingerprint),
        }
    }
    let (keys, names) = (by_key.0.len(), by_name.0.len());
    let since = |rows: usize| Column::Int(vec![batch.at_ms; rows]);
    let columns = vec![Column::Int(by_key.0), Column::Int(by_key.1), since(keys), Column::Int(by_key.2)];
    let new_keys = bulk::write(tx, &ITEM_KEY, columns).await?;
    let columns = vec![Column::Text(by_name.0), Column::Int(by_name.1), since(names), Column::Int(by_name.2)];
    let new_names = bulk::write(tx, &ITEM_NAME, columns).await?;
    let mut known = HashMap::new();
    if new_keys + new_names == u64::try_from(keys + names).expect("a batch fits") {
        return Ok(known);
    }
    for new in &batch.items {
        if let Some(other) = owner(tx, batch, new).await? {
            known.insert(new.ordinal, other);
        }
    }
    Ok(known)
}

fn push3<T>(columns: &mut (Vec<T>, Vec<i64>, Vec<i64>), key: T, item: i64, fingerprint: i64) {
    columns.0.push(key);
    columns.1.push(item);
    columns.2.push(fingerprint);
}

/// Returns the other item that bears the name of a new one; a name that has outlived its item passes to the new one.
async fn owner(tx: &mut Tx, batch: &Batch, new: &NewItem) -> Result<Option<Known>, StoreError> {
    type Row = (i64, i64, i64);
    let (key, name) = item::key_and_name(&new.item.name);
    let found = match (key, name.as_deref()) {
        (Some(key), _) => {
            rows!(tx, Row, "SELECT item, since_ms, fingerprint FROM item_key WHERE key = $1", key)?
        }
        (None, Some(name)) if !name.is_empty() => {
            rows!(tx, Row, "SELECT item, since_ms, fingerprint FROM item_name WHERE name = $1", name)?
        }
        _ => Vec::new(),
    };
    let Some((item, since_ms, fingerprint)) = found.first().copied().filter(|found| found.0 != new.item.id.0)
    else {
        return Ok(None);
    };
    if batch.at_ms - since_ms <= IDENTITY_MS {
        return Ok(Some(Known { item, fingerprint }));
    }
    let (id, at_ms, print) = (new.item.id.0, batch.at_ms, new.fingerprint);
    match (key, name) {
        (Some(key), _) => execute!(
            tx,
            "UPDATE item_key SET item = $2, since_ms = $3, fingerprint = $4 WHERE key = $1",
            key,
            id,
            at_ms,
            print
        )?,
        (None, name) => execute!(
            tx,
            "UPDATE item_name SET item = $2, since_ms = $3, fingerprint = $4 WHERE name = $1",
            name.as_deref(),
            id,
            at_ms,
            print
        )?,
    };
    Ok(None)
}

async fn write_new(tx: &mut Tx, batch: &Batch, new: &[&NewItem]) -> Result<(), StoreError> {
    item::write(tx, new.iter().map(|new| &new.item)).await?;
    let versions: Vec<_> = new.iter().map(|new| (*new, new.item.id.0 * VERSIONS + 1)).collect();
    write_declarations(tx, batch, &versions).await?;
    let events = new.iter().map(|new| Event {
        subject: Subject::Item(new.item.id),
        n: 1,
        at_ms: batch.at_ms,
        code: "declared",
        detail: String::new(),
    });
    write_events(tx, events).await?;
    let mut findings = finding::Rows::default();
    for new in new {
        let of = Of { kind: 1, subject: new.item.id.0, file: Some(batch.file), at_ms: batch.at_ms };
        new.findings.iter().for_each(|finding| findings.push(of, finding));
    }
    findings.write(tx).await
}

async fn write_declarations(tx: &mut Tx, batch: &Batch, items: &[(&NewItem, i64)]) -> Result<(), StoreError> {
    let columns = vec![
        Column::Int(items.iter().map(|(_, id)| *id).collect()),
        Column::Int(vec![batch.file.0; items.len()]),
        Column::Int(items.iter().map(|(new, _)| i64::from(new.ordinal)).collect()),
        Column::Int(vec![batch.at_ms; items.len()]),
        Column::Bytes(items.iter().map(|(new, _)| new.packed.clone()).collect()),
        Column::Bytes(items.iter().map(|(new, _)| new.assessment.clone()).collect()),
    ];
    bulk::write(tx, &DECLARATION, columns).await?;
    let charges =
        items.iter().flat_map(|(new, id)| new.charges.iter().zip(1i64..).map(|charge| (*id, charge)));
    let charges: Vec<_> = charges.collect();
    let columns = vec![
        Column::Int(charges.iter().map(|(id, _)| *id).collect()),
        Column::Int(charges.iter().map(|(_, (_, n))| *n).collect()),
        Column::Int(charges.iter().map(|(_, (charge, _))| kind_number(charge.kind)).collect()),
        Column::Text(charges.iter().map(|(_, (charge, _))| charge.amount.currency.to_string()).collect()),
        Column::Int(charges.iter().map(|(_, (charge, _))| charge.amount.minor).collect()),
        Column::Int(charges.iter().map(|(_, (charge, _))| i64::from(charge.is_unverified)).collect()),
    ];
    bulk::write(tx, &CHARGE, columns).await.map(|_| ())
}

/// Keeps further versions of known items; what they change is the station's to decide.
async fn write_again(
    tx: &mut Tx,
    batch: &Batch,
    again: &[&NewItem],
    known: &HashMap<u32, Known>,
) -> Result<(), StoreError> {
    for new in again {
        let other = known[&new.ordinal];
        let versions = rows!(
            tx,
            (Option<i64>,),
            "SELECT MAX(id) FROM declaration WHERE id BETWEEN $1 AND $2",
            other.item * VERSIONS,
            other.item * VERSIONS + VERSIONS - 1,
        )?;
        let last = versions.first().and_then(|row| row.0).unwrap_or(other.item * VERSIONS);
        let of = Of { kind: 1, subject: other.item, file: Some(batch.file), at_ms: batch.at_ms };
        let name = new.item.name.to_string();
        let is_same_file = other.item >> 32 == batch.file.0;
        let is_other = other.fingerprint != 0 && new.fingerprint != 0 && other.fingerprint != new.fingerprint;
        let mut findings = finding::Rows::default();
        new.findings.iter().for_each(|finding| findings.push(of, finding));
        if is_same_file {
            findings.push(of, &IDENTIFIER_REPEATED.finding([name]).of(new.ordinal));
        } else if is_other {
            findings.push(of, &IDENTIFIER_REUSED.finding([name]).of(new.ordinal));
        }
        findings.write(tx).await?;
        if last % VERSIONS == VERSIONS - 1 {
            continue;
        }
        write_declarations(tx, batch, &[(*new, last + 1)]).await?;
        let is_reused = i64::from(is_same_file || is_other);
        bulk::write(tx, &REDECLARATION, vec![Column::Int(vec![last + 1]), Column::Int(vec![is_reused])])
            .await?;
    }
    Ok(())
}

/// Enters the names of items that a scan created.
pub(crate) async fn register_created(tx: &mut Tx, items: &[&Item], at_ms: i64) -> Result<(), StoreError> {
    for item in items {
        let (key, name) = item::key_and_name(&item.name);
        let columns =
            |first| vec![first, Column::Int(vec![item.id.0]), Column::Int(vec![at_ms]), Column::Int(vec![0])];
        match (key, name) {
            (Some(key), _) => bulk::write(tx, &ITEM_KEY, columns(Column::Int(vec![key]))).await?,
            (None, Some(name)) => bulk::write(tx, &ITEM_NAME, columns(Column::Text(vec![name]))).await?,
            (None, None) => 0,
        };
    }
    Ok(())
}

/// Notes that the station has taken note of further versions.
pub(crate) async fn forget_redeclared(tx: &mut Tx, item: ItemId, version: u32) -> Result<(), StoreError> {
    let id = item.0 * VERSIONS + i64::from(version);
    execute!(tx, "DELETE FROM redeclaration WHERE declaration = $1", id).map(|_| ())
}

/// Appends events.
pub(crate) async fn write_events(
    tx: &mut Tx,
    events: impl ExactSizeIterator<Item = Event>,
) -> Result<(), StoreError> {
    let rows = events.len();
    let mut kinds = Vec::with_capacity(rows);
    let mut subjects = Vec::with_capacity(rows);
    let mut numbers = Vec::with_capacity(rows);
    let mut times = Vec::with_capacity(rows);
    let mut codes = Vec::with_capacity(rows);
    let mut details = Vec::with_capacity(rows);
    for event in events {
        let (kind, subject) = event.subject.row();
        kinds.push(kind);
        subjects.push(subject);
        numbers.push(i64::from(event.n));
        times.push(event.at_ms);
        codes.push(event.code.to_owned());
        details.push(event.detail);
    }
    let columns = vec![
        Column::Int(kinds),
        Column::Int(subjects),
        Column::Int(numbers),
        Column::Int(times),
        Column::Text(codes),
        Column::Text(details),
    ];
    bulk::write(tx, &EVENT, columns).await.map(|_| ())
}

fn kind_number(kind: ChargeKind) -> i64 {
    match kind {
        ChargeKind::Duty => 0,
        ChargeKind::Tax => 1,
        ChargeKind::Excise => 2,
        ChargeKind::Fee => 3,
    }
}
