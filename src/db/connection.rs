//! One connection type for both databases, and how one is opened.

use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::counter::Counter;

/// A connection to either database; every query of the program runs on this type.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// What queries are written for.
pub type Backend = <AnyConnection as Connection>::Backend;

/// The part of `DATABASE_URL` that says which database is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The engine that a URL names, or none when it names neither.
    #[must_use]
    pub fn of(url: &str) -> Option<Self> {
        match url.split_once("://")?.0 {
            "sqlite" => Some(Engine::Sqlite),
            "postgres" | "postgresql" => Some(Engine::Postgres),
            _ => None,
        }
    }

    /// Its name, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }

    /// The folder of its migrations, from that of the source.
    #[must_use]
    pub fn migrations(self) -> &'static str {
        match self {
            Engine::Sqlite => "migrations/sqlite",
            Engine::Postgres => "migrations/postgres",
        }
    }
}

impl AnyConnection {
    /// Which of the two it is to.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            AnyConnection::Postgres(_) => Engine::Postgres,
            AnyConnection::Sqlite(_) => Engine::Sqlite,
        }
    }
}

/// What `fold` is in SQLite.
pub(super) fn folded(mut text: String) -> String {
    if text.is_ascii() {
        text.make_ascii_lowercase();
        return text;
    }
    // A sigma is another one in small letters when it ends a word, and so would be another one in a part of that word.
    text.to_lowercase().replace('\u{3c2}', "\u{3c3}")
}

diesel::define_sql_function! {
    /// A text without regard to case, by the rules of Unicode. PostgreSQL has it from the migrations.
    fn fold(text: Text) -> Text;
}

/// Opens a connection to what `url` names and prepares it.
///
/// Fails with the database's own words; the derived `establish` tries each engine in turn and shows the last one's.
pub fn open(url: &str) -> ConnectionResult<AnyConnection> {
    let mut conn = match Engine::of(url) {
        Some(Engine::Postgres) => AnyConnection::Postgres(PgConnection::establish(url)?),
        _ => AnyConnection::Sqlite(SqliteConnection::establish(url.trim_start_matches("sqlite://"))?),
    };
    prepare(&mut conn).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// How long one waits who wants to write while others do, in milliseconds.
pub(super) const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 5000";

/// What each connection must be told once, before its first query.
pub fn prepare(conn: &mut AnyConnection) -> QueryResult<()> {
    conn.set_instrumentation(Counter::default());
    match conn {
        AnyConnection::Sqlite(conn) => {
            conn.batch_execute(BUSY_TIMEOUT)?;
            switch_to_wal(conn)?;
            // FULL: a save that was answered survives a power cut.
            conn.batch_execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000;")?;
            fold_utils::register_impl(conn, folded)
        }
        // Without a time-out, one lost lock would hold a connection for ever. A page reads a few rows: to compile its queries
        // takes longer than they do, and so does starting others to help.
        AnyConnection::Postgres(conn) => conn.batch_execute(
            "SET timezone = 'UTC'; SET lock_timeout = '10s'; \
             SET idle_in_transaction_session_timeout = '60s'; \
             SET jit = off; SET max_parallel_workers_per_gather = 0;",
        ),
    }
}

/// True when SQLite gave up because others write.
pub(super) fn is_locked(cause: &diesel::result::Error) -> bool {
    cause.to_string().contains("locked")
}

/// Of two that switch a new file at the same time SQLite refuses one at once, without the wait that it was told: it would be
/// for ever if both waited.
fn switch_to_wal(conn: &mut SqliteConnection) -> QueryResult<()> {
    for _ in 0..100 {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(cause) if is_locked(&cause) => thread::sleep(Duration::from_millis(50)),
            done => return done,
        }
    }
    conn.batch_execute("PRAGMA journal_mode = WAL")
}
