//! The ways to the rows of a list of which no part has few: a walk through its order, and what comes when that finds too little.
//!
//! A walk soon meets a page of them, but not when the order puts those that are looked for together, as what was made last is what
//! was changed last: so it ends somewhere, and then all rows that one part finds are looked at.

use super::order::hidden_from_planner;
use super::{From, Part, Path, narrowed};
use crate::admin::filter::Through;
use crate::admin::resource::Resource;
use crate::admin::sort::Rows;
use crate::db::sql::{self, Candidates, Clause, Fragment, Reading};
use crate::error::{Error, Result};
use diesel::sql_types::Bool;

/// So many rows are walked through, to look for texts in them or at a column: more cost as much as to look at many others.
const STEPS_OF_SEARCH: i64 = 5_000;
const STEPS_OF_RANGE: i64 = 20_000;

/// A walk through a list's order: where, what its index leads by, and what else must hold of a row.
struct Walk {
    table: &'static str,
    id: &'static str,
    led: Vec<Clause>,
    beside: Vec<Clause>,
}

impl<R: Resource> Path<'_, R> {
    /// What the other pieces speak of: the rows of the list that are `found` among few candidates, and those that are `walked`.
    pub(super) fn head(&self, sources: &[Part], from: From) -> Result<Option<Fragment<()>>> {
        if sources.is_empty() {
            return Ok(None);
        }
        let (table, column) = (R::TABLE, self.sort.column);
        let head = if let Some(candidates) = &self.candidates {
            let found = candidates.few::<()>(&format!("{table}.id, {table}.{column}"));
            let found = narrowed(found, " AND ", self.looked_at()?);
            candidates.head().sql(", found AS MATERIALIZED (").part(found).sql("), ")
        } else {
            Fragment::new("WITH ")
        };
        let gate = sql::gate(self.engine, self.guard(sources, None)?, self.steps());
        let Walk { table, id, led, beside } = self.walk(sources, from)?;
        let walked = Fragment::<()>::new(format!("SELECT {table}.{id} AS id FROM (SELECT {table}.* FROM {table}"));
        let own = (table == R::TABLE).then(|| sql::row_is_read(self.engine, table)).flatten();
        let led = gate.conditions.into_iter().chain(led).chain(own.map(|own| -> Clause { Box::new(own) }));
        let walked = narrowed(walked, " WHERE ", led.collect());
        let walked = walked.sql(self.order(table, id, from)).part(gate.limit).sql(format!(") AS {table}"));
        let walked = narrowed(walked, " WHERE ", beside);
        let walked =
            walked.sql(sql::still_ordered(self.engine, self.order(table, id, from))).sql(from.limit.to_string());
        Ok(Some(head.sql("walked AS MATERIALIZED (").part(walked).sql(")")))
    }

    /// What must hold of a row of a candidate, which is found by its id: by nothing else, once for each of them.
    pub(super) fn looked_at(&self) -> Result<Vec<Clause>> {
        let are_exact = self.candidates.as_ref().is_some_and(Candidates::are_exact);
        let conditions = self.conditions(R::TABLE, |part| part != Part::Search || !are_exact)?;
        Ok(conditions.into_iter().map(hidden_from_planner).collect())
    }

    /// The ids of a page of the list: those that are walked, or the first of all where the walk has ended before the page is full.
    pub(super) fn walked_ids(&self, sources: &[Part], from: From) -> Result<Vec<Fragment<Bool>>> {
        let table = R::TABLE;
        let mut ways = vec![Fragment::new("SELECT walked.id FROM walked")];
        if let Some(candidates) = &self.candidates {
            let found = candidates.all(&format!("{table}.id")).sql(" AND ");
            ways.push(self.rest(sources, from, found, self.looked_at()?, None)?);
            return Ok(ways);
        }
        let source = *sources.first().ok_or_else(|| Error::internal("a walk beside nothing"))?;
        for Reading { rows, guard } in sql::readings(self.engine, table, || self.rows(source, None))? {
            let rows = Fragment::new(format!("SELECT {table}.id FROM (")).part(rows);
            let rows = rows.sql(format!(") AS {table} WHERE "));
            let conditions = self.conditions(table, |_| true)?.into_iter().map(hidden_from_planner).collect();
            ways.push(self.rest(sources, from, rows, conditions, guard)?);
        }
        Ok(ways)
    }

    /// The ids of a page of the list from these rows, of which all is asked; where the walk has ended too soon and this is the way.
    fn rest(
        &self,
        sources: &[Part],
        from: From,
        rows: Fragment<Bool>,
        mut conditions: Vec<Clause>,
        guard: Option<Clause>,
    ) -> Result<Fragment<Bool>> {
        let mut guards = self.guard(sources, None)?;
        guards.push(Box::new(Fragment::<Bool>::new(format!("(SELECT count(*) FROM walked) < {}", from.limit))));
        guards.push(Box::new(self.goes_on(sources, from)?));
        guards.extend(guard);
        let gate = sql::gate(self.engine, guards, from.limit);
        conditions.extend(gate.conditions);
        conditions.extend(self.beyond(self.own(), from)?.map(hidden_from_planner));
        let rest = Fragment::new("SELECT rest.id FROM (").part(rows);
        let rest = if conditions.is_empty() { rest.sql("1 = 1") } else { rest.joined(conditions, " AND ") };
        Ok(rest.sql(self.order(R::TABLE, "id", from)).part(gate.limit).sql(") AS rest"))
    }

    /// True when the list goes on where the walk has ended.
    fn goes_on(&self, sources: &[Part], from: From) -> Result<Fragment<Bool>> {
        let Walk { table, id, led, .. } = self.walk(sources, from)?;
        let walked = narrowed(Fragment::<Bool>::new(format!("SELECT 1 FROM {table}")), " WHERE ", led);
        let steps = self.steps();
        let walked = walked.sql(self.order(table, id, from)).sql((steps + 1).to_string());
        Ok(Fragment::new("").part(sql::count_of(walked)).sql(format!(" > {steps}")))
    }

    fn steps(&self) -> i64 {
        if self.candidates.is_some() { STEPS_OF_SEARCH } else { STEPS_OF_RANGE }
    }

    /// The ids of a page of a list that an index holds in its order, in another table.
    pub(super) fn led_ids(&self, from: From) -> Result<Fragment<Bool>> {
        let Walk { table, id, led, beside } = self.walk(&[], from)?;
        let ids = Fragment::new(format!("SELECT wide.id FROM (SELECT {table}.{id} AS id FROM {table}"));
        let ids = narrowed(ids, " WHERE ", led.into_iter().chain(beside).collect());
        Ok(ids.sql(self.order(table, id, from)).sql(format!("{}) AS wide", from.limit)))
    }

    /// A walk through the list's order.
    fn walk(&self, sources: &[Part], from: From) -> Result<Walk> {
        if let Some((through, key)) = self.through() {
            let (table, id) = (through.table, through.id);
            let mut led = vec![of_pairs(through, key)];
            led.extend(self.in_order(Rows { table, id, ..self.own() }, from)?);
            let in_pairs = self.conditions(table, |part| Self::is_in_pairs(part) && !self.is_in_order(part))?;
            let beside = in_pairs.into_iter().map(hidden_from_planner).chain(self.beside(through)?).collect();
            return Ok(Walk { table, id, led, beside });
        }
        let mut led = self.conditions(R::TABLE, |part| !sources.contains(&part) && !self.is_in_order(part))?;
        led.extend(self.in_order(self.own(), from)?);
        let hidden = self.conditions(R::TABLE, |part| sources.contains(&part))?;
        let beside = hidden.into_iter().map(hidden_from_planner).collect();
        Ok(Walk { table: R::TABLE, id: "id", led, beside })
    }

    /// The order of the list in a table, to be gone on with.
    fn order(&self, table: &str, id: &str, from: From) -> String {
        let way = if from.descending { " DESC" } else { "" };
        format!(" ORDER BY {table}.{}{way}, {table}.{id}{way} LIMIT ", self.sort.column)
    }
}

/// What is asked of a row of a table of pairs.
pub(super) fn of_pairs(through: Through, key: i64) -> Clause {
    Box::new(Fragment::<Bool>::new(format!("{}.{} = ", through.table, through.key)).number(key))
}
