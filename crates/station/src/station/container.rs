//! Containers and truck bodies while they stand here: they come, and get their seals and papers.

use caravan_postal::{ContainerNumber, Grams, Volume};
use chrono::Datelike;

use super::Station;
use crate::ContainerId;
use crate::change::{Due, Subject};
use crate::departure::{Container, ContainerState, VehiclePlace};
use crate::gate::GateFault;
use crate::item::Disposition;
use crate::operation::{
    AnnouncedAs, CONTAINER_NUMBER_WRONG, CONTAINER_UNKNOWN, Consigned, EQUIPMENT_UNKNOWN, SEAL_USED,
    SIGNATURE_VOID, TRANSFER_NUMBER_SHARED, VEHICLE_NOT_PROMISED,
};

impl Station {
    /// Takes a container as one of the vehicles that the route of a departure promises, or as one more.
    pub(super) fn announce(&mut self, number: &str, departure: &str, as_what: &AnnouncedAs) {
        let Some(id) = self.planned("announce", departure) else { return };
        if self.is_there("announce", number) {
            return;
        }
        let found = &self.state.departures[&id];
        let promised = self.config.route(&found.route).and_then(|route| {
            let place = self.place_for(found, route, as_what)?;
            let vehicle = self.config.vehicle(route, place, &self.roads_of(found))?;
            let place = u32::try_from(place).ok()?;
            Some((vehicle, VehiclePlace { route: route.name.clone(), place }))
        });
        let Some((promised, place)) = promised else {
            let route = self.config.route(&found.route);
            let count = route.map_or(0, |route| route.vehicles.len()).to_string();
            return self
                .found(Subject::Departure(id), VEHICLE_NOT_PROMISED.finding([number, departure, &count]));
        };
        let capacity = promised.limits.capacity();
        let container = Container {
            payload: capacity.weight,
            usable: capacity.volume,
            equipment: promised.equipment,
            announced_as: Some(place),
            tare: promised.tare,
            ..blank(number, departure)
        };
        self.arrive(container, "announced");
    }

    pub(super) fn receive_container(
        &mut self,
        number: &str,
        departure: &str,
        (gross, receptacles): (Grams, u32),
        seal: &str,
        consigned: &Consigned,
    ) {
        let Some(id) = self.planned("receive-container", departure) else { return };
        if self.is_there("receive-container", number) || self.is_used(seal) {
            return;
        }
        let route = self.config.route(&self.state.departures[&id].route);
        let end = route.and_then(crate::config::Route::end);
        let known = consigned.equipment.as_deref().and_then(|equipment| self.config.equipment(equipment));
        let tare = consigned.tare.or_else(|| known.and_then(|known| known.tare)).unwrap_or_default();
        let unknown = consigned.equipment.as_ref().filter(|_| known.is_none()).cloned();
        let container = Container {
            is_through: true,
            gross,
            receptacles,
            tare,
            equipment: consigned.equipment.clone(),
            origin: consigned.origin,
            destination: consigned.destination.or(end),
            state: ContainerState::Sealed,
            seals: vec![seal.to_owned()],
            sealed_ms: Some(self.now_ms),
            ..blank(number, departure)
        };
        let refused = self.may_leave(&container, id, self.on_departure(departure));
        // What no day changes is a slip of the pen: the box is received for another departure.
        if let Some(fault) = refused.iter().map(|refusal| refusal.fault).find(|fault| fault.is_for_ever()) {
            let on = Subject::Departure(id);
            self.out_of_turn(on, "receive-container", number, fault.as_str());
            for refusal in refused {
                self.found(on, refusal.finding);
            }
            return;
        }
        let id = self.arrive(container, "received");
        if let Some(equipment) = unknown {
            let finding = EQUIPMENT_UNKNOWN.finding([number.to_owned(), equipment]);
            self.found(Subject::Container(id), finding);
        }
        for refusal in refused {
            self.found(Subject::Container(id), refusal.finding);
        }
    }

    /// Returns whether a seal is on a container that stands here, and notes it.
    fn is_used(&mut self, seal: &str) -> bool {
        let mut here = self.state.containers.values().filter(|container| container.is_here());
        let used = here.find(|container| container.seals.iter().any(|used| used == seal));
        let Some((id, number)) = used.map(|container| (container.id, container.number.clone())) else {
            return false;
        };
        self.found(Subject::Container(id), SEAL_USED.finding([seal.to_owned(), number]));
        true
    }

    fn arrive(&mut self, container: Container, code: &'static str) -> ContainerId {
        let id = ContainerId(i64::try_from(self.take_number("container")).expect("containers fit an id"));
        let (number, departure) = (container.number.clone(), container.departure.clone());
        self.state.containers.insert(id, Container { id, ..container });
        self.container_event(id, code, departure);
        let is_iso_form = number.len() == 11 && matches!(number.as_bytes()[3], b'U' | b'J' | b'Z');
        if is_iso_form && ContainerNumber::parse(&number).is_err() {
            self.found(Subject::Container(id), CONTAINER_NUMBER_WRONG.finding([number]));
        }
        id
    }

