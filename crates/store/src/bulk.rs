//! Many rows with few statements: on SQLite as `VALUES` of a fixed number of rows, so that the statement stays
//! prepared; on PostgreSQL as arrays through `UNNEST`.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Postgres, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::backend::Tx;

/// A table that rows are written to in bulk.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [&'static str],
    /// Further columns, of numbers that are the same in all rows of one write and travel once.
    pub(crate) shared: &'static [&'static str],
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

/// One column of many rows. What lies elsewhere is borrowed: the driver's own copy is the only one.
#[derive(Debug)]
pub(crate) enum Column<'a> {
    Int(Vec<i64>),
    OptionalInt(Vec<Option<i64>>),
    Text(Vec<Cow<'a, str>>),
    OptionalText(Vec<Option<Cow<'a, str>>>),
    Bytes(Vec<&'a [u8]>),
}

/// Gathers one column of many rows.
macro_rules! column {
    (Text, $rows:expr, $row:ident => $value:expr) => {
        $crate::bulk::Column::Text($rows.iter().map(|$row| std::borrow::Cow::from($value)).collect())
    };
    (OptionalText, $rows:expr, $row:ident => $value:expr) => {
        $crate::bulk::Column::OptionalText(
            $rows.iter().map(|$row| $value.map(std::borrow::Cow::from)).collect(),
        )
    };
    ($kind:ident, $rows:expr, $row:ident => $value:expr) => {
        $crate::bulk::Column::$kind($rows.iter().map(|$row| $value).collect())
    };
}
pub(crate) use column;

/// The sizes of SQLite's statements, in rows: any number of rows is made up of few of them, and each stays prepared.
/// 1,024 rows of any table are below SQLite's 32,766 parameters.
const CHUNKS: [usize; 6] = [1024, 256, 64, 16, 4, 1];

#[derive(Debug)]
struct Statements {
    sqlite: [Arc<str>; CHUNKS.len()],
}

impl Table {
    pub(crate) const fn new(
        name: &'static str,
        columns: &'static [&'static str],
        conflict: Conflict,
    ) -> Self {
        Self::sharing(name, columns, &[], conflict)
    }

    /// A table with further columns that have one value for all rows of a write.
    pub(crate) const fn sharing(
        name: &'static str,
        columns: &'static [&'static str],
        shared: &'static [&'static str],
        conflict: Conflict,
    ) -> Self {
        Self { name, columns, shared, conflict, statements: OnceLock::new() }
    }

    fn names(&self) -> String {
        [self.columns, self.shared].concat().join(", ")
    }

    fn on_conflict(&self) -> String {
        match self.conflict {
            Conflict::Fail => String::new(),
            Conflict::Keep => " ON CONFLICT DO NOTHING".to_owned(),
            Conflict::Replace => {
                let set = self.columns[1..].iter().chain(self.shared);
                let set: Vec<String> = set.map(|column| format!("{column} = excluded.{column}")).collect();
                format!(" ON CONFLICT ({}) DO UPDATE SET {}", self.columns[0], set.join(", "))
            }
        }
    }

    fn statements(&self) -> &Statements {
        self.statements.get_or_init(|| {
            let sqlite = CHUNKS.map(|rows| {
                let own = self.columns.len();
                // What is shared is bound behind all rows, under its own number.
                let shared = (1..=self.shared.len()).map(|index| format!("${}", rows * own + index));
                let taken = (1..=own).map(|index| format!("column{index}")).chain(shared);
                let taken = taken.collect::<Vec<_>>().join(", ");
                let row = format!("({})", vec!["?"; own].join(","));
                let rows = vec![row.as_str(); rows].join(",");
                // Rows behind the last are null; the first column of a row that is there never is.
                Arc::from(format!(
                    "INSERT INTO {} ({}) SELECT {taken} FROM (VALUES {rows}) WHERE column1 IS NOT NULL{}",
                    self.name,
                    self.names(),
                    self.on_conflict()
                ))
            });
            Statements { sqlite }
        })
    }

    fn postgres(&self, columns: &[Column<'_>]) -> String {
        let arrays = columns.iter().enumerate().map(|(index, column)| {
            let kind = match column {
                Column::Int(_) | Column::OptionalInt(_) => "bigint",
                Column::Text(_) | Column::OptionalText(_) => "text",
                Column::Bytes(_) => "bytea",
            };
            format!("${}::{kind}[]", index + 1)
        });
        let arrays: Vec<String> = arrays.collect();
        let shared = (1..=self.shared.len()).map(|index| format!(", ${}::bigint", columns.len() + index));
        format!(
            "INSERT INTO {} ({}) SELECT *{} FROM UNNEST({}){}",
            self.name,
            self.names(),
            shared.collect::<String>(),
            arrays.join(", "),
            self.on_conflict()
        )
    }
}

