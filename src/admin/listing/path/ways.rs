//! The statements by which the rows of a list are found, and counted.

use diesel::sql_types::{BigInt, Bool};

use super::order::hidden_from_planner;
use super::{From, Part, Path, Piece, narrowed};
use crate::admin::filter::Through;
use crate::admin::listing::search;
use crate::admin::resource::Resource;
use crate::crud::{Condition, Selection};
use crate::db::sql::{self, Fragment};
use crate::error::{Error, Result};

/// A list of at most so many rows is narrow.
const FEW: i64 = 2000;

impl<R: Resource> Path<'_, R> {
    /// What is to be selected, the order and the number of rows included.
    pub fn selection(&self, from: From) -> Result<Selection<R>> {
        let sources = self.sources();
        let orders = (self.sort.orders)(from.descending);
        let limit = from.limit;
        if sources.is_empty() && self.through().is_none() {
            let mut pieces = self.conditions(R::TABLE, |part| !self.is_in_order(part))?;
            pieces.extend(self.in_order(self.own(), from)?);
            return Ok(Selection { conditions: each::<R>(pieces), orders, limit });
        }
        let mut ways = Vec::new();
        for source in &sources {
            ways.push(self.narrow_ids(&sources, *source, from)?);
        }
        ways.push(self.wide_ids(&sources, from)?);
        let ids = Fragment::new(format!("{}.id IN (", R::TABLE)).joined(ways, " UNION ALL ").sql(")");
        Ok(Selection { conditions: vec![Box::new(ids)], orders, limit })
    }

    /// What holds of every row of the list.
    pub fn whole(&self) -> Result<Vec<Condition<R>>> {
        Ok(each::<R>(self.conditions(R::TABLE, |_| true)?))
    }

    /// How many rows the list has, counted no further than `cap`.
    pub fn total(&self, cap: i64) -> Result<Fragment<BigInt>> {
        let count = |rows: Fragment<Bool>| sql::count_of(rows.sql(format!(" LIMIT {cap}")));
        let others = |but: Part| self.conditions(R::TABLE, move |part| part != but);
        let mut ways = Vec::new();
        for source in self.sources().into_iter().chain(self.leads_beside_search()) {
            let rows = Fragment::<Bool>::new("SELECT 1 FROM (").part(self.rows(source, FEW)?);
            let rows = narrowed(rows.sql(format!(") AS {}", R::TABLE)), " WHERE ", others(source)?);
            ways.push(Fragment::<Bool>::new("WHEN ").part(self.is_few(source)?).sql(" THEN ").part(count(rows)));
        }
        let wide = match (&self.candidates, self.parts.as_slice()) {
            // More than few, and nothing else narrows them.
            (_, [Part::Range(_) | Part::Start(_)]) if !ways.is_empty() => {
                Fragment::new(format!("CAST({cap} AS BIGINT)"))
            }
            (Some(candidates), _) => {
                count(narrowed(candidates.rows("1"), " AND ", self.conditions(R::TABLE, |_| true)?))
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
        let rows = Fragment::new(format!("SELECT 1 FROM {0} WHERE {0}.{1} = ", through.table, through.key)).number(key);
        Ok(narrowed(rows, " AND ", self.beside(through, From::default())?))
    }

    /// The rows of a part alone, whole.
    fn rows(&self, part: Part, limit: i64) -> Result<Fragment<Bool>> {
        let table = R::TABLE;
        let order = match part {
            Part::Search => {
                let candidates =
                    self.candidates.as_ref().ok_or_else(|| Error::internal("a search without its index"))?;
                return Ok(candidates.rows(&format!("{table}.*")).sql(format!(" LIMIT {limit}")));
            }
            Part::Start(_) => search::key::<R>(),
            Part::Range(column) => Some(column),
            Part::Equal(_) | Part::Through(..) => None,
        };
        let rows = Fragment::new(format!("SELECT {table}.* FROM {table}"));
        let conditions = self.conditions(table, |other| other == part)?;
        let rows = match (part, self.through()) {
            (Part::Through(..), Some((Through { table: pairs, id, key }, value))) => {
                let pairs_of = format!("SELECT {table}.* FROM {pairs} CROSS JOIN {table} ON {table}.id = {pairs}.{id}");
                Fragment::new(format!("{pairs_of} WHERE {pairs}.{key} = ")).number(value)
            }
            (Part::Equal(_), _) => {
                let rare: Vec<_> = conditions.into_iter().map(|condition| sql::rare(self.engine, condition)).collect();
                rows.sql(" WHERE ").joined(rare, " AND ")
            }
            _ => narrowed(rows, " WHERE ", conditions),
        };
        // The order names the index; the end keeps the planner from another way.
        let order = order.map(|column| format!(" ORDER BY {table}.{column}")).unwrap_or_default();
        Ok(rows.sql(format!("{order} LIMIT {limit}")))
    }

    /// True when a part alone has few rows.
    fn is_few(&self, part: Part) -> Result<Fragment<Bool>> {
        let rows = match (&self.candidates, part) {
            (Some(candidates), Part::Search) => candidates.each().sql(format!(" LIMIT {}", FEW + 1)),
            _ => self.rows(part, FEW + 1)?,
        };
        Ok(Fragment::new("").part(sql::count_of(rows)).sql(format!(" <= {FEW}")))
    }

    /// True when a part, the first of these, has few rows; of none: when all have many.
    fn guard(&self, sources: &[Part], chosen: Option<Part>) -> Result<Vec<Piece>> {
        let mut guards: Vec<Piece> = Vec::new();
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
        let table = R::TABLE;
        let mut pieces = self.guard(sources, Some(part))?;
        pieces.extend(self.conditions(table, |other| other != part || part == Part::Search)?);
        pieces.extend(self.beyond(self.own(), from)?);
        let rows = Fragment::new(format!(
            "SELECT few.id FROM (SELECT {table}.id, {table}.{} AS place FROM (",
            self.sort.column
        ));
        let rows = rows.part(self.rows(part, FEW)?).sql(format!(") AS {table} WHERE ")).joined(pieces, " AND ");
        let way = if from.descending { " DESC" } else { "" };
        Ok(rows.sql(format!(" ORDER BY place{way}, {table}.id{way} LIMIT {}) AS few", from.limit)))
    }

    /// The ids of a page of the list, by a walk through its order.
    fn wide_ids(&self, sources: &[Part], from: From) -> Result<Fragment<Bool>> {
        let walk = self.through();
        let (table, id) = walk.map_or((R::TABLE, "id"), |(through, _)| (through.table, through.id));
        let mut pieces = self.guard(sources, None)?;
        if let Some((through, key)) = walk {
            pieces.push(Box::new(Fragment::<Bool>::new(format!("{table}.{} = ", through.key)).number(key)));
            pieces.extend(self.beside(through, from)?);
        } else {
            pieces.extend(self.conditions(table, |part| !sources.contains(&part) && !self.is_in_order(part))?);
            pieces.extend(self.in_order(self.own(), from)?);
            let hidden = self.conditions(table, |part| sources.contains(&part))?;
            pieces.extend(hidden.into_iter().map(hidden_from_planner));
        }
        let way = if from.descending { " DESC" } else { "" };
        let column = self.sort.column;
        let ids = Fragment::new(format!("SELECT wide.id FROM (SELECT {table}.{id} AS id FROM {table} WHERE "));
        let order = format!(" ORDER BY {table}.{column}{way}, {table}.{id}{way} LIMIT {}) AS wide", from.limit);
        Ok(ids.joined(pieces, " AND ").sql(order))
    }
}

fn each<R: Resource>(pieces: Vec<Piece>) -> Vec<Condition<R>> {
    pieces.into_iter().map(|piece| -> Condition<R> { Box::new(Fragment::new("").part(piece)) }).collect()
}
