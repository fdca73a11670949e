//! The portable dialect: where the two databases differ or Diesel has no word, one name here.

use std::collections::HashMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{BigInt, Bool, Integer, Text};

pub use super::candidates::{Candidates, Sought, candidates, has_trigram};
pub use super::connection::fold;
pub use super::fragment::{Fragment, Piece, among, among_either, count_of, count_related, first};
pub use super::gate::{Clause, Gate, Reading, all, gate, readings, row_is_read, still_ordered};
use super::schema::audit_chains;
pub use super::search::{Planning, begins_with, contains, contains_by_index, end_of_beginning};
pub use super::update::{update, updated};
pub use super::written::{Written, put_in, text};
use super::{AnyConnection, Backend, Engine, connection};
use crate::error::Result;

/// The column whose value another row has already, when that is what a write failed of.
///
/// PostgreSQL names the constraint (`users_email_key`), SQLite only says `UNIQUE constraint failed: users.email`.
#[must_use]
pub fn taken_column(error: &DieselError) -> Option<String> {
    let DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else { return None };
    match (info.constraint_name(), info.table_name()) {
        (Some(constraint), Some(table)) => {
            Some(constraint.strip_prefix(table)?.strip_prefix('_')?.strip_suffix("_key")?.to_owned())
        }
        _ => Some(info.message().rsplit_once('.')?.1.to_owned()),
    }
}

/// True when a write failed because a record that it points to is gone.
#[must_use]
pub fn is_dangling(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _))
}

/// What only one transaction at a time may decide.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// Which migrations are applied.
    Migrations = 0x5144_0001,
    /// Who is an active administrator.
    Administrators = 0x5144_0002,
}

/// Waits until no other transaction has this turn, and keeps it until the end of this one.
/// SQLite has but one writer, so there it is had already.
pub fn take_turns(conn: &mut AnyConnection, turn: Turn) -> QueryResult<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    if let Turn::Migrations = turn {
        // Another program's migrations may take their time.
        conn.batch_execute("SET LOCAL lock_timeout = 0")?;
    }
    Fragment::<()>::new("SELECT pg_advisory_xact_lock(").number(turn as i64).sql(")").execute(conn).map(drop)
}

/// The space of the locks by key.
const KEYS: i32 = 0x5144;

/// As [`take_turns`], among the transactions with the same key.
pub fn take_turns_by_key(conn: &mut AnyConnection, key: &str) -> QueryResult<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    // Two numbers are another space than one; keys that share a number only wait for each other.
    let number = key.bytes().fold(0_i32, |number, byte| number.wrapping_mul(31).wrapping_add(byte.into()));
    let lock = Fragment::<()>::new(format!("SELECT pg_advisory_xact_lock({KEYS}, CAST(")).number(number.into());
    lock.sql(" AS INTEGER))").execute(conn).map(drop)
}

/// Runs a statement that does not wait for others who write: on SQLite it is given up when they do. Not in a transaction.
pub fn at_once(
    conn: &mut AnyConnection,
    run: impl FnOnce(&mut AnyConnection) -> QueryResult<usize>,
) -> QueryResult<Option<usize>> {
    if let AnyConnection::Sqlite(conn) = conn {
        conn.batch_execute("PRAGMA busy_timeout = 0")?;
    }
    let done = run(conn);
    if let AnyConnection::Sqlite(conn) = conn {
        conn.batch_execute(connection::BUSY_TIMEOUT)?;
        if done.as_ref().is_err_and(connection::is_locked) {
            return Ok(None);
        }
    }
    done.map(Some)
}

/// Whether there is a table of this name. The name is from the code, never from a request.
pub fn has_table(conn: &mut AnyConnection, name: &'static str) -> QueryResult<bool> {
    let asked = match conn {
        AnyConnection::Postgres(_) => format!("to_regclass('{name}') IS NOT NULL"),
        AnyConnection::Sqlite(_) => format!("EXISTS (SELECT 1 FROM sqlite_master WHERE name = '{name}')"),
    };
    diesel::select(diesel::dsl::sql::<Bool>(&asked)).get_result(conn)
}

/// Locks a row of a table, so that nobody changes it or points to it until the end of this transaction. SQLite has but one
/// writer, so there it is had already. The name is from the code, never from a request.
pub fn lock_row(conn: &mut AnyConnection, table: &'static str, id: i64) -> QueryResult<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    let lock = Fragment::<()>::new("SELECT 1 FROM ").sql(table).sql(" WHERE id = ").number(id);
    lock.sql(" FOR UPDATE").execute(conn).map(drop)
}

