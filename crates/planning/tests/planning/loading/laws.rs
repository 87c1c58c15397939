//! What must hold of any plan.

use std::collections::BTreeMap;

use caravan_planning::{
    AxleGeometry, AxleLimit, Capacity, Departure, DepartureKey, DispatchKey, HoldRules, Inside, LoadingPlan,
    LoadingRules, Lock, Piece, Readiness, ReceptacleKey, Size, Stowage, Stream, Vehicle, VehicleKey,
    VehicleLimits, VehicleLoad, Waiting, arrange, plan_loading,
};
use caravan_postal::{Grams, Impc, Volume};
use proptest::prelude::*;

const OFFICES: [&str; 3] = ["KZALAA", "KGFRUA", "UZTASA"];

fn office(index: usize) -> Impc {
    Impc::parse(OFFICES[index]).unwrap()
}

fn any_vehicle() -> impl Strategy<Value = Vehicle> {
    let limits = (0u64..200, 0u64..200, proptest::option::of(0u32..6));
    (limits, 0u64..50, 0u64..20, proptest::bool::weighted(0.2)).prop_map(
        |((weight, volume, count), loaded, tare, is_closed)| Vehicle {
            key: VehicleKey(0),
            limits: VehicleLimits {
                plate_payload: Grams(weight),
                line_limit: Some(Grams(150)),
                volume: Volume(volume),
                usable_permille: 900,
                count,
            },
            loaded: Size { weight: Grams(loaded / 2), volume: Volume(loaded / 2), count: 0 },
            tare: Grams(tare),
            is_closed,
        },
    )
}

fn any_hold() -> impl Strategy<Value = HoldRules> {
    let leave_by = proptest::collection::btree_map(0usize..3, 0i64..120, 0..3);
    (0u32..1000, 0i64..50, leave_by).prop_map(|(min_fill_permille, transit_ms, leave_by)| HoldRules {
        min_fill_permille,
        transit_ms,
        leave_by_ms: leave_by.into_iter().map(|(index, by_ms)| (office(index), by_ms)).collect(),
    })
}

/// A small box; with weak axles, or none that are known.
fn any_stowage() -> impl Strategy<Value = Stowage> {
    (proptest::option::of(3_000_010u64..3_000_100), 20u32..200).prop_map(|(most, length_mm)| {
        let rules = LoadingRules::load(&[]).unwrap();
        let geometry = AxleGeometry {
            kingpin_mm: length_mm / 10,
            bogie_mm: length_mm * 7 / 10,
            front_tare: Grams(3_000_000),
            drive_tare: Grams(3_000_000),
            trailer_tare: Grams(9_000_000),
            ..rules.axle_geometry("semi-three-axles").unwrap().clone()
        };
        Stowage {
            inside: Inside { length_mm, width_mm: 20, height_mm: 20 },
            limits: Capacity { weight: Grams(200), volume: Volume(200), count: None },
            usable_permille: 900,
            rules: rules.balance("ctu-code").unwrap().clone(),
            axles: most.map(|most| AxleLimit { geometry, most: Grams(most) }),
            lying: Vec::new(),
        }
    })
}

fn any_departure() -> impl Strategy<Value = Departure> {
    let vehicles = proptest::collection::vec(any_vehicle(), 0..4);
    let limits = (proptest::option::of(0u64..300), proptest::option::of(any_hold()), 0usize..8);
    let laid = proptest::collection::vec(proptest::option::of(any_stowage()), 4);
    (0i64..100, 0i64..60, 1usize..8, (vehicles, laid), limits).prop_map(
        |(leaves_ms, lead, offices, (mut vehicles, laid), (gross_max, hold, stops))| {
            // A vehicle holds already what lies in it.
            for (vehicle, laid) in vehicles.iter_mut().zip(&laid) {
                vehicle.loaded = laid.as_ref().map_or(vehicle.loaded, |_| Size::default());
            }
            let chosen = |bits: usize| (0..3).filter(move |bit| bits >> bit & 1 == 1).map(office);
            Departure {
                key: DepartureKey(0),
                leaves_ms,
                cut_off_ms: leaves_ms - lead,
                destinations: chosen(offices).collect(),
                vehicles,
                gross_max: gross_max.map(Grams),
                stops: chosen(stops).collect(),
                hold,
                stowage: laid
                    .into_iter()
                    .enumerate()
                    .filter_map(|(key, laid)| Some((VehicleKey(key as u64), laid?)))
                    .collect(),
            }
        },
    )
}

