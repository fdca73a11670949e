//! The statements by which the rows of a list are found, and counted.

use diesel::sql_types::{BigInt, Bool};

use super::order::hidden_from_planner;
use super::walked::of_pairs;
use super::{From, Part, Path, narrowed};
use crate::admin::filter::Through;
use crate::admin::listing::search;
use crate::admin::resource::Resource;
use crate::admin::sort::Rows;
use crate::crud::{Condition, Selection};
use crate::db::sql::{self, Candidates, Clause, Fragment};
use crate::error::{Error, Result};

/// A list of at most so many rows is narrow.
const FEW: i64 = 2000;

/// So many rows of a wide list are looked at, to see whether they are enough.
const SOME: i64 = 10_000;

impl<R: Resource> Path<'_, R> {
    /// What is to be selected, the order and the number of rows included.
    pub fn selection(&self, from: From) -> Result<Selection<R>> {
        let sources = self.sources();
        let orders = (self.sort.orders)(from.descending);
        let limit = from.limit;
        if sources.is_empty() && self.through().is_none() {
            let mut pieces = self.conditions(R::TABLE, |part| !self.is_in_order(part))?;
            pieces.extend(self.in_order(self.own(), from)?);
            return Ok(Selection { head: None, conditions: each::<R>(pieces), orders, limit });
        }
        let mut ways = Vec::new();
        for source in &sources {
            ways.push(self.narrow_ids(&sources, *source, from)?);
        }
        ways.extend(if sources.is_empty() { vec![self.led_ids(from)?] } else { self.walked_ids(&sources, from)? });
        let ids = Fragment::<Bool>::new("").joined(ways, " UNION ALL ");
        let is_among = Fragment::new(format!("{}.id IN (", R::TABLE));
        let (head, is_among) = match self.head(&sources, from)? {
            // Found before: what a planner expects of all ways together tells it nothing of this page.
            Some(head) => {
                (Some(head.sql(", page AS MATERIALIZED (").part(ids).sql(")")), is_among.sql("SELECT id FROM page)"))
            }
            None => (None, is_among.part(ids).sql(")")),
        };
        Ok(Selection { head, conditions: vec![Box::new(is_among)], orders, limit })
    }

    /// What holds of every row of the list.
    pub fn whole(&self) -> Result<Vec<Condition<R>>> {
        let Some(found) = self.candidates.as_ref().and_then(Candidates::exact) else {
            return Ok(each::<R>(self.conditions(R::TABLE, |_| true)?));
        };
        let mut pieces = self.conditions(R::TABLE, |part| part != Part::Search)?;
        pieces.extend(found.into_iter().map(|found| -> Clause { Box::new(found) }));
        Ok(each::<R>(pieces))
    }

    /// How many rows the list has, counted no further than `cap`; in the statement of its [`Path::selection`].
    pub fn total(&self, cap: i64) -> Result<Fragment<BigInt>> {
        let count = |rows: Fragment<Bool>| sql::count_of(rows.sql(format!(" LIMIT {cap}")));
        let others = |but: Part| self.conditions(R::TABLE, move |part| part != but);
        let among = |part: Part, most: i64| -> Result<Fragment<BigInt>> {
            let rows = Fragment::<Bool>::new("SELECT 1 FROM (").part(self.rows(part, Some(most))?);
            Ok(count(narrowed(rows.sql(format!(") AS {}", R::TABLE)), " WHERE ", others(part)?)))
        };
        let when = |is_so: Fragment<Bool>| Fragment::<BigInt>::new("WHEN ").part(is_so).sql(" THEN ");
        let are_many = |count: Fragment<BigInt>| {
            when(Fragment::new("").part(count).sql(format!(" >= {cap}"))).sql(format!("{cap}"))
        };
        let mut ways = Vec::new();
        for source in self.sources().into_iter().chain(self.leads_beside_search()) {
            let rows = match source {
                Part::Search => count(Fragment::new("SELECT 1 FROM found")),
                _ => among(source, FEW)?,
            };
            ways.push(when(self.is_few(source)?).part(rows));
        }
        let wide = match (&self.candidates, self.parts.as_slice()) {
            // More than few, and nothing else narrows them.
            (_, [Part::Range(_) | Part::Start(_)]) if !ways.is_empty() => {
                Fragment::new(format!("CAST({cap} AS BIGINT)"))
            }
            (Some(candidates), _) if candidates.least().is_some_and(|least| least >= cap) => {
                Fragment::new(format!("CAST({cap} AS BIGINT)"))
            }
            (Some(candidates), _) => {
                let that_are = |rows: Fragment<Bool>| Ok::<_, Error>(count(narrowed(rows, " AND ", self.looked_at()?)));
                // Most often some are enough, of the candidates or of what else narrows the list.
                ways.push(are_many(that_are(candidates.first("1"))?));
                for lead in self.parts.iter().copied().filter(|part| *part != Part::Search) {
                    ways.push(are_many(among(lead, SOME)?));
                }
                that_are(candidates.all("1"))?
            }
            (None, _) => count(self.wide_rows()?),
        };
        if ways.is_empty() {
            return Ok(wide);
        }
        Ok(Fragment::new("CASE ").joined(ways, " ").sql(" ELSE ").part(wide).sql(" END"))
    }

    /// `SELECT 1` for each row of the list, without an end.
    fn wide_rows(&self) -> Result<Fragment<Bool>> {
        let Some((through, key)) = self.through() else {
            let rows = Fragment::new(format!("SELECT 1 FROM {}", R::TABLE));
            if !self.parts.iter().any(|part| self.is_in_order(*part)) {
                return Ok(narrowed(rows, " WHERE ", self.conditions(R::TABLE, |_| true)?));
            }
            // The order names the index, and what is not led by it is met soon.
            let sources = self.sources();
            let mut conditions = self.conditions(R::TABLE, |part| !sources.contains(&part))?;
            let others = self.conditions(R::TABLE, |part| sources.contains(&part))?;
            conditions.extend(others.into_iter().map(hidden_from_planner));
            let rows = narrowed(rows, " WHERE ", conditions);
            return Ok(rows.sql(format!(" ORDER BY {}.{}", R::TABLE, self.sort.column)));
        };
        let mut pieces = vec![of_pairs(through, key)];
        pieces.extend(self.conditions(through.table, |part| Self::is_in_pairs(part))?);
        pieces.extend(self.beside(through)?);
        Ok(narrowed(Fragment::new(format!("SELECT 1 FROM {}", through.table)), " WHERE ", pieces))
    }

    /// So many of the rows of a part alone, or all of them, whole.
    pub(super) fn rows(&self, part: Part, limit: Option<i64>) -> Result<Fragment<Bool>> {
        let table = R::TABLE;
        let order = match part {
            Part::Start(_) => search::key::<R>(),
            Part::Range(column) => Some(column),
            Part::Search | Part::Equal(_) | Part::Through(..) => None,
        };
        let rows = Fragment::new(format!("SELECT {table}.* FROM {table}"));
        let conditions = self.conditions(table, |other| other == part)?;
        let rows = match (part, self.through()) {
            (Part::Through(..), Some((Through { table: pairs, id, key }, value))) => {
                let pairs_of =
                    format!("SELECT {table}.* FROM {pairs} CROSS JOIN {table} WHERE {table}.id = {pairs}.{id}");
                Fragment::new(format!("{pairs_of} AND {pairs}.{key} = ")).number(value)
            }
            (Part::Equal(_), _) => {
                let rare: Vec<_> = conditions.into_iter().map(|condition| sql::rare(self.engine, condition)).collect();
                rows.sql(" WHERE ").joined(rare, " AND ")
            }
            _ => narrowed(rows, " WHERE ", conditions),
        };
        // The order names the index; the end keeps the planner from another way.
        let order = order.map(|column| format!(" ORDER BY {table}.{column}")).unwrap_or_default();
        Ok(rows.sql(limit.map_or_else(|| sql::all(self.engine, &order), |limit| format!("{order} LIMIT {limit}"))))
    }

    /// True when a part alone has few rows.
    fn is_few(&self, part: Part) -> Result<Fragment<Bool>> {
        if part == Part::Search {
            Ok(Candidates::are_few())
        } else {
            let rows = sql::count_of(self.rows(part, Some(FEW + 1))?);
            Ok(Fragment::new("").part(rows).sql(format!(" <= {FEW}")))
        }
    }

    /// True when a part, the first of these, has few rows; of none: when all have many.
    pub(super) fn guard(&self, sources: &[Part], chosen: Option<Part>) -> Result<Vec<Clause>> {
        let mut guards: Vec<Clause> = Vec::new();
        for source in sources {
            let is_few = self.is_few(*source)?;
            if chosen == Some(*source) {
                guards.push(Box::new(is_few));
                break;
            }
            guards.push(Box::new(Fragment::<Bool>::new("NOT ").part(is_few)));
        }
        Ok(guards)
    }

    /// The ids of a page of the list, from the few rows of one part.
    fn narrow_ids(&self, sources: &[Part], part: Part, from: From) -> Result<Fragment<Bool>> {
        let mut gate = sql::gate(self.engine, self.guard(sources, Some(part))?, from.limit);
        let mut pieces = std::mem::take(&mut gate.conditions);
        let (table, rows) = if part == Part::Search {
            ("found", Fragment::<()>::new("found"))
        } else {
            pieces.extend(self.conditions(R::TABLE, |other| other != part)?);
            (R::TABLE, Fragment::new("(").part(self.rows(part, Some(FEW))?).sql(format!(") AS {}", R::TABLE)))
        };
        pieces.extend(self.beyond(Rows { table, ..self.own() }, from)?);
        let (column, way) = (self.sort.column, if from.descending { " DESC" } else { "" });
        let ids = Fragment::new(format!("SELECT few.id FROM (SELECT {table}.id, {table}.{column} AS place FROM "));
        let ids = narrowed(ids.part(rows), " WHERE ", pieces);
        Ok(ids.sql(format!(" ORDER BY place{way}, {table}.id{way} LIMIT ")).part(gate.limit).sql(") AS few"))
    }
}

fn each<R: Resource>(pieces: Vec<Clause>) -> Vec<Condition<R>> {
    pieces.into_iter().map(|piece| -> Condition<R> { Box::new(Fragment::new("").part(piece)) }).collect()
}