impl Column<'_> {
    fn make_storable(&mut self) {
        match self {
            Self::Text(texts) => {
                for text in texts {
                    *text = storable(std::mem::take(text));
                }
            }
            Self::OptionalText(texts) => {
                for text in texts.iter_mut().flatten() {
                    *text = storable(std::mem::take(text));
                }
            }
            Self::Int(_) | Self::OptionalInt(_) | Self::Bytes(_) => {}
        }
    }

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

/// Returns a text without U+0000, the one character that PostgreSQL's texts cannot hold; in its place stands U+FFFD, on
/// both databases.
pub(crate) fn storable(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { text }
}

/// Writes rows given by column and returns how many were written.
pub(crate) async fn write(tx: &mut Tx, table: &Table, columns: Vec<Column<'_>>) -> Result<u64, StoreError> {
    write_sharing(tx, table, columns, &[]).await
}

/// Writes rows given by column, with the values of the columns that they share, and returns how many were written.
pub(crate) async fn write_sharing(
    tx: &mut Tx,
    table: &Table,
    mut columns: Vec<Column<'_>>,
    shared: &[i64],
) -> Result<u64, StoreError> {
    columns.iter_mut().for_each(Column::make_storable);
    let rows = columns.first().map_or(0, Column::len);
    assert_eq!(columns.len(), table.columns.len(), "columns of `{}`", table.name);
    assert_eq!(shared.len(), table.shared.len(), "shared columns of `{}`", table.name);
    assert!(columns.iter().all(|column| column.len() == rows), "rows of `{}`", table.name);
    if rows == 0 {
        return Ok(0);
    }
    match tx {
        Tx::Sqlite(tx) => write_sqlite(tx, table, columns, shared, rows).await,
        Tx::Postgres(tx) => write_postgres(tx, table, columns, shared).await,
    }
    .map_err(StoreError::at(table.name))
}

/// Writes chunk by chunk; while the database's thread writes one, the next is made ready here.
async fn write_sqlite(
    tx: &mut SqliteConnection,
    table: &Table,
    mut columns: Vec<Column<'_>>,
    shared: &[i64],
    rows: usize,
) -> Result<u64, sqlx::Error> {
    let mut next = 0;
    let mut following = || chunk(table, &mut columns, shared, rows, &mut next);
    let mut written = 0;
    let mut ready = following();
    while let Some(query) = ready {
        let (done, following) = tokio::join!(query?.execute(&mut *tx), async { following() });
        written += done?.rows_affected();
        ready = following;
    }
    Ok(written)
}

type Insert = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

/// Returns the place of the statement that takes so many rows, or the most of them: one that has room for a third more
/// at the most, or else one that they fill.
fn fitting(rows: usize) -> Option<usize> {
    let is_fitting = |size: &usize| *size <= rows || (rows > 0 && *size * 3 <= rows * 4);
    CHUNKS.iter().position(is_fitting)
}

