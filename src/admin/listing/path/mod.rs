//! How the rows of a list are found, so that a page costs what it shows.
//!
//! An index on the filter's column, the sorted one and the id holds the list in its order already; the page is read off it
//! from its place on. Where none can (a search, a range of another column than the sorted one) the list is either narrow,
//! and all of it is read and sorted, or so wide that a walk through the order soon has met enough of it. Which of the two is
//! counted first, in the same statement.

mod order;
mod walked;
mod ways;

use diesel::sql_types::Bool;

use super::search::{self, Word};
use crate::admin::cursor::Cursor;
use crate::admin::filter::{Filter, Through, Way};
use crate::admin::query::Query;
use crate::admin::resource::Resource;
use crate::admin::sort::Sort;
use crate::db::Engine;
use crate::db::sql::{self, Candidates, Clause, Fragment, Sought};
use crate::error::{Error, Result};

/// Something that narrows a list.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// The words that are found anywhere.
    Search,
    /// A word at the beginning of a column, by its place in the search.
    Start(usize),
    /// The filters on a range of a column.
    Range(&'static str),
    /// A filter by its place.
    Equal(usize),
    Through(usize, Through),
}

/// A place to go on from, in the direction of the order.
#[derive(Clone, Copy, Default)]
pub struct From<'a> {
    pub cursor: Option<&'a Cursor>,
    pub descending: bool,
    pub limit: i64,
}

/// The ways to the rows of a list.
pub struct Path<'a, R: Resource> {
    engine: Engine,
    sort: &'static Sort<R>,
    words: Vec<Word>,
    filters: Vec<(&'static Filter<R>, &'a str)>,
    parts: Vec<Part>,
    candidates: Option<Candidates>,
}

impl<'a, R: Resource> Path<'a, R> {
    pub fn of(engine: Engine, query: &'a Query, sort: &'static Sort<R>) -> Result<Self> {
        let words = Word::all(&query.q);
        let mut filters = Vec::new();
        for (name, value) in &query.filters {
            let filter = R::fields().iter().flat_map(|field| &field.filters).find(|filter| filter.name == *name);
            let filter = filter.ok_or_else(|| Error::internal("a query with a filter that is not declared"))?;
            filters.push((filter, value.as_str()));
        }
        let mut parts: Vec<_> = filters
            .iter()
            .enumerate()
            .map(|(place, (filter, _))| match filter.way {
                Way::Equal(_) => Part::Equal(place),
                Way::Range(column, _) => Part::Range(column),
                Way::Through(through) => Part::Through(place, through),
            })
            .collect();
        let starts = words.iter().enumerate().filter(|(_, word)| matches!(word, Word::AtStart(_)));
        parts.extend(starts.map(|(place, _)| Part::Start(place)));
        let texts: Vec<_> = words.iter().filter_map(Word::anywhere).collect();
        if !texts.is_empty() {
            // Once its candidates are known, whether they are few costs nothing more.
            parts.insert(0, Part::Search);
        }
        // Both ends of a range are one part, whatever the address says between them.
        let mut known = Vec::new();
        parts.retain(|part| {
            !known.contains(part) && {
                known.push(*part);
                true
            }
        });
        let candidates = sql::candidates(
            engine,
            Sought {
                table: R::TABLE,
                columns: &search::columns::<R>(),
                order: sort.column,
                texts: &texts,
                is_all: parts.len() == 1,
            },
        );
        Ok(Path { engine, sort, words, filters, parts, candidates })
    }

    /// True when all rows are in the list.
    pub fn is_whole(&self) -> bool {
        self.parts.is_empty()
    }

    /// True where PostgreSQL's planner is to choose how a search is answered that its index knows no part of: it must know what
    /// is looked for.
    fn is_planned(&self) -> bool {
        self.engine == Engine::Postgres && self.candidates.is_none()
    }

    /// The parts that no index holds in the list's order.
    fn sources(&self) -> Vec<Part> {
        // Of what no index knows the rows of the list are looked at, one after the other.
        if self.parts.contains(&Part::Search) && self.candidates.is_none() {
            return Vec::new();
        }
        self.parts.iter().copied().filter(|part| !self.is_led(*part)).collect()
    }

    /// True of a part that an index holds in the list's order.
    fn is_led(&self, part: Part) -> bool {
        match part {
            Part::Search => false,
            Part::Start(_) => search::key::<R>() == Some(self.sort.column),
            Part::Range(column) => column == self.sort.column,
            Part::Equal(_) | Part::Through(..) => true,
        }
    }

    /// Those by which rows are counted when there are few of them, though a search finds many.
    fn leads_beside_search(&self) -> Vec<Part> {
        if self.candidates.is_none() {
            return Vec::new();
        }
        self.parts.iter().copied().filter(|part| self.is_led(*part)).collect()
    }

    /// The table through which the list is walked, and what it is filtered by there.
    fn through(&self) -> Option<(Through, i64)> {
        if self.parts.contains(&Part::Search) && self.candidates.is_none() {
            return None;
        }
        self.parts.iter().find_map(|part| match part {
            Part::Through(place, through) => Some((*through, self.filters[*place].1.parse().ok()?)),
            _ => None,
        })
    }

    /// True of a part that asks for a column which a table of pairs holds too: those that the list can be sorted by.
    fn is_in_pairs(part: Part) -> bool {
        let Part::Range(column) = part else { return false };
        R::fields().iter().filter_map(|field| field.sort.as_ref()).any(|sort| sort.column == column)
    }

    /// What must hold, beside the pair, of the rows that a table of pairs points to, but for what that holds itself.
    fn beside(&self, through: Through) -> Result<Vec<Clause>> {
        let is_pair = |part: Part| matches!(part, Part::Through(_, other) if other == through);
        let others = self.conditions(R::TABLE, |part| !Self::is_in_pairs(part) && !is_pair(part))?;
        if others.is_empty() {
            return Ok(others);
        }
        let row = format!("EXISTS (SELECT 1 FROM {0} WHERE {0}.id = {1}.{2}", R::TABLE, through.table, through.id);
        Ok(vec![Box::new(narrowed(Fragment::<Bool>::new(row), " AND ", others).sql(")"))])
    }

    /// What these parts ask of a row of a table.
    fn conditions(&self, table: &'static str, which: impl Fn(Part) -> bool) -> Result<Vec<Clause>> {
        let mut conditions: Vec<Clause> = Vec::new();
        for (place, (filter, value)) in self.filters.iter().enumerate() {
            let part = match filter.way {
                Way::Equal(_) => Part::Equal(place),
                Way::Range(column, _) => Part::Range(column),
                Way::Through(through) => Part::Through(place, through),
            };
            if which(part) {
                let condition = (filter.condition)(value, table);
                conditions.push(Box::new(condition.map_err(|allowed| Error::BadRequest(allowed.to_owned()))?));
            }
        }
        for (place, word) in self.words.iter().enumerate() {
            let part = if word.anywhere().is_some() { Part::Search } else { Part::Start(place) };
            if which(part) {
                let condition = search::condition::<R>(word, |table, columns, text| {
                    if self.is_planned() {
                        sql::contains_by_index(table, columns, text, sql::Planning::Anew)
                    } else {
                        sql::contains(self.engine, table, columns, text)
                    }
                });
                conditions.push(Box::new(condition));
            }
        }
        Ok(conditions)
    }
}

/// Rows of which these conditions hold too.
fn narrowed<ST>(rows: Fragment<ST>, begin: &'static str, conditions: Vec<Clause>) -> Fragment<ST> {
    if conditions.is_empty() { rows } else { rows.sql(begin).joined(conditions, " AND ") }
}
