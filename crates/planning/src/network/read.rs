//! From the tables as written to the network as used: every row checked, every name resolved.

use std::collections::{BTreeMap, BTreeSet};

use caravan_postal::Impc;

use super::raw::{RawClosure, RawLeads, RawLeg, RawNetwork, RawRoute};
use super::{
    Crossing, DatedClosure, Delay, Leg, Network, NetworkPlace, Opening, Permission, Route, Timetable,
    Transfer, UsualLeads, Verdict,
};
use crate::Leads;
use crate::table::{Confidence, Range, Row, RowId, Rows, Sources, TableError};

pub(super) fn network(raw: &RawNetwork) -> Result<Network, TableError> {
    let reader = Reader::new(raw);
    let legs = by_id(reader.each(&raw.legs, Reader::leg)?, |leg| &leg.row);
    let mut from: BTreeMap<RowId, Vec<RowId>> = BTreeMap::new();
    for leg in legs.values() {
        from.entry(leg.from.clone()).or_default().push(leg.row.id.clone());
    }
    Ok(Network {
        places: reader.places(raw)?,
        crossings: reader.crossings(raw)?,
        from,
        transfers: reader.transfers(raw)?,
        openings: reader.openings(raw)?,
        closures: reader.each(&raw.closures, Reader::closure)?,
        delays: reader.delays(raw)?,
        timetables: reader.timetables(raw)?,
        permissions: reader.permissions(raw)?,
        routes: by_id(reader.each(&raw.routes, |reader, row, raw| reader.route(row, raw, &legs))?, |route| {
            &route.row
        }),
        leads: reader.each(&raw.leads, Reader::leads)?,
        legs,
    })
}

fn by_id<T>(rows: Vec<T>, row: impl Fn(&T) -> &Row) -> BTreeMap<RowId, T> {
    rows.into_iter().map(|one| (row(&one).id.clone(), one)).collect()
}

/// What a row can refer to.
struct Reader<'a> {
    raw: &'a RawNetwork,
    sources: Sources,
}

impl<'a> Reader<'a> {
    fn new(raw: &'a RawNetwork) -> Self {
        let mut sources = Sources::default();
        sources.add(raw.sources.clone());
        Self { raw, sources }
    }

    fn each<R: crate::table::RawRow, T>(
        &self,
        rows: &Rows<R>,
        mut one: impl FnMut(&Self, Row, &R) -> Result<T, TableError>,
    ) -> Result<Vec<T>, TableError> {
        let read = |(raw, place): &(R, String)| one(self, self.sources.row(raw, place)?, raw);
        rows.values().map(read).collect()
    }

    fn places(&self, raw: &RawNetwork) -> Result<BTreeMap<RowId, NetworkPlace>, TableError> {
        let mut taken: BTreeSet<Impc> = BTreeSet::new();
        let places = self.each(&raw.places, |_, row, raw| {
            let offices =
                raw.offices.iter().map(|code| office(&row, code)).collect::<Result<BTreeSet<_>, _>>()?;
            if let Some(twice) = offices.iter().find(|office| !taken.insert(**office)) {
                return Err(row.fault(format!("office `{twice}` stands at another place too")));
            }
            let country = row.country(&raw.country)?;
            Ok(NetworkPlace { name: raw.name.clone(), country, offices, locode: raw.locode.clone(), row })
        })?;
        Ok(by_id(places, |place| &place.row))
    }

    fn crossings(&self, raw: &RawNetwork) -> Result<BTreeMap<RowId, Crossing>, TableError> {
        let crossings = self.each(&raw.crossings, |_, row, raw| {
            let countries = [row.country(&raw.countries[0])?, row.country(&raw.countries[1])?];
            Ok(Crossing { name: raw.name.clone(), countries, mode: raw.mode, row })
        })?;
        Ok(by_id(crossings, |crossing| &crossing.row))
    }

    fn leg(&self, row: Row, raw: &RawLeg) -> Result<Leg, TableError> {
        let crossing = raw.crossing.as_ref().map(|id| self.crossing(&row, id)).transpose()?;
        if let Some(id) = &crossing {
            let (crossing, _) = &self.raw.crossings[id.as_str()];
            if crossing.mode != raw.carriage.mode() {
                return Err(row.fault(format!("crossing `{id}` is of another mode")));
            }
        }
        let countries = row.countries(&raw.countries)?;
        if countries.is_empty() {
            return Err(row.fault("touches no country"));
        }
        Ok(Leg {
            from: self.place(&row, &raw.from)?,
            to: self.place(&row, &raw.to)?,
            carriage: raw.carriage,
            hours: row.range(raw.hours)?,
            countries,
            crossing,
            km: raw.km,
            handover: raw.handover.as_ref().map(|id| self.place(&row, id)).transpose()?,
            partner: raw.partner.as_ref().map(|code| office(&row, code)).transpose()?,
            row,
        })
    }

    fn transfers(
        &self,
        raw: &RawNetwork,
    ) -> Result<BTreeMap<(RowId, super::Carriage, super::Carriage), Transfer>, TableError> {
        let mut transfers = BTreeMap::new();
        for transfer in self.each(&raw.transfers, |reader, row, raw| {
            let (place, hours) = (reader.place(&row, &raw.place)?, row.range(raw.hours)?);
            Ok(Transfer { place, from: raw.from, to: raw.to, hours, row })
        })? {
            let key = (transfer.place.clone(), transfer.from, transfer.to);
            if let Some(twice) = transfers.insert(key, transfer) {
                return Err(twice.row.fault("another row has the same transfer"));
            }
        }
        Ok(transfers)
    }

