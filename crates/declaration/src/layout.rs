//! Layouts of messages that are kept as data: a profile with a name and a version, walked by generic code.
//!
//! A profile is a TOML file in `profiles/` with a word about what it rests on. Its elements are listed in their order,
//! each with its path, its type in the notation of the trade (see [`Type`]), how often it may be there and what it
//! means; replacing a layout changes no code. The readers turn a record into a tree of entries over the layout, the
//! writers turn such a tree into bytes and check it on the way, and the schemas are made from the same table.

mod json;
mod json_reader;
mod json_schema;
mod notation;
mod schema;
mod tree;
mod xml;

use std::sync::LazyLock;

use serde::Deserialize;

use crate::format::{self, Element};
use crate::write::Unwritable;

pub use json_schema::json_schema;
pub use notation::Type;
pub use schema::schema;

pub(crate) use json::write as write_json;
pub(crate) use json_reader::{read as read_json, recognises};
pub(crate) use tree::{Entry, Gathering, Misfit, Record, check, unwritable};
pub(crate) use xml::{write_foot, write_head, write_record};

/// The layout of one message in one version.
#[derive(Debug)]
pub struct Layout {
    /// The name with its version: `cusitm-1`.
    pub name: String,
    /// The standard that it means to follow.
    pub standard: String,
    /// What it rests on, in a sentence or two.
    pub basis: String,
    /// The namespace in XML, and the identifier of the schema in JSON.
    pub namespace: String,
    /// The root element in XML; in JSON the member that holds the records when they are not the whole document.
    pub root: String,
    /// The element of one record, whose children are the table; the same as the root when a message is one record.
    pub record: Node,
}

/// One element of a layout.
#[derive(Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Which of its parent's children it is, counted from 0.
    pub(crate) position: usize,
    /// What it holds.
    pub content: Holds,
    /// How often it has to be there.
    pub least: u32,
    /// How often it may be there; `None` for any number of times.
    pub most: Option<u32>,
    /// What it means.
    pub says: String,
    /// What it fills.
    pub(crate) role: Role,
    /// The element of our own format that has the same meaning.
    pub(crate) element: Option<&'static Element>,
    /// The element that its value stands for when nothing is known of the first one.
    pub(crate) other: Option<&'static Element>,
}

/// What an element of a layout holds.
#[derive(Debug)]
pub enum Holds {
    /// A value.
    Value(Type),
    /// Other elements.
    Group(Vec<Node>),
}

/// What an element is to the model, beside being the element of our format that the profile names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// The field itself, or nothing that the model knows.
    #[default]
    Plain,
    /// The currency of the amount of that name beside it.
    CurrencyOf(String),
    /// One of the lines that are the field together.
    Line,
    /// A part of a name, which is the field when the whole name is not there.
    NamePart,
    /// The number of its group among its like, counted from 1.
    Ordinal,
    /// The name of an extra field.
    ExtraName,
    /// The value of an extra field, paired with the names by its order.
    ExtraValue,
}

/// The layouts that the crate brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Known {
    /// CUSITM, the item declaration of a post to customs (UPU M43).
    Cusitm,
    /// CUSRSP, the answer of customs to a post (UPU M44).
    Cusrsp,
    /// The data of the UPU customs web service, JSON.
    CustomsData,
    /// ITMREF, the security referral of an item to its post of origin.
    Itmref,
    /// REFRSP, the answer to a referral.
    Refrsp,
    /// IE3F43, the ICS2 house-level filing of postal items.
    Ie3f43,
    /// IE3F44, the ICS2 filing of the receptacles that hold the items.
    Ie3f44,
}

macro_rules! built_in {
    ($($name:ident = $file:literal;)+) => {
        $(static $name: LazyLock<Layout> = LazyLock::new(|| built_in($file, include_str!(concat!("../profiles/", $file, ".toml"))));)+
    };
}

