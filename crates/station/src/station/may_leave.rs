//! Whether a container may leave by a departure, as it is loaded: asked when it is received, before the bills are numbered,
//! and at the gate.
//!
//! Seals, papers and holds are asked at the gate alone ([`Container::gate`]).

use std::collections::BTreeSet;

use caravan_planning::Cargo;
use caravan_postal::{Finding, Grams, Impc, MailCategory};

use super::Station;
use crate::change::Subject;
use crate::departure::{Container, Departure};
use crate::gate::GateFault;
use crate::operation::{CONTAINER_OVERLOADED, REROUTE_NOT_SERVED, TRAIN_OVERLOADED, WAY_CLOSED};
use crate::receptacle::Receptacle;
use crate::{ContainerId, DepartureId};

/// Why a container may not leave by a departure.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) fault: GateFault,
    /// The container, or what in it is refused.
    pub(super) subject: Subject,
    pub(super) finding: Finding,
}

/// A container at the gate.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) id: ContainerId,
    /// All that keeps it; nothing where it may leave.
    pub(super) faults: Vec<GateFault>,
    /// What is found of the faults that are not papers.
    pub(super) findings: Vec<(Subject, Finding)>,
}

impl Station {
    /// Returns all that keeps a container with something in it from leaving by a departure, whose other boxes weigh
    /// `beside`. What a supervisor has allowed does not count.
    pub(super) fn may_leave(
        &self,
        container: &Container,
        departure: DepartureId,
        beside: Grams,
    ) -> Vec<Refusal> {
        let departure = &self.state.departures[&departure];
        let inside: Vec<&Receptacle> = (self.state.receptacles.values())
            .filter(|found| found.container.is_some() && found.container == Some(container.id))
            .collect();
        let mut refused = self.unserved(container, departure, &inside);
        refused.extend(self.refused_by_legs(container, departure, &inside));
        let own = [
            self.overload(container, departure),
            self.train_overload(container, departure, beside),
            closed_way(container, departure),
        ];
        refused.extend(own.into_iter().flatten());
        refused.extend(self.lies_wrong(container, departure.id));
        refused.retain(|refusal| !container.allows(refusal.fault));
        refused
    }

    /// Returns what the boxes with something in them weigh that stand for a departure.
    pub(super) fn on_departure(&self, departure: &str) -> Grams {
        let laden = self.containers_of(departure).filter(|container| container.receptacles > 0);
        laden.map(Container::weight).sum()
    }

    /// Asks the gate for each container of a departure, in the order in which they came. Those that go out, as `is_out` has
    /// it, fill the train.
    pub(super) fn gate_of(&self, departure: DepartureId, is_out: fn(&[GateFault]) -> bool) -> Vec<Asked> {
        let (mut asked, mut on_train) = (Vec::new(), Grams(0));
        for container in self.containers_of(&self.state.departures[&departure].key) {
            let mut faults = container.gate();
            faults.extend(self.bag_list_fault(container.id));
            faults.extend(self.itmatt_fault(container.id));
            let mut findings = Vec::new();
            if container.receptacles > 0 {
                for Refusal { fault, subject, finding } in self.may_leave(container, departure, on_train) {
                    faults.extend(Some(fault).filter(|fault| !faults.contains(fault)));
                    findings.push((subject, finding));
                }
            }
            if is_out(&faults) && container.receptacles > 0 {
                on_train += container.weight();
            }
            asked.push(Asked { id: container.id, faults, findings });
        }
        let out: Vec<ContainerId> =
            asked.iter().filter(|one| is_out(&one.faults)).map(|one| one.id).collect();
        for (id, finding) in self.unpaired(departure, &out) {
            if !self.state.containers[&id].allows(GateFault::BoxUnpaired)
                && let Some(alone) = asked.iter_mut().find(|one| one.id == id)
            {
                alone.faults.push(GateFault::BoxUnpaired);
                alone.findings.push((Subject::Container(id), finding));
            }
        }
        asked
    }

    /// Notes at the loading what will keep containers at the gate, and returns those that no delivery bill is made for.
    pub(super) fn look_at_gate(&mut self, departure: DepartureId) -> BTreeSet<ContainerId> {
        let told = [GateFault::AxleOverloaded, GateFault::OffBalance, GateFault::BoxUnpaired];
        let mut stay = BTreeSet::new();
        for Asked { id, faults, findings } in self.gate_of(departure, is_ready_but_for_papers) {
            if faults.iter().any(|fault| fault.is_for_ever()) {
                stay.insert(id);
            }
            // How loads lie was told when they were loaded.
            if faults.iter().any(|fault| !fault.is_paper() && !told.contains(fault)) {
                for (subject, finding) in findings {
                    self.found(subject, finding);
                }
            }
        }
        stay
    }

