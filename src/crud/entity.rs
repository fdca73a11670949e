//! The operations that every entity has.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use serde::Serialize;

use super::Walk;
use super::selection::{Beside, Condition, Row, Selection};
use crate::db::{AnyConnection, Backend, Write};

/// Rows of a table with an `id`, which can be read.
pub trait Entity: Clone + Send + Sync + Sized + 'static {
    /// Its one name: in URLs, in permissions, and, but where a table holds more than one thing of it, of the table.
    const NAME: &'static str;
    /// The name of the table.
    const TABLE: &'static str;
    type Table: diesel::Table + Send;
    /// What may change of a row; absent means untouched. Nothing of one that is only read.
    type Changes: Default + Clone + Send;

    fn table() -> Self::Table;
    /// All columns, as a query names them.
    fn columns() -> &'static str;
    fn id(&self) -> i64;
    /// Raised with every change; 0 in rows that never change.
    fn version(&self) -> i64;

    /// The row with this id, or none.
    fn get(conn: &mut AnyConnection, id: i64) -> QueryResult<Option<Self>>;
    /// The rows with these ids, in no certain order; ids without a row are passed over.
    fn get_many(conn: &mut AnyConnection, ids: &[i64]) -> QueryResult<Vec<Self>>;
    /// At most `limit` rows by id, after the first `skip`. Usual are 0 and 100.
    fn get_multi(conn: &mut AnyConnection, skip: i64, limit: i64) -> QueryResult<Vec<Self>>;
    /// The `limit` rows that came last, the newest first.
    fn newest(conn: &mut AnyConnection, limit: i64) -> QueryResult<Vec<Self>>;
    /// The rows of a selection.
    fn select(conn: &mut AnyConnection, selection: Selection<Self>) -> QueryResult<Vec<Self>>;
    /// The rows of a selection, each with what is asked beside.
    fn page(conn: &mut AnyConnection, selection: Selection<Self>, beside: Beside) -> QueryResult<Vec<Row<Self>>>;
    /// How the database would answer [`Entity::page`], in its own words, a line a step.
    fn explain(conn: &mut AnyConnection, selection: Selection<Self>, beside: Beside) -> QueryResult<Vec<String>>;
    /// The query for the ids of a selection, to be a part of another one.
    fn ids(selection: Selection<Self>) -> Box<dyn QueryFragment<Backend> + Send>;
    /// How many rows meet the conditions, counted no further than `cap`.
    fn count_up_to(conn: &mut AnyConnection, conditions: Vec<Condition<Self>>, cap: i64) -> QueryResult<i64>;
}

/// An entity that can be written: with a `version` and the two times. It serializes to what is on record of a row that is
/// deleted: all of it but secrets and what the database generates.
pub trait Crud: Walk + Serialize {
    /// What makes a new row. A form for a new record is a set of changes to nothing.
    type New: From<Self::Changes> + Send;

    /// When it was last changed, by whomever.
    fn updated_at(&self) -> NaiveDateTime;

    /// Stores a new row and gives it back. Fails with the constraint's own error.
    fn create(w: &mut Write, new: Self::New) -> QueryResult<Self>;
    /// Changes what is set of a row and raises its version; none when there is no such row.
    fn update(w: &mut Write, id: i64, changes: &Self::Changes) -> QueryResult<Option<Self>>;
    /// As [`Crud::update`], but only while the row still has this version.
    fn update_version(w: &mut Write, id: i64, version: i64, changes: &Self::Changes) -> QueryResult<Option<Self>>;
    /// As [`Crud::delete`], but only while the row has this version.
    fn delete_version(w: &mut Write, id: i64, version: i64) -> QueryResult<Option<Self>>;
    /// Keeps a row, and what points to it, as it is for others until the end of the transaction.
    fn lock(w: &mut Write, id: i64) -> QueryResult<()>;
    /// Deletes a row and gives it back; none when there is no such row.
    fn delete(w: &mut Write, id: i64) -> QueryResult<Option<Self>>;
    /// Deletes the rows with these ids.
    fn delete_many(w: &mut Write, ids: &[i64]) -> QueryResult<()>;
}