built_in! {
    CUSITM = "cusitm-1";
    CUSRSP = "cusrsp-1";
    CUSTOMS_DATA = "customs-data-1";
    ITMREF = "itmref-1";
    REFRSP = "refrsp-1";
    IE3F43 = "ie3f43-1";
    IE3F44 = "ie3f44-1";
}

/// The tables that several layouts have in common, by the names by which they are included.
const PARTS: &[(&str, &str)] = &[
    ("mail-object", include_str!("../profiles/parts/mail-object.toml")),
    ("declaration", include_str!("../profiles/parts/declaration.toml")),
    ("response", include_str!("../profiles/parts/response.toml")),
];

impl Known {
    /// Every layout.
    pub const ALL: [Self; 7] = [
        Self::Cusitm,
        Self::Cusrsp,
        Self::CustomsData,
        Self::Itmref,
        Self::Refrsp,
        Self::Ie3f43,
        Self::Ie3f44,
    ];

    /// Returns the layout itself.
    pub fn layout(self) -> &'static Layout {
        match self {
            Self::Cusitm => &CUSITM,
            Self::Cusrsp => &CUSRSP,
            Self::CustomsData => &CUSTOMS_DATA,
            Self::Itmref => &ITMREF,
            Self::Refrsp => &REFRSP,
            Self::Ie3f43 => &IE3F43,
            Self::Ie3f44 => &IE3F44,
        }
    }
}

impl Layout {
    /// Returns why a text cannot be the value of the element at a path.
    pub(crate) fn fault(&self, path: &str, text: &str) -> Option<Unwritable> {
        let node = path.split('.').try_fold(&self.record, |node, step| node.child(step));
        match node.map(|node| &node.content) {
            Some(Holds::Value(value)) => unwritable(*value, text),
            Some(Holds::Group(_)) | None => Some(Unwritable::Code),
        }
    }
}

impl Node {
    /// Returns the elements of a group; none for a value.
    pub fn children(&self) -> &[Self] {
        match &self.content {
            Holds::Value(_) => &[],
            Holds::Group(children) => children,
        }
    }

    /// Returns whether it may be there more than once.
    pub fn is_repeated(&self) -> bool {
        self.most != Some(1)
    }

