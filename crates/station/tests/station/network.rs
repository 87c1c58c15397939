//! Routes that know their ways, and vehicles of a type: what is read, when mail is accepted, what the outlook says.

use std::path::Path;
use std::sync::Arc;

use caravan_station::{Config, ConfigError};

use crate::life::Life;
use crate::{check_settings, config_in, loading, settings_in, ways};

#[test]
fn each_setting_of_the_network_that_cannot_be_meant_is_named() {
    for (instead_of, text, expected) in [
        ("\"kashgar-bishkek\"", "\"kashgar-osh\"", "reads"),
        (
            "\"kashgar-bishkek\"",
            "\"kashgar-narnia\"",
            "`kashgar-narnia` cannot be `route.via`: a route of the network",
        ),
        (
            "via = \"kashgar-bishkek\"",
            "via = \"kashgar-bishkek\"\nlegs = [\"kashgar-torugart-road\"]",
            "`kashgar-bishkek` cannot be `route.via`: absent where a route has `legs`",
        ),
        (
            "\"irkeshtam-osh-road\"",
            "\"irkeshtam-osh\"",
            "`irkeshtam-osh` cannot be `route.legs`: a leg of the network",
        ),
        (
            "\"irkeshtam-osh-road\", ",
            "",
            "`osh-bishkek-road` cannot be `route.legs`: a leg that begins where the one before it ends",
        ),
        (
            "mode = \"road\"",
            "mode = \"rail\"",
            "`rail` cannot be `route.mode`: that of the first leg of its way",
        ),
        (
            "[[route]]",
            "[[closure]]\nborder = \"torugart\"\nfrom = \"2026-11-17\"\nreason = \"works\"\n[[route]]",
            "reads",
        ),
        (
            "[[route]]",
            "[[closure]]\nborder = \"torugart\"\nfrom = \"soon\"\nreason = \"works\"\n[[route]]",
            "`soon` cannot be `closure.from`: a date like 2026-10-01",
        ),
    ] {
        check_settings(&settings_in(&ways()), instead_of, text, expected);
    }
    for (instead_of, text, expected) in [
        ("\"SMALL20\"", "\"45G1\"", "reads"),
        (
            "\"SMALL20\"",
            "\"46G9\"",
            "`46G9` cannot be `route.vehicles.type`: a type of equipment in the tables",
        ),
        ("\"china-120\"", "\"china-900\"", "`china-900` cannot be `route.line`: a line of the tables"),
        (
            "type = \"SMALL20\",",
            "type = \"SMALL20\", payload_kg = 10,",
            "`SMALL20` cannot be `route.vehicles.type`: alone, without limits of its own",
        ),
        ("type = \"SMALL20\",", "payload_kg = 10, volume_dm3 = 1,", "reads"),
        (
            "type = \"SMALL20\",",
            "volume_dm3 = 1,",
            "`` cannot be `route.vehicles.payload_kg`: a number where the vehicle has no `type`",
        ),
        (
            "fill_min_permille = 500",
            "fill_min_permille = 1001",
            "`1001` cannot be `partner.fill_min_permille`: a share up to 1000",
        ),
    ] {
        check_settings(&settings_in(&loading()), instead_of, text, expected);
    }
}

#[test]
fn a_border_that_the_settings_close_must_be_in_the_network() {
    let settings = settings_in(&ways());
    let closure = "[[closure]]\nborder = \"narnia\"\nfrom = \"2026-11-17\"\nreason = \"weather\"\n[[route]]";
    let error = Config::parse(&settings.replacen("[[route]]", closure, 1), "").unwrap_err();
    assert!(matches!(&error, ConfigError::Table(error) if error.to_string().contains("narnia")), "{error:?}");
}

