//! The outlook: what would leave on the next departures, told one line a departure.

use std::sync::Arc;

use caravan_station::{Config, Station};

use crate::life::Life;
use crate::{config, folder, settings_in};

const ITEMS: [&str; 2] = ["P1 go KZALAA-D-CN-N 1000", "W1 go PLWAWA-C-CN-N 9000"];
const BAGGED: &str = "\
    2026-11-16T09:00,released,P1\n\
    2026-11-16T09:00,released,W1\n\
    2026-11-16T09:01,scan,P1,1000\n\
    2026-11-16T09:02,scan,W1,9000\n";

/// The one door: lets a station live through some operations, and tells its outlook on the next
/// two departures, and then what goes with none.
fn check(operations: &str, at: &str, expected: &[&str]) {
    check_with(config(), operations, at, expected);
}

/// The same for a station with settings of its own.
fn check_with(config: Config, operations: &str, at: &str, expected: &[&str]) {
    let mut life = Life::through(Arc::new(config), &ITEMS, &format!("{BAGGED}{operations}"), at);
    let at_ms = life.now_ms();
    assert_eq!(tell(&mut life.station, at_ms), expected);
}

fn tell(station: &mut Station, at_ms: i64) -> Vec<String> {
    let outlooks = station.outlook(at_ms, 2).into_iter().map(|outlook| {
        let stays: Vec<String> =
            outlook.stays.iter().map(|left| format!(", {} {}", left.subject, left.reason)).collect();
        format!(
            "{}: {} of {} vehicles ({} needed), {} receptacles ({} needed) [{}] {} g{}",
            outlook.departure,
            outlook.vehicles_used,
            outlook.vehicles,
            outlook.vehicles_needed,
            outlook.receptacles.len(),
            outlook.receptacles_bound,
            outlook.receptacles.join(" "),
            outlook.content.weight.0,
            stays.concat(),
        )
    });
    let mut told: Vec<String> = outlooks.collect();
    let stranded = station.stranded();
    told.extend(stranded.iter().map(|left| format!("{} {} {:?}", left.subject, left.reason, left.arguments)));
    told
}

#[test]
fn counts_what_stands_open_and_what_the_timetable_promises() {
    check(
        "",
        "2026-11-16T10:00",
        &[
            "almaty-road/2026-11-16T18:00: 1 of 1 vehicles (1 needed), 1 receptacles (1 needed) [B000001] 1500 g",
            "moscow-rail/2026-11-16T21:00: 0 of 1 vehicles (0 needed), 0 receptacles (0 needed) [] 0 g",
        ],
    );
}

#[test]
fn counts_an_announced_truck_once() {
    check(
        "2026-11-16T10:00,announce,XJF10001,,almaty-road/2026-11-16T18:00,,\n",
        "2026-11-16T11:00",
        &[
            "almaty-road/2026-11-16T18:00: 1 of 1 vehicles (1 needed), 1 receptacles (1 needed) [B000001] 1500 g",
            "moscow-rail/2026-11-16T21:00: 0 of 1 vehicles (0 needed), 0 receptacles (0 needed) [] 0 g",
        ],
    );
}

#[test]
fn promises_no_second_truck_beside_a_sealed_one() {
    check(
        "2026-11-16T10:00,announce,XJF10001,,almaty-road/2026-11-16T18:00,,\n\
         2026-11-16T15:40,seal,XJF10001,,,CN1,\n",
        "2026-11-16T16:00",
        &[
            "almaty-road/2026-11-16T18:00: 0 of 0 vehicles (0 needed), 0 receptacles (0 needed) [] 0 g",
            "moscow-rail/2026-11-16T21:00: 0 of 1 vehicles (0 needed), 0 receptacles (0 needed) [] 0 g",
        ],
    );
}

#[test]
fn says_what_would_stay_and_why() {
    check(
        "2026-11-16T10:00,held,P1,,,,\n",
        "2026-11-16T11:00",
        &[
            "almaty-road/2026-11-16T18:00: 0 of 1 vehicles (0 needed), 0 receptacles (0 needed) [] 0 g, \
             B000001 left-held",
            "moscow-rail/2026-11-16T21:00: 0 of 1 vehicles (0 needed), 0 receptacles (0 needed) [] 0 g",
        ],
    );
}

/// The road to Almaty ends with the departure that this truck is cut from.
#[test]
fn says_what_goes_with_no_departure() {
    let settings = settings_in(&folder());
    let ended =
        settings.replacen("carrier = \"Kazpost\"", "carrier = \"Kazpost\"\nvalid_to = \"2026-11-16\"", 1);
    assert_ne!(settings, ended, "the change has to meet something");
    check_with(
        Config::parse(&ended, "").unwrap(),
        "2026-11-16T10:00,announce,XJF10001,,almaty-road/2026-11-16T18:00,,\n\
         2026-11-16T10:05,cut,XJF10001,,,,no driver\n",
        "2026-11-16T19:00",
        &[
            "moscow-rail/2026-11-16T21:00: 0 of 1 vehicles (0 needed), 0 receptacles (0 needed) [] 0 g",
            "warsaw-rail/2026-11-18T21:00: 1 of 2 vehicles (1 needed), 1 receptacles (1 needed) [B000002] 9500 g",
            "CNURCAKZALAADCN60001001100015 left-no-route [\"KZALAA\"]",
            "XJF10001 left-no-departure [\"almaty-road\"]",
        ],
    );
}

/// What is too large for a bag is its own receptacle, and no bound counts it as more.
#[test]
fn an_outside_piece_is_bound_to_be_one_receptacle() {
    let items = ["K1 go KZALAA-D-CN-N 28000", "K2 go KZALAA-D-CN-N 28000"];
    let operations = "2026-11-16T09:00,scan,K1,28000\n2026-11-16T09:00,released,K1\n\
                      2026-11-16T09:00,scan,K2,28000\n2026-11-16T09:00,released,K2\n";
    let mut life = Life::through(Arc::new(config()), &items, operations, "2026-11-16T10:00");
    let at_ms = life.now_ms();
    assert_eq!(
        tell(&mut life.station, at_ms)[0],
        "almaty-road/2026-11-16T18:00: 1 of 1 vehicles (1 needed), 2 receptacles (2 needed) \
         [CNURCAKZALAADCN60001001000280 CNURCAKZALAADCN60001002000280] 56000 g"
    );
}