    /// Returns the child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children().iter().find(|child| child.name == name)
    }
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
enum LayoutError {
    #[error("the file is no profile")]
    Toml(#[from] toml::de::Error),
    #[error("the element `{0}` has no parent before it")]
    Parent(String),
    #[error("the type `{0}` is none")]
    Type(String),
    #[error("our format has no field `{0}`")]
    Field(String),
    #[error("there is no part `{0}`")]
    Part(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    standard: String,
    basis: String,
    namespace: String,
    root: String,
    /// Absent when the root itself is the record.
    record: Option<String>,
    #[serde(default)]
    parts: Vec<String>,
    #[serde(default)]
    elements: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartFile {
    elements: Vec<Line>,
}

/// One line of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The path of the element, names joined by points.
    at: String,
    /// The type of a value; absent for a group.
    #[serde(rename = "type")]
    notation: Option<String>,
    /// `1`, `0..1`, `0..n`, `1..9`; absent for `0..1`.
    occurs: Option<String>,
    says: String,
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    other: Option<String>,
    #[serde(default)]
    role: Role,
}

/// Reads a profile that is part of the program; a fault in it is a bug.
fn built_in(name: &str, text: &str) -> Layout {
    match parse(text) {
        Ok(layout) => layout,
        Err(error) => panic!("the profile `{name}` of this crate is valid: {error}"),
    }
}

fn parse(text: &str) -> Result<Layout, LayoutError> {
    let file: File = toml::from_str(text)?;
    let mut lines = Vec::new();
    for part in &file.parts {
        let found = PARTS.iter().find(|(name, _)| name == part);
        let (_, text) = found.ok_or_else(|| LayoutError::Part(part.clone()))?;
        lines.extend(toml::from_str::<PartFile>(text)?.elements);
    }
    lines.extend(file.elements);
    let mut children = Vec::new();
    for line in lines {
        line.add_to(&mut children)?;
    }
    let record = Node {
        name: file.record.unwrap_or_else(|| file.root.clone()),
        position: 0,
        content: Holds::Group(children),
        least: 1,
        most: None,
        says: file.standard.clone(),
        role: Role::Plain,
        element: None,
        other: None,
    };
    Ok(Layout {
        name: file.name,
        standard: file.standard,
        basis: file.basis,
        namespace: file.namespace,
        root: file.root,
        record,
    })
}

impl Line {
    fn add_to(self, mut siblings: &mut Vec<Node>) -> Result<(), LayoutError> {
        let at = self.at.clone();
        let (parents, name) = at.rsplit_once('.').map_or(("", &*at), |(parents, name)| (parents, name));
        for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
            let found = siblings.iter_mut().find(|node| node.name == parent);
            siblings = match found.map(|node| &mut node.content) {
                Some(Holds::Group(children)) => children,
                _ => return Err(LayoutError::Parent(at)),
            };
        }
        let content = match &self.notation {
            None => Holds::Group(Vec::new()),
            Some(notation) => {
                Holds::Value(Type::parse(notation).ok_or_else(|| LayoutError::Type(notation.clone()))?)
            }
        };
        let (least, most) =
            occurs(self.occurs.as_deref().unwrap_or("0..1")).ok_or(LayoutError::Type(at.clone()))?;
        let element = |field: Option<String>| match field {
            None => Ok(None),
            Some(field) => format::element(&field).map(Some).ok_or(LayoutError::Field(field)),
        };
        siblings.push(Node {
            name: name.to_owned(),
            position: siblings.len(),
            content,
            least,
            most,
            says: self.says,
            role: self.role,
            element: element(self.field)?,
            other: element(self.other)?,
        });
        Ok(())
    }
}

/// Reads `1`, `0..1`, `1..9`, `0..n`.
fn occurs(text: &str) -> Option<(u32, Option<u32>)> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let most = if most == "n" { None } else { Some(most.parse().ok()?) };
    Some((least.parse().ok()?, most))
}

#[cfg(test)]
mod tests {
    use super::{Holds, Known, Node};

    #[test]
    fn every_layout_says_what_it_rests_on() {
        for known in Known::ALL {
            let layout = known.layout();
            assert!(layout.basis.contains("not checked against the official text"), "{}", layout.name);
            assert!(layout.namespace.starts_with("urn:caravan:"), "{}", layout.name);
            assert!(!layout.record.children().is_empty(), "{}", layout.name);
        }
    }

    #[test]
    fn siblings_have_names_of_their_own_and_groups_have_children() {
        fn look(node: &Node) {
            for child in node.children() {
                let same = node.children().iter().filter(|other| other.name == child.name).count();
                assert_eq!(same, 1, "{} in {}", child.name, node.name);
                assert!(!child.says.is_empty() && child.most.is_none_or(|most| child.least <= most));
                if matches!(child.content, Holds::Group(_)) {
                    assert!(!child.children().is_empty(), "{} in {}", child.name, node.name);
                }
                look(child);
            }
        }
        for known in Known::ALL {
            look(&known.layout().record);
        }
    }

    #[test]
    fn refuses_a_profile_that_could_not_be_used() {
        let head = "name=\"\"\nstandard=\"\"\nbasis=\"\"\nnamespace=\"\"\nroot=\"R\"\n";
        let table = |line: &str| super::parse(&format!("{head}elements = [{{ says = \"x\", {line} }}]"));
        assert!(table("at = \"a\", type = \"an..3\"").is_ok());
        assert!(table("at = \"a.b\", type = \"an..3\"").is_err());
        assert!(table("at = \"a\", type = \"xx..3\"").is_err());
        assert!(table("at = \"a\", type = \"an..3\", field = \"nothing\"").is_err());
        assert!(table("at = \"a\", type = \"an..3\", occurs = \"many\"").is_err());
        assert!(super::parse(&format!("{head}parts = [\"nothing\"]")).is_err());
    }
}
