//! The conformance suite: what the store promises, held against SQLite and a real PostgreSQL by the same cases.
//!
//! A case is an `async fn` that gets a database of its own, empty but for the schema; [`on_both`] makes two tests of it.
//! PostgreSQL runs as a throw-away cluster, one for each test process, and orders texts by a language's rules, so that a
//! statement that leaves the order to the database is found out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arriving;
mod batches;
mod broken;
mod claims;
mod cluster;
mod database;
mod filing;
mod findings;
mod hearing;
mod holding;
mod identity;
mod items;
mod keeping;
mod lease;
mod life;
mod opening;
mod outbox;
mod reassessing;
mod sample;
mod schema;
mod station;
mod sums;
mod upgrade;

/// Makes a test of each case on each database.
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $case() { $crate::database::on_sqlite(super::$case); })+
        }
        mod postgres {
            $(#[test] fn $case() { $crate::database::on_postgres(super::$case); })+
        }
    };
}
pub(crate) use on_both;
