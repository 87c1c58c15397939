//! The ways of the routes through the network, and what the station adds to the program's tables.

use caravan_planning::{Agreements, Cargo, End, Journey, MailKind, Mode, Network, RowId, TableText};
use caravan_postal::MailCategory;
use caravan_tariff::Transport;
use chrono::NaiveDate;
use serde::Deserialize;

use super::file::{RouteTable, fault, value};
use super::{Config, ConfigError, Route};

/// For how many days a closed border is waited for, when a route does not say.
const WAIT_DAYS_MAX: u32 = 30;

/// The way of a route through the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Its legs, each beginning where the one before it ends.
    pub legs: Vec<RowId>,
    /// Where it begins and ends.
    pub ends: (RowId, RowId),
    /// For how many days a closed border is waited for at most.
    pub wait_days_max: u32,
    /// Whether all who carry on it have agreed to lithium batteries.
    pub is_lithium_agreed: bool,
}

/// A border that the station knows to be closed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosureTable {
    border: String,
    from: String,
    to: Option<String>,
    /// `holiday`, `political`, `works` or `weather`.
    reason: String,
    #[serde(default)]
    note: String,
}

/// Reads the network with the station's own rows and closures laid over it.
pub(super) fn network(own: &toml::Table, closures: &[ClosureTable]) -> Result<Network, ConfigError> {
    let mut closed = toml::Table::new();
    let mut rows = Vec::new();
    for (index, table) in closures.iter().enumerate() {
        let day = |field: &str, text: &str| -> Result<toml::Value, ConfigError> {
            let is_day = |text: &str| text.parse::<NaiveDate>().is_ok();
            let day = value(field, text, "a date like 2026-10-01", |text| {
                is_day(text).then(|| text.parse::<toml::value::Datetime>().ok()).flatten()
            })?;
            Ok(toml::Value::Datetime(day))
        };
        let mut row = toml::Table::new();
        row.insert("id".into(), format!("station-closure-{}", index + 1).into());
        row.insert("crossing".into(), table.border.as_str().into());
        row.insert("kind".into(), table.reason.as_str().into());
        row.insert("valid_from".into(), day("closure.from", &table.from)?);
        if let Some(to) = &table.to {
            row.insert("valid_to".into(), day("closure.to", to)?);
        }
        row.insert("confidence".into(), "C".into());
        row.insert("sources".into(), toml::Value::Array(vec!["station".into()]));
        row.insert("note".into(), table.note.as_str().into());
        rows.push(toml::Value::Table(row));
    }
    let mut sources = toml::Table::new();
    sources.insert("station".into(), "the station's own settings".into());
    closed.insert("sources".into(), toml::Value::Table(sources));
    closed.insert("closure".into(), toml::Value::Array(rows));
    let texts = [("closure", closed.to_string()), ("network", own.to_string())];
    let texts = texts.each_ref().map(|(name, text)| TableText { name, text });
    Ok(Network::load(&texts)?)
}

/// Reads the way of a route: a published one by its name, or legs of its own.
pub(super) fn way(
    table: &RouteTable,
    mode: Transport,
    network: Option<&Network>,
) -> Result<Option<Way>, ConfigError> {
    let Some(network) = network else { return Ok(None) };
    let legs = match (&table.via, table.legs.as_slice()) {
        (None, []) => return Ok(None),
        (Some(via), []) => {
            let known = |text: &str| network.routes().get(&RowId::new(text)).map(|route| route.legs.clone());
            value("route.via", via, "a route of the network", known)?
        }
        (None, legs) => {
            let known = |text: &str| network.legs().contains_key(&RowId::new(text)).then(|| RowId::new(text));
            let leg = |text: &String| value("route.legs", text, "a leg of the network", known);
            legs.iter().map(leg).collect::<Result<Vec<_>, _>>()?
        }
        (Some(via), _) => return Err(fault("route.via", via, "absent where a route has `legs`")),
    };
    let leg = |index: usize| &network.legs()[&legs[index]];
    if let Some(index) = (1..legs.len()).find(|index| leg(index - 1).to != leg(*index).from) {
        let expected = "a leg that begins where the one before it ends";
        return Err(fault("route.legs", legs[index].as_str(), expected));
    }
    let own = if mode == Transport::Rail { Mode::Rail } else { Mode::Road };
    if leg(0).carriage.mode() != own {
        return Err(fault("route.mode", mode.as_str(), "that of the first leg of its way"));
    }
    let ends = (leg(0).from.clone(), leg(legs.len() - 1).to.clone());
    let wait_days_max = table.wait_days_max.unwrap_or(WAIT_DAYS_MAX);
    Ok(Some(Way { ends, wait_days_max, is_lithium_agreed: table.lithium_agreed, legs }))
}

impl Way {
    /// Returns what to ask the network for mail that leaves on a day.
    pub fn journey(
        &self,
        leaves: NaiveDate,
        category: MailCategory,
        cargo: impl IntoIterator<Item = Cargo>,
    ) -> Journey {
        let mut agreements = Agreements::default();
        if self.is_lithium_agreed {
            agreements.legs.extend(self.legs.iter().cloned());
        }
        Journey {
            from: End::Place(self.ends.0.clone()),
            to: End::Place(self.ends.1.clone()),
            leaves,
            mail: MailKind { category, cargo: cargo.into_iter().collect() },
            agreements,
            wait_days_max: self.wait_days_max,
        }
    }
}

impl Config {
    /// Returns the day on which mail of a route is accepted where it goes, if it leaves on a day: by the way of the
    /// route, as far as the settings know it; `None` where it has none, or none that ends.
    pub(super) fn arrives_on(&self, route: &Route, leaves: NaiveDate) -> Option<NaiveDate> {
        let (network, way) = (self.network.as_ref()?, route.way.as_ref()?);
        let journey = way.journey(leaves, MailCategory::C, []);
        let along = network.along(&journey, &way.legs).ok()?;
        Some(along.as_it_is.ok()?.arrives)
    }
}
