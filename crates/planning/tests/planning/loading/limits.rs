//! Equipment, and which limit binds a payload.

use caravan_planning::{
    Haul, LoadingRules, Plate, RowId, TableText, Truck, TwentyFoot, VehicleKey, pair_boxes,
};
use caravan_postal::{Country, Grams};
use proptest::prelude::*;

fn rules() -> LoadingRules {
    LoadingRules::load(&[]).unwrap()
}

/// A case: equipment, lines, countries, axles of an articulated truck and its tare in kg, agreements, day; then the payload
/// in kg and what binds.
fn check(question: &str, expected: &str) {
    let words: Vec<&str> = question.split_whitespace().collect();
    let list = |text: &str| -> Vec<String> {
        text.split(',').filter(|word| *word != "-").map(str::to_owned).collect()
    };
    let truck = |text: &str| -> Option<Truck> {
        let (axles, tare) = text.split_once('/')?;
        Some(Truck {
            axles: axles.parse().unwrap(),
            is_articulated: true,
            tare: Grams(tare.parse::<u64>().unwrap() * 1000),
            agreements: list(words[4]).into_iter().collect(),
        })
    };
    // Another day than that of the case stands behind its country: `KZ@2026-03-15`.
    let on = |text: &String| {
        let (code, day) = text.split_once('@').unwrap_or((text, words[5]));
        (Country::parse(code).unwrap(), day.parse().unwrap())
    };
    let days = list(words[2]).iter().map(on).collect();
    let haul = Haul {
        equipment: RowId::new(words[0]),
        plate: None,
        lines: list(words[1]).iter().map(|id| RowId::new(id)).collect(),
        roads: truck(words[3]).map(|truck| (days, truck)),
    };
    let payload = rules().payload(&haul).unwrap();
    let unknown: Vec<&str> = payload.unknown_roads.iter().map(Country::as_str).collect();
    let told = format!(
        "{} {:?} {} conditions {:?} {}",
        payload.payload.kg(),
        payload.binding,
        payload.confidence.as_str(),
        payload.conditions.len(),
        unknown.join(",")
    );
    assert_eq!(told.trim_end(), expected, "{question}");
}

#[test]
fn the_strictest_of_plate_line_and_road_binds() {
    for (question, expected) in [
        ("45G1 - - - - 2026-02-01", "26330.000 Plate C conditions 0"),
        ("45G1 china-120 - - - 2026-02-01", "20850.000 Line(RowId(\"china-120\")) C conditions 0"),
        ("22G1 china-120 - - - 2026-02-01", "21700.000 Line(RowId(\"china-120\")) C conditions 0"),
        ("LEG1 china-120 - - - 2026-02-01", "20100.000 Line(RowId(\"china-120\")) C conditions 0"),
        ("semi-tilt - KZ 5/14000 - 2026-02-01", "20000.000 Plate K conditions 0"),
        (
            "semi-tilt - KZ,UZ 4/14000 - 2026-02-01",
            "18000.000 RoadGross(RowId(\"kazakhstan-axles\")) C conditions 0 UZ",
        ),
        (
            "semi-tilt - KZ 6/21000 - 2026-02-01",
            "19000.000 RoadGross(RowId(\"kazakhstan-articulated\")) C conditions 0",
        ),
        (
            "semi-tilt - KG 5/14000 QTTA 2026-02-01",
            "16000.000 RoadGross(RowId(\"quadrilateral-transit\")) C conditions 0",
        ),
        ("semi-tilt - KG 5/14000 - 2026-02-01", "20000.000 Plate K conditions 0"),
        (
            "semi-tilt - KZ 3/10000 - 2026-03-15",
            "14000.000 RoadAxles(RowId(\"kazakhstan-thaw-zone-v\")) C conditions 1",
        ),
        (
            "semi-tilt - KZ 3/10000 - 2026-03-25",
            "14000.000 RoadAxles(RowId(\"kazakhstan-thaw-zone-iv\")) C conditions 2",
        ),
        (
            "semi-tilt - CN,KZ@2026-03-01,KZ@2026-03-02 3/10000 - 2026-02-28",
            "14000.000 RoadAxles(RowId(\"kazakhstan-thaw-zone-v\")) C conditions 1",
        ),
        (
            "semi-tilt - KZ,CN@2026-03-01 3/10000 - 2026-02-28",
            "15000.000 RoadGross(RowId(\"kazakhstan-axles\")) C conditions 0",
        ),
        (
            "semi-tilt - KZ 3/10000 - 2026-05-02",
            "15000.000 RoadGross(RowId(\"kazakhstan-axles\")) C conditions 0",
        ),
    ] {
        check(question, expected);
    }
}

#[test]
fn the_plate_of_the_box_itself_goes_before_its_type() {
    let plate = Plate { tare: Grams(3_000_000), gross_max: Grams(24_000_000) };
    let haul = |lines: &[&str]| Haul {
        equipment: RowId::new("42G1"),
        plate: Some(plate),
        lines: lines.iter().map(|id| RowId::new(id)).collect(),
        roads: None,
    };
    let rules = rules();
    assert_eq!(rules.payload(&haul(&["china-120"])).unwrap().payload, Grams(21_000_000));
    let limits = rules.vehicle_limits(&haul(&["china-120"]), 900).unwrap();
    assert_eq!((limits.plate_payload, limits.line_limit), (Grams(21_000_000), None));
    assert_eq!(limits.capacity().volume.0, 60_930_000);
    let error = |haul: &Haul| rules.payload(haul).unwrap_err().to_string();
    assert_eq!(error(&haul(&["moon"])), "rail line `moon` is not in the tables");
    let unknown = Haul { equipment: RowId::new("99X9"), ..haul(&[]) };
    assert_eq!(error(&unknown), "equipment `99X9` is not in the tables");
}

