//! The migrations of both databases, in the binary: one number and name, two folders.

use chrono::NaiveDateTime;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{AnyConnection, Backend, sql, transaction};
use crate::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

diesel::table! {
    #[sql_name = "__diesel_schema_migrations"]
    applied_migrations (version) {
        version -> Text,
        run_on -> Timestamp,
    }
}

/// A migration, and when it was applied to this database.
#[derive(Debug)]
pub struct Entry {
    /// Number and name, like `0001_users`.
    pub name: String,
    /// UTC; none when it is pending.
    pub applied_at: Option<NaiveDateTime>,
}

/// Every migration that the program knows, oldest first, and when each was applied.
///
/// Fails when the database has one that the program does not know: then the database is newer than the program.
pub fn history(conn: &mut AnyConnection) -> Result<Vec<Entry>> {
    let source = source(conn);
    // Whoever only looks makes nothing: it would be in the way of whoever makes the table that lists them.
    let mut applied: Vec<(String, NaiveDateTime)> = if sql::has_table(conn, "__diesel_schema_migrations")? {
        applied_migrations::table.order(applied_migrations::version).load(conn)?
    } else {
        Vec::new()
    };
    let mut known: Vec<_> = MigrationSource::<Backend>::migrations(&source).map_err(Error::Internal)?;
    known.sort_by_key(|migration| migration.name().version().as_owned());
    let entries = known
        .iter()
        .map(|migration| {
            let version = migration.name().version().to_string();
            let place = applied.iter().position(|(applied, _)| *applied == version);
            Entry { name: migration.name().to_string(), applied_at: place.map(|place| applied.remove(place).1) }
        })
        .collect();
    match applied.as_slice() {
        [] => Ok(entries),
        [(version, _), ..] => Err(Error::internal(format!(
            "the database is newer than this program: it has migration {version}, which is not known here; \
             run the newer program, or roll back with it"
        ))),
    }
}

/// Applies what is pending, all of it or nothing, and returns the names. Programs that start together take turns.
///
/// Fails as [`history`] does, and with the database's words when a migration can't be applied.
pub fn up(conn: &mut AnyConnection) -> Result<Vec<String>> {
    up_and(conn, |_, _| Ok(()))
}

/// As [`up`], and in the same transaction `finish`, with the names of what was applied, when something was.
pub fn up_and(
    conn: &mut AnyConnection,
    finish: impl FnOnce(&mut AnyConnection, &[String]) -> Result<()>,
) -> Result<Vec<String>> {
    if let AnyConnection::Postgres(_) = conn {
        // The table that lists them: there two that would make it if it does not exist fail of each other.
        transaction(conn, |conn| {
            sql::take_turns(conn, sql::Turn::Migrations)?;
            conn.applied_migrations().map_err(Error::Internal)
        })?;
    }
    if pending(conn)?.is_empty() {
        return Ok(Vec::new());
    }
    in_turn(conn, |conn| {
        let names = pending(conn)?;
        let source = source(conn);
        conn.run_pending_migrations(source).map_err(Error::Internal)?;
        if !names.is_empty() {
            finish(conn, &names)?;
        }
        Ok(names)
    })
}

/// Rolls back the newest `steps` migrations, all of them or none, and returns their names, newest first.
///
/// Fails as [`up`] does.
pub fn down(conn: &mut AnyConnection, steps: usize) -> Result<Vec<String>> {
    down_after(conn, steps, |_, _, _| Ok(()))
}

/// As [`down`], and in the same transaction before it `begin`, with all that is applied and the names of what goes.
pub fn down_after(
    conn: &mut AnyConnection,
    steps: usize,
    begin: impl FnOnce(&mut AnyConnection, &[Entry], &[String]) -> Result<()>,
) -> Result<Vec<String>> {
    in_turn(conn, |conn| {
        let applied: Vec<_> = history(conn)?.into_iter().filter(|entry| entry.applied_at.is_some()).collect();
        let names: Vec<_> = applied.iter().rev().take(steps).map(|entry| entry.name.clone()).collect();
        begin(conn, &applied, &names)?;
        for _ in &names {
            let source = source(conn);
            conn.revert_last_migration(source).map_err(Error::Internal)?;
        }
        Ok(names)
    })
}

/// The names of the migrations that are known and not applied.
pub fn pending(conn: &mut AnyConnection) -> Result<Vec<String>> {
    Ok(history(conn)?.into_iter().filter(|entry| entry.applied_at.is_none()).map(|entry| entry.name).collect())
}

/// Runs `body` in a transaction that no other program's migrations run beside.
fn in_turn<T>(conn: &mut AnyConnection, body: impl FnOnce(&mut AnyConnection) -> Result<T>) -> Result<T> {
    sql::without_references(conn, |conn| {
        transaction(conn, |conn| {
            sql::take_turns(conn, sql::Turn::Migrations)?;
            let before = sql::count_dangling(conn)?;
            let done = body(conn)?;
            let made = sql::count_dangling(conn)? - before;
            if made > 0 {
                return Err(Error::internal(format!("{made} rows would point to a row that is gone")));
            }
            Ok(done)
        })
    })
}

fn source(conn: &AnyConnection) -> EmbeddedMigrations {
    match conn {
        AnyConnection::Postgres(_) => POSTGRES,
        AnyConnection::Sqlite(_) => SQLITE,
    }
}
