//! Timetables.

use std::slice::from_ref;

use caravan_planning::{Closure, PeriodError, Service, Weekdays, runs_between};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Returns the instant of a UTC time written `2026-03-02T06:00:00`.
fn utc(text: &str) -> i64 {
    text.parse::<NaiveDateTime>().unwrap().and_utc().timestamp_millis()
}

fn service(days: &[Weekday], time: &str) -> Service {
    Service {
        weekdays: days.iter().copied().collect(),
        time: NaiveTime::parse_from_str(time, "%H:%M").unwrap(),
        valid_from: day("2026-01-01"),
        valid_to: None,
        closed: Vec::new(),
        added: std::collections::BTreeSet::new(),
    }
}

/// Lists the local times of the runs between two UTC times, for an office at a fixed offset.
fn check(services: &[Service], from: &str, until: &str, offset_h: i64, expected: &[&str]) {
    let to_utc = |_, local: NaiveDateTime| local.and_utc().timestamp_millis() - offset_h * HOUR;
    let runs = runs_between(services, utc(from), utc(until), to_utc).unwrap();
    let told: Vec<String> =
        runs.iter().map(|run| format!("{} {}", run.service, run.local.format("%m-%d %H:%M"))).collect();
    assert_eq!(told, expected, "{from} to {until}");
    assert!(runs.iter().all(|run| to_utc(run.service, run.local) == run.leaves_ms));
}

#[test]
fn leaves_on_its_weekdays_by_local_time() {
    use Weekday::{Fri, Mon, Tue};
    // 2026-03-02 is a Monday. 06:00 in Urumqi's official time is 22:00 UTC of the day before.
    let early = service(&[Mon, Fri], "06:00");
    check(
        from_ref(&early),
        "2026-03-01T22:00:00",
        "2026-03-08T22:00:00",
        8,
        &["0 03-02 06:00", "0 03-06 06:00"],
    );
    check(from_ref(&early), "2026-03-01T22:00:01", "2026-03-05T22:00:00", 8, &[]);
    check(from_ref(&early), "2026-03-02T00:00:00", "2026-03-01T00:00:00", 8, &[]);
    let late = service(&[Tue, Fri], "05:30");
    check(
        &[early, late],
        "2026-03-02T00:00:00",
        "2026-03-06T12:00:00",
        8,
        &["1 03-03 05:30", "1 03-06 05:30", "0 03-06 06:00"],
    );
    check(&[service(&[Mon], "23:59")], "2026-03-03T11:58:00", "2026-03-03T12:00:00", -12, &["0 03-02 23:59"]);
    check(&[service(&[Mon], "00:00")], "2026-03-01T10:00:00", "2026-03-01T10:00:01", 14, &["0 03-02 00:00"]);
    check(&[service(&[], "06:00")], "2026-03-01T00:00:00", "2026-06-01T00:00:00", 8, &[]);
}

#[test]
fn stays_on_closed_days_and_leaves_on_added_ones() {
    let week = ("2026-04-05T16:00:00", "2026-04-12T16:00:00");
    let mut daily = Service { weekdays: Weekdays::DAILY, ..service(&[], "12:00") };
    daily.closed.push(Closure { from: day("2026-04-07"), to: Some(day("2026-04-10")) });
    check(from_ref(&daily), week.0, week.1, 8, &["0 04-06 12:00", "0 04-11 12:00", "0 04-12 12:00"]);
    daily.closed.push(Closure { from: day("2026-04-12"), to: None });
    check(from_ref(&daily), week.0, week.1, 8, &["0 04-06 12:00", "0 04-11 12:00"]);
    daily.valid_to = Some(day("2026-04-06"));
    check(from_ref(&daily), week.0, week.1, 8, &["0 04-06 12:00"]);
    daily.valid_from = day("2026-04-07");
    check(&[daily], week.0, week.1, 8, &[]);

    let mut single = service(&[], "12:00");
    single.added.extend([day("2026-04-07"), day("2026-04-09"), day("2025-12-31")]);
    single.closed.push(Closure { from: day("2026-04-09"), to: Some(day("2026-04-09")) });
    check(from_ref(&single), week.0, week.1, 8, &["0 04-07 12:00"]);
    check(&[single], "2025-12-30T00:00:00", "2026-01-02T00:00:00", 8, &[]);
}

#[test]
fn leaves_clock_changes_to_the_caller() {
    // Vilnius: 03:30 does not exist on 2026-03-29, the clock goes from 03:00 to 04:00.
    let vilnius = |_, local: NaiveDateTime| {
        let is_summer = local >= "2026-03-29T03:00:00".parse().unwrap();
        local.and_utc().timestamp_millis() - if is_summer { 3 } else { 2 } * HOUR
    };
    let daily = Service { weekdays: Weekdays::DAILY, ..service(&[], "03:30") };
    let runs =
        runs_between(&[daily], utc("2026-03-28T00:00:00"), utc("2026-03-31T00:00:00"), vilnius).unwrap();
    let gaps: Vec<i64> = runs.windows(2).map(|pair| (pair[1].leaves_ms - pair[0].leaves_ms) / HOUR).collect();
    assert_eq!(gaps, [23, 24]);
}

#[test]
fn refuses_periods_without_end() {
    let to_utc = |_, local: NaiveDateTime| local.and_utc().timestamp_millis();
    let services = [service(&[Weekday::Mon], "06:00")];
    let start = utc("2026-01-01T00:00:00");
    let years = |days: i64| runs_between(&services, start, start + days * 24 * HOUR, to_utc);
    assert!(years(998).is_ok());
    assert_eq!(years(999), Err(PeriodError::TooLong(1001)));
    assert_eq!(runs_between(&services, i64::MIN, start, to_utc), Err(PeriodError::OutsideCalendar(i64::MIN)));
    assert_eq!(runs_between(&services, start, i64::MAX, to_utc), Err(PeriodError::OutsideCalendar(i64::MAX)));
}

proptest! {
    #[test]
    fn two_halves_make_the_whole(start in 0i64..400, length in 0i64..600, cut in 0i64..600, minutes in 0u32..1440, set in 0u8..128) {
        let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        let days: Vec<Weekday> = days.into_iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|day| day.1).collect();
        let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let services = [service(&days, &time), service(&[Weekday::Wed], "08:00")];
        let to_utc = |_, local: NaiveDateTime| local.and_utc().timestamp_millis() - 8 * HOUR;
        let from = utc("2025-12-20T00:00:00") + start * HOUR;
        let (until, middle) = (from + length * HOUR, from + cut.min(length) * HOUR);
        let runs = |from, until| runs_between(&services, from, until, to_utc).unwrap();
        let mut halves = runs(from, middle);
        halves.extend(runs(middle, until));
        prop_assert_eq!(halves, runs(from, until));
    }
}
