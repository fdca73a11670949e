//! The ways to the rows of a search that an index knows candidates of.
//!
//! Few candidates are looked at, all of them. Where there are many the list is walked in its order, which soon meets a page
//! of them, but not when the order puts those that are looked for together: so the walk ends somewhere, and then all
//! candidates are looked at.

use super::order::hidden_from_planner;
use super::ways::Walk;
use super::{From, Part, Path, Piece, narrowed};
use crate::admin::resource::Resource;
use crate::db::sql::{self, Candidates, Fragment};
use crate::error::{Error, Result};
use diesel::sql_types::Bool;

/// So many rows are walked through: more cost as much as to look at many candidates.
const STEPS: i64 = 5000;

impl<R: Resource> Path<'_, R> {
    /// What the other pieces speak of: the rows of the list that are `found` among few candidates, or those met by a walk.
    pub(super) fn head(&self, sources: &[Part], from: From) -> Result<Option<Fragment<()>>> {
        let Some(candidates) = &self.candidates else { return Ok(None) };
        let (table, column) = (R::TABLE, self.sort.column);
        let found = candidates.few::<()>(&format!("{table}.id, {table}.{column}"));
        let found = narrowed(found, " AND ", self.looked_at()?);
        let gate = sql::gate(self.engine, self.guard(sources, None)?, STEPS);
        let Walk { table, id, led, beside } = self.walk(sources, from)?;
        let walked = Fragment::<()>::new(format!("SELECT {table}.{id} AS id FROM (SELECT {table}.* FROM {table}"));
        let walked = narrowed(walked, " WHERE ", gate.conditions.into_iter().chain(led).collect());
        let walked = walked.sql(self.order(table, id, from)).part(gate.limit).sql(format!(") AS {table}"));
        let walked = narrowed(walked, " WHERE ", beside);
        let walked =
            walked.sql(sql::still_ordered(self.engine, self.order(table, id, from))).sql(from.limit.to_string());
        let head = candidates.head().sql(", found AS MATERIALIZED (").part(found);
        Ok(Some(head.sql("), walked AS MATERIALIZED (").part(walked).sql(")")))
    }

    /// What must hold of a row of a candidate, which is found by its id: by nothing else, once for each of them.
    pub(super) fn looked_at(&self) -> Result<Vec<Piece>> {
        let are_exact = self.candidates.as_ref().is_some_and(Candidates::are_exact);
        let conditions = self.conditions(R::TABLE, |part| part != Part::Search || !are_exact)?;
        Ok(conditions.into_iter().map(hidden_from_planner).collect())
    }

    /// The ids of a page of the list when there are many candidates.
    pub(super) fn searched_ids(&self, sources: &[Part], from: From) -> Result<Vec<Fragment<Bool>>> {
        let table = R::TABLE;
        let candidates = self.candidates.as_ref().ok_or_else(|| Error::internal("a search without its index"))?;
        let mut guards = self.guard(sources, None)?;
        guards.push(Box::new(Fragment::<Bool>::new(format!("(SELECT count(*) FROM walked) < {}", from.limit))));
        let gate = sql::gate(self.engine, guards, from.limit);
        let mut pieces = self.looked_at()?;
        pieces.extend(self.beyond(self.own(), from)?.map(hidden_from_planner));
        let rest = Fragment::new("SELECT rest.id FROM (").part(candidates.all::<Bool>(&format!("{table}.id")));
        let rest = narrowed(rest, " AND ", gate.conditions.into_iter().chain(pieces).collect());
        let rest = rest.sql(self.order(table, "id", from)).part(gate.limit).sql(") AS rest");
        Ok(vec![Fragment::new("SELECT walked.id FROM walked"), rest])
    }
}
