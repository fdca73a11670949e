//! The portable dialect: where the two databases differ or Diesel has no word, one name here.

mod among;

use diesel::backend::Backend as AnyBackend;
use diesel::connection::SimpleConnection;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{BigInt, Bool, Integer};

pub use self::among::AmongEither;
use super::AnyConnection;
pub use super::connection::fold;
use super::schema::audit_chains;
use crate::error::Result;

/// A pattern for `LIKE .. ESCAPE '\'` that finds `word` anywhere; in it `%` and `_` are ordinary characters.
#[must_use]
pub fn anywhere(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// `(left, id) > (right, row)` or `<`: the rows beyond a place in an order. Compared as a row, so that an index on
/// `(left, id)` leads straight there, however many rows are equal in `left`.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct Beyond<L, I, R, N> {
    pub left: L,
    pub id: I,
    pub right: R,
    pub row: N,
    pub descending: bool,
}

impl<L, I, R, N> Expression for Beyond<L, I, R, N> {
    type SqlType = Bool;
}

impl<L, I, R, N> ValidGrouping<()> for Beyond<L, I, R, N> {
    type IsAggregate = is_aggregate::No;
}

impl<L, I, R, N, QS> AppearsOnTable<QS> for Beyond<L, I, R, N>
where
    L: AppearsOnTable<QS>,
    I: AppearsOnTable<QS>,
{
}

impl<L, I, R, N, QS> SelectableExpression<QS> for Beyond<L, I, R, N>
where
    L: SelectableExpression<QS>,
    I: SelectableExpression<QS>,
{
}

impl<L, I, R, N, DB> QueryFragment<DB> for Beyond<L, I, R, N>
where
    DB: AnyBackend,
    L: QueryFragment<DB>,
    I: QueryFragment<DB>,
    R: QueryFragment<DB>,
    N: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("(");
        self.left.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.id.walk_ast(out.reborrow())?;
        out.push_sql(if self.descending { ") < (" } else { ") > (" });
        self.right.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.row.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// `SELECT count(*)` of a query that has its own limit: an exact number below it, and never more work than that.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct CountOf<Q>(pub Q);

impl<Q> Query for CountOf<Q> {
    type SqlType = BigInt;
}

impl<Q> RunQueryDsl<AnyConnection> for CountOf<Q> {}

impl<Q: QueryFragment<DB>, DB: AnyBackend> QueryFragment<DB> for CountOf<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS capped");
        Ok(())
    }
}

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
    match conn {
        AnyConnection::Postgres(conn) => {
            if let Turn::Migrations = turn {
                // Another program's migrations may take their time.
                conn.batch_execute("SET LOCAL lock_timeout = 0")?;
            }
            diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(turn as i64).execute(conn).map(drop)
        }
        AnyConnection::Sqlite(_) => Ok(()),
    }
}

/// As [`take_turns`], among the transactions with the same key.
pub fn take_turns_by_key(conn: &mut AnyConnection, key: &str) -> QueryResult<()> {
    match conn {
        AnyConnection::Postgres(conn) => {
            // Two numbers are another space than one; keys that share a number only wait for each other.
            let number = key.bytes().fold(0_i32, |number, byte| number.wrapping_mul(31).wrapping_add(byte.into()));
            let query = diesel::sql_query("SELECT pg_advisory_xact_lock($1, $2)");
            query.bind::<Integer, _>(0x5144).bind::<Integer, _>(number).execute(conn).map(drop)
        }
        AnyConnection::Sqlite(_) => Ok(()),
    }
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
    match conn {
        AnyConnection::Postgres(conn) => {
            let lock = diesel::sql_query(format!("SELECT 1 FROM {table} WHERE id = $1 FOR UPDATE"));
            lock.bind::<BigInt, _>(id).execute(conn).map(drop)
        }
        AnyConnection::Sqlite(_) => Ok(()),
    }
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
        AnyConnection::Sqlite(conn) => chains.first(conn),
    }
}

/// How many rows of `table` point with `column` to a row of `to`, counted no further than `cap`: a column for a select
/// on `to`. The names are from the code, never from a request.
pub fn count_related(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    cap: i64,
) -> diesel::expression::SqlLiteral<BigInt> {
    diesel::dsl::sql(&format!(
        "(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table}.{column} = {to}.id LIMIT {cap}) AS capped)"
    ))
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
