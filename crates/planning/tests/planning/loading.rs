//! Receptacles onto departures.
//!
//! A case is two small texts. A departure is `key leaves cut-off offices vehicles`, a vehicle `weight/volume/count` with
//! `-` for no count, and `+weight/volume` for what is in it already. A receptacle is `key stream weight/volume oldest
//! ready`, where `ready` is a time, `open` or `held`, and may be followed by an urgency.

use std::collections::BTreeMap;
use std::fmt::Write;

use caravan_planning::{
    Departure, DepartureKey, DispatchKey, LoadingPlan, Readiness, Reason, ReceptacleKey, Size, Stream,
    Vehicle, VehicleKey, VehicleLimits, VehicleLoad, Waiting, plan_loading,
};
use caravan_postal::{Grams, Impc, Volume};

mod bound;
mod box_plan;
mod laws;
mod laying;
mod limits;
mod rules;

fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.split_whitespace().collect()).filter(|words: &Vec<&str>| !words.is_empty())
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn size(text: &str) -> Size {
    let (weight, volume) = text.split_once('/').unwrap();
    Size::one(Grams(number(weight)), Volume(number(volume)))
}

fn vehicle(key: usize, text: &str) -> Vehicle {
    let (limits, loaded) =
        text.split_once('+').map_or((text, None), |(limits, loaded)| (limits, Some(size(loaded))));
    let parts: Vec<&str> = limits.split('/').collect();
    let limits = VehicleLimits {
        plate_payload: Grams(number(parts[0])),
        line_limit: None,
        volume: Volume(number(parts[1])),
        usable_permille: 1000,
        count: (parts[2] != "-").then(|| number(parts[2])),
    };
    Vehicle {
        key: VehicleKey(key as u64),
        limits,
        loaded: loaded.unwrap_or_default(),
        tare: Grams(0),
        is_closed: false,
    }
}

fn departures(text: &str) -> Vec<Departure> {
    let read = |words: Vec<&str>| Departure {
        key: DepartureKey(number(words[0])),
        leaves_ms: number(words[1]),
        cut_off_ms: number(words[2]),
        destinations: words[3].split(',').map(|office| Impc::parse(office).unwrap()).collect(),
        vehicles: words[4..].iter().enumerate().map(|(key, text)| vehicle(key, text)).collect(),
        gross_max: None,
        stops: Vec::new(),
        hold: None,
        stowage: BTreeMap::new(),
    };
    lines(text).map(read).collect()
}

fn waiting(text: &str) -> Vec<Waiting> {
    let read = |words: Vec<&str>| Waiting {
        receptacle: ReceptacleKey(number(words[0])),
        stream: Stream::parse(words[1]).unwrap(),
        dispatch: DispatchKey(1),
        gross_weight: size(words[2]).weight,
        volume: size(words[2]).volume,
        oldest_ms: number(words[3]),
        due_ms: None,
        lock: None,
        urgency: words.get(5).map_or(0, |urgency| number(urgency)),
        readiness: match words[4] {
            "open" => Readiness::DispatchOpen,
            "held" => Readiness::Held,
            time => Readiness::Ready { at_ms: number(time) },
        },
    };
    lines(text).map(read).collect()
}

/// Tells a plan, a line for each departure and one for what is left: `1: [3 4] [] 1/1 900/300`, which is vehicles used
/// and needed, fill by weight and by volume, then what missed it.
fn told(plan: &LoadingPlan) -> String {
    let mut text = String::new();
    for departure in &plan.departures {
        let loads: Vec<String> = departure.loads.iter().map(|load| format!(" [{}]", keys(load))).collect();
        let (fill, used, needed) = (departure.fill, departure.vehicles_used, departure.vehicles_needed);
        let (key, fill) =
            (departure.departure.0, format!("{}/{}", fill.weight_permille, fill.volume_permille));
        writeln!(text, "{key}:{} {used}/{needed} {fill}{}", loads.concat(), reasons(&departure.missed))
            .unwrap();
    }
    text + "left:" + &reasons(&plan.left_behind)
}

fn keys(load: &VehicleLoad) -> String {
    let keys: Vec<String> = load.receptacles.iter().map(|key| key.0.to_string()).collect();
    keys.join(" ")
}

