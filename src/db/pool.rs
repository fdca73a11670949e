//! The connection pool: a kept size, an overflow that is closed again when idle, a check before use, a longest wait.

use std::num::NonZero;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{self, Metrics, QueueMode, RecycleError, RecycleResult};
use diesel::ConnectionError;
use diesel::connection::TransactionManager as _;
use diesel::prelude::*;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::pooled::Pooled;
use super::{AnyConnection, Engine};
use crate::error::Error;
use crate::settings::Database;

type Pool = managed::Pool<Manager>;
pub(super) type PoolError = managed::PoolError<ConnectionError>;

/// Opens connections. What they are asked before use is asked by who uses them ([`Lent::interact`]), on the same thread:
/// deadpool-diesel's own manager goes to another thread for it, and comes back, for each use.
#[derive(Debug)]
pub(super) struct Manager {
    url: String,
}

impl managed::Manager for Manager {
    type Type = Pooled;
    type Error = ConnectionError;

    async fn create(&self) -> Result<Pooled, ConnectionError> {
        Pooled::open(&self.url).await
    }

    async fn recycle(&self, pooled: &mut Pooled, _: &Metrics) -> RecycleResult<ConnectionError> {
        if pooled.is_spoiled() {
            return Err(RecycleError::message("somebody panicked with this connection"));
        }
        Ok(())
    }
}

/// A connection of the pool, until it is dropped.
pub(super) struct Lent {
    pooled: managed::Object<Manager>,
    /// It answered a moment ago, or was just opened.
    is_sound: bool,
    /// See [`Shared`].
    core: Option<OwnedSemaphorePermit>,
}

impl Lent {
    /// Has the connection do something, on a thread where it may wait. Gives back what was to be done when the connection
    /// turns out to be of no use, before it was begun; then another one is for it.
    ///
    /// Fails when the work panics.
    pub async fn interact<T: Send + 'static, W>(self, with_ping: bool, work: W) -> Result<Done<T, W>, Error>
    where
        W: FnOnce(&mut AnyConnection) -> T + Send + 'static,
    {
        let Lent { pooled, is_sound, core } = self;
        let with_ping = with_ping && !is_sound;
        // The work goes on when whoever asked for it is gone, and holds its core until it is done.
        let work = move |conn: &mut AnyConnection| {
            let done = if answers(conn, with_ping) { Ok(work(conn)) } else { Err(work) };
            (done, core)
        };
        match pooled.interact(work).await {
            Ok((Ok(done), core)) => Ok(Done::Done(done, Lent { pooled, is_sound: true, core })),
            Ok((Err(work), _)) => {
                close(pooled);
                Ok(Done::NotBegun(work))
            }
            Err(cause) => {
                // In the pool it would keep what it locked.
                close(pooled);
                Err(Error::internal(cause.to_string()))
            }
        }
    }

    /// Closes the connection.
    pub fn close(self) {
        close(self.pooled);
    }
}

fn close(pooled: managed::Object<Manager>) {
    drop(managed::Object::take(pooled));
}

/// What came of the use of a connection.
pub(super) enum Done<T, W> {
    Done(T, Lent),
    NotBegun(W),
}

/// False of a connection that is left in a transaction, and, if it is asked, of one that does not answer.
fn answers(conn: &mut AnyConnection, with_ping: bool) -> bool {
    type Transactions = <AnyConnection as diesel::Connection>::TransactionManager;
    let ping = |conn: &mut AnyConnection| diesel::select(1.into_sql::<diesel::sql_types::Integer>()).execute(conn);
    !Transactions::is_broken_transaction_manager(conn) && (!with_ping || ping(conn).is_ok())
}

/// The pool, and who may work at a time.
pub(super) struct Shared {
    pool: Pool,
    /// What SQLite does is the work of this machine's cores: more at a time than those can do makes nothing quicker, and each
    /// connection has memory of its own. None where another program does it.
    cores: Option<Arc<Semaphore>>,
}

/// So many work at a time for each core, and so long one waits to be one of them before one works beside them: whoever is not
/// done by then may take long.
const EACH: usize = 2;
const PATIENCE: Duration = Duration::from_millis(50);

impl Deref for Shared {
    type Target = Pool;

    fn deref(&self) -> &Pool {
        &self.pool
    }
}

/// Builds the pool; no connection is opened yet.
///
/// # Panics
/// Never: the only thing that the pool can miss is its runtime, which is given here.
pub(super) fn build(settings: &Database) -> Arc<Shared> {
    let pool = Pool::builder(Manager { url: settings.url.clone() })
        .max_size(settings.pool_size + settings.max_overflow)
        .runtime(deadpool_diesel::Runtime::Tokio1)
        // The connection used last is used next: the others rest, and what is over is seen to idle.
        .queue_mode(QueueMode::Lifo)
        .wait_timeout(Some(settings.timeout))
        .create_timeout(Some(settings.timeout))
        .recycle_timeout(Some(settings.timeout))
        .build()
        .expect("the runtime is given");
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let is_here = Engine::of(&settings.url) != Some(Engine::Postgres);
    let cores = is_here.then(|| Arc::new(Semaphore::new(EACH * cores)));
    Arc::new(Shared { pool, cores })
}

impl Shared {
    /// A connection, as soon as one is free; on SQLite a moment later where many work.
    pub(super) async fn lend(&self) -> Result<Lent, PoolError> {
        let core = self.core().await;
        let pooled = self.pool.get().await?;
        let is_sound = managed::Object::metrics(&pooled).recycle_count == 0;
        Ok(Lent { pooled, is_sound, core })
    }

    async fn core(&self) -> Option<OwnedSemaphorePermit> {
        let cores = self.cores.as_ref()?;
        if let Ok(core) = Arc::clone(cores).try_acquire_owned() {
            return Some(core);
        }
        timeout(PATIENCE, Arc::clone(cores).acquire_owned()).await.ok()?.ok()
    }
}

/// Closes what the overflow left idle, until nobody else holds the pool.
pub(super) async fn close_idle_overflow(pool: Arc<Shared>, keep: usize, idle: Duration) {
    let weak = Arc::downgrade(&pool);
    drop(pool);
    loop {
        tokio::time::sleep(idle / 2).await;
        let Some(pool) = weak.upgrade() else { return };
        let mut surplus = pool.status().size.saturating_sub(keep);
        pool.retain(|_, metrics| {
            let close = surplus > 0 && metrics.last_used() >= idle;
            surplus -= usize::from(close);
            !close
        });
    }
}
