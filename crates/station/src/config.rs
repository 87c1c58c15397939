//! The station's own settings, as `station.toml` states them: office, belt, partners, routes.
//!
//! What the field does not publish (a new office's code, a customs district) is a setting here and nowhere else.

mod customs;
mod decision;
mod exchange;
mod feed;
mod file;
mod presentation;
mod time;
mod vehicle;
pub(crate) mod way;

pub use customs::{CebLink, CustomsLink, Enterprise, Role, SignerSettings};
pub use decision::CustomsDecision;
pub use exchange::Exchange;
pub use feed::FeedSettings;
pub use presentation::Presentation;
pub use vehicle::{Holding, RouteVehicle, TypedVehicle, VehicleOnDay};
pub use way::Way;

use std::collections::BTreeMap;
use std::num::NonZeroU8;

use caravan_declaration::Encoding;
use caravan_planning::{
    Capacity, Density, Leads, LoadingRules, MergeRules, Network, ReceptacleRules, RowId, Service, StandRules,
    Stream, TableError,
};
use caravan_postal::{
    Country, Grams, Handling, Impc, Language, MailCategory, MailClass, MailSubclass, ReceptacleKind, Volume,
};
use caravan_tariff::{Options, Rates, RatesError, Transport};
use chrono_tz::Tz;

use crate::departure::route_name;

/// Everything that one station is configured with. All of it is checked when it is read.
#[derive(Debug, Clone)]
pub struct Config {
    /// The office of exchange.
    pub office: Office,
    /// What the belt and its scales allow.
    pub belt: Belt,
    /// Per mail class: how its items are bagged.
    pub classes: BTreeMap<MailClass, ClassRules>,
    /// The partner offices that mail is dispatched to, in the order of the file.
    pub partners: Vec<Partner>,
    /// The routes on which it leaves, in the order of the file.
    pub routes: Vec<Route>,
    /// The network, where a route has its way through it.
    pub network: Option<Network>,
    /// The rules of loading, where a route names equipment or a line.
    pub loading: Option<LoadingRules>,
    /// Who files come from, where more is known of them than their bytes tell.
    pub correspondents: Vec<Correspondent>,
    /// The exchange rates.
    pub rates: Rates,
    /// Where newer ones are fetched from.
    pub feeds: Vec<FeedSettings>,
    /// What the station has decided about the tariff's tables.
    pub options: Options,
    /// How open mail for other countries is treated.
    pub transit: Transit,
    /// How it deals with customs.
    pub customs: CustomsLink,
    /// What the codes of customs mean in its answers about items.
    pub decisions: Vec<CustomsDecision>,
    /// How items from abroad are presented to customs; `None` where that is entered.
    pub presentation: Option<Presentation>,
    /// How papers are made.
    pub papers: Papers,
}

/// How the papers of receptacles, dispatches and containers are made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Papers {
    /// Whether they are printed as PDF beside the text for a label printer and a screen.
    pub pdf: bool,
    /// What stands before the running numbers of verification notes and reports of damage.
    pub number_prefix: String,
}

/// How mail that comes in open for another country is treated: transit à découvert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Transit {
    /// Whether customs here must release it. No rule that asks for a case of its own was found, so that it goes on without
    /// one unless the station's district says otherwise; a hold of customs always stops it.
    pub customs_case: bool,
}

/// The office of exchange that numbers the dispatches.
#[derive(Debug, Clone)]
pub struct Office {
    /// The code under which it numbers.
    pub code: Impc,
    /// What people call it.
    pub name: String,
    /// The operator's three letters.
    pub operator: String,
    /// Its EDI address.
    pub edi_address: String,
    /// Its civil time.
    pub zone: Tz,
    /// Whether the code stands in for an office that the published list does not have.
    pub is_synthetic: bool,
    /// The language of reports and screens.
    pub language: Language,
}

/// What the belt and its scales allow.
#[derive(Debug, Clone, Copy)]
pub struct Belt {
    /// By how much an item's scale weight may differ from the declared one, whichever is more.
    pub item_tolerance: Grams,
    /// The same as a share of the declared weight, in per mille.
    pub item_tolerance_permille: u64,
    /// By how much a closed bag may differ from its items plus tare.
    pub bag_tolerance: Grams,
}

/// When an item that may go is put into a receptacle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bagging {
    /// As it comes, into one of the receptacles that stand open at the belt.
    #[default]
    Arrival,
    /// At the cut-off of its departure, with all others that wait for it: into as few receptacles as will do.
    CutOff,
}

