//! What a message needs beside declarations: who sends it to whom, its numbers and times, the codes of its customs.
//!
//! A declaration has none of these, and nothing of them comes from the clock or from chance: they stand in one small
//! TOML file, with a table for each format. The same declarations and the same file give the same bytes.
//!
//! | target | table | example |
//! |---|---|---|
//! | `itmatt` | `[itmatt]` | `fixtures/envelopes/itmatt.toml` |
//! | `ceb-303` and the like | `[ceb]` | `fixtures/envelopes/ceb-export.toml`, `ceb-import.toml` |
//! | the same in a `DxpMsg` | `[ceb]`, `[dxp]` | the same |
//! | `ie3f43` | `[ie3f43]` | `fixtures/envelopes/ie3f43.toml` |

mod ceb;
mod file;
mod ie3f43;
mod itmatt;

use caravan_postal::Finding;

use crate::ceb::{Job, Message};
use crate::ics2::Filing;
use crate::read::Format;

use file::File;

pub use itmatt::Interchange;

/// Something that declarations can be written as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// A format that needs nothing but declarations.
    Plain(Format),
    /// ITMATT in EDIFACT.
    Itmatt,
    /// A message of China's cross-border e-commerce platform.
    Ceb(&'static Message),
    /// IE3F43, the filing of postal items with the Union.
    Ie3f43,
}

/// The formats that need nothing but declarations.
const PLAIN: [Format; 7] = [
    Format::Xml,
    Format::Csv,
    Format::Json,
    Format::Xlsx,
    Format::ItmattXml,
    Format::Cusitm,
    Format::CustomsData,
];

/// What an envelope file says for one target.
#[derive(Debug)]
pub enum Envelope {
    /// Nothing: the format needs none.
    Plain(Format),
    /// The header of an interchange.
    Itmatt(Interchange),
    /// What is around the documents of a message, and in them beside the declarations.
    Ceb(Box<Job>),
    /// What a filing says beside its items.
    Ie3f43(Box<Filing>),
}

impl Target {
    /// Returns every target, plain formats first.
    pub fn all() -> impl Iterator<Item = Self> {
        let messages = Message::all().iter().filter(|message| Job::is_written(message)).map(Self::Ceb);
        PLAIN.into_iter().map(Self::Plain).chain([Self::Itmatt]).chain(messages).chain([Self::Ie3f43])
    }

    /// Returns the name: `csv`, `itmatt`, `ceb-603`.
    pub fn name(self) -> String {
        match self {
            Self::Plain(format) => format.as_str().to_owned(),
            Self::Itmatt => Format::Itmatt.as_str().to_owned(),
            Self::Ceb(message) => format!("ceb-{}", message.number()),
            Self::Ie3f43 => "ie3f43".to_owned(),
        }
    }

    /// Returns the target of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|target| target.name() == name)
    }

    /// Returns the envelope of a target that needs none.
    pub fn plain(self) -> Option<Envelope> {
        match self {
            Self::Plain(format) => Some(Envelope::Plain(format)),
            Self::Itmatt | Self::Ceb(_) | Self::Ie3f43 => None,
        }
    }
}

impl Envelope {
    /// Reads what an envelope file says for a target. There is an envelope when there are no findings: everything that
    /// is wrong or missing is told at once, with its line.
    ///
    /// With `is_wrapped`, each message goes into a `DxpMsg`, which is asked of [`Target::Ceb`] alone.
    pub fn parse(text: &str, target: Target, is_wrapped: bool) -> (Option<Self>, Vec<Finding>) {
        let mut table = toml::de::DeTable::parse_recoverable(text);
        let file = File::new(text);
        for error in std::mem::take(&mut table.1) {
            file.syntax(error.span().unwrap_or_default());
        }
        let mut envelope = None;
        if file.is_fine() {
            let root = file.root(table.0.get_ref());
            for other in ["itmatt", "ceb", "dxp", "ie3f43"] {
                root.knows(other);
            }
            envelope = match target {
                Target::Plain(format) => Some(Self::Plain(format)),
                Target::Itmatt => itmatt::interchange(&root.inner("itmatt")).map(Self::Itmatt),
                Target::Ceb(message) => ceb::job(&root, message, is_wrapped).map(Box::new).map(Self::Ceb),
                Target::Ie3f43 => ie3f43::filing(&root.inner("ie3f43")).map(Box::new).map(Self::Ie3f43),
            };
            root.finish();
        }
        let findings = file.finish();
        (envelope.filter(|_| findings.is_empty()), findings)
    }
}
