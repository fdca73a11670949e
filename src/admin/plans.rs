//! How the database finds what the declarations let anybody ask for: each order with each filter, each search, and a filter
//! with a search. Whoever adds a field can see here which index leads to it; a test asks for all of that, and fails where none
//! does. Of two filters at once nothing is said: one of them leads, the rows that it finds are passed over by the other.

use diesel::sql_types::BigInt;

use super::filter::{Filter, Through, Way};
use super::listing;
use super::query::{Place, Query};
use super::resource::{COUNT_CAP, Resource};
use super::sort::Sort;
use crate::crud::Selection;
use crate::db::AnyConnection;
use crate::db::sql::{self, Fragment};
use crate::error::{Error, Result};

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Samples {
    /// Values of a filter, by the names of entity and filter.
    pub values: fn(&str, &str) -> Vec<String>,
    /// What is searched for.
    pub searches: &'static [&'static str],
}

/// A statement that the declarations allow, and how the database would answer it.
#[derive(Debug)]
pub struct Plan {
    /// What is asked for: `The list of users sorted by -email, filtered by is_active=false, after a place`.
    pub what: String,
    /// The index that leads to it; none where only the database's index of trigrams does.
    pub lead: Option<Lead>,
    /// True when a walk through the order of the list may be the way, where much is found by the one to which the index leads.
    pub may_walk: bool,
    /// In the database's own words: a line a step, further in what is done for the one above it.
    pub steps: Vec<String>,
}

/// An index, and how far it is looked up by.
#[derive(Clone, Debug)]
pub struct Lead {
    pub table: &'static str,
    pub columns: Vec<&'static str>,
    /// Those of the columns that the place to begin at is found by; the others are the order.
    pub looked_up: Vec<&'static str>,
}

/// A filter with a value, and words that are searched for.
type Narrowing<R> = (Option<(&'static Filter<R>, String)>, &'static str);

/// The plans of all lists, pickers and counts of an entity.
pub fn plans<R: Resource>(conn: &mut AnyConnection, samples: &Samples) -> Result<Vec<Plan>> {
    let mut plans = Vec::new();
    for (name, sort) in R::fields().iter().filter_map(|field| Some((field.name, field.sort.as_ref()?))) {
        for descending in [false, true] {
            for narrowing in narrowings::<R>(samples) {
                let (filter, q) = &narrowing;
                let filters = filter.iter().map(|(filter, value)| (filter.name, value.clone())).collect();
                let query = Query { q: (*q).to_owned(), sort: name, descending, filters, ..Query::first::<R>() };
                let row = listing::rows_after::<R>(conn, &query, None, query.limit)?.pop();
                let row = row.or(R::newest(conn, 1)?.pop()).ok_or_else(|| Error::internal("a table without rows"))?;
                let cursor =
                    listing::cursor_of(&query, &row).ok_or_else(|| Error::internal("a row without a place"))?;
                let places = [
                    ("at its beginning", Place::First),
                    ("at its end", Place::Last),
                    ("after a place", Place::After(cursor.clone())),
                    ("before a place", Place::Before(cursor)),
                ];
                for (words, place) in places {
                    let what = format!("The list of {}, {words}", in_words::<R>(&query));
                    let is_at_place = matches!(place, Place::After(_) | Place::Before(_));
                    plans.push(Plan {
                        what,
                        lead: lead(sort, &narrowing, is_at_place),
                        may_walk: !q.is_empty() || !is_led(sort, filter.as_ref().map(|(filter, _)| *filter)),
                        steps: listing::explain::<R>(conn, &query, &place)?,
                    });
                }
            }
        }
    }
    let searches = if is_searched::<R>() { samples.searches } else { &[] };
    for ids in [&[][..], &[1, 2]] {
        let what = format!("All choices of {} while they are few, with {} chosen", R::NAME, ids.len());
        plans.push(Plan { what, lead: None, may_walk: true, steps: listing::explain_few::<R>(conn, ids)? });
        // Without a search and with nothing chosen: the first of all.
        for q in searches.iter().chain(ids.is_empty().then_some(&"")) {
            let what = format!("The choices of {} for {q:?}, with {} chosen", R::NAME, ids.len());
            let steps = listing::explain_matches::<R>(conn, ids, q)?;
            plans.push(Plan { what, lead: None, may_walk: true, steps });
        }
    }
    for points_to in R::fields().iter().filter_map(|field| field.points_to.as_ref()) {
        let selection = Selection {
            head: None,
            conditions: vec![(points_to.condition)(1)],
            orders: Vec::new(),
            limit: COUNT_CAP + 1,
        };
        let count = Fragment::<BigInt>::new("SELECT ").part(sql::count_of(R::ids(selection)));
        plans.push(Plan {
            what: format!("The count of {} that point to one of {}", R::NAME, points_to.entity),
            lead: None,
            may_walk: false,
            steps: sql::explain(conn, count)?,
        });
    }
    Ok(plans)
}

fn is_searched<R: Resource>() -> bool {
    R::fields().iter().any(|field| field.search.is_some())
}

/// Each filter alone, each search alone, and each filter with a search.
fn narrowings<R: Resource>(samples: &Samples) -> Vec<Narrowing<R>> {
    let searches = if is_searched::<R>() { samples.searches } else { &[] };
    let mut narrowings: Vec<Narrowing<R>> = Vec::new();
    for q in [""].iter().chain(searches) {
        narrowings.push((None, q));
        for filter in R::fields().iter().flat_map(|field| &field.filters) {
            let values = (samples.values)(R::NAME, filter.name);
            narrowings.extend(values.into_iter().map(|value| (Some((filter, value)), *q)));
        }
    }
    narrowings
}

fn in_words<R: Resource>(query: &Query) -> String {
    let mut words = format!("{} sorted by {}", R::NAME, query.order());
    for (name, value) in &query.filters {
        words.extend([", filtered by ", name, "=", value]);
    }
    if !query.q.is_empty() {
        words.extend([", searched for ", &format!("{:?}", query.q)]);
    }
    words
}

/// True when an index holds what a filter finds in this order.
fn is_led<R: Resource>(sort: &Sort<R>, filter: Option<&Filter<R>>) -> bool {
    match filter.map(|filter| filter.way) {
        Some(Way::Range(column, _)) => column == sort.column,
        Some(Way::Equal(_) | Way::Through(_)) | None => true,
    }
}

/// The index that leads to a list, or to a place in it; none where a search leads there.
fn lead<R: Resource>(sort: &Sort<R>, (filter, q): &Narrowing<R>, is_at_place: bool) -> Option<Lead> {
    let filter = filter.as_ref().map(|(filter, _)| *filter);
    if !q.is_empty() {
        return None;
    }
    let order = |id| vec![sort.column, id];
    let (table, mut columns, mut looked_up) = match filter.map(|filter| filter.way) {
        Some(Way::Equal(column)) => (R::TABLE, [vec![column], order("id")].concat(), vec![column]),
        Some(Way::Through(Through { table, id, key })) => (table, [vec![key], order(id)].concat(), vec![key]),
        Some(Way::Range(column, _)) if column != sort.column => {
            return Some(Lead { table: R::TABLE, columns: vec![column, "id"], looked_up: vec![column] });
        }
        Some(Way::Range(column, _)) => (R::TABLE, order("id"), vec![column]),
        None => (R::TABLE, order("id"), Vec::new()),
    };
    if is_at_place {
        looked_up.clone_from(&columns);
    }
    columns.dedup();
    looked_up.dedup();
    Some(Lead { table, columns, looked_up })
}
