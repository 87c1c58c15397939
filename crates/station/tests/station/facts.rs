//! The facts that a story comes to, as text: one line a fact.

use std::fmt::Write as _;

use caravan_postal::ReceptacleKind;
use caravan_station::{
    Config, Container, DepartureState, Due, Filing, FilingAction, Item, Receptacle, Subject,
};

use crate::life::Record;
use crate::story::Story;

/// A record under the names that people know.
pub(crate) struct Facts<'a> {
    record: &'a Record,
    config: &'a Config,
}

/// The kinds of facts, in their order; `events` come with a subject behind them.
const KINDS: [&str; 10] = [
    "items",
    "receptacles",
    "dispatches",
    "containers",
    "seals",
    "departures",
    "filings",
    "findings",
    "due",
    "sequences",
];

impl<'a> Facts<'a> {
    pub(crate) fn of(record: &'a Record, config: &'a Config) -> Self {
        Self { record, config }
    }

    /// Returns the facts that a story is about.
    pub(crate) fn tell(&self, story: &Story) -> String {
        let mut text = String::new();
        for kind in KINDS.iter().filter(|kind| story.show.contains(**kind)) {
            writeln!(text, "{kind}:").unwrap();
            let is_counted = ["items", "receptacles", "due", "sequences"].contains(kind);
            let is_asked = |line: &String| {
                !is_counted || story.only.is_empty() || story.only.iter().any(|word| line.contains(word))
            };
            for line in self.kind(kind).into_iter().filter(is_asked) {
                writeln!(text, "  {line}").unwrap();
            }
        }
        for shown in &story.show {
            match shown.strip_prefix("events of ") {
                Some(subject) => {
                    writeln!(text, "{shown}:").unwrap();
                    for event in self.record.events.iter().filter(|event| self.name(event.subject) == subject)
                    {
                        let (at, code) = (self.time(event.at_ms), event.code);
                        let line = format!("{} {at} {code} {}", event.n, event.detail);
                        writeln!(text, "  {}", line.trim_end()).unwrap();
                    }
                }
                None => assert!(KINDS.contains(&&**shown), "`{shown}` is no kind of facts"),
            }
        }
        text
    }

    fn kind(&self, kind: &str) -> Vec<String> {
        let record = self.record;
        match kind {
            "items" => record.items.values().map(|item| self.item(item)).collect(),
            "receptacles" => record.receptacles.values().map(|found| self.receptacle(found)).collect(),
            "dispatches" => record
                .dispatches
                .values()
                .map(|dispatch| {
                    let (s8, state, given) = (dispatch.s8, dispatch.state.as_str(), dispatch.receptacles);
                    format!("{s8} {state} {given} {}", dispatch.departure.as_deref().unwrap_or("-"))
                })
                .collect(),
            "containers" => record.containers.values().map(container).collect(),
            "seals" => record.containers.values().map(|container| self.seals(container)).collect(),
            "departures" => {
                let departures = record.departures.values().filter(|departure| {
                    departure.state == DepartureState::Departed || !departure.left_behind.is_empty()
                });
                departures
                    .map(|departure| {
                        let left = departure.left_behind.iter();
                        let left = left.map(|left| format!(", {} {}", left.subject, left.reason));
                        format!("{} {}{}", departure.key, departure.state.as_str(), left.collect::<String>())
                    })
                    .collect()
            }
            "findings" => record
                .findings
                .iter()
                .map(|found| {
                    let (at, name) = (self.time(found.at_ms), self.name(found.subject));
                    format!("{at} {name}: {} {}", found.finding.code.name, found.finding.arguments.join(" "))
                        .trim_end()
                        .to_owned()
                })
                .collect(),
            "filings" => record.filings.values().map(|filing| self.filing(filing)).collect(),
            "due" => record.due.iter().map(|due| self.due(*due)).collect(),
            _ => record.sequences.iter().map(|(name, value)| format!("{name} {value}")).collect(),
        }
    }

    /// Name, decision where it is not to go, custody, customs, receptacle.
    fn item(&self, item: &Item) -> String {
        let receptacle = item.receptacle.map(|id| format!(" {}", self.record.receptacles[&id].tag()));
        let decision = match item.decision.as_str() {
            "go" => String::new(),
            other => format!("{other} "),
        };
        let (custody, customs) = (item.custody.as_str(), item.customs.as_str());
        let recalled = if item.is_recalled { ", recalled" } else { "" };
        let confirmed = item.confirmed.map(|version| format!(", confirmed {version} of {}", item.version));
        let (receptacle, confirmed) = (receptacle.unwrap_or_default(), confirmed.unwrap_or_default());
        format!("{} {decision}{custody} {customs}{receptacle}{recalled}{confirmed}", Story::called(item))
    }

    /// Tag, state, identifier, items and their weight, scale; then what is not usual.
    fn receptacle(&self, found: &Receptacle) -> String {
        let s9 = found.s9.map_or_else(|| "-".to_owned(), |s9| s9.to_string());
        let scale = found.scale.map_or_else(|| "-".to_owned(), |scale| scale.0.to_string());
        let (tag, state, items) = (found.tag(), found.state.as_str(), found.items);
        let mut line = format!("{tag} {state} {s9} {items} of {} g, scale {scale}", found.content.0);
        let hazards = [
            ("batteries in equipment", found.lithium_in_equipment),
            ("batteries", found.lithium_alone),
            ("dangerous", found.dangerous),
        ];
        let counts = [("registered", found.registered), ("stopped", found.stopped)];
        for (name, count) in counts.into_iter().chain(hazards) {
            if count > 0 {
                write!(line, ", {name} {count}").unwrap();
            }
        }
        if found.kind == ReceptacleKind::Tray {
            line.push_str(", tray");
        }
        if found.customs.is_hold() {
            write!(line, ", customs {}", found.customs.as_str()).unwrap();
        }
        if let Some(container) = found.container {
            write!(line, ", in {}", self.record.containers[&container].number).unwrap();
        }
        if let Some(seal) = &found.seal {
            write!(line, ", seal {seal}").unwrap();
        }
        if let Some(departure) = &found.closing_for {
            write!(line, ", closing for {departure}").unwrap();
        }
        line
    }

