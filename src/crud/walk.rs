//! Walking all rows that meet conditions, a few at a time, by id: an order that no change of a row moves it in.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Condition, Entity, Selection};
use crate::db::{AnyConnection, Engine};

/// How far a set of rows goes. Two sets that are equal in all of it are taken for the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    pub count: i64,
    /// Of the ids, each mixed.
    pub sum: i64,
    /// The highest id; 0 where there is none.
    pub last: i64,
}

/// Rows that can be walked.
pub trait Walk: Entity {
    /// The next `limit` ids after one and up to another of the rows that meet the conditions.
    fn ids_after(
        conn: &mut AnyConnection,
        conditions: Vec<Condition<Self>>,
        after: i64,
        upto: i64,
        limit: i64,
    ) -> QueryResult<Vec<i64>>;
    /// Those of the rows with these ids that meet the conditions, by id.
    fn among(conn: &mut AnyConnection, conditions: Vec<Condition<Self>>, ids: &[i64]) -> QueryResult<Vec<Self>>;
    /// True of the rows of a selection and of those with these ids.
    fn among_either(engine: Engine, ids: &[i64], selection: Selection<Self>) -> Condition<Self>;
    /// The rows of a selection and those with these ids, each once and in no certain order, in one query.
    fn select_with(conn: &mut AnyConnection, ids: &[i64], selection: Selection<Self>) -> QueryResult<Vec<Self>>;
    /// How far the next `limit` rows after an id go.
    fn reach(conn: &mut AnyConnection, after: i64, limit: i64) -> QueryResult<Extent>;
    /// How far the rows that meet the conditions go, of those after one id and up to another. All of them are read.
    fn extent(conn: &mut AnyConnection, conditions: Vec<Condition<Self>>, after: i64, upto: i64)
    -> QueryResult<Extent>;
}

/// Implements [`Walk`] for a row type and its table.
macro_rules! walk {
    ($row:ident, $table:ident) => {
        impl $crate::crud::Walk for $crate::models::$row {
            fn ids_after(
                conn: &mut $crate::db::AnyConnection,
                conditions: Vec<$crate::crud::Condition<Self>>,
                after: i64,
                upto: i64,
                limit: i64,
            ) -> QueryResult<Vec<i64>> {
                let mut query = $table::table.select($table::id).into_boxed::<$crate::db::Backend>();
                for condition in conditions {
                    query = query.filter(condition);
                }
                let between = $table::id.gt(after).and($table::id.le(upto));
                $crate::db::sql::first(query.filter(between).order($table::id), limit).load(conn)
            }

            fn among(
                conn: &mut $crate::db::AnyConnection,
                conditions: Vec<$crate::crud::Condition<Self>>,
                ids: &[i64],
            ) -> QueryResult<Vec<Self>> {
                if ids.is_empty() {
                    return Ok(Vec::new());
                }
                let mut query = $table::table.into_boxed::<$crate::db::Backend>();
                for condition in conditions {
                    query = query.filter(condition);
                }
                query.filter($crate::db::sql::among(conn.engine(), $table::id, ids)).order($table::id).load(conn)
            }

            fn among_either(
                engine: $crate::db::Engine,
                ids: &[i64],
                selection: $crate::crud::Selection<Self>,
            ) -> $crate::crud::Condition<Self> {
                let one = <Self as $crate::crud::Entity>::ids(selection);
                let other = $table::table.select($table::id).filter($crate::db::sql::among(engine, $table::id, ids));
                Box::new($crate::db::sql::among_either($table::id, one, other))
            }

            fn select_with(
                conn: &mut AnyConnection,
                ids: &[i64],
                selection: $crate::crud::Selection<Self>,
            ) -> QueryResult<Vec<Self>> {
                if ids.is_empty() {
                    return <Self as $crate::crud::Entity>::select(conn, selection);
                }
                $table::table.into_boxed().filter(Self::among_either(conn.engine(), ids, selection)).load(conn)
            }

            fn reach(
                conn: &mut $crate::db::AnyConnection,
                after: i64,
                limit: i64,
            ) -> QueryResult<$crate::crud::Extent> {
                let next = $table::table.select($table::id).into_boxed::<$crate::db::Backend>();
                let next = $crate::db::sql::first(next.filter($table::id.gt(after)).order($table::id), limit);
                let (count, sum, last) = $crate::db::many::ExtentOf(next).get_result(conn)?;
                Ok($crate::crud::Extent { count, sum, last })
            }

            fn extent(
                conn: &mut $crate::db::AnyConnection,
                conditions: Vec<$crate::crud::Condition<Self>>,
                after: i64,
                upto: i64,
            ) -> QueryResult<$crate::crud::Extent> {
                let mut query = $table::table.select($table::id).into_boxed::<$crate::db::Backend>();
                for condition in conditions {
                    query = query.filter(condition);
                }
                let between = $table::id.gt(after).and($table::id.le(upto));
                let (count, sum, last) = $crate::db::many::ExtentOf(query.filter(between)).get_result(conn)?;
                Ok($crate::crud::Extent { count, sum, last })
            }
        }
    };
}
pub(crate) use walk;
