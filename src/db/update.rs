//! Updates whose statements are kept. Diesel prepares its own anew each time, with the triggers of the table on SQLite, and
//! with one more way to the server and back on PostgreSQL.

use diesel::prelude::*;
use diesel::query_builder::QueryFragment;

use super::Backend;
use super::fragment::Fragment;

/// Changes the rows of a table that meet a condition. `changes` is what Diesel's `set` takes, and holds at least one.
#[must_use]
pub fn update<T, C>(
    table: &'static str,
    changes: C,
    condition: impl QueryFragment<Backend> + Send + 'static,
) -> Fragment<()>
where
    T: Table,
    C: AsChangeset<Target = T>,
    C::Changeset: QueryFragment<Backend> + Send + 'static,
{
    let set = Fragment::new("UPDATE ").sql(table).sql(" SET ").part(changes.as_changeset());
    set.sql(" WHERE ").part(condition)
}

/// As [`update`]; loads what the rows are then.
#[must_use]
pub fn updated<T, C>(
    table: &'static str,
    changes: C,
    condition: impl QueryFragment<Backend> + Send + 'static,
) -> Fragment<<T::AllColumns as Expression>::SqlType>
where
    T: Table,
    T::AllColumns: QueryFragment<Backend> + Send + 'static,
    C: AsChangeset<Target = T>,
    C::Changeset: QueryFragment<Backend> + Send + 'static,
{
    let update = Fragment::new("").part(update(table, changes, condition));
    update.sql(" RETURNING ").part(T::all_columns())
}
