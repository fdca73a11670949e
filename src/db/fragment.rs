//! SQL put together of text and of Diesel's own pieces, where Diesel has no word for the whole. The text is from the code,
//! never from a request; what a request says is bound.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};

use super::{AnyConnection, Backend, Engine};

/// A piece of SQL that has the value `ST`.
pub struct Fragment<ST> {
    pieces: Vec<Piece>,
    is_prepared_anew: bool,
    value: PhantomData<fn() -> ST>,
}

/// A piece of SQL.
pub enum Piece {
    Sql(Cow<'static, str>),
    /// A piece of Diesel's or of ours.
    Part(Box<dyn QueryFragment<Backend> + Send>),
    /// A number that is bound.
    Number(i64),
    /// A text that is bound.
    Text(String),
}

impl Piece {
    /// A piece of Diesel's or of ours.
    #[must_use]
    pub fn part(part: impl QueryFragment<Backend> + Send + 'static) -> Self {
        Piece::Part(Box::new(part))
    }
}

impl<ST> Fragment<ST> {
    /// Begins with this text.
    #[must_use]
    pub fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Fragment { pieces: vec![Piece::Sql(sql.into())], is_prepared_anew: false, value: PhantomData }
    }

    /// Goes on with this text.
    #[must_use]
    pub fn sql(mut self, sql: impl Into<Cow<'static, str>>) -> Self {
        self.pieces.push(Piece::Sql(sql.into()));
        self
    }

    /// Goes on with a piece of Diesel's or of ours.
    #[must_use]
    pub fn part(self, part: impl QueryFragment<Backend> + Send + 'static) -> Self {
        self.piece(Piece::part(part))
    }

    /// Goes on with a piece.
    #[must_use]
    pub fn piece(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }

    /// Goes on with each of these pieces, with a text between two of them.
    #[must_use]
    pub fn joined(mut self, parts: Vec<impl QueryFragment<Backend> + Send + 'static>, between: &'static str) -> Self {
        for (place, part) in parts.into_iter().enumerate() {
            if place > 0 {
                self = self.sql(between);
            }
            self = self.part(part);
        }
        self
    }

    /// Goes on with a number that is bound.
    #[must_use]
    pub fn number(mut self, number: i64) -> Self {
        self.pieces.push(Piece::Number(number));
        self
    }

    /// Goes on with a text that is bound.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.pieces.push(Piece::Text(text.into()));
        self
    }

    /// Whatever statement this is in, the database plans it anew for what is bound each time: a plan for any text walks
    /// the whole table where this one would have used an index.
    #[must_use]
    pub fn prepared_anew(mut self, is_prepared_anew: bool) -> Self {
        self.is_prepared_anew = is_prepared_anew;
        self
    }
}

impl<ST> QueryFragment<Backend> for Fragment<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if self.is_prepared_anew {
            out.unsafe_to_cache_prepared();
        }
        for piece in &self.pieces {
            match piece {
                Piece::Sql(sql) => out.push_sql(sql),
                Piece::Part(part) => part.walk_ast(out.reborrow())?,
                Piece::Number(number) => out.push_bind_param::<BigInt, _>(number)?,
                Piece::Text(text) => out.push_bind_param::<Text, _>(text)?,
            }
        }
        Ok(())
    }
}

/// Two of one type need not be the same SQL.
impl<ST> QueryId for Fragment<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST: TypedExpressionType> Expression for Fragment<ST> {
    type SqlType = ST;
}

impl<ST> ValidGrouping<()> for Fragment<ST> {
    type IsAggregate = is_aggregate::No;
}

impl<ST, QS> AppearsOnTable<QS> for Fragment<ST> where Self: Expression {}

impl<ST, QS> SelectableExpression<QS> for Fragment<ST> where Self: AppearsOnTable<QS> {}

impl<ST> Query for Fragment<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<AnyConnection> for Fragment<ST> {}

/// True of the rows whose `column` holds one of these ids: one value however many there are, so that the statement is always the
/// same and is kept.
#[must_use]
pub fn among<C>(engine: Engine, column: C, ids: &[i64]) -> Fragment<Bool>
where
    C: QueryFragment<Backend> + Send + 'static,
{
    if ids.is_empty() {
        return Fragment::new("1 = 0");
    }
    let (before, [open, close], after) = match engine {
        // In a query of its own it is read once, and not for each row that is looked at.
        Engine::Postgres => (" = ANY(CAST((SELECT CAST(", ["{", "}"], " AS BIGINT[])) AS BIGINT[]))"),
        Engine::Sqlite => (" IN (SELECT value FROM json_each(", ["[", "]"], "))"),
    };
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    Fragment::new("").part(column).sql(before).text(format!("{}{}{}", open, ids.join(","), close)).sql(after)
}

/// True of the rows whose `column` one of two queries has. A union and no OR, so that an index leads to each.
#[must_use]
pub fn among_either<C, A, B>(column: C, one: A, other: B) -> Fragment<Bool>
where
    C: QueryFragment<Backend> + Send + 'static,
    A: QueryFragment<Backend> + Send + 'static,
    B: QueryFragment<Backend> + Send + 'static,
{
    // Each in a query of its own: SQLite takes no order and no limit within a union.
    let either =
        Fragment::new("").part(column).sql(" IN (SELECT * FROM (").part(one).sql(") AS one UNION SELECT * FROM (");
    either.part(other).sql(") AS other)")
}

/// The first rows of a query. Their number is a part of the text: SQLite plans anew each time that a limit is bound, as it is
/// by Diesel's own `limit` and `first`.
#[must_use]
pub fn first<Q>(query: Q, limit: i64) -> Fragment<Q::SqlType>
where
    Q: Query + QueryFragment<Backend> + Send + 'static,
{
    Fragment::new("").part(query).sql(format!(" LIMIT {limit}"))
}

/// How many rows a query has that ends with its own limit: an exact number below that, and never more work.
#[must_use]
pub fn count_of(query: impl QueryFragment<Backend> + Send + 'static) -> Fragment<BigInt> {
    Fragment::new("(SELECT count(*) FROM (").part(query).sql(") AS capped)")
}

/// How many rows of `table` point with `column` to a row of `to`, counted no further than `cap`: a column for a select
/// on `to`.
#[must_use]
pub fn count_related(table: &'static str, column: &'static str, to: &'static str, cap: i64) -> Fragment<BigInt> {
    Fragment::new(format!(
        "(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table}.{column} = {to}.id LIMIT {cap}) AS capped)"
    ))
}
