//! Rows of containers.

use caravan_postal::{Grams, Impc, Volume};
use caravan_station::{
    Allowed, Container, ContainerId, ContainerState, Disposition, GateFault, Receptacle, VehiclePlace,
};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::Wrong;
use crate::backend::read;
use crate::{Store, StoreError};

/// The row of a container, which has more columns than a tuple can take.
pub(super) struct ContainerRow {
    id: i64,
    number: String,
    departure: String,
    is_through: i64,
    equipment: Option<String>,
    announced_as: Option<String>,
    tare_g: i64,
    is_closed: i64,
    payload_g: i64,
    usable_cm3: i64,
    gross_g: i64,
    volume_cm3: i64,
    receptacles: i64,
    state: i64,
    seals: String,
    sealed_ms: Option<i64>,
    cn37: Option<String>,
    transfer_number: Option<String>,
    signed_ms: Option<i64>,
    stopped: i64,
    customs: i64,
    origin: Option<String>,
    destination: Option<String>,
    vehicle: Option<String>,
    allowed: String,
    events: i64,
}

impl<'r, R> FromRow<'r, R> for ContainerRow
where
    R: Row,
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            number: row.try_get("number")?,
            departure: row.try_get("departure")?,
            is_through: row.try_get("is_through")?,
            equipment: row.try_get("equipment")?,
            announced_as: row.try_get("announced_as")?,
            tare_g: row.try_get("tare_g")?,
            is_closed: row.try_get("is_closed")?,
            payload_g: row.try_get("payload_g")?,
            usable_cm3: row.try_get("usable_cm3")?,
            gross_g: row.try_get("gross_g")?,
            volume_cm3: row.try_get("volume_cm3")?,
            receptacles: row.try_get("receptacles")?,
            state: row.try_get("state")?,
            seals: row.try_get("seals")?,
            sealed_ms: row.try_get("sealed_ms")?,
            cn37: row.try_get("cn37")?,
            transfer_number: row.try_get("transfer_number")?,
            signed_ms: row.try_get("signed_ms")?,
            stopped: row.try_get("stopped")?,
            customs: row.try_get("customs")?,
            origin: row.try_get("origin")?,
            destination: row.try_get("destination")?,
            vehicle: row.try_get("vehicle")?,
            allowed: row.try_get("allowed")?,
            events: row.try_get("events")?,
        })
    }
}

macro_rules! select_containers {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, departure, is_through, equipment, announced_as, tare_g, is_closed, payload_g, usable_cm3, gross_g, volume_cm3, receptacles, state, \
             seals, sealed_ms, cn37, transfer_number, signed_ms, stopped, customs, origin, destination, vehicle, allowed, events FROM container ",
            $rest
        )
    };
}
pub(super) use select_containers;

impl Store {
    /// Returns every container, in the order in which they came.
    pub async fn containers(&self) -> Result<Vec<Container>, StoreError> {
        let rows = read!(&self.backend, ContainerRow, select_containers!("ORDER BY id"))?;
        rows.into_iter().map(container).collect()
    }

    /// Returns a container by its row.
    pub async fn container(&self, id: ContainerId) -> Result<Option<Container>, StoreError> {
        let rows = read!(&self.backend, ContainerRow, select_containers!("WHERE id = $1"), id.0)?;
        rows.into_iter().next().map(container).transpose()
    }

    /// Returns the last container of a number that has left or was withdrawn.
    pub async fn container_gone(&self, number: &str) -> Result<Option<Container>, StoreError> {
        let rows = read!(
            &self.backend,
            ContainerRow,
            select_containers!("WHERE number = $1 AND state IN (3, 4) ORDER BY id DESC LIMIT 1"),
            number,
        )?;
        rows.into_iter().next().map(container).transpose()
    }

    /// Returns the container of a delivery bill CN 37 with its receptacles.
    pub async fn consignment_sent(
        &self,
        cn37: &str,
    ) -> Result<Option<(Container, Vec<Receptacle>)>, StoreError> {
        let rows = read!(&self.backend, ContainerRow, select_containers!("WHERE cn37 = $1"), cn37)?;
        let Some(sent) = rows.into_iter().next().map(container).transpose()? else { return Ok(None) };
        let receptacles = self.receptacles_in(sent.id).await?;
        Ok(Some((sent, receptacles)))
    }
}

pub(super) fn container(row: ContainerRow) -> Result<Container, StoreError> {
    let wrong = Wrong { table: "container", id: row.id };
    let office = |text: Option<String>, what| {
        text.map(|text| Impc::parse(&text).ok_or_else(|| wrong.at(what))).transpose()
    };
    let allowed: Vec<[String; 2]> = serde_json::from_str(&row.allowed).map_err(|_| wrong.at("allowed"))?;
    let allowed = allowed.into_iter().map(|[fault, departure]| {
        let fault = GateFault::parse(&fault).ok_or_else(|| wrong.at("allowed"))?;
        Ok(Allowed { fault, departure })
    });
    Ok(Container {
        id: ContainerId(row.id),
        is_through: row.is_through != 0,
        equipment: row.equipment,
        announced_as: row
            .announced_as
            .map(|text| VehiclePlace::parse(&text).ok_or_else(|| wrong.at("announced_as")))
            .transpose()?,
        tare: Grams(wrong.unsigned(row.tare_g, "tare_g")?),
        is_closed: row.is_closed != 0,
        payload: Grams(wrong.unsigned(row.payload_g, "payload_g")?),
        usable: Volume(wrong.unsigned(row.usable_cm3, "usable_cm3")?),
        gross: Grams(wrong.unsigned(row.gross_g, "gross_g")?),
        volume: Volume(wrong.unsigned(row.volume_cm3, "volume_cm3")?),
        receptacles: wrong.small(row.receptacles, "receptacles")?,
        state: ContainerState::from_number(row.state).ok_or_else(|| wrong.at("state"))?,
        seals: serde_json::from_str(&row.seals).map_err(|_| wrong.at("seals"))?,
        sealed_ms: row.sealed_ms,
        origin: office(row.origin, "origin")?,
        destination: office(row.destination, "destination")?,
        vehicle: row.vehicle,
        allowed: allowed.collect::<Result<_, StoreError>>()?,
        number: row.number,
        departure: row.departure,
        cn37: row.cn37,
        transfer_number: row.transfer_number,
        signed_ms: row.signed_ms,
        stopped: wrong.small(row.stopped, "stopped")?,
        customs: Disposition::from_number(row.customs).ok_or_else(|| wrong.at("customs"))?,
        events: wrong.small(row.events, "events")?,
    })
}
