//! Feeds of exchange rates with what is to be read from them: `fixtures/feeds/<feed>-<case>/input.*` and `expected.txt`.
//!
//! `expected.txt` begins with the reason of the case, then lists the rates as published, the findings, and the rates as
//! they count. `CARAVAN_BLESS=1` writes it anew. The figures are made up.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use caravan_tariff::feeds::{self, Feed, FeedLimits, Reading};
use caravan_tariff::{Engine, MESSAGES, Rates};
use proptest::prelude::*;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/feeds");
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

/// Returns the feed that a case is named after, and its input.
fn input(case: &Path) -> (Feed, Vec<u8>) {
    let name = case.file_name().unwrap().to_str().unwrap();
    let feed = Feed::parse(name.split('-').next().unwrap()).expect("a case is named after its feed");
    let files: Vec<PathBuf> = std::fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{name}: an input and its expectation");
    let is_input = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == "input");
    (feed, std::fs::read(files.iter().find(is_input).unwrap()).unwrap())
}

fn describe(engine: &Engine, feed: Feed, reading: &Reading) -> String {
    let mut text = format!("{}\n", if reading.is_good() { "good" } else { "not good" });
    for rate in &reading.rates {
        let days = rate.to.map_or_else(|| rate.on.to_string(), |to| format!("{}..{to}", rate.on));
        writeln!(text, "{days} {} {} = {} {}", rate.units, rate.currency, rate.value, rate.counter).unwrap();
    }
    for finding in &reading.findings {
        writeln!(text, "{} {} {:?}", finding.place, finding.code.name, finding.arguments).unwrap();
    }
    let rates = feeds::lay(&reading.rates, feed, engine.authority(feed.authority()).unwrap());
    for one in rates.quotations() {
        let to = one.valid_to.map_or_else(String::new, |to| to.to_string());
        let (units, value) = (one.units, one.value);
        writeln!(
            text,
            "{} {}..{to}: {units} {} = {value} {} ({})",
            one.authority, one.valid_from, one.currency, one.counter, one.source
        )
        .unwrap();
    }
    text
}

#[test]
fn reads_what_is_published() {
    let engine = Engine::builtin();
    let (mut codes, mut known) = (BTreeSet::new(), BTreeSet::new());
    for case in cases() {
        let (feed, bytes) = input(&case);
        let reading = feeds::read(feed, &bytes, &FeedLimits::standard());
        codes.extend(reading.findings.iter().map(|finding| finding.code.name));
        if reading.is_good() {
            known.insert(feed);
        }
        let path = case.join("expected.txt");
        let expected = std::fs::read_to_string(&path).unwrap();
        let reason = expected.lines().next().expect("the first line is the reason");
        assert!(reason.len() > 10, "{}: a reason", case.display());
        let found = format!("{reason}\n{}", describe(&engine, feed, &reading));
        if std::env::var_os("CARAVAN_BLESS").is_some_and(|value| value == "1") {
            std::fs::write(&path, found).unwrap();
        } else {
            assert!(found == expected, "{}:\n--- expected\n{expected}--- found\n{found}", path.display());
        }
    }
    assert_eq!(known.len(), Feed::ALL.len(), "every feed has a case that is good: {known:?}");
    let declared = MESSAGES.codes.iter().map(|code| code.name).filter(|name| name.starts_with("feed-"));
    // Limits have a test of their own.
    let unseen: Vec<&str> = declared
        .filter(|name| !codes.contains(name) && !["feed-large", "feed-many"].contains(name))
        .collect();
    assert!(unseen.is_empty(), "codes without a case: {unseen:?}");
}

#[test]
fn keeps_its_limits() {
    let case = cases().into_iter().find(|case| case.ends_with("ecb-history")).unwrap();
    let (feed, bytes) = input(&case);
    let told = |limits: &FeedLimits| {
        let reading = feeds::read(feed, &bytes, limits);
        let codes: Vec<&str> = reading.findings.iter().map(|finding| finding.code.name).collect();
        (reading.rates.len(), codes.join(" "), reading.is_good())
    };
    let standard = FeedLimits::standard();
    let all = 7;
    assert_eq!(told(&standard), (all, String::new(), true));
    let exact = FeedLimits { bytes_max: bytes.len(), rates_max: all, ..standard.clone() };
    assert_eq!(told(&exact), (all, String::new(), true));
    assert_eq!(
        told(&FeedLimits { bytes_max: bytes.len() - 1, ..exact.clone() }),
        (0, "feed-large".to_owned(), false)
    );
    assert_eq!(
        told(&FeedLimits { rates_max: all - 1, ..exact.clone() }),
        (all - 1, "feed-many".to_owned(), true)
    );
    let faulty = cases().into_iter().find(|case| case.ends_with("ecb-faulty")).unwrap();
    let (feed, bytes) = input(&faulty);
    let reading = feeds::read(feed, &bytes, &FeedLimits { findings_max: 2, ..standard });
    assert_eq!(reading.findings.len(), 2);
}

#[test]
fn what_was_read_can_be_kept() {
    let engine = Engine::builtin();
    for case in cases() {
        let (feed, bytes) = input(&case);
        let reading = feeds::read(feed, &bytes, &FeedLimits::standard());
        let rates = feeds::lay(&reading.rates, feed, engine.authority(feed.authority()).unwrap());
        let again = Rates::parse(&rates.to_toml()).expect("what is written can be read");
        let (before, after): (Vec<_>, Vec<_>) = (rates.quotations().collect(), again.quotations().collect());
        assert_eq!(before, after, "{}", case.display());
        // Laid over themselves they are the same.
        let twice = rates.laid_over(&again);
        assert_eq!(twice.quotations().collect::<Vec<_>>(), before);
    }
}

proptest! {
    #[test]
    fn no_bytes_are_a_panic(index in 0..Feed::ALL.len(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let reading = feeds::read(Feed::ALL[index], &bytes, &FeedLimits::standard());
        prop_assert!(reading.rates.is_empty() || reading.is_good());
    }

    #[test]
    fn no_damage_to_a_feed_is_a_panic(
        case in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let cases = cases();
        let (feed, mut bytes) = input(&cases[case.index(cases.len())]);
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        for feed in [feed, Feed::ALL[at % Feed::ALL.len()]] {
            let reading = feeds::read(feed, &bytes, &FeedLimits::standard());
            prop_assert!(!reading.findings.is_empty() || reading.is_good());
        }
    }
}
