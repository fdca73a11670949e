//! Forms that came when their session had ended, sealed. Only the browser that sent one has the token that opens it.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::db::schema::kept_submissions;
use crate::db::{AnyConnection, Write};
use crate::models::{KeptSubmission, NewKeptSubmission};
use crate::token;

/// How long they are kept.
pub const KEPT: TimeDelta = TimeDelta::minutes(15);
/// How many of a user: an ended session is no key to the disk.
const MOST: i64 = 5;

/// Keeps one. Those that ran out go, and of more than five of a user the oldest.
pub fn create(w: &mut Write, token: &str, user_id: i64, ciphertext: String) -> QueryResult<()> {
    delete_expired(w)?;
    let new = NewKeptSubmission { token_hash: token::hash(token), user_id, ciphertext, expires_at: w.at + KEPT };
    diesel::insert_into(kept_submissions::table).values(new).execute(w.conn)?;
    let of_user = kept_submissions::table.filter(kept_submissions::user_id.eq(user_id));
    let by_age = of_user.select(kept_submissions::id).order(kept_submissions::id.desc());
    let too_many: Vec<i64> = by_age.offset(MOST).load(w.conn)?;
    diesel::delete(kept_submissions::table.filter(kept_submissions::id.eq_any(too_many))).execute(w.conn).map(drop)
}

/// Forgets those that ran out.
pub fn delete_expired(w: &mut Write) -> QueryResult<()> {
    let expired = kept_submissions::table.filter(kept_submissions::expires_at.le(w.at));
    diesel::delete(expired).execute(w.conn).map(drop)
}

/// Those of a user that this token opens and that have not run out, the newest first.
pub fn of_user(
    conn: &mut AnyConnection,
    token: &str,
    user_id: i64,
    now: NaiveDateTime,
) -> QueryResult<Vec<KeptSubmission>> {
    kept_submissions::table
        .filter(kept_submissions::user_id.eq(user_id))
        .filter(kept_submissions::token_hash.eq(token::hash(token)))
        .filter(kept_submissions::expires_at.gt(now))
        .order(kept_submissions::id.desc())
        .load(conn)
}

/// Forgets one of a user's.
pub fn delete_of_user(w: &mut Write, user_id: i64, id: i64) -> QueryResult<()> {
    let kept = kept_submissions::table.find(id).filter(kept_submissions::user_id.eq(user_id));
    diesel::delete(kept).execute(w.conn).map(drop)
}
