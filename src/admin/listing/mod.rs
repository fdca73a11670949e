//! A page of a list: its rows and no more, whatever the table holds.

mod count;
mod path;
mod search;

pub use count::{COUNTING, Count, count};
pub use search::words;

use self::path::{From, Path};
use diesel::sql_types::Bool;

use super::cursor::Cursor;
use super::query::{Place, Query};
use super::resource::Resource;
use super::sort::Sort;
use crate::crud::{Beside, Condition, Selection};
use crate::db::sql::{self, Fragment};
use crate::db::{AnyConnection, Engine};
use crate::error::{Error, Result};

/// Rows are counted no further than this.
pub const COUNTED: i64 = 1000;

/// A page of a list.
pub struct Page<R> {
    pub rows: Vec<R>,
    /// Of each row what is counted of it, in the order of the fields that count.
    pub counts: Vec<Vec<i64>>,
    /// How many rows there are in all, up to [`COUNTED`] + 1, which stands for more.
    pub total: i64,
    /// How many there may be, where they are more and the database knows that without counting.
    pub estimate: Option<i64>,
    /// The number of the first row, counted from 1, where it is known.
    pub start: Option<i64>,
    pub has_previous: bool,
    pub has_next: bool,
}

/// The page that a query asks for.
pub fn page<R: Resource>(conn: &mut AnyConnection, query: &Query) -> Result<Page<R>> {
    let page = page_at(conn, query, &query.place)?;
    // Going back to the beginning, a page that is not full would be there: the first one is meant.
    if matches!(query.place, Place::Before(_)) && !page.has_previous {
        return page_at(conn, query, &Place::First);
    }
    // All that came after may have been deleted since: then the end of what is left is meant.
    if matches!(query.place, Place::After(_)) && page.rows.is_empty() {
        return page_at(conn, query, &Place::Last);
    }
    Ok(page)
}

fn page_at<R: Resource>(conn: &mut AnyConnection, query: &Query, place: &Place) -> Result<Page<R>> {
    let (is_backward, from) = from(query, place);
    let path = Path::of(conn.engine(), query, sort::<R>(query.sort)?)?;
    let mut rows = R::page(conn, path.selection(from)?, beside(conn, &path)?)?;
    let has_more = rows.len() as i64 > query.limit;
    rows.truncate(usize::try_from(query.limit).unwrap_or_default());
    let count = rows.len() as i64;
    if is_backward {
        rows.reverse();
    }
    let (total, estimate) = rows.first().map_or((0, 0), |(_, total, estimate, _)| (*total, *estimate));
    // What is all on one page is known without that.
    let total = if *place == Place::First && !has_more { count } else { total };
    let (has_previous, has_next, start) = match place {
        Place::First => (false, has_more, Some(1)),
        Place::After(cursor) => (true, has_more, cursor.number.map(|number| number + 1)),
        Place::Before(cursor) => (has_more, true, cursor.number.map(|number| number - count)),
        Place::Last => (has_more, false, (total <= COUNTED).then_some(total - count + 1)),
    };
    let start = start.filter(|start| *start > 0);
    let estimate = Some(estimate).filter(|estimate| total > COUNTED && *estimate > COUNTED);
    let (rows, counts) = rows.into_iter().map(|(row, _, _, counts)| (row, numbers(&counts))).unzip();
    Ok(Page { rows, counts, total, estimate, start, has_previous, has_next })
}

/// The direction of a place, and where in it to go on.
fn from<'a>(query: &Query, place: &'a Place) -> (bool, From<'a>) {
    let is_backward = matches!(place, Place::Before(_) | Place::Last);
    let cursor = match place {
        Place::After(cursor) | Place::Before(cursor) => Some(cursor),
        Place::First | Place::Last => None,
    };
    (is_backward, From { cursor, descending: query.descending != is_backward, limit: query.limit + 1 })
}

/// What a page shows beside its rows.
fn beside<R: Resource>(conn: &AnyConnection, path: &Path<R>) -> Result<Beside> {
    let counted = R::fields().iter().filter_map(|field| field.counted.as_ref());
    let each = |counted: &super::field::Counted| {
        sql::count_related(counted.table, counted.column, R::TABLE, super::COUNT_CAP + 1)
    };
    let counts: Vec<_> = counted.map(|counted| Fragment::<()>::new("").part(each(counted)).sql(" || ','")).collect();
    Ok(Beside {
        total: if path.is_whole() {
            sql::total(conn.engine(), R::TABLE, COUNTED + 1)
        } else {
            path.total(COUNTED + 1)?
        },
        estimate: if path.is_whole() {
            sql::estimate(conn.engine(), R::TABLE)
        } else {
            Fragment::new("CAST(0 AS BIGINT)")
        },
        counts: if counts.is_empty() { Fragment::new("''") } else { Fragment::new("").joined(counts, " || ") },
    })
}

/// How the database would answer [`page`] at a place, in its own words.
pub fn explain<R: Resource>(conn: &mut AnyConnection, query: &Query, place: &Place) -> Result<Vec<String>> {
    let path = Path::of(conn.engine(), query, sort::<R>(query.sort)?)?;
    let (_, from) = from(query, place);
    let beside = beside(conn, &path)?;
    Ok(R::explain(conn, path.selection(from)?, beside)?)
}

/// As [`explain`], of [`matches_with`].
pub fn explain_matches<R: Resource>(conn: &mut AnyConnection, ids: &[i64], q: &str) -> Result<Vec<String>> {
    let selection = matching::<R>(conn.engine(), q, super::picker::MATCHES)?;
    explain_with(conn, ids, selection)
}