/// Returns the statement for the next rows; `None` behind the last.
fn chunk(
    table: &Table,
    columns: &mut [Column<'_>],
    shared: &[i64],
    rows: usize,
    next: &mut usize,
) -> Option<Result<Insert, sqlx::Error>> {
    let place = fitting(rows - *next)?;
    let (size, sql) = (CHUNKS[place], &table.statements().sqlite[place]);
    let end = rows.min(*next + size);
    let mut values = SqliteArguments::default();
    values.reserve(size * columns.len() + shared.len(), 0);
    let mut add = || -> Result<(), sqlx::error::BoxDynError> {
        for row in *next..end {
            for column in &mut *columns {
                match column {
                    Column::Int(of) => values.add(of[row]),
                    Column::OptionalInt(of) => values.add(of[row]),
                    Column::Text(of) => values.add(std::mem::take(&mut of[row])),
                    Column::OptionalText(of) => values.add(of[row].take()),
                    Column::Bytes(of) => values.add(of[row]),
                }?;
            }
        }
        (0..(*next + size - end) * columns.len()).try_for_each(|_| values.add(None::<i64>))?;
        shared.iter().try_for_each(|value| values.add(*value))
    };
    let added = add();
    *next = end;
    Some(added.map(|()| sqlx::query_with(AssertSqlSafe(sql.clone()), values)).map_err(sqlx::Error::Encode))
}

async fn write_postgres(
    tx: &mut sqlx::Transaction<'static, Postgres>,
    table: &Table,
    columns: Vec<Column<'_>>,
    shared: &[i64],
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
    for value in shared {
        query = query.bind(*value);
    }
    Ok(query.execute(&mut **tx).await?.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::{CHUNKS, Column, Conflict, Table, fitting, write_sharing};
    use crate::Store;
    use crate::backend::{execute, rows};

    static DECLARATION: Table = Table::sharing(
        "declaration",
        &["id", "ordinal", "packed", "assessment"],
        &["file", "kept_ms"],
        Conflict::Keep,
    );

    #[test]
    fn chunks_end_with_one_so_that_every_number_of_rows_is_made_up() {
        assert_eq!(CHUNKS.last(), Some(&1));
        assert!(CHUNKS.is_sorted_by(|larger, smaller| larger > smaller));
    }

    #[test]
    fn a_chunk_is_filled_by_three_quarters_at_least() {
        for rows in 1..3000 {
            let size = CHUNKS[fitting(rows).unwrap()];
            assert!(rows * 4 >= size * 3, "{rows} rows in {size}");
        }
        assert_eq!(fitting(0), None);
    }

    #[tokio::test]
    async fn writes_every_number_of_rows_in_order_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("bulk.db").to_string_lossy()).await.unwrap();
        for count in [0, 1, 2, 3, 5, 48, 191, 192, 767, 768, 1023, 1024, 1025, 1800] {
            let mut tx = store.backend.begin().await.unwrap();
            execute!(&mut tx, "DELETE FROM declaration").unwrap();
            let bodies: Vec<Vec<u8>> = (0..count).map(|row: i64| row.to_be_bytes().to_vec()).collect();
            let columns = || {
                vec![
                    Column::Int((0..count).collect()),
                    Column::Int((0..count).rev().collect()),
                    Column::Bytes(bodies.iter().map(Vec::as_slice).collect()),
                    Column::Bytes(bodies.iter().rev().map(Vec::as_slice).collect()),
                ]
            };
            let written = write_sharing(&mut tx, &DECLARATION, columns(), &[7, 8]).await.unwrap();
            assert_eq!(written, count.unsigned_abs(), "{count} rows");
            let again = write_sharing(&mut tx, &DECLARATION, columns(), &[9, 9]).await.unwrap();
            assert_eq!(again, 0, "{count} rows that are there already");
            let sql = "SELECT id, ordinal, file, kept_ms, packed, assessment FROM declaration ORDER BY id";
            let found = rows!(&mut tx, (i64, i64, i64, i64, Vec<u8>, Vec<u8>), sql).unwrap();
            let body = |row: i64| row.to_be_bytes().to_vec();
            let expected =
                (0..count).map(|row| (row, count - 1 - row, 7, 8, body(row), body(count - 1 - row)));
            assert_eq!(found, expected.collect::<Vec<_>>(), "{count} rows");
            tx.commit().await.unwrap();
        }
    }

    #[test]
    fn says_what_happens_to_a_row_that_is_there() {
        let columns = &["key", "a", "b"];
        for (conflict, expected) in [
            (Conflict::Fail, ""),
            (Conflict::Keep, " ON CONFLICT DO NOTHING"),
            (Conflict::Replace, " ON CONFLICT (key) DO UPDATE SET a = excluded.a, b = excluded.b"),
        ] {
            assert_eq!(Table::new("t", columns, conflict).on_conflict(), expected);
        }
    }
}
