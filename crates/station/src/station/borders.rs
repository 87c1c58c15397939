//! What people say of borders.

use caravan_planning::{Network, RowId};
use chrono::NaiveDate;

use super::{Station, ways};
use crate::BorderId;
use crate::border::{Border, Closed};
use crate::change::Subject;
use crate::operation::BORDER_UNKNOWN;

impl Station {
    pub(super) fn close_border(
        &mut self,
        name: &str,
        from: Option<NaiveDate>,
        until: Option<NaiveDate>,
        note: &str,
    ) {
        if !self.is_border("close-border", name) {
            return;
        }
        let from = from.unwrap_or_else(|| self.config.day(self.now_ms));
        if until.is_some_and(|until| until < from) {
            return self.out_of_turn(Subject::Station, "close-border", name, "over");
        }
        let closed = Closed { from, until, reason: note.to_owned() };
        let id = self.border(name);
        let was = self.border_mut(id).closed.replace(closed);
        let until = until.map(|until| until.to_string()).unwrap_or_default();
        self.border_event(id, "closed", format!("{from}/{until} {note}").trim_end().to_owned());
        self.look_again(name, was);
    }

    pub(super) fn open_border(&mut self, name: &str, note: &str) {
        if !self.is_border("open-border", name) {
            return;
        }
        let closed = self.state.border_named(name).filter(|id| self.state.borders[id].closed.is_some());
        let Some(id) = closed else {
            return self.out_of_turn(Subject::Station, "open-border", name, "open");
        };
        let was = self.border_mut(id).closed.take();
        self.border_event(id, "opened", note.to_owned());
        self.look_again(name, was);
    }

    /// Looks at what is ahead and at what is on its way, after something else was said of a border than that it `was` closed.
    fn look_again(&mut self, border: &str, was: Option<Closed>) {
        let before = std::mem::replace(&mut self.network, ways::network(&self.config, &self.state));
        self.look_at_ways();
        let Some((before, after)) = before.zip(self.network.clone()) else { return };
        let mut after = Network::clone(&after);
        // The days on which it was closed are over, and nothing on its way can have crossed it then.
        let past = was.and_then(|was| was.before(self.config.day(self.now_ms)));
        if let Some(past) = past {
            after.close(&past.closure(border)).expect("the border is one of the network");
        }
        self.look_under_way(border, &before, &after);
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
