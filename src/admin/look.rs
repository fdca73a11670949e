//! A record that is looked at, with what was read of it in the same query.

use super::Field;
use super::control::{Control, Input};
use super::relation;
use super::resource::Resource;
use super::shown::Shown;
use crate::access::{Action, Actor};
use crate::db::AnyConnection;
use crate::error::{Error, Result};

/// What is known of a record besides its row. What is not is asked where it is needed.
#[derive(Default)]
pub struct Known {
    shown: Vec<(&'static str, Shown)>,
    held: Vec<(&'static str, Vec<(String, String)>)>,
    refusals: Option<Vec<(Action, &'static str)>>,
}

/// A record, and what is known of it.
pub struct Look<R> {
    pub record: R,
    known: Known,
}

impl Known {
    /// It is known what a field shows.
    #[must_use]
    pub fn showing(mut self, field: &'static str, shown: Shown) -> Self {
        self.shown.push((field, shown));
        self
    }

    /// It is known what a set of things holds: each with its label, in the order in which they are shown.
    #[must_use]
    pub fn holding(mut self, field: &'static str, held: Vec<(String, String)>) -> Self {
        self.held.push((field, held));
        self
    }

    /// It is known what the person may not do to the record, and why: all that [`Resource::protected`] would say.
    #[must_use]
    pub fn refusing(mut self, refusals: Vec<(Action, &'static str)>) -> Self {
        self.refusals = Some(refusals);
        self
    }

    /// What a field shows on the record's page.
    pub(super) fn shown<R: Resource>(&self, actor: &Actor, field: &Field<R>) -> Option<Shown> {
        let shown = self.shown.iter().find(|(name, _)| *name == field.name).map(|(_, shown)| shown.clone());
        shown.or_else(|| {
            let Control::Several { entity } = field.input.as_ref()?.control else { return None };
            let links = self.held(field)?.iter().map(|(value, label)| relation::held_link(actor, entity, value, label));
            Some(Shown::Links(links.collect()))
        })
    }

    /// What this person may not do to the record, and why, if that is known.
    pub(super) fn refusals(&self) -> Option<&[(Action, &'static str)]> {
        self.refusals.as_deref()
    }

    fn held<R: Resource>(&self, field: &Field<R>) -> Option<&[(String, String)]> {
        self.held.iter().find(|(name, _)| *name == field.name).map(|(_, held)| held.as_slice())
    }
}

impl<R: Resource> Look<R> {
    /// A record of which the row alone is known.
    pub fn at(record: R) -> Self {
        Look { record, known: Known::default() }
    }

    /// This is known of it too.
    #[must_use]
    pub fn knowing(self, known: Known) -> Self {
        Look { known, ..self }
    }

    /// What a field shows on the record's page.
    pub(super) fn shown(&self, conn: &mut AnyConnection, actor: &Actor, field: &Field<R>) -> Result<Shown> {
        if let Some(shown) = self.known.shown(actor, field) {
            return Ok(shown);
        }
        let shown = (field.show)(conn, actor, std::slice::from_ref(&self.record))?;
        shown.into_iter().next().ok_or(Error::NotFound)
    }

    /// What stands in the list's column.
    pub(super) fn listed(&self, conn: &mut AnyConnection, actor: &Actor, field: &Field<R>) -> Result<Shown> {
        if !field.is_listed_otherwise() {
            return self.shown(conn, actor, field);
        }
        let shown = field.column(conn, actor, std::slice::from_ref(&self.record))?;
        shown.into_iter().next().ok_or(Error::NotFound)
    }

    /// What is stored of a field, in the language of forms.
    pub(super) fn stored(&self, conn: &mut AnyConnection, field: &Field<R>, input: &Input<R>) -> Result<Vec<String>> {
        let Some(held) = self.known.held(field) else { return (input.stored)(conn, &self.record) };
        let mut values: Vec<_> = held.iter().map(|(value, _)| value.clone()).collect();
        values.sort();
        Ok(values)
    }

    /// Why this person may not do this to the record, though the permission is held.
    pub(super) fn refusal(
        &self,
        conn: &mut AnyConnection,
        actor: &Actor,
        action: Action,
    ) -> Result<Option<&'static str>> {
        if let Some(refusals) = self.known.refusals() {
            return Ok(refusals.iter().find(|(refused, _)| *refused == action).map(|(_, why)| *why));
        }
        let protected = R::protected(conn, actor, action, std::slice::from_ref(&self.record))?;
        Ok(protected.first().map(|(_, why)| *why))
    }
}