/// Implements [`Entity`] for a row type. A macro and no generic implementation: written out for one table the bodies are
/// one line each, over any table they are pages of bounds.
macro_rules! entity {
    ($row:ident, $table:ident, $changes:ty, $name:expr, $version:expr) => {
        const _: () = {
            use std::sync::LazyLock;

            use diesel::prelude::*;
            use diesel::sql_types::{BigInt, Text};
            use $crate::crud::selection;
            use $crate::db::AnyConnection;
            use $crate::db::schema::$table;
            use $crate::db::sql::{Fragment, Piece, Written};
            use $crate::models::$row;

            impl $crate::crud::Entity for $row {
                const NAME: &'static str = $name;
                const TABLE: &'static str = stringify!($table);
                type Table = $table::table;
                type Changes = $changes;

                fn table() -> Self::Table {
                    $table::table
                }

                fn columns() -> &'static str {
                    static NAMES: LazyLock<String> = LazyLock::new(|| $crate::db::sql::text(&$table::all_columns));
                    &NAMES
                }

                fn id(&self) -> i64 {
                    self.id
                }

                fn version(&self) -> i64 {
                    let version: fn(&Self) -> i64 = $version;
                    version(self)
                }

                fn get(conn: &mut AnyConnection, id: i64) -> QueryResult<Option<Self>> {
                    // Not the first of them: SQLite plans anew each time that a limit is bound.
                    static BY_ID: LazyLock<Written> = LazyLock::new(|| Written::of(&$table::table.find(0)));
                    BY_ID.with::<$table::SqlType>([Piece::Number(id)]).get_result(conn).optional()
                }

                fn get_many(conn: &mut AnyConnection, ids: &[i64]) -> QueryResult<Vec<Self>> {
                    if ids.is_empty() {
                        return Ok(Vec::new());
                    }
                    $table::table.filter($crate::db::sql::among(conn.engine(), $table::id, ids)).load(conn)
                }

                fn get_multi(conn: &mut AnyConnection, skip: i64, limit: i64) -> QueryResult<Vec<Self>> {
                    $table::table.order($table::id).offset(skip).limit(limit).load(conn)
                }

                fn newest(conn: &mut AnyConnection, limit: i64) -> QueryResult<Vec<Self>> {
                    $crate::db::sql::first($table::table.order($table::id.desc()), limit).load(conn)
                }

                fn select(
                    conn: &mut AnyConnection,
                    selection: $crate::crud::Selection<Self>,
                ) -> QueryResult<Vec<Self>> {
                    selection::chosen::<Self, $table::SqlType>(Fragment::new(Self::columns()), selection).load(conn)
                }

                fn page(
                    conn: &mut AnyConnection,
                    selection: $crate::crud::Selection<Self>,
                    beside: $crate::crud::Beside,
                ) -> QueryResult<Vec<$crate::crud::Row<Self>>> {
                    type Asked = ($table::SqlType, BigInt, BigInt, Text);
                    selection::chosen::<Self, Asked>(selection::columns::<Self>(beside), selection).load(conn)
                }

                fn explain(
                    conn: &mut AnyConnection,
                    selection: $crate::crud::Selection<Self>,
                    beside: $crate::crud::Beside,
                ) -> QueryResult<Vec<String>> {
                    let query = selection::chosen::<Self, ()>(selection::columns::<Self>(beside), selection);
                    $crate::db::sql::explain(conn, query)
                }

                fn ids(
                    selection: $crate::crud::Selection<Self>,
                ) -> Box<dyn diesel::query_builder::QueryFragment<$crate::db::Backend> + Send> {
                    let id = Fragment::new(concat!(stringify!($table), ".id"));
                    Box::new(selection::chosen::<Self, ()>(id, selection))
                }

                fn count_up_to(
                    conn: &mut AnyConnection,
                    conditions: Vec<$crate::crud::Condition<Self>>,
                    cap: i64,
                ) -> QueryResult<i64> {
                    let selection = $crate::crud::Selection { head: None, conditions, orders: Vec::new(), limit: cap };
                    diesel::select($crate::db::sql::count_of(Self::ids(selection))).get_result(conn)
                }
            }
        };
    };
}
pub(crate) use entity;

/// Implements [`Entity`] and [`Crud`] for a row type whose table has its name.
macro_rules! crud {
    ($row:ident, $table:ident, $new:ident, $changes:ident) => {
        $crate::crud::entity::entity!($row, $table, $crate::models::$changes, stringify!($table), |row| row.version);

        const _: () = {
            use diesel::prelude::*;
            use $crate::db::Write;
            use $crate::db::schema::$table;
            use $crate::models::{$changes, $new, $row};

            $crate::crud::walk::walk!($row, $table);

            impl $crate::crud::Crud for $row {
                type New = $new;

                fn updated_at(&self) -> chrono::NaiveDateTime {
                    self.updated_at
                }

                fn create(w: &mut Write, new: $new) -> QueryResult<Self> {
                    diesel::insert_into($table::table)
                        .values((new, $table::created_at.eq(w.at), $table::updated_at.eq(w.at)))
                        .get_result(w.conn)
                }

                fn update(w: &mut Write, id: i64, changes: &$changes) -> QueryResult<Option<Self>> {
                    let next = ($table::version.eq($table::version + 1), $table::updated_at.eq(w.at));
                    let changes = (changes.clone(), next);
                    $crate::db::sql::updated(changes, $table::id.eq(id)).get_result(w.conn).optional()
                }

                fn update_version(
                    w: &mut Write,
                    id: i64,
                    version: i64,
                    changes: &$changes,
                ) -> QueryResult<Option<Self>> {
                    let next = ($table::version.eq(version + 1), $table::updated_at.eq(w.at));
                    let changes = (changes.clone(), next);
                    let row = $table::id.eq(id).and($table::version.eq(version));
                    $crate::db::sql::updated(changes, row).get_result(w.conn).optional()
                }

                fn delete_version(w: &mut Write, id: i64, version: i64) -> QueryResult<Option<Self>> {
                    let row = $table::table.find(id).filter($table::version.eq(version));
                    diesel::delete(row).get_result(w.conn).optional()
                }

                fn delete(w: &mut Write, id: i64) -> QueryResult<Option<Self>> {
                    diesel::delete($table::table.find(id)).get_result(w.conn).optional()
                }

                fn lock(w: &mut Write, id: i64) -> QueryResult<()> {
                    $crate::db::sql::lock_row(w.conn, stringify!($table), id)
                }

                fn delete_many(w: &mut Write, ids: &[i64]) -> QueryResult<()> {
                    diesel::delete($table::table.filter($crate::db::sql::among(w.conn.engine(), $table::id, ids)))
                        .execute(w.conn)
                        .map(drop)
                }
            }
        };
    };
}
pub(crate) use crud;
