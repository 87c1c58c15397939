//! Writing what the station's commands changed, in one transaction, if the station still stands as it was read.

use std::borrow::Cow;

use caravan_station::{Changes, Container, Departure, Dispatch, Item, ItemId, Receptacle, State};

use crate::backend::{Tx, execute};
use crate::bulk::{self, Column, Conflict, Table, column};
use crate::file::{self, FileId};
use crate::finding::{self, Of};
use crate::interchange::{self, HeardFile};
use crate::item::signed;
use crate::outbound::{self, Outbound};
use crate::reassess::{self, Reassessed};
use crate::remaining::{self, Remaining};
use crate::snapshot::Version;
use crate::{Store, StoreError, arrival, border, event, filing, identity, item, keep, untold, way};

static SEQUENCE: Table = Table::new("sequence", &["name", "value"], Conflict::Replace);

static RESOLUTION: Table = Table::new("resolution", &["name", "at_ms"], Conflict::Replace);

static RECEPTACLE: Table = Table::new(
    "receptacle",
    &[
        "id",
        "kind",
        "state",
        "stream",
        "dispatch",
        "s9",
        "items",
        "registered",
        "listed",
        "lithium_in_equipment",
        "lithium_alone",
        "dangerous",
        "content_g",
        "volume_cm3",
        "tare_g",
        "seal",
        "scale_g",
        "closing_for",
        "opened_ms",
        "closed_ms",
        "container",
        "locked_to",
        "is_answered",
        "answered_g",
        "stopped",
        "customs",
        "advice",
        "events",
    ],
    Conflict::Replace,
);

static DISPATCH: Table = Table::new(
    "dispatch",
    &[
        "id",
        "series",
        "year",
        "s8",
        "state",
        "receptacles",
        "gone",
        "opened_ms",
        "closed_ms",
        "departure",
        "events",
    ],
    Conflict::Replace,
);

static DEPARTURE: Table = Table::new(
    "departure",
    &[
        "id",
        "key",
        "route",
        "departs_ms",
        "dispatch_close_ms",
        "seal_ms",
        "state",
        "left_behind",
        "way",
        "conveyance",
        "events",
    ],
    Conflict::Replace,
);

static CONTAINER: Table = Table::new(
    "container",
    &[
        "id",
        "number",
        "departure",
        "is_through",
        "equipment",
        "announced_as",
        "tare_g",
        "is_closed",
        "payload_g",
        "usable_cm3",
        "gross_g",
        "volume_cm3",
        "receptacles",
        "state",
        "seals",
        "sealed_ms",
        "cn37",
        "transfer_number",
        "signed_ms",
        "stopped",
        "customs",
        "origin",
        "destination",
        "vehicle",
        "allowed",
        "events",
    ],
    Conflict::Replace,
);

/// What a transaction of the station also takes note of.
#[derive(Debug, Clone, Default)]
pub struct Noted {
    /// Up to which line a table of operations has been applied.
    pub applied: Option<(FileId, u32)>,
    /// Further versions of declarations that the station has taken note of.
    pub redeclared: Vec<(ItemId, u32)>,
    /// New answers about declarations that are known.
    pub reassessed: Vec<Reassessed>,
    /// What partial releases leave of declarations, as versions of their own.
    pub remaining: Vec<Remaining>,
    /// A file of messages that was heard; the verdict on it must not stand yet.
    pub heard: Option<HeardFile>,
}

