//! Closed transit: another office's receptacle comes to pass through.

use caravan_planning::Stream;
use caravan_postal::{Grams, Handling, HighestFlag, ReceptacleKind, S9};

use super::{RECEPTACLES, Station};
use crate::ReceptacleId;
use crate::advice::Advice;
use crate::change::{Due, Subject};
use crate::operation::{HIGHEST_TWICE, LABEL_WEIGHT_DIFFERS, NO_ROUTE, RECEPTACLE_OWN};
use crate::receptacle::{Receptacle, ReceptacleState};

impl Station {
    pub(super) fn receive_receptacle(&mut self, s9: S9, scale: Grams, seal: Option<&str>, note: &str) {
        let series = s9.dispatch.series();
        if series.destination == self.config.office.code {
            return self.arrive_receptacle(s9, scale, seal, note);
        }
        if series.origin == self.config.office.code {
            return self.found(Subject::Station, RECEPTACLE_OWN.finding([s9.to_string()]));
        }
        let is_same = |receptacle: &&Receptacle| receptacle.is_here() && receptacle.bears(s9);
        if let Some(here) = self.state.receptacles.values().find(is_same) {
            let (id, name, state) = (here.id, here.name(), here.state.as_str());
            return self.out_of_turn(Subject::Receptacle(id), "receive-receptacle", &name, state);
        }
        let id = ReceptacleId(i64::try_from(self.take_number(RECEPTACLES)).expect("receptacles fit an id"));
        self.stand.take_key();
        let stream = stream_of(&s9);
        let class = stream.class();
        let mut receptacle = Receptacle::open(id, ReceptacleKind::Bag, stream, Grams(0), self.now_ms);
        receptacle.state = ReceptacleState::Received;
        receptacle.stream = None;
        receptacle.s9 = Some(s9);
        receptacle.scale = Some(scale);
        receptacle.seal = seal.map(str::to_owned);
        receptacle.volume = self.config.class(class).density.volume_of(scale);
        receptacle.closed_ms = Some(self.now_ms);
        self.state.receptacles.insert(id, receptacle);
        self.receptacle_event(id, "received", format!("{} g {note}", scale.0).trim_end().to_owned());
        self.compare_label(id, s9, scale);
        let office = stream.destination;
        if !self.config.routes.iter().any(|route| route.offices.contains(&office)) {
            self.found(Subject::Receptacle(id), NO_ROUTE.finding([office.as_str()]));
        }
    }

    /// Compares the label of a receptacle that passes through with the scale and with the others of its dispatch. It goes
    /// on as it is, and its origin is told.
    fn compare_label(&mut self, id: ReceptacleId, s9: S9, scale: Grams) {
        let label = Advice::expected(None, &s9);
        if let Some(label) = label.filter(|label| self.config.belt.weighs_otherwise(*label, scale)) {
            let weights = [label.kg().to_string(), scale.kg().to_string()];
            self.found(Subject::Receptacle(id), LABEL_WEIGHT_DIFFERS.finding(weights));
            self.changes.due.push(Due::Verification(id));
        }
        let is_other_last = |receptacle: &&Receptacle| {
            let is_last = |other: S9| other.dispatch == s9.dispatch && other.highest == HighestFlag::Yes;
            receptacle.id != id && receptacle.is_here() && receptacle.s9.is_some_and(is_last)
        };
        if s9.highest == HighestFlag::Yes
            && let Some(other) = self.state.receptacles.values().find(is_other_last)
        {
            let names = [s9.to_string(), other.name()];
            self.found(Subject::Receptacle(id), HIGHEST_TWICE.finding(names));
        }
    }
}

/// Returns the stream that another office's receptacle would lie in here: where it goes and how it is handled.
pub(super) fn stream_of(s9: &S9) -> Stream {
    let series = s9.dispatch.series();
    let handling = if s9.is_registered == Some(true) { Handling::Registered } else { Handling::Normal };
    Stream {
        destination: series.destination,
        category: series.category,
        subclass: series.subclass,
        handling: handling.into(),
        format: None,
    }
}
