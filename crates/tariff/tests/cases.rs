//! Worked examples: every file of `tests/cases` holds items with the answer that the law gives, reckoned by hand.
//!
//! A case says only what matters to it; the rest is an ordinary private parcel from China with a net weight of 500 g.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use caravan_declaration::model::{Battery, Form, PartyKind};
use caravan_declaration::{Declaration, Document, DocumentKind, Identifier, Party, Piece, PrepaidTax, Route};
use caravan_postal::{
    Catalogue, Country, Currency, Finding, Grams, Handling, HsCode, Impc, Language, MailClass, MailSubclass,
    Money, Nature, S10, Severity, Volume,
};
use caravan_tariff::{
    Assessment, Engine, Flow, MESSAGES, Options, Question, Rates, Reading, RouteEnd, Switch, TableText,
    Transport, packed,
};
use chrono::NaiveDate;
use serde::Deserialize;

/// What the cases of a folder are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Matter {
    /// Whether an item is admitted; every finding is named.
    Admission,
    /// What the destination charges; of the findings in [`BESIDE`] those are named that matter to a case.
    Charges,
}

/// Codes that come with a day or a country, whatever is charged.
const BESIDE: [&str; 7] = [
    "hs-edition",
    "data-wanted",
    "data-untold",
    "hs-wanted",
    "value-unlikely",
    "unit-weight",
    "limit-doubtful",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    /// Rows of a made-up country, laid over the program's own. `@` alone on a line stands for a head: in force since
    /// 2020-01-01 by source `own`.
    tables: Option<String>,
    case: Vec<Case>,
}

/// An item with its answer. `charges` and `findings` are complete: what is not listed must not be there.
#[expect(clippy::struct_excessive_bools, reason = "each is written by itself")]
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Several days with the same answer.
    on: Vec<String>,
    /// The day of filing, when it differs.
    filed: Option<String>,
    #[serde(default = "china")]
    from: String,
    to: Option<String>,
    #[serde(default)]
    is_import: bool,
    #[serde(default = "road")]
    mode: String,
    #[serde(default = "parcels")]
    class: String,
    form: Option<String>,
    #[serde(default = "other")]
    nature: String,
    identifier: Option<String>,
    #[serde(default)]
    has_no_identifier: bool,
    sender: Option<String>,
    addressee: Option<String>,
    sender_name: Option<String>,
    #[serde(default)]
    is_insured: bool,
    gross: Option<String>,
    volume_dm3: Option<u64>,
    total: Option<String>,
    postage: Option<String>,
    ioss: Option<String>,
    /// Scheme and number: `VOEC 123`.
    prepaid: Option<String>,
    from_region: Option<String>,
    from_city: Option<String>,
    to_region: Option<String>,
    to_postcode: Option<String>,
    to_city: Option<String>,
    office: Option<String>,
    known_office: Option<String>,
    document: Option<String>,
    #[serde(default)]
    documents: Vec<String>,
    /// Fields to be left out, by their name.
    #[serde(default)]
    without: Vec<String>,
    pieces: Vec<CasePiece>,
    /// Rows that a station lays over the tables, for this case; `@` as in [`Cases::tables`].
    own: Option<String>,
    #[serde(default)]
    switched_on: BTreeMap<String, String>,
    #[serde(default)]
    readings: BTreeMap<String, String>,
    /// Partners with whom lithium batteries are agreed.
    #[serde(default)]
    lithium_agreed: Vec<String>,
    subclass: Option<String>,
    street: Option<String>,
    telephone: Option<String>,
    #[serde(default = "go")]
    decision: String,
    physical: Option<String>,
    #[serde(default = "postal_article")]
    channel: String,
    regime: Option<String>,
    entry: Option<String>,
    /// What the destination charges, and the remarks on it, are not the matter of the case.
    #[serde(default)]
    is_admission_only: bool,
    /// `duty 3.00 EUR`, with a question mark behind it when unverified.
    #[serde(default)]
    charges: Vec<String>,
    /// Codes, each with its first argument where the case gives one: `rate-missing nbk`.
    #[serde(default)]
    findings: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CasePiece {
    #[serde(default = "description")]
    what: String,
    #[serde(default = "ten_euro")]
    value: String,
    hs: Option<String>,
    #[serde(default = "one")]
    units: u32,
    #[serde(default = "half_a_kilogram")]
    kg: String,
    #[serde(default = "china")]
    origin: String,
    /// UN number, watt-hours, count, and `installed` or `loose`.
    battery: Option<(u16, u32, u16, String)>,
}

