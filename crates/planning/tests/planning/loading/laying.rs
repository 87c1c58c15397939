//! Loads that must lie so that they can leave: balance, axles, stops.

use caravan_planning::{
    AxleLimit, Capacity, DepartureKey, DeparturePlan, Inside, LoadingRules, Lock, Reason, Stowage, Vehicle,
    VehicleKey, plan_loading,
};
use caravan_postal::{Grams, Impc, Volume};

use super::{departures, reasons, waiting};

const TRAILER: Inside = Inside { length_mm: 13_600, width_mm: 2450, height_mm: 2700 };

/// Returns a trailer behind a tractor of two axles; a single axle may bear so many kilograms.
fn trailer(axle_max_kg: Option<u64>) -> Stowage {
    let rules = LoadingRules::load(&[]).unwrap();
    let geometry = rules.axle_geometry("semi-three-axles").unwrap().clone();
    Stowage {
        inside: TRAILER,
        limits: Capacity { weight: Grams(30_000_000), volume: Volume(80_000_000), count: None },
        usable_permille: 900,
        rules: rules.balance("ctu-code").unwrap().clone(),
        axles: axle_max_kg.map(|most| AxleLimit { geometry, most: Grams(most * 1000) }),
        lying: Vec::new(),
    }
}

/// The one door: loads bags of `kilograms/litres` for an office, the first the oldest, onto trailers; with `@` and a number
/// a bag is locked to one. Tells how many are in each, and what stays with its reason.
fn check(trailers: &[Stowage], stops: &str, bags: &[&str], expected: &str) -> DeparturePlan {
    let mut departure = departures("1 100 50 KZALAA,KGFRUA").remove(0);
    departure.stops = stops.split_whitespace().map(|office| Impc::parse(office).unwrap()).collect();
    let vehicle = |key: usize| Vehicle {
        limits: caravan_planning::VehicleLimits {
            plate_payload: Grams(30_000_000),
            line_limit: None,
            volume: Volume(80_000_000),
            usable_permille: 1000,
            count: None,
        },
        ..super::vehicle(key, "0/0/-")
    };
    departure.vehicles = (0..trailers.len()).map(vehicle).collect();
    let keys = departure.vehicles.iter().map(|vehicle| vehicle.key);
    departure.stowage = keys.zip(trailers.iter().cloned()).collect();
    let mut all = Vec::new();
    for bag in bags {
        let (times, bag) = bag.split_once('*').unwrap_or(("1", bag));
        for _ in 0..times.parse::<usize>().unwrap() {
            let (office, size) = bag.split_once(' ').unwrap();
            let (size, lock) = size.split_once('@').map_or((size, None), |(size, to)| (size, Some(to)));
            let (kg, litres) = size.split_once('/').unwrap();
            let text = format!("{} {office}-C-CN-N {kg}000/{litres}000 {0} 1", all.len());
            let mut one = waiting(&text).remove(0);
            let lock_to =
                |to: &str| Lock { departure: DepartureKey(1), vehicle: VehicleKey(to.parse().unwrap()) };
            one.lock = lock.map(lock_to);
            all.push(one);
        }
    }
    let mut plan = plan_loading(&all, &[departure]).departures.remove(0);
    let loads: Vec<String> = plan.loads.iter().map(|load| load.receptacles.len().to_string()).collect();
    let names: Vec<(&str, usize)> = plan.missed.iter().fold(Vec::new(), |mut told, (_, reason)| {
        let name = reason.finding().code.name;
        match told.last_mut() {
            Some((last, count)) if *last == name => *count += 1,
            _ => told.push((name, 1)),
        }
        told
    });
    let stays: Vec<String> = names.iter().map(|(name, count)| format!(", {count} {name}")).collect();
    assert_eq!(format!("{}{}", loads.join("+"), stays.concat()), expected, "{}", reasons(&plan.missed));
    plan.missed.truncate(1);
    plan
}

/// In the middle of the trailer 23 t would bear with 10.1 t on the drive axle; a little further back no axle bears 10 t.
#[test]
fn lays_a_heavy_load_where_the_axles_bear_it() {
    check(&[trailer(Some(10_000))], "", &["23*KZALAA 1000/3000"], "23");
    check(&[trailer(Some(10_000))], "", &["KZALAA 23000/60000"], "1");
    // A trailer full to the roof has nowhere to move its load to, but its dense receptacles.
    check(&[trailer(Some(10_000))], "", &["10*KZALAA 1900/4000", "10*KZALAA 400/4000"], "20");
}

/// With 8 t an axle, as in the thaw, there is no place for all of it.
#[test]
fn takes_less_in_when_an_axle_would_bear_too_much() {
    let plan = check(&[trailer(Some(8000))], "", &["26*KZALAA 1000/2500"], "23, 3 left-axle");
    let (_, reason) = plan.missed[0];
    assert!(
        matches!(reason, Reason::AxleOverloaded { found, limit: Grams(8_000_000) } if found.0 > 8_000_000)
    );
    // What is light still goes, and what one cannot take goes with the next.
    check(&[trailer(Some(8000))], "", &["26*KZALAA 1000/2500", "3*KZALAA 10/100"], "26, 3 left-axle");
    check(&[trailer(Some(8000)), trailer(None)], "", &["26*KZALAA 1000/2500"], "23+3");
    check(&[trailer(Some(8000)), trailer(Some(8000))], "", &["60*KZALAA 1000/2500"], "23+23, 14 left-axle");
}

/// What goes to the last stop lies at the front, however heavy it is: a load that is short enough is moved back.
#[test]
fn keeps_the_order_of_unloading_and_the_balance() {
    let stops = "KGFRUA KZALAA";
    check(&[trailer(None)], stops, &["20*KZALAA 500/1000", "20*KGFRUA 50/1000"], "40");
    let full = ["40*KZALAA 500/1000", "39*KGFRUA 50/1000"];
    let plan = check(&[trailer(None)], stops, &full, "66, 13 left-balance");
    assert!(matches!(plan.missed[0].1, Reason::OffBalance { half_permille: 601.., .. }));
}

/// Somebody has decided it: the gate asks again.
#[test]
fn loads_what_is_locked_however_it_lies() {
    check(&[trailer(Some(8000))], "", &["KZALAA 26000/60000@0"], "1");
    check(&[trailer(Some(8000))], "", &["KZALAA 26000/60000@0", "KZALAA 10/10"], "1, 1 left-axle");
}

#[test]
fn counts_what_lies_there_already() {
    let bag = |key: u64| caravan_planning::Piece {
        receptacle: caravan_planning::ReceptacleKey(1000 + key),
        weight: Grams(1_000_000),
        volume: Volume(2_500_000),
        stop: 0,
    };
    let laden = Stowage { lying: (0..20).map(bag).collect(), ..trailer(Some(8000)) };
    check(&[laden], "", &["6*KZALAA 1000/2500"], "3, 3 left-axle");
}
