//! What is exchanged with a partner by EDI: which messages it gets, and how its answers are held against what was sent.

use std::collections::BTreeMap;

use caravan_edi::emsevt::EventKind;
use caravan_edi::matching::Rules;
use caravan_edi::profile::Known;
use caravan_postal::{Grams, Impc};

use super::{ConfigError, Partner, Route};
use crate::config::file::{beside, fault, value};

/// The messages that a partner can ask for.
const OUT: [Known; 5] = [Known::Predes, Known::Itmatt, Known::Precon, Known::Cardit, Known::Emsevt];

/// How messages are exchanged with one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The messages that it gets.
    pub messages: Vec<Known>,
    /// By event (`EXB`, `EXD`, `EDA`, `EME`), the code of the reason that is agreed with the partner. The list of the
    /// UPU is not known; an event that needs a reason and has none here is not told.
    pub retention: BTreeMap<String, String>,
    /// How far the weight of a receptacle that it reports may lie from the one that was told.
    pub weight_tolerance: Grams,
    /// Whether each response answers for its whole dispatch or consignment, so that what it does not name is missing.
    /// Otherwise a person says when nothing more is waited for.
    pub is_answer_whole: bool,
    /// Files beside `station.toml` with its own layouts of messages.
    pub layouts: Vec<String>,
}

/// What `station.toml` says of it.
#[derive(Debug)]
pub(super) struct Stated<'t> {
    pub(super) messages: Option<&'t [String]>,
    pub(super) retention: &'t BTreeMap<String, String>,
    pub(super) weight_tolerance_g: Option<u64>,
    pub(super) is_answer_whole: bool,
    pub(super) layouts: &'t [String],
    pub(super) has_address: bool,
    /// The tolerance where none is stated.
    pub(super) usual_tolerance: Grams,
}

impl Exchange {
    /// Reads what the settings say; without a word, a partner with an EDI address gets PREDES.
    pub(super) fn read(stated: &Stated<'_>) -> Result<Self, ConfigError> {
        let expected = "predes, itmatt, precon, cardit or emsevt, or the name of such a profile";
        let message = |name: &String| value("partner.messages", name, expected, known);
        let usual = || stated.has_address.then_some(Known::Predes).into_iter().collect();
        let messages: Vec<Known> = match stated.messages {
            Some(names) => names.iter().map(message).collect::<Result<_, _>>()?,
            None => usual(),
        };
        if let Some(first) = messages.first().filter(|_| !stated.has_address) {
            return Err(fault("partner.messages", name(*first), "nothing, where there is no edi_address"));
        }
        for (event, reason) in stated.retention {
            let needs = EventKind::parse(event).is_some_and(|kind| kind.reasons().is_some());
            let is_code = (1..=3).contains(&reason.len())
                && reason.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            if !needs || !is_code {
                let expected = "EXB, EXD, EDA or EME with a code of one to three capital letters and digits";
                return Err(fault("partner.retention", &format!("{event} = {reason}"), expected));
            }
        }
        Ok(Self {
            messages,
            retention: stated.retention.clone(),
            weight_tolerance: stated.weight_tolerance_g.map_or(stated.usual_tolerance, Grams),
            is_answer_whole: stated.is_answer_whole,
            layouts: layouts("partner.layouts", stated.layouts)?,
        })
    }

    /// Returns whether the partner gets a message.
    pub fn wants(&self, message: Known) -> bool {
        self.messages.contains(&message)
    }

    /// Returns what its answers are held to.
    pub fn rules(&self) -> Rules {
        Rules { weight_tolerance: self.weight_tolerance }
    }
}

/// Holds what partners want of consignments and carriers against the routes.
pub(super) fn check_consignments(partners: &[Partner], routes: &[Route]) -> Result<(), ConfigError> {
    let partner = |office: Impc| partners.iter().find(|partner| partner.office == office);
    for route in routes {
        let Some(end) = route.end() else {
            let served = route.offices.iter().filter_map(|office| partner(*office));
            let mut told = served.flat_map(|partner| &partner.exchange.messages);
            if told.any(|message| matches!(message, Known::Precon | Known::Cardit)) {
                let expected = "a route with the office that takes over what it carries (handed_to), because a \
                                partner on it asks for precon or cardit";
                return Err(fault("route.handed_to", &route.name, expected));
            }
            continue;
        };
        let wants_carrier = partner(end).is_some_and(|end| end.exchange.wants(Known::Cardit));
        if wants_carrier && route.carrier_edi_address.is_none() {
            let expected =
                "a route with a carrier_edi_address, because the partner at its end asks for cardit";
            return Err(fault("route.carrier_edi_address", &route.name, expected));
        }
    }
    Ok(())
}

/// Reads the names of files with layouts.
pub(super) fn layouts(field: &str, names: &[String]) -> Result<Vec<String>, ConfigError> {
    names.iter().map(|name| beside(field, name)).collect()
}

fn known(text: &str) -> Option<Known> {
    OUT.into_iter().find(|message| name(*message) == text || message.profile().name == text)
}

/// Returns the name of a message, which is that of its profile without the version.
fn name(message: Known) -> &'static str {
    let name = message.profile().name.as_str();
    name.split_once('-').map_or(name, |(name, _)| name)
}