fn china() -> String {
    "CN".to_owned()
}
fn road() -> String {
    "road".to_owned()
}
fn parcels() -> String {
    "C".to_owned()
}
fn other() -> String {
    "999".to_owned()
}
fn go() -> String {
    "go".to_owned()
}
fn postal_article() -> String {
    "postal-article".to_owned()
}
fn description() -> String {
    "cotton towel, woven".to_owned()
}
fn ten_euro() -> String {
    "80 CNY".to_owned()
}
fn one() -> u32 {
    1
}
fn half_a_kilogram() -> String {
    "0.5".to_owned()
}

fn money(text: &str) -> Money {
    let (amount, currency) = text.split_once(' ').expect("an amount and a currency");
    Money::parse(amount, Currency::parse(currency).expect("a currency")).expect("an amount")
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn kind(text: &str) -> PartyKind {
    if text == "business" { PartyKind::Business } else { PartyKind::Person }
}

fn party(name: &str, kind: PartyKind, country: Country) -> Party<'_> {
    Party {
        kind: Some(kind),
        name: Some(name),
        street: Some("Road 1"),
        city: Some("City"),
        postcode: Some("010000"),
        country: Some(country),
        ..Party::default()
    }
}

fn pieces(case: &Case) -> Vec<Piece<'_>> {
    let lacks = |field: &str| case.without.iter().any(|name| name == field);
    let piece = |piece: &CasePiece| Piece {
        description: None,
        units: (!lacks("units")).then_some(piece.units),
        net_weight: (!lacks("net-weight")).then(|| Grams::parse_kg(&piece.kg).expect("a weight")),
        value: (!lacks("value")).then(|| money(&piece.value)),
        hs: piece.hs.as_deref().map(|hs| HsCode::parse(hs).expect("a code")),
        origin: Country::parse(&piece.origin).filter(|_| !lacks("origin")),
        battery: piece.battery.as_ref().map(|(un_number, energy, count, fitting)| Battery {
            un_number: *un_number,
            energy_mwh: energy * 1000,
            count: *count,
            is_installed: fitting == "installed",
        }),
    };
    let mut all: Vec<Piece<'_>> = case.pieces.iter().map(piece).collect();
    for (piece, written) in all.iter_mut().zip(&case.pieces) {
        piece.description = (!lacks("description")).then_some(written.what.as_str());
    }
    all
}

fn declaration(case: &Case) -> Declaration<'_> {
    let lacks = |field: &str| case.without.iter().any(|name| name == field);
    let from = Country::parse(&case.from).expect("a country");
    let to = case.to.as_deref().map(|to| Country::parse(to).expect("a country"));
    let class = MailClass::parse(&case.class).expect("a class");
    let pieces = pieces(case);
    let net: Grams = pieces.iter().filter_map(|piece| piece.net_weight).sum();
    let gross =
        case.gross.as_deref().map_or(net + Grams(50), |gross| Grams::parse_kg(gross).expect("a weight"));
    let indicator = match class {
        MailClass::Letters => "UA",
        MailClass::Ems => "EA",
        MailClass::Parcels | MailClass::Empty => "CP",
    };
    let number = S10::new(indicator, 4_731_248, from).expect("an identifier");
    let own = case.identifier.as_deref().map(|text| S10::parse(text).expect("an identifier"));
    let identifier = (!case.has_no_identifier).then_some(Identifier::S10(own.unwrap_or(number)));
    let mut sender = party(
        case.sender_name.as_deref().unwrap_or("Li Lei"),
        kind(case.sender.as_deref().unwrap_or("person")),
        from,
    );
    if lacks("sender-street") {
        sender.street = None;
    }
    sender.region = case.from_region.as_deref();
    sender.city = case.from_city.as_deref().or(sender.city);
    let mut addressee =
        party("Aigul Serik", kind(case.addressee.as_deref().unwrap_or("person")), to.unwrap_or(from));
    if to.is_none() {
        addressee.country = None;
    }
    addressee.region = case.to_region.as_deref();
    addressee.city = case.to_city.as_deref().or(addressee.city);
    addressee.postcode =
        if lacks("addressee-postcode") { None } else { case.to_postcode.as_deref().or(addressee.postcode) };
    addressee.street = case.street.as_deref().or(addressee.street);
    addressee.telephone = case.telephone.as_deref();
    if lacks("addressee-name") {
        addressee.name = None;
    }
    let form = case.form.as_deref().map(|form| if form == "CN22" { Form::Cn22 } else { Form::Cn23 });
    let handling = if case.is_insured { Handling::Insured } else { Handling::Normal };
    Declaration {
        identifier,
        form,
        route: Route {
            class: Some(class),
            handling: Some(handling),
            subclass: case.subclass.as_deref().map(|text| MailSubclass::parse(text).expect("a subclass")),
            destination: case.office.as_deref().map(|office| Impc::parse(office).expect("an office")),
            ..Route::default()
        },
        nature: if lacks("nature") { None } else { Nature::parse(&case.nature) },
        gross_weight: (!lacks("gross-weight")).then_some(gross),
        volume: case.volume_dm3.map(|litres| Volume(litres * 1000)),
        total_value: case.total.as_deref().map(money),
        postage: Some(money(case.postage.as_deref().unwrap_or("0 CNY"))).filter(|_| !lacks("postage")),
        sender,
        addressee,
        prepaid_tax: prepaid_tax(case),
        pieces,
        documents: case.document.iter().chain(&case.documents).map(|kind| document(kind)).collect(),
        ..Declaration::default()
    }
}

