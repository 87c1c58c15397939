//! The network and its calendar.
//!
//! A way is told as one line a leg: `leg leaves..arrives +transfer (row hours)`, then the days, the confidence, and for a
//! published route its days.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

use caravan_planning::{Agreements, Answer, Cargo, End, Journey, MailKind, Network, Path, RowId};
use caravan_postal::{Country, Impc, MailCategory};
use chrono::NaiveDate;

mod laws;
mod tables;

fn network() -> &'static Network {
    static NETWORK: LazyLock<Network> = LazyLock::new(|| Network::load(&[]).unwrap());
    &NETWORK
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn end(text: &str) -> End {
    Impc::parse(text).map_or_else(|| End::Place(RowId::new(text)), End::Office)
}

fn cargo(word: &str) -> Cargo {
    let all = [Cargo::LithiumInEquipment, Cargo::LithiumAlone, Cargo::Dangerous, Cargo::ClosedTransit];
    all.into_iter().find(|cargo| cargo.as_str() == word).unwrap()
}

/// Reads `from to day wait category cargo...`; `@KZ` and `@leg` are agreements.
fn journey(text: &str) -> Journey {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (mut mail, mut agreements) = (BTreeSet::new(), Agreements::default());
    for word in &words[5..] {
        match word.strip_prefix('@').map(|agreed| (agreed, Country::parse(agreed))) {
            Some((_, Some(country))) => drop(agreements.countries.insert(country)),
            Some((leg, None)) => drop(agreements.legs.insert(RowId::new(leg))),
            None => drop(mail.insert(cargo(word))),
        }
    }
    Journey {
        from: end(words[0]),
        to: end(words[1]),
        leaves: day(words[2]),
        mail: MailKind { category: MailCategory::parse(words[4]).unwrap(), cargo: mail },
        agreements,
        wait_days_max: words[3].parse().unwrap(),
    }
}

fn told(answer: &Answer) -> String {
    let mut text = String::new();
    if let Some(path) = &answer.best {
        tell(path, &mut text);
    }
    for finding in answer.findings() {
        writeln!(text, "{} {}", finding.code.name, finding.arguments.join(" ")).unwrap();
    }
    text
}

fn tell(path: &Path, text: &mut String) {
    for leg in &path.legs {
        write!(text, "{} {}..{}", leg.leg, leg.leaves.format("%m-%d"), leg.arrives.format("%m-%d")).unwrap();
        if leg.transfer_hours > 0 {
            write!(text, " +{}", leg.transfer_hours).unwrap();
        }
        for wait in &leg.waits {
            write!(text, " ({} {})", wait.row, wait.hours).unwrap();
        }
        text.push('\n');
    }
    write!(
        text,
        "{} days, from {}, {}",
        path.days,
        path.arrives_earliest.format("%m-%d"),
        path.confidence.as_str()
    )
    .unwrap();
    match &path.published {
        Some((route, days)) => writeln!(text, ", {route} {}-{}", days.shortest, days.longest).unwrap(),
        None => text.push('\n'),
    }
}

fn check(question: &str, expected: &str) {
    let answer = network().answer(&journey(question)).unwrap();
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&told(&answer)), lines(expected), "{question}");
}

#[test]
fn goes_by_rail_and_by_road() {
    check(
        "wuhan malaszewicze 2025-08-01 10 C",
        "wuhan-alashankou-rail 08-01..08-07
         alashankou-dostyk-rail 08-07..08-07
         dostyk-brest-rail 08-07..08-13 +9
         brest-malaszewicze-rail 08-13..08-13
         12 days, from 08-09, K, wuhan-malaszewicze 13-13",
    );
    check(
        "CNCKGA vilnius 2020-04-03 5 C",
        "chongqing-alashankou-rail 04-03..04-09
         alashankou-dostyk-rail 04-09..04-09
         dostyk-kena-rail 04-09..04-15 +9
         kena-vilnius-rail 04-15..04-15
         12 days, from 04-11, K",
    );
    check(
        "urumqi KZALAA 2026-03-02 5 C closed-transit",
        "urumqi-horgos-rail 03-02..03-03
         horgos-altynkol-rail 03-03..03-03
         altynkol-almaty-rail 03-03..03-06 +9
         4 days, from 03-05, U, urumqi-almaty 2-4",
    );
    check(
        "CNCKGA duisburg 2026-03-02 5 C closed-transit",
        "chongqing-alashankou-rail 03-02..03-08
         alashankou-dostyk-rail 03-08..03-08
         dostyk-brest-rail 03-08..03-14 +9
         brest-malaszewicze-rail 03-14..03-14
         malaszewicze-duisburg-rail 03-16..03-18 +48
         16 days, from 03-11, U",
    );
}

