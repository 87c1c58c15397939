//! Every event of the UPU's that the station appends is in the table of who is told of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use caravan_edi::emsevt::EventKind;
use caravan_station::{is_told, is_told_back};

/// Gathers the UPU's event codes that stand as texts in the sources below a folder.
fn codes_in(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, codes);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let quoted = text.split('"').filter(|text| EventKind::parse(text).is_some());
        codes.extend(quoted.map(str::to_owned));
    }
}

#[test]
fn every_event_has_its_row_in_the_readme() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut codes = BTreeSet::new();
    codes_in(&crate_folder.join("src"), &mut codes);
    assert!(codes.len() >= 14, "{codes:?}");
    let readme = fs::read_to_string(crate_folder.join("README.md")).unwrap();
    let rows: Vec<(&str, &str)> = readme
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            Some((*cells.get(1)?, *cells.get(3)?)).filter(|(code, _)| EventKind::parse(code).is_some())
        })
        .collect();
    let listed: BTreeSet<String> = rows.iter().map(|(code, _)| (*code).to_owned()).collect();
    assert_eq!(listed, codes, "the table and what the station appends");
    assert_eq!(rows.len(), listed.len(), "each once");
    for (code, told) in rows {
        assert_eq!(told.contains("post of origin"), is_told_back(code), "{code}");
        assert_eq!(told.contains("office of destination"), is_told(code), "{code}");
        let kind = EventKind::parse(code).unwrap();
        assert_eq!(told.contains("with an agreed reason"), kind.reasons().is_some(), "{code}");
    }
}