#[test]
fn the_strictest_axle_of_the_road_holds() {
    let truck = Truck { axles: 5, is_articulated: true, tare: Grams(14_000_000), agreements: [].into() };
    let haul = |countries: &[&str], day: &str| Haul {
        equipment: RowId::new("semi-tilt"),
        plate: None,
        lines: [].into(),
        roads: Some((
            countries.iter().map(|code| (Country::parse(code).unwrap(), day.parse().unwrap())).collect(),
            truck.clone(),
        )),
    };
    let axle = |countries: &[&str], day| {
        rules().axle_max(&haul(countries, day)).map(|(axle, row)| format!("{} {row}", axle.0 / 1000))
    };
    assert_eq!(axle(&["KZ"], "2026-02-01").as_deref(), Some("10000 kazakhstan-axles"));
    assert_eq!(axle(&["CN", "KZ"], "2026-07-01").as_deref(), Some("8000 kazakhstan-summer-south"));
    assert_eq!(axle(&["PL"], "2026-02-01"), None);
}

#[test]
fn names_file_line_and_row_of_a_fault() {
    let head = "confidence = \"K\"\nsources = [\"general\"]\n";
    for (text, expected) in [
        ("[[equipment]]\nid = \"x\"\nname = \"x\"\nvolume_dm3 = 1\n", "own.toml:1: row `x`: needs a tare"),
        ("\n[[road]]\nid = \"x\"\ncountries = [\"KZ\"]\n", "own.toml:2: row `x`: limits nothing"),
        (
            "[[road]]\nid = \"x\"\ncountries = [\"QQ\"]\naxle_max_kg = 1\n",
            "own.toml:1: row `x`: `QQ` is no country",
        ),
        ("[[wagon]]\n", "own.toml:1: cannot read the table"),
    ] {
        let text = format!("{text}{head}");
        let error = LoadingRules::load(&[TableText { name: "own.toml", text: &text }]).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    assert_eq!(rules().all_equipment().len(), 9);
}

fn boxes(text: &str) -> Vec<TwentyFoot> {
    let read = |(index, word): (usize, &str)| {
        let (route, tonnes) = word.split_at(1);
        let gross = Grams(tonnes.parse::<u64>().unwrap() * 1000);
        TwentyFoot { vehicle: VehicleKey(index as u64), route: RowId::new(route), gross }
    };
    text.split_whitespace().enumerate().map(read).collect()
}

/// A box is its route and its kilograms: `a24000`.
#[test]
fn pairs_twenty_foot_boxes_for_the_same_route() {
    for (text, pairs, alone) in [
        ("a10000 a14999", "1+0", ""),
        ("a10000 a15000", "", "0 NoOther, 1 TooDifferent"),
        ("a10000 b10000", "", "0 NoOther, 1 NoOther"),
        ("a24000 a24001 a23000", "0+2", "1 TooHeavy"),
        ("a20000 a17000 a14000 a11000", "0+1 2+3", ""),
        ("a20000 a14000 a13000 a5000", "1+2", "0 TooDifferent, 3 NoOther"),
    ] {
        let pairing = pair_boxes(&boxes(text), rules().rail_line("china-120").unwrap());
        let told: Vec<String> = pairing.pairs.iter().map(|(a, b)| format!("{}+{}", a.0, b.0)).collect();
        let left: Vec<String> = pairing.alone.iter().map(|(key, why)| format!("{} {why:?}", key.0)).collect();
        assert_eq!((told.join(" "), left.join(", ")), (pairs.to_owned(), alone.to_owned()), "{text}");
    }
}

/// Returns the most pairs that any way of pairing has.
fn most_pairs(boxes: &[TwentyFoot]) -> usize {
    let [one, rest @ ..] = boxes else { return 0 };
    let partner = |index: usize| {
        let other = &rest[index];
        let is_near = one.gross.0.abs_diff(other.gross.0) < 5_000_000;
        (is_near && one.route == other.route).then(|| {
            let mut left = rest.to_vec();
            left.remove(index);
            1 + most_pairs(&left)
        })
    };
    (0..rest.len()).filter_map(partner).max().unwrap_or(0).max(most_pairs(rest))
}

proptest! {
    #[test]
    fn no_pairing_has_more_pairs(
        weights in proptest::collection::vec((0u64..25, 0u8..2), 0..8)
    ) {
        let boxes: Vec<TwentyFoot> = weights.iter().enumerate().map(|(key, (tonnes, route))| TwentyFoot {
            vehicle: VehicleKey(key as u64),
            route: RowId::new(if *route == 0 { "a" } else { "b" }),
            gross: Grams(tonnes * 1_000_000),
        }).collect();
        let rules = rules();
        let line = rules.rail_line("china-120").unwrap();
        let pairing = pair_boxes(&boxes, line);
        let mut seen: Vec<u64> = pairing.pairs.iter().flat_map(|(a, b)| [a.0, b.0]).collect();
        seen.extend(pairing.alone.iter().map(|(key, _)| key.0));
        seen.sort_unstable();
        prop_assert!(seen.into_iter().eq(0..boxes.len() as u64));
        let light: Vec<TwentyFoot> = boxes.iter().filter(|one| one.gross <= line.box_20_max).cloned().collect();
        prop_assert_eq!(pairing.pairs.len(), most_pairs(&light));
        let turned: Vec<TwentyFoot> = boxes.iter().rev().cloned().collect();
        prop_assert_eq!(pair_boxes(&turned, line), pairing);
    }
}
