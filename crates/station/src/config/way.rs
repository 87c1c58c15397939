//! The ways of the routes through the network, and what the station adds to the program's tables.

use caravan_planning::{
    Agreements, Along, Cargo, End, Journey, MailKind, Mode, Network, Path, PathLeg, RowId, Run, TableText,
    Wait, WaitReason, runs_between,
};
use caravan_postal::MailCategory;
use caravan_tariff::Transport;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;

use super::file::{RouteTable, fault, value};
use super::{Config, ConfigError, Partner, Route};

/// How far ahead of a filing its departure is looked for.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(30);
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
    /// Returns how it goes through a network, for mail that leaves on a day.
    pub(super) fn along(&self, network: &Network, leaves: NaiveDate) -> Along {
        let journey = self.journey(leaves, MailCategory::C, []);
        network.along(&journey, &self.legs).expect("the legs of a way are checked when it is read")
    }

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

impl Route {
    /// Returns how it goes through a network, for mail that leaves on a day; `None` where it has no way through it.
    pub fn along(&self, network: &Network, leaves: NaiveDate) -> Option<Along> {
        Some(self.way.as_ref()?.along(network, leaves))
    }
}

impl Partner {
    /// Returns the day on which customs there accepts what leaves at a moment and takes the usual days.
    fn accepts(&self, leaves_ms: i64) -> Option<NaiveDate> {
        let leaves = DateTime::<Utc>::from_timestamp_millis(leaves_ms)?;
        let accepted = leaves.checked_add_signed(TimeDelta::days(self.transit_days.into()))?;
        Some(accepted.with_timezone(&self.zone).date_naive())
    }
}

/// A run of a route ahead.
struct Ahead<'c> {
    route: &'c Route,
    leaves_ms: i64,
    /// How it goes; `None` where its route has no way through the network.
    along: Option<Along>,
}

impl Ahead<'_> {
    /// Returns whether it finds a border closed.
    fn is_closed(&self) -> bool {
        let path = self.along.as_ref().map(|along| along.as_it_is.as_ref());
        path.is_some_and(|path| path.map_or(true, |path| closed_on(path).next().is_some()))
    }
}

/// Returns where a way waits because a border is closed, or not open on that day.
pub(crate) fn closed_on(path: &Path) -> impl Iterator<Item = (&PathLeg, &Wait)> {
    let waits = path.legs.iter().flat_map(|leg| leg.waits.iter().map(move |wait| (leg, wait)));
    waits.filter(|(_, wait)| matches!(wait.reason, WaitReason::Closed(_) | WaitReason::NotOpen))
}

impl Config {
    /// Returns, for each partner in their order, the day on which customs there is expected to accept what is filed on a
    /// day: by the first departure on that day or later, and where that finds a border closed by the one that is there
    /// first, as mail is sent. Without a way through the network that is transit days after it leaves, in the zone of those
    /// customs. Where no departure is planned within thirty days, one on the day of filing stands for it.
    pub fn accepted_on(&self, filed_on: NaiveDate) -> Vec<NaiveDate> {
        let from_ms = self.moment(filed_on.and_time(NaiveTime::MIN));
        let until_ms = from_ms.saturating_add(LOOK_AHEAD.num_milliseconds());
        let services: Vec<_> = self.routes.iter().map(|route| route.service.clone()).collect();
        let runs = runs_between(&services, from_ms, until_ms, |_, local| self.moment(local));
        let ahead: Vec<Ahead<'_>> = runs.unwrap_or_default().iter().map(|run| self.ahead(run)).collect();
        let accepted = |partner: &Partner| {
            let serves = |one: &&Ahead<'_>| one.route.offices.contains(&partner.office);
            let mut serving = ahead.iter().filter(serves);
            let first = serving.clone().next();
            let by_days = |leaves_ms: i64| partner.accepts(leaves_ms).unwrap_or(filed_on);
            let arrives = |one: &Ahead<'_>| match &one.along {
                Some(along) => along.as_it_is.as_ref().ok().map(|path| (path.arrives, path.wait_hours())),
                None => Some((by_days(one.leaves_ms), 0)),
            };
            match first {
                None => by_days(from_ms),
                Some(first) if !first.is_closed() => {
                    arrives(first).map_or_else(|| by_days(first.leaves_ms), |(day, _)| day)
                }
                Some(first) => {
                    let soonest =
                        serving.by_ref().filter_map(|one| Some((arrives(one)?, one.leaves_ms))).min();
                    soonest.map_or_else(|| by_days(first.leaves_ms), |((day, _), _)| day)
                }
            }
        };
        self.partners.iter().map(accepted).collect()
    }

    fn ahead(&self, run: &Run) -> Ahead<'_> {
        let route = &self.routes[run.service];
        let network = self.network.as_ref();
        let along = network.and_then(|network| route.along(network, run.local.date()));
        Ahead { route, leaves_ms: run.leaves_ms, along }
    }

    /// Returns the name of the place where the next operator takes over what leaves on a route, where that is no office of
    /// exchange: as the settings say it, or else as the tables know it of the route's way.
    pub fn handover<'c>(&'c self, route: &'c Route) -> Option<&'c str> {
        let by_way = || {
            let (network, way) = (self.network.as_ref()?, route.way.as_ref()?);
            let place = way.legs.iter().find_map(|leg| network.legs()[leg].handover.as_ref())?;
            network.places().get(place).map(|place| place.name.as_str())
        };
        route.handover.as_deref().or_else(by_way)
    }
}
