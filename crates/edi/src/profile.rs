//! Message profiles: the layout of one message in one version, kept as data.
//!
//! The official segment tables are sold to members of the UPU and were not read; so a layout is a TOML file with a
//! name, a version and an honest word about how sure it is, and replacing it changes no code. A profile lists sections
//! and in each the segments, written as they stand in a message, with fields in braces:
//!
//! ```toml
//! [[section.line]]
//! segment = "MEA+WT+AAB+KGM:{weight_kg}"
//! says = "gross weight in kilograms"
//! ```
//!
//! A question mark, `{kind?}` or `139?`, marks what may be absent. The same table writes a message and reads it.
//! A field that stands in several components of one segment has a line of its text in each. A `[[code]]` says that a
//! field has another value in the message than in the model:
//!
//! ```toml
//! [[code]]
//! field = "document_kind"
//! message = "380"
//! model = "invoice"
//! ```

mod read;
mod template;
pub(crate) mod values;
mod write;

use std::sync::LazyLock;

use serde::Deserialize;

use crate::MessageType;
pub use read::{Bound, Entry};
pub use template::{Part, Template, TemplateError};
pub use write::ProfileWriteError;

/// How far a layout has been held against the real thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Agrees with a message that a post really sent; not checked against the official text.
    Observed,
    /// Put together from descriptions; neither seen in a real message nor checked against the official text.
    Unchecked,
}

/// The layout of one message in one version.
#[derive(Debug)]
pub struct Profile {
    /// The name with its version: `predes-2.1`.
    pub name: String,
    /// The standard that it means to follow.
    pub standard: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// What the confidence rests on, in a sentence or two.
    pub basis: String,
    /// What UNH says.
    pub message_type: MessageType,
    /// Other types that UNH may give for the same message.
    pub also: Vec<String>,
    sections: Vec<Section>,
    codes: Vec<FieldCode>,
}

/// A run of segments that belong together: the head of the message, one receptacle, one item, the totals.
#[derive(Debug)]
pub struct Section {
    /// The name.
    pub name: String,
    /// Whether it stands again and again, each time beginning with its first line.
    pub is_repeated: bool,
    /// Its segments, in order.
    pub lines: Vec<Line>,
}

/// One segment of a section.
#[derive(Debug)]
pub struct Line {
    /// What stands in it.
    pub template: Template,
    /// Whether the section is not complete without it.
    pub is_required: bool,
    /// What it says, for whoever reads the profile.
    pub says: String,
}

/// A value that a message writes otherwise than the model.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldCode {
    /// The field.
    pub field: String,
    /// What stands in the message.
    pub message: String,
    /// What stands in the model.
    pub model: String,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file is no TOML, or lacks something.
    #[error("cannot read the profile")]
    Toml(#[source] toml::de::Error),
    /// A segment is written in a way that cannot be understood.
    #[error("cannot read the segment `{segment}` of section `{section}`")]
    Template {
        /// The section.
        section: String,
        /// The segment as written.
        segment: String,
        /// What is wrong with it.
        #[source]
        source: TemplateError,
    },
    /// A section has no line, or one that is repeated begins with a line that is not required.
    #[error("section `{0}` has no required line to begin with")]
    Section(String),
    /// A partner's layout is one of another message.
    #[error("the profile lays out {found}, not {expected}")]
    Message {
        /// What it lays out.
        found: String,
        /// What it was meant for.
        expected: String,
    },
    /// A partner's layout has other sections than the message, or has them otherwise.
    #[error("the profile has the sections `{found}`; the message has `{expected}`")]
    Sections {
        /// Its sections in order; a star stands after a repeated one.
        found: String,
        /// Those of the message.
        expected: String,
    },
    /// A partner's layout has a field that the message does not know.
    #[error("section `{section}` has the field `{field}`, which the message does not know")]
    Field {
        /// The section.
        section: String,
        /// The field.
        field: String,
    },
}

/// The layouts that the crate brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Known {
    /// PREDES 2.1, dispatch pre-advice.
    Predes,
    /// RESDES 1.1, dispatch response.
    Resdes,
    /// PRECON 1.1, consignment pre-advice.
    Precon,
    /// RESCON 1.1, consignment response.
    Rescon,
    /// CARDIT 2.1, what a carrier is handed.
    Cardit,
    /// RESDIT 1.1, what a carrier answers.
    Resdit,
    /// EMSEVT 3.0, events of items.
    Emsevt,
    /// ITMATT 1.5, item attributes.
    Itmatt,
}

static PREDES: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/predes-2.1.toml")));
static RESDES: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/resdes-1.1.toml")));
static PRECON: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/precon-1.1.toml")));
static RESCON: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/rescon-1.1.toml")));
static CARDIT: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/cardit-2.1.toml")));
static RESDIT: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/resdit-1.1.toml")));
static EMSEVT: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/emsevt-3.0.toml")));
static ITMATT: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/itmatt-1.5.toml")));

