//! Every rule on articles with contents that it meets and their nearest harmless neighbours. A rule without an entry,
//! or an entry without a rule, fails.

use std::collections::BTreeSet;
use std::path::Path;

use caravan_declaration::{Declaration, Document, DocumentKind, Identifier, Party, Piece, Route};
use caravan_postal::{Country, Currency, Grams, Handling, HsCode, MailClass, Money, Nature, S10};
use caravan_tariff::{BUILTIN, Decision, Engine, Flow, Options, Question, Rates, Transport};
use chrono::NaiveDate;
use serde::Deserialize;
use toml::value::Datetime;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    entry: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The rule.
    row: String,
    /// What it says: the code of its finding.
    says: String,
    /// Where a refused item is put.
    #[serde(default)]
    physical: String,
    #[serde(default = "china")]
    from: String,
    #[serde(default = "kazakhstan")]
    to: String,
    #[serde(default)]
    is_import: bool,
    #[serde(default = "road")]
    mode: String,
    #[serde(default = "today")]
    on: String,
    /// Contents that the rule meets: a description, or `HS` and a code; before either `LETTER` for letter post and
    /// `INSURED` for an insured item. `FROM` and a region is anything from there, `OF` and a country anything made there.
    hit: Vec<String>,
    /// Contents that it leaves alone.
    miss: Vec<String>,
    /// With this paper the rule remarks only.
    paper: Option<String>,
}

fn china() -> String {
    "CN".to_owned()
}
fn kazakhstan() -> String {
    "KZ".to_owned()
}
fn road() -> String {
    "road".to_owned()
}
fn today() -> String {
    "2026-11-22".to_owned()
}

#[derive(Debug, Deserialize)]
struct Tables {
    #[serde(default)]
    article: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    valid_from: Datetime,
    valid_to: Option<Datetime>,
}

/// Takes a word off the beginning of a content.
fn prefixed<'a>(content: &'a str, word: &str) -> (&'a str, bool) {
    content.strip_prefix(word).map_or((content, false), |rest| (rest, true))
}

/// What the rule of an entry says about one content on its day: code, decision, place.
fn ask(engine: &Engine, entry: &Entry, content: &str, paper: Option<&str>) -> (String, Decision, String) {
    ask_on(engine, entry, content, paper, entry.on.parse().expect("a date"))
}

fn ask_on(
    engine: &Engine,
    entry: &Entry,
    content: &str,
    paper: Option<&str>,
    date: NaiveDate,
) -> (String, Decision, String) {
    let country = |code: &str| Country::parse(code).expect("a country");
    let party = |code: &str| Party {
        name: Some("Li Lei"),
        street: Some("Road 1"),
        city: Some("City"),
        country: Some(country(code)),
        ..Party::default()
    };
    let (content, is_letter) = prefixed(content, "LETTER ");
    let (content, is_insured) = prefixed(content, "INSURED ");
    let region = content.strip_prefix("FROM ");
    let made_in = content.strip_prefix("OF ").map(country);
    let hs = content.strip_prefix("HS ").map(|code| HsCode::parse(code).expect("a code"));
    let is_plain = hs.is_none() && region.is_none() && made_in.is_none();
    let piece = Piece {
        description: Some(if is_plain { content } else { "as classified" }),
        hs,
        origin: made_in,
        units: Some(1),
        net_weight: Some(Grams(400)),
        value: Some(Money { minor: 1000, currency: Currency::CNY }),
        ..Piece::default()
    };
    let kind = match paper {
        Some("licence") => Some(DocumentKind::Licence),
        Some("certificate") => Some(DocumentKind::Certificate),
        Some(_) => Some(DocumentKind::Invoice),
        None => None,
    };
    let declaration = Declaration {
        identifier: Some(Identifier::S10(
            S10::new(if is_letter { "UA" } else { "CP" }, 1, country(&entry.from)).expect("an identifier"),
        )),
        route: Route {
            class: Some(if is_letter { MailClass::Letters } else { MailClass::Parcels }),
            handling: Some(if is_insured { Handling::Insured } else { Handling::Normal }),
            ..Route::default()
        },
        nature: Some(Nature::Other),
        gross_weight: Some(Grams(500)),
        sender: Party { region, ..party(&entry.from) },
        addressee: party(&entry.to),
        pieces: vec![piece],
        documents: kind.map(|kind| Document { kind, number: "7" }).into_iter().collect(),
        ..Declaration::default()
    };
    let (rates, options) = (Rates::default(), Options::default());
    let answer = engine.assess(&Question {
        declaration: &declaration,
        flow: if entry.is_import { Flow::Import } else { Flow::Export },
        filed_on: date,
        accepted_on: date,
        rated_on: None,
        mode: Transport::ALL.into_iter().find(|mode| mode.as_str() == entry.mode).expect("a way of carriage"),
        rates: &rates,
        options: &options,
    });
    let finding =
        answer.findings.iter().find(|finding| finding.arguments.iter().any(|one| **one == *entry.row));
    let physical = answer.physical.map(|physical| physical.as_str().to_owned());
    (
        finding.map_or_else(String::new, |finding| finding.code.name.to_owned()),
        answer.decision,
        physical.unwrap_or_default(),
    )
}