/// Mail to Bishkek goes over Irkeshtam in four days and over Torugart in three, mail to Islamabad over the pass.
#[test]
fn mail_is_accepted_when_its_way_ends() {
    let settings = settings_in(&ways());
    let closed = "[[closure]]\nborder = \"irkeshtam\"\nfrom = \"2026-11-17\"\nto = \"2026-11-25\"\nreason = \"works\"\n\
                  [[closure]]\nborder = \"torugart\"\nfrom = \"2026-11-17\"\nto = \"2026-11-23\"\nreason = \"works\"\n[[route]]";
    for (filed_on, settings, expected) in [
        ("2026-11-16", settings.clone(), ["2026-11-20", "2026-11-22"]),
        ("2026-11-17", settings.clone(), ["2026-11-22", "2026-11-22"]),
        ("2026-11-19", settings.clone(), ["2026-11-22", "2026-11-26"]),
        ("2026-11-17", settings.replacen("[[route]]", closed, 1), ["2026-11-26", "2026-11-22"]),
        // What leaves first takes the mail, though a later truck would be there a day sooner.
        ("2026-11-18", settings.replacen("[\"thu\"]", "[\"wed\"]", 1), ["2026-11-22", "2026-11-26"]),
    ] {
        let config = Config::parse(&settings, "").unwrap();
        let found = config.accepted_on(filed_on.parse().unwrap());
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "filed on {filed_on}");
    }
}

/// The one door of the outlook: lives through some operations, and tells the outlook on the next departures.
fn outlook(folder: &Path, items: &[&str], operations: &str, at: &str, departures: usize) -> Vec<String> {
    let mut life = Life::through(Arc::new(config_in(folder)), items, operations, at);
    let at_ms = life.now_ms();
    let mut lines = Vec::new();
    for outlook in life.station.outlook(at_ms, departures) {
        let way = outlook.way.as_ref();
        let arrives = way.and_then(|way| way.arrives).map_or("-".to_owned(), |day| day.to_string());
        let closed = way.and_then(|way| way.closed.as_ref());
        let closed =
            closed.map_or(String::new(), |closed| format!(", closed {} {:?}", closed.border, closed.days));
        lines.push(format!("{} arrives {arrives}{closed}", outlook.departure));
        for load in outlook.loads.iter().filter(|load| load.receptacles > 0 || load.is_held_back) {
            let limit = load.limit.as_deref().unwrap_or("-");
            let vehicle = load.vehicle.as_deref().unwrap_or("-");
            let centre = load.balance.map(|balance| (balance.along_permille, balance.across_mm));
            let held = if load.is_held_back { " held back" } else { "" };
            lines.push(format!(
                "  {vehicle} {} {limit} {} per mille by {:?} centre {centre:?}{held}",
                load.receptacles, load.fill_permille, load.binding
            ));
        }
        for stays in &outlook.stays {
            lines.push(format!("  stays {} {} {}", stays.subject, stays.reason, stays.arguments.join(" ")));
        }
    }
    lines
}

#[test]
fn the_outlook_tells_ways_and_what_may_not_go_them() {
    let items = ["L1 go KGFRUA-C-CN-N 500 - - - - - - in-equipment", "K1 go KGFRUA-C-UN-N 400"];
    let operations = "2026-11-17T09:00,scan,L1,500\n2026-11-17T09:00,released,L1\n2026-11-17T09:00,scan,K1,400\n\
                      2026-11-17T09:00,released,K1\n2026-11-17T10:00,close-border,irkeshtam,2026-11-20\n";
    let told = outlook(&ways(), &items, operations, "2026-11-17T11:00", 4);
    assert_eq!(
        told,
        [
            "osh-road/2026-11-18T16:00 arrives 2026-11-24, closed irkeshtam Some(2)",
            "torugart-road/2026-11-19T16:00 arrives 2026-11-22",
            "  - 1 - 0 per mille by Volume centre None",
            "  stays B000001 leg-not-agreed kashgar-torugart-road lithium-in-equipment CN road-lithium",
            "islamabad-road/2026-11-20T09:00 arrives 2026-11-26, closed khunjerab-sost Some(2)",
            "osh-road/2026-11-20T16:00 arrives 2026-11-24",
            "  - 1 - 0 per mille by Volume centre None",
        ]
    );
}

