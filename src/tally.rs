//! What a request costs the database: how many queries, how long they took, and how long a connection was waited for.
//!
//! The queries run on a thread of the pool, the request on its own; the closure that goes from the one to the other takes
//! the count along ([`counted`]).

use std::cell::Cell;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

tokio::task_local! {
    static REQUEST: Arc<Tally>;
}

thread_local! {
    /// What this thread has asked since somebody began to count: queries, and nanoseconds.
    static ASKED: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// What one request has cost so far.
#[derive(Debug, Default)]
pub struct Tally {
    queries: AtomicU64,
    nanos: AtomicU64,
    waited: AtomicU64,
    is_revealed: AtomicBool,
}

impl Tally {
    /// How many queries there were; what begins and ends a transaction is none.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.queries.load(Relaxed)
    }

    /// How long the database took.
    #[must_use]
    pub fn time(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Relaxed))
    }

    /// The value of `Server-Timing` (W3C), in milliseconds, for a request that took `total`; none when it is nobody's to know.
    #[must_use]
    pub fn told(&self, total: Duration) -> Option<String> {
        if !self.is_revealed.load(Relaxed) {
            return None;
        }
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let (queries, waited) = (self.queries(), Duration::from_nanos(self.waited.load(Relaxed)));
        let word = if queries == 1 { "query" } else { "queries" };
        let mut text = String::with_capacity(80);
        let (db, pool, total) = (ms(self.time()), ms(waited), ms(total));
        write!(text, "db;dur={db:.3};desc=\"{queries} {word}\", pool;dur={pool:.3}, total;dur={total:.3}").ok()?;
        Some(text)
    }
}

/// Runs a request, whose cost `tally` then tells.
pub async fn of<T>(tally: Arc<Tally>, request: impl Future<Output = T>) -> T {
    REQUEST.scope(tally, request).await
}

/// Lets the client of this request know its cost. How long things take tells what there is, so a guest is not told.
pub fn reveal() {
    let _ = REQUEST.try_with(|tally| tally.is_revealed.store(true, Relaxed));
}

/// `work`, the queries of which count for this request, on whatever thread it runs.
pub fn counted<C: ?Sized, T>(work: impl FnOnce(&mut C) -> T) -> impl FnOnce(&mut C) -> T {
    let tally = REQUEST.try_with(Arc::clone).ok();
    move |conn| {
        ASKED.set((0, 0));
        let done = work(conn);
        if let Some(tally) = tally {
            let (queries, nanos) = ASKED.get();
            tally.queries.fetch_add(queries, Relaxed);
            tally.nanos.fetch_add(nanos, Relaxed);
        }
        done
    }
}

/// Waits for a connection; the time counts for this request.
pub async fn waited<T>(connection: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let connection = connection.await;
    let nanos = nanos(start.elapsed());
    let _ = REQUEST.try_with(|tally| tally.waited.fetch_add(nanos, Relaxed));
    connection
}

/// Notes that this thread asked a database something, and whether that is a query.
pub fn asked(time: Duration, is_query: bool) {
    let (queries, before) = ASKED.get();
    ASKED.set((queries + u64::from(is_query), before + nanos(time)));
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