fn prepaid_tax(case: &Case) -> Option<PrepaidTax<'_>> {
    let ioss = case.ioss.as_deref().map(|number| PrepaidTax { scheme: "IOSS", number });
    ioss.or_else(|| {
        let (scheme, number) = case.prepaid.as_deref()?.split_once(' ').expect("a scheme and a number");
        Some(PrepaidTax { scheme, number })
    })
}

fn document(kind: &str) -> Document<'static> {
    let kind = match kind {
        "licence" => DocumentKind::Licence,
        "certificate" => DocumentKind::Certificate,
        "invoice" => DocumentKind::Invoice,
        other => panic!("`{other}` is not a kind of paper"),
    };
    Document { kind, number: "7" }
}

fn options(case: &Case) -> Options {
    Options {
        switched_on: case
            .switched_on
            .iter()
            .map(|(row, from)| Switch { row: row.clone(), from: date(from) })
            .collect(),
        readings: case
            .readings
            .iter()
            .map(|(id, choice)| Reading { id: id.clone(), choice: choice.clone() })
            .collect(),
        offices: case.known_office.iter().map(|office| Impc::parse(office).expect("an office")).collect(),
        lithium_agreed: case
            .lithium_agreed
            .iter()
            .map(|text| RouteEnd::parse(text).expect("a partner"))
            .collect(),
    }
}

fn matches(expected: &str, finding: &Finding) -> bool {
    let (code, argument) =
        expected.split_once(' ').map_or((expected, None), |(code, rest)| (code, Some(rest)));
    code == finding.code.name
        && argument.is_none_or(|wanted| finding.arguments.iter().any(|one| &**one == wanted))
}

/// Asks the engine and compares every part of the answer; returns what differs.
/// Returns the findings that a case is about.
fn findings_of<'a>(answer: &'a Assessment, matter: Matter, case: &Case) -> Vec<&'a Finding> {
    let is_named = |finding: &Finding| case.findings.iter().any(|expected| matches(expected, finding));
    let is_beside = |finding: &Finding| {
        matter == Matter::Charges && BESIDE.contains(&finding.code.name) && !is_named(finding)
    };
    let is_matter = |finding: &&Finding| {
        (!case.is_admission_only || finding.severity() > Severity::Remark) && !is_beside(finding)
    };
    answer.findings.iter().filter(is_matter).collect()
}

fn check(
    engine: &Engine,
    rates: &Rates,
    catalogue: &Catalogue,
    matter: Matter,
    case: &Case,
    on: &str,
) -> Vec<String> {
    let declaration = declaration(case);
    let options = options(case);
    let accepted_on = date(on);
    let mode = Transport::ALL.into_iter().find(|mode| mode.as_str() == case.mode).expect("a way of carriage");
    let question = Question {
        declaration: &declaration,
        flow: if case.is_import { Flow::Import } else { Flow::Export },
        filed_on: case.filed.as_deref().map_or(accepted_on, date),
        accepted_on,
        rated_on: None,
        mode,
        rates,
        options: &options,
    };
    let answer = engine.assess(&question);
    let mut faults = Vec::new();
    let mut compare = |part: &str, found: String, expected: String| {
        if found != expected {
            faults.push(format!("{part}: `{found}`, expected `{expected}`"));
        }
    };
    compare("decision", answer.decision.as_str().to_owned(), case.decision.clone());
    let physical = answer.physical.map(|physical| physical.as_str().to_owned());
    compare("physical", physical.unwrap_or_default(), case.physical.clone().unwrap_or_default());
    compare("channel", answer.channel.as_str().to_owned(), case.channel.clone());
    if case.regime.is_some() {
        let regime = answer.regime.as_ref().map(ToString::to_string);
        compare("regime", regime.unwrap_or_default(), case.regime.clone().unwrap_or_default());
    }
    if case.entry.is_some() {
        let entry = answer.entry.as_ref().map(ToString::to_string);
        compare("entry", entry.unwrap_or_default(), case.entry.clone().unwrap_or_default());
    }
    let charge = |charge: &caravan_tariff::Charge| {
        format!("{} {}{}", charge.kind.as_str(), charge.amount, if charge.is_unverified { "?" } else { "" })
    };
    let charges: Vec<String> = answer.charges.iter().map(charge).collect();
    if !case.is_admission_only {
        compare("charges", charges.join(", "), case.charges.join(", "));
    }
    let findings = findings_of(&answer, matter, case);
    let told: Vec<String> =
        findings.iter().map(|finding| format!("{} {:?}", finding.code.name, finding.arguments)).collect();
    let is_told = case.findings.len() == findings.len()
        && case.findings.iter().all(|expected| findings.iter().any(|finding| matches(expected, finding)));
    compare("findings", if is_told { String::new() } else { told.join(", ") }, {
        if is_told { String::new() } else { case.findings.join(", ") }
    });
    let explanation = engine.explain(&question);
    let mut told = explanation.assessment.clone();
    told.charges.iter_mut().for_each(|charge| charge.trace.clear());
    compare("explained", format!("{told:?}"), format!("{answer:?}"));
    for language in Language::ALL {
        let text = explanation.text(catalogue, language);
        compare("untold", text.split(['{', '@']).nth(1).unwrap_or_default().to_owned(), String::new());
    }
    let mut bytes = Vec::new();
    packed::encode(&answer, &mut bytes);
    let mut stored = answer;
    stored.findings.clear();
    compare(
        "packed",
        format!("{:?}", packed::decode(&bytes)),
        format!("{:?}", Ok::<_, packed::PackedError>(stored)),
    );
    faults
}

