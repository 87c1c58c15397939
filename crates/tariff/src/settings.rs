//! Whether what a station has decided fits the tables: a reading or a row that they do not have would change no answer,
//! and nobody would hear of it.

use crate::tables::Status;
use crate::{Engine, Options};

/// Why what a station has decided does not fit the tables.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// No reading has the name.
    #[error("there is no reading `{id}`; there are {known}")]
    NoReading {
        /// The name.
        id: String,
        /// The names of all readings.
        known: String,
    },
    /// A reading has no such choice.
    #[error("reading `{id}` has no choice `{choice}`; it has {known}")]
    NoChoice {
        /// The reading.
        id: String,
        /// The choice.
        choice: String,
        /// Its choices.
        known: String,
    },
    /// No row has the id that is switched on.
    #[error("there is no row `{row}` to be switched on; announced are {known}")]
    NoRow {
        /// The id.
        row: String,
        /// The ids of all announced rows.
        known: String,
    },
    /// A row that is switched on is not announced: it applies by its own days.
    #[error("row `{row}` is {status} and cannot be switched on; announced are {known}")]
    NotAnnounced {
        /// The id.
        row: String,
        /// The status that it has.
        status: Status,
        /// The ids of all announced rows.
        known: String,
    },
}

impl Engine {
    /// Returns whether the tables have every reading with its choice, and every announced row, that options name.
    pub fn check(&self, options: &Options) -> Result<(), OptionsError> {
        for reading in &options.readings {
            let known = self.readings().find(|(row, ..)| row.id.as_str() == reading.id);
            let Some((_, choices, _)) = known else {
                let known = listed(self.readings().map(|(row, ..)| row.id.as_str()));
                return Err(OptionsError::NoReading { id: reading.id.clone(), known });
            };
            if !choices.iter().any(|choice| **choice == *reading.choice) {
                let known = listed(choices.iter().map(|choice| &**choice));
                let (id, choice) = (reading.id.clone(), reading.choice.clone());
                return Err(OptionsError::NoChoice { id, choice, known });
            }
        }
        for switch in &options.switched_on {
            let announced = || {
                let rows = self.rows().filter(|row| row.status == Status::Announced);
                listed(rows.map(|row| row.id.as_str()))
            };
            match self.row(&switch.row).map(|row| row.status) {
                Some(Status::Announced) => {}
                Some(status) => {
                    let row = switch.row.clone();
                    return Err(OptionsError::NotAnnounced { row, status, known: announced() });
                }
                None => {
                    return Err(OptionsError::NoRow { row: switch.row.clone(), known: announced() });
                }
            }
        }
        Ok(())
    }
}

pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