#[test]
fn waits_at_a_closed_border_and_says_why() {
    check(
        "kashgar PKISBA 2025-08-01 5 C",
        "kashgar-khunjerab-road 08-01..08-02
         khunjerab-sost-road 08-04..08-04 (khunjerab-year-round 30)
         sost-islamabad-road 08-04..08-07
         6 days, from 08-03, U
         leg-wait khunjerab-sost-road 30 khunjerab-year-round",
    );
    check(
        "kashgar PKISBA 2024-12-14 5 C",
        "kashgar-khunjerab-road 12-14..12-15
         khunjerab-sost-road 12-16..12-16 (khunjerab-year-round 6)
         sost-islamabad-road 12-16..12-19
         5 days, from 12-17, U
         leg-wait khunjerab-sost-road 6 khunjerab-year-round",
    );
    check(
        "kashgar osh 2025-10-01 5 C",
        "kashgar-irkeshtam-road 10-01..10-02
         irkeshtam-osh-road 10-04..10-05 (irkeshtam-october-2025 48)
         4 days, from 10-04, D, kashgar-osh 1-2
         leg-wait irkeshtam-osh-road 48 irkeshtam-october-2025",
    );
    check(
        "kashgar KGFRUA 2025-10-01 5 C",
        "kashgar-torugart-road 10-01..10-02
         torugart-bishkek-road 10-04..10-06 (torugart-october-2025 48)
         5 days, from 10-05, U, kashgar-bishkek 2-3
         leg-wait torugart-bishkek-road 48 torugart-october-2025",
    );
    check(
        "manzhouli novosibirsk 2023-03-18 5 C",
        "manzhouli-novosibirsk-road 03-20..03-26 (manzhouli-road-2021 48)
         8 days, from 03-26, C, manzhouli-novosibirsk 6-6
         leg-wait manzhouli-novosibirsk-road 48 manzhouli-road-2021",
    );
    check(
        "brest warsaw 2025-09-14 12 C",
        "brest-malaszewicze-rail 09-26..09-26 (brest-malaszewicze-2025-09 288)
         malaszewicze-warsaw-road 09-28..09-30 +48
         16 days, from 09-27, U
         leg-wait brest-malaszewicze-rail 288 brest-malaszewicze-2025-09",
    );
}

#[test]
fn goes_around_a_closed_border_and_says_what_it_costs() {
    check(
        "CNCKGA duisburg 2025-09-05 3 C",
        "chongqing-alashankou-rail 09-05..09-11
         alashankou-dostyk-rail 09-11..09-11
         dostyk-mamonovo-rail 09-11..09-17 +9
         mamonovo-braniewo-rail 09-17..09-17
         braniewo-duisburg-rail 09-19..09-21 +48
         16 days, from 09-14, U
         way-detour 0
         leg-closed brest-malaszewicze-rail brest-malaszewicze-2025-09",
    );
    check(
        "CNCKGA duisburg 2025-09-05 20 C",
        "chongqing-alashankou-rail 09-05..09-11
         alashankou-dostyk-rail 09-11..09-11
         dostyk-mamonovo-rail 09-11..09-17 +9
         mamonovo-braniewo-rail 09-17..09-17
         braniewo-duisburg-rail 09-19..09-21 +48
         16 days, from 09-14, U
         way-detour 0
         leg-wait brest-malaszewicze-rail 207 brest-malaszewicze-2025-09",
    );
    check(
        "horgos KZALAA 2025-10-10 5 C",
        "horgos-altynkol-rail 10-10..10-10
         altynkol-almaty-rail 10-10..10-13 +9
         3 days, from 10-12, U
         way-detour 2
         leg-wait horgos-nur-zholy-road 120 horgos-nur-zholy-2025-10",
    );
}

