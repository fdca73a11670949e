//! The state of a list, which stands in its URL and nowhere else.

use std::collections::BTreeSet;

use url::form_urlencoded;

use super::Field;
use super::cursor::Cursor;
use super::filter::FilterControl;
use super::listing::words;
use super::resource::Resource;
use crate::error::{Error, Result};

/// How many rows a page may have.
pub const LIMITS: [i64; 3] = [25, 50, 100];
const DEFAULT_LIMIT: i64 = 50;
/// Longest search, in characters, and most words in it.
const MAX_QUERY: usize = 200;
const MAX_WORDS: usize = 10;
/// The cursor before which the last page stands.
const END: &str = "end";

/// Where in the list a page is.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    First,
    After(Cursor),
    Before(Cursor),
    Last,
}

/// What a list is asked to show.
#[derive(Clone, Debug)]
pub struct Query {
    pub q: String,
    pub sort: &'static str,
    pub descending: bool,
    /// By name; none is empty.
    pub filters: Vec<(&'static str, String)>,
    /// What is looked for among the choices of a filter, by the filter's name.
    pub finds: Vec<(&'static str, String)>,
    pub place: Place,
    pub limit: i64,
    /// All rows are to be counted, this once: no link that leads on asks for it again.
    pub counts_all: bool,
}

impl Query {
    /// Reads the query of a URL. What is unknown or can't be read is refused: another list than the one that was asked
    /// for would be a lie.
    pub fn read<R: Resource>(text: &str) -> Result<Self> {
        let mut query = Query::first::<R>();
        let (mut after, mut before) = (None, None);
        check_single(text, |_| false)?;
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let value = value.into_owned();
            match name.as_ref() {
                "q" if R::fields().iter().any(|field| field.search.is_some()) => query.q = value,
                "sort" => (query.sort, query.descending) = sort_of::<R>(&value)?,
                "limit" => query.limit = limit_of(&value)?,
                "count" if value == "all" => query.counts_all = true,
                "count" => return Err(bad("A list is counted as far as usual, or with count=all to the end.")),
                "after" => after = Some(value),
                "before" => before = Some(value),
                name => query.filter::<R>(name, value)?,
            }
        }
        check_search(&query.q)?;
        let cursor = |text: &str| {
            Cursor::decode(text, &query.order())
                .ok_or_else(|| bad("The page of this list can't be found. Start at the first."))
        };
        query.place = match (after, before) {
            (None, None) => Place::First,
            (Some(after), None) => Place::After(cursor(&after)?),
            (None, Some(before)) if before == END => Place::Last,
            (None, Some(before)) => Place::Before(cursor(&before)?),
            (Some(_), Some(_)) => return Err(bad("A page is after or before a place, not both.")),
        };
        Ok(query)
    }

    /// The list as it is when nothing is asked.
    #[must_use]
    pub fn first<R: Resource>() -> Self {
        let usual = R::fields().iter().find_map(|field| Some((field.name, field.sort.as_ref()?.is_newest_first)));
        let (sort, descending) = usual.unwrap_or_default();
        Query {
            q: String::new(),
            sort,
            descending,
            filters: Vec::new(),
            finds: Vec::new(),
            place: Place::First,
            limit: DEFAULT_LIMIT,
            counts_all: false,
        }
    }

    fn filter<R: Resource>(&mut self, name: &str, value: String) -> Result<()> {
        let (name, is_find) = name.strip_prefix("find.").map_or((name, false), |name| (name, true));
        let filter = R::fields().iter().flat_map(|field| &field.filters).find(|filter| filter.name == name);
        let filter = filter.ok_or_else(|| bad(&format!("This list can't be asked for {name:?}.")))?;
        if is_find && !matches!(filter.control, FilterControl::One { .. }) {
            return Err(bad(&format!("This list can't be asked for {name:?}.")));
        }
        if value.is_empty() {
            return Ok(());
        }
        if is_find {
            check_search(&value)?;
            self.finds.push((filter.name, value));
            return Ok(());
        }
        (filter.condition)(&value, R::TABLE).map_err(|allowed| bad(&format!("{}: {allowed}.", filter.label)))?;
        self.filters.push((filter.name, value));
        Ok(())
    }

    /// The order as it stands in the URL: `email` or `-email`.
    #[must_use]
    pub fn order(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.sort)
    }

    /// The pairs that make this list, without the place in it.
    #[must_use]
    pub fn pairs<R: Resource>(&self) -> Vec<(String, String)> {
        let usual = Query::first::<R>();
        let mut pairs = Vec::new();
        let mut pair = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
        if !self.q.is_empty() {
            pair("q", &self.q);
        }
        for (name, value) in &self.filters {
            pair(name, value);
        }
        if self.order() != usual.order() {
            pair("sort", &self.order());
        }
        if self.limit != usual.limit {
            pair("limit", &self.limit.to_string());
        }
        pairs
    }

    /// The address of this list, at its place.
    #[must_use]
    pub fn url<R: Resource>(&self) -> String {
        let mut pairs = self.pairs::<R>();
        match &self.place {
            Place::First => {}
            Place::After(cursor) => pairs.push(("after".into(), cursor.encode())),
            Place::Before(cursor) => pairs.push(("before".into(), cursor.encode())),
            Place::Last => pairs.push(("before".into(), END.into())),
        }
        if pairs.is_empty() {
            return format!("/{}", R::NAME);
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("/{}?{query}", R::NAME)
    }

    /// The address of this list, at its place, with all rows counted.
    #[must_use]
    pub fn counting_url<R: Resource>(&self) -> String {
        let url = self.url::<R>();
        format!("{url}{}count=all", if url.contains('?') { '&' } else { '?' })
    }

    /// The same list at another place.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        Query { place, ..self.clone() }
    }

    /// True when not all records are asked for.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.q.trim().is_empty() || !self.filters.is_empty()
    }
}

/// Refuses a search that is too long to be one, or that no text can hold.
pub fn check_search(q: &str) -> Result<()> {
    if q.chars().count() > MAX_QUERY || words(q).len() > MAX_WORDS {
        return Err(bad(&format!("Search for at most {MAX_WORDS} words of together {MAX_QUERY} characters.")));
    }
    if q.contains('\0') {
        return Err(bad("There is a character in the search that no text can hold."));
    }
    Ok(())
}

/// Refuses an address that says something twice, but for names that may have several values: only one could count.
pub fn check_single(text: &str, has_several: impl Fn(&str) -> bool) -> Result<()> {
    let mut seen = BTreeSet::new();
    let mut names = form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name).filter(|name| !has_several(name));
    let again = names.find(|name| !seen.insert(name.clone()));
    again.map_or(Ok(()), |name| Err(bad(&format!("The address says {name:?} twice."))))
}

fn sort_of<R: Resource>(value: &str) -> Result<(&'static str, bool)> {
    let (name, descending) = value.strip_prefix('-').map_or((value, false), |name| (name, true));
    let field = R::fields().iter().find(|field: &&Field<R>| field.name == name && field.sort.is_some());
    field.map(|field| (field.name, descending)).ok_or_else(|| bad(&format!("This list can't be sorted by {name:?}.")))
}

fn limit_of(value: &str) -> Result<i64> {
    let limit = value.parse().ok().filter(|limit| LIMITS.contains(limit));
    limit.ok_or_else(|| bad("A page has 25, 50 or 100 rows."))
}

fn bad(message: &str) -> Error {
    Error::BadRequest(message.to_owned())
}
