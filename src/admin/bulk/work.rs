//! A turn of a job: some of its records, in one transaction.

use std::time::{Duration, Instant};

use super::action::{BulkAction, Deed};
use super::order::{Order, Verdict, why};
use super::refusals::Refusals;
use super::selection::Selection;
use crate::access::{Action, Actor, Turn};
use crate::admin::mount::Registry;
use crate::admin::resource::Resource;
use crate::admin::store::{self, Refused};
use crate::crud::{Crud, audit};
use crate::db::{self, AnyConnection, Write};
use crate::error::{Error, Result};
use crate::models::{Job, JobState};

/// A transaction has so many records at most, and takes no more when it has lasted so long: others write too. (PostgreSQL
/// slows all readers down when one transaction has more than 64 savepoints that wrote.)
const TOGETHER: i64 = 60;
const LONG: Duration = Duration::from_millis(150);

/// The ids of the records whose turn is next.
pub fn next<R: Resource + Crud>(conn: &mut AnyConnection, job: &Job) -> Result<Vec<i64>> {
    let selection = Selection::read(&job.selection)?;
    selection.which.ids_after::<R>(conn, job.place, selection.seen.last, TOGETHER)
}

/// Does what a job is about to these of its records, or to the first of them. What is put on record of them is written at
/// once, at the end.
pub fn turn<R: Resource + Crud>(
    w: &mut Write,
    actor: &Actor,
    registry: Registry,
    job: &Job,
    ids: &[i64],
) -> Result<Turn> {
    let order = match order::<R>(w, actor, job)? {
        Ok(order) => order,
        Err(why) => return Ok(Turn::Ends(job.progress(), JobState::Stopped, why)),
    };
    if ids.is_empty() {
        return Ok(Turn::Ends(job.progress(), JobState::Done, String::new()));
    }
    let doing = Doing { actor, registry, order, selection: Selection::read(&job.selection)? };
    audit::together(w, |w| doing.each::<R>(w, job, ids))
}

/// What is done to each record.
struct Doing<'a> {
    actor: &'a Actor,
    registry: Registry,
    order: Order,
    selection: Selection,
}

impl Doing<'_> {
    /// Does it to one after the other, until that has taken long enough.
    fn each<R: Resource + Crud>(&self, w: &mut Write, job: &Job, ids: &[i64]) -> Result<Turn> {
        let records = self.selection.which.among::<R>(w.conn, ids)?;
        let mut progress = job.progress();
        let mut refusals = Refusals::read(&progress.refusals);
        let began = Instant::now();
        for record in &records {
            match self.act(w, record) {
                Ok(Verdict::Changed) => progress.changed += 1,
                Ok(Verdict::SoAlready) => progress.unchanged += 1,
                Ok(Verdict::Refused(why)) => {
                    progress.refused += 1;
                    refusals.add(why, record.id(), record.label());
                }
                Err(Error::Internal(cause)) => {
                    tracing::error!(job = job.id, entity = R::NAME, record = record.id(), %cause, "a record of a job failed");
                    progress.failed += 1;
                    refusals.add("Something went wrong on our side.".into(), record.id(), record.label());
                }
                Err(error) => return Err(error),
            }
            progress.place = record.id();
            if began.elapsed() > LONG {
                break;
            }
        }
        // Those at the end that are gone, or not meant any more, have had their turn too.
        if records.last().is_none_or(|last| last.id() == progress.place) {
            progress.place = ids.last().copied().unwrap_or(progress.place);
        }
        progress.refusals = refusals.write();
        Ok(Turn::Goes(progress))
    }

    /// Does it to one record: all of it, or nothing, on record or anywhere.
    fn act<R: Resource + Crud>(&self, w: &mut Write, record: &R) -> Result<Verdict> {
        let (id, version) = (record.id(), self.selection.which.version(record));
        let is_stale = self.selection.is_stale(record);
        let form = self.order.form(w.conn, record, version)?;
        let done = db::attempt(w, |w| {
            audit::together(w, |w| {
                let is_changed = match self.order.action.deed {
                    Deed::Delete => {
                        store::delete::<R>(w, self.actor, self.registry, id, Some(version), &form).map(|_| true)
                    }
                    _ => store::update::<R>(w, self.actor, id, &form).map(|now| now.version() != record.version()),
                }?;
                if is_changed && is_stale { Err(Refused::Stale) } else { Ok(is_changed) }
            })
        });
        match done {
            Ok(true) => Ok(Verdict::Changed),
            Ok(false) => Ok(Verdict::SoAlready),
            Err(refused) => why(refused).map(Verdict::Refused),
        }
    }
}

/// What is to be done, or why it can't be any more.
fn order<R: Resource + Crud>(w: &mut Write, actor: &Actor, job: &Job) -> Result<Result<Order, String>> {
    let Some(action) = action_of::<R>(&job.action) else {
        return Ok(Err("This version of the program does not know the action.".into()));
    };
    for needed in [Action::View, action.needs()] {
        if !actor.may(needed, R::NAME) {
            return Ok(Err(format!("{} has lost the permission {}.", job.who, needed.permission(R::NAME))));
        }
    }
    Order::of::<R>(w.conn, actor, action, &job.value)
}

/// The action of this name.
pub fn action_of<R: Resource>(name: &str) -> Option<&'static BulkAction> {
    R::bulk().iter().find(|action| action.name == name)
}
