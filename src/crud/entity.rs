//! The operations that every entity has.

use diesel::expression::BoxableExpression;
use diesel::expression::expression_types::NotSelectable;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde::Serialize;

use crate::db::{AnyConnection, Backend, Write};

/// A condition on the rows of an entity, for both databases.
pub type Condition<T> = Box<dyn BoxableExpression<<T as Entity>::Table, Backend, SqlType = Bool>>;
/// An order of the rows of an entity, for both databases.
pub type Order<T> = Box<dyn BoxableExpression<<T as Entity>::Table, Backend, SqlType = NotSelectable>>;

/// Which rows are wanted: all conditions hold, the orders count from the first on.
pub struct Selection<T: Entity> {
    pub conditions: Vec<Condition<T>>,
    pub orders: Vec<Order<T>>,
    pub limit: i64,
}

/// Rows of a table with an `id`, which can be read.
pub trait Entity: Clone + Send + Sync + Sized + 'static {
    /// Its one name: in URLs, in permissions, and, but where a table holds more than one thing of it, of the table.
    const NAME: &'static str;
    type Table: diesel::Table + Send;
    /// What may change of a row; absent means untouched. Nothing of one that is only read.
    type Changes: Default + Clone + Send;

    fn table() -> Self::Table;
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
    /// The rows of a selection and those with these ids, each once and in no certain order, in one query.
    fn select_with(conn: &mut AnyConnection, ids: &[i64], selection: Selection<Self>) -> QueryResult<Vec<Self>>;
    /// How many rows meet the conditions, counted no further than `cap`.
    fn count_up_to(conn: &mut AnyConnection, conditions: Vec<Condition<Self>>, cap: i64) -> QueryResult<i64>;
}

/// An entity that can be written: with a `version` and the two times. It serializes to what is on record of a row that is
/// deleted: all of it but secrets and what the database generates.
pub trait Crud: Entity + Serialize {
    /// What makes a new row. A form for a new record is a set of changes to nothing.
    type New: From<Self::Changes> + Send;

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
            use diesel::prelude::*;
            use $crate::db::AnyConnection;
            use $crate::db::schema::$table;
            use $crate::models::$row;

            impl $crate::crud::Entity for $row {
                const NAME: &'static str = $name;
                type Table = $table::table;
                type Changes = $changes;

                fn table() -> Self::Table {
                    $table::table
                }

                fn id(&self) -> i64 {
                    self.id
                }

                fn version(&self) -> i64 {
                    let version: fn(&Self) -> i64 = $version;
                    version(self)
                }

                fn get(conn: &mut AnyConnection, id: i64) -> QueryResult<Option<Self>> {
                    $table::table.find(id).first(conn).optional()
                }

                fn get_many(conn: &mut AnyConnection, ids: &[i64]) -> QueryResult<Vec<Self>> {
                    if ids.is_empty() {
                        return Ok(Vec::new());
                    }
                    $table::table.filter($table::id.eq_any(ids.to_vec())).load(conn)
                }

                fn get_multi(conn: &mut AnyConnection, skip: i64, limit: i64) -> QueryResult<Vec<Self>> {
                    $table::table.order($table::id).offset(skip).limit(limit).load(conn)
                }

                fn newest(conn: &mut AnyConnection, limit: i64) -> QueryResult<Vec<Self>> {
                    $table::table.order($table::id.desc()).limit(limit).load(conn)
                }

                fn select(
                    conn: &mut AnyConnection,
                    selection: $crate::crud::Selection<Self>,
                ) -> QueryResult<Vec<Self>> {
                    let mut query = $table::table.into_boxed::<$crate::db::Backend>();
                    for condition in selection.conditions {
                        query = query.filter(condition);
                    }
                    for order in selection.orders {
                        query = query.then_order_by(order);
                    }
                    query.limit(selection.limit).load(conn)
                }

                fn select_with(
                    conn: &mut AnyConnection,
                    ids: &[i64],
                    selection: $crate::crud::Selection<Self>,
                ) -> QueryResult<Vec<Self>> {
                    if ids.is_empty() {
                        return Self::select(conn, selection);
                    }
                    let mut found = $table::table.select($table::id).into_boxed::<$crate::db::Backend>();
                    for condition in selection.conditions {
                        found = found.filter(condition);
                    }
                    for order in selection.orders {
                        found = found.then_order_by(order);
                    }
                    let one = found.limit(selection.limit);
                    let other = $table::table.select($table::id).filter($table::id.eq_any(ids.to_vec()));
                    $table::table.filter($crate::db::sql::AmongEither { id: $table::id, one, other }).load(conn)
                }

                fn count_up_to(
                    conn: &mut AnyConnection,
                    conditions: Vec<$crate::crud::Condition<Self>>,
                    cap: i64,
                ) -> QueryResult<i64> {
                    let mut query = $table::table.select($table::id).into_boxed::<$crate::db::Backend>();
                    for condition in conditions {
                        query = query.filter(condition);
                    }
                    $crate::db::sql::CountOf(query.limit(cap)).get_result(conn)
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

            impl $crate::crud::Crud for $row {
                type New = $new;

                fn create(w: &mut Write, new: $new) -> QueryResult<Self> {
                    diesel::insert_into($table::table)
                        .values((new, $table::created_at.eq(w.at), $table::updated_at.eq(w.at)))
                        .get_result(w.conn)
                }

                fn update(w: &mut Write, id: i64, changes: &$changes) -> QueryResult<Option<Self>> {
                    let next = ($table::version.eq($table::version + 1), $table::updated_at.eq(w.at));
                    diesel::update($table::table.find(id)).set((changes, next)).get_result(w.conn).optional()
                }

                fn update_version(
                    w: &mut Write,
                    id: i64,
                    version: i64,
                    changes: &$changes,
                ) -> QueryResult<Option<Self>> {
                    let next = ($table::version.eq(version + 1), $table::updated_at.eq(w.at));
                    diesel::update($table::table.find(id).filter($table::version.eq(version)))
                        .set((changes, next))
                        .get_result(w.conn)
                        .optional()
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
                    diesel::delete($table::table.filter($table::id.eq_any(ids.to_vec()))).execute(w.conn).map(drop)
                }
            }
        };
    };
}
pub(crate) use crud;
