//! What an entity declares to be administered.

use diesel::prelude::*;

use super::Field;
use super::bulk::BulkAction;
use super::look::{Known, Look};
use super::shown::Link;
use super::views::grouped;
use crate::access::{Action, Actor};
use crate::crud::Walk;
use crate::db::{AnyConnection, Write, sql};
use crate::error::Error;

/// An entity that the desk administers.
pub trait Resource: Walk {
    /// One of them, in running text: `user`.
    const ONE: &'static str;

    /// What can be done to it: all, but to one that is only read.
    const ACTIONS: &'static [Action] = &Action::ALL;

    /// Several of them, in running text.
    const MANY: &'static str = Self::NAME;

    /// What its list is called.
    #[must_use]
    fn heading() -> String {
        heading(Self::NAME)
    }

    /// What this record is called.
    fn label(&self) -> String;

    /// The fields, in the order in which they are shown. The first sorted one orders the list until another is chosen.
    fn fields() -> &'static [Field<Self>];

    /// What can be done to many of them at once.
    #[must_use]
    fn bulk() -> &'static [BulkAction] {
        &[]
    }

    /// The record with this id to be looked at, or none. What its page shows besides the row is asked then, query by query,
    /// but for what an entity reads here in the same one.
    fn look(conn: &mut AnyConnection, _: &Actor, id: i64) -> QueryResult<Option<Look<Self>>> {
        Ok(Self::get(conn, id)?.map(Look::at))
    }

    /// What is known of each of these records of a list, in their order: what an entity reads of them in one query instead of
    /// one for each column, and one for what is [protected](Resource::protected).
    fn known(_: &mut AnyConnection, _: &Actor, rows: &[Self]) -> QueryResult<Vec<Known>> {
        Ok(rows.iter().map(|_| Known::default()).collect())
    }

    /// Those of these records that this person may not do this to though the permission is held, each with the reason.
    /// Asked by the views, which then offer nothing, and by the store, which refuses.
    fn protected(_: &mut AnyConnection, _: &Actor, _: Action, _: &[Self]) -> QueryResult<Vec<(i64, &'static str)>> {
        Ok(Vec::new())
    }

    /// What belongs to a record and is shown on its page, as far as this person may see it.
    fn related(_: &mut AnyConnection, _: &Actor, _: &Self) -> QueryResult<Vec<Related>> {
        Ok(Vec::new())
    }

    /// What else is undone together with a record, beside the records that point to it; each counted with [`COUNT_CAP`].
    fn goes_with(_: &mut AnyConnection, _: &Self) -> QueryResult<Vec<String>> {
        Ok(Vec::new())
    }

    /// True when so much goes with a record, or to so many, that whoever deletes it confirms with the own password.
    fn is_grave_to_delete(_: &mut AnyConnection, _: &Self) -> QueryResult<bool> {
        Ok(false)
    }

    /// Refuses a deletion that must not be; runs in the same transaction, just before.
    fn before_delete(_: &mut Write, _: &Self) -> Result<(), Fault> {
        Ok(())
    }
}

/// Counts of what belongs to a record go no further than this.
pub const COUNT_CAP: i64 = 100;

/// A count of what belongs to a record, in words: `3 items`, `1 item`, `100+ items`.
#[must_use]
pub fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n if n > COUNT_CAP => format!("{COUNT_CAP}+ {many}"),
        n => format!("{n} {many}"),
    }
}

/// A count of records that is exact, in words: `1 user`, `48,213 users`.
#[must_use]
pub fn counted_exactly<R: Resource>(count: i64) -> String {
    format!("{} {}", grouped(count), if count == 1 { R::ONE } else { R::MANY })
}

/// The name of an entity as a heading: `Users`.
#[must_use]
pub fn heading(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Records of another entity that belong to one.
pub struct Related {
    pub heading: &'static str,
    pub links: Vec<Link>,
    /// To the whole list, which may hold more than is shown.
    pub more: Option<Link>,
    /// What is said when there are none.
    pub none: &'static str,
}

/// Why a value is not taken.
#[derive(Debug)]
pub enum Fault {
    /// The person can mend it; the sentence says how.
    At(String),
    /// It could not be found out.
    Failed(Error),
}

impl From<&str> for Fault {
    fn from(message: &str) -> Self {
        Fault::At(message.to_owned())
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Failed(error)
    }
}

impl From<diesel::result::Error> for Fault {
    fn from(error: diesel::result::Error) -> Self {
        if sql::is_dangling(&error) {
            return Fault::At("One of these has been deleted meanwhile. Choose again.".into());
        }
        Fault::Failed(error.into())
    }
}
