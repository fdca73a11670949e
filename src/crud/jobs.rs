//! Bulk actions as jobs: made by whoever asks, done by whichever process has the lease.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::audit::{self, Action, Change, Event};
use crate::db::schema::jobs;
use crate::db::{AnyConnection, Write, many, sql};
use crate::models::{Job, JobProgress, JobState, NewJob};

/// How long a process may be silent before another goes on with its job.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// Jobs that ended are known so long.
const KNOWN: TimeDelta = TimeDelta::days(90);

/// The job with this id, or none.
pub fn get(conn: &mut AnyConnection, id: i64) -> QueryResult<Option<Job>> {
    jobs::table.find(id).get_result(conn).optional()
}

/// The job that a selection has started, or none.
pub fn get_by_key(conn: &mut AnyConnection, key_hash: &str) -> QueryResult<Option<Job>> {
    jobs::table.filter(jobs::key_hash.eq(key_hash)).get_result(conn).optional()
}

/// The newest jobs of a person, or of everybody.
pub fn newest(conn: &mut AnyConnection, user_id: Option<i64>, limit: i64) -> QueryResult<Vec<Job>> {
    let mut newest = jobs::table.into_boxed();
    if let Some(user_id) = user_id {
        newest = newest.filter(jobs::user_id.eq(user_id));
    }
    sql::first(newest.order(jobs::id.desc()), limit).load(conn)
}

/// Stores a job for whoever takes it, and puts its beginning on record: what is to be done to which records, and how many
/// they are. All that is on record of it has the same change set.
pub fn create(w: &mut Write, new: NewJob, entity: &'static str, chosen: &str) -> QueryResult<Job> {
    diesel::delete(jobs::table.filter(jobs::ended_at.lt(w.at - KNOWN))).execute(w.conn)?;
    let beginning = Event::new(Action::BULK_START).about(entity, &new.title);
    let changes = vec![Change::text("selection", "", chosen), Change::text("records", "", &new.total.to_string())];
    let own = (
        jobs::state.eq(JobState::Waiting.name()),
        jobs::change_set.eq(w.change_set.clone()),
        jobs::session_id.eq(w.by.session_id),
        jobs::address.eq(w.by.address.clone()),
        jobs::request_id.eq(w.by.request_id.clone()),
        jobs::leased_until.eq(w.at),
        jobs::created_at.eq(w.at),
    );
    let job = diesel::insert_into(jobs::table).values((new, own)).get_result(w.conn)?;
    audit::record(w, beginning.changes(changes))?;
    Ok(job)
}

/// Whether there is a job that nobody does.
pub fn is_one_free(conn: &mut AnyConnection, at: NaiveDateTime) -> QueryResult<bool> {
    let free = jobs::table.filter(jobs::ended_at.is_null()).filter(jobs::leased_until.le(at));
    Ok(free.select(jobs::id).first::<i64>(conn).optional()?.is_some())
}

/// Gives a process the oldest job that nobody does, for as long as it is heard of; none when there is none.
pub fn take(w: &mut Write, worker: &str) -> QueryResult<Option<Job>> {
    let Some(id) = many::take_free_job(w.conn, w.at)? else { return Ok(None) };
    let lease =
        (jobs::worker.eq(worker), jobs::leased_until.eq(w.at + LEASE), jobs::state.eq(JobState::Running.name()));
    diesel::update(jobs::table.find(id)).set(lease).get_result(w.conn).optional()
}

/// The job of a process, kept from others until the end of this transaction; none when it has ended, or is another's now.
pub fn hold(w: &mut Write, id: i64, worker: &str) -> QueryResult<Option<Job>> {
    let own = jobs::table.find(id).filter(jobs::worker.eq(worker)).filter(jobs::ended_at.is_null());
    diesel::update(own).set(jobs::leased_until.eq(w.at + LEASE)).get_result(w.conn).optional()
}

/// Lets a job go, so that the next who looks goes on with it.
pub fn release(w: &mut Write, id: i64, worker: &str) -> QueryResult<()> {
    let own = jobs::table.find(id).filter(jobs::worker.eq(worker));
    diesel::update(own).set((jobs::worker.eq(""), jobs::leased_until.eq(w.at))).execute(w.conn).map(drop)
}

/// Writes down how far a job is.
pub fn advance(w: &mut Write, id: i64, progress: &JobProgress) -> QueryResult<()> {
    diesel::update(jobs::table.find(id)).set(progress).execute(w.conn).map(drop)
}

/// Asks whoever does a job to end it.
pub fn ask_to_end(w: &mut Write, id: i64) -> QueryResult<()> {
    let running = jobs::table.find(id).filter(jobs::ended_at.is_null());
    diesel::update(running).set(jobs::wants_to_end.eq(true)).execute(w.conn).map(drop)
}

/// Ends a job and puts what came of it on record.
pub fn end(w: &mut Write, job: &Job, entity: &'static str, state: JobState, reason: &str) -> QueryResult<()> {
    let ended = (jobs::state.eq(state.name()), jobs::reason.eq(reason), jobs::ended_at.eq(w.at), jobs::worker.eq(""));
    diesel::update(jobs::table.find(job.id)).set(ended).execute(w.conn)?;
    let count = |name, number: i64| (number > 0).then(|| Change::text(name, "", &number.to_string()));
    let counts = [
        Some(Change::text("outcome", "", state.name())),
        Some(Change::text("changed", "", &job.changed.to_string())),
        count("so_already", job.unchanged),
        count("refused", job.refused),
        count("failed", job.failed),
    ];
    let end = Event::new(Action::BULK_END).about(entity, &job.title).reason(reason);
    audit::record(w, end.changes(counts.into_iter().flatten().collect()))
}
