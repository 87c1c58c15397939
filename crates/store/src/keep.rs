//! Keeping the items of a file: one transaction a batch, and a batch that is kept already is not kept again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use caravan_postal::{Code, Finding};
use caravan_station::operation::{IDENTIFIER_REPEATED, IDENTIFIER_REUSED};
use caravan_station::{Item, ItemId};
use caravan_tariff::{Charge, ChargeKind};
use chrono::{Datelike, NaiveDate};

use crate::backend::{Tx, execute, read, rows_of_either};
use crate::bulk::{self, Column, Conflict, Table};
use crate::codes::VERSIONS_EXHAUSTED;
use crate::file::{self, FileId, Verdict};
use crate::finding::{self, Of};
use crate::identity::{self, Owner};
use crate::interchange::{self, InterchangeRow};
use crate::revision::RevisionId;
use crate::{Store, StoreError, filing, item};

static DECLARATION: Table = Table::sharing(
    "declaration",
    &["id", "ordinal", "packed", "assessment", "accepted_on"],
    &["file", "kept_ms", "revision"],
    Conflict::Fail,
);
static CHARGE: Table =
    Table::new("charge", &["declaration", "n", "kind", "currency", "minor", "is_unverified"], Conflict::Fail);
static REDECLARATION: Table = Table::new("redeclaration", &["declaration", "is_reused"], Conflict::Replace);

/// What the column `is_reused` of a version that waits adds up: that its item is held whatever it says, and that it goes to
/// another addressee.
const HELD: i64 = 1;
const REUSED: i64 = 2;

/// How many versions of a declaration an item's row has room for; they are counted from 1.
pub(crate) const VERSIONS: i64 = 64;

/// Items of a file that are kept together.
#[derive(Debug)]
pub struct Batch {
    /// The file.
    pub file: FileId,
    /// The last ordinal that the batch takes the file to; no item of the batch has a higher one.
    pub to: u32,
    /// When.
    pub at_ms: i64,
    /// What the items were assessed with.
    pub revision: RevisionId,
    /// The items.
    pub items: Vec<NewItem>,
    /// Tells of two packed declarations whether they go to the same addressee, where their names are not written alike.
    pub is_same_addressee: fn(&[u8], &[u8]) -> bool,
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
    /// Its interchanges that count, and its tests, when it came by EDI.
    pub interchanges: Vec<InterchangeRow>,
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
    /// The day on which the destination's customs is expected to accept it.
    pub accepted_on: NaiveDate,
    /// The charges, for sums over many items.
    pub charges: Vec<Charge>,
    /// The findings, with their places.
    pub findings: Vec<Finding>,
    /// The list to customs that it was read from, where the station deals with customs about lists. A list about an item
    /// that is known is kept as that and makes no further version of its declaration.
    pub list: Option<KeptList>,
}

/// A list to customs.
#[derive(Debug)]
pub struct KeptList {
    /// Its name: the code of its broker and the broker's own number of it.
    pub name: String,
    /// What was found while it was read.
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
    /// Whether it goes to another addressee than the item was first declared to: the identifier may be another item's.
    pub is_reused: bool,
    /// Whether the item is to be held whatever the version says: its file names it twice, or no further version of it is
    /// kept.
    pub is_held: bool,
    /// The packed declaration.
    pub packed: Vec<u8>,
    /// The packed assessment.
    pub assessment: Vec<u8>,
}

impl Store {
    /// Keeps a batch, as far as it is not kept already. Of a file that failed nothing is kept.
    pub async fn keep(&self, batch: &Batch) -> Result<Kept, StoreError> {
        let is_its_own = |new: &NewItem| {
            new.ordinal <= batch.to && new.item.id == ItemId::of_file(batch.file.0, new.ordinal)
        };
        assert!(batch.items.iter().all(is_its_own), "items of a batch are those of its file up to its end");
        let mut tx = self.backend.begin().await?;
        let mut kept = Kept::default();
        let Some(kept_to) = file::lock_open(&mut tx, batch.file).await? else {
            return Ok(kept);
        };
        let is_failed = batch.last.as_ref().is_some_and(|last| last.verdict == Verdict::Failed);
        if kept_to < batch.to && !is_failed {
            kept = keep_behind(&mut tx, batch, kept_to).await?;
            file::keep_to(&mut tx, batch.file, batch.to).await?;
        }
        if let Some(last) = &batch.last {
            interchange::enter(&mut tx, batch.file, &last.interchanges, batch.at_ms).await?;
            file::settle_in(&mut tx, batch.file, last.verdict, last.format, &last.findings, batch.at_ms)
                .await?;
        }
        tx.commit().await?;
        Ok(kept)
    }

