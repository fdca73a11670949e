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

/// Offers records of `T`.
pub fn offer<T: Resource>() -> Offer {
    Box::new(offered::<T>)
}

/// The records to choose from: those chosen already, and all while they are few, else those that match. Who may not see
/// them gets those chosen by number only: a request can name any.
pub fn offered<T: Resource>(
    conn: &mut AnyConnection,
    actor: &Actor,
    query: Option<&str>,
    chosen: &[String],
) -> Result<Offered> {
    let ids: Vec<i64> = chosen.iter().filter_map(|value| value.parse().ok()).collect();
    if !actor.may(Action::View, T::NAME) {
        let numbered = |id: i64| Choice { label: format!("{} {id}", T::ONE), ..Choice::new(id.to_string()) };
        return Ok(Offered { choices: ids.into_iter().map(numbered).collect(), is_partial: false });
    }
    let query = query.map(str::trim).filter(|query| !query.is_empty());
    let (mut records, are_all) = if let Some(query) = query {
        (listing::matches_with::<T>(conn, &ids, query, MATCHES)?, false)
    } else {
        listing::few_with::<T>(conn, &ids, FEW)?
    };
    records.sort_by_cached_key(|record| record.label().to_lowercase());
    Ok(Offered { choices: records.iter().map(choice).collect(), is_partial: !are_all })
}

/// A record as a choice.
pub fn choice<T: Resource>(record: &T) -> Choice {
    Choice { label: record.label(), ..Choice::new(record.id().to_string()) }
}