impl Store {
    /// Writes the changes and what leaves because of them, and returns the station's new version.
    ///
    /// Fails with [`StoreError::Stale`], and writes nothing, when the station has changed since `version`, when another
    /// process has taken its lease, or when a name of an item that a scan created was declared in the meantime.
    pub async fn apply(
        &self,
        version: Version,
        state: &State,
        changes: &Changes,
        outbound: &[Outbound],
        noted: &Noted,
        at_ms: i64,
    ) -> Result<Version, StoreError> {
        let mut tx = self.backend.begin().await?;
        let next = version.next();
        let is_current = execute!(
            &mut tx,
            "UPDATE station SET version = $1, planned_to_ms = $2 WHERE id = 1 AND version = $3 AND lease_epoch = $4",
            next.version,
            state.planned_to_ms,
            version.version,
            version.lease_epoch,
        )?;
        if is_current == 0 {
            return Err(StoreError::Stale);
        }
        let created: Vec<&Item> = changes.created.iter().filter_map(|id| state.item(*id)).collect();
        identity::register_created(&mut tx, &created, at_ms).await?;
        let items: Vec<&Item> = changes.items.iter().filter_map(|id| state.item(*id)).collect();
        item::write(&mut tx, &items).await?;
        write_receptacles(&mut tx, changes.receptacles.iter().filter_map(|id| state.receptacles.get(id)))
            .await?;
        write_dispatches(&mut tx, changes.dispatches.iter().filter_map(|id| state.dispatches.get(id)))
            .await?;
        write_departures(&mut tx, changes.departures.iter().filter_map(|id| state.departures.get(id)))
            .await?;
        write_containers(&mut tx, changes.containers.iter().filter_map(|id| state.containers.get(id)))
            .await?;
        filing::write(&mut tx, changes.filings.iter().filter_map(|id| state.filings.get(id))).await?;
        border::write(&mut tx, state, changes).await?;
        untold::write(&mut tx, state, changes).await?;
        let columns = vec![
            Column::Text(changes.sequences.iter().map(|name| Cow::Borrowed(&**name)).collect()),
            Column::Int(changes.sequences.iter().map(|name| signed(state.sequences[name])).collect()),
        ];
        bulk::write(&mut tx, &SEQUENCE, columns).await?;
        let columns = vec![
            Column::Text(changes.resolved.keys().map(|name| Cow::Borrowed(&**name)).collect()),
            Column::Int(changes.resolved.values().copied().collect()),
        ];
        bulk::write(&mut tx, &RESOLUTION, columns).await?;
        arrival::write_came_back(&mut tx, &changes.came_back).await?;
        event::write(&mut tx, &changes.events).await?;
        let mut findings = finding::Rows::default();
        for found in &changes.findings {
            let (kind, subject) = found.subject.row();
            findings.push(Of { kind, subject, file: None, at_ms: found.at_ms }, &found.finding);
        }
        findings.write(&mut tx).await?;
        outbound::write(&mut tx, outbound, at_ms).await?;
        if let Some((file, line)) = noted.applied {
            file::keep_to(&mut tx, file, line).await?;
        }
        for (item, version) in &noted.redeclared {
            keep::forget_redeclared(&mut tx, *item, *version).await?;
        }
        reassess::write(&mut tx, &noted.reassessed, at_ms).await?;
        remaining::write(&mut tx, &noted.remaining, at_ms).await?;
        if let Some(heard) = &noted.heard {
            interchange::settle(&mut tx, heard, at_ms).await?;
        }
        tx.commit().await?;
        Ok(next)
    }
}

async fn write_receptacles<'a>(
    tx: &mut Tx,
    rows: impl Iterator<Item = &'a Receptacle>,
) -> Result<(), StoreError> {
    let rows: Vec<&Receptacle> = rows.collect();
    let columns = vec![
        column!(Int, rows, row => row.id.0),
        column!(Text, rows, row => row.kind.as_str()),
        column!(Int, rows, row => row.state.number()),
        column!(OptionalText, rows, row => row.stream.map(|stream| stream.to_string())),
        column!(OptionalInt, rows, row => row.dispatch.map(|dispatch| dispatch.0)),
        column!(OptionalText, rows, row => row.s9.map(|s9| s9.to_string())),
        column!(Int, rows, row => i64::from(row.items)),
        column!(Int, rows, row => i64::from(row.registered)),
        column!(Int, rows, row => i64::from(row.listed)),
        column!(Int, rows, row => i64::from(row.lithium_in_equipment)),
        column!(Int, rows, row => i64::from(row.lithium_alone)),
        column!(Int, rows, row => i64::from(row.dangerous)),
        column!(Int, rows, row => signed(row.content.0)),
        column!(Int, rows, row => signed(row.volume.0)),
        column!(Int, rows, row => signed(row.tare.0)),
        column!(OptionalText, rows, row => row.seal.as_deref()),
        column!(OptionalInt, rows, row => row.scale.map(|scale| signed(scale.0))),
        column!(OptionalText, rows, row => row.closing_for.as_deref()),
        column!(Int, rows, row => row.opened_ms),
        column!(OptionalInt, rows, row => row.closed_ms),
        column!(OptionalInt, rows, row => row.container.map(|container| container.0)),
        column!(OptionalInt, rows, row => row.lock.map(|container| container.0)),
        column!(Int, rows, row => i64::from(row.answered.is_some())),
        column!(OptionalInt, rows, row => row.answered.and_then(|answered| answered.weight).map(|weight| signed(weight.0))),
        column!(Int, rows, row => i64::from(row.stopped)),
        column!(Int, rows, row => row.customs.number()),
        column!(OptionalText, rows, row => row.advice.as_ref().map(arrival::advice)),
        column!(Int, rows, row => i64::from(row.events)),
    ];
    bulk::write(tx, &RECEPTACLE, columns).await.map(|_| ())
}

