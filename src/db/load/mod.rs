//! Millions of rows at once, in one transaction: whatever happens, all of it is there, or nothing and all is as it was.
//!
//! Indexes and triggers are read from the catalogue, put away, and made again over all rows: much quicker than row by row, and
//! right for those of later migrations too. Constraints stay.

mod place;
mod postgres;
mod rows;
mod sqlite;
mod text;

use std::sync::mpsc::sync_channel;
use std::thread;

use diesel::prelude::*;

pub use self::place::{Place, place, role_names, taken_emails};
pub use self::rows::{GrantRow, ItemRow, PermissionRow, RoleRow, Row, SortedGrantRow, UserRow};
use super::{AnyConnection, sql, transaction};
use crate::error::Result;

/// The tables that can be loaded, and what triggers keep of them in another order.
const TABLES: [&str; 6] = ["users", "items", "roles", "user_roles", "role_permissions", SORTED];
const SORTED: &str = "sorted_user_roles";

/// So many rows are made ahead at a time, and so many times.
const BATCH: usize = 1000;
const AHEAD: usize = 4;

/// Who is told how far it is.
pub trait Watcher {
    /// Something begins that takes so many steps; 0 where nobody knows.
    fn begin(&mut self, what: &str, steps: u64);

    /// So many more steps are done.
    fn advance(&mut self, steps: u64);
}

/// Runs `body` in a transaction in which much is to be loaded, and lets the database take stock of it afterwards.
///
/// Fails with what `body` fails with, and when others use the tables.
pub fn in_bulk<T>(
    conn: &mut AnyConnection,
    watcher: &mut dyn Watcher,
    body: impl FnOnce(&mut AnyConnection, &mut dyn Watcher) -> Result<T>,
) -> Result<T> {
    if let AnyConnection::Sqlite(conn) = conn {
        sqlite::prepare(conn)?;
    }
    let tables = tables(conn)?;
    let done = transaction(conn, |conn| {
        if let AnyConnection::Postgres(conn) = conn {
            postgres::prepare(conn, &tables)?;
        }
        body(conn, watcher)
    });
    if done.is_ok() {
        watcher.begin("taking stock", 0);
    }
    match conn {
        AnyConnection::Sqlite(conn) => sqlite::settle(conn, done.is_ok())?,
        AnyConnection::Postgres(conn) if done.is_ok() => postgres::settle(conn, &tables)?,
        AnyConnection::Postgres(_) => {}
    }
    done
}

/// Runs `body`, which loads, while no index and no trigger slows it down; inside of [`in_bulk`].
pub fn without_indexes(
    conn: &mut AnyConnection,
    watcher: &mut dyn Watcher,
    body: impl FnOnce(&mut AnyConnection, &mut dyn Watcher) -> QueryResult<()>,
) -> QueryResult<()> {
    let tables = tables(conn)?;
    let back = match conn {
        AnyConnection::Postgres(conn) => postgres::put_away(conn, &tables),
        AnyConnection::Sqlite(conn) => sqlite::put_away(conn, &tables),
    }?;
    body(conn, watcher)?;
    watcher.begin("building the indexes", back.len() as u64);
    for statement in back {
        diesel::sql_query(statement).execute(conn)?;
        watcher.advance(1);
    }
    Ok(())
}

/// Loads rows into their table, and gives their number; `expected` of them, or 0 where nobody knows. They are made on a thread of
/// their own.
pub fn rows<R: Row>(
    conn: &mut AnyConnection,
    watcher: &mut dyn Watcher,
    expected: u64,
    rows: impl Iterator<Item = R> + Send,
) -> QueryResult<u64> {
    watcher.begin(R::TABLE, expected);
    thread::scope(|scope| {
        let (send, receive) = sync_channel::<Vec<R>>(AHEAD);
        scope.spawn(move || {
            let mut rows = rows;
            loop {
                let batch: Vec<R> = rows.by_ref().take(BATCH).collect();
                if batch.is_empty() || send.send(batch).is_err() {
                    return;
                }
            }
        });
        let mut count = 0;
        let batches = receive.into_iter().inspect(|batch| {
            count += batch.len() as u64;
            watcher.advance(batch.len() as u64);
        });
        match conn {
            AnyConnection::Postgres(conn) => postgres::load(conn, batches),
            AnyConnection::Sqlite(conn) => sqlite::load(conn, batches),
        }?;
        Ok(count)
    })
}

/// Loads what triggers would have made of so many grants, where the schema has such a table.
pub fn sorted_grants(
    conn: &mut AnyConnection,
    watcher: &mut dyn Watcher,
    expected: u64,
    grants: impl Iterator<Item = SortedGrantRow> + Send,
) -> QueryResult<()> {
    if sql::has_table(conn, SORTED)? { rows(conn, watcher, expected, grants).map(drop) } else { Ok(()) }
}

fn tables(conn: &mut AnyConnection) -> QueryResult<Vec<&'static str>> {
    let mut known = Vec::new();
    for table in TABLES {
        if sql::has_table(conn, table)? {
            known.push(table);
        }
    }
    Ok(known)
}
