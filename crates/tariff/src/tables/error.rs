//! What can be wrong with a table text.

/// Why the tables cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not TOML, or a field is missing, misspelt or of the wrong kind.
    #[error("cannot read table `{table}`")]
    Syntax {
        /// The name of the text.
        table: String,
        /// What the reader of TOML says.
        source: Box<toml::de::Error>,
    },
    /// A row whose content does not make sense.
    #[error("row `{row}`: {fault}")]
    Row {
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
