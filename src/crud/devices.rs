//! Browsers in which somebody has logged in, known again by a cookie (OWASP, "Slow Down Online Guessing Attacks with Device
//! Cookies"). A device is no credential: it lets nobody in, its tries are only counted apart from those of strangers.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::db::schema::devices;
use crate::db::{AnyConnection, Write};
use crate::token;

/// So long after the last login there a browser is forgotten: browsers keep no cookie longer.
pub const KEPT: TimeDelta = TimeDelta::days(400);

/// A user has at most so many; the oldest goes.
const MOST: i64 = 20;

/// So many that are forgotten go with one login.
const PURGED: i64 = 20;

/// Who last logged in with this browser, by the key in its cookie.
pub fn user_of(conn: &mut AnyConnection, token: &str, now: NaiveDateTime) -> QueryResult<Option<i64>> {
    let known = devices::table.find(token::hash(token)).filter(devices::last_seen_at.gt(now - KEPT));
    known.select(devices::user_id).get_result(conn).optional()
}

/// Notes that a user has logged in with a browser, which has a new key from now on. The key that it came with opens nothing
/// any more, so a copy of a cookie is good until the next login only.
pub fn remember(w: &mut Write, user_id: i64, token: &str, former: Option<&str>) -> QueryResult<()> {
    let known_since = match former {
        Some(former) => forget(w, user_id, former)?,
        None => None,
    };
    diesel::insert_into(devices::table)
        .values((
            devices::token_hash.eq(token::hash(token)),
            devices::user_id.eq(user_id),
            devices::created_at.eq(known_since.unwrap_or(w.at)),
            devices::last_seen_at.eq(w.at),
        ))
        .execute(w.conn)?;
    purge(w, user_id)
}

/// Deletes a browser, whoever logged in there last; since when it was known if that was this user.
fn forget(w: &mut Write, user_id: i64, token: &str) -> QueryResult<Option<NaiveDateTime>> {
    let former = diesel::delete(devices::table.find(token::hash(token)))
        .returning((devices::user_id, devices::created_at))
        .get_result::<(i64, NaiveDateTime)>(w.conn)
        .optional()?;
    Ok(former.filter(|(owner, _)| *owner == user_id).map(|(_, created_at)| created_at))
}

fn purge(w: &mut Write, user_id: i64) -> QueryResult<()> {
    let of_user = devices::table.filter(devices::user_id.eq(user_id)).select(devices::token_hash);
    let surplus = of_user.order((devices::last_seen_at.desc(), devices::token_hash)).offset(MOST).limit(PURGED);
    let mut gone: Vec<String> = surplus.load(w.conn)?;
    let over = devices::table.filter(devices::last_seen_at.le(w.at - KEPT)).select(devices::token_hash);
    gone.extend(over.limit(PURGED).load::<String>(w.conn)?);
    if gone.is_empty() {
        return Ok(());
    }
    diesel::delete(devices::table.filter(devices::token_hash.eq_any(gone))).execute(w.conn).map(drop)
}