    pub(super) fn seal(&mut self, number: &str, seal: &str) {
        let Some(id) = self.container("seal", number) else { return };
        let container = self.container_mut(id);
        let fault = match container.state {
            ContainerState::Announced => Some(container.state.as_str()),
            _ => container.is_stopped().then_some(GateFault::HoldInside.as_str()),
        };
        if let Some(fault) = fault {
            return self.out_of_turn(Subject::Container(id), "seal", number, fault);
        }
        if self.is_used(seal) {
            return;
        }
        let now_ms = self.now_ms;
        let container = self.container_mut(id);
        container.seals.push(seal.to_owned());
        container.sealed_ms = Some(now_ms);
        container.state = ContainerState::Sealed;
        self.container_event(id, "sealed", seal.to_owned());
        self.unsign(id, "seal");
        self.list_bags(id);
    }

    pub(super) fn transfer_number(&mut self, number: &str, transfer: &str) {
        let Some(id) = self.container("transfer-number", number) else { return };
        let container = self.container_mut(id);
        // The first one says under which number what was signed for goes; another one, that it goes under another.
        let is_other = container.transfer_number.as_ref().is_some_and(|before| before != transfer);
        container.transfer_number = Some(transfer.to_owned());
        self.container_event(id, "transfer-number", transfer.to_owned());
        if is_other {
            self.unsign(id, "transfer-number");
        }
        let mut here = self.state.containers.values().filter(|one| one.is_here() && one.id != id);
        if let Some(other) = here.find(|one| one.transfer_number.as_deref() == Some(transfer)) {
            let finding = TRANSFER_NUMBER_SHARED.finding([transfer, &*other.number]);
            self.found(Subject::Container(id), finding);
        }
        self.list_bags(id);
    }

    pub(super) fn sign(&mut self, number: &str) {
        let Some(id) = self.container("sign", number) else { return };
        let now_ms = self.now_ms;
        let container = self.container_mut(id);
        if container.state != ContainerState::Sealed {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), "sign", number, state);
        }
        container.signed_ms = Some(now_ms);
        self.container_event(id, "signed", String::new());
    }

    /// Takes a carrier's signature as void that stands for what the container was before an operation.
    fn unsign(&mut self, id: ContainerId, operation: &str) {
        if self.state.containers[&id].signed_ms.is_some() {
            self.void_signature(id);
            let number = self.state.containers[&id].number.clone();
            self.found(Subject::Container(id), SIGNATURE_VOID.finding([operation.to_owned(), number]));
        }
    }

    /// Gives a container that has something in it the number of its delivery bill, once.
    pub(super) fn number_bill(&mut self, id: ContainerId) {
        let container = &self.state.containers[&id];
        if container.receptacles == 0 || container.cn37.is_some() {
            return;
        }
        let year = self.config.day(self.now_ms).year();
        let office = &self.config.office;
        let (operator, sequence) = (office.operator.clone(), format!("cn37/{}/{year}", office.code));
        let number = format!("{operator}{:02}{:07}", year.rem_euclid(100), self.take_number(&sequence));
        let container = self.container_mut(id);
        container.cn37 = Some(number.clone());
        let is_through = container.is_through;
        self.container_event(id, "cn37", number);
        if is_through {
            self.changes.due.push(Due::DeliveryBill(id));
        }
    }

    pub(super) fn containers_of(&self, departure: &str) -> impl Iterator<Item = &Container> {
        let is_its_own =
            move |container: &&Container| container.departure == departure && container.is_here();
        self.state.containers.values().filter(is_its_own)
    }

    pub(super) fn container(&mut self, operation: &str, number: &str) -> Option<ContainerId> {
        let id = self.state.container_named(number);
        if id.is_none() {
            // What has left was admitted for this operation, if it was ever here.
            let gone = self.state.containers.values().rev().find(|container| container.number == number);
            match gone.map(|gone| (gone.id, gone.state.as_str())) {
                Some((gone, state)) => self.out_of_turn(Subject::Container(gone), operation, number, state),
                None => self.found(Subject::Station, CONTAINER_UNKNOWN.finding([operation, number])),
            }
        }
        id
    }

    /// Returns whether a container of this number stands here already, and notes it: it cannot come again.
    fn is_there(&mut self, operation: &str, number: &str) -> bool {
        let Some(id) = self.state.container_named(number) else { return false };
        let state = self.state.containers[&id].state.as_str();
        self.out_of_turn(Subject::Container(id), operation, number, state);
        true
    }

    pub(super) fn container_mut(&mut self, id: ContainerId) -> &mut Container {
        self.state.containers.get_mut(&id).expect("a container that is worked on is here")
    }
}

/// Returns a container of which nothing is known but its number and its departure.
fn blank(number: &str, departure: &str) -> Container {
    Container {
        id: ContainerId(0),
        number: number.to_owned(),
        departure: departure.to_owned(),
        is_through: false,
        equipment: None,
        announced_as: None,
        tare: Grams(0),
        is_closed: false,
        payload: Grams(0),
        usable: Volume(0),
        gross: Grams(0),
        volume: Volume(0),
        receptacles: 0,
        state: ContainerState::Announced,
        seals: Vec::new(),
        sealed_ms: None,
        cn37: None,
        transfer_number: None,
        signed_ms: None,
        stopped: 0,
        customs: Disposition::NotFiled,
        origin: None,
        destination: None,
        vehicle: None,
        allowed: Vec::new(),
        events: 0,
    }
}
