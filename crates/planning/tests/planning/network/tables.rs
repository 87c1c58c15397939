//! The tables of the network: what they say together, and what is wrong with a faulty one.

use caravan_planning::{Confidence, Mode, Network, TableError, TableText};

use super::{journey, network, told};

/// The legs must make what is published for the whole, within a day, or the row says that they do not.
#[test]
fn legs_make_the_published_days() {
    let network = network();
    assert!(network.routes().len() >= 18);
    for route in network.routes().values() {
        let legs: Vec<_> = route.legs.iter().map(|id| &network.legs()[id]).collect();
        let (mut shortest, mut longest, mut before) = (0, 0, None);
        for leg in legs {
            let transfer = before.filter(|before| *before != leg.carriage);
            let transfer = transfer.map(|before| network.transfer(&leg.from, before, leg.carriage).unwrap());
            let hours = transfer.map(|transfer| transfer.hours).unwrap_or_default();
            shortest += leg.hours.shortest + hours.shortest;
            longest += leg.hours.longest + hours.longest;
            before = Some(leg.carriage);
        }
        let is_near = longest + 24 >= route.days.shortest * 24 && shortest <= (route.days.longest + 1) * 24;
        assert_eq!(is_near, !route.legs_differ, "{}: {shortest}..{longest} h", route.row.id);
    }
}

#[test]
fn every_place_can_be_left_or_reached() {
    let network = network();
    for place in network.places().keys() {
        let is_used = network.legs().values().any(|leg| leg.from == *place || leg.to == *place);
        assert!(is_used, "{place}");
    }
    for mode in [Mode::Rail, Mode::Road] {
        let leads = network.leads(mode).unwrap();
        assert_eq!(leads.row.confidence, Confidence::General);
        assert!(leads.shortest <= leads.longest);
    }
}

const HEAD: &str = "confidence = \"K\"\nsources = [\"general\"]\n";

fn fault(text: &str) -> String {
    let text = text.replace("HEAD", HEAD);
    let error = Network::load(&[TableText { name: "own.toml", text: &text }]).unwrap_err();
    match &error {
        TableError::Syntax { source, .. } => format!("{error}: {}", source.message()),
        TableError::Row { .. } => error.to_string(),
    }
}

#[test]
fn names_file_line_and_row_of_a_fault() {
    let closure = "[[closure]]\nid = \"x\"\nkind = \"works\"\n";
    for (text, expected) in [
        ("x", "own.toml:1: cannot read the table: key with no value, expected `=`"),
        ("[[leg]]\nid = \"a\"\nspeed = 1\n", "own.toml:3: cannot read the table: unknown field `speed`"),
        ("[[bridge]]\n", "own.toml:1: cannot read the table: unknown field `bridge`"),
        (&format!("\n{closure}HEAD"), "own.toml:2: row `x`: names not one of `crossing` and `leg`"),
        (&format!("{closure}HEAD crossing = \"c\""), "own.toml:1: row `x`: no crossing is called `c`"),
        (&format!("{closure}HEAD crossing = \"torugart\""), "own.toml:1: row `x`: has no first day"),
        (
            &format!("{closure}HEAD valid_from = 2026-01-02\nvalid_to = 2026-01-01"),
            "own.toml:1: row `x`: ends before it begins",
        ),
        (
            &format!("{closure}confidence = \"K\"\nsources = [\"S0\"]"),
            "own.toml:1: row `x`: source `S0` is not in the list of sources",
        ),
        (&format!("{closure}confidence = \"K\"\nsources = []"), "own.toml:1: row `x`: has no source"),
        (
            &format!("{closure}HEAD\n{closure}HEAD"),
            "own.toml:7: row `x`: its id is empty or stands twice in the text",
        ),
        (
            "[[permission]]\nid = \"p\"\ncountries = []\ncargo = [\"dangerous\"]\nverdict = \"barred\"\n\
             confidence = \"U\"\nsources = [\"general\"]",
            "own.toml:1: row `p`: is unsure and must not bar",
        ),
        (
            "[[route]]\nid = \"r\"\nlegs = [\"sost-islamabad-road\", \"osh-bishkek-road\"]\ndays = [1, 1]\nHEAD",
            "own.toml:1: row `r`: its legs do not follow one another",
        ),
        (
            "[[delay]]\nid = \"d\"\ncrossing = \"torugart\"\nhours = [9, 1]\nHEAD",
            "own.toml:1: row `d`: [9, 1] is not a range within 527040",
        ),
    ] {
        let found = fault(text);
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}

#[test]
fn lays_the_rows_of_a_station_over_its_own() {
    let text = format!(
        "[[closure]]\nid = \"works\"\nleg = \"sost-islamabad-road\"\nkind = \"works\"\nvalid_from = 2025-08-01\n{HEAD}
         [[opening]]\nid = \"khunjerab-year-round\"\ncrossing = \"khunjerab-sost\"
         weekdays = [\"sat\", \"sun\"]\n{HEAD}"
    );
    let network = Network::load(&[TableText { name: "own.toml", text: &text }]).unwrap();
    let answer = network.answer(&journey("kashgar sost 2025-08-01 5 C")).unwrap();
    assert_eq!(answer.best.unwrap().legs[1].waits, vec![], "2 August 2025 was a Saturday");
    let answer = network.answer(&journey("kashgar PKISBA 2025-08-01 5 C")).unwrap();
    assert!(told(&answer).contains("leg-closed sost-islamabad-road works"), "{}", told(&answer));
}
