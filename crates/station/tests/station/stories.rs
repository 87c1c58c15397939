//! The stories: every file of `tests/stories` is told and compared with its own expectation, which
//! `CARAVAN_BLESS=1` writes anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use caravan_station::{Config, MESSAGES, ReceptacleState};

use crate::facts::Facts;
use crate::life::Between;
use crate::story::Story;
use crate::{config_in, folder, loading, ways};

#[test]
fn every_story_comes_to_its_facts() {
    let mut seen = BTreeSet::new();
    let mut differ = Vec::new();
    for (folder, least) in [(folder(), 50), (ways(), 6), (loading(), 11)] {
        let config = config_in(&folder);
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_none_or(|found| found != "toml"));
        files.sort();
        assert!(files.len() >= least, "the stories are there");
        for file in &files {
            assert!(file.extension().is_some_and(|found| found == "txt"), "{} is no story", file.display());
            differ.extend(check(file, &config, &mut seen));
        }
    }
    assert!(differ.is_empty(), "{} stories differ:\n{}", differ.len(), differ.join("\n"));
    // What is found before an item comes to the station.
    let elsewhere = [
        "operation-unreadable",
        "operation-column-missing",
        "no-partner",
        "identifier-reused",
        "identifier-repeated",
        // What a person asks for, as things stand.
        "customs-holds",
        "gate-shut",
        // What a container is refused for before it comes to a gate, unless its limits have changed meanwhile.
        "not-served",
        "overloaded",
        // What the outlook alone tells, and its tests.
        "left-no-departure",
        // Only who has the declaration can know its pieces.
        "piece-unknown",
        "nothing-remains",
    ];
    let codes = MESSAGES.codes.iter().map(|code| code.name).filter(|code| !elsewhere.contains(code));
    let unseen: Vec<&str> = codes.filter(|code| !seen.contains(code)).collect();
    assert!(unseen.is_empty(), "codes without a story: {unseen:?}");
}

/// The one door: tells a story, as it is and interrupted, and returns how it differs from what is expected.
fn check(file: &Path, config: &Config, seen: &mut BTreeSet<&'static str>) -> Option<String> {
    let name = file.file_stem().unwrap().to_string_lossy();
    let story = Story::read(&std::fs::read_to_string(file).unwrap(), config);
    let record = story.tell(config, Between::Nothing);
    seen.extend(record.findings.iter().map(|found| found.finding.code.name));
    for left in record.departures.values().flat_map(|departure| &departure.left_behind) {
        let codes = MESSAGES.codes.iter().chain(caravan_planning::MESSAGES.codes);
        let code = codes.map(|code| code.name).find(|code| *code == left.reason);
        // What waits at the scale, or for someone to look into it, stays for the state that it is in.
        assert!(code.is_some() || ReceptacleState::parse(&left.reason).is_some(), "{name}: {}", left.reason);
        seen.extend(code);
    }
    for between in [Between::Settle, Between::Restart] {
        assert!(story.tell(config, between) == record, "{name}: {between:?} between the steps changes it");
    }
    let found = Facts::of(&record, config).tell(&story);
    if std::env::var_os("CARAVAN_BLESS").is_some() {
        std::fs::write(file, format!("{}{found}", story.telling)).unwrap();
        return None;
    }
    let expected = &story.expected;
    (found != *expected).then(|| format!("--- {name}, expected\n{expected}--- found\n{found}"))
}
