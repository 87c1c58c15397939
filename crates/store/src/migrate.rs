//! The schema, version by version. A landed migration is never edited: a change is a new file.

use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use crate::StoreError;
use crate::backend::Backend;

const SQLITE: &[(&str, &str)] = &[
    ("first schema", include_str!("../migrations/sqlite/0001.sql")),
    ("events and bodies in fewer and narrower rows", include_str!("../migrations/sqlite/0002.sql")),
    ("what assessments were made with", include_str!("../migrations/sqlite/0003.sql")),
    ("mail that comes in", include_str!("../migrations/sqlite/0004.sql")),
    ("what must not leave", include_str!("../migrations/sqlite/0005.sql")),
    ("presentation to customs, and vehicles", include_str!("../migrations/sqlite/0006.sql")),
];
const POSTGRES: &[(&str, &str)] = &[
    ("first schema", include_str!("../migrations/postgres/0001.sql")),
    ("events and bodies in fewer and narrower rows", include_str!("../migrations/postgres/0002.sql")),
    ("what assessments were made with", include_str!("../migrations/postgres/0003.sql")),
    ("mail that comes in", include_str!("../migrations/postgres/0004.sql")),
    ("what must not leave", include_str!("../migrations/postgres/0005.sql")),
    ("presentation to customs, and vehicles", include_str!("../migrations/postgres/0006.sql")),
];

pub(crate) async fn run(backend: &Backend) -> Result<(), StoreError> {
    match backend {
        Backend::Sqlite { writer, .. } => {
            // Unlike on PostgreSQL, the migrator takes no lock of its own: of two processes that open a new database
            // at once, both would make its tables.
            let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(MigrateError::Execute)?;
            migrator(SQLITE).run_direct(None, &mut *tx, false).await?;
            tx.commit().await.map_err(MigrateError::Execute)?;
        }
        Backend::Postgres(pool) => migrator(POSTGRES).run(pool).await?,
    }
    Ok(())
}

fn migrator(files: &'static [(&str, &'static str)]) -> Migrator {
    let migrations = files.iter().zip(1..).map(|((name, sql), version)| {
        Migration::new(version, (*name).into(), MigrationType::Simple, (*sql).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}
