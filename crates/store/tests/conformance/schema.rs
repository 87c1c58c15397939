//! The schema: both migrations make the same tables, columns, keys and indexes.

use std::collections::BTreeMap;

use caravan_store::Store;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::cluster;
use crate::database::{TABLES, run};

/// A column: its name, kind, whether it may be null, and whether it belongs to the primary key.
type Column = (String, &'static str, bool, bool);

/// What a schema consists of.
#[derive(Debug, Default, PartialEq)]
struct Schema {
    /// The columns of each table, in order.
    tables: BTreeMap<String, Vec<Column>>,
    /// The indexes that have names of their own: table, whether unique, whether partial.
    indexes: BTreeMap<String, (String, bool, bool)>,
    /// How many unique columns without such an index each table has.
    unique_columns: BTreeMap<String, i64>,
}

#[test]
fn both_databases_have_the_same_schema() {
    run(async {
        let (sqlite, postgres) = (of_sqlite().await, of_postgres().await);
        assert_eq!(sqlite.tables.keys().collect::<Vec<_>>(), TABLES);
        for table in TABLES {
            assert_eq!(sqlite.tables[table], postgres.tables[table], "{table}");
        }
        assert!(sqlite.indexes.len() > 8);
        assert_eq!(sqlite, postgres);
    });
}

#[test]
fn every_text_of_postgres_orders_by_its_bytes() {
    run(async {
        let address = cluster::fresh();
        Store::open(&address).await.unwrap();
        let mut raw = PgConnection::connect(&address).await.unwrap();
        let otherwise: Vec<String> = sqlx::query_scalar(
            "SELECT table_name || '.' || column_name FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' AND data_type = 'text' \
             AND collation_name IS DISTINCT FROM 'C'",
        )
        .fetch_all(&mut raw)
        .await
        .unwrap();
        assert_eq!(otherwise, Vec::<String>::new());
    });
}

async fn of_sqlite() -> Schema {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schema.db");
    Store::open(&path.to_string_lossy()).await.unwrap();
    let mut raw = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let columns: Vec<(String, String, String, i64, i64)> = sqlx::query_as(
        "SELECT tables.name, columns.name, columns.type, columns.\"notnull\", columns.pk \
         FROM sqlite_schema tables JOIN pragma_table_info(tables.name) columns \
         WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%' AND tables.name <> '_sqlx_migrations' \
         ORDER BY tables.name, columns.cid",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    let mut schema = Schema::default();
    for (table, name, kind, is_required, key) in columns {
        let kind = match &*kind {
            "INTEGER" => "number",
            "TEXT" => "text",
            "BLOB" => "bytes",
            other => panic!("{table}.{name} is {other}"),
        };
        let column = (name, kind, is_required == 0 && key == 0, key > 0);
        schema.tables.entry(table).or_default().push(column);
    }
    let indexes: Vec<(String, String, i64, i64, String)> = sqlx::query_as(
        "SELECT tables.name, indexes.name, indexes.\"unique\", indexes.partial, indexes.origin \
         FROM sqlite_schema tables JOIN pragma_index_list(tables.name) indexes \
         WHERE tables.type = 'table' AND tables.name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    for (table, name, is_unique, is_partial, origin) in indexes {
        match &*origin {
            "c" => drop(schema.indexes.insert(name, (table, is_unique == 1, is_partial == 1))),
            "u" => *schema.unique_columns.entry(table).or_default() += 1,
            _ => {}
        }
    }
    schema
}

async fn of_postgres() -> Schema {
    let address = cluster::fresh();
    Store::open(&address).await.unwrap();
    let mut raw = PgConnection::connect(&address).await.unwrap();
    let columns: Vec<(String, String, String, bool, bool)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
         COALESCE(a.attnum = ANY (i.indkey), false) FROM pg_class c \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_sqlx_migrations' \
         ORDER BY 1, a.attnum",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    let mut schema = Schema::default();
    for (table, name, kind, is_required, is_key) in columns {
        let kind = match &*kind {
            "bigint" => "number",
            "text" => "text",
            "bytea" => "bytes",
            other => panic!("{table}.{name} is {other}"),
        };
        schema.tables.entry(table).or_default().push((name, kind, !is_required && !is_key, is_key));
    }
    let indexes: Vec<(String, String, bool, bool, Option<String>)> = sqlx::query_as(
        "SELECT t.relname::text, c.relname::text, i.indisunique, i.indpred IS NOT NULL, k.contype::text \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
         LEFT JOIN pg_constraint k ON k.conindid = c.oid \
         WHERE c.relnamespace = 'public'::regnamespace AND t.relname <> '_sqlx_migrations'",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    for (table, name, is_unique, is_partial, constraint) in indexes {
        match constraint.as_deref() {
            None => drop(schema.indexes.insert(name, (table, is_unique, is_partial))),
            Some("u") => *schema.unique_columns.entry(table).or_default() += 1,
            Some(_) => {}
        }
    }
    schema
}
