//! All or nothing.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;

use super::{AnyConnection, Write};

/// Runs `body` in a transaction. SQLite's begins with the lock that writing needs: taken later, in the middle, it can
/// only be refused ("database is locked"), not waited for.
pub fn transaction<T, E: From<diesel::result::Error>>(
    conn: &mut AnyConnection,
    body: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    match conn {
        AnyConnection::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn)?,
        AnyConnection::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?,
    }
    let result = body(conn);
    ended(conn, result)
}

/// Runs `body` inside of a transaction so that, when it fails, what it did is undone and all before it stays.
pub fn attempt<T, E: From<diesel::result::Error>>(
    w: &mut Write,
    body: impl FnOnce(&mut Write) -> Result<T, E>,
) -> Result<T, E> {
    begin_inner(w.conn)?;
    let result = body(w);
    ended(w.conn, result)
}

/// As [`attempt`], of a connection that is inside of a transaction. Gives beside whether it still is: not when what failed took
/// the whole transaction with it, as a full disk does with SQLite's, and is not to be gone on with then.
pub(super) fn attempt_on<T, E: From<diesel::result::Error>>(
    conn: &mut AnyConnection,
    body: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> (Result<T, E>, bool) {
    if let Err(cause) = begin_inner(conn) {
        return (Err(cause.into()), false);
    }
    match body(conn) {
        Ok(done) => (ended(conn, Ok(done)), true),
        Err(refused) => (Err(refused), undo(conn)),
    }
}

fn begin_inner(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn),
        AnyConnection::Sqlite(conn) => AnsiTransactionManager::begin_transaction(conn),
    }
}

/// Keeps what was done when it went well, and undoes it when not.
fn ended<T, E: From<diesel::result::Error>>(conn: &mut AnyConnection, result: Result<T, E>) -> Result<T, E> {
    if result.is_ok() {
        match conn {
            AnyConnection::Postgres(conn) => AnsiTransactionManager::commit_transaction(conn)?,
            AnyConnection::Sqlite(conn) => AnsiTransactionManager::commit_transaction(conn)?,
        }
        return result;
    }
    // The reason to roll back says more than that it could not be done.
    undo(conn);
    result
}

/// Undoes what was done; false when that fails.
fn undo(conn: &mut AnyConnection) -> bool {
    let undone = match conn {
        AnyConnection::Postgres(conn) => AnsiTransactionManager::rollback_transaction(conn),
        AnyConnection::Sqlite(conn) => AnsiTransactionManager::rollback_transaction(conn),
    };
    if let Err(cause) = &undone {
        tracing::warn!(%cause, "a transaction could not be rolled back");
    }
    undone.is_ok()
}
