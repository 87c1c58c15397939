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

/// The questions with their answers, blank lines between them; `#` begins a remark.
const WAYS: &str = include_str!("network/ways.txt");

#[test]
fn answers_every_question() {
    let cases = WAYS.split("\n\n").filter(|case| !case.trim_start().starts_with('#'));
    let mut faults = String::new();
    let mut asked = 0;
    for case in cases {
        let (question, expected) = case.trim().split_once('\n').unwrap();
        let trimmed =
            |text: &str| -> String { text.lines().map(|line| line.trim().to_owned() + "\n").collect() };
        let expected = trimmed(expected);
        let answer = trimmed(&told(&network().answer(&journey(question)).unwrap()));
        asked += 1;
        if answer != expected {
            write!(faults, "{question}\n{answer}instead of\n{expected}\n").unwrap();
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(asked >= 20, "{asked} questions");
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