fn any_waiting() -> impl Strategy<Value = Waiting> {
    let stream = (
        0usize..3,
        prop_oneof![Just("C"), Just("D"), Just("A")],
        prop_oneof![Just("CN"), Just("EN"), Just("UN")],
    )
        .prop_map(|(office, category, subclass)| format!("{}-{category}-{subclass}-N", OFFICES[office]));
    let readiness = prop_oneof![
        8 => (0i64..100).prop_map(|at_ms| Readiness::Ready { at_ms }),
        1 => Just(Readiness::Held),
        1 => Just(Readiness::DispatchOpen),
    ];
    let lock = proptest::option::weighted(0.2, (0u64..5, 0u64..5));
    let time = (0i64..5, proptest::option::of(0i64..200));
    (stream, 0u64..80, 0u64..80, time, -1i8..2, (readiness, lock, 0u64..5)).prop_map(
        |(stream, weight, volume, (oldest_ms, due_ms), urgency, (readiness, lock, dispatch))| Waiting {
            receptacle: ReceptacleKey(0),
            stream: Stream::parse(&stream).unwrap(),
            dispatch: DispatchKey(dispatch),
            gross_weight: Grams(weight),
            volume: Volume(volume),
            oldest_ms,
            due_ms,
            urgency,
            readiness,
            lock: lock.map(|(departure, vehicle)| Lock {
                departure: DepartureKey(departure),
                vehicle: VehicleKey(vehicle),
            }),
        },
    )
}

struct Question<'a> {
    waiting: &'a [Waiting],
    departures: &'a [Departure],
}

impl Question<'_> {
    fn of(&self, key: ReceptacleKey) -> &Waiting {
        &self.waiting[usize::try_from(key.0).unwrap()]
    }

    fn departure(&self, key: DepartureKey) -> &Departure {
        &self.departures[usize::try_from(key.0).unwrap()]
    }

    fn verify(&self, plan: &LoadingPlan) {
        let mut seen: Vec<u64> = plan.left_behind.iter().map(|(key, _)| key.0).collect();
        assert!(plan.departures.is_sorted_by_key(|planned| self.departure(planned.departure).leaves_ms));
        for planned in &plan.departures {
            let departure = self.departure(planned.departure);
            let is_over = |vehicle: &Vehicle| !vehicle.limits.capacity().takes(vehicle.loaded);
            assert!(
                planned.vehicles_needed <= planned.vehicles_used || departure.vehicles.iter().any(is_over)
            );
            for (load, vehicle) in planned.loads.iter().zip(&departure.vehicles) {
                self.verify_load(departure, load, vehicle);
                seen.extend(load.receptacles.iter().map(|key| key.0));
                let is_held = planned.held_back.contains(&vehicle.key);
                assert!(!is_held || load.receptacles.is_empty() && departure.hold.is_some());
            }
            self.verify_gross(departure, &planned.loads);
            for (key, reason) in &planned.missed {
                let room = |(load, vehicle): (&VehicleLoad, &Vehicle)| {
                    let is_open = !vehicle.is_closed && !planned.held_back.contains(&vehicle.key);
                    is_open && load.capacity.takes_beside(load.content, self.of(*key).size())
                };
                let is_for_room = reason.finding().code.name.starts_with("left-no-room");
                let has_room = planned.loads.iter().zip(&departure.vehicles).any(room);
                assert!(!is_for_room || !has_room, "{key:?} would still fit");
            }
        }
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..self.waiting.len() as u64), "each receptacle is in exactly one place");
        self.verify_split(plan);
    }

    fn verify_load(&self, departure: &Departure, load: &VehicleLoad, vehicle: &Vehicle) {
        let loaded: Size = load.receptacles.iter().map(|key| self.of(*key).size()).sum();
        assert_eq!(load.content, loaded + vehicle.loaded);
        assert!(load.receptacles.is_empty() || vehicle.limits.capacity().takes(load.content));
        let stop =
            |key: &ReceptacleKey| std::cmp::Reverse(departure.stop_of(self.of(*key).stream.destination));
        assert!(load.receptacles.is_sorted_by_key(stop), "the last stop goes in first");
        for key in &load.receptacles {
            let receptacle = self.of(*key);
            assert!(
                matches!(receptacle.readiness, Readiness::Ready { at_ms } if at_ms <= departure.cut_off_ms)
            );
            assert!(departure.destinations.contains(&receptacle.stream.destination));
            assert!(receptacle.stream.category.is_surface());
            let place = Lock { departure: departure.key, vehicle: vehicle.key };
            assert!(receptacle.lock.is_none_or(|lock| lock == place), "a lock is kept");
            assert!(!vehicle.is_closed || receptacle.lock.is_some(), "closed to more");
        }
        let is_locked = load.receptacles.iter().all(|key| self.of(*key).lock.is_some());
        if let Some(stowage) = departure.stowage.get(&vehicle.key).filter(|_| !is_locked) {
            let piece = |key: &ReceptacleKey| Piece {
                receptacle: *key,
                weight: self.of(*key).gross_weight,
                volume: self.of(*key).volume,
                stop: departure.stop_of(self.of(*key).stream.destination),
            };
            let pieces: Vec<Piece> = load.receptacles.iter().map(piece).collect();
            assert!(arrange(stowage, &pieces).may_leave(), "it lies so that it can leave");
        }
    }

    fn verify_gross(&self, departure: &Departure, loads: &[VehicleLoad]) {
        let Some(most) = departure.gross_max else { return };
        let laden = loads.iter().zip(&departure.vehicles).filter(|(load, _)| !load.content.is_nothing());
        let gross: u64 = laden.map(|(load, vehicle)| load.content.weight.0 + vehicle.tare.0).sum();
        let is_untouched = loads.iter().all(|load| load.receptacles.is_empty());
        let weighs_nothing =
            |load: &VehicleLoad| load.receptacles.iter().all(|key| self.of(*key).gross_weight.0 == 0);
        assert!(gross <= most.0 || is_untouched || loads.iter().all(weighs_nothing));
    }

    fn verify_split(&self, plan: &LoadingPlan) {
        let mut places: BTreeMap<DispatchKey, BTreeMap<Option<Lock>, u32>> = BTreeMap::new();
        let mut note = |key: &ReceptacleKey, place| {
            *places.entry(self.of(*key).dispatch).or_default().entry(place).or_default() += 1;
        };
        for planned in &plan.departures {
            for load in &planned.loads {
                let place = Lock { departure: planned.departure, vehicle: load.vehicle };
                for key in &load.receptacles {
                    note(key, Some(place));
                }
            }
        }
        for (key, _) in &plan.left_behind {
            note(key, None);
        }
        places.retain(|_, places| places.len() > 1);
        let told: BTreeMap<DispatchKey, BTreeMap<Option<Lock>, u32>> = (plan.split.iter())
            .map(|split| {
                let parts = split.parts.iter().map(|(place, count)| (Some(*place), *count));
                let left = (split.left > 0).then_some((None, split.left));
                (split.dispatch, parts.chain(left).collect())
            })
            .collect();
        assert_eq!(told, places);
    }
}

