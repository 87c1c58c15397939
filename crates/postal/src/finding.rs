//! One fault or remark about an input: what every crate reports and nobody turns into an exception.
//!
//! A finding holds a [`Code`], a [`Place`] and arguments. What it says in which language is in the message files of
//! the crate that declares the code (see [`crate::text`]).

use std::fmt;

/// How much a finding weighs, and what it does to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing follows from it.
    Remark,
    /// Probably wrong; someone should look, the item goes on.
    Warning,
    /// The item waits until someone has done what the finding asks.
    Hold,
    /// The item does not go.
    Refuse,
    /// The input could not be read to its end: nothing in it counts.
    Fatal,
}

/// What a finding says, by a stable name: `s10-check-digit`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// The stable name: lower case, words joined by hyphens.
    pub name: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The names of the arguments, in order.
    pub arguments: &'static [&'static str],
}

/// Where in the input a finding points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Place {
    /// The input as a whole, or something that was never in it.
    #[default]
    Whole,
    /// A place in a text: byte offset in the file, line and column from 1, the column in characters of the decoded text.
    Text {
        /// Bytes before the place.
        offset: u64,
        /// The line.
        line: u32,
        /// The column.
        column: u32,
    },
    /// A place in an EDIFACT message, all counted from 1; element and component are 0 for the segment as a whole.
    Segment {
        /// The segment within the interchange.
        segment: u32,
        /// The data element within the segment.
        element: u16,
        /// The component within the element.
        component: u16,
    },
    /// A cell of a table, counted from 1, the heading row included.
    Cell {
        /// The row; in a table of operations the line of the text that it begins on.
        row: u32,
        /// The column.
        column: u16,
    },
}

/// Which field of a declaration is meant: `gross-weight`, or `hs` of the second content piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Field {
    /// The content piece, counted from 1; `None` for the declaration itself.
    pub piece: Option<u16>,
    /// The name of the field; empty for the item or the file as a whole.
    pub name: &'static str,
}

/// One fault or remark about an input.
///
/// Findings order by item, place, code and field, so that every report of the same input reads the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// The item within the file, counted from 1; `None` for the file itself.
    pub item: Option<u32>,
    /// Where in the input.
    pub place: Place,
    /// What it says.
    pub code: &'static Code,
    /// Which field.
    pub field: Field,
    /// The values that the sentence names, in the order of the code's argument names.
    pub arguments: Vec<Box<str>>,
}

impl Code {
    /// Returns a finding of this code without a place; the number of `arguments` is that of the code.
    pub fn finding<A: Into<Box<str>>>(&'static self, arguments: impl IntoIterator<Item = A>) -> Finding {
        let arguments: Vec<Box<str>> = arguments.into_iter().map(Into::into).collect();
        assert_eq!(arguments.len(), self.arguments.len(), "arguments of `{}`", self.name);
        Finding { item: None, place: Place::Whole, code: self, field: Field::default(), arguments }
    }
}

impl Finding {
    /// Returns the finding with its place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Returns the finding with its field.
    #[must_use]
    pub fn on(mut self, field: Field) -> Self {
        self.field = field;
        self
    }

    /// Returns the finding with its item, counted from 1.
    #[must_use]
    pub fn of(mut self, item: u32) -> Self {
        self.item = Some(item);
        self
    }

    /// Returns how much the finding weighs.
    pub fn severity(&self) -> Severity {
        self.code.severity
    }
}

impl Field {
    /// Returns a field of the declaration itself.
    pub const fn of(name: &'static str) -> Self {
        Self { piece: None, name }
    }

    /// Returns a field of content piece `index`, counted from 0.
    pub fn of_piece(index: usize, name: &'static str) -> Self {
        Self { piece: Some(u16::try_from(index + 1).unwrap_or(u16::MAX)), name }
    }
}

impl Severity {
    /// Every severity, lightest first.
    pub const ALL: [Self; 5] = [Self::Remark, Self::Warning, Self::Hold, Self::Refuse, Self::Fatal];

    /// Returns the stable name: `hold`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remark => "remark",
            Self::Warning => "warning",
            Self::Hold => "hold",
            Self::Refuse => "refuse",
            Self::Fatal => "fatal",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Whole => Ok(()),
            Self::Text { line, column, .. } => write!(f, "{line}:{column}"),
            Self::Segment { segment, element: 0, .. } => write!(f, "segment {segment}"),
            Self::Segment { segment, element, component: 0 } => {
                write!(f, "segment {segment}, element {element}")
            }
            Self::Segment { segment, element, component } => {
                write!(f, "segment {segment}, element {element}, component {component}")
            }
            Self::Cell { row, column } => write!(f, "row {row}, column {column}"),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.piece {
            Some(piece) => write!(f, "content[{piece}].{}", self.name),
            None => f.write_str(self.name),
        }
    }
}

/// Declares finding codes as statics, and `CODES`, the list of them all.
///
/// ```
/// caravan_postal::codes! {
///     /// The gross weight is missing.
///     WEIGHT_MISSING = "weight-missing", Hold, [];
///     /// A country code that is none.
///     COUNTRY_UNKNOWN = "country-unknown", Hold, [found];
/// }
/// assert_eq!(CODES.len(), 2);
/// ```
#[macro_export]
macro_rules! codes {
    ($($(#[$meta:meta])* $ident:ident = $name:literal, $severity:ident, [$($argument:ident),*];)+) => {
        $(
            $(#[$meta])*
            pub static $ident: $crate::Code = $crate::Code {
                name: $name,
                severity: $crate::Severity::$severity,
                arguments: &[$(stringify!($argument)),*],
            };
        )+

        /// Every code declared here.
        pub static CODES: &[&$crate::Code] = &[$(&$ident),+];
    };
}
