//! What differs between what one post advised and another received, as a verification note tells it: CP 78 for parcels,
//! CN 43 for the rest.

use std::collections::BTreeSet;

use caravan_documents::form::{Irregularity, IrregularityKind, VerificationNote};
use caravan_documents::manifest::BillForm;
use caravan_documents::{Office, printed};
use caravan_postal::{Grams, MailClass, S8, S9, S10};
use caravan_station::{Advice, Dispatch, Receptacle, ReceptacleState};

use super::Forms;

/// One difference: the receptacle or item that it is about, and what is told of it. Weights are kilograms as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Difference {
    /// A receptacle that was advised and is not there.
    Missing(String),
    /// A receptacle that a partner has in excess.
    Extra(String),
    /// A receptacle that nobody advised to this office.
    Unadvised(String),
    /// A receptacle, and the office that it is for.
    MisSent(String, String),
    /// A receptacle, its weight as advised and as a partner reported it.
    Reported(String, String, String),
    /// A receptacle, its weight as advised and as this office found it.
    Weighed(String, String, String),
    /// A receptacle, its flag as advised and as a partner reported it.
    Handling(String, String, String),
    /// An item that was listed and is not there, and its receptacle.
    ItemMissing(S10, String),
    /// A dispatch, and the first and the last of its receptacles' numbers that nobody advised.
    NumberGap(String, u32, u32),
}

/// What a verification note is about.
#[derive(Debug)]
pub(crate) struct Note<'k> {
    /// Its number; empty where it was never drawn up.
    pub(crate) number: String,
    pub(crate) s8: S8,
    pub(crate) to: Office,
    pub(crate) at_ms: i64,
    /// The dispatch, where it is one of this office.
    pub(crate) own: Option<&'k Dispatch>,
    pub(crate) irregularities: Vec<Irregularity>,
    /// Whether what it is about has gone on.
    pub(crate) is_forwarded: bool,
}

impl Difference {
    /// Returns the difference as a line of a draft: what, and of which.
    pub(crate) fn line(&self) -> (&'static str, String) {
        match self {
            Self::Missing(name) => ("receptacle missing", name.clone()),
            Self::Extra(name) => ("receptacle in excess", name.clone()),
            Self::Unadvised(name) => ("receptacle unadvised", name.clone()),
            Self::MisSent(name, office) => ("receptacle mis-sent", format!("{name}  is for {office}")),
            Self::Reported(name, advised, reported) => {
                ("weight differs", format!("{name}  advised {advised} kg, reported {reported} kg"))
            }
            Self::Weighed(name, advised, found) => {
                ("weight differs", format!("{name}  advised {advised} kg, found {found} kg"))
            }
            Self::Handling(name, advised, reported) => {
                ("handling differs", format!("{name}  advised {advised}, reported {reported}"))
            }
            Self::ItemMissing(s10, name) => ("item missing", format!("{s10}  of {name}")),
            Self::NumberGap(name, from, to) => ("number not advised", format!("{name} {from:03} to {to:03}")),
        }
    }

    /// Returns the difference as a line of the form.
    pub(crate) fn irregularity(&self) -> Irregularity {
        use IrregularityKind::{Extra, Handling, MisSent, Missing, NumberGap, Weight};
        let kg = |weight: &String| format!("{weight} kg");
        let line = |kind, subject: &str, advised: String, found: String| Irregularity {
            kind,
            subject: named(subject),
            advised,
            found,
            remark: String::new(),
        };
        let none = String::new;
        match self {
            Self::Missing(name) => line(Missing, name, none(), none()),
            Self::Extra(name) | Self::Unadvised(name) => line(Extra, name, none(), none()),
            Self::MisSent(name, office) => line(MisSent, name, none(), office.clone()),
            Self::Reported(name, advised, found) | Self::Weighed(name, advised, found) => {
                line(Weight, name, kg(advised), kg(found))
            }
            Self::Handling(name, advised, found) => line(Handling, name, advised.clone(), found.clone()),
            Self::ItemMissing(s10, name) => {
                Irregularity { remark: named(name), ..line(Missing, &s10.to_string(), none(), none()) }
            }
            Self::NumberGap(name, from, to) => {
                let numbers = format!("{from:03} to {to:03}");
                Irregularity { remark: numbers, ..line(NumberGap, name, none(), none()) }
            }
        }
    }
}

