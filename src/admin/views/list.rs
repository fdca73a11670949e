//! The list of an entity.

use std::collections::HashSet;
use std::sync::Arc;

use askama::Template;

use super::bulk_bar::BulkBar;
use super::filters::{FilterControlView, FilterView, Pill, filters, pills};
use super::input::ControlView;
use super::{CellView, Entity, WayBack};
use crate::access::{Action, Actor};
use crate::admin::difference::Part;
use crate::admin::export;
use crate::admin::field::{Counted, Field};
use crate::admin::listing::{self, COUNTED, Count, Page};
use crate::admin::look::Known;
use crate::admin::query::{LIMITS, Place, Query};
use crate::admin::resource::Resource;
use crate::admin::shown::Shown;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::html::Shell;

#[derive(Template)]
#[template(path = "admin/list.html", blocks = ["list"])]
pub struct ListPage {
    pub shell: Shell,
    pub entity: Entity,
    /// None where nothing can be searched.
    pub q: Option<String>,
    /// `1–50 of 312`, or what there is instead.
    pub range: String,
    /// The way to count them all, where they are more than were counted.
    pub count_all: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// None where nothing can be done to many of them.
    pub bulk: Option<BulkBar>,
    pub filters: Vec<FilterView>,
    /// True when the filters are shown opened: something is being looked for among them.
    pub is_finding: bool,
    /// The filters that are set.
    pub pills: Vec<Pill>,
    /// What a search keeps of this list.
    pub kept: Vec<(String, String)>,
    /// What a change of the filters keeps of this list.
    pub kept_by_filters: Vec<(String, String)>,
    pub is_narrowed: bool,
    pub pager: Pager,
    pub limits: Vec<(i64, Option<String>)>,
    /// The ways to export it, for those who may.
    pub exports: Vec<(&'static str, String)>,
}

pub struct Column {
    pub label: &'static str,
    /// The same list in this column's order, or the other way round.
    pub sort: Option<String>,
    /// `ascending` or `descending`, where the list has this order.
    pub sorted: Option<&'static str>,
    pub is_number: bool,
}

pub struct Row {
    pub key: i64,
    pub label: Arc<str>,
    pub cells: Vec<CellView>,
}

/// The ways to other pages of the list; none where there is no such page.
#[derive(Default)]
pub struct Pager {
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub last: Option<String>,
}

impl ListPage {
    pub fn of<R: Resource>(conn: &mut AnyConnection, shell: Shell, actor: &Actor, query: &Query) -> Result<Self> {
        let page = listing::page::<R>(conn, query)?;
        let is_more = page.total > COUNTED;
        let count =
            (is_more && query.counts_all).then(|| listing::count::<R>(conn, query, listing::COUNTING)).transpose()?;
        let total = count.map_or_else(|| total_in_words(&page), Count::in_words);
        let first = query.at(Place::First);
        let filters = filters::<R>(conn, actor, query)?;
        let kept = |drop: &dyn Fn(&str) -> bool| {
            first.pairs::<R>().into_iter().filter(|(name, _)| !drop(name)).collect::<Vec<_>>()
        };
        let is_filter = |name: &str| query.filters.iter().any(|(filter, _)| *filter == name);
        let rows = rows(conn, actor, query, &page)?;
        Ok(ListPage {
            shell,
            entity: Entity::of::<R>(actor),
            q: R::fields().iter().any(|field| field.search.is_some()).then(|| query.q.clone()),
            range: range(&page, &total),
            count_all: (is_more && count.is_none()).then(|| query.counting_url::<R>()),
            columns: columns::<R>(&first, &rows),
            bulk: BulkBar::of(actor, query.url::<R>(), total, &page.rows),
            rows,
            is_finding: query.finds.iter().any(|(name, _)| !is_filter(name)),
            pills: pills::<R>(&first, &filters),
            filters,
            kept: kept(&|name| name == "q"),
            kept_by_filters: kept(&is_filter),
            is_narrowed: query.is_narrowed(),
            pager: pager(query, &page),
            exports: export::links::<R>(actor, &first),
            limits: LIMITS
                .map(|limit| (limit, (limit != query.limit).then(|| Query { limit, ..first.clone() }.url::<R>())))
                .into(),
        })
    }
}

fn rows<R: Resource>(conn: &mut AnyConnection, actor: &Actor, query: &Query, page: &Page<R>) -> Result<Vec<Row>> {
    let back = WayBack::to(Some(&query.url::<R>()));
    let may_update = R::ACTIONS.contains(&Action::Update) && actor.may(Action::Update, R::NAME);
    let known = R::known(conn, actor, &page.rows)?;
    let protected = if may_update { protected(conn, actor, page, &known)? } else { HashSet::new() };
    let listed = || R::fields().iter().filter(|field| field.is_listed);
    let cells = || Vec::with_capacity(listed().count());
    let row = |row: &R| Row { key: row.id(), label: row.label().into(), cells: cells() };
    let mut rows: Vec<Row> = page.rows.iter().map(row).collect();
    let mut counted = 0..;
    for field in listed() {
        let column = match &field.counted {
            Some(of) => counts(of, actor, page, counted.next().unwrap_or_default()),
            None => column(conn, actor, page, &known, field)?,
        };
        for (row, shown) in rows.iter_mut().zip(column) {
            let may_edit = may_update && !protected.contains(&row.key);
            row.cells.push(CellView::shown(field, (row.key, &row.label), shown, may_edit, &back));
        }
    }
    Ok(rows)
}

/// The rows that may not be changed.
fn protected<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    page: &Page<R>,
    known: &[Known],
) -> Result<HashSet<i64>> {
    let refusals: Option<Vec<_>> = known.iter().map(Known::refusals).collect();
    if let Some(refusals) = refusals {
        let is_protected = |refusals: &[(Action, _)]| refusals.iter().any(|(action, _)| *action == Action::Update);
        let rows = page.rows.iter().zip(refusals).filter(|(_, refusals)| is_protected(refusals));
        return Ok(rows.map(|(row, _)| row.id()).collect());
    }
    let protected = R::protected(conn, actor, Action::Update, &page.rows)?;
    Ok(protected.into_iter().map(|(id, _)| id).collect())
}

