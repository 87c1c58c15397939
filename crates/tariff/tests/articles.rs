//! Every rule on articles with contents that it meets and their nearest harmless neighbours. A rule without an entry,
//! or an entry without a rule, fails.

use std::collections::BTreeSet;

use caravan_declaration::{Declaration, Document, DocumentKind, Identifier, Party, Piece, Route};
use caravan_postal::{Country, Currency, Grams, Handling, HsCode, MailClass, Money, Nature, S10};
use caravan_tariff::{BUILTIN, Decision, Engine, Flow, Options, Question, Rates, Transport};
use chrono::NaiveDate;
use serde::Deserialize;

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
    /// Contents that the rule meets: a description, or `HS` and a code.
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
}

/// What the rule of an entry says about one content: code, decision, place.
fn ask(engine: &Engine, entry: &Entry, content: &str, paper: Option<&str>) -> (String, Decision, String) {
    let country = |code: &str| Country::parse(code).expect("a country");
    let party = |code: &str| Party {
        name: Some("Li Lei"),
        street: Some("Road 1"),
        city: Some("City"),
        country: Some(country(code)),
        ..Party::default()
    };
    let hs = content.strip_prefix("HS ").map(|code| HsCode::parse(code).expect("a code"));
    let piece = Piece {
        description: Some(if hs.is_some() { "as classified" } else { content }),
        hs,
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
        identifier: Some(Identifier::S10(S10::new("CP", 1, country(&entry.from)).expect("an identifier"))),
        route: Route {
            class: Some(MailClass::Parcels),
            handling: Some(Handling::Normal),
            ..Route::default()
        },
        nature: Some(Nature::Other),
        gross_weight: Some(Grams(500)),
        sender: party(&entry.from),
        addressee: party(&entry.to),
        pieces: vec![piece],
        documents: kind.map(|kind| Document { kind, number: "7" }).into_iter().collect(),
        ..Declaration::default()
    };
    let date: NaiveDate = entry.on.parse().expect("a date");
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

#[test]
fn every_rule_meets_what_it_means_and_nothing_beside() {
    let engine = Engine::builtin();
    let entries: Entries = toml::from_str(include_str!("articles.toml")).expect("the entries are right");
    let mut faults = Vec::new();
    for entry in &entries.entry {
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
    let told: BTreeSet<String> = entries.entry.iter().map(|entry| entry.row.clone()).collect();
    let tables =
        BUILTIN.iter().filter(|table| table.name.rsplit_once('.').is_some_and(|(_, kind)| kind == "toml"));
    let rows: BTreeSet<String> = tables
        .flat_map(|table| toml::from_str::<Tables>(table.text).expect("the tables are right").article)
        .map(|row| row.id)
        .collect();
    faults.extend(rows.difference(&told).map(|row| format!("{row}: has no entry")));
    faults.extend(told.difference(&rows).map(|row| format!("{row}: is no rule")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