async fn write_dispatches<'a>(
    tx: &mut Tx,
    rows: impl Iterator<Item = &'a Dispatch>,
) -> Result<(), StoreError> {
    let rows: Vec<&Dispatch> = rows.collect();
    let columns = vec![
        column!(Int, rows, row => row.id.0),
        column!(Text, rows, row => row.series.to_string()),
        column!(Int, rows, row => i64::from(row.year)),
        column!(Text, rows, row => row.s8.to_string()),
        column!(Int, rows, row => row.state.number()),
        column!(Int, rows, row => i64::from(row.receptacles)),
        column!(Int, rows, row => i64::from(row.gone)),
        column!(Int, rows, row => row.opened_ms),
        column!(OptionalInt, rows, row => row.closed_ms),
        column!(OptionalText, rows, row => row.departure.as_deref()),
        column!(Int, rows, row => i64::from(row.events)),
    ];
    bulk::write(tx, &DISPATCH, columns).await.map(|_| ())
}

async fn write_departures<'a>(
    tx: &mut Tx,
    rows: impl Iterator<Item = &'a Departure>,
) -> Result<(), StoreError> {
    let rows: Vec<&Departure> = rows.collect();
    let left_behind = |row: &Departure| {
        let pairs: Vec<[&str; 2]> =
            row.left_behind.iter().map(|left| [&*left.subject, &*left.reason]).collect();
        serde_json::to_string(&pairs).expect("texts are JSON")
    };
    let columns = vec![
        column!(Int, rows, row => row.id.0),
        column!(Text, rows, row => row.key.as_str()),
        column!(Text, rows, row => row.route.as_str()),
        column!(Int, rows, row => row.departs_ms),
        column!(Int, rows, row => row.dispatch_close_ms),
        column!(Int, rows, row => row.seal_ms),
        column!(Int, rows, row => row.state.number()),
        column!(Text, rows, row => left_behind(row)),
        column!(OptionalText, rows, row => row.outlook.as_ref().map(way::text)),
        column!(OptionalText, rows, row => row.conveyance.as_deref()),
        column!(Int, rows, row => i64::from(row.events)),
    ];
    bulk::write(tx, &DEPARTURE, columns).await.map(|_| ())
}

async fn write_containers<'a>(
    tx: &mut Tx,
    rows: impl Iterator<Item = &'a Container>,
) -> Result<(), StoreError> {
    let rows: Vec<&Container> = rows.collect();
    let allowed = |row: &Container| {
        let pairs: Vec<[&str; 2]> =
            row.allowed.iter().map(|allowed| [allowed.fault.as_str(), &*allowed.departure]).collect();
        serde_json::to_string(&pairs).expect("texts are JSON")
    };
    let columns = vec![
        column!(Int, rows, row => row.id.0),
        column!(Text, rows, row => row.number.as_str()),
        column!(Text, rows, row => row.departure.as_str()),
        column!(Int, rows, row => i64::from(row.is_through)),
        column!(OptionalText, rows, row => row.equipment.as_deref()),
        column!(OptionalText, rows, row => row.announced_as.as_ref().map(ToString::to_string)),
        column!(Int, rows, row => signed(row.tare.0)),
        column!(Int, rows, row => i64::from(row.is_closed)),
        column!(Int, rows, row => signed(row.payload.0)),
        column!(Int, rows, row => signed(row.usable.0)),
        column!(Int, rows, row => signed(row.gross.0)),
        column!(Int, rows, row => signed(row.volume.0)),
        column!(Int, rows, row => i64::from(row.receptacles)),
        column!(Int, rows, row => row.state.number()),
        column!(Text, rows, row => serde_json::to_string(&row.seals).expect("texts are JSON")),
        column!(OptionalInt, rows, row => row.sealed_ms),
        column!(OptionalText, rows, row => row.cn37.as_deref()),
        column!(OptionalText, rows, row => row.transfer_number.as_deref()),
        column!(OptionalInt, rows, row => row.signed_ms),
        column!(Int, rows, row => i64::from(row.stopped)),
        column!(Int, rows, row => row.customs.number()),
        column!(OptionalText, rows, row => row.origin.map(|office| office.to_string())),
        column!(OptionalText, rows, row => row.destination.map(|office| office.to_string())),
        column!(OptionalText, rows, row => row.vehicle.as_deref()),
        column!(Text, rows, row => allowed(row)),
        column!(Int, rows, row => i64::from(row.events)),
    ];
    bulk::write(tx, &CONTAINER, columns).await.map(|_| ())
}