proptest! {
    #[test]
    fn any_plan_is_valid_and_blind_to_order(
        mut waiting in proptest::collection::vec(any_waiting(), 0..40),
        mut departures in proptest::collection::vec(any_departure(), 0..4),
    ) {
        for (key, receptacle) in waiting.iter_mut().enumerate() {
            receptacle.receptacle = ReceptacleKey(key as u64);
        }
        for (key, departure) in departures.iter_mut().enumerate() {
            departure.key = DepartureKey(key as u64);
            for (key, vehicle) in departure.vehicles.iter_mut().enumerate() {
                vehicle.key = VehicleKey(key as u64);
            }
        }
        let plan = plan_loading(&waiting, &departures);
        Question { waiting: &waiting, departures: &departures }.verify(&plan);
        let turned: Vec<Waiting> = waiting.iter().rev().copied().collect();
        departures.reverse();
        prop_assert_eq!(plan_loading(&turned, &departures), plan);
    }

    /// What is locked where it lies stays there when the rest is planned again.
    #[test]
    fn a_plan_that_is_locked_stays(
        mut waiting in proptest::collection::vec(any_waiting(), 0..30),
        mut departure in any_departure(),
    ) {
        departure.hold = None;
        for (key, vehicle) in departure.vehicles.iter_mut().enumerate() {
            (vehicle.key, vehicle.is_closed) = (VehicleKey(key as u64), false);
        }
        for (key, receptacle) in waiting.iter_mut().enumerate() {
            (receptacle.receptacle, receptacle.lock) = (ReceptacleKey(key as u64), None);
        }
        let first = plan_loading(&waiting, std::slice::from_ref(&departure));
        let loads = &first.departures[0].loads;
        for load in loads {
            for key in &load.receptacles {
                let lock = Lock { departure: departure.key, vehicle: load.vehicle };
                waiting[usize::try_from(key.0).unwrap()].lock = Some(lock);
            }
        }
        for vehicle in &mut departure.vehicles {
            vehicle.is_closed = true;
        }
        let again = plan_loading(&waiting, std::slice::from_ref(&departure));
        for (load, before) in again.departures[0].loads.iter().zip(loads) {
            prop_assert_eq!(&load.receptacles, &before.receptacles);
        }
    }
}