fn column<R: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    page: &Page<R>,
    known: &[Known],
    field: &Field<R>,
) -> Result<Vec<Shown>> {
    let shown: Option<Vec<_>> = known.iter().map(|known| known.shown(actor, field)).collect();
    match shown.filter(|_| !field.is_listed_otherwise()) {
        Some(shown) => Ok(shown),
        None => Ok(field.column(conn, actor, &page.rows)?),
    }
}

/// A column that was counted with the rows.
fn counts<R: Resource>(of: &Counted, actor: &Actor, page: &Page<R>, place: usize) -> Vec<Shown> {
    let count = |counts: &Vec<i64>| counts.get(place).copied().unwrap_or_default();
    page.rows.iter().zip(&page.counts).map(|(row, counts)| (of.show)(actor, row.id(), count(counts))).collect()
}

fn columns<R: Resource>(query: &Query, rows: &[Row]) -> Vec<Column> {
    let fields = R::fields().iter().filter(|field| field.is_listed).enumerate();
    fields
        .map(|(place, field)| {
            let is_current = field.name == query.sort;
            let next = Query { sort: field.name, descending: is_current && !query.descending, ..query.clone() };
            Column {
                label: field.label,
                sort: field.sort.is_some().then(|| next.url::<R>()),
                sorted: is_current.then_some(if query.descending { "descending" } else { "ascending" }),
                is_number: rows.first().and_then(|row| row.cells.get(place)).is_some_and(|cell| cell.shown.is_number()),
            }
        })
        .collect()
}

fn range<R: Resource>(page: &Page<R>, in_words: &str) -> String {
    let count = page.rows.len() as i64;
    if count == 0 {
        return format!("0 {}", R::MANY);
    }
    // Rows may have come or gone since the place in the list was numbered.
    let end = page.start.map(|start| start + count - 1);
    let total = page.total.max(end.unwrap_or(0)).max(count);
    let total = if page.total > COUNTED { in_words.to_owned() } else { grouped(total) };
    match (page.start, end) {
        (Some(start), Some(end)) => format!("{}–{} of {total}", grouped(start), grouped(end)),
        _ => format!("{count} of {total}"),
    }
}

fn total_in_words<R: Resource>(page: &Page<R>) -> String {
    match page.estimate {
        Some(estimate) => format!("1,000+ (about {})", grouped(rounded(estimate))),
        None if page.total > COUNTED => "1,000+".to_owned(),
        None => grouped(page.total),
    }
}

/// A number of which only the first two digits are meant: 12,345 as 12,000.
fn rounded(n: i64) -> i64 {
    let unit = 10_i64.pow(n.max(1).ilog10().saturating_sub(1));
    (n + unit / 2) / unit * unit
}

/// A number with commas: 12,345.
pub fn grouped(n: i64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn pager<R: Resource>(query: &Query, page: &Page<R>) -> Pager {
    let at = |place| query.at(place).url::<R>();
    let cursor = |of_last| page.cursor(query, of_last);
    Pager {
        first: page.has_previous.then(|| at(Place::First)),
        previous: cursor(false).filter(|_| page.has_previous).map(|cursor| at(Place::Before(cursor))),
        next: cursor(true).filter(|_| page.has_next).map(|cursor| at(Place::After(cursor))),
        last: page.has_next.then(|| at(Place::Last)),
    }
}
