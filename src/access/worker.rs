//! What goes on when nobody waits for it. The process has no rights of its own: it does each step of a job as the person
//! who started it, with what that person may do at that very moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::{Actor, Desk, Permissions, SignedIn};
use crate::crud::{jobs, users};
use crate::db::{AnyConnection, Author, Db, Write};
use crate::error::{Error, Result};
use crate::models::{Job, JobProgress, JobState};
use crate::token;

/// Jobs that this process was not told of, since another had them, are looked for so often.
const LOOKS: Duration = Duration::from_secs(2);

/// Wakes the worker of this process, and tells it to end.
#[derive(Clone, Default)]
pub(super) struct Bell(Arc<(Notify, AtomicBool)>);

/// The process itself, as it goes on with jobs. Cheap to clone.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    /// By which its leases are known.
    name: String,
    bell: Bell,
}

/// What came of one transaction of a job.
pub enum Turn {
    /// There is more to do.
    Goes(JobProgress),
    /// All is done, or nothing more can be, for this reason.
    Ends(JobProgress, JobState, String),
}

impl Desk {
    /// Who does what is started at this desk.
    #[must_use]
    pub fn worker(&self) -> Worker {
        Worker { db: self.db.clone(), name: token::number(), bell: self.bell.clone() }
    }
}

impl SignedIn {
    /// Lets a job that was just started begin at once.
    pub fn wake_worker(&self) {
        self.desk.bell.0.0.notify_one();
    }
}

impl Worker {
    /// Waits until there may be something to do.
    pub async fn wait(&self) {
        let _ = tokio::time::timeout(LOOKS, self.bell.0.0.notified()).await;
    }

    /// Tells the worker to end after the step that it is at.
    pub fn end(&self) {
        self.bell.0.1.store(true, Ordering::Relaxed);
        self.bell.0.0.notify_one();
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.bell.0.1.load(Ordering::Relaxed)
    }

    /// A job that nobody does, for this process alone; none when there is none.
    pub async fn take(&self) -> Result<Option<Job>> {
        let now = self.db.clock().now();
        // Whoever only looks keeps no writer waiting.
        if !self.db.read(move |conn| Ok::<_, Error>(jobs::is_one_free(conn, now)?)).await? {
            return Ok(None);
        }
        let name = self.name.clone();
        self.db.write(Author::default(), move |w| Ok::<_, Error>(jobs::take(w, &name)?)).await
    }

    /// Lets a job go on elsewhere, or here after the next start.
    pub async fn release(&self, job: &Job) -> Result<()> {
        let (id, name) = (job.id, self.name.clone());
        self.db.write(Author::default(), move |w| Ok::<_, Error>(jobs::release(w, id, &name)?)).await
    }

    /// Lends a connection for reading what is next of a job.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut AnyConnection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.read(read).await
    }

    /// One transaction of a job, as the person whose job it is: what `turn` does stays together with how far it says to be.
    /// It is not called, and the job ends, when somebody has asked for that or the person may not act any more.
    ///
    /// Returns the job as it is now while it goes on; none when it has ended, or another process has it.
    pub async fn step(
        &self,
        job: &Job,
        entity: &'static str,
        turn: impl FnOnce(&mut Write, &Actor, &Job) -> Result<Turn> + Send + 'static,
    ) -> Result<Option<Job>> {
        let (id, name) = (job.id, self.name.clone());
        let by = Author {
            user_id: Some(job.user_id),
            name: job.who.clone(),
            session_id: job.session_id,
            address: job.address.clone(),
            request_id: job.request_id.clone(),
        };
        self.db
            .write(by, move |w| {
                let Some(job) = jobs::hold(w, id, &name)? else { return Ok(None) };
                w.change_set.clone_from(&job.change_set);
                if job.wants_to_end {
                    jobs::end(w, &job, entity, JobState::Cancelled, "")?;
                    return Ok(None);
                }
                let turn = match actor(w, &job)? {
                    Ok(actor) => turn(w, &actor, &job)?,
                    Err(why) => Turn::Ends(job.progress(), JobState::Stopped, why),
                };
                let (progress, end) = match turn {
                    Turn::Goes(progress) => (progress, None),
                    Turn::Ends(progress, state, why) => (progress, Some((state, why))),
                };
                jobs::advance(w, id, &progress)?;
                let job = job.at(progress);
                let Some((state, why)) = end else { return Ok(Some(job)) };
                jobs::end(w, &job, entity, state, &why)?;
                Ok::<_, Error>(None)
            })
            .await
    }
}

/// The person whose job it is, as of now, or why that person may not act any more.
fn actor(w: &mut Write, job: &Job) -> Result<Result<Actor, String>> {
    let Some(acting) = users::acting(w.conn, job.user_id)? else {
        return Ok(Err(format!("{} is not active any more.", job.who)));
    };
    if acting.lacks_factor {
        return Ok(Err(format!("{} has to set up a second factor first.", job.who)));
    }
    Ok(Ok(Actor {
        user_id: acting.user.id,
        session_id: job.session_id.unwrap_or_default(),
        email: acting.user.email,
        // The password that was given for the job counts until its end.
        confirmed_at: job.is_confirmed.then_some(w.at),
        permissions: Permissions::of(acting.held),
        lacks_factor: false,
    }))
}
