//! What assessments are made with: tables and engine, kept once under the name that stands for their content.

use crate::backend::{execute, read, rows};
use crate::{Store, StoreError};

/// The row of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(pub i64);

impl Store {
    /// Keeps a revision by its name, unless it is kept already, and returns its row.
    pub async fn keep_revision(
        &self,
        name: &str,
        tables: impl FnOnce() -> Vec<u8>,
    ) -> Result<RevisionId, StoreError> {
        let mut tx = self.backend.begin().await?;
        tx.lock_claims().await?;
        let found = rows!(&mut tx, (i64,), "SELECT id FROM revision WHERE name = $1", name)?;
        let id = if let Some((id,)) = found.first() {
            *id
        } else {
            let last = rows!(&mut tx, (i64,), "SELECT COALESCE(MAX(id), 0) FROM revision")?;
            let id = last.first().map_or(0, |(id,)| *id) + 1;
            let insert = "INSERT INTO revision (id, name, tables) VALUES ($1, $2, $3)";
            execute!(&mut tx, insert, id, name, tables())?;
            id
        };
        tx.commit().await?;
        Ok(RevisionId(id))
    }

    /// Returns the name and the tables of a revision.
    pub async fn revision(&self, id: RevisionId) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let found =
            read!(&self.backend, (String, Vec<u8>), "SELECT name, tables FROM revision WHERE id = $1", id.0)?;
        Ok(found.into_iter().next())
    }
}
