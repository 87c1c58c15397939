//! What is wrong with the tables of the settings, gathered so that all of it is told at once.

use crate::config::ConfigError;
use crate::config::file::fault;

/// The faults so far: of each table the first, with the table where there are several of its name.
#[derive(Default)]
pub(super) struct Faults(Vec<(String, ConfigError)>);

impl Faults {
    /// Returns what a table says; nothing, and its fault is noted, where it cannot be meant.
    pub(super) fn note<T>(&mut self, read: Result<T, ConfigError>) -> Option<T> {
        read.map_err(|fault| self.add(fault)).ok()
    }

    /// Returns what those of the tables of a name say that can be meant.
    pub(super) fn note_each<T>(
        &mut self,
        name: &str,
        reads: impl Iterator<Item = Result<T, ConfigError>>,
    ) -> Vec<T> {
        let mut tables = Vec::new();
        for (index, read) in reads.enumerate() {
            match read {
                Ok(table) => tables.push(table),
                Err(fault) => self.0.push((format!("[[{name}]] {}: ", index + 1), fault)),
            }
        }
        tables
    }

    /// Notes each table that has the name of one before it.
    pub(super) fn note_twice<'t, T>(
        &mut self,
        tables: &'t [T],
        field: &str,
        name: impl Fn(&'t T) -> &'t str,
        expected: &'static str,
    ) {
        for (index, table) in tables.iter().enumerate() {
            if tables[..index].iter().any(|other| name(other) == name(table)) {
                self.add(fault(field, name(table), expected));
            }
        }
    }

    pub(super) fn add(&mut self, fault: ConfigError) {
        self.0.push((String::new(), fault));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the one fault, or all of them.
    pub(super) fn into_error(mut self) -> ConfigError {
        match self.0.pop() {
            Some((_, only)) if self.0.is_empty() => only,
            last => {
                self.0.extend(last);
                ConfigError::Several(self.0)
            }
        }
    }
}
