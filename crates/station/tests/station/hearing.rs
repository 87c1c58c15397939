//! What partners say in a story, and what of the past it is about.

use caravan_edi::{emsevt, rescon, resdes, resdit};
use caravan_postal::{Grams, Impc, Place, ReceptacleKind, S8, S9, S10};
use caravan_station::{Act, Heard, Said, Station};
use chrono::NaiveDateTime;

use crate::life::Record;

/// Reads a line like `resdes,CNURCAPLWAWACCN60001,CNURCAPLWAWACCN60001001100095=9500`; `None` when it is another
/// operation. A word `by=KZ001` names the sender, in place of the partner at the end of the line and its carrier, and a
/// word `at=2026-12-01T12:00` the time that is stated, in place of the one at which it comes.
pub(crate) fn heard(line: &str, comes: &str) -> Option<Heard> {
    let (name, rest) = line.split_once(',')?;
    let (subject, words) = rest.split_once(',').unwrap_or((rest, ""));
    let stated = |name: &str| words.split_whitespace().find_map(|word| word.strip_prefix(name));
    let at = stated("at=").unwrap_or(comes);
    let at = NaiveDateTime::parse_from_str(at, "%Y-%m-%dT%H:%M").unwrap();
    let usual = if name == "resdit" { "CR001" } else { "PL001" };
    let sender = stated("by=").unwrap_or(usual).to_owned();
    let is_told = |word: &&str| !word.starts_with("by=") && !word.starts_with("at=");
    let words: Vec<&str> = words.split_whitespace().filter(is_told).collect();
    let said = match name {
        "resdes" => {
            Said::Dispatch(resdes::Response { s8: S8::parse(subject), receptacles: received(&words, at) })
        }
        "rescon" => Said::Consignment(rescon::Response {
            consignment: Some(subject.to_owned()),
            receptacles: received(&words, at),
        }),
        "resdit" => Said::Carrier(resdit::Report { prepared_at: None, events: carried(subject, &words, at) }),
        "emsevt" => Said::Events(emsevt::Report { prepared_at: None, events: events(subject, &words, at) }),
        _ => return None,
    };
    Some(Heard { sender, said })
}

/// Reads receptacles, each with its grams behind `=` and a status behind `/`.
fn received(words: &[&str], at: NaiveDateTime) -> Vec<resdes::Receptacle> {
    let one = |word: &&str| {
        let (word, status) = word.split_once('/').unwrap_or((word, resdes::Receptacle::RECEIVED));
        let (s9, grams) = word.split_once('=').unwrap();
        let grams = Grams(grams.parse().unwrap());
        let s9 = S9::parse(s9).unwrap();
        let received = resdes::Receptacle::received(s9, ReceptacleKind::Bag, grams, at);
        resdes::Receptacle { status: Some(status.to_owned()), ..received }
    };
    words.iter().map(one).collect()
}

/// Reads codes, each with its receptacle behind `/` or none.
fn carried(consignment: &str, words: &[&str], at: NaiveDateTime) -> Vec<resdit::Event> {
    let one = |word: &&str| {
        let (code, s9) = word.split_once('/').unwrap_or((word, ""));
        resdit::Event {
            consignment: Some(consignment.to_owned()),
            code: code.to_owned(),
            at: Some(at),
            location: None,
            leg: None,
            receptacles: S9::parse(s9).map(|s9| (s9, Place::Whole)).into_iter().collect(),
            place: Place::Whole,
        }
    };
    words.iter().map(one).collect()
}

fn events(item: &str, words: &[&str], at: NaiveDateTime) -> Vec<emsevt::Event> {
    let office = emsevt::Location::office(Impc::parse("PLWAWA").unwrap());
    let one = |word: &&str| {
        let kind = emsevt::EventKind::parse(word).unwrap();
        emsevt::Event::new(S10::parse(item).unwrap(), kind, at, office.clone())
    };
    words.iter().map(one).collect()
}

/// Admits what has left and is spoken of.
pub(crate) fn admit(station: &mut Station, past: &Record, act: &Act) {
    let (dispatches, consignment) = match act {
        Act::Hear(heard) => match &heard.said {
            Said::Dispatch(response) => {
                let named = response.receptacles.iter().map(|one| one.s9.dispatch);
                (response.s8.into_iter().chain(named).collect(), None)
            }
            Said::Consignment(response) => (Vec::new(), response.consignment.clone()),
            Said::Carrier(report) => (Vec::new(), report.events[0].consignment.clone()),
            Said::Events(_) => return,
        },
        Act::SettleDispatch { dispatch } | Act::ResolveDispatch { dispatch } => (vec![*dispatch], None),
        Act::ReceiveReceptacle { s9, .. } => (vec![s9.dispatch], None),
        Act::ResolveConsignment { consignment } => (Vec::new(), Some(consignment.clone())),
        _ => return,
    };
    for dispatch in past.dispatches.values().filter(|dispatch| dispatches.contains(&dispatch.s8)) {
        let own = past.receptacles.values().filter(|receptacle| receptacle.dispatch == Some(dispatch.id));
        station.admit_dispatch(dispatch.clone(), own.cloned().collect());
    }
    let is_named = |number: Option<&str>| consignment.as_deref().is_some_and(|name| number == Some(name));
    for container in past.containers.values().filter(|container| is_named(container.cn37.as_deref())) {
        let inside =
            past.receptacles.values().filter(|receptacle| receptacle.container == Some(container.id));
        station.admit_container(container.clone(), inside.cloned().collect());
    }
}
