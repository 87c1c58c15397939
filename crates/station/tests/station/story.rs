//! A story: a station's items and operations, and the facts that they come to, in one text file.
//!
//! Its first line is its reason. Then follow sections, each behind its name in brackets:
//!
//! - `items`: name, decision, stream, declared grams, handling, version, journey, origin, what is due in fen, channel,
//!   batteries; `-` for what is missing, `""` for no name.
//! - `link`: `ceb` where the station has a link to customs, `cases` where customs answers about items,
//!   `cusitm` where items from abroad are presented to it.
//! - `papers`: `pdf` where it prints them.
//! - `slots`: how many receptacles of a stream stand open at once, where it is not as the settings say.
//! - `trays`: the classes whose items lie in trays.
//! - `cut-off`: the classes that are bagged at the cut-off.
//! - `scale`: a tag, and what the scale shows beside items and tare; `person` where it answers to operations only.
//! - `sequences`: a sequence and its last number.
//! - `untold`: a dispatch by its row, and an item in it of which ITMATT could not tell its office.
//! - `operations`: lines as the table of operations has them, `redeclare` with an item as in `items` for its value and
//!   behind ` | ` what only the sender may change of it, or `confirmed` with a reference, and `reassess` with a decision.
//!   `remains` with the withheld pieces and an item as in `items` is a partial release with the version that it leaves.
//!   `reassess` with a decision. `advise` with a dispatch, and for its value one receptacle behind the other: S9, grams,
//!   items, seal, as `S9/1200/A+B/DE1`.
//!   `resdes`, `rescon`, `resdit` and `emsevt` are what a partner says of the subject: receptacles with their grams behind
//!   `=` and their status behind `/`, the codes of a carrier with their receptacles, or events.
//!   `answer` is one of customs: its message, code and moment, and of an item or a filing by its name, behind which may
//!   stand which of the times that it was filed is answered (`607260000001/1 of 2`). `case` is one about the case of an
//!   item: code with reason, what is due, moment and words, as `P1,RD/4,26.00 CNY,2026-11-16T09:00,text`.
//!   `10:00 says 09:00` in place of the time is an operation that comes at ten and says that it was at nine.
//! - `until`: the moment at which the story ends.
//! - `show`: the kinds of facts that it is about; of long lists `only` those lines that have one of its words.
//! - `expected`: the facts.
//!
//! `{1..12}` in a name stands for twelve of them.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;

use caravan_declaration::{AnswerVerdict, Protected};
use caravan_planning::Stream;
use caravan_postal::{Country, Currency, Grams, Handling, MailClass, Money, ReceptacleKind, S8, S9, S10};
use caravan_station::operation::{Reassessment, Redeclaration, Remains, SendersWord, moment, read_table};
use caravan_station::{
    Act, Advice, AdvisedReceptacle, Bagging, CaseAnswer, Config, CustomsAnswer, DispatchId, Inbound, Item,
    ItemId, ItemName, Journey, Lithium, Operation, ReceptacleId, State,
};
use caravan_tariff::{Channel, Decision, PhysicalOutcome};

use crate::hearing;
use crate::life::{Between, Life, Record};

pub(crate) struct Story {
    /// Everything before the facts, as it is written.
    pub(crate) telling: String,
    pub(crate) expected: String,
    pub(crate) show: BTreeSet<String>,
    pub(crate) only: Vec<String>,
    pub(crate) items: Vec<Item>,
    scale: BTreeMap<ReceptacleId, Option<i64>>,
    sequences: BTreeMap<String, u64>,
    untold: BTreeSet<(DispatchId, ItemId)>,
    /// When an operation comes, and what it says.
    operations: Vec<(i64, Operation)>,
    until_ms: i64,
    link: Option<&'static str>,
    has_pdf: bool,
    slots: Option<NonZeroU8>,
    trays: Vec<MailClass>,
    gathered: Vec<MailClass>,
}