/// A chain of the audit's entries that nobody else writes to until the end of this transaction: its number, and position
/// and hash of its last entry. SQLite has but one writer, so there it is always the first.
pub fn take_chain(conn: &mut AnyConnection) -> QueryResult<(i64, i64, String)> {
    let chains = audit_chains::table.order(audit_chains::chain);
    match conn {
        AnyConnection::Postgres(conn) => {
            let free = chains.for_update().skip_locked().first(conn).optional()?;
            match free {
                Some(free) => Ok(free),
                None => chains.for_update().first(conn),
            }
        }
        AnyConnection::Sqlite(conn) => chains.get_result(conn),
    }
}

/// Runs `body` while SQLite does not follow references. Its way to change a table is to make it anew and drop the old
/// one, which would cascade to every row that points there; the switch has no effect inside a transaction.
pub fn without_references<T>(
    conn: &mut AnyConnection,
    body: impl FnOnce(&mut AnyConnection) -> Result<T>,
) -> Result<T> {
    if let AnyConnection::Sqlite(conn) = conn {
        conn.batch_execute("PRAGMA foreign_keys = OFF")?;
    }
    let result = body(conn);
    if let AnyConnection::Sqlite(conn) = conn {
        conn.batch_execute("PRAGMA foreign_keys = ON")?;
    }
    result
}

/// How many rows point to a row that is gone. PostgreSQL has none.
pub fn count_dangling(conn: &mut AnyConnection) -> QueryResult<i64> {
    match conn {
        AnyConnection::Postgres(_) => Ok(0),
        AnyConnection::Sqlite(conn) => {
            diesel::dsl::sql::<BigInt>("SELECT count(*) FROM pragma_foreign_key_check").get_result(conn)
        }
    }
}

/// What stands after an id that ends a place in an order. SQLite looks up a comparison of rows in an index only as far as
/// each part has a collation, which a number in the rowid has not unless it is said. The index must not name the id: each ends
/// with it.
#[must_use]
pub fn comparable_id(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => "",
        Engine::Sqlite => " COLLATE BINARY",
    }
}

/// A condition of which SQLite's planner is to think that few rows meet it, so that it asks an index: to find so many rows and no
/// more, that is as quick where many do.
#[must_use]
pub fn rare(engine: Engine, condition: impl QueryFragment<Backend> + Send + 'static) -> Fragment<Bool> {
    match engine {
        Engine::Postgres => Fragment::new("").part(condition),
        Engine::Sqlite => Fragment::new("unlikely(").part(condition).sql(")"),
    }
}

/// How the database would answer a query, in its own words: a line a step, further in what is done for the one above it.
pub fn explain(
    conn: &mut AnyConnection,
    query: impl QueryFragment<Backend> + Send + 'static,
) -> QueryResult<Vec<String>> {
    match conn.engine() {
        Engine::Postgres => Fragment::<Text>::new("EXPLAIN ").part(query).prepared_anew(true).load(conn),
        Engine::Sqlite => {
            let steps = Fragment::<(Integer, Integer, Integer, Text)>::new("EXPLAIN QUERY PLAN ").part(query);
            let steps: Vec<(i32, i32, i32, String)> = steps.load(conn)?;
            let mut depths = HashMap::from([(0, 0)]);
            let line = |(id, above, _, detail): (i32, i32, i32, String)| {
                let depth = depths.get(&above).copied().unwrap_or_default();
                depths.insert(id, depth + 1);
                format!("{}{detail}", "  ".repeat(depth))
            };
            Ok(steps.into_iter().map(line).collect())
        }
    }
}

/// How many rows a table may have, as far as the database knows without counting them; 0 or less where it does not.
#[must_use]
pub fn estimate(engine: Engine, table: &'static str) -> Fragment<BigInt> {
    Fragment::new(match engine {
        Engine::Postgres => format!("(SELECT reltuples::bigint FROM pg_class WHERE oid = '{table}'::regclass)"),
        Engine::Sqlite => {
            format!("coalesce((SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = '{table}'), 0)")
        }
    })
}

/// How many rows a table has, counted no further than `cap`.
#[must_use]
pub fn count_up_to(table: &'static str, cap: i64) -> Fragment<BigInt> {
    count_of(Fragment::<()>::new(format!("SELECT 1 FROM {table} LIMIT {cap}")))
}

/// As [`count_up_to`]; on PostgreSQL `cap` without counting where the server's last stock says that
/// there are a hundred times as many. It takes stock by itself, soon after a fifth of a table has changed; until then a table that was emptied
/// seems large. To count takes a tenth of a page's time.
#[must_use]
pub fn total(engine: Engine, table: &'static str, cap: i64) -> Fragment<BigInt> {
    let counted = count_up_to(table, cap);
    if engine == Engine::Sqlite {
        return counted;
    }
    let many = format!(" > {} THEN CAST({cap} AS BIGINT) ELSE ", 100 * cap);
    Fragment::new("CASE WHEN ").part(estimate(engine, table)).sql(many).part(counted).sql(" END")
}
