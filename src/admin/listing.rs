//! A page of a list: its rows and no more, whatever the table holds.

use diesel::BoolExpressionMethods as _;

use super::cursor::Cursor;
use super::query::{Place, Query, words};
use super::resource::Resource;
use super::sort::Sort;
use crate::crud::{Condition, Selection};
use crate::db::AnyConnection;
use crate::error::{Error, Result};

/// Rows are counted no further than this.
pub const COUNTED: i64 = 1000;

/// A page of a list.
pub struct Page<R> {
    pub rows: Vec<R>,
    /// How many rows there are in all, up to [`COUNTED`] + 1, which stands for more.
    pub total: i64,
    /// The number of the first row, counted from 1, where it is known.
    pub start: Option<i64>,
    pub has_previous: bool,
    pub has_next: bool,
}

/// The page that a query asks for.
pub fn page<R: Resource>(conn: &mut AnyConnection, query: &Query) -> Result<Page<R>> {
    let total = R::count_up_to(conn, conditions::<R>(query)?, COUNTED + 1)?;
    let page = rows_at(conn, query, &query.place, total)?;
    // Going back to the beginning, a page that is not full would be there: the first one is meant.
    if matches!(query.place, Place::Before(_)) && !page.has_previous {
        return rows_at(conn, query, &Place::First, total);
    }
    // All that came after may have been deleted since: then the end of what is left is meant.
    if matches!(query.place, Place::After(_)) && page.rows.is_empty() {
        return rows_at(conn, query, &Place::Last, total);
    }
    Ok(page)
}

fn rows_at<R: Resource>(conn: &mut AnyConnection, query: &Query, place: &Place, total: i64) -> Result<Page<R>> {
    let sort = sort::<R>(query.sort)?;
    let is_backward = matches!(place, Place::Before(_) | Place::Last);
    let descending = query.descending != is_backward;
    let mut conditions = conditions::<R>(query)?;
    if let Place::After(cursor) | Place::Before(cursor) = place {
        let beyond = (sort.beyond)(&cursor.key, cursor.id, descending);
        conditions.push(beyond.ok_or_else(|| Error::BadRequest("The page of this list can't be found.".into()))?);
    }
    let mut rows =
        R::select(conn, Selection { conditions, orders: (sort.orders)(descending), limit: query.limit + 1 })?;
    let has_more = rows.len() as i64 > query.limit;
    rows.truncate(usize::try_from(query.limit).unwrap_or_default());
    let count = rows.len() as i64;
    if is_backward {
        rows.reverse();
    }
    let (has_previous, has_next, start) = match place {
        Place::First => (false, has_more, Some(1)),
        Place::After(cursor) => (true, has_more, cursor.number.map(|number| number + 1)),
        Place::Before(cursor) => (has_more, true, cursor.number.map(|number| number - count)),
        Place::Last => (has_more, false, (total <= COUNTED).then_some(total - count + 1)),
    };
    Ok(Page { rows, total, start: start.filter(|start| *start > 0), has_previous, has_next })
}

impl<R: Resource> Page<R> {
    /// The cursor of the first row or of the last.
    pub fn cursor(&self, query: &Query, of_last: bool) -> Option<Cursor> {
        let row = if of_last { self.rows.last() } else { self.rows.first() }?;
        let sort = sort::<R>(query.sort).ok()?;
        let offset = if of_last { self.rows.len() as i64 - 1 } else { 0 };
        let number = self.start.map(|start| start + offset);
        Some(Cursor { sort: query.order(), key: (sort.key)(row), id: row.id(), number })
    }
}

/// The next `limit` rows of a list in its order, after a place or from the first on. Nothing is counted.
pub fn rows_after<R: Resource>(
    conn: &mut AnyConnection,
    query: &Query,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<R>> {
    let place = after.cloned().map_or(Place::First, Place::After);
    let query = Query { limit, ..query.at(Place::First) };
    Ok(rows_at::<R>(conn, &query, &place, 0)?.rows)
}

/// The place of a row in the order of a list.
pub fn cursor_of<R: Resource>(query: &Query, row: &R) -> Option<Cursor> {
    let sort = sort::<R>(query.sort).ok()?;
    Some(Cursor { sort: query.order(), key: (sort.key)(row), id: row.id(), number: None })
}

/// The first records, as [`matches()`] has them, and those with these ids; each once and in no certain order.
pub fn matches_with<R: Resource>(conn: &mut AnyConnection, ids: &[i64], q: &str, limit: i64) -> Result<Vec<R>> {
    Ok(R::select_with(conn, ids, matching::<R>(q, limit)?)?)
}

/// The first records in the usual order.
pub fn first<R: Resource>(conn: &mut AnyConnection, limit: i64) -> Result<Vec<R>> {
    matches(conn, "", limit)
}

/// The first records, in the usual order, in which every word of a search is found.
pub fn matches<R: Resource>(conn: &mut AnyConnection, q: &str, limit: i64) -> Result<Vec<R>> {
    Ok(R::select(conn, matching::<R>(q, limit)?)?)
}

fn matching<R: Resource>(q: &str, limit: i64) -> Result<Selection<R>> {
    super::query::check_search(q)?;
    let query = Query { q: q.to_owned(), ..Query::first::<R>() };
    let orders = (sort::<R>(query.sort)?.orders)(false);
    Ok(Selection { conditions: conditions::<R>(&query)?, orders, limit })
}

fn sort<R: Resource>(name: &str) -> Result<&'static Sort<R>> {
    let field = R::fields().iter().find(|field| field.name == name);
    field.and_then(|field| field.sort.as_ref()).ok_or_else(|| Error::internal("a resource without an order"))
}

/// What must hold of every row: each word is found in some field, each filter is met.
fn conditions<R: Resource>(query: &Query) -> Result<Vec<Condition<R>>> {
    let searches = || R::fields().iter().filter_map(|field| field.search.as_ref());
    let mut conditions: Vec<Condition<R>> = Vec::new();
    for word in words(&query.q) {
        let anywhere = searches().map(|search| search(word));
        conditions.extend(anywhere.reduce(|one, other| -> Condition<R> { Box::new(one.or(other)) }));
    }
    for (name, value) in &query.filters {
        let filter = R::fields().iter().flat_map(|field| &field.filters).find(|filter| filter.name == *name);
        let filter = filter.ok_or_else(|| Error::internal("a query with a filter that is not declared"))?;
        conditions.push((filter.condition)(value).map_err(|allowed| Error::BadRequest(allowed.to_owned()))?);
    }
    Ok(conditions)
}
