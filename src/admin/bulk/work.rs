//! A turn of a job: some of its records, in one transaction.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::action::{BulkAction, Deed};
use super::order::{Order, Verdict, why};
use super::refusals::Refusals;
use super::selection::{Selection, Which};
use crate::access::{Action, Actor, Turn};
use crate::admin::mount::Registry;
use crate::admin::resource::Resource;
use crate::admin::store::{self, Refused};
use crate::crud::Crud;
use crate::db::{self, AnyConnection, Write};
use crate::error::{Error, Result};
use crate::models::{Job, JobState};

/// A transaction has so many records at most, and takes no more when it has lasted so long: others write too.
const TOGETHER: i64 = 100;
const LONG: Duration = Duration::from_millis(150);

/// The ids of the records whose turn is next.
pub fn next<R: Resource + Crud>(conn: &mut AnyConnection, job: &Job) -> Result<Vec<i64>> {
    let selection = Selection::read(&job.selection)?;
    selection.which.ids_after::<R>(conn, job.place, selection.seen.last, TOGETHER)
}

/// Does what a job is about to these of its records, or to the first of them.
pub fn turn<R: Resource + Crud>(
    w: &mut Write,
    actor: &Actor,
    registry: Registry,
    job: &Job,
    ids: &[i64],
) -> Result<Turn> {
    let mut progress = job.progress();
    let order = match order::<R>(w, actor, job)? {
        Ok(order) => order,
        Err(why) => return Ok(Turn::Ends(progress, JobState::Stopped, why)),
    };
    if ids.is_empty() {
        return Ok(Turn::Ends(progress, JobState::Done, String::new()));
    }
    let which = Selection::read(&job.selection)?.which;
    let records: HashMap<i64, R> = which.among::<R>(w.conn, ids)?.into_iter().map(|row| (row.id(), row)).collect();
    let mut refusals = Refusals::read(&progress.refusals);
    let began = Instant::now();
    for id in ids {
        if let Some(record) = records.get(id) {
            match act(w, actor, registry, &order, record, &which) {
                Ok(Verdict::Changed) => progress.changed += 1,
                Ok(Verdict::SoAlready) => progress.unchanged += 1,
                Ok(Verdict::Refused(why)) => {
                    progress.refused += 1;
                    refusals.add(why, *id, record.label());
                }
                Err(Error::Internal(cause)) => {
                    tracing::error!(job = job.id, entity = R::NAME, record = id, %cause, "a record of a job failed");
                    progress.failed += 1;
                    refusals.add("Something went wrong on our side.".into(), *id, record.label());
                }
                Err(error) => return Err(error),
            }
        }
        progress.place = *id;
        if began.elapsed() > LONG {
            break;
        }
    }
    progress.refusals = refusals.write();
    Ok(Turn::Goes(progress))
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

/// Does it to one record: all of it, or nothing.
fn act<R: Resource + Crud>(
    w: &mut Write,
    actor: &Actor,
    registry: Registry,
    order: &Order,
    record: &R,
    which: &Which,
) -> Result<Verdict> {
    let version = which.version(record);
    let form = order.form(w.conn, record, version)?;
    let done = db::attempt(w, |w| match order.action.deed {
        Deed::Delete => store::delete::<R>(w, actor, registry, record.id(), Some(version), &form).map(|_| true),
        _ => store::update::<R>(w, actor, record.id(), &form).map(|now| now.version() != record.version()),
    });
    match done {
        Ok(true) => Ok(Verdict::Changed),
        Ok(false) => Ok(Verdict::SoAlready),
        Err(Refused::Failed(error @ Error::Internal(_))) => Err(error),
        Err(refused) => why(refused).map(Verdict::Refused),
    }
}
