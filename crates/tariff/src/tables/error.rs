//! What can be wrong with a table text.

/// Why the tables cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not TOML, or a field is missing, misspelt or of the wrong kind.
    #[error("{table}:{line}: cannot read the table")]
    Syntax {
        /// The name of the text.
        table: String,
        /// The line, counted from 1.
        line: u32,
        /// What the reader of TOML says.
        source: Box<toml::de::Error>,
    },
    /// A row whose content does not make sense.
    #[error("{place}: row `{row}`: {fault}")]
    Row {
        /// File and line of the row: `regimes/union.toml:12`.
        place: String,
        /// The id of the row.
        row: String,
        /// What is wrong with it.
        fault: String,
    },
    /// A list that cannot be read.
    #[error("list `{list}`: {fault}")]
    List {
        /// The name of the list.
        list: String,
        /// What is wrong with it.
        fault: String,
    },
    /// Two rows of one text have the same id.
    #[error("table `{table}` has row `{row}` twice")]
    Twice {
        /// The name of the text.
        table: String,
        /// The id.
        row: String,
    },
}
