//! Updates whose statements are kept. Diesel prepares its own anew each time, with the triggers of the table on SQLite, and
//! with one more way to the server and back on PostgreSQL. So what is done with each save or request is written so; what is
//! done seldom may stay Diesel's.

use diesel::expression::AppearsOnTable;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::query_source::QuerySource;
use diesel::sql_types::Bool;

use super::Backend;
use super::fragment::Fragment;

/// Changes the rows of a table that meet a condition. `changes` is what Diesel's `set` takes, and holds at least one: with none
/// the database refuses it.
#[must_use]
pub fn update<T, C, W>(changes: C, condition: W) -> Fragment<()>
where
    T: Table + Default,
    <T as QuerySource>::FromClause: QueryFragment<Backend> + Send + 'static,
    C: AsChangeset<Target = T>,
    C::Changeset: QueryFragment<Backend> + Send + 'static,
    W: AppearsOnTable<T, SqlType = Bool> + QueryFragment<Backend> + Send + 'static,
{
    let table = Fragment::new("UPDATE ").part(T::default().from_clause());
    table.sql(" SET ").part(changes.as_changeset()).sql(" WHERE ").part(condition)
}

/// As [`update`]; loads what the rows are then.
#[must_use]
pub fn updated<T, C, W>(changes: C, condition: W) -> Fragment<<T::AllColumns as Expression>::SqlType>
where
    T: Table + Default,
    T::AllColumns: QueryFragment<Backend> + Send + 'static,
    <T as QuerySource>::FromClause: QueryFragment<Backend> + Send + 'static,
    C: AsChangeset<Target = T>,
    C::Changeset: QueryFragment<Backend> + Send + 'static,
    W: AppearsOnTable<T, SqlType = Bool> + QueryFragment<Backend> + Send + 'static,
{
    Fragment::new("").part(update(changes, condition)).sql(" RETURNING ").part(T::all_columns())
}
