//! What is done to many rows at once, where the two databases differ or Diesel has no word.

use chrono::NaiveDateTime;
use diesel::backend::Backend as AnyBackend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::AnyConnection;
use super::schema::jobs;

/// How many ids a query finds, a sum of them and the highest. Each is squared in part, so that no two exchanged for two others
/// leave the sum as it was, and no more than both databases can hold for a thousand million rows.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct ExtentOf<Q>(pub Q);

impl<Q> Query for ExtentOf<Q> {
    type SqlType = (BigInt, BigInt, BigInt);
}

impl<Q> RunQueryDsl<AnyConnection> for ExtentOf<Q> {}

impl<Q: QueryFragment<DB>, DB: AnyBackend> QueryFragment<DB> for ExtentOf<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT count(*), CAST(coalesce(sum(id % 65521 * (id % 65521) + id % 2147483629), 0) AS BIGINT), coalesce(max(id), 0) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS chosen");
        Ok(())
    }
}

/// Inserts rows, in their order, in as few statements as the database takes well.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        match &mut *$conn {
            // A statement has at most 65,535 values; one for one row is kept.
            $crate::db::AnyConnection::Postgres(conn) => $rows.chunks(500).try_for_each(|rows| match rows {
                [row] => diesel::insert_into($table).values(row).execute(conn).map(drop),
                rows => diesel::insert_into($table).values(rows).execute(conn).map(drop),
            }),
            // Here a statement that is kept costs less than one for many rows that is not.
            $crate::db::AnyConnection::Sqlite(conn) => {
                $rows.iter().try_for_each(|row| diesel::insert_into($table).values(row).execute(conn).map(drop))
            }
        }
    };
}
pub(crate) use insert_all;

/// The first job that has not ended and that nobody does at this time, kept for this transaction; none when there is none.
/// SQLite has but one writer.
pub fn take_free_job(conn: &mut AnyConnection, at: NaiveDateTime) -> QueryResult<Option<i64>> {
    let free = jobs::table.filter(jobs::ended_at.is_null()).filter(jobs::leased_until.le(at)).order(jobs::id);
    match conn {
        AnyConnection::Postgres(conn) => free.select(jobs::id).for_update().skip_locked().first(conn).optional(),
        AnyConnection::Sqlite(conn) => free.select(jobs::id).first(conn).optional(),
    }
}