    /// Returns the further versions that the station has not taken note of, oldest first.
    pub async fn redeclared(&self) -> Result<Vec<Redeclared>, StoreError> {
        let found = read!(
            &self.backend,
            (i64, i64, Vec<u8>, Vec<u8>),
            // The few that wait lead, and the many declarations are looked up: a cross join keeps SQLite to that order.
            "SELECT declaration.id, is_reused, packed, assessment FROM redeclaration CROSS JOIN declaration \
             WHERE declaration.id = redeclaration.declaration ORDER BY redeclaration.declaration",
        )?;
        let redeclared = found.into_iter().map(|(id, doubts, packed, assessment)| Redeclared {
            item: ItemId(id / VERSIONS),
            version: item::small(id % VERSIONS).expect("a remainder is small"),
            is_reused: doubts & REUSED != 0,
            is_held: doubts & HELD != 0,
            packed,
            assessment,
        });
        Ok(redeclared.collect())
    }
}

/// Returns a day as a row holds it.
pub(crate) fn day_number(day: NaiveDate) -> i64 {
    day.num_days_from_ce().into()
}

/// Keeps the items of a batch behind an ordinal: those before it an earlier run has kept, whatever its batches were.
async fn keep_behind(tx: &mut Tx, batch: &Batch, kept_to: u32) -> Result<Kept, StoreError> {
    let behind: Vec<&NewItem> = batch.items.iter().filter(|new| new.ordinal > kept_to).collect();
    let owners = identity::register(tx, &behind, batch.at_ms).await?;
    let (again, new): (Vec<_>, Vec<_>) =
        behind.into_iter().partition(|new| owners.contains_key(&new.item.id));
    write_new(tx, batch, &new).await?;
    let lists = new.iter().filter_map(|new| Some((&*new.list.as_ref()?.name, new.item.id)));
    let further = again.iter().filter_map(|new| Some((&*new.list.as_ref()?.name, owners[&new.item.id].item)));
    filing::write_lists(tx, &lists.chain(further).collect::<Vec<_>>()).await?;
    let (listed, again): (Vec<_>, Vec<_>) = again.into_iter().partition(|new| new.list.is_some());
    let mut findings = finding::Rows::default();
    for new in listed {
        let subject = owners[&new.item.id].item.0;
        let of = Of { kind: 1, subject, file: Some(batch.file), at_ms: batch.at_ms };
        new.list.iter().flat_map(|list| &list.findings).for_each(|finding| findings.push(of, finding));
    }
    findings.write(tx).await?;
    write_again(tx, batch, &again, &owners).await?;
    Ok(Kept { new: new.len(), again: again.len() })
}

async fn write_new(tx: &mut Tx, batch: &Batch, new: &[&NewItem]) -> Result<(), StoreError> {
    item::write_expected(tx, &new.iter().map(|new| &new.item).collect::<Vec<_>>()).await?;
    let versions: Vec<_> = new.iter().map(|new| (*new, new.item.id.0 * VERSIONS + 1)).collect();
    write_declarations(tx, batch, &versions).await?;
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
        Column::Int(items.iter().map(|(new, _)| i64::from(new.ordinal)).collect()),
        Column::Bytes(items.iter().map(|(new, _)| new.packed.as_slice()).collect()),
        Column::Bytes(items.iter().map(|(new, _)| new.assessment.as_slice()).collect()),
        Column::Int(items.iter().map(|(new, _)| day_number(new.accepted_on)).collect()),
    ];
    let shared = [batch.file.0, batch.at_ms, batch.revision.0];
    bulk::write_sharing(tx, &DECLARATION, columns, &shared).await?;
    write_charges(tx, items.iter().map(|(new, id)| (*id, new.charges.as_slice()))).await
}