fn reasons(list: &[(ReceptacleKey, Reason)]) -> String {
    list.iter()
        .fold(String::new(), |text, (key, reason)| format!("{text} {} {}", key.0, reason.finding().code.name))
}

fn check(departures_text: &str, waiting_text: &str, expected: &str) {
    let plan = plan_loading(&waiting(waiting_text), &departures(departures_text));
    assert_eq!(told(&plan), expected, "{departures_text}\n{waiting_text}");
}

#[test]
fn loads_by_service_then_age_then_fill() {
    check(
        "1 100 50 KZALAA 1000/1000/-",
        "1 KZALAA-C-CN-N 10/10 0 5
         2 KZALAA-D-UN-N 10/10 9 5
         3 KZALAA-C-EN-N 10/10 8 5
         4 KZALAA-D-EN-N 10/10 9 5
         5 KZALAA-C-UN-N 10/10 3 5
         6 KZALAA-C-UN-N 10/12 3 5
         7 KZALAA-C-TT-N 1/1 0 5
         8 KZALAA-C-CN-N 10/10 9 5 1
         9 KZALAA-D-EN-N 10/10 0 5 -1",
        "1: [8 3 4 2 1 6 5 7 9] 1/1 81/83\nleft:",
    );
}

#[test]
fn leaves_behind_with_the_reason() {
    check(
        "1 100 50 KZALAA 1000/1000/-",
        "1 KZALAA-C-CN-N 10/10 0 50
         2 KZALAA-C-CN-N 10/10 1 51
         3 KZALAA-C-CN-N 10/10 2 101
         4 KZALAA-C-CN-N 10/10 3 held
         5 KZALAA-C-CN-N 10/10 4 open
         6 KGFRUA-C-CN-N 10/10 5 1
         7 KZALAA-A-CN-N 10/10 6 1
         8 KGFRUA-C-CN-N 10/10 7 held
         9 KZALAA-B-CN-N 10/10 8 held",
        "1: [1] 1/1 10/10 7 left-air-mail 2 left-after-cut-off 4 left-held 5 left-dispatch-open 9 left-held
left: 2 left-after-cut-off 3 left-after-cut-off 4 left-held 5 left-dispatch-open 6 left-no-route 7 left-air-mail \
         8 left-held 9 left-held",
    );
}

#[test]
fn names_the_limit_that_has_no_room() {
    let bags = "1 KZALAA-C-CN-N 60/60 0 1\n2 KZALAA-C-CN-N 50/50 1 1\n3 KZALAA-C-CN-N 30/30 2 1";
    let missed = |vehicles: &str, expected: &str| {
        check(&format!("1 100 50 KZALAA {vehicles}"), bags, expected);
    };
    missed("100/1000/-", "1: [1 3] 1/1 900/90 2 left-no-room-weight\nleft: 2 left-no-room-weight");
    missed("1000/100/-", "1: [1 3] 1/1 90/900 2 left-no-room-volume\nleft: 2 left-no-room-volume");
    missed("100/100/-", "1: [1 3] 1/1 900/900 2 left-no-room-volume\nleft: 2 left-no-room-volume");
    missed(
        "1000/1000/1",
        "1: [1] 1/1 60/60 2 left-no-room-count 3 left-no-room-count\nleft: 2 left-no-room-count 3 left-no-room-count",
    );
    missed(
        "",
        "1: 0/0 0/0 1 left-no-vehicle 2 left-no-vehicle 3 left-no-vehicle\nleft: 1 left-no-vehicle 2 left-no-vehicle 3 left-no-vehicle",
    );
    missed("100/100/- 60/1000/-", "1: [1 3] [2] 2/2 875/127\nleft:");
    missed(
        "100/1000/-+41/0",
        "1: [2] 1/1 910/50 1 left-no-room-weight 3 left-no-room-weight\nleft: 1 left-no-room-weight 3 left-no-room-weight",
    );
}

#[test]
fn does_not_blame_a_limit_that_would_just_do() {
    let bag = "1 KZALAA-C-CN-N 60/60 0 1";
    let left = |vehicles: &str, loads: &str, reason: &str| {
        let expected = format!("1: {loads} 0/0 0/0 1 {reason}\nleft: 1 {reason}");
        check(&format!("1 100 50 KZALAA {vehicles}"), bag, &expected);
    };
    left("60/60/0", "[]", "left-no-room-count");
    left("59/60/1", "[]", "left-no-room-weight");
    left("60/59/1", "[]", "left-no-room-volume");
    left("59/60/1 60/59/1", "[] []", "left-no-room-volume");
}