impl Known {
    /// Every layout.
    pub const ALL: [Self; 8] = [
        Self::Predes,
        Self::Resdes,
        Self::Precon,
        Self::Rescon,
        Self::Cardit,
        Self::Resdit,
        Self::Emsevt,
        Self::Itmatt,
    ];

    /// Returns the layout itself.
    pub fn profile(self) -> &'static Profile {
        match self {
            Self::Predes => &PREDES,
            Self::Resdes => &RESDES,
            Self::Precon => &PRECON,
            Self::Rescon => &RESCON,
            Self::Cardit => &CARDIT,
            Self::Resdit => &RESDIT,
            Self::Emsevt => &EMSEVT,
            Self::Itmatt => &ITMATT,
        }
    }

    /// Returns the layout for a message by the type that UNH gives, whatever its version and release.
    pub fn of(message_type: &MessageType) -> Option<Self> {
        let is_of = |profile: &Profile| {
            profile.message_type.kind == message_type.kind || profile.also.contains(&message_type.kind)
        };
        Self::ALL.into_iter().find(|known| is_of(known.profile()))
    }

    /// Reads a partner's own layout of this message: a profile with the same sections, and in each no field but those
    /// of the built-in one (a time in either format). Segments, qualifiers, order within a section and what UNH says are its own.
    pub fn variant(self, text: &str) -> Result<Profile, ProfileError> {
        let (known, profile) = (self.profile(), Profile::parse(text)?);
        let (found, expected) = (&profile.message_type.kind, &known.message_type.kind);
        if found != expected && !known.also.contains(found) {
            return Err(ProfileError::Message { found: found.clone(), expected: expected.clone() });
        }
        let sections = |profile: &Profile| {
            let shown =
                |section: &Section| format!("{}{}", section.name, if section.is_repeated { "*" } else { "" });
            profile.sections.iter().map(shown).collect::<Vec<_>>().join(" ")
        };
        let (found, expected) = (sections(&profile), sections(known));
        if found != expected {
            return Err(ProfileError::Sections { found, expected });
        }
        for section in &profile.sections {
            let mut fields = profile.fields(&section.name);
            let is_foreign =
                |field: &&str| known.fields(&section.name).all(|known| stem(known) != stem(field));
            if let Some(field) = fields.find(is_foreign) {
                return Err(ProfileError::Field { section: section.name.clone(), field: field.to_owned() });
            }
        }
        Ok(profile)
    }
}

impl Profile {
    /// Reads a profile from its TOML file.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text).map_err(ProfileError::Toml)?;
        let mut sections = Vec::with_capacity(file.section.len());
        for section in file.section {
            sections.push(section.parse()?);
        }
        Ok(Self {
            name: file.name,
            standard: file.standard,
            confidence: file.confidence,
            basis: file.basis,
            message_type: MessageType {
                kind: file.message,
                version: file.version,
                release: file.release,
                agency: file.agency,
            },
            also: file.also,
            sections,
            codes: file.code,
        })
    }

    /// Returns the sections in order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Returns whether the layout has a section of that name.
    pub(crate) fn has_section(&self, name: &str) -> bool {
        self.sections.iter().any(|section| section.name == name)
    }

    /// Returns the values that the message writes otherwise than the model.
    pub fn codes(&self) -> &[FieldCode] {
        &self.codes
    }

    /// Returns the fields of a section, in the order of its lines.
    pub fn fields(&self, section: &str) -> impl Iterator<Item = &str> {
        let lines =
            self.sections.iter().filter(move |found| found.name == section).flat_map(|found| &found.lines);
        lines.flat_map(|line| line.template.fields())
    }
}

/// Returns the name of a field without what tells the two formats of a time apart.
fn stem(field: &str) -> &str {
    field.strip_suffix("_with_century").unwrap_or(field)
}

/// Reads a profile that is part of the program; a fault in it is a bug.
fn built_in(text: &str) -> Profile {
    Profile::parse(text).expect("a profile of this crate is valid")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    standard: String,
    confidence: Confidence,
    basis: String,
    message: String,
    version: String,
    release: String,
    agency: String,
    #[serde(default)]
    also: Vec<String>,
    section: Vec<FileSection>,
    #[serde(default)]
    code: Vec<FieldCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSection {
    name: String,
    #[serde(default)]
    repeated: bool,
    line: Vec<FileLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLine {
    segment: String,
    #[serde(default)]
    required: bool,
    says: String,
}

impl FileSection {
    fn parse(self) -> Result<Section, ProfileError> {
        let mut lines = Vec::with_capacity(self.line.len());
        for line in self.line {
            let template = Template::parse(&line.segment).map_err(|source| ProfileError::Template {
                section: self.name.clone(),
                segment: line.segment,
                source,
            })?;
            lines.push(Line { template, is_required: line.required, says: line.says });
        }
        let begins = lines.first().is_some_and(|line| line.is_required || !self.repeated);
        if !begins {
            return Err(ProfileError::Section(self.name));
        }
        Ok(Section { name: self.name, is_repeated: self.repeated, lines })
    }
}

#[cfg(test)]
mod tests;
