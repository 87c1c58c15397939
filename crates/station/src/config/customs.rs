//! How the station deals with customs: `[customs]` of `station.toml`.

use std::collections::BTreeSet;

use caravan_declaration::ceb::guid;
use serde::Deserialize;

use super::ConfigError;
use super::decision::{CustomsDecision, DecisionTable, decisions};
use super::file::{beside, fault, value};
use super::presentation::{Presentation, presentation};
use crate::customs::FilingForm;

/// How the station deals with customs about what it sends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CustomsLink {
    /// Mail is declared between the head offices; what customs decides comes as operations.
    #[default]
    DeclaredElsewhere,
    /// The station's own reports of e-commerce go by the messages of the unified version, and the answers come in them.
    Ceb(Box<CebLink>),
}

/// What the station's messages of the cross-border e-commerce unified version say beside items, bags and vehicles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CebLink {
    /// The GUID that all others are made of, in upper case: no other station may have it.
    pub guid: String,
    /// The customs office (`customsCode`), four digits.
    pub customs_code: String,
    /// The supervised site, where the office has several (`loctNo`).
    pub site_code: Option<String>,
    /// How what arrives here will leave (`trafMode` of an arrival), one digit.
    pub transport: String,
    /// The vehicle that brings parcels to the site (`domesticTrafNo`).
    pub inland_vehicle: String,
    /// The station's address on the exchange platform.
    pub dxp_id: String,
    /// Who receives what is signed there, in the platform's wrapper (`DxpMsg`); nobody where the transport wraps it.
    pub receivers: Vec<String>,
    /// How long after the first of them arrivals are reported.
    pub report_after_ms: i64,
    /// How many lines a document has at most.
    pub lines_max: u32,
    /// The enterprise whose client transmits (`copCode`).
    pub sender: Enterprise,
    /// The operator of the supervised site, who tells of arrivals.
    pub operator: Enterprise,
    /// The carrier, who tells of departures.
    pub logistics: Enterprise,
    /// The broker, who ties lists to bags.
    pub agent: Enterprise,
    /// Who signs for which of them; a message of a role without a signer leaves unsigned.
    pub signers: Vec<SignerSettings>,
}

/// An enterprise as customs knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enterprise {
    /// Its customs or credit code.
    pub code: String,
    /// Its registered name.
    pub name: String,
}

/// In what capacity a message is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The operator of the supervised site.
    Operator,
    /// The broker.
    Agent,
    /// The carrier.
    Logistics,
}

/// A certificate of the station's, and the files beside `station.toml` that it lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerSettings {
    /// The capacities that it certifies.
    pub roles: Vec<Role>,
    /// The private key.
    pub key: String,
    /// The certificate.
    pub certificate: String,
    /// The certificate's number, as customs knows it.
    pub key_name: String,
}