impl Forms<'_> {
    /// Returns what does not agree about a receptacle that came here and the items on its list.
    pub(crate) fn irregularities(
        self,
        receptacle: &Receptacle,
        is_missing: impl Fn(S10) -> bool,
    ) -> Vec<Difference> {
        let name = receptacle.name();
        let mut lines = Vec::new();
        if receptacle.state == ReceptacleState::Missing {
            lines.push(Difference::Missing(name.clone()));
        }
        let Some(scale) = receptacle.scale else { return lines };
        if receptacle.advice.is_none() {
            lines.push(Difference::Unadvised(name.clone()));
        }
        let expected = receptacle.s9.as_ref().and_then(|s9| Advice::expected(receptacle.advice.as_ref(), s9));
        if let Some(expected) =
            expected.filter(|expected| self.config.belt.weighs_otherwise(*expected, scale))
        {
            let (advised, found) = (expected.kg().to_string(), scale.kg().to_string());
            lines.push(Difference::Weighed(name.clone(), advised, found));
        }
        let listed = receptacle.advice.iter().flat_map(|advice| &advice.items);
        let missing = listed.filter(|s10| is_missing(**s10));
        lines.extend(missing.map(|s10| Difference::ItemMissing(*s10, name.clone())));
        lines
    }

    /// Returns the note.
    pub(crate) fn verification_note(self, note: Note<'_>) -> VerificationNote {
        let at = self.local(note.at_ms);
        let bill = note.own.map(|dispatch| {
            let form = match BillForm::of(dispatch.series.subclass.class()) {
                BillForm::Cn31 => "CN 31",
                BillForm::Cp87 => "CP 87",
                BillForm::Ems => "EMS",
            };
            format!("{form} {}", dispatch.s8.serial())
        });
        VerificationNote {
            number: note.number,
            s8: note.s8,
            office: self.own_office(),
            addressed_to: note.to,
            found_at: at,
            drawn_up_at: at,
            bill: bill.unwrap_or_default(),
            transport: note.own.and_then(|dispatch| dispatch.departure.clone()).unwrap_or_default(),
            irregularities: note.irregularities,
            enclosures: String::new(),
            is_forwarded: note.is_forwarded,
            wanted: String::new(),
        }
    }
}

/// Returns what findings about a dispatch and its receptacles say that differs, each once; what has come after all is not
/// missing.
pub(crate) fn differences(found: &[(String, Vec<String>)], came: &BTreeSet<String>) -> Vec<Difference> {
    let mut differences: Vec<Difference> = Vec::new();
    for difference in found.iter().filter_map(|(code, arguments)| difference(code, arguments)) {
        let is_back = matches!(&difference, Difference::Missing(name) if came.contains(name));
        if !is_back && !differences.contains(&difference) {
            differences.push(difference);
        }
    }
    differences
}

/// Returns what a finding says that differs; nothing of what is no irregularity between two posts.
fn difference(code: &str, arguments: &[String]) -> Option<Difference> {
    let difference = match (code, arguments) {
        ("match-missing" | "match-lost", [receptacle, _]) => Difference::Missing(receptacle.clone()),
        ("match-extra", [receptacle, _]) => Difference::Extra(receptacle.clone()),
        ("match-mis-sent", [receptacle, office, _]) => {
            Difference::MisSent(receptacle.clone(), office.clone())
        }
        ("match-weight", [receptacle, told, received]) => {
            Difference::Reported(receptacle.clone(), told.clone(), received.clone())
        }
        ("match-flag", [receptacle, flag, told, received]) if flag != "@highest-flag" => {
            Difference::Handling(receptacle.clone(), told.clone(), received.clone())
        }
        _ => return None,
    };
    Some(difference)
}

/// Returns what differs of another office's receptacle that passes through: by which act customs opened it, if it did, its
/// weight where that is another one, and its seal.
pub(crate) fn differing(receptacle: &Receptacle, s9: S9, act: Option<&str>) -> Vec<Irregularity> {
    let subject = printed::s9(s9);
    let line = |kind, advised: String, found: String, remark: &str| Irregularity {
        kind,
        subject: subject.clone(),
        advised,
        found,
        remark: remark.to_owned(),
    };
    let labelled = s9.weight.hectograms().map(|hectograms| Grams(u64::from(hectograms) * 100));
    let gross = receptacle.gross();
    let opened = act.map(|act| line(IrregularityKind::Opened, String::new(), String::new(), act));
    let mut lines: Vec<Irregularity> = opened.into_iter().collect();
    if labelled.is_none_or(|labelled| labelled.hectograms() != gross.hectograms()) {
        let labelled =
            labelled.map_or_else(|| "> 999.8 kg".to_owned(), |weight| format!("{} kg", weight.kg()));
        lines.push(line(IrregularityKind::Weight, labelled, format!("{} kg", gross.kg()), ""));
    }
    if let Some(seal) = &receptacle.seal {
        lines.push(line(IrregularityKind::Seal, String::new(), seal.clone(), ""));
    }
    lines
}

/// Returns the form of a verification note about mail of a class.
pub(crate) fn form(class: MailClass) -> &'static str {
    if class == MailClass::Parcels { "CP 78" } else { "CN 43" }
}

/// Returns an identifier in groups, as it is printed on its label.
fn named(name: &str) -> String {
    let s10 = || S10::parse(name).ok().map(printed::s10);
    S9::parse(name).map(printed::s9).or_else(s10).unwrap_or_else(|| name.to_owned())
}
