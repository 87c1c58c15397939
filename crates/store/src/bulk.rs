//! Many rows with few statements: on SQLite as `VALUES` of a fixed number of rows, so that the statement stays
//! prepared; on PostgreSQL as arrays through `UNNEST`.

use std::sync::{Arc, OnceLock};

use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use crate::StoreError;
use crate::backend::Tx;

/// A table that rows are written to in bulk.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [&'static str],
    /// What happens to a row that is there already.
    pub(crate) conflict: Conflict,
    statements: OnceLock<Statements>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Conflict {
    /// The transaction fails.
    Fail,
    /// The row that is there stays.
    Keep,
    /// The row that is there takes the new values; the first column is the key.
    Replace,
}

/// One column of many rows.
#[derive(Debug)]
pub(crate) enum Column {
    Int(Vec<i64>),
    OptionalInt(Vec<Option<i64>>),
    Text(Vec<String>),
    OptionalText(Vec<Option<String>>),
    Bytes(Vec<Vec<u8>>),
}

/// The sizes of SQLite's statements, in rows: most rows go through the first, the rest through the others.
const CHUNKS: [usize; 3] = [256, 16, 1];

#[derive(Debug)]
struct Statements {
    sqlite: [Arc<str>; 3],
}

impl Table {
    pub(crate) const fn new(
        name: &'static str,
        columns: &'static [&'static str],
        conflict: Conflict,
    ) -> Self {
        Self { name, columns, conflict, statements: OnceLock::new() }
    }

    fn on_conflict(&self) -> String {
        match self.conflict {
            Conflict::Fail => String::new(),
            Conflict::Keep => " ON CONFLICT DO NOTHING".to_owned(),
            Conflict::Replace => {
                let set = self.columns[1..].iter().map(|column| format!("{column} = excluded.{column}"));
                let set: Vec<String> = set.collect();
                format!(" ON CONFLICT ({}) DO UPDATE SET {}", self.columns[0], set.join(", "))
            }
        }
    }

    fn statements(&self) -> &Statements {
        self.statements.get_or_init(|| {
            let row = format!("({})", vec!["?"; self.columns.len()].join(","));
            let sqlite = CHUNKS.map(|rows| {
                let head = format!("INSERT INTO {} ({}) VALUES ", self.name, self.columns.join(", "));
                // `WHERE true` would be needed before ON CONFLICT after a SELECT; after VALUES it is not.
                Arc::from([head, vec![row.as_str(); rows].join(","), self.on_conflict()].concat())
            });
            Statements { sqlite }
        })
    }

    fn postgres(&self, columns: &[Column]) -> String {
        let arrays = columns.iter().enumerate().map(|(index, column)| {
            let kind = match column {
                Column::Int(_) | Column::OptionalInt(_) => "bigint",
                Column::Text(_) | Column::OptionalText(_) => "text",
                Column::Bytes(_) => "bytea",
            };
            format!("${}::{kind}[]", index + 1)
        });
        let arrays: Vec<String> = arrays.collect();
        let (name, columns) = (self.name, self.columns.join(", "));
        format!(
            "INSERT INTO {name} ({columns}) SELECT * FROM UNNEST({}){}",
            arrays.join(", "),
            self.on_conflict()
        )
    }
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Self::Int(values) => values.len(),
            Self::OptionalInt(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::OptionalText(values) => values.len(),
            Self::Bytes(values) => values.len(),
        }
    }
}

/// Writes rows given by column and returns how many were written.
pub(crate) async fn write(tx: &mut Tx, table: &Table, columns: Vec<Column>) -> Result<u64, StoreError> {
    let rows = columns.first().map_or(0, Column::len);
    assert_eq!(columns.len(), table.columns.len(), "columns of `{}`", table.name);
    assert!(columns.iter().all(|column| column.len() == rows), "rows of `{}`", table.name);
    if rows == 0 {
        return Ok(0);
    }
    match tx {
        Tx::Sqlite(tx) => write_sqlite(tx, table, &columns, rows).await,
        Tx::Postgres(tx) => write_postgres(tx, table, columns).await,
    }
    .map_err(StoreError::at(table.name))
}

async fn write_sqlite(
    tx: &mut sqlx::Transaction<'static, Sqlite>,
    table: &Table,
    columns: &[Column],
    rows: usize,
) -> Result<u64, sqlx::Error> {
    let mut written = 0;
    let mut next = 0;
    for (size, sql) in CHUNKS.iter().zip(&table.statements().sqlite) {
        while rows - next >= *size {
            let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(sql.clone()));
            for row in next..next + size {
                for column in columns {
                    query = match column {
                        Column::Int(values) => query.bind(values[row]),
                        Column::OptionalInt(values) => query.bind(values[row]),
                        Column::Text(values) => query.bind(values[row].as_str()),
                        Column::OptionalText(values) => query.bind(values[row].as_deref()),
                        Column::Bytes(values) => query.bind(values[row].as_slice()),
                    };
                }
            }
            written += query.execute(&mut **tx).await?.rows_affected();
            next += size;
        }
    }
    Ok(written)
}

async fn write_postgres(
    tx: &mut sqlx::Transaction<'static, Postgres>,
    table: &Table,
    columns: Vec<Column>,
) -> Result<u64, sqlx::Error> {
    let mut query = sqlx::query::<Postgres>(AssertSqlSafe(table.postgres(&columns)));
    for column in columns {
        query = match column {
            Column::Int(values) => query.bind(values),
            Column::OptionalInt(values) => query.bind(values),
            Column::Text(values) => query.bind(values),
            Column::OptionalText(values) => query.bind(values),
            Column::Bytes(values) => query.bind(values),
        };
    }
    Ok(query.execute(&mut **tx).await?.rows_affected())
}