const SECTIONS: [&str; 12] = [
    "items",
    "slots",
    "trays",
    "cut-off",
    "scale",
    "sequences",
    "untold",
    "link",
    "papers",
    "operations",
    "until",
    "show",
];

/// The settings of the link that a story may have.
const LINK: &str = include_str!("../stories/customs.toml");
const CASES: &str = include_str!("../stories/cases.toml");
const PRESENTED: &str = include_str!("../stories/presented.toml");
const COLUMNS: &str = "at,operation,subject,value,departure,seal,note,origin,destination,equipment,tare";
const EXPECTED: &str = "[expected]\n";

impl Story {
    pub(crate) fn read(text: &str, config: &Config) -> Self {
        let (telling, expected) = text.split_once(EXPECTED).expect("a section `expected`");
        let reason = telling.lines().next().unwrap_or_default();
        assert!(reason.len() > 20 && reason.ends_with('.'), "the first line is the reason");
        let mut sections: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut name = "";
        for line in telling.lines().skip(1).filter(|line| !line.trim().is_empty()) {
            match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(section) => {
                    assert!(SECTIONS.contains(&section), "{section}");
                    name = section;
                }
                None => sections.entry(name).or_default().push(line),
            }
        }
        let lines = |name: &str| sections.get(name).cloned().unwrap_or_default();
        let items: Vec<Item> =
            lines("items").into_iter().flat_map(expand).zip(1..).map(|(line, id)| item(&line, id)).collect();
        let scale = lines("scale").into_iter().map(|line| {
            let (tag, excess) = line.split_once(' ').unwrap();
            let tag = ReceptacleId(tag[1..].parse().unwrap());
            (tag, (excess != "person").then(|| excess.parse().unwrap()))
        });
        let scale = scale.collect();
        let sequences = lines("sequences").into_iter().map(|line| {
            let (name, last) = line.split_once(' ').unwrap();
            (name.to_owned(), last.parse().unwrap())
        });
        let sequences = sequences.collect();
        let untold = lines("untold").into_iter().map(|line| untold(line, &items)).collect();
        let operations = lines("operations").into_iter().flat_map(expand);
        let operations = operations.map(|line| operation(&line, &items, config)).collect();
        let until_ms = moment(lines("until")[0], config).unwrap();
        let link = lines("link").first().map(|link| match *link {
            "ceb" => LINK,
            "cases" => CASES,
            "cusitm" => PRESENTED,
            other => panic!("`{other}` is no link"),
        });
        let has_pdf = !lines("papers").is_empty();
        let slots = lines("slots").first().map(|line| line.parse().unwrap());
        let classes = |name: &str| {
            let classes = lines(name).into_iter().map(|class| MailClass::parse(class).unwrap());
            classes.collect::<Vec<_>>()
        };
        let (trays, gathered) = (classes("trays"), classes("cut-off"));
        let (mut show, mut only) = (BTreeSet::new(), Vec::new());
        for line in lines("show") {
            match line.strip_prefix("only ") {
                Some(words) => only.extend(words.split(' ').map(str::to_owned)),
                None => show.extend(line.split(", ").map(str::to_owned)),
            }
        }
        let (telling, expected) = (format!("{telling}{EXPECTED}"), expected.to_owned());
        Self {
            telling,
            expected,
            show,
            only,
            items,
            scale,
            sequences,
            untold,
            operations,
            until_ms,
            link,
            has_pdf,
            slots,
            trays,
            gathered,
        }
    }

    /// Tells the story.
    pub(crate) fn tell(&self, config: &Config, between: Between) -> Record {
        let mut config = config.clone();
        if let Some(link) = self.link {
            let linked = linked(link);
            (config.customs, config.decisions) = (linked.customs, linked.decisions);
            config.presentation = linked.presentation;
        }
        config.papers.pdf = self.has_pdf;
        if let Some(slots) = self.slots {
            with_slots(&mut config, slots);
        }
        for class in &self.trays {
            config.classes.get_mut(class).unwrap().kind = ReceptacleKind::Tray;
        }
        for class in &self.gathered {
            config.classes.get_mut(class).unwrap().bagging = Bagging::CutOff;
        }
        let begins_ms = self.operations[0].0;
        let mut state = State::default();
        state.sequences.clone_from(&self.sequences);
        state.untold.clone_from(&self.untold);
        let mut life = Life::new(config.into(), state, begins_ms);
        life.scale.clone_from(&self.scale);
        life.after_ticks = between;
        for item in &self.items {
            life.admit(item.clone());
        }
        // A long story is not interrupted at every step.
        let step = self.operations.len() / 300 + 1;
        for (index, (at_ms, operation)) in self.operations.iter().enumerate() {
            life.wait(*at_ms);
            life.apply(operation);
            if index % step == 0 {
                life.between(between);
            }
        }
        life.tick_to(self.until_ms);
        life.end()
    }

    /// Returns what a story calls an item: its name, or its place in the list.
    pub(crate) fn called(item: &Item) -> String {
        match item.name.to_string() {
            name if name.is_empty() => format!("#{}", item.id.0 & 0xffff_ffff),
            name => name,
        }
    }
}