#[test]
fn puts_nothing_more_into_what_is_over_its_limit() {
    let nothing = "1 KZALAA-C-CN-N 0/0 0 1";
    check("1 100 50 KZALAA 10/10/-+10/10", nothing, "1: [1] 1/1 1000/1000\nleft:");
    check(
        "1 100 50 KZALAA 10/10/-+11/0",
        nothing,
        "1: [] 1/1 1100/0 1 left-no-room-weight\nleft: 1 left-no-room-weight",
    );
}

#[test]
fn counts_the_vehicles_that_are_needed() {
    let bags = "1 KZALAA-C-CN-N 60/6 0 1\n2 KZALAA-C-CN-N 60/6 1 1";
    check("1 100 50 KZALAA 60/50/- 60/50/- 120/50/-", bags, "1: [1] [2] [] 2/1 500/80\nleft:");
    check("1 100 50 KZALAA 200/50/1 200/50/1", bags, "1: [1] [2] 2/2 300/120\nleft:");
}

#[test]
fn leaves_for_the_next_departure_in_time_order() {
    check(
        "2 200 150 KZALAA,KGFRUA 100/1000/-
         1 100 50 KZALAA 100/1000/-",
        "1 KZALAA-C-CN-N 60/10 0 1
         2 KZALAA-C-CN-N 60/10 1 1
         3 KZALAA-C-CN-N 30/10 2 60
         4 KGFRUA-C-CN-N 30/10 3 1
         5 KZALAA-C-CN-N 60/10 4 150",
        "1: [1] 1/1 600/10 2 left-no-room-weight 3 left-after-cut-off
2: [2 3] 1/1 900/20 4 left-no-room-weight 5 left-no-room-weight
left: 4 left-no-room-weight 5 left-no-room-weight",
    );
}

/// One box of March 2020 held 459 bags and 6,728.8 kg: a 40-ft high-cube box of 76.3 m3 with 21 t allowed by the line.
#[test]
fn a_box_of_mail_is_full_by_volume_long_before_by_weight() {
    let limits = VehicleLimits {
        plate_payload: Grams(26_330_000),
        line_limit: Some(Grams(21_000_000)),
        volume: Volume(76_300_000),
        usable_permille: 900,
        count: None,
    };
    assert_eq!(limits.capacity().weight, Grams(21_000_000));
    let mut departure = departures("1 100 50 PLWAWA").remove(0);
    departure.vehicles.push(Vehicle {
        key: VehicleKey(1),
        limits,
        loaded: Size::default(),
        tare: Grams(0),
        is_closed: false,
    });
    let bag = waiting("0 PLWAWA-C-UN-N 14660/150000 0 1").remove(0);
    let bags: Vec<Waiting> = (0..500).map(|key| Waiting { receptacle: ReceptacleKey(key), ..bag }).collect();
    let plan = plan_loading(&bags, &[departure]);
    let load = &plan.departures[0].loads[0];
    assert_eq!((load.receptacles.len(), load.content.weight), (457, Grams(6_699_620)));
    assert_eq!((load.fill.weight_permille, load.fill.volume_permille), (319, 998));
    let (last, reason) = plan.left_behind[42];
    assert_eq!((last, reason.finding().code.name), (ReceptacleKey(499), "left-no-room-volume"));
}

#[test]
fn survives_the_greatest_numbers() {
    let most = format!("{}/{}/{}", u64::MAX, u64::MAX, u32::MAX);
    let departure = format!("1 100 50 KZALAA {most}+{0}/{0} {most}", u64::MAX);
    let bag = format!("1 KZALAA-C-CN-N {0}/{0} {1} {1}", u64::MAX, i64::MIN);
    check(
        &departure,
        &format!("{bag}\n2 KZALAA-C-CN-N 1/1 0 {}", i64::MAX),
        "1: [] [1] 2/1 1000/1000\nleft: 2 left-after-cut-off",
    );
}