    /// Name, state, lines, container, how often it was filed when more than once, the last answer.
    fn filing(&self, filing: &Filing) -> String {
        let (name, state, lines) = (filing.name(), filing.state.as_str(), filing.lines);
        let mut line = format!("{name} of {} {state} {lines} lines", filing.parts);
        if let Some(container) = filing.container {
            write!(line, ", {}", self.record.containers[&container].number).unwrap();
        }
        if filing.action == FilingAction::Delete {
            line.push_str(", to be deleted");
        }
        if filing.attempts > 1 {
            write!(line, ", filed {} times", filing.attempts).unwrap();
        }
        if let Some(answer) = &filing.answer {
            write!(line, ", answered {}", answer.code).unwrap();
        }
        line
    }

    fn due(&self, due: Due) -> String {
        let receptacle = |id| self.record.receptacles[&id].tag();
        match due {
            Due::Weighing(id) => format!("weighing {}", receptacle(id)),
            Due::Label(id) => format!("label {}", receptacle(id)),
            Due::DispatchPapers(id) => format!("papers {}", self.record.dispatches[&id].s8),
            Due::DispatchReplanned(id) => format!("predes again {}", self.record.dispatches[&id].s8),
            Due::DeliveryBill(id) => format!("bill {}", self.record.containers[&id].number),
            Due::DispatchResponse(id) => format!("response {}", self.record.dispatches[&id].s8),
            Due::VerificationNote(id) => format!("verification {}", self.record.dispatches[&id].s8),
            Due::InlandList(id) => format!("inland list of {}", Story::called(&self.record.items[&id])),
            Due::CustomsMessage(id) => format!("customs {}", self.record.filings[&id].name()),
            Due::ContainerManifest(id) => format!("manifest {}", self.record.containers[&id].number),
            Due::DispatchReplaced(id) => format!("replaced papers {}", self.record.dispatches[&id].s8),
            Due::DispatchCancelled(id) => format!("cancellation {}", self.record.dispatches[&id].s8),
            Due::Verification(id) => format!("verification {}", receptacle(id)),
            Due::InspectionAct(id) => format!("inspection act {}", Story::called(&self.record.items[&id])),
            Due::Redeclared(id) => format!("itmatt {}", self.name(Subject::Item(id))),
            Due::ItemEvent(id, n) => format!("emsevt {} {n}", self.name(Subject::Item(id))),
            Due::Consignment(id) => format!("consignment {}", self.record.containers[&id].number),
            Due::Departed(id) => format!("emsevt {}", self.record.departures[&id].key),
            Due::OpeningAct(subject) => format!("act of opening {}", self.name(subject)),
            Due::ContainerPapers(id) => format!("papers of {}", self.record.containers[&id].number),
            Due::DepartureFolder(id) => format!("folder of {}", self.record.departures[&id].key),
            Due::DamageReport(id) => format!("damage report {}", self.name(Subject::Item(id))),
            Due::Claim(id) => format!("claim {}", self.record.dispatches[&id].s8),
        }
    }

    fn name(&self, subject: Subject) -> String {
        match subject {
            Subject::Item(id) => Story::called(&self.record.items[&id]),
            Subject::Receptacle(id) => self.record.receptacles[&id].tag(),
            Subject::Dispatch(id) => self.record.dispatches[&id].s8.to_string(),
            Subject::Container(id) => self.record.containers[&id].number.clone(),
            Subject::Departure(id) => self.record.departures[&id].key.clone(),
            Subject::Filing(id) => self.record.filings[&id].name(),
            Subject::Border(id) => self.record.borders[&id].name.clone(),
            Subject::Station => "station".to_owned(),
        }
    }

    fn seals(&self, container: &Container) -> String {
        let Container { number, seals, sealed_ms, .. } = container;
        match sealed_ms {
            Some(at_ms) => format!("{number} {}, since {}", seals.join(" "), self.time(*at_ms)),
            None => format!("{number} none"),
        }
    }

    fn time(&self, at_ms: i64) -> String {
        self.config.local(at_ms).format("%m-%dT%H:%M").to_string()
    }
}

/// Number, state, departure, what is in it, its papers, and what keeps it.
fn container(container: &Container) -> String {
    let Container { number, departure, receptacles, gross, volume, .. } = container;
    let state = container.state.as_str();
    let mut line = format!("{number} {state} {departure} {receptacles} of {} g {} cm3", gross.0, volume.0);
    if let Some(cn37) = &container.cn37 {
        write!(line, ", {cn37}").unwrap();
    }
    if !container.seals.is_empty() {
        write!(line, ", seals {}", container.seals.join(" ")).unwrap();
    }
    if let Some(vehicle) = &container.vehicle {
        write!(line, ", on {vehicle}").unwrap();
    }
    if container.customs.is_hold() {
        write!(line, ", customs {}", container.customs.as_str()).unwrap();
    }
    if container.stopped > 0 {
        write!(line, ", stopped {}", container.stopped).unwrap();
    }
    let faults: Vec<&str> = container.gate().iter().map(|fault| fault.as_str()).collect();
    if !faults.is_empty() {
        write!(line, ", shut: {}", faults.join(" ")).unwrap();
    }
    line
}
