//! What of a change to a record goes on record: each changed field, before and after.

use super::Field;
use super::control::{Control, Input};
use super::resource::Resource;
use crate::crud::Crud;
use crate::crud::audit::{Action, Change, Event, Value};
use crate::db::AnyConnection;
use crate::error::Result;

/// A field that is about to change, and what was stored of it.
pub struct Before<R: Resource> {
    pub field: &'static Field<R>,
    values: Vec<Value>,
}

impl<R: Resource> Before<R> {
    /// What is stored of a field now; nothing in a record that is not made yet.
    pub fn of(conn: &mut AnyConnection, field: &'static Field<R>, record: Option<&R>) -> Result<Self> {
        let values = match (&field.input, record) {
            (Some(input), Some(record)) => values_of_one(conn, input, record)?,
            _ => Vec::new(),
        };
        Ok(Before { field, values })
    }

    /// What changed of it, now that the record is written.
    pub fn change(self, conn: &mut AnyConnection, record: &R) -> Result<Option<Change>> {
        let Some(input) = &self.field.input else { return Ok(None) };
        if input.control == Control::Password {
            return Ok(Some(Change::secret(self.field.name)));
        }
        let now = values_of_one(conn, input, record)?;
        Ok((now != self.values).then(|| Change::new(self.field.name, self.values, now)))
    }
}

/// A record that was made or changed.
pub fn written<R: Resource>(
    conn: &mut AnyConnection,
    action: Action,
    before: Vec<Before<R>>,
    record: &R,
) -> Result<Event> {
    let mut changes = Vec::new();
    for before in before {
        changes.extend(before.change(conn, record)?);
    }
    Ok(Event::new(action).on(R::NAME, record.id(), &record.label()).changes(changes))
}

/// Records that are about to be deleted, whole: the rows, and what belongs to them by name.
pub fn deleted<R: Resource + Crud>(conn: &mut AnyConnection, records: &[R]) -> Result<Vec<Event>> {
    let mut changes: Vec<Vec<Change>> = vec![Vec::new(); records.len()];
    for field in R::fields() {
        let Some(input) = field.input.as_ref().filter(|input| input.control != Control::Password) else { continue };
        for (changes, values) in changes.iter_mut().zip(values(conn, input, records)?) {
            changes.extend((!values.is_empty()).then(|| Change::new(field.name, values, Vec::new())));
        }
    }
    let event = |(record, changes): (&R, Vec<Change>)| {
        Event::new(Action::DELETE).on(R::NAME, record.id(), &record.label()).changes(changes).whole(record)
    };
    Ok(records.iter().zip(changes).map(event).collect())
}

/// What is stored of a field in each of these records.
fn values<R: Resource>(conn: &mut AnyConnection, input: &Input<R>, records: &[R]) -> Result<Vec<Vec<Value>>> {
    if let Some(named) = &input.named {
        return named(conn, records);
    }
    let plain = |record| Ok((input.stored)(conn, record)?.into_iter().map(Value::Plain).collect());
    records.iter().map(plain).collect()
}

fn values_of_one<R: Resource>(conn: &mut AnyConnection, input: &Input<R>, record: &R) -> Result<Vec<Value>> {
    Ok(values(conn, input, std::slice::from_ref(record))?.pop().unwrap_or_default())
}
