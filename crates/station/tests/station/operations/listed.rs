//! The README lists every operation that a table may have, with the columns that are read of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use caravan_station::Config;

use super::{COLUMNS, config, read_table};

/// A line of each row of the README, in its order, with all that the row names.
const LINES: &[&str] = &[
    "scan,CP610000015CN,1200,,,",
    "take-out,CP610000015CN,,,,torn",
    "hand-back,CP610000015CN,,,,",
    "damage-report,CP610000015CN,,,,torn",
    "lost,CP610000015CN,,,,inquiry 4",
    "destroyed,CP610000015CN,,,,act 4",
    "void,CP610000015CN,,,,misread",
    "weigh-receptacle,B000012,8500,,,",
    "settle-receptacle,B000012,,,,",
    "merge,B000012,CNURCAKZALAACCN60001001000253,,,torn",
    "with-customs,CP610000015CN,,,,act 4",
    "filed,CP610000015CN,,,,",
    "documents-wanted,CP610000015CN,,,,",
    "inspect,CP610000015CN,,,,",
    "held,CP610000015CN,,,,",
    "seized,CP610000015CN,,,,",
    "return-to-sender,CP610000015CN,,,,",
    "goods-procedure,CP610000015CN,,,,",
    "abandoned,CP610000015CN,,,,",
    "released,CP610000015CN,,,,act 4",
    "released-in-part,CP610000015CN,2 3,,,act 4",
    "duty-due,CP610000015DE,26.00 CNY,,,",
    "paid,CP610000015DE,88-2601,,,",
    "customs-opening,B000012,8400,,CN7000001,act 4",
    "open-container,XJF10001,,,,act 4",
    "transfer-number,XJF10001,ZG2026111600001,,,",
    "file-again,507260000009/1,,,,",
    "announce,XJF10001,extra,almaty-road/2026-11-16T18:00,,",
    "withdraw,XJF10001,,,,",
    "lock,B000012,XJF10001,,,",
    "lock,XJF10001,,,,",
    "unlock,XJF10001,,,,",
    "seal,XJF10001,,,HS123401,",
    "sign,XJF10001,,,,",
    "cut,XJF10001,,almaty-road/2026-11-18T18:00,,",
    "reroute,XJF10001,,almaty-road/2026-11-18T18:00,,",
    "allow,XJF10001,off-balance,,,weighed twice",
    "conveyance,almaty-road/2026-11-16T18:00,X8001,,,",
    "vehicle,TBJU0024205,XJF10001,,,",
    "close-border,horgos-road,2026-11-20,,,",
    "open-border,horgos-road,,,,",
    "receive-receptacle,CNBJSAKZALAACUN60108001110031,3100,,CN7000002,",
    "open-receptacle,DEFRAACNURCACCN60042001000065,,,,",
    "close-arrival,DEFRAACNURCACCN60042,,,,",
    "receive-container,TBJU0024205,8000000,almaty-road/2026-11-16T18:00,BJ4711,459",
    "list-receptacle,CNBJSAKZALAACUN60108001110031,TBJU0024205,,,",
    "forward,CP610000015DE,yubei-van,,,",
    "refused,CP610000015DE,,,,",
    "confirm,CP610000015CN,letter 4,,,",
    "recall,CP610000015CN,,,,letter 4",
    "settle-dispatch,CNURCAKZALAACCN60001,,,,",
    "resolve-dispatch,CNURCAKZALAACCN60001,,,,",
    "resolve-consignment,CNA260000001,,,,",
    "resolve-item,CP610000015CN,,,,",
    "resolve-operation,hold.csv,,,,",
];

/// Returns the name of the column that cannot be read of a line; nothing where all of it can.
fn unreadable(line: &str) -> Option<String> {
    static CONFIG: LazyLock<Config> = LazyLock::new(config);
    let (_, findings) = read_table(format!("{COLUMNS}\n2026-11-16T09:00,{line}\n").as_bytes(), &CONFIG);
    findings.first().map(|finding| String::from(finding.arguments[0].clone()))
}

/// Gathers what stands as a text in the sources below a folder and is read as the name of an operation.
fn names_in(path: &Path, names: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            names_in(&entry.unwrap().path(), names);
        }
        return;
    }
    let text = fs::read_to_string(path).unwrap();
    let is_plain = |text: &&str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let quoted = text.split('"').filter(|text| !text.is_empty()).filter(is_plain);
    let known = quoted.filter(|name| unreadable(&format!("{name},?,,,,")).as_deref() != Some("operation"));
    names.extend(known.map(str::to_owned));
}

/// Returns the cells of the README's rows of operations.
fn rows(readme: &str) -> Vec<Vec<&str>> {
    let (_, section) = readme.split_once("\n## Operations\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn the_readme_lists_every_operation_with_its_columns() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = BTreeSet::new();
    for source in ["src/operation", "src/operation.rs", "src/item.rs"] {
        names_in(&crate_folder.join(source), &mut names);
    }
    let readme = fs::read_to_string(crate_folder.join("README.md")).unwrap();
    let rows = rows(&readme);
    let listed: BTreeSet<String> = rows.iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    assert_eq!(listed, names, "the README and what is read");
    assert_eq!(rows.len(), LINES.len(), "a line for each row");
    let columns: Vec<&str> = COLUMNS.split(',').skip(1).collect();
    for (row, line) in rows.iter().zip(LINES) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(row[0], format!("`{}`", cells[0]), "the line of the row");
        assert_eq!(unreadable(line), None, "{line}");
        for (index, column) in columns.iter().enumerate().skip(1) {
            assert_eq!(row[index].is_empty(), cells[index].is_empty(), "{column} of {line}");
            let mut without = cells.clone();
            without[index] = "";
            let is_needed = !row[index].is_empty() && !row[index].starts_with('(');
            let found = unreadable(&without.join(","));
            assert_eq!(found.is_some(), is_needed, "{column} of {line}: {found:?}");
        }
    }
}
