//! What a form would change of a record, and why it may not: all that can be told without writing.

use super::Field;
use super::control::{Accepting, Control, Draft};
use super::form::Form;
use super::resource::{Fault, Resource};
use super::store::Refused;
use super::trail::Before;
use crate::access::Actor;
use crate::db::AnyConnection;
use crate::error::{Error, Result};

/// What a form would change of a stored record.
pub struct Drafted<R: Resource> {
    pub draft: Draft<R>,
    pub before: Vec<Before<R>>,
    pub faults: Vec<(&'static str, String)>,
    pub is_undecided: bool,
    pub is_sensitive: bool,
}

/// What [`super::store::update`] would do, as far as that can be told without writing: true for a change, false for what is so already.
/// Whether this person may do anything to the record is not asked again.
pub fn foresee<R: Resource>(conn: &mut AnyConnection, actor: &Actor, stored: &R, form: &Form) -> Result<bool, Refused> {
    let drafted = draft(conn, actor, stored, form)?;
    if !drafted.faults.is_empty() {
        return Err(Refused::Invalid(drafted.faults));
    }
    for before in &drafted.before {
        let field = before.field;
        if let (Some(foreseen), Some(sent)) = (field.foreseen, form.values(field.name))
            && let Some(why) = foreseen(conn, stored, &sent)?
        {
            return Err(Refused::Invalid(vec![(field.name, why.to_owned())]));
        }
    }
    Ok(drafted.draft.is_touched)
}

/// Takes the fields that were sent into a draft; what is stored so already is left out.
pub fn draft<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    stored: &R,
    form: &Form,
) -> Result<Drafted<R>, Refused> {
    let mut draft = Draft::<R>::new();
    let (mut before, mut faults) = (Vec::new(), Vec::new());
    let (mut is_undecided, mut is_sensitive) = (false, false);
    for field in R::fields() {
        let Some(input) = field.input.as_ref().filter(|input| !input.is_only_new) else { continue };
        let Some(sent) = form.values(field.name) else { continue };
        let now = (input.stored)(conn, stored)?;
        // Another program may have stored what a form sends back in another spelling.
        let is_unchanged = input.proposed(conn, actor, &now, &sent)? == input.normalized(&now);
        if is_unchanged || form.keeps_theirs(field.name) {
            continue;
        }
        is_sensitive |= field.is_sensitive;
        is_undecided |= form.is_undecided(field.name);
        before.push(Before::of(conn, field, Some(stored))?);
        take(conn, actor, Some(stored), field, form, &mut draft, &mut faults)?;
    }
    Ok(Drafted { draft, before, faults, is_undecided, is_sensitive })
}

/// Takes what was sent for one field into the draft, or notes what is wrong with it.
pub fn take<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    record: Option<&R>,
    field: &Field<R>,
    form: &Form,
    draft: &mut Draft<R>,
    faults: &mut Vec<(&'static str, String)>,
) -> Result<(), Refused> {
    let Some(input) = &field.input else { return Ok(()) };
    let mut value = input.normalized(&form.values(field.name).unwrap_or_default());
    if input.control == Control::Password {
        match form.password(field.name).ok_or_else(|| Error::internal("a password was not judged"))? {
            Ok(stored) => value = vec![stored],
            Err(message) => {
                faults.push((field.name, message));
                return Ok(());
            }
        }
    }
    match field.take(&mut Accepting { conn, actor, record, draft }, &value) {
        Ok(()) => Ok(()),
        Err(Fault::At(message)) => {
            faults.push((field.name, message));
            Ok(())
        }
        Err(Fault::Failed(error)) => Err(error.into()),
    }
}