/// Reads the entries of every file of `tests/articles`.
fn entries() -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let files = std::fs::read_dir(folder).expect("it is a folder of this suite");
    let mut entries = Vec::new();
    for file in files {
        let file = file.expect("the folder is readable").path();
        let text = std::fs::read_to_string(&file).expect("the file is readable");
        let read: Entries =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        entries.extend(read.entry);
    }
    entries
}

/// Returns every rule on articles of the program's tables.
fn rows() -> impl Iterator<Item = Row> {
    let tables =
        BUILTIN.iter().filter(|table| table.name.rsplit_once('.').is_some_and(|(_, kind)| kind == "toml"));
    tables.flat_map(|table| toml::from_str::<Tables>(table.text).expect("the tables are right").article)
}

#[test]
fn every_rule_begins_on_its_first_day_and_ends_on_its_last() {
    let engine = Engine::builtin();
    let entries = entries();
    let day = |day: Datetime| -> NaiveDate { day.to_string().parse().expect("a date") };
    let mut faults = Vec::new();
    for row in rows() {
        let Some(entry) = entries.iter().find(|entry| entry.row == row.id && !entry.says.is_empty()) else {
            continue;
        };
        let first = day(row.valid_from);
        let mut days = vec![(first.pred_opt().expect("a day"), false), (first, true)];
        if let Some(last) = row.valid_to.map(day) {
            days.extend([(last, true), (last.succ_opt().expect("a day"), false)]);
        }
        for (date, is_said) in days {
            let (says, ..) = ask_on(&engine, entry, &entry.hit[0], None, date);
            if (says == entry.says) != is_said {
                faults.push(format!("{}: `{}` says `{says}` on {date}", row.id, entry.hit[0]));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_rule_meets_what_it_means_and_nothing_beside() {
    let engine = Engine::builtin();
    let entries = entries();
    let mut faults = Vec::new();
    for entry in &entries {
        assert!(!entry.hit.is_empty() && !entry.miss.is_empty(), "`{}` has both sides", entry.row);
        for content in &entry.hit {
            let (says, decision, physical) = ask(&engine, entry, content, None);
            if says != entry.says {
                faults.push(format!("{}: `{content}` says `{says}`, expected `{}`", entry.row, entry.says));
            }
            let is_refused = decision == Decision::Refuse;
            if is_refused == physical.is_empty() || (!entry.physical.is_empty() && physical != entry.physical)
            {
                faults.push(format!(
                    "{}: `{content}` is put `{physical}`, expected `{}`",
                    entry.row, entry.physical
                ));
            }
            if let Some(paper) = &entry.paper {
                let (says, ..) = ask(&engine, entry, content, Some(paper));
                if says != "article-documented" {
                    faults.push(format!("{}: `{content}` with a {paper} says `{says}`", entry.row));
                }
            }
        }
        for content in &entry.miss {
            let (says, ..) = ask(&engine, entry, content, None);
            if !says.is_empty() {
                faults.push(format!("{}: `{content}` says `{says}`, expected nothing", entry.row));
            }
        }
    }
    let told: BTreeSet<String> = entries.iter().map(|entry| entry.row.clone()).collect();
    let rows: BTreeSet<String> = rows().map(|row| row.id).collect();
    faults.extend(rows.difference(&told).map(|row| format!("{row}: has no entry")));
    faults.extend(told.difference(&rows).map(|row| format!("{row}: is no rule")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
