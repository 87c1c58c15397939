//! Mail that has left and is on its way: it is not planned again, but where a border closes or opens ahead of it, the
//! station says what that costs in days.

use caravan_planning::{Along, Network, RowId};
use chrono::NaiveDate;

use super::{Station, ways};
use crate::DepartureId;
use crate::change::Subject;
use crate::departure::{Departure, DepartureState, WayOutlook};
use crate::operation::{Act, MAIL_DELAYED, MAIL_STUCK, Operation};

/// For how long what has left is taken to be on its way: longer than any way of the tables takes.
const UNDER_WAY_MS: i64 = 60 * 24 * 3_600_000;

impl Station {
    /// Returns the moment from which on departures that have left are admitted before an operation; `None` where it says
    /// nothing of borders.
    pub fn under_way_since(&self, operation: &Operation) -> Option<i64> {
        let is_asked = matches!(operation.act, Act::CloseBorder { .. } | Act::OpenBorder { .. });
        is_asked.then(|| operation.at_ms.saturating_sub(UNDER_WAY_MS))
    }

    /// Admits departures that have left; what is at hand stays as it is.
    pub fn admit_departures(&mut self, departed: Vec<Departure>) {
        for departure in departed {
            self.state.departures.entry(departure.id).or_insert(departure);
        }
    }

    /// Looks at what has left, after something was said of a border, and tells of which departures the mail now arrives on
    /// another day.
    pub(super) fn look_under_way(&mut self, border: &str, before: &Network, after: &Network) {
        let config = self.config.clone();
        let today = config.day(self.now_ms);
        let since_ms = self.now_ms.saturating_sub(UNDER_WAY_MS);
        let gone = self.state.departures.values().filter(|departure| {
            departure.state == DepartureState::Departed
                && departure.departs_ms >= since_ms
                && departure.departs_ms <= self.now_ms
        });
        let changed = gone.filter_map(|departure| {
            let route = config.route(&departure.route)?;
            let leaves = config.day(departure.departs_ms);
            let known = route.along(before, leaves)?;
            if crossed_on(&known, border)? < today {
                return None;
            }
            let now = route.along(after, leaves)?;
            let arrives = now.as_it_is.as_ref().ok().map(|path| path.arrives);
            let told = departure.outlook.as_ref();
            let was = told.map_or_else(|| arrives_by(&known), |told| told.arrives);
            let detours = told.map(|told| told.detours.clone()).unwrap_or_default();
            let outlook = WayOutlook { arrives, closed: ways::closed_on(after, &now.as_it_is), detours };
            (arrives != was).then_some((departure.id, outlook, was))
        });
        let changed: Vec<_> = changed.collect();
        for (id, outlook, was) in changed {
            self.tell_of_delay(id, border, outlook, was);
        }
    }

    fn tell_of_delay(&mut self, id: DepartureId, border: &str, outlook: WayOutlook, was: Option<NaiveDate>) {
        let arrives = outlook.arrives;
        let is_later = arrives.is_none_or(|now| was.is_some_and(|was| now > was));
        self.departure_mut(id).outlook = Some(outlook);
        let detail = arrives.map(|day| day.to_string()).unwrap_or_default();
        self.departure_event(id, if is_later { "delayed" } else { "sooner" }, detail.clone());
        let days = arrives.zip(was).map(|(now, was)| (now - was).num_days().to_string());
        match days {
            _ if !is_later => {}
            Some(days) => self.found(Subject::Departure(id), MAIL_DELAYED.finding([border, &detail, &days])),
            None => self.found(Subject::Departure(id), MAIL_STUCK.finding([border])),
        }
    }
}

/// Returns the day on which a way crosses a border; the last day of all where it stands before a border for longer than is
/// waited, and `None` where it does not come there.
fn crossed_on(along: &Along, border: &str) -> Option<NaiveDate> {
    let border = RowId::new(border);
    match &along.as_it_is {
        Ok(path) => {
            let mut legs = path.legs.iter();
            legs.find(|leg| leg.crossing.as_ref() == Some(&border)).map(|leg| leg.leaves)
        }
        // It stands before a border that does not open: whatever is said of one may let it go on.
        Err(_) => Some(NaiveDate::MAX),
    }
}

fn arrives_by(along: &Along) -> Option<NaiveDate> {
    along.as_it_is.as_ref().ok().map(|path| path.arrives)
}
