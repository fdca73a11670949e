//! The connection pool: a kept size, an overflow that is closed again when idle, a check before use, a longest wait.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{Hook, HookError, QueueMode};
use deadpool_diesel::{Manager, ManagerConfig, RecyclingMethod, Runtime};
use tokio::runtime::Handle;

use super::{AnyConnection, connection};
use crate::settings::Database;

type Pool = deadpool_diesel::Pool<Manager<AnyConnection>>;

/// The pool, until the last who has it lets go. That may be a worker that was ended in the middle of a request, after its
/// own runtime; to close a connection takes one.
pub(super) struct Shared {
    pool: Pool,
    runtime: Option<Handle>,
}

impl Deref for Shared {
    type Target = Pool;

    fn deref(&self) -> &Pool {
        &self.pool
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let _entered = self.runtime.as_ref().map(Handle::enter);
        self.pool.close();
    }
}

/// Builds the pool; no connection is opened yet.
///
/// # Panics
/// Never: the only thing that can be missing is the runtime, which is given here.
pub(super) fn build(settings: &Database) -> Arc<Shared> {
    let recycling_method = if settings.pre_ping {
        RecyclingMethod::Verified
    } else {
        RecyclingMethod::CustomFunction(Box::new(|_| Ok(())))
    };
    // Diesel's SQLite connection takes a path where PostgreSQL's takes a URL.
    let address = settings.url.trim_start_matches("sqlite://");
    let manager = Manager::from_config(address, Runtime::Tokio1, ManagerConfig { recycling_method });
    let pool = deadpool_diesel::Pool::builder(manager)
        .max_size(settings.pool_size + settings.max_overflow)
        .runtime(Runtime::Tokio1)
        // The connection used last is used next: the others rest, and what is over is seen to idle.
        .queue_mode(QueueMode::Lifo)
        .wait_timeout(Some(settings.timeout))
        .create_timeout(Some(settings.timeout))
        .recycle_timeout(Some(settings.timeout))
        .post_create(Hook::async_fn(|conn: &mut deadpool_diesel::Connection<AnyConnection>, _| {
            let prepared = conn.interact(connection::prepare);
            Box::pin(async move {
                let result = prepared.await.map_err(|cause| HookError::message(cause.to_string()))?;
                result.map_err(|cause| HookError::message(cause.to_string()))
            })
        }))
        .build()
        .expect("the runtime is given");
    Arc::new(Shared { pool, runtime: Handle::try_current().ok() })
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
