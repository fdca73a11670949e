//! Conditions that Diesel has no words for.

use diesel::backend::Backend as AnyBackend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

/// `id IN (one UNION other)`: the rows whose id one of two queries finds. A union and no OR, so that an index leads to each.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct AmongEither<I, A, B> {
    pub id: I,
    pub one: A,
    pub other: B,
}

impl<I, A, B> Expression for AmongEither<I, A, B> {
    type SqlType = Bool;
}

impl<I, A, B> ValidGrouping<()> for AmongEither<I, A, B> {
    type IsAggregate = is_aggregate::No;
}

impl<I: AppearsOnTable<QS>, A, B, QS> AppearsOnTable<QS> for AmongEither<I, A, B> {}

impl<I: SelectableExpression<QS>, A, B, QS> SelectableExpression<QS> for AmongEither<I, A, B> {}

impl<I, A, B, DB> QueryFragment<DB> for AmongEither<I, A, B>
where
    DB: AnyBackend,
    I: QueryFragment<DB>,
    A: QueryFragment<DB>,
    B: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.id.walk_ast(out.reborrow())?;
        // Each in a query of its own: SQLite takes no order and no limit within a union.
        out.push_sql(" IN (SELECT * FROM (");
        self.one.walk_ast(out.reborrow())?;
        out.push_sql(") AS one UNION SELECT * FROM (");
        self.other.walk_ast(out.reborrow())?;
        out.push_sql(") AS other)");
        Ok(())
    }
}
