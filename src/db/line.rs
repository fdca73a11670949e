//! Writes to SQLite, which lets one write at a time. Those of this process wait in line, in turn, where the database's own
//! wait looks again now and then and may never meet a free moment; and whatever stands in line is written in one
//! transaction, so that the disk is waited for once for all of it. Each is undone alone when it fails.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::result::Error as DieselError;
use tokio::sync::{Mutex as Turn, oneshot};
use tokio::time::sleep;

use super::transaction::{attempt_on, transaction};
use super::{AnyConnection, Db, Lent, kept};
use crate::error::{Error, Result};
use crate::tally;

/// So many are written together at most.
const TOGETHER: usize = 32;

/// The writes of this process that wait.
#[derive(Default)]
pub(super) struct Line {
    waiting: Mutex<VecDeque<Job>>,
    /// With the connection that wrote last, while others wait: any other one has forgotten the pages that it knew.
    turn: Turn<Option<Lent>>,
    /// How many wait for the turn, to take it or to be told.
    waiters: AtomicUsize,
}

/// Someone who waits for the turn.
struct Waiter<'a>(&'a Line);

impl<'a> Waiter<'a> {
    fn of(line: &'a Line) -> Self {
        line.waiters.fetch_add(1, Ordering::AcqRel);
        Waiter(line)
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.waiters.fetch_sub(1, Ordering::AcqRel);
        self.0.rest();
    }
}

/// Does a write, if there is a transaction for it, and gives what tells whoever waits for it, once that has ended: well, or
/// for this cause. And whether there still is one.
type Job = Box<dyn FnOnce(Option<&mut AnyConnection>) -> (Tell, bool) + Send>;
type Tell = Box<dyn FnOnce(Option<&DieselError>) + Send>;

impl Line {
    /// Has `write` done in a transaction, maybe together with others.
    ///
    /// Fails with what it fails with, and with [`Error::Unavailable`] when no connection is free in time.
    pub(super) async fn write<T, E>(
        self: &Arc<Self>,
        db: &Db,
        write: impl FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + From<DieselError> + Send + 'static,
    {
        let (teller, mut told) = oneshot::channel();
        let is_claimed = Arc::new(AtomicBool::new(false));
        self.join(teller, Arc::clone(&is_claimed), tally::counted(write));
        let mut kept = kept::take();
        let mut turn = if let Ok(turn) = self.turn.try_lock() {
            turn
        } else {
            // Who waits in line keeps no connection from those who write.
            drop(kept.take());
            let _waiter = Waiter::of(self);
            tokio::select! {
                biased;
                done = &mut told => return done.unwrap_or_else(|_| Err(broken_off().into())),
                turn = self.turn.lock() => turn,
                () = sleep(db.settings.timeout) => {
                    // What has begun will be told of.
                    if is_claimed.swap(true, Ordering::AcqRel) {
                        return told.await.unwrap_or_else(|_| Err(broken_off().into()));
                    }
                    return Err(Error::Unavailable(Error::BUSY.into()).into());
                }
            }
        };
        if turn.is_some() {
            drop(kept.take());
        }
        // Whoever had the turn before may have done it, or be at it: one who went away keeps no turn.
        while told.is_empty() {
            let (count, lent) = self.write_waiting(db, turn.take().or_else(|| kept.take())).await?;
            // Those who read need it more when nobody waits to write, or when it is the only one.
            let is_waited_for = self.waiters.load(Ordering::Acquire) > 0;
            *turn = Some(lent).filter(|_| is_waited_for && db.pool.status().max_size > 1);
            if count == 0 {
                break;
            }
        }
        drop(turn);
        self.rest();
        told.await.unwrap_or_else(|_| Err(broken_off().into()))
    }

    fn join<T, E>(
        &self,
        teller: oneshot::Sender<Result<T, E>>,
        is_claimed: Arc<AtomicBool>,
        write: impl FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<DieselError> + Send + 'static,
    {
        let job: Job = Box::new(move |conn| {
            // Whoever wanted it has gone away, or waited long enough.
            if teller.is_closed() || is_claimed.swap(true, Ordering::AcqRel) {
                return (Box::new(|_| {}), true);
            }
            let (done, is_sound) = conn.map(|conn| attempt_on(conn, write)).unzip();
            let tell = Box::new(move |failed: Option<&DieselError>| {
                let done = match (done, failed) {
                    // What was refused is refused, whatever became of the others.
                    (Some(Err(refused)), _) => Err(refused),
                    (_, Some(cause)) => Err(same(cause).into()),
                    (Some(done), None) => done,
                    (None, None) => Err(DieselError::NotInTransaction.into()),
                };
                let _ = teller.send(done);
            });
            (tell, is_sound.unwrap_or_default())
        });
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(job);
    }

    /// Gives the connection back when nobody waits any more: they may all have gone away.
    fn rest(&self) {
        if self.waiters.load(Ordering::Acquire) == 0
            && let Ok(mut turn) = self.turn.try_lock()
        {
            turn.take();
        }
    }

    /// Writes the first of what stands in line, and gives how many that were, and with what.
    async fn write_waiting(self: &Arc<Self>, db: &Db, kept: Option<Lent>) -> Result<(usize, Lent)> {
        let line = Arc::clone(self);
        let work = move |conn: &mut AnyConnection| {
            let mut waiting = line.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let count = waiting.len().min(TOGETHER);
            let mut jobs: VecDeque<Job> = waiting.drain(..count).collect();
            drop(waiting);
            if jobs.is_empty() {
                return 0;
            }
            let mut tells = Vec::with_capacity(jobs.len());
            let result = transaction(conn, |conn| {
                while let Some(job) = jobs.pop_front() {
                    let (tell, is_sound) = job(Some(&mut *conn));
                    tells.push(tell);
                    if !is_sound {
                        return Err(DieselError::RollbackTransaction);
                    }
                }
                Ok(())
            });
            if tells.is_empty() {
                // It has not begun.
                tells.extend(jobs.drain(..).map(|job| job(None).0));
            } else if !jobs.is_empty() {
                // It broke off before these: they are next.
                let mut waiting = line.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                jobs.extend(waiting.drain(..));
                *waiting = jobs;
            }
            for tell in tells {
                tell(result.as_ref().err());
            }
            count
        };
        db.done(kept, work).await
    }
}

/// The same error again, for one more who waits.
fn same(cause: &DieselError) -> DieselError {
    match cause {
        DieselError::DatabaseError(kind, info) => {
            DieselError::DatabaseError(*kind, Box::new(info.message().to_owned()))
        }
        other => DieselError::QueryBuilderError(other.to_string().into()),
    }
}

fn broken_off() -> Error {
    Error::internal("a write that others were written with broke off")
}