#[test]
fn says_why_there_is_no_way() {
    check(
        "brest warsaw 2025-09-14 3 C",
        "way-none
         leg-closed brest-malaszewicze-rail brest-malaszewicze-2025-09
         leg-closed brest-slawkow-rail ukraine-war",
    );
    check(
        "kashgar PKISBA 2024-01-10 5 C",
        "way-none
         leg-closed khunjerab-sost-road khunjerab-season",
    );
    check(
        "CNCKGA vilnius 2022-04-03 5 C",
        "way-none
         leg-closed brest-slawkow-rail ukraine-war
         leg-no-transfer horgos-nur-zholy-road horgos rail-1435 road
         leg-closed kena-vilnius-rail lithuania-direct-trains",
    );
    check(
        "hunchun moscow 2024-06-05 7 C",
        "way-none
         leg-not-in-force kamyshovaya-moscow-rail",
    );
}

#[test]
fn asks_every_leg_for_its_permission() {
    check(
        "CNCKGA warsaw 2026-03-02 5 C lithium-in-equipment",
        "way-none
         leg-not-agreed alashankou-dostyk-rail lithium-in-equipment KZ rail-lithium
         leg-not-agreed horgos-altynkol-rail lithium-in-equipment KZ rail-lithium
         leg-no-transfer horgos-nur-zholy-road horgos rail-1435 road",
    );
    check(
        "CNCKGA warsaw 2026-03-02 5 C lithium-in-equipment @KZ @RU @BY @PL",
        "chongqing-alashankou-rail 03-02..03-08
         alashankou-dostyk-rail 03-08..03-08
         dostyk-brest-rail 03-08..03-14 +9
         brest-malaszewicze-rail 03-14..03-14
         malaszewicze-warsaw-road 03-16..03-18 +48
         16 days, from 03-11, U",
    );
    check(
        "CNURCA almaty 2026-03-02 5 C dangerous",
        "way-none
         leg-barred urumqi-alashankou-rail dangerous CN dangerous-goods
         leg-barred urumqi-horgos-rail dangerous CN dangerous-goods",
    );
    check(
        "CNURCA almaty 2026-03-02 5 A",
        "way-none
         leg-air-mail urumqi-alashankou-rail A
         leg-air-mail urumqi-horgos-rail A",
    );
}

#[test]
fn plans_anew_what_is_under_way_and_keeps_its_destination() {
    let network = network();
    let first = journey("CNCKGA duisburg 2025-08-25 3 C lithium-in-equipment @KZ @RU @BY @PL @DE");
    let planned = network.answer(&first).unwrap().best.unwrap();
    let legs: Vec<RowId> = planned.leg_ids().skip(2).cloned().collect();
    assert_eq!(legs.last().unwrap().as_str(), "malaszewicze-duisburg-rail");
    let at = |place, leaves| {
        network.reroute(&first, end(place), day(leaves), (legs.as_slice(), planned.arrives)).unwrap()
    };

    let open = at("dostyk", "2025-08-26");
    assert_eq!((open.new_legs, open.days_lost), (vec![], Some(-5)));

    // The way round touches Lithuania, where nobody has agreed to lithium: it is asked again.
    let barred = at("dostyk", "2025-09-08");
    assert!(barred.answer.best.is_none() && barred.days_lost.is_none());
    let refused: Vec<String> = barred.answer.findings().iter().map(|one| one.arguments.join(" ")).collect();
    assert!(refused.contains(&"dostyk-mamonovo-rail lithium-in-equipment LT rail-lithium".to_owned()));

    let mut agreed = first.clone();
    agreed.agreements.countries.insert(Country::parse("LT").unwrap());
    let planned = (legs.as_slice(), planned.arrives);
    let around = network.reroute(&agreed, end("dostyk"), day("2025-09-08"), planned).unwrap();
    let new: Vec<&str> = around.new_legs.iter().map(RowId::as_str).collect();
    assert_eq!(new, ["dostyk-mamonovo-rail", "mamonovo-braniewo-rail", "braniewo-duisburg-rail"]);
    assert_eq!(around.days_lost, Some(8));
    assert!(around.answer.best.unwrap().legs.iter().all(|leg| !leg.permitted_by.is_empty()));
}

#[test]
fn knows_no_office_it_has_not_been_told_of() {
    let error = |question| network().answer(&journey(question)).unwrap_err().to_string();
    assert_eq!(error("USJFKA almaty 2026-01-01 1 C"), "office `USJFKA` stands at no place of the network");
    assert_eq!(error("almaty atlantis 2026-01-01 1 C"), "the network has no place `atlantis`");
}
