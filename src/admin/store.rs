//! The only writer of records: rule, statement, and what goes with it, in one transaction.

use super::control::{Control, Draft, Effect};
use super::draft::{draft, take};
use super::form::Form;
use super::mount::Registry;
use super::resource::{Fault, Resource};
use super::trail::{self, Before};
use crate::access::{Action, Actor};
use crate::crud::{Crud, Selection, audit};
use crate::db::{AnyConnection, Write, sql};
use crate::error::{Error, Result};

/// Records that go with another are read and deleted so many at a time.
const TOGETHER: i64 = 500;

/// Why a write was refused. Whatever it is, nothing was stored.
pub enum Refused {
    /// The input is wrong; each fault with the field it is at, empty for the whole.
    Invalid(Vec<(&'static str, String)>),
    /// Somebody changed the record meanwhile.
    Stale,
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Failed(error)
    }
}

impl From<diesel::result::Error> for Refused {
    fn from(error: diesel::result::Error) -> Self {
        Refused::Failed(error.into())
    }
}

/// Stores a new record.
pub fn create<R: Resource + Crud>(w: &mut Write, actor: &Actor, form: &Form) -> Result<R, Refused> {
    let mut draft = Draft::<R>::new();
    let (mut before, mut faults) = (Vec::new(), Vec::new());
    let mut is_sensitive = false;
    for field in R::fields() {
        let Some(input) = &field.input else { continue };
        let is_given = |sent: Vec<String>| input.normalized(&sent) != input.initial();
        is_sensitive |= field.is_sensitive && form.values(field.name).is_some_and(is_given);
        let is_password = input.control == Control::Password;
        let is_left_out = form.values(field.name).is_none() && !input.is_required && !is_password;
        if !is_left_out {
            // No password is nothing that was set.
            let is_set = !is_password || !form.text(field.name).is_empty();
            before.extend(is_set.then(|| Before::of(w.conn, field, None)).transpose()?);
            take(w.conn, actor, None, field, form, &mut draft, &mut faults)?;
        }
    }
    if !faults.is_empty() {
        return Err(Refused::Invalid(faults));
    }
    let record = R::create(w, draft.changes.into()).map_err(|error| constraint::<R>(error))?;
    finish(w, record.id(), draft.effects)?;
    confirm(w, actor, form, is_sensitive)?;
    let event = trail::written(w.conn, audit::Action::CREATE, before, &record)?;
    audit::record(w, event)?;
    Ok(record)
}

/// Changes the fields that were sent. What is stored so already is no change.
pub fn update<R: Resource + Crud>(w: &mut Write, actor: &Actor, id: i64, form: &Form) -> Result<R, Refused> {
    let stored = R::get(w.conn, id)?.ok_or(Error::NotFound)?;
    refuse_protected(w.conn, actor, Action::Update, &stored)?;
    let version = form.version()?;
    let drafted = draft(w.conn, actor, &stored, form)?;
    if !drafted.draft.is_touched && drafted.faults.is_empty() {
        return Ok(stored);
    }
    if stored.version() != version || drafted.is_undecided {
        return Err(Refused::Stale);
    }
    if !drafted.faults.is_empty() {
        return Err(Refused::Invalid(drafted.faults));
    }
    let updated = R::update_version(w, id, version, &drafted.draft.changes).map_err(|error| constraint::<R>(error))?;
    let record = updated.ok_or(Refused::Stale)?;
    finish(w, id, drafted.draft.effects)?;
    confirm(w, actor, form, drafted.is_sensitive)?;
    let event = trail::written(w.conn, audit::Action::UPDATE, drafted.before, &record)?;
    audit::record(w, event)?;
    Ok(record)
}

/// Deletes a record and all that goes with it; with a version, only while it still has that one.
pub fn delete<R: Resource + Crud>(
    w: &mut Write,
    actor: &Actor,
    registry: Registry,
    id: i64,
    version: Option<i64>,
    form: &Form,
) -> Result<R, Refused> {
    let stored = R::get(w.conn, id)?.ok_or(Error::NotFound)?;
    refuse_protected(w.conn, actor, Action::Delete, &stored)?;
    if version.is_some_and(|version| version != stored.version()) {
        return Err(Refused::Stale);
    }
    let is_grave = R::is_grave_to_delete(w.conn, &stored)?;
    match R::before_delete(w, &stored) {
        Ok(()) => {}
        Err(Fault::At(message)) => return Err(Error::Forbidden(message).into()),
        Err(Fault::Failed(error)) => return Err(error.into()),
    }
    confirm(w, actor, form, is_grave)?;
    // After the turn that a rule may have taken, or two would wait for each other: what comes to point here meanwhile would
    // go with it, and not be on record.
    R::lock(w, id)?;
    let events = trail::deleted(w.conn, std::slice::from_ref(&stored))?;
    audit::record_all(w, events)?;
    registry.delete_pointing_to(w, R::NAME, id)?;
    let deleted = R::delete_version(w, id, stored.version()).map_err(pointed_to)?;
    deleted.ok_or(Refused::Stale)
}

/// Deletes the records that point to one that goes, each of them on record, and so on from those. The database would do it
/// alone, but tell nobody what went.
pub fn delete_pointing_to<R: Resource + Crud>(w: &mut Write, registry: Registry, entity: &str, id: i64) -> Result<()> {
    let points_to = R::fields().iter().filter_map(|field| field.points_to.as_ref());
    for points_to in points_to.filter(|points_to| points_to.entity == entity) {
        loop {
            let conditions = vec![(points_to.condition)(id)];
            let going = R::select(w.conn, Selection { head: None, conditions, orders: Vec::new(), limit: TOGETHER })?;
            if going.is_empty() {
                break;
            }
            let events = trail::deleted(w.conn, &going)?;
            audit::record_all(w, events)?;
            for record in &going {
                registry.delete_pointing_to(w, R::NAME, record.id())?;
            }
            R::delete_many(w, &going.iter().map(R::id).collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

/// What a constraint of the database says when other records point to one that is to be deleted.
fn pointed_to(error: diesel::result::Error) -> Refused {
    if sql::is_dangling(&error) {
        return Error::Forbidden("Something still points to this record. Change that first.".into()).into();
    }
    error.into()
}

fn finish(w: &mut Write, id: i64, effects: Vec<(&'static str, Effect)>) -> Result<(), Refused> {
    for (name, effect) in effects {
        match effect(w, id) {
            Ok(()) => {}
            Err(Fault::At(message)) => return Err(Refused::Invalid(vec![(name, message)])),
            Err(Fault::Failed(error)) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Asks for the own password last of all, once nothing else is in the way; until it is given, all is undone.
fn confirm(w: &Write, actor: &Actor, form: &Form, is_dangerous: bool) -> Result<()> {
    if is_dangerous { actor.confirmed(w.at, form) } else { Ok(()) }
}

/// Refuses what this person may not do to this record.
pub fn refuse_protected<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    action: Action,
    record: &R,
) -> Result<()> {
    let protected = R::protected(conn, actor, action, std::slice::from_ref(record))?;
    protected.first().map_or(Ok(()), |(_, why)| Err(Error::Forbidden((*why).to_owned())))
}

/// What a constraint of the database says, in the words of the field it stands on.
fn constraint<R: Resource>(error: diesel::result::Error) -> Refused {
    if let Some(column) = sql::taken_column(&error) {
        let field = R::fields().iter().find(|field| field.name == column);
        if let Some(field) = field {
            return Refused::Invalid(vec![(
                field.name,
                format!("This {} is already taken.", field.label.to_lowercase()),
            )]);
        }
    }
    if sql::is_dangling(&error) {
        return Refused::Invalid(vec![("", "What this points to has been deleted meanwhile. Choose again.".into())]);
    }
    error.into()
}
