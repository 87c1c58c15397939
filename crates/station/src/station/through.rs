//! Closed transit: another office's receptacle comes to pass through, or one of this office is given back and goes on.

use caravan_planning::Stream;
use caravan_postal::{Grams, Handling, HighestFlag, ReceptacleKind, S9};

use super::{RECEPTACLES, Station};
use crate::ReceptacleId;
use crate::advice::Advice;
use crate::change::{Due, Subject};
use crate::departure::ContainerState;
use crate::operation::{
    AIR_MAIL, GIVEN_BACK_WEIGHT_DIFFERS, HIGHEST_TWICE, LABEL_WEIGHT_DIFFERS, NO_ROUTE, RECEPTACLE_OWN,
};
use crate::receptacle::{Receptacle, ReceptacleState};

impl Station {
    pub(super) fn receive_receptacle(&mut self, s9: S9, scale: Grams, seal: Option<&str>, note: &str) {
        let series = s9.dispatch.series();
        if series.destination == self.config.office.code {
            return self.arrive_receptacle(s9, scale, seal, note);
        }
        let is_own = series.origin == self.config.office.code;
        let is_left = |one: &&Receptacle| {
            let is_away = matches!(one.state, ReceptacleState::Departed | ReceptacleState::Missing);
            one.dispatch.is_some() && is_away && one.bears(s9)
        };
        let left = self.state.receptacles.values().rfind(is_left).map(|one| one.kind);
        if is_own && left.is_none() {
            return self.found(Subject::Station, RECEPTACLE_OWN.finding([s9.to_string()]));
        }
        let is_same = |receptacle: &&Receptacle| receptacle.is_here() && receptacle.bears(s9);
        if let Some(here) = self.state.receptacles.values().find(is_same) {
            let (id, name, state) = (here.id, here.name(), here.state.as_str());
            return self.out_of_turn(Subject::Receptacle(id), "receive-receptacle", &name, state);
        }
        let id = self.pass_through(s9, scale);
        self.receptacle_mut(id).seal = seal.map(str::to_owned);
        self.receptacle_event(id, "received", format!("{} g {note}", scale.0).trim_end().to_owned());
        if let Some(kind) = left {
            self.receptacle_mut(id).kind = kind;
            self.compare_given_back(id, s9, scale);
        } else {
            self.compare_label(id, s9, scale);
        }
        let office = series.destination;
        if !self.config.routes.iter().any(|route| route.offices.contains(&office)) {
            self.found(Subject::Receptacle(id), NO_ROUTE.finding([office.as_str()]));
        }
        self.find_air_mail(id, &s9);
    }

    /// Finds that a receptacle is air mail: every route goes by road or rail, and only categories C and D do (UPU code list
    /// 115), so that it would stay for ever.
    fn find_air_mail(&mut self, id: ReceptacleId, s9: &S9) {
        let category = s9.dispatch.series().category;
        if !category.is_surface() {
            self.found(Subject::Receptacle(id), AIR_MAIL.finding([category.as_str()]));
        }
    }

    /// Compares a receptacle of this office that came back unopened with its label. It goes on under it as what passes
    /// through does: the consignment that it left with, and its dispatch, stay as they were told.
    fn compare_given_back(&mut self, id: ReceptacleId, s9: S9, scale: Grams) {
        let label = Advice::expected(None, &s9);
        if let Some(label) = label.filter(|label| self.config.belt.weighs_otherwise(*label, scale)) {
            let weights = [s9.to_string(), label.kg().to_string(), scale.kg().to_string()];
            self.found(Subject::Receptacle(id), GIVEN_BACK_WEIGHT_DIFFERS.finding(weights));
        }
    }

    /// Takes a receptacle as one that is in another office's sealed container, as the papers of that list it: nobody here
    /// sees it, and it weighs what its label says. The container keeps the number and the weight that its papers state.
    pub(super) fn list_receptacle(&mut self, s9: S9, kind: ReceptacleKind, number: &str, note: &str) {
        let Some(container) = self.container("list-receptacle", number) else { return };
        let found = &self.state.containers[&container];
        let listed = self.state.receptacles.values().filter(|one| one.container == Some(container)).count();
        let has_room = u32::try_from(listed).is_ok_and(|listed| listed < found.receptacles);
        let is_listable =
            found.is_through && found.state == ContainerState::Sealed && found.signed_ms.is_none();
        if !is_listable || !has_room {
            let state = found.state.as_str();
            return self.out_of_turn(
                Subject::Container(container),
                "list-receptacle",
                &s9.to_string(),
                state,
            );
        }
        let is_same = |receptacle: &&Receptacle| receptacle.is_here() && receptacle.bears(s9);
        if let Some(here) = self.state.receptacles.values().find(is_same) {
            let (id, name, state) = (here.id, here.name(), here.state.as_str());
            return self.out_of_turn(Subject::Receptacle(id), "list-receptacle", &name, state);
        }
        let series = s9.dispatch.series();
        if [series.origin, series.destination].contains(&self.config.office.code) {
            return self.found(Subject::Station, RECEPTACLE_OWN.finding([s9.to_string()]));
        }
        let id = self.pass_through(s9, Advice::expected(None, &s9).unwrap_or_default());
        let receptacle = self.receptacle_mut(id);
        receptacle.state = ReceptacleState::Loaded;
        receptacle.kind = kind;
        receptacle.container = Some(container);
        let volume = receptacle.volume;
        self.receptacle_event(id, "listed", format!("{number} {note}").trim_end().to_owned());
        let found = self.container_mut(container);
        found.volume += volume;
        let is_billed = found.cn37.is_some();
        self.changes.containers.insert(container);
        if is_billed {
            self.changes.due.push(Due::DeliveryBill(container));
        }
    }

    /// Enters another office's receptacle, which passes through unopened.
    fn pass_through(&mut self, s9: S9, weight: Grams) -> ReceptacleId {
        let id = ReceptacleId(i64::try_from(self.take_number(RECEPTACLES)).expect("receptacles fit an id"));
        self.stand.take_key();
        let stream = stream_of(&s9);
        let mut receptacle = Receptacle::open(id, ReceptacleKind::Bag, stream, Grams(0), self.now_ms);
        receptacle.state = ReceptacleState::Received;
        receptacle.stream = None;
        receptacle.s9 = Some(s9);
        receptacle.scale = Some(weight);
        receptacle.volume = self.config.class(stream.class()).density.volume_of(weight);
        receptacle.closed_ms = Some(self.now_ms);
        self.state.receptacles.insert(id, receptacle);
        id
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
