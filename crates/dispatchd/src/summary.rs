//! What a dispatcher wants to read at the end of a day.

mod text;
mod way;

use std::collections::BTreeMap;

use anyhow::Result;
use caravan_planning::Capacity;
use caravan_station::{DepartureState, DispatchState, Receptacle, ReceptacleState};
use caravan_store::{ItemSum, Store, Verdict};
use serde::Serialize;

use crate::intake::Desk;
use way::WayLine;

pub use text::render;

/// How many of the commonest findings are shown.
const FINDINGS: usize = 12;

/// The sums of a day.
#[derive(Debug, Serialize)]
pub struct Summary {
    format: &'static str,
    station: String,
    files: Files,
    items: Items,
    findings: Vec<FindingCount>,
    destinations: Vec<Destination>,
    dispatches: Dispatches,
    #[serde(skip_serializing_if = "Inbound::is_none")]
    inbound: Inbound,
    containers: Vec<ContainerLine>,
    departures: Vec<DepartureLine>,
}

#[derive(Debug, Default, Serialize)]
struct Files {
    done: u64,
    failed: u64,
    set_aside: u64,
    open: u64,
}

#[derive(Debug, Default, Serialize)]
struct Items {
    all: u64,
    accepted: u64,
    held: u64,
    refused: u64,
    expected: u64,
    present: u64,
    bagged: u64,
    returned: u64,
    seized: u64,
    #[serde(skip_serializing_if = "is_none")]
    forwarded: u64,
    #[serde(skip_serializing_if = "is_none")]
    disposed: u64,
    #[serde(skip_serializing_if = "is_none")]
    missing: u64,
    departed: u64,
    stopped_by_customs: u64,
}

#[derive(Debug, Serialize)]
struct FindingCount {
    code: String,
    severity: &'static str,
    count: u64,
}

#[derive(Debug, Serialize)]
struct Destination {
    country: String,
    items: u64,
    weight_g: u64,
    charges: Vec<ChargeLine>,
}

#[derive(Debug, Serialize)]
struct ChargeLine {
    kind: &'static str,
    amount: String,
    currency: String,
    items: u64,
    unverified: u64,
}

#[derive(Debug, Default, Serialize)]
struct Dispatches {
    closed: u64,
    open: u64,
    voided: u64,
    receptacles_labelled: u64,
    receptacles_open: u64,
    receptacles_disputed: u64,
    receptacles_through: u64,
    receptacles_departed: u64,
    /// The mean fill of labelled receptacles, in per mille of the limits of their class.
    mean_fill_weight_permille: u64,
    mean_fill_volume_permille: u64,
    /// Of those that left, how many were received where they went.
    #[serde(skip_serializing_if = "is_none")]
    receptacles_acknowledged: u64,
    /// Of those that left, how many were not found where they went.
    #[serde(skip_serializing_if = "is_none")]
    receptacles_missing: u64,
}

/// What other offices have made up for this one.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Inbound {
    dispatches_advised: u64,
    dispatches_answered: u64,
    receptacles_advised: u64,
    receptacles_arrived: u64,
    receptacles_opened: u64,
    receptacles_missing: u64,
}

/// Returns whether a count is nothing, and its line left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Inbound {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Debug, Serialize)]
struct ContainerLine {
    number: String,
    departure: String,
    state: &'static str,
    is_through: bool,
    receptacles: u32,
    gross_g: u64,
    fill_weight_permille: u32,
    fill_volume_permille: u32,
    cn37: Option<String>,
}

#[derive(Debug, Serialize)]
struct DepartureLine {
    key: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    way: Option<WayLine>,
    left_behind: Vec<LeftLine>,
}

#[derive(Debug, Serialize)]
struct LeftLine {
    subject: String,
    reasons: Vec<String>,
}

