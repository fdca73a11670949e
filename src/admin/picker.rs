//! Choosing a record of another entity: all of them while they are few, a search when they are many.

use super::control::{Choice, Offer, Offered};
use super::listing;
use super::resource::Resource;
use crate::access::{Action, Actor};
use crate::db::AnyConnection;
use crate::error::Result;

/// Up to so many records are all shown.
pub const FEW: i64 = 30;
/// A search shows at most so many.
pub const MATCHES: i64 = 20;

/// Offers records of `T`, to those who may see them; what is chosen already is always shown.
pub fn offer<T: Resource>() -> Offer {
    Box::new(|conn, actor, query, chosen| {
        let (records, is_partial) = records::<T>(conn, actor, query, chosen)?;
        Ok(Offered { choices: records.iter().map(choice).collect(), is_partial })
    })
}

/// The records to choose from: those chosen already, and all while they are few, else those that match. The second
/// value is true when there may be more.
pub fn records<T: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    query: Option<&str>,
    chosen: &[String],
) -> Result<(Vec<T>, bool)> {
    let ids: Vec<i64> = chosen.iter().filter_map(|value| value.parse().ok()).collect();
    let mut records = T::get_many(conn, &ids)?;
    if !actor.may(Action::View, T::NAME) {
        return Ok((records, false));
    }
    let query = query.map(str::trim).filter(|query| !query.is_empty());
    let mut others = match query {
        Some(query) => listing::matches::<T>(conn, query, MATCHES)?,
        None => listing::first::<T>(conn, FEW + 1)?,
    };
    let is_partial = query.is_some() || others.len() > FEW as usize;
    if query.is_none() && is_partial {
        others.clear();
    }
    records.extend(others.into_iter().filter(|record| !ids.contains(&record.id())));
    records.sort_by_cached_key(|record| record.label().to_lowercase());
    Ok((records, is_partial))
}

/// A record as a choice.
pub fn choice<T: Resource>(record: &T) -> Choice {
    Choice { value: record.id().to_string(), label: record.label(), group: String::new(), fixed: None }
}