    fn unserved(&self, container: &Container, departure: &Departure, inside: &[&Receptacle]) -> Vec<Refusal> {
        let route = self.config.route(&departure.route);
        let offices: &[Impc] = route.map(|route| route.offices.as_slice()).unwrap_or_default();
        let own = container.destination.map(|office| (Subject::Container(container.id), office));
        let goes = inside.iter().filter_map(|receptacle| {
            let office = self.stream_of(receptacle)?.destination;
            Some((Subject::Receptacle(receptacle.id), office))
        });
        let unserved = own.into_iter().chain(goes).filter(|(_, office)| !offices.contains(office));
        let refused = unserved.map(|(subject, office)| Refusal {
            fault: GateFault::NotServed,
            subject,
            finding: REROUTE_NOT_SERVED.finding([office.as_str(), &departure.key]),
        });
        refused.collect()
    }

    fn refused_by_legs(
        &self,
        container: &Container,
        departure: &Departure,
        inside: &[&Receptacle],
    ) -> Vec<Refusal> {
        let whole = container.is_through.then(|| {
            // What category its mail has is not known here: it goes by land.
            let cargo = vec![Cargo::ClosedTransit];
            let finding = self.barred_cargo(departure.id, MailCategory::C, cargo)?;
            Some((Subject::Container(container.id), finding))
        });
        let parts = inside.iter().filter_map(|receptacle| {
            Some((Subject::Receptacle(receptacle.id), self.barred(departure.id, receptacle)?))
        });
        let refused = whole.flatten().into_iter().chain(parts);
        refused.map(|(subject, finding)| Refusal { fault: GateFault::LegRefuses, subject, finding }).collect()
    }

    /// Asks the plate and, where the route has vehicles of the type, its line and roads on the days on which it is there: the
    /// container may have been loaded for another departure.
    fn overload(&self, container: &Container, departure: &Departure) -> Option<Refusal> {
        let most = self.payload_of(container, departure, &self.roads_of(departure))?;
        (container.gross > most).then(|| Refusal {
            fault: GateFault::Overloaded,
            subject: Subject::Container(container.id),
            finding: CONTAINER_OVERLOADED.finding([container.gross.kg().to_string(), most.kg().to_string()]),
        })
    }

    fn train_overload(&self, container: &Container, departure: &Departure, beside: Grams) -> Option<Refusal> {
        let most = self.config.train_max(self.config.route(&departure.route)?)?;
        let all = beside + container.weight();
        (all > most).then(|| Refusal {
            fault: GateFault::TrainOverloaded,
            subject: Subject::Container(container.id),
            finding: TRAIN_OVERLOADED.finding([
                departure.key.clone(),
                all.kg().to_string(),
                most.kg().to_string(),
            ]),
        })
    }

    fn lies_wrong(&self, container: &Container, departure: DepartureId) -> Vec<Refusal> {
        let (balance, axle) = self.lies(container, &self.state.departures[&departure]);
        // What only needs special securing may go.
        let balance = balance.filter(|balance| !balance.may_go()).map(|balance| balance.findings());
        let balance = balance.into_iter().flatten().map(|finding| (GateFault::OffBalance, finding));
        let axle = axle.map(|finding| (GateFault::AxleOverloaded, finding));
        let subject = Subject::Container(container.id);
        let wrong = balance.chain(axle);
        wrong.map(|(fault, finding)| Refusal { fault, subject, finding }).collect()
    }
}

/// Returns whether only papers, seals and a signature are missing.
pub(super) fn is_ready_but_for_papers(faults: &[GateFault]) -> bool {
    faults.iter().all(|fault| fault.is_paper())
}

/// Asks whether the way of a departure ends; by which departure the mail arrives instead is told as far as it is known.
fn closed_way(container: &Container, departure: &Departure) -> Option<Refusal> {
    let outlook = departure.outlook.as_ref().filter(|outlook| outlook.arrives.is_none())?;
    let border = outlook.closed.as_ref().map_or("?", |closed| closed.border.as_str());
    let is_its_own = |office: Impc| container.destination.is_none_or(|own| own == office);
    let mut detours = outlook.detours.iter().filter(|detour| is_its_own(detour.office));
    let instead = detours.find_map(|detour| detour.to.as_deref()).unwrap_or("-");
    Some(Refusal {
        fault: GateFault::WayClosed,
        subject: Subject::Container(container.id),
        finding: WAY_CLOSED.finding([border, &departure.key, instead]),
    })
}
