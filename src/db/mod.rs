//! The database: the only folder that knows there are two of them.
//!
//! [`Db::read`] lends a connection; [`Db::write`] lends one inside a transaction, together with who writes and when.

mod candidates;
mod clock;
mod connection;
mod counter;
mod fragment;
mod gate;
mod kept;
mod line;
pub mod load;
pub mod many;
pub mod migrations;
mod pool;
mod pooled;
mod sampled;
pub mod schema;
pub mod scratch;
mod search;
pub mod sql;
mod stamp;
mod stock;
mod transaction;
mod trigrams;
mod update;
mod written;

use std::any::Any;
use std::sync::Arc;

use chrono::NaiveDateTime;

pub use self::clock::Clock;
pub use self::connection::{AnyConnection, Backend, Engine, open};
pub use self::kept::{keeping, let_go};
use self::line::Line;
use self::pool::{Done, Lent, PoolError};
pub use self::stamp::{MaybeStamp, Stamp};
pub use self::stock::take_stock;
pub use self::transaction::{attempt, transaction};
use crate::error::{Error, Result};
use crate::settings::Database;
use crate::{tally, token};

/// The way to the data: a pool of connections and a clock. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    /// None where the database lets many write at a time. Before the pool, which its connection is of.
    line: Option<Arc<Line>>,
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
        let line = (Engine::of(&settings.url) != Some(Engine::Postgres)).then(Arc::default);
        Db { pool: pool::build(settings), settings: Arc::new(settings.clone()), clock, line }
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
        self.done(kept::take(), tally::counted(read)).await.map(|(done, _)| done)?
    }

    /// Lends a connection to a `read` that begins a request, and keeps the connection for what the request does next
    /// (see [`keeping`]). No connection is asked before whether it lives: when `read` fails it is done again, with another.
    ///
    /// Fails as [`Db::read`] does.
    pub async fn read_first<T, E>(
        &self,
        read: impl Fn(&mut AnyConnection) -> Result<T, E> + Clone + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let first = self.lend().await?.interact(false, tally::counted(read.clone())).await?;
        if let Done::Done(done, lent) = first {
            if done.is_ok() {
                kept::keep(lent);
                return done;
            }
            lent.close();
        }
        let (done, lent) = self.done(None, tally::counted(read)).await?;
        kept::keep(lent);
        done
    }

    async fn lend(&self) -> Result<Lent> {
        match tally::waited(self.pool.lend()).await {
            Ok(lent) => Ok(lent),
            Err(cause) => Err(Self::unavailable(&cause)),
        }
    }

    /// Has a connection do something, this one or any, and another one if it is of no use.
    async fn done<T: Send + 'static>(
        &self,
        mut kept: Option<Lent>,
        mut work: impl FnOnce(&mut AnyConnection) -> T + Send + 'static,
    ) -> Result<(T, Lent)> {
        loop {
            let lent = match kept.take() {
                Some(kept) => kept,
                None => self.lend().await?,
            };
            match lent.interact(self.settings.pre_ping, work).await? {
                Done::Done(done, lent) => return Ok((done, lent)),
                // Each of them is closed, and one that was just opened does.
                Done::NotBegun(again) => work = again,
            }
        }
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
        let write = move |conn: &mut AnyConnection| write(&mut Write::new(conn, &by, at));
        match &self.line {
            Some(line) => line.write(self, write).await,
            None => self.read(move |conn| transaction(conn, write)).await,
        }
    }

    /// What to tell of a connection that could not be had; the log gets the cause.
    fn unavailable(cause: &PoolError) -> Error {
        if let PoolError::Backend(cause) = cause {
            tracing::error!(%cause, "the database can't be reached");
        } else {
            tracing::warn!(%cause, "no connection was free in time");
        }
        Error::Unavailable(Error::BUSY.into())
    }
}
