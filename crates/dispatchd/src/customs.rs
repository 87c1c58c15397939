//! What customs says and what is signed for it: receipts read from the bytes of a file, and the station's signers.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use caravan_declaration::answer::Answer;
use caravan_declaration::ceb::{self, Document};
use caravan_declaration::signature::{Signer, SigningKey, Sm2Form};
use caravan_declaration::{Declaration, Limits, Outcome};
use caravan_postal::Finding;
use caravan_station::{Config, CustomsAnswer, FilingForm};
use caravan_store::{KeptList, NewItem};
use chrono::{FixedOffset, NaiveDateTime, TimeZone};

use crate::correspondent::certificates;
use crate::findings::CUSTOMS_LISTS;

/// Beijing's offset from UTC, in seconds: all times of these messages are those of its clocks.
const BEIJING_S: i32 = 8 * 3600;

/// One receipt of a customs message.
#[derive(Debug)]
pub struct Receipt {
    /// Which of the message it is, from 1.
    pub ordinal: u32,
    /// What it is about.
    pub about: About,
    /// What it says; its time is nothing where the receipt states none that can be read.
    pub answer: CustomsAnswer,
    /// Whether the time of the answer was stated.
    pub is_timed: bool,
}

/// What a receipt is about, by the numbers that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A list, by the code of its broker and the broker's number of it.
    List(String),
    /// A message of the station's, by its number and part.
    Filing(String),
    /// A message of the station's that could not be read, by its GUID.
    Message(String),
    /// Something that the station files nothing about.
    Other(String),
}

/// Reads the receipts of a customs message; nothing when it holds none.
pub fn receipts(bytes: &[u8], limits: &Limits) -> std::io::Result<Option<Vec<Receipt>>> {
    let mut receipts = Vec::new();
    ceb::read(bytes, limits, |read| match ceb::answer(&read.document) {
        Some(answer) => {
            receipts.push(receipt(read.ordinal, &read.document, &answer));
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(()),
    })?;
    Ok(Some(receipts).filter(|receipts| !receipts.is_empty()))
}

fn receipt(ordinal: u32, document: &Document<'_>, answer: &Answer<'_>) -> Receipt {
    let message = document.message.number();
    let text = |name: &str| document.text(name).unwrap_or_default();
    let about = match message {
        "604" => About::List(format!("{}/{}", text("agentCode"), text("copNo"))),
        "508" | "510" | "608" => About::Filing(format!("{}/{}", text("copNo"), text("msgSeqNo"))),
        "900" => About::Message(text("oriCopMsgId").to_ascii_uppercase()),
        _ => About::Other(answer.reference.unwrap_or_default().to_owned()),
    };
    let at_ms = answer.at.and_then(moment);
    // A list is numbered when it is taken; what the station files has the number of the electronic port alone.
    let numbers = if message == "604" { "invtNo" } else { "preNo" };
    let is_number = |number: &&str| {
        (1..=NUMBER_CHARS).contains(&number.chars().count()) && !number.contains(char::is_whitespace)
    };
    let number = Some(text(numbers)).filter(is_number);
    Receipt {
        ordinal,
        about,
        answer: CustomsAnswer {
            message: message.to_owned(),
            at_ms: at_ms.unwrap_or_default(),
            code: answer.code.unwrap_or_default().split_whitespace().collect(),
            verdict: answer.verdict,
            text: clip(answer.text.or_else(|| ceb::error(answer.code?)).unwrap_or_default()),
            number: number.map(str::to_owned),
        },
        is_timed: at_ms.is_some(),
    }
}

/// How long a number of customs may be (`invtNo`).
const NUMBER_CHARS: usize = 20;

/// How many characters of the words of customs are kept with an event.
const WORDS: usize = 200;

fn clip(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).take(WORDS).collect()
}

/// Returns the moment of a time in Beijing.
fn moment(local: NaiveDateTime) -> Option<i64> {
    let zone = FixedOffset::east_opt(BEIJING_S)?;
    zone.from_local_datetime(&local).single().map(|moment| moment.timestamp_millis())
}

/// Returns a moment as Beijing's clocks show it, in a form of `chrono`.
pub fn beijing(at_ms: i64, form: &str) -> String {
    let zone = FixedOffset::east_opt(BEIJING_S).expect("eight hours are an offset");
    let moment = zone.timestamp_millis_opt(at_ms).single().unwrap_or_default();
    moment.format(form).to_string()
}

/// Returns the list to customs that a declaration was read from, where the station deals with customs about lists.
pub fn list(config: &Config, declaration: &Declaration<'_>, findings: &[Finding]) -> Option<KeptList> {
    config.ceb()?;
    let extra =
        |name: &str| declaration.extras.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    extra("ieFlag").filter(|flag| *flag == "E")?;
    let name = format!("{}/{}", extra("agentCode")?, extra("copNo")?);
    Some(KeptList { name, findings: findings.to_vec() })
}

/// Something to sign.
const TRIAL: &str = "<CEB507Message></CEB507Message>";

/// Tells in a file's report how many lists to customs it has.
pub fn note_lists(items: &[NewItem], outcome: &mut Outcome) {
    let lists = items.iter().filter(|item| item.list.is_some()).count();
    if lists > 0 {
        outcome.findings.push(CUSTOMS_LISTS.finding([lists.to_string()]));
        outcome.findings.sort();
    }
}

/// Who signs the station's messages.
#[derive(Debug, Default)]
pub struct Signers {
    signers: Vec<(Vec<FilingForm>, Signer)>,
}

impl Signers {
    /// Reads the keys and certificates that the settings name; they lie beside them in `folder`.
    pub fn read(config: &Config, folder: &Path) -> Result<Self> {
        let mut signers = Vec::new();
        for settings in config.ceb().into_iter().flat_map(|link| &link.signers) {
            let path = folder.join(&settings.key);
            let shown = || format!("`{}`", path.display());
            let pem = fs::read_to_string(&path).with_context(shown)?;
            let key = SigningKey::from_pem(&pem).with_context(shown)?;
            let certificate = certificates(&[folder.join(&settings.certificate)])?.pop();
            let certificate = certificate.ok_or_else(|| anyhow!("no certificate is read"))?;
            let key_name = settings.key_name.clone();
            let signer = Signer { key, certificate, key_name, form: Sm2Form::Plain };
            // A key that cannot sign would be found out by the first message, and stop the station.
            signer.sign(TRIAL).with_context(shown)?;
            let signs =
                |form: &&FilingForm| config.ceb().and_then(|link| link.signer(**form)) == Some(settings);
            signers.push((FilingForm::ALL.iter().filter(signs).copied().collect(), signer));
        }
        Ok(Self { signers })
    }

    /// Returns who signs a message.
    pub fn of(&self, form: FilingForm) -> Option<&Signer> {
        self.signers.iter().find(|(forms, _)| forms.contains(&form)).map(|(_, signer)| signer)
    }
}
