//! What people say of borders, and what a dispatcher sends another way because of it.

use caravan_planning::{Network, RowId};
use caravan_postal::Impc;
use chrono::NaiveDate;

use super::{Station, ways};
use crate::border::{Border, Closed};
use crate::change::{Due, Subject};
use crate::departure::ContainerState;
use crate::operation::{BORDER_UNKNOWN, REROUTE_NOT_SERVED};
use crate::receptacle::Receptacle;
use crate::{BorderId, ContainerId, DepartureId};

impl Station {
    pub(super) fn close_border(&mut self, name: &str, from: Option<NaiveDate>, until: NaiveDate, note: &str) {
        if !self.is_border("close-border", name) {
            return;
        }
        let from = from.unwrap_or_else(|| self.config.day(self.now_ms));
        if until < from {
            return self.out_of_turn(Subject::Station, "close-border", name, "over");
        }
        let closed = Closed { from, until, reason: note.to_owned() };
        let id = self.border(name);
        self.border_mut(id).closed = Some(closed);
        self.border_event(id, "closed", format!("{from}/{until} {note}").trim_end().to_owned());
        self.look_again();
    }

    pub(super) fn open_border(&mut self, name: &str, note: &str) {
        if !self.is_border("open-border", name) {
            return;
        }
        let closed = self.state.border_named(name).filter(|id| self.state.borders[id].closed.is_some());
        let Some(id) = closed else {
            return self.out_of_turn(Subject::Station, "open-border", name, "open");
        };
        self.border_mut(id).closed = None;
        self.border_event(id, "opened", note.to_owned());
        self.look_again();
    }

    /// Moves a container to another departure as it stands: sealed ones stay sealed, and only what carries them changes.
    pub(super) fn reroute(&mut self, number: &str, departure: &str, note: &str) {
        let Some(id) = self.container("reroute", number) else { return };
        let Some(to) = self.planned("reroute", departure) else { return };
        let container = &self.state.containers[&id];
        if container.departure == departure {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), "reroute", number, state);
        }
        if !self.may_go_by(id, to) {
            return;
        }
        let container = self.container_mut(id);
        departure.clone_into(&mut container.departure);
        let is_billed = container.cn37.is_some();
        let is_loaded = container.state != ContainerState::Announced;
        self.container_event(id, "rerouted", format!("{departure} {note}").trim_end().to_owned());
        if is_billed && is_loaded {
            self.changes.due.push(Due::DeliveryBill(id));
        }
    }

    /// Returns whether all that is in a container may go with a departure, and notes what may not and why: the route does
    /// not serve its office, or a leg does not take what is in it.
    fn may_go_by(&mut self, container: ContainerId, departure: DepartureId) -> bool {
        let key = self.state.departures[&departure].key.clone();
        let route = self.config.route(&self.state.departures[&departure].route);
        let offices: Vec<Impc> = route.map(|route| route.offices.clone()).unwrap_or_default();
        let inside = self.state.receptacles.values().filter(|found| found.container == Some(container));
        let refused = |receptacle: &Receptacle| {
            let office = self.stream_of(receptacle).map(|stream| stream.destination)?;
            if !offices.contains(&office) {
                return Some(REROUTE_NOT_SERVED.finding([office.as_str(), &key]));
            }
            self.barred(departure, receptacle)
        };
        let refused: Vec<_> =
            inside.filter_map(|receptacle| Some((receptacle.id, refused(receptacle)?))).collect();
        let may_go = refused.is_empty();
        for (receptacle, finding) in refused {
            self.found(Subject::Receptacle(receptacle), finding);
        }
        may_go
    }

    fn look_again(&mut self) {
        self.network = ways::network(&self.config, &self.state);
        self.look_at_ways();
    }

    /// Returns whether the network has a border of this name, and notes it where it has not.
    fn is_border(&mut self, operation: &str, name: &str) -> bool {
        let has = |network: &Network| network.crossings().contains_key(&RowId::new(name));
        let is_border = self.network.as_deref().is_some_and(has);
        if !is_border {
            self.found(Subject::Station, BORDER_UNKNOWN.finding([operation, name]));
        }
        is_border
    }

    /// Returns the row of a border, a new one if nobody has said anything of it before.
    fn border(&mut self, name: &str) -> BorderId {
        if let Some(id) = self.state.border_named(name) {
            return id;
        }
        let id = BorderId(i64::try_from(self.take_number("border")).expect("borders fit an id"));
        self.state.borders.insert(id, Border { id, name: name.to_owned(), closed: None, events: 0 });
        id
    }

    fn border_mut(&mut self, id: BorderId) -> &mut Border {
        self.state.borders.get_mut(&id).expect("a border that is named is here")
    }

    fn border_event(&mut self, id: BorderId, code: &'static str, detail: String) {
        let border = self.border_mut(id);
        border.events += 1;
        let n = border.events;
        self.changes.borders.insert(id);
        self.append(Subject::Border(id), n, code, detail);
    }
}
