//! Closed transit: another office's receptacle comes to pass through.

use caravan_planning::Stream;
use caravan_postal::{Grams, Handling, ReceptacleKind, S9};

use super::{RECEPTACLES, Station};
use crate::ReceptacleId;
use crate::change::Subject;
use crate::operation::NO_ROUTE;
use crate::receptacle::{Receptacle, ReceptacleState};

impl Station {
    pub(super) fn receive_receptacle(&mut self, s9: S9, scale: Grams, note: &str) {
        if s9.dispatch.series().destination == self.config.office.code {
            return self.arrive_receptacle(s9, scale, note);
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
        receptacle.volume = self.config.class(class).density.volume_of(scale);
        receptacle.closed_ms = Some(self.now_ms);
        self.state.receptacles.insert(id, receptacle);
        self.receptacle_event(id, "received", format!("{} g {note}", scale.0).trim_end().to_owned());
        let office = stream.destination;
        if !self.config.routes.iter().any(|route| route.offices.contains(&office)) {
            self.found(Subject::Receptacle(id), NO_ROUTE.finding([office.as_str()]));
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