/// How the items of one mail class are bagged.
#[derive(Debug, Clone, Copy)]
pub struct ClassRules {
    /// When they are put into a receptacle.
    pub bagging: Bagging,
    /// What its items are put into: bags or trays.
    pub kind: ReceptacleKind,
    /// How many receptacles of a stream may stand open at once.
    pub slots: NonZeroU8,
    /// The density of its items, for those whose dimensions nobody measured.
    pub density: Density,
    /// The most that a receptacle may hold: gross weight with its tare, volume, items.
    pub limits: Capacity,
    /// What an empty receptacle weighs.
    pub tare: Grams,
    /// The most that an item may weigh that travels as its own receptacle.
    pub outside_piece_max: Option<Grams>,
}

/// One office of exchange abroad that dispatches are made for.
#[derive(Debug, Clone)]
pub struct Partner {
    /// Its code.
    pub office: Impc,
    /// What people call it.
    pub name: String,
    /// The countries whose mail goes through it.
    pub countries: Vec<Country>,
    /// The category that mail to it travels in.
    pub category: MailCategory,
    /// Its EDI address; without one no message is written for it.
    pub edi_address: Option<String>,
    /// Days from departure to the acceptance by customs there.
    pub transit_days: u32,
    /// The zone in which customs there count their days.
    pub zone: Tz,
    /// The subclass per mail class, where it is not the ordinary one.
    pub subclasses: BTreeMap<MailClass, MailSubclass>,
    /// What is exchanged with it by EDI.
    pub exchange: Exchange,
    /// When a vehicle for it leaves although it is not full.
    pub holding: Holding,
    /// Which of its receptacles go into others when they are too empty.
    pub merging: MergeRules,
}

/// One route with its timetable.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its name, the first part of a departure's key.
    pub name: String,
    /// By road or by rail.
    pub mode: Transport,
    /// Its way through the network, where that is known.
    pub way: Option<Way>,
    /// Where the next operator takes over, where the settings say so.
    pub handover: Option<String>,
    /// The offices whose dispatches it takes.
    pub offices: Vec<Impc>,
    /// The office that takes over all that it carries, where the settings name one.
    pub handed_to: Option<Impc>,
    /// When it leaves, in station time.
    pub service: Service,
    /// How long before the departure each step must be done.
    pub leads: Leads,
    /// The carrier.
    pub carrier: String,
    /// The code by which post and carrier know the carrier, where they have agreed on one: no list of such codes is known.
    pub carrier_code: Option<String>,
    /// Where the carrier takes over, by its UN/LOCODE, where that is neither the office nor where its way begins.
    pub taken_over_at: Option<String>,
    /// The carrier's EDI address.
    pub carrier_edi_address: Option<String>,
    /// Files beside `station.toml` with its own layouts of messages.
    pub carrier_layouts: Vec<String>,
    /// What each vehicle or container of a departure can take.
    pub vehicles: Vec<RouteVehicle>,
    /// The rail line, which limits boxes and the whole train.
    pub line: Option<RowId>,
    /// The offices in the order in which they unload; may be empty.
    pub stops: Vec<Impc>,
}

impl Route {
    /// Returns the office that takes over all that the route carries: that which the settings name, or else the only one
    /// that it serves. A route for several offices may have none: each of them takes its own.
    pub fn end(&self) -> Option<Impc> {
        let only = || match self.offices.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        self.handed_to.or_else(only)
    }
}

/// Who files come from: a folder of its own below the inbox, and what is known of the files in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// The name of the folder, which is also that of the correspondent.
    pub folder: String,
    /// The encoding to take where the bytes could have several.
    pub encoding: Option<Encoding>,
    /// Files beside `station.toml` that say what the columns of its tables mean.
    pub mappings: Vec<String>,
    /// The sheet of a workbook; the first, when not said.
    pub sheet: Option<String>,
    /// Files beside `station.toml` with the certificates that sign its customs messages; with one, every customs
    /// message must be signed.
    pub certificates: Vec<String>,
}