    fn openings(&self, raw: &RawNetwork) -> Result<Vec<Opening>, TableError> {
        self.each(&raw.openings, |reader, row, raw| {
            Ok(Opening {
                crossing: reader.crossing(&row, &raw.crossing)?,
                weekdays: row.weekdays(&raw.weekdays)?,
                season: raw.season.as_ref().map(|season| row.season(season)).transpose()?,
                row,
            })
        })
    }

    fn closure(&self, row: Row, raw: &RawClosure) -> Result<DatedClosure, TableError> {
        let at = match (&raw.crossing, &raw.leg) {
            (Some(id), None) => self.crossing(&row, id)?,
            (None, Some(id)) => self.leg_id(&row, id)?,
            _ => return Err(row.fault("names not one of `crossing` and `leg`")),
        };
        if row.valid_from.is_none() {
            return Err(row.fault("has no first day"));
        }
        Ok(DatedClosure { at, kind: raw.kind, row })
    }

    fn delays(&self, raw: &RawNetwork) -> Result<Vec<Delay>, TableError> {
        self.each(&raw.delays, |reader, row, raw| {
            let (crossing, hours) = (reader.crossing(&row, &raw.crossing)?, row.range(raw.hours)?);
            Ok(Delay { row, crossing, hours })
        })
    }

    fn timetables(&self, raw: &RawNetwork) -> Result<Vec<Timetable>, TableError> {
        self.each(&raw.timetables, |reader, row, raw| {
            let (leg, weekdays) = (reader.leg_id(&row, &raw.leg)?, row.weekdays(&raw.weekdays)?);
            Ok(Timetable { row, leg, weekdays })
        })
    }

    fn permissions(&self, raw: &RawNetwork) -> Result<Vec<Permission>, TableError> {
        self.each(&raw.permissions, |_, row, raw| {
            // What nobody is sure of must not stop mail.
            if row.confidence == Confidence::Unsure && raw.verdict == Verdict::Barred {
                return Err(row.fault("is unsure and must not bar"));
            }
            let (countries, cargo) = (row.countries(&raw.countries)?, raw.cargo.iter().copied().collect());
            Ok(Permission { countries, mode: raw.mode, cargo, verdict: raw.verdict, row })
        })
    }

    fn route(&self, row: Row, raw: &RawRoute, legs: &BTreeMap<RowId, Leg>) -> Result<Route, TableError> {
        let ids = raw.legs.iter().map(|id| self.leg_id(&row, id)).collect::<Result<Vec<_>, _>>()?;
        let is_chain = ids.windows(2).all(|pair| legs[&pair[0]].to == legs[&pair[1]].from);
        if ids.is_empty() || !is_chain {
            return Err(row.fault("its legs do not follow one another"));
        }
        Ok(Route {
            legs: ids,
            days: row.range(raw.days)?,
            km: raw.km,
            per_week: raw.per_week,
            legs_differ: raw.legs_differ,
            row,
        })
    }

    #[expect(clippy::unused_self, reason = "reads beside the other rows")]
    fn leads(&self, row: Row, raw: &RawLeads) -> Result<UsualLeads, TableError> {
        let ranges = [
            raw.gate_in_min,
            raw.customs_min,
            raw.sealed_min,
            raw.dispatch_close_min,
            raw.last_bag_min,
            raw.item_min,
        ];
        let mut checked = [Range::default(); 6];
        for (checked, range) in checked.iter_mut().zip(ranges) {
            *checked = row.range(range)?;
        }
        let leads = |of: fn(Range) -> u32| {
            let [gate_in_min, customs_min, sealed_min, dispatch_close_min, last_bag_min, item_min] =
                checked.map(of);
            Leads { gate_in_min, customs_min, sealed_min, dispatch_close_min, last_bag_min, item_min }
        };
        let (shortest, longest) = (leads(|range| range.shortest), leads(|range| range.longest));
        Ok(UsualLeads { mode: raw.mode, shortest, longest, row })
    }

    fn place(&self, row: &Row, id: &str) -> Result<RowId, TableError> {
        resolve(row, &self.raw.places, "place", id)
    }

    fn crossing(&self, row: &Row, id: &str) -> Result<RowId, TableError> {
        resolve(row, &self.raw.crossings, "crossing", id)
    }

    fn leg_id(&self, row: &Row, id: &str) -> Result<RowId, TableError> {
        resolve(row, &self.raw.legs, "leg", id)
    }
}

fn resolve<R>(row: &Row, rows: &Rows<R>, kind: &str, id: &str) -> Result<RowId, TableError> {
    if rows.contains_key(id) {
        Ok(RowId::new(id))
    } else {
        Err(row.fault(format!("no {kind} is called `{id}`")))
    }
}

fn office(row: &Row, code: &str) -> Result<Impc, TableError> {
    Impc::parse(code).ok_or_else(|| row.fault(format!("`{code}` is no office of exchange")))
}