/// Returns a line once for every number of its first range, or as it is.
fn expand(line: &str) -> Vec<String> {
    let Some((before, rest)) = line.split_once('{') else { return vec![line.to_owned()] };
    let (range, after) = rest.split_once('}').unwrap();
    let (from, to) = range.split_once("..").unwrap();
    let range: std::ops::RangeInclusive<u32> = from.parse().unwrap()..=to.parse().unwrap();
    range.map(|number| format!("{before}{number}{after}")).collect()
}

/// Reads an item as the section `items` has it.
pub(crate) fn item(line: &str, ordinal: u32) -> Item {
    let mut cells = line.split_whitespace();
    let mut cell = || cells.next().filter(|cell| *cell != "-");
    let name = match cell().unwrap() {
        "\"\"" => ItemName::Other(String::new()),
        name => ItemName::parse(name),
    };
    let decision = match cell().unwrap() {
        "go" => Decision::Go,
        "hold" => Decision::Hold,
        "refuse" => Decision::Refuse,
        other => panic!("`{other}` is no decision"),
    };
    let stream = cell().map(|stream| Stream::parse(stream).unwrap());
    let declared = cell().map(|grams| Grams(grams.parse().unwrap()));
    let handling = cell().map_or(Handling::Normal, |handling| Handling::parse(handling).unwrap());
    let version = cell().map_or(1, |version| version.parse().unwrap());
    let journey = cell().map_or(Journey::Export, |journey| Journey::parse(journey).unwrap());
    let origin = cell().map(|country| Country::parse(country).unwrap());
    let currency = Currency::parse("CNY").unwrap();
    let assessed = cell().map(|fen| Money { minor: fen.parse().unwrap(), currency });
    let channel = cell().map_or(Channel::PostalArticle, |channel| Channel::parse(channel).unwrap());
    let home = (journey == Journey::Import).then(|| Country::parse("CN").unwrap());
    let lithium = cell().map_or(Lithium::No, |lithium| Lithium::parse(lithium).unwrap());
    let is_dangerous = cell().is_some_and(|told| told == "dangerous");
    Item {
        decision,
        physical: (decision == Decision::Refuse).then_some(PhysicalOutcome::BackToSender),
        stream,
        journey,
        channel,
        origin,
        destination: home.or(stream.map(|stream| stream.destination.country())),
        handling,
        declared,
        lithium,
        is_dangerous,
        inbound: Inbound { assessed, ..Inbound::default() },
        version,
        events: 1,
        ..Item::unknown(ItemId::of_file(1, ordinal), name)
    }
}

/// Gives the streams of every class so many places for open receptacles.
pub(crate) fn with_slots(config: &mut Config, slots: NonZeroU8) {
    for rules in config.classes.values_mut() {
        rules.slots = slots;
    }
}

/// Returns the settings of the stories with the link to customs.
pub(crate) fn with_link() -> Config {
    linked(LINK)
}

