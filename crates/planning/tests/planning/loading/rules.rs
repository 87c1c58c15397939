//! Locks, stops, hold or go, and the weight of a train.

use std::collections::BTreeMap;

use caravan_planning::{
    Departure, DepartureKey, HoldRules, LoadingPlan, Lock, ReceptacleKey, VehicleKey, Waiting, plan_loading,
};
use caravan_postal::{Grams, Impc};

use super::{departures, told, waiting};

fn office(text: &str) -> Impc {
    Impc::parse(text).unwrap()
}

fn check(waiting: &[Waiting], departures: &[Departure], expected: &str) -> LoadingPlan {
    let plan = plan_loading(waiting, departures);
    assert_eq!(told(&plan), expected);
    plan
}

const THREE: &str = "1 KZALAA-C-CN-N 40/10 0 1
     2 KZALAA-C-CN-N 40/10 1 1
     3 KZALAA-C-CN-N 40/10 2 1";

#[test]
fn keeps_locks_and_plans_the_rest() {
    let mut bags = waiting(THREE);
    let lock = |vehicle| Some(Lock { departure: DepartureKey(1), vehicle: VehicleKey(vehicle) });
    let mut two = departures("1 100 50 KZALAA 80/50/- 80/50/-");
    bags[2].lock = lock(0);
    check(&bags, &two, "1: [1 3] [2] 2/2 750/300\nleft:");
    bags[0].lock = lock(1);
    check(&bags, &two, "1: [2 3] [1] 2/2 750/300\nleft:");
    two[0].vehicles[0].is_closed = true;
    check(&bags, &two, "1: [3] [1 2] 2/2 750/300\nleft:");
    two[0].vehicles[1].is_closed = true;
    let shut = "1: [3] [1] 2/1 500/200 2 left-vehicles-closed\nleft: 2 left-vehicles-closed";
    check(&bags, &two, shut);
    bags[0].lock = lock(7);
    check(
        &bags,
        &two,
        "1: [3] [] 1/1 250/100 2 left-vehicles-closed\nleft: 1 left-lock-unknown 2 left-vehicles-closed",
    );
    for bag in &mut bags {
        bag.lock = lock(0);
    }
    check(&bags, &two, "1: [1 2] [] 1/1 500/200 3 left-lock-no-room\nleft: 3 left-lock-no-room");
}

#[test]
fn loads_the_last_stop_first_and_says_what_is_split() {
    let mut bags = waiting(
        "1 KZALAA-C-CN-N 40/10 0 1
         2 KGFRUA-C-CN-N 40/10 1 1
         3 UZTASA-C-CN-N 40/10 2 1
         4 KZALAA-C-CN-N 40/10 3 1",
    );
    let mut one = departures("1 100 50 KZALAA,KGFRUA,UZTASA 120/50/-");
    one[0].stops = vec![office("KZALAA"), office("KGFRUA")];
    bags[1].dispatch.0 = 2;
    bags[2].dispatch.0 = 3;
    let plan =
        check(&bags, &one, "1: [3 2 1] 1/1 1000/600 4 left-no-room-weight\nleft: 4 left-no-room-weight");
    let [split] = plan.split.as_slice() else { panic!("{:?}", plan.split) };
    assert_eq!((split.dispatch.0, split.parts.values().sum::<u32>(), split.left), (1, 1, 1));
}

#[test]
fn weighs_the_whole_train_with_its_boxes() {
    let bags = waiting(THREE);
    let mut train = departures("1 100 50 KZALAA 80/50/- 80/50/-");
    for vehicle in &mut train[0].vehicles {
        vehicle.tare = Grams(20);
    }
    train[0].gross_max = Some(Grams(160));
    check(&bags, &train, "1: [1 2] [3] 2/2 750/300\nleft:");
    train[0].gross_max = Some(Grams(159));
    check(&bags, &train, "1: [1 2] [] 1/1 500/200 3 left-train-full\nleft: 3 left-train-full");
    train[0].vehicles[0].is_closed = true;
    train[0].vehicles[0].loaded.weight = Grams(80);
    check(
        &bags,
        &train,
        "1: [] [] 1/1 500/0 1 left-train-full 2 left-train-full 3 left-train-full
left: 1 left-train-full 2 left-train-full 3 left-train-full",
    );
}

/// Two departures, the first half empty: what it takes is told for each change of the rules.
#[test]
fn holds_what_can_wait_and_sends_what_must() {
    let two = |hold: Option<HoldRules>| {
        let mut two = departures("1 100 50 KZALAA 100/100/-\n2 300 250 KZALAA 100/100/-");
        two[0].hold = hold;
        two
    };
    let hold = HoldRules { min_fill_permille: 500, transit_ms: 40, leave_by_ms: BTreeMap::new() };
    let mut bags = waiting("1 KZALAA-C-CN-N 40/10 0 1");
    let goes = "1: [1] 1/1 400/100\n2: [] 0/0 0/0\nleft:";
    let waits = "1: [] 0/0 0/0 1 left-for-fill\n2: [1] 1/1 400/100\nleft:";
    check(&bags, &two(None), goes);
    let plan = check(&bags, &two(Some(hold.clone())), waits);
    assert_eq!(plan.departures[0].held_back, [VehicleKey(0)]);
    let least = |min_fill_permille| Some(HoldRules { min_fill_permille, ..hold.clone() });
    check(&bags, &two(least(400)), goes);
    check(&bags, &two(least(401)), waits);

    // The next departure would deliver at 340.
    bags[0].due_ms = Some(340);
    check(&bags, &two(Some(hold.clone())), waits);
    bags[0].due_ms = Some(339);
    check(&bags, &two(Some(hold.clone())), goes);
    bags[0].due_ms = None;

    // At least one dispatch until 299 does not wait for 300.
    let by =
        |by_ms| Some(HoldRules { leave_by_ms: BTreeMap::from([(office("KZALAA"), by_ms)]), ..hold.clone() });
    check(&bags, &two(by(300)), waits);
    check(&bags, &two(by(299)), goes);
    assert_eq!(HoldRules::leave_by_ms(5, 3), 259_200_005);

    // Nothing is known to follow: nobody waits for nothing.
    let mut alone = two(Some(hold.clone()));
    alone.truncate(1);
    check(&bags, &alone, "1: [1] 1/1 400/100\nleft:");
    let mut shut = two(Some(hold));
    shut[1].vehicles[0].is_closed = true;
    check(&bags, &shut, goes);
}

#[test]
fn goes_by_the_target_before_the_age() {
    let mut bags = waiting(THREE);
    bags[2].due_ms = Some(-1);
    let plan = plan_loading(&bags, &departures("1 100 50 KZALAA 200/50/-"));
    assert_eq!(plan.departures[0].loads[0].receptacles, [3, 1, 2].map(ReceptacleKey));
}