#[test]
fn the_outlook_tells_what_is_held_back_and_what_limits() {
    let items = ["K1 go KZALAA-C-UN-N 300", "G1 go KGFRUA-C-UN-N 2500"];
    let operations = "2026-11-16T09:00,scan,K1,300\n2026-11-16T09:00,released,K1\n2026-11-16T09:00,scan,G1,2500\n\
                      2026-11-16T09:00,released,G1\n2026-11-16T10:00,announce,CSQU3054383,,bishkek-rail/2026-11-16T22:00\n";
    let told = outlook(&loading(), &items, operations, "2026-11-16T11:00", 4);
    assert_eq!(
        told,
        [
            "almaty-rail/2026-11-16T21:00 arrives 2026-11-19",
            "  - 0 plate 0 per mille by Volume centre None held back",
            "  stays B000001 left-for-fill 96 500",
            "bishkek-rail/2026-11-16T22:00 arrives 2026-11-19",
            "  CSQU3054383 1 plate 801 per mille by Volume centre Some((0, 0))",
            "tashkent-rail/2026-11-16T23:00 arrives 2026-11-19",
            "almaty-rail/2026-11-19T21:00 arrives 2026-11-22",
            "  - 1 plate 96 per mille by Volume centre Some((1, 0))",
        ]
    );
}

/// Of two trailers of one type the second goes under an agreement that allows it less: each is asked for itself, also when
/// it is the only one there.
#[test]
fn each_vehicle_is_limited_by_its_own_papers() {
    let bags = "2026-11-22T09:00,receive-receptacle,CNBJSAKZTSEACEN60007001009990,999000\n\
                2026-11-22T09:00,receive-receptacle,CNBJSAKZTSEACEN60007002009990,999000\n\
                2026-11-22T10:00,announce,XQ1,,astana-road/2026-11-22T18:00\n\
                2026-11-22T10:00,announce,XQ2,,astana-road/2026-11-22T18:00\n\
                2026-11-22T10:01,lock,CNBJSAKZTSEACEN60007001009990,XQ2\n";
    let told = outlook(&loading(), &[], bags, "2026-11-22T11:00", 1);
    assert_eq!(
        told,
        [
            "astana-road/2026-11-22T18:00 arrives 2026-11-23",
            "  XQ1 1 plate 38 per mille by Weight centre Some((1, 0))",
            "  XQ2 1 road quadrilateral-transit 55 per mille by Weight centre Some((1, 0))",
        ]
    );
    let told =
        outlook(&loading(), &[], &format!("{bags}2026-11-22T10:02,withdraw,XQ1\n"), "2026-11-22T11:00", 1);
    assert_eq!(
        told,
        [
            "astana-road/2026-11-22T18:00 arrives 2026-11-23",
            "  XQ2 2 road quadrilateral-transit 111 per mille by Weight centre Some((1, 0))",
        ]
    );
}

/// A box for Bishkek is far from half full: it waits until its mail has waited for five days, though nothing has left
/// before, and however many departures are asked for.
#[test]
fn what_waits_for_fill_goes_when_its_days_are_over() {
    let operations = "2026-11-16T09:00,scan,K1,400\n2026-11-16T09:00,released,K1\n";
    let goes = |departures: usize| {
        let told =
            outlook(&loading(), &["K1 go KGFRUA-C-UN-N 400"], operations, "2026-11-16T11:00", departures);
        let mut of = String::new();
        let mut goes = Vec::new();
        for line in told {
            match line.strip_prefix("  ") {
                None => of = line.split(' ').next().unwrap().to_owned(),
                Some(load) if load.contains(" per mille ") && !load.ends_with("held back") => {
                    goes.push(of.clone());
                }
                Some(_) => {}
            }
        }
        goes
    };
    let all = goes(20);
    assert_eq!(all, ["bishkek-rail/2026-11-19T22:00"], "the next one leaves on the 23rd");
    for departures in 1..20 {
        assert!(all.starts_with(&goes(departures)), "{departures}");
    }
}