/// How many lines a document to customs may have, and how many it has when nobody says; the schema bounds none.
const LINES_MAX: u32 = 99_999;
const LINES: u32 = 100;
/// How many receivers a wrapper may name.
const RECEIVERS_MAX: usize = 5;
/// How long arrivals may be gathered before they are reported.
const MINUTES_MAX: u32 = 24 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomsTable {
    link: String,
    guid: Option<String>,
    customs_code: Option<String>,
    site_code: Option<String>,
    transport: Option<String>,
    inland_vehicle: Option<String>,
    dxp_id: Option<String>,
    #[serde(default)]
    receivers: Vec<String>,
    report_after_min: Option<u32>,
    lines_max: Option<u32>,
    sender: Option<EnterpriseTable>,
    operator: Option<EnterpriseTable>,
    logistics: Option<EnterpriseTable>,
    agent: Option<EnterpriseTable>,
    #[serde(rename = "signer", default)]
    signers: Vec<SignerTable>,
    presentation: Option<String>,
    present_after_min: Option<u32>,
    present_items_max: Option<u32>,
    #[serde(rename = "decision", default)]
    decisions: Vec<DecisionTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnterpriseTable {
    code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignerTable {
    roles: Vec<String>,
    key: String,
    certificate: String,
    key_name: String,
}

pub(super) fn link(table: Option<&CustomsTable>) -> Result<CustomsLink, ConfigError> {
    let Some(table) = table else { return Ok(CustomsLink::DeclaredElsewhere) };
    match table.link.as_str() {
        "declared-elsewhere" => Ok(CustomsLink::DeclaredElsewhere),
        "ceb" => ceb(table).map(Box::new).map(CustomsLink::Ceb),
        other => Err(fault("customs.link", other, "declared-elsewhere or ceb")),
    }
}

/// Returns what the codes of customs mean, whatever the link.
pub(super) fn decisions_of(table: Option<&CustomsTable>) -> Result<Vec<CustomsDecision>, ConfigError> {
    table.map_or(Ok(Vec::new()), |table| decisions(&table.decisions))
}

/// Returns how items from abroad are presented, whatever the link.
pub(super) fn presentation_of(table: Option<&CustomsTable>) -> Result<Option<Presentation>, ConfigError> {
    let Some(table) = table else { return Ok(None) };
    presentation(table.presentation.as_deref(), table.present_after_min, table.present_items_max)
}

fn ceb(table: &CustomsTable) -> Result<CebLink, ConfigError> {
    let digits = |text: &str| {
        (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
    };
    let mut signers = Vec::with_capacity(table.signers.len());
    let mut taken = BTreeSet::new();
    for signer in &table.signers {
        let mut roles = Vec::with_capacity(signer.roles.len());
        for name in &signer.roles {
            let expected = "operator, agent or logistics, each with one signer";
            roles.push(value("customs.signer.roles", name, expected, |name| {
                Role::parse(name).filter(|role| taken.insert(*role))
            })?);
        }
        signers.push(SignerSettings {
            roles,
            key: beside("customs.signer.key", &signer.key)?,
            certificate: beside("customs.signer.certificate", &signer.certificate)?,
            key_name: value("customs.signer.key_name", &signer.key_name, "1 to 100 characters", text(100))?,
        });
    }
    let guid_of = |text: &str| guid::parse(text).map(|_| text.to_ascii_uppercase());
    let transport = "one of 0 to 9: 3 by rail, 4 by road";
    let one_digit = |text: &str| digits(&format!("000{text}")).map(|_| text.to_owned());
    Ok(CebLink {
        guid: needed("customs.guid", table.guid.as_ref(), "a GUID of 36 characters", guid_of)?,
        customs_code: needed("customs.customs_code", table.customs_code.as_ref(), "four digits", digits)?,
        site_code: table
            .site_code
            .as_ref()
            .map(|code| value("customs.site_code", code, "1 to 10 characters", text(10)))
            .transpose()?,
        transport: needed("customs.transport", table.transport.as_ref(), transport, one_digit)?,
        inland_vehicle: needed(
            "customs.inland_vehicle",
            table.inland_vehicle.as_ref(),
            "1 to 100 characters",
            text(100),
        )?,
        dxp_id: needed("customs.dxp_id", table.dxp_id.as_ref(), "1 to 16 characters", text(16))?,
        receivers: receivers(&table.receivers)?,
        report_after_ms: i64::from(bounded(
            "customs.report_after_min",
            table.report_after_min.unwrap_or(10),
            "1 to 1440",
            MINUTES_MAX,
        )?) * 60_000,
        lines_max: bounded("customs.lines_max", table.lines_max.unwrap_or(LINES), "1 to 99999", LINES_MAX)?,
        sender: enterprise("customs.sender", table.sender.as_ref())?,
        operator: enterprise("customs.operator", table.operator.as_ref())?,
        logistics: enterprise("customs.logistics", table.logistics.as_ref())?,
        agent: enterprise("customs.agent", table.agent.as_ref())?,
        signers,
    })
}

fn receivers(names: &[String]) -> Result<Vec<String>, ConfigError> {
    if names.len() > RECEIVERS_MAX {
        return Err(fault("customs.receivers", &names.len().to_string(), "at most 5 receivers"));
    }
    names.iter().map(|name| value("customs.receivers", name, "1 to 16 characters", text(16))).collect()
}

fn enterprise(field: &str, table: Option<&EnterpriseTable>) -> Result<Enterprise, ConfigError> {
    let Some(table) = table else { return Err(fault(field, "", "a table with code and name")) };
    Ok(Enterprise {
        code: value(&format!("{field}.code"), &table.code, "1 to 18 characters", text(18))?,
        name: value(&format!("{field}.name"), &table.name, "1 to 100 characters", text(100))?,
    })
}

fn needed<T>(
    field: &str,
    text: Option<&String>,
    expected: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, ConfigError> {
    value(field, text.map_or("", String::as_str), expected, parse)
}

pub(super) fn bounded(
    field: &str,
    number: u32,
    expected: &'static str,
    most: u32,
) -> Result<u32, ConfigError> {
    if (1..=most).contains(&number) { Ok(number) } else { Err(fault(field, &number.to_string(), expected)) }
}

/// Returns a reader of texts of so many characters, as a message can hold them.
fn text(most: usize) -> impl Fn(&str) -> Option<String> {
    move |text| {
        let is_plain = text.trim() == text && !text.chars().any(char::is_control);
        (is_plain && (1..=most).contains(&text.chars().count())).then(|| text.to_owned())
    }
}

impl Role {
    /// Returns who signs a message: the enterprise that its head names as the one who tells. What is presented between post
    /// and customs is not signed.
    pub fn of(form: FilingForm) -> Option<Self> {
        match form {
            FilingForm::Arrival => Some(Self::Operator),
            FilingForm::BagContents => Some(Self::Agent),
            FilingForm::Departure => Some(Self::Logistics),
            FilingForm::Presentation => None,
        }
    }

    fn parse(name: &str) -> Option<Self> {
        match name {
            "operator" => Some(Self::Operator),
            "agent" => Some(Self::Agent),
            "logistics" => Some(Self::Logistics),
            _ => None,
        }
    }
}

impl CebLink {
    /// Returns who signs a message for the station; `None` where it leaves unsigned.
    pub fn signer(&self, form: FilingForm) -> Option<&SignerSettings> {
        let role = Role::of(form)?;
        self.signers.iter().find(|signer| signer.roles.contains(&role))
    }

    /// Returns the GUID of a name of this station's: version 5 of RFC 9562 under the configured one.
    pub fn guid_of(&self, name: &str) -> String {
        let namespace = guid::parse(&self.guid).expect("settings were checked when they were read");
        guid::named(namespace, name)
    }
}