/// What is wrong with a `station.toml`.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is not TOML of the known tables.
    #[error("cannot read the station's settings")]
    Toml(#[from] toml::de::Error),
    /// The table of exchange rates cannot be read.
    #[error("cannot read the station's exchange rates")]
    Rates(#[from] RatesError),
    /// The station's own rows of the network cannot be used.
    #[error("cannot use the station's network")]
    Table(#[from] TableError),
    /// A value that cannot be meant.
    #[error("`{value}` cannot be `{field}`: {expected}")]
    Value {
        /// The path of the field.
        field: String,
        /// What it says.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Several tables cannot be meant: for each what stands before its line, and its fault, which is itself not several.
    #[error("{} faults are in the station's settings{}", .0.len(), lines(.0))]
    Several(Vec<(String, ConfigError)>),
}

/// Returns a line for each fault, with what is behind it.
fn lines(faults: &[(String, ConfigError)]) -> String {
    let mut lines = String::new();
    for (table, fault) in faults {
        let causes = std::iter::successors(Some(fault as &dyn std::error::Error), |error| error.source());
        let told: Vec<String> = causes.map(ToString::to_string).collect();
        lines.extend(["\n  ", table, &told.join(": ")]);
    }
    lines
}

impl Config {
    /// Reads the text of a `station.toml`; `rates` is the text of the rates table that it names.
    pub fn parse(text: &str, rates: &str) -> Result<Self, ConfigError> {
        file::read(text, rates)
    }

    /// Returns the name of the rates file that the text of a `station.toml` points to.
    pub fn rates_file(text: &str) -> Result<String, ConfigError> {
        file::rates_file(text)
    }

    /// Returns the names of the files beside `station.toml` that correspondents, partners, carriers and the link to customs
    /// need.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let files = self
            .correspondents
            .iter()
            .flat_map(|correspondent| correspondent.mappings.iter().chain(&correspondent.certificates));
        let layouts = (self.partners.iter().flat_map(|partner| &partner.exchange.layouts))
            .chain(self.routes.iter().flat_map(|route| &route.carrier_layouts));
        let signers = self.ceb().into_iter().flat_map(|link| &link.signers);
        let signers = signers.flat_map(|signer| [&signer.key, &signer.certificate]);
        files.chain(layouts).chain(signers).map(String::as_str)
    }

    /// Returns the link to customs, where the station has one of its own.
    pub fn ceb(&self) -> Option<&CebLink> {
        match &self.customs {
            CustomsLink::DeclaredElsewhere => None,
            CustomsLink::Ceb(link) => Some(link),
        }
    }

    /// Returns what a decision code of customs means, with its reason.
    pub fn decision(&self, code: &str, reason: Option<&str>) -> Option<&CustomsDecision> {
        decision::find(&self.decisions, code, reason)
    }

    /// Returns the country that the station is in.
    pub fn home(&self) -> Country {
        self.office.code.country()
    }

    /// Returns the partner that mail for a country goes to: the first in the file that lists it.
    pub fn partner_for(&self, country: Country) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.countries.contains(&country))
    }

    /// Returns the partner of an office.
    pub fn partner(&self, office: Impc) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.office == office)
    }

    /// Returns the route of a name.
    pub fn route(&self, name: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.name == name)
    }

    /// Returns the route of a departure, named by its key.
    pub fn route_of(&self, departure: &str) -> Option<&Route> {
        self.route(route_name(departure))
    }

    /// Returns how mail for an office leaves: by the first route that serves it, and by road where none does.
    pub fn mode_to(&self, office: Impc) -> Transport {
        let route = self.routes.iter().find(|route| route.offices.contains(&office));
        route.map_or(Transport::Road, |route| route.mode)
    }

    /// Returns the rules of the stand at the belt.
    pub fn stand_rules(&self) -> StandRules {
        let by_class = self.classes.iter().map(|(class, rules)| (*class, rules.receptacle_rules()));
        StandRules {
            standard: self.class(MailClass::Parcels).receptacle_rules(),
            by_class: by_class.collect(),
            by_stream: BTreeMap::new(),
        }
    }

    /// Returns whether the items of a class are bagged at the cut-off.
    pub fn bags_at_the_cut_off(&self) -> bool {
        self.classes.values().any(|rules| rules.bagging == Bagging::CutOff)
    }

    /// Returns the rules of a mail class; every class has some, because reading asks for all.
    pub fn class(&self, class: MailClass) -> ClassRules {
        self.classes[&class]
    }
}

impl Belt {
    /// Returns whether a receptacle weighs something else than was said of it. A label and most messages say tenths of a
    /// kilogram: what rounding explains is within the tolerance of the station's own receptacles.
    pub fn weighs_otherwise(&self, expected: Grams, scale: Grams) -> bool {
        expected.0.abs_diff(scale.0) > self.bag_tolerance.0
    }
}

impl Partner {
    /// Returns the stream of items of a class and handling to this partner.
    pub fn stream(&self, class: MailClass, handling: Handling) -> Stream {
        let subclass = self.subclasses.get(&class).copied().unwrap_or_else(|| MailSubclass::ordinary(class));
        Stream {
            destination: self.office,
            category: self.category,
            subclass,
            handling: handling.into(),
            format: None,
        }
    }
}

impl ClassRules {
    fn receptacle_rules(&self) -> ReceptacleRules {
        let outside_piece = |weight| Capacity { weight, volume: Volume(u64::MAX), count: None };
        ReceptacleRules {
            kind: self.kind,
            slots: self.slots,
            limits: self.limits,
            tare: self.tare,
            outside_piece: self.outside_piece_max.map(outside_piece),
        }
    }
}