/// Returns the files of a folder of this suite with their texts, in the order of their names.
fn texts(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = std::fs::read_dir(folder).expect("it is a folder of this suite");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.sort();
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).expect("the file is readable");
        (file, text)
    };
    files.into_iter().map(read).collect()
}

/// Returns the first text in TOML under a heading of the README.
fn readme(heading: &str) -> &'static str {
    let text = include_str!("../README.md");
    let (_, section) = text.split_once(heading).expect("the README has the heading");
    let (_, block) = section.split_once("```toml\n").expect("the section has a text");
    block.split_once("```").expect("the text ends").0
}

/// Returns the engine over the rows that a file of cases lays over the program's own.
fn engine_over(tables: &str) -> Engine {
    const HEAD: &str = "valid_from = 2020-01-01\nstatus = \"in_force\"\nsource = \"own\"";
    let lines = tables.lines().map(|line| if line == "@" { HEAD } else { line });
    let text = format!("[sources]\nown = {{ act = \"Act\" }}\n{}", lines.collect::<Vec<_>>().join("\n"));
    Engine::load(&[TableText { name: "own.toml", text: &text }])
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Checks every case of a folder, and returns how many there are.
fn check_folder(folder: &str, matter: Matter) -> usize {
    let builtin = Engine::builtin();
    let rates: String = texts("rates").into_iter().map(|(_, text)| text).collect();
    let rates = Rates::parse(&rates).expect("the rates are right");
    let catalogue = Catalogue::new(&[MESSAGES]);
    let (mut count, mut faults) = (0, Vec::new());
    for (file, text) in texts(folder) {
        let cases: Cases =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let own = cases.tables.as_deref().map(engine_over);
        for case in &cases.case {
            let of_case = case.own.as_deref().map(engine_over);
            let engine = of_case.as_ref().or(own.as_ref()).unwrap_or(&builtin);
            for on in &case.on {
                count += 1;
                for fault in check(engine, &rates, &catalogue, matter, case, on) {
                    faults.push(format!(
                        "{} `{}` on {on}\n    {fault}",
                        file.file_name().expect("it is a file").display(),
                        case.name
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {count} cases:\n{}", faults.len(), faults.join("\n"));
    count
}

#[test]
fn answers_as_reckoned_by_hand() {
    assert!(check_folder("cases/admission", Matter::Admission) > 100, "there are cases");
    assert!(check_folder("cases/charges", Matter::Charges) > 500, "there are cases");
}

/// Every field of a row, on a country that is made up: what the fields mean, whatever any law says.
#[test]
fn rows_mean_what_they_say() {
    assert!(check_folder("grammar", Matter::Charges) > 0, "there are cases");
}

/// A country by text alone: the README shows it, and it charges what it says.
#[test]
fn the_country_of_the_readme_charges_what_it_says() {
    let text = readme("## Adding a country");
    let engine = Engine::load(&[TableText { name: "fiji.toml", text }]).expect("the README is right");
    let rates: String = texts("rates").into_iter().map(|(_, text)| text).collect();
    let rates = Rates::parse(&rates).expect("the rates are right");
    let catalogue = Catalogue::new(&[MESSAGES]);
    let cases: Cases = toml::from_str(include_str!("country.toml")).expect("the cases are right");
    assert!(cases.case.len() > 3, "there are cases");
    for case in &cases.case {
        for on in &case.on {
            let faults = check(&engine, &rates, &catalogue, Matter::Charges, case, on);
            assert!(faults.is_empty(), "{}: {}", case.name, faults.join("; "));
        }
    }
}
