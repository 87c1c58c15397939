//! What is wrong with the tables of the settings, gathered so that all of it is told at once.

use crate::config::ConfigError;
use crate::config::file::fault;

/// The faults so far: of each table the first.
#[derive(Default)]
pub(super) struct Faults(Vec<ConfigError>);

impl Faults {
    /// Returns what a table says; nothing, and its fault is noted, where it cannot be meant.
    pub(super) fn note<T>(&mut self, read: Result<T, ConfigError>) -> Option<T> {
        read.map_err(|fault| self.add(fault)).ok()
    }

    /// Returns what those of some tables say that can be meant.
    pub(super) fn note_each<T>(&mut self, reads: impl Iterator<Item = Result<T, ConfigError>>) -> Vec<T> {
        reads.filter_map(|read| self.note(read)).collect()
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
        self.0.push(fault);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the one fault, or all of them.
    pub(super) fn into_error(mut self) -> ConfigError {
        match self.0.pop() {
            Some(only) if self.0.is_empty() => only,
            last => {
                self.0.extend(last);
                ConfigError::Several(self.0)
            }
        }
    }
}