/// Writes the charges of declarations.
pub(crate) async fn write_charges<'c>(
    tx: &mut Tx,
    declarations: impl Iterator<Item = (i64, &'c [Charge])>,
) -> Result<(), StoreError> {
    let charges = declarations.flat_map(|(id, charges)| charges.iter().zip(1i64..).map(move |one| (id, one)));
    let charges: Vec<_> = charges.collect();
    let columns = vec![
        Column::Int(charges.iter().map(|(id, _)| *id).collect()),
        Column::Int(charges.iter().map(|(_, (_, n))| *n).collect()),
        Column::Int(charges.iter().map(|(_, (charge, _))| kind_number(charge.kind)).collect()),
        Column::Text(
            charges.iter().map(|(_, (charge, _))| Cow::Borrowed(charge.amount.currency.as_str())).collect(),
        ),
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
    owners: &HashMap<ItemId, Owner>,
) -> Result<(), StoreError> {
    let mut latest = latest_versions(tx, again.iter().map(|new| owners[&new.item.id].item)).await?;
    let mut findings = finding::Rows::default();
    let mut versions = Vec::with_capacity(again.len());
    let mut redeclarations = BTreeMap::new();
    for new in again {
        let owner = owners[&new.item.id];
        let latest = latest.entry(owner.item).or_insert(Latest {
            id: owner.item.0 * VERSIONS,
            file: None,
            packed: None,
        });
        let of = Of { kind: 1, subject: owner.item.0, file: Some(batch.file), at_ms: batch.at_ms };
        new.findings.iter().for_each(|finding| findings.push(of, finding));
        let mut found = |code: &'static Code| {
            findings.push(of, &code.finding([new.item.name.to_string()]).of(new.ordinal));
        };
        let is_repeated = latest.file == Some(batch.file);
        let is_reused = owner.is_another(new.fingerprint)
            && !latest.packed.as_ref().is_some_and(|packed| (batch.is_same_addressee)(packed, &new.packed));
        if is_repeated {
            found(&IDENTIFIER_REPEATED);
        } else if is_reused {
            found(&IDENTIFIER_REUSED);
        }
        let is_full = latest.id % VERSIONS == VERSIONS - 1;
        if is_full {
            found(&VERSIONS_EXHAUSTED);
        } else {
            *latest = Latest { id: latest.id + 1, file: Some(batch.file), packed: Some(new.packed.clone()) };
            versions.push((*new, latest.id));
        }
        let held = if is_repeated || is_full { HELD } else { 0 };
        let reused = if is_reused && !is_repeated { REUSED } else { 0 };
        *redeclarations.entry(latest.id).or_insert(0) |= held | reused;
    }
    findings.write(tx).await?;
    write_declarations(tx, batch, &versions).await?;
    let columns = vec![
        Column::Int(redeclarations.keys().copied().collect()),
        Column::Int(redeclarations.values().copied().collect()),
    ];
    bulk::write(tx, &REDECLARATION, columns).await.map(|_| ())
}

/// The latest version of an item's declaration.
#[derive(Debug)]
struct Latest {
    id: i64,
    file: Option<FileId>,
    packed: Option<Vec<u8>>,
}

async fn latest_versions(
    tx: &mut Tx,
    items: impl Iterator<Item = ItemId>,
) -> Result<HashMap<ItemId, Latest>, StoreError> {
    let items: BTreeSet<i64> = items.map(|item| item.0).collect();
    if items.is_empty() {
        return Ok(HashMap::new());
    }
    let found = rows_of_either!(
        tx,
        (i64, i64, Vec<u8>),
        sqlite: "SELECT id, file, packed FROM declaration WHERE id IN (SELECT (SELECT MAX(id) FROM declaration \
                 WHERE id BETWEEN value * 64 AND value * 64 + 63) FROM json_each($1))",
        postgres: "SELECT id, file, packed FROM declaration WHERE id IN (SELECT (SELECT MAX(id) FROM declaration \
                   WHERE id BETWEEN value::bigint * 64 AND value::bigint * 64 + 63) \
                   FROM json_array_elements_text($1::json))",
        &item::json_numbers(items.into_iter()),
    )?;
    let latest = |(id, file, packed)| {
        (ItemId(id / VERSIONS), Latest { id, file: Some(FileId(file)), packed: Some(packed) })
    };
    Ok(found.into_iter().map(latest).collect())
}

/// Notes that the station has taken note of further versions.
pub(crate) async fn forget_redeclared(tx: &mut Tx, item: ItemId, version: u32) -> Result<(), StoreError> {
    let id = item.0 * VERSIONS + i64::from(version);
    execute!(tx, "DELETE FROM redeclaration WHERE declaration = $1", id).map(|_| ())
}

fn kind_number(kind: ChargeKind) -> i64 {
    match kind {
        ChargeKind::Duty => 0,
        ChargeKind::Tax => 1,
        ChargeKind::Excise => 2,
        ChargeKind::Fee => 3,
    }
}