/// As [`explain`], of [`few_with`].
pub fn explain_few<R: Resource>(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<String>> {
    let selection = few::<R>(conn.engine(), super::picker::FEW);
    explain_with(conn, ids, selection)
}

fn explain_with<R: Resource>(conn: &mut AnyConnection, ids: &[i64], selection: Selection<R>) -> Result<Vec<String>> {
    Ok(R::explain(conn, with(conn.engine(), ids, selection), Beside::nothing())?)
}

fn numbers(text: &str) -> Vec<i64> {
    text.split_terminator(',').filter_map(|number| number.parse().ok()).collect()
}

impl<R: Resource> Page<R> {
    /// The cursor of the first row or of the last.
    pub fn cursor(&self, query: &Query, of_last: bool) -> Option<Cursor> {
        let row = if of_last { self.rows.last() } else { self.rows.first() }?;
        let offset = if of_last { self.rows.len() as i64 - 1 } else { 0 };
        let number = self.start.map(|start| start + offset);
        cursor_of(query, row).map(|cursor| Cursor { number, ..cursor })
    }
}

/// The next `limit` rows of a list in its order, after a place or from the first on. Nothing is counted.
pub fn rows_after<R: Resource>(
    conn: &mut AnyConnection,
    query: &Query,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<R>> {
    let path = Path::of(conn.engine(), query, sort::<R>(query.sort)?)?;
    let from = From { cursor: after, descending: query.descending, limit };
    Ok(R::select(conn, path.selection(from)?)?)
}

/// The place of a row in the order of a list.
pub fn cursor_of<R: Resource>(query: &Query, row: &R) -> Option<Cursor> {
    let sort = sort::<R>(query.sort).ok()?;
    Some(Cursor { sort: query.order(), key: (sort.key)(row), id: row.id(), number: None })
}

/// The first records, as [`matches()`] has them, and those with these ids; each once and in no certain order.
pub fn matches_with<R: Resource>(conn: &mut AnyConnection, ids: &[i64], q: &str, limit: i64) -> Result<Vec<R>> {
    Ok(R::select_with(conn, ids, matching::<R>(conn.engine(), q, limit)?)?)
}

/// All records while there are at most so many, else none but those with these ids; and whether these are all. Each once and in
/// no certain order.
pub fn few_with<R: Resource>(conn: &mut AnyConnection, ids: &[i64], most: i64) -> Result<(Vec<R>, bool)> {
    let beside = Beside { total: sql::count_up_to(R::TABLE, most + 1), ..Beside::nothing() };
    let rows = R::page(conn, with(conn.engine(), ids, few::<R>(conn.engine(), most)), beside)?;
    let are_all = rows.iter().all(|(_, total, ..)| *total <= most);
    let is_meant = |row: &R| are_all || ids.contains(&row.id());
    Ok((rows.into_iter().map(|(row, ..)| row).filter(is_meant).collect(), are_all))
}

/// All of the rows if they are at most so many, else one of them, with which their number comes.
fn few<R: Resource>(engine: Engine, most: i64) -> Selection<R> {
    let table = R::TABLE;
    let are_few = Fragment::<Bool>::new("").part(sql::count_up_to(R::TABLE, most + 1)).sql(format!(" <= {most}"));
    let gate = sql::gate(engine, vec![Box::new(are_few)], most);
    let one = format!("{table}.id IN (SELECT one.id FROM (SELECT {table}.id FROM {table} LIMIT 1) AS one UNION ALL ");
    let mut few = Fragment::<Bool>::new(one).sql(format!("SELECT few.id FROM (SELECT {table}.id FROM {table}"));
    if !gate.conditions.is_empty() {
        few = few.sql(" WHERE ").joined(gate.conditions, " AND ");
    }
    let is_one = few.sql(" LIMIT ").part(gate.limit).sql(") AS few)");
    Selection { head: None, conditions: vec![Box::new(is_one)], orders: Vec::new(), limit: most }
}

/// The rows of a selection, and those with these ids.
fn with<R: Resource>(engine: Engine, ids: &[i64], selection: Selection<R>) -> Selection<R> {
    if ids.is_empty() {
        return selection;
    }
    let limit = selection.limit + ids.len() as i64;
    Selection { head: None, conditions: vec![R::among_either(engine, ids, selection)], orders: Vec::new(), limit }
}

/// The first records in the usual order.
pub fn first<R: Resource>(conn: &mut AnyConnection, limit: i64) -> Result<Vec<R>> {
    matches(conn, "", limit)
}

/// The first records, in the usual order, in which every word of a search is found.
pub fn matches<R: Resource>(conn: &mut AnyConnection, q: &str, limit: i64) -> Result<Vec<R>> {
    Ok(R::select(conn, matching::<R>(conn.engine(), q, limit)?)?)
}

fn matching<R: Resource>(engine: Engine, q: &str, limit: i64) -> Result<Selection<R>> {
    super::query::check_search(q)?;
    let query = Query { q: q.to_owned(), ..Query::first::<R>() };
    let path = Path::of(engine, &query, sort::<R>(query.sort)?)?;
    path.selection(From { cursor: None, descending: false, limit })
}

fn sort<R: Resource>(name: &str) -> Result<&'static Sort<R>> {
    let field = R::fields().iter().find(|field| field.name == name);
    field.and_then(|field| field.sort.as_ref()).ok_or_else(|| Error::internal("a resource without an order"))
}

/// What must hold of every row of a list, wherever in its order it is.
pub fn conditions<R: Resource>(engine: Engine, query: &Query) -> Result<Vec<Condition<R>>> {
    Path::of(engine, query, sort::<R>(query.sort)?)?.whole()
}