fn linked(link: &str) -> Config {
    let settings = crate::settings_in(&crate::folder());
    Config::parse(&format!("{settings}\n{link}"), "").unwrap()
}

/// Reads what customs said of the case of an item: `RD/4,26.00 CNY,2026-11-16T09:00,text`.
fn case(text: &str, config: &Config) -> CaseAnswer {
    let mut cells = text.splitn(4, ',');
    let mut cell = || cells.next().unwrap_or_default();
    let (codes, due, at, text) = (cell(), cell(), cell(), cell());
    let (code, reason) = codes.split_once('/').map_or((codes, None), |(code, reason)| (code, Some(reason)));
    let due = due
        .split_once(' ')
        .map(|(amount, currency)| Money::parse(amount, Currency::parse(currency).unwrap()).unwrap());
    CaseAnswer {
        at_ms: moment(at, config).unwrap_or_else(|| panic!("`{at}` is no time")),
        code: code.to_owned(),
        reason: reason.map(str::to_owned),
        text: text.to_owned(),
        number: None,
        due,
    }
}

/// Reads what customs said: `604,800,2026-11-16T09:00,text`.
fn answer(text: &str, config: &Config) -> CustomsAnswer {
    let mut cells = text.splitn(4, ',');
    let mut cell = || cells.next().unwrap_or_default().to_owned();
    let (message, code, at, text) = (cell(), cell(), cell(), cell());
    let verdict = match code.as_str() {
        "120" => Some(AnswerVerdict::Received),
        "399" => Some(AnswerVerdict::Accepted),
        "500" | "501" => Some(AnswerVerdict::Held),
        "700" => Some(AnswerVerdict::Refused),
        "800" | "899" => Some(AnswerVerdict::Released),
        code if code == "100" || code.starts_with('-') => Some(AnswerVerdict::Rejected),
        _ => None,
    };
    let at_ms = moment(&at, config).unwrap_or_else(|| panic!("`{at}` is no time"));
    let number = (message == "604").then(|| "940120269000000001".to_owned());
    CustomsAnswer { message, at_ms, code, verdict, text, number }
}

