//! Days and moments that follow from the settings.

use caravan_station::Config;
use chrono::{DateTime, NaiveDateTime};

use crate::{config, folder, settings_in};

#[test]
fn an_item_is_accepted_after_its_departure_in_the_zone_of_the_destination() {
    let settings = settings_in(&folder());
    // The stories' truck to Almaty leaves at 18:00 on week days, 10:00 UTC, and takes three days.
    for (zone, departs, filed, expected) in [
        ("Asia/Almaty", "18:00", "2026-11-16", "2026-11-19"),
        // 23:30 in China is 20:30 in Almaty, and 02:30 of the next day in Auckland.
        ("Asia/Almaty", "23:30", "2026-11-16", "2026-11-19"),
        ("Pacific/Auckland", "23:30", "2026-11-16", "2026-11-20"),
        // 02:00 in China is still the day before in Almaty.
        ("Asia/Almaty", "02:00", "2026-11-16", "2026-11-18"),
        // Closed on the 18th, and a Saturday waits for Monday.
        ("Asia/Almaty", "18:00", "2026-11-18", "2026-11-22"),
        ("Asia/Almaty", "18:00", "2026-11-21", "2026-11-26"),
    ] {
        let changed = settings
            .replacen("transit_days = 3\n", &format!("transit_days = 3\nzone = \"{zone}\"\n"), 1)
            .replacen("departs = \"18:00\"", &format!("departs = \"{departs}\""), 1);
        let config = Config::parse(&changed, "").unwrap();
        let almaty = config.partners.iter().position(|partner| partner.office.as_str() == "KZALAA").unwrap();
        let found = config.accepted_on(filed.parse().unwrap())[almaty];
        assert_eq!(found.to_string(), expected, "{departs} of {filed} in {zone}");
    }
}

#[test]
fn turns_civil_times_into_moments() {
    let in_zone = |zone: &str| {
        let settings = settings_in(&folder());
        Config::parse(&settings.replace("Asia/Shanghai", zone), "").unwrap()
    };
    for (zone, local, utc) in [
        ("Asia/Shanghai", "2026-11-16T18:00:00", "2026-11-16T10:00:00"),
        // Clocks in Warsaw are set forward at 02:00 on 2026-03-29 and back at 03:00 on 2026-10-25.
        ("Europe/Warsaw", "2026-03-29T01:59:59", "2026-03-29T00:59:59"),
        ("Europe/Warsaw", "2026-03-29T02:00:00", "2026-03-29T01:00:00"),
        ("Europe/Warsaw", "2026-03-29T02:30:00", "2026-03-29T01:30:00"),
        ("Europe/Warsaw", "2026-03-29T03:00:00", "2026-03-29T01:00:00"),
        ("Europe/Warsaw", "2026-10-25T01:59:59", "2026-10-24T23:59:59"),
        ("Europe/Warsaw", "2026-10-25T02:00:00", "2026-10-25T00:00:00"),
        ("Europe/Warsaw", "2026-10-25T02:59:59", "2026-10-25T00:59:59"),
        ("Europe/Warsaw", "2026-10-25T03:00:00", "2026-10-25T02:00:00"),
        // Kazakhstan has one time since 2024-03-01: in Almaty that midnight came twice.
        ("Asia/Almaty", "2024-02-29T22:59:59", "2024-02-29T16:59:59"),
        ("Asia/Almaty", "2024-02-29T23:30:00", "2024-02-29T17:30:00"),
        ("Asia/Almaty", "2024-03-01T00:00:00", "2024-02-29T19:00:00"),
        // Half an hour forward, two hours forward, and a day that Samoa left out.
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00"),
        ("Antarctica/Troll", "2026-03-29T02:30:00", "2026-03-29T02:30:00"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00"),
    ] {
        let config = in_zone(zone);
        let local: NaiveDateTime = local.parse().unwrap();
        let found = DateTime::from_timestamp_millis(config.moment(local)).unwrap().naive_utc();
        assert_eq!(found.format("%FT%T").to_string(), utc, "{local} in {zone}");
    }
    // However far off, a civil time has a moment, and a moment a civil time.
    for config in [config(), in_zone("Pacific/Kiritimati"), in_zone("Pacific/Pago_Pago")] {
        for local in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            config.moment(local);
        }
        for at_ms in [i64::MIN, -1, 0, i64::MAX] {
            config.local(at_ms);
            config.stamp(at_ms);
        }
    }
}