/// Gathers the sums of all that a station keeps.
pub async fn gather(store: &Store, desk: &Desk) -> Result<Summary> {
    let receptacles = store.receptacles().await?;
    let item_sums = store.item_sums().await?;
    let mut items = items(&item_sums);
    let departed = |receptacle: &&Receptacle| has_left(receptacle.state) && !receptacle.is_through();
    items.departed = receptacles.iter().filter(departed).map(|receptacle| u64::from(receptacle.items)).sum();
    let findings = store.code_counts().await?.into_iter().take(FINDINGS).map(|count| FindingCount {
        code: count.code,
        severity: severity(count.severity),
        count: count.count,
    });
    let (dispatches, inbound) = dispatches(store, desk, &receptacles).await?;
    Ok(Summary {
        format: "caravan-summary-1",
        station: format!("{} {}", desk.config.office.code, desk.config.office.name),
        files: files(store).await?,
        items,
        findings: findings.collect(),
        destinations: destinations(store, item_sums).await?,
        dispatches,
        inbound,
        containers: containers(store).await?,
        departures: departures(store).await?,
    })
}

async fn files(store: &Store) -> Result<Files> {
    let mut files = Files::default();
    for sum in store.file_sums().await? {
        match sum.verdict {
            Verdict::Open => files.open = sum.files,
            Verdict::Done => files.done = sum.files,
            Verdict::Failed => files.failed = sum.files,
            Verdict::SetAside => files.set_aside = sum.files,
        }
    }
    Ok(files)
}

fn items(sums: &[ItemSum]) -> Items {
    use caravan_station::{Custody, Disposition};
    let mut items = Items::default();
    for sum in sums {
        items.all += sum.items;
        match sum.decision {
            0 => items.accepted += sum.items,
            1 => items.held += sum.items,
            _ => items.refused += sum.items,
        }
        match Custody::from_number(sum.custody) {
            // What has come in a receptacle that nobody has opened is not seen yet.
            Some(Custody::Expected | Custody::Arrived) | None => items.expected += sum.items,
            // What customs look into is still this office's to answer for.
            Some(Custody::Present | Custody::Back | Custody::WithCustoms) => items.present += sum.items,
            Some(Custody::Bagged) => items.bagged += sum.items,
            Some(Custody::Returned) => items.returned += sum.items,
            Some(Custody::Seized) => items.seized += sum.items,
            Some(Custody::Forwarded) => items.forwarded += sum.items,
            Some(Custody::Disposed | Custody::Destroyed) => items.disposed += sum.items,
            Some(Custody::Missing | Custody::Lost) => items.missing += sum.items,
            // There is no such item.
            Some(Custody::Voided) => {}
        }
        if Disposition::from_number(sum.customs).is_some_and(Disposition::is_hold) {
            items.stopped_by_customs += sum.items;
        }
    }
    items
}

async fn destinations(store: &Store, item_sums: Vec<ItemSum>) -> Result<Vec<Destination>> {
    let mut by_country: BTreeMap<String, Destination> = BTreeMap::new();
    for sum in item_sums {
        let entry = by_country.entry(sum.destination.clone()).or_insert_with(|| Destination {
            country: sum.destination,
            items: 0,
            weight_g: 0,
            charges: Vec::new(),
        });
        entry.items += sum.items;
        entry.weight_g += sum.weight_g;
    }
    for sum in store.charge_sums().await? {
        let Some(destination) = by_country.get_mut(&sum.destination) else { continue };
        let amount = caravan_postal::Currency::parse(&sum.currency)
            .map(|currency| caravan_postal::Money { minor: sum.minor, currency }.decimal());
        destination.charges.push(ChargeLine {
            kind: kind(sum.kind),
            amount: amount.unwrap_or_else(|| sum.minor.to_string()),
            currency: sum.currency,
            items: sum.items,
            unverified: sum.unverified,
        });
    }
    let mut destinations: Vec<Destination> = by_country.into_values().collect();
    destinations.sort_by(|a, b| (b.items, &a.country).cmp(&(a.items, &b.country)));
    Ok(destinations)
}