fn operation(line: &str, items: &[Item], config: &Config) -> (i64, Operation) {
    let (at, rest) = line.split_once(',').unwrap();
    let (comes, says) = at.split_once(" says ").unwrap_or((at, at));
    let comes_ms = moment(comes, config).unwrap_or_else(|| panic!("`{comes}` is no time"));
    if let Some(redeclared) = rest.strip_prefix("redeclare,") {
        let (name, announced) = redeclared.split_once(',').unwrap();
        let (announced, word) = announced.split_once(" | ").unwrap_or((announced, ""));
        let word = match word.split_once(' ') {
            Some(("confirmed", reference)) => SendersWord::Confirmed(reference.to_owned()),
            _ if word.is_empty() => SendersWord::Stands,
            _ => SendersWord::Changed(word.split(' ').map(|one| Protected::parse(one).unwrap()).collect()),
        };
        let known = items.iter().find(|item| Story::called(item) == name);
        let mut new = item(&format!("{} {announced}", name.replace('#', "_")), 0);
        // Nobody declared it before: the first item that a scan created.
        new.id = known.map_or(ItemId::of_file(0, 1), |known| known.id);
        new.name = known.map_or(new.name, |known| known.name.clone());
        let act = Act::Redeclare(Box::new(Redeclaration { item: new, word }));
        let at_ms = moment(says, config).unwrap();
        return (comes_ms, Operation { at_ms, act, note: String::new() });
    }
    if let Some(remains) = rest.strip_prefix("remains,") {
        let mut cells = remains.splitn(4, ',');
        let mut cell = || cells.next().unwrap();
        let (name, pieces, announced, note) = (cell(), cell(), cell(), cell());
        let known = items.iter().find(|item| Story::called(item) == name).unwrap();
        let new = Item { id: known.id, name: known.name.clone(), ..item(&format!("{name} {announced}"), 0) };
        let withheld = pieces.split(' ').map(|piece| piece.parse().unwrap()).collect();
        let remains = Remains::Kept(Box::new(Redeclaration { item: new, word: SendersWord::Withheld }));
        let act = Act::ReleaseInPart { item: known.name.clone(), withheld, remains };
        let at_ms = moment(says, config).unwrap();
        return (comes_ms, Operation { at_ms, act, note: note.to_owned() });
    }
    if let Some((name, said)) = rest.strip_prefix("answer,").and_then(|rest| rest.split_once(',')) {
        let answer = Box::new(answer(said, config));
        let act = if name.contains('/') {
            // The number of the time that it was filed may stand behind the name.
            let (name, attempt) =
                name.split_once(" of ").map_or((name, None), |(name, n)| (name, n.parse().ok()));
            Act::AnswerFiling { filing: name.to_owned(), attempt, answer }
        } else {
            Act::AnswerList { item: ItemName::parse(name), answer }
        };
        return (comes_ms, Operation { at_ms: moment(says, config).unwrap(), act, note: String::new() });
    }
    if let Some((name, said)) = rest.strip_prefix("case,").and_then(|rest| rest.split_once(',')) {
        let act = Act::AnswerCase { item: ItemName::parse(name), answer: Box::new(case(said, config)) };
        return (comes_ms, Operation { at_ms: moment(says, config).unwrap(), act, note: String::new() });
    }
    if let Some((name, decision)) = rest.strip_prefix("reassess,").and_then(|rest| rest.split_once(',')) {
        let known = items.iter().find(|item| Story::called(item) == name).unwrap();
        let decision = Decision::parse(decision).unwrap();
        let physical = (decision == Decision::Refuse).then_some(PhysicalOutcome::BackToSender);
        let (is_dangerous, assessed) = (known.is_dangerous, known.inbound.assessed);
        let answer = Reassessment { decision, physical, is_dangerous, assessed };
        let act = Act::Reassess { item: known.name.clone(), answer };
        return (comes_ms, Operation { at_ms: moment(says, config).unwrap(), act, note: String::new() });
    }
    if let Some((s8, receptacles)) = rest.strip_prefix("advise,").and_then(|rest| rest.split_once(',')) {
        let receptacles = receptacles.split_whitespace().map(advised).collect();
        let act = Act::Advise { dispatch: S8::parse(s8).unwrap(), receptacles };
        return (comes_ms, Operation { at_ms: moment(says, config).unwrap(), act, note: String::new() });
    }
    if let Some(heard) = hearing::heard(rest, says) {
        let act = Act::Hear(Box::new(heard));
        return (comes_ms, Operation { at_ms: moment(says, config).unwrap(), act, note: String::new() });
    }
    let (mut operations, findings) = read_table(format!("{COLUMNS}\n{says},{rest}\n").as_bytes(), config);
    assert_eq!(findings, [], "{line}");
    (comes_ms, operations.pop().unwrap().1)
}

/// Reads a receptacle as another office advises it: S9, grams, items, seal.
fn advised(text: &str) -> AdvisedReceptacle {
    let mut parts = text.split('/');
    let s9 = S9::parse(parts.next().unwrap()).unwrap();
    let gross = parts.next().filter(|grams| !grams.is_empty()).map(|grams| Grams(grams.parse().unwrap()));
    let items = parts.next().unwrap_or_default().split('+').filter(|item| !item.is_empty());
    let items = items.map(|item| S10::parse(item).unwrap()).collect();
    let seal = parts.next().map(str::to_owned);
    let advice = Advice { gross, count: None, items };
    AdvisedReceptacle { s9, kind: ReceptacleKind::Bag, seal, advice }
}

fn untold(line: &str, items: &[Item]) -> (DispatchId, ItemId) {
    let (dispatch, name) = line.split_once(' ').unwrap();
    let item = items.iter().find(|item| item.name.to_string() == name).unwrap();
    (DispatchId(dispatch.parse().unwrap()), item.id)
}
