//! A connection and the one thread on which it works. Of a thread that connections share, whoever is done would wait for
//! whoever begins: a twentieth of a page's time.

use std::future::poll_fn;
use std::pin::pin;

use deadpool_diesel::{Connection, InteractError};
use diesel::ConnectionError;
use tokio::runtime::{Builder, Runtime};

use super::{AnyConnection, connection};

/// A connection, until it is dropped.
pub(super) struct Pooled {
    /// Both are there until then.
    conn: Option<Connection<AnyConnection>>,
    thread: Option<Runtime>,
}

impl Pooled {
    /// Opens a connection to what `url` names.
    pub async fn open(url: &str) -> Result<Self, ConnectionError> {
        // It ends when it has had nothing to do for a while, and begins again.
        let thread = Builder::new_current_thread().thread_name("database").max_blocking_threads(1).build();
        let thread = thread.map_err(|cause| ConnectionError::BadConnection(cause.to_string()))?;
        let mut pooled = Pooled { conn: None, thread: Some(thread) };
        let url = url.to_owned();
        let open = Connection::new(deadpool_diesel::Runtime::Tokio1, move || connection::open(&url));
        pooled.conn = Some(pooled.there(open).await?);
        Ok(pooled)
    }

    /// Has the connection do something. It goes on when whoever asked for it is gone.
    ///
    /// Fails when the work panics.
    pub async fn interact<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> T + Send + 'static,
    ) -> Result<T, InteractError> {
        let conn = self.conn.as_ref().ok_or(InteractError::Cancelled)?;
        self.there(conn.interact(work)).await
    }

    /// Somebody panicked with it: what was locked with it then is still locked.
    pub fn is_spoiled(&self) -> bool {
        self.conn.as_ref().is_none_or(Connection::is_mutex_poisoned)
    }

    /// Waits for something that takes a thread, where it is first looked at: this one.
    async fn there<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        poll_fn(|context| {
            let _entered = self.thread.as_ref().map(Runtime::enter);
            future.as_mut().poll(context)
        })
        .await
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        // To close a connection may take a while: not here.
        let entered = thread.enter();
        drop(self.conn.take());
        drop(entered);
        // What runs is a transaction, which is all there or not at all, so nobody waits for it.
        thread.shutdown_background();
    }
}
