//! How near to the bound a plan is, and how many steps it takes.

use caravan_planning::{LoadingPlan, Stream, plan_loading};

use crate::mail;

fn plan(seed: u64, count: usize, boxes: u64) -> LoadingPlan {
    let streams: Vec<Stream> = mail::streams(60);
    plan_loading(&mail::waiting(seed, count, &streams), &mail::trains(count, boxes, &streams))
}

#[test]
fn containers_are_within_one_of_the_bound_on_each_departure() {
    for (seed, count) in [(1, 300), (2, 459), (3, 5000), (4, 20_000), (5, 60_000)] {
        let plan = plan(seed, count, 50);
        assert!(plan.left_behind.is_empty(), "{count} bags: {} left", plan.left_behind.len());
        let used: usize = plan.departures.iter().map(|departure| departure.vehicles_used).sum();
        assert!(used >= count / 500, "{used} boxes");
        for departure in &plan.departures {
            let (gap, used) = (departure.gap(), departure.vehicles_used);
            assert!(gap <= 1, "{count} bags: {used} boxes, {gap} more than the bound");
        }
    }
}

/// A step is a receptacle, a vehicle or a node of the tree over vehicles that was looked at. A receptacle is looked at once
/// for each departure that it is offered to, so the number of departures is kept.
#[test]
fn steps_grow_with_the_number_of_receptacles() {
    let steps = |count, boxes| plan(9, count, boxes).steps;
    let (few, many) = (steps(20_000, 50), steps(80_000, 200));
    assert!(few <= 20_000 * 16, "{few} steps for 20,000");
    // The tree over four times the vehicles is two levels higher, and a search looks at two nodes a level.
    assert!(many <= few * 4 + 80_000 * 4, "{many} steps for 80,000, {few} for 20,000");
}
