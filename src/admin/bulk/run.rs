//! The one in this process that does jobs, one after the other.

use std::time::{Duration, Instant};

use super::super::mount::{Registered, Registry};
use crate::access::{Turn, Worker};
use crate::error::{Error, Result};
use crate::models::{Job, JobState};

/// How often a turn that was refused a lock is tried again at once, and the pause before.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);
/// Between two transactions others get their turn, for a part of the time that this one took.
const SHARE: u32 = 4;

/// Does what was started, by anybody in any process, until the worker is told to end.
pub async fn run(worker: Worker, registry: Registry) {
    while !worker.is_over() {
        match worker.take().await {
            Ok(Some(job)) => {
                let id = job.id;
                if let Err(cause) = finish(&worker, registry, job).await {
                    tracing::error!(job = id, %cause, "a job could not go on");
                }
            }
            Ok(None) => worker.wait().await,
            Err(cause) => {
                tracing::warn!(%cause, "jobs could not be looked for");
                tokio::time::sleep(PAUSE * 20).await;
            }
        }
    }
}

/// Goes on with a job to its end, or until the worker is to end.
async fn finish(worker: &Worker, registry: Registry, mut job: Job) -> Result<()> {
    let Some(entity) = registry.0.iter().find(|entity| entity.name == job.entity) else {
        let why = format!("This version of the program knows no {}.", job.entity);
        let end = worker.step(&job, "jobs", move |_, _, job| Ok(Turn::Ends(job.progress(), JobState::Stopped, why)));
        return end.await.map(drop);
    };
    let mut tries = 0;
    while !worker.is_over() {
        let began = Instant::now();
        match step(worker, registry, entity, &job).await {
            Ok(Some(now)) => (job, tries) = (now, 0),
            Ok(None) => return Ok(()),
            Err(cause) if tries < TRIES => {
                tries += 1;
                tracing::warn!(job = job.id, %cause, tries, "a turn of a job is tried again");
                tokio::time::sleep(PAUSE * tries).await;
            }
            // Worth another try, here or elsewhere, when the lease is over.
            Err(cause @ Error::Unavailable(_)) => return Err(cause),
            Err(cause) => {
                let why = cause.message().to_owned();
                let end = worker
                    .step(&job, entity.name, move |_, _, job| Ok(Turn::Ends(job.progress(), JobState::Stopped, why)));
                end.await?;
                return Err(cause);
            }
        }
        tokio::time::sleep(began.elapsed() / SHARE).await;
    }
    worker.release(&job).await
}

async fn step(worker: &Worker, registry: Registry, entity: &'static Registered, job: &Job) -> Result<Option<Job>> {
    let (next, turn) = (entity.bulk_next, entity.bulk_turn);
    let sought = job.clone();
    let ids = worker.read(move |conn| next(conn, &sought)).await?;
    worker.step(job, entity.name, move |w, actor, job| turn(w, actor, registry, job, &ids)).await
}