async fn dispatches(store: &Store, desk: &Desk, receptacles: &[Receptacle]) -> Result<(Dispatches, Inbound)> {
    let (mut sums, mut inbound) = (Dispatches::default(), Inbound::default());
    for dispatch in store.dispatches().await? {
        match dispatch.state {
            DispatchState::Open | DispatchState::Reopened => sums.open += 1,
            DispatchState::Closed | DispatchState::Acknowledged => sums.closed += 1,
            DispatchState::Voided | DispatchState::Cancelled => sums.voided += 1,
            DispatchState::Advised => inbound.dispatches_advised += 1,
            DispatchState::Answered => inbound.dispatches_answered += 1,
        }
    }
    let (mut weight, mut volume) = (0, 0);
    for receptacle in receptacles {
        match receptacle.state {
            ReceptacleState::Open | ReceptacleState::Weighing => sums.receptacles_open += 1,
            ReceptacleState::Disputed => sums.receptacles_disputed += 1,
            ReceptacleState::Departed => sums.receptacles_departed += 1,
            ReceptacleState::Acknowledged => {
                sums.receptacles_departed += 1;
                sums.receptacles_acknowledged += 1;
            }
            ReceptacleState::Missing if receptacle.stream.is_some() => {
                sums.receptacles_departed += 1;
                sums.receptacles_missing += 1;
            }
            ReceptacleState::Advised => inbound.receptacles_advised += 1,
            ReceptacleState::Arrived => inbound.receptacles_arrived += 1,
            ReceptacleState::Opened => inbound.receptacles_opened += 1,
            ReceptacleState::Missing => inbound.receptacles_missing += 1,
            ReceptacleState::Closed
            | ReceptacleState::Loaded
            | ReceptacleState::Received
            | ReceptacleState::Voided => {}
        }
        match receptacle.stream {
            Some(stream) if receptacle.dispatch.is_some() && receptacle.state != ReceptacleState::Voided => {
                sums.receptacles_labelled += 1;
                let limits = desk.config.class(stream.class()).limits;
                weight += receptacle.gross().0 * 1000 / limits.weight.0.max(1);
                volume += receptacle.volume.0 * 1000 / limits.volume.0.max(1);
            }
            Some(_) => {}
            None if receptacle.dispatch.is_some() => {}
            None => sums.receptacles_through += 1,
        }
    }
    let count = sums.receptacles_labelled.max(1);
    sums.mean_fill_weight_permille = weight / count;
    sums.mean_fill_volume_permille = volume / count;
    Ok((sums, inbound))
}

/// Returns whether a receptacle of this office that stands like this has left.
fn has_left(state: ReceptacleState) -> bool {
    use ReceptacleState::{Acknowledged, Departed, Missing};
    matches!(state, Departed | Acknowledged | Missing)
}

async fn containers(store: &Store) -> Result<Vec<ContainerLine>> {
    let lines = store.containers().await?.into_iter().map(|container| {
        let capacity = Capacity { weight: container.payload, volume: container.usable, count: None };
        let content = caravan_planning::Size {
            weight: container.gross,
            volume: container.volume,
            count: container.receptacles,
        };
        let fill =
            if container.is_through { caravan_planning::Fill::default() } else { capacity.fill(content) };
        ContainerLine {
            number: container.number,
            departure: container.departure,
            state: container.state.as_str(),
            is_through: container.is_through,
            receptacles: container.receptacles,
            gross_g: container.gross.0,
            fill_weight_permille: fill.weight_permille,
            fill_volume_permille: fill.volume_permille,
            cn37: container.cn37,
        }
    });
    Ok(lines.collect())
}

async fn departures(store: &Store) -> Result<Vec<DepartureLine>> {
    let reached =
        store.departures().await?.into_iter().filter(|departure| departure.state != DepartureState::Planned);
    let lines = reached.map(|departure| {
        let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for one in departure.left_behind {
            left.entry(one.subject).or_default().push(one.reason);
        }
        DepartureLine {
            key: departure.key,
            state: departure.state.as_str(),
            way: departure.outlook.map(WayLine::of),
            left_behind: left.into_iter().map(|(subject, reasons)| LeftLine { subject, reasons }).collect(),
        }
    });
    Ok(lines.collect())
}

impl Summary {
    /// Returns the summary as JSON with a line feed at its end.
    pub fn json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a summary is JSON");
        bytes.push(b'\n');
        bytes
    }
}

fn severity(number: i64) -> &'static str {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    caravan_postal::Severity::ALL.get(index).map_or("", |severity| severity.as_str())
}

fn kind(number: i64) -> &'static str {
    ["duty", "tax", "excise", "fee"]
        .get(usize::try_from(number).unwrap_or(usize::MAX))
        .copied()
        .unwrap_or_default()
}
