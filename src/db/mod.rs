//! The database: the only folder that knows there are two of them.
//!
//! [`Db::read`] lends a connection; [`Db::write`] lends one inside a transaction, together with who writes and when.

mod clock;
mod connection;
mod counter;
mod fragment;
pub mod load;
pub mod many;
pub mod migrations;
mod pool;
pub mod schema;
pub mod scratch;
mod search;
pub mod sql;
mod stock;

use std::any::Any;
use std::sync::Arc;

use chrono::NaiveDateTime;
use deadpool_diesel::PoolError;
use diesel::connection::{AnsiTransactionManager, TransactionManager};

pub use self::clock::Clock;
pub use self::connection::{AnyConnection, Backend, Engine, open};
pub use self::stock::take_stock;
use crate::error::{Error, Result};
use crate::settings::Database;
use crate::{tally, token};

/// The way to the data: a pool of connections and a clock. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Arc<pool::Shared>,
    settings: Arc<Database>,
    clock: Clock,
}

/// Who writes, and from where: what an entry on record names.
#[derive(Clone, Debug, Default)]
pub struct Author {
    /// The user, or none for the command line and for someone not logged in.
    pub user_id: Option<i64>,
    /// The name as text, which survives the user.
    pub name: String,
    pub session_id: Option<i64>,
    /// Where the request came from; empty on the command line.
    pub address: String,
    /// The number of the request in the log; empty on the command line.
    pub request_id: String,
}

impl Author {
    /// The program itself, at the wish of whoever may run it.
    #[must_use]
    pub fn command_line() -> Self {
        Author { name: "command line".into(), ..Self::default() }
    }
}

/// The right to write: a connection inside a transaction, who writes, and the one moment at which all of it happens.
pub struct Write<'a> {
    pub conn: &'a mut AnyConnection,
    pub by: &'a Author,
    pub at: NaiveDateTime,
    /// What the entries on record of this one action have in common.
    pub change_set: String,
    /// What is put on record together later: the audit's own, which nobody here can see into.
    pub(crate) later: Option<Box<dyn Any>>,
}

impl<'a> Write<'a> {
    /// The right to write with a connection that is inside a transaction.
    #[must_use]
    pub fn new(conn: &'a mut AnyConnection, by: &'a Author, at: NaiveDateTime) -> Self {
        Write { conn, by, at, change_set: token::number(), later: None }
    }
}

impl Db {
    /// Prepares the pool; a connection is opened when one is first needed.
    #[must_use]
    pub fn new(settings: &Database, clock: Clock) -> Self {
        Db { pool: pool::build(settings), settings: Arc::new(settings.clone()), clock }
    }

    /// The clock that all of the program goes by.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Closes the idle connections of the overflow, for as long as the pool is used. Runs until then.
    pub async fn close_idle_overflow(self) {
        let keep = self.settings.pool_size;
        pool::close_idle_overflow(self.pool, keep, self.settings.overflow_idle).await;
    }

    /// Open connections: `(open, idle)`.
    #[must_use]
    pub fn connections(&self) -> (usize, usize) {
        let status = self.pool.status();
        (status.size, status.available)
    }

    /// Lends a connection to `read`, on a thread where it may wait.
    ///
    /// Fails with what `read` fails with, and with [`Error::Unavailable`] when no connection is free in time.
    pub async fn read<T, E>(
        &self,
        read: impl FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let conn = match tally::waited(self.pool.get()).await {
            Ok(conn) => conn,
            Err(cause) => return Err(self.unavailable(cause).await.into()),
        };
        conn.interact(tally::counted(read)).await.map_err(|cause| Error::internal(cause.to_string()))?
    }

    /// Lends a connection inside a transaction: all that `write` did stays when it returns `Ok`, nothing otherwise.
    ///
    /// Fails as [`Db::read`] does.
    pub async fn write<T, E>(
        &self,
        by: Author,
        write: impl FnOnce(&mut Write) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + From<diesel::result::Error> + Send + 'static,
    {
        let at = self.clock.now();
        self.read(move |conn| transaction(conn, |conn| write(&mut Write::new(conn, &by, at)))).await
    }

    /// What to tell of a connection that could not be had; the log gets the cause.
    async fn unavailable(&self, cause: PoolError) -> Error {
        if let PoolError::Backend(_) | PoolError::PostCreateHook(_) = cause {
            let url = self.settings.url.clone();
            let real = tokio::task::spawn_blocking(move || connection::open(&url).err()).await;
            tracing::error!(cause = ?real, "the database can't be reached");
        } else {
            tracing::warn!(%cause, "no connection was free in time");
        }
        Error::Unavailable(Error::BUSY.into())
    }
}

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
    match (&result, conn) {
        (Ok(_), AnyConnection::Postgres(conn)) => AnsiTransactionManager::commit_transaction(conn)?,
        (Ok(_), AnyConnection::Sqlite(conn)) => AnsiTransactionManager::commit_transaction(conn)?,
        (Err(_), conn) => {
            let undone = match conn {
                AnyConnection::Postgres(conn) => AnsiTransactionManager::rollback_transaction(conn),
                AnyConnection::Sqlite(conn) => AnsiTransactionManager::rollback_transaction(conn),
            };
            if let Err(cause) = undone {
                // The reason to roll back says more.
                tracing::warn!(%cause, "a transaction could not be rolled back");
            }
        }
    }
    result
}

/// Runs `body` inside of a transaction so that, when it fails, what it did is undone and all before it stays.
pub fn attempt<T, E: From<diesel::result::Error>>(
    w: &mut Write,
    body: impl FnOnce(&mut Write) -> Result<T, E>,
) -> Result<T, E> {
    match w.conn {
        AnyConnection::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn)?,
        AnyConnection::Sqlite(conn) => AnsiTransactionManager::begin_transaction(conn)?,
    }
    let result = body(w);
    match (&result, &mut *w.conn) {
        (Ok(_), AnyConnection::Postgres(conn)) => AnsiTransactionManager::commit_transaction(conn)?,
        (Ok(_), AnyConnection::Sqlite(conn)) => AnsiTransactionManager::commit_transaction(conn)?,
        (Err(_), AnyConnection::Postgres(conn)) => AnsiTransactionManager::rollback_transaction(conn)?,
        (Err(_), AnyConnection::Sqlite(conn)) => AnsiTransactionManager::rollback_transaction(conn)?,
    }
    result
}
