//! Whom a session's key was given to. It outlives the session, however that ended: what comes with the key afterwards is
//! that person's, and nobody else's.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::db::schema::session_holders;
use crate::db::{AnyConnection, Write};
use crate::token;

/// How long it is known beyond the longest life of a session: pages stay open for a while.
const BEYOND: TimeDelta = TimeDelta::days(1);

/// Notes whose key this is. Those given out so long before `over` that no page of theirs is open go.
pub fn add(w: &mut Write, key: &str, user_id: i64, over: NaiveDateTime) -> QueryResult<()> {
    diesel::delete(session_holders::table.filter(session_holders::created_at.lt(over - BEYOND))).execute(w.conn)?;
    let new = (
        session_holders::key_hash.eq(token::hash(key)),
        session_holders::user_id.eq(user_id),
        session_holders::created_at.eq(w.at),
    );
    diesel::insert_into(session_holders::table).values(new).execute(w.conn).map(drop)
}

/// The user whom this key was given to.
pub fn find(conn: &mut AnyConnection, key: &str) -> QueryResult<Option<i64>> {
    let holder = session_holders::table.find(token::hash(key));
    holder.select(session_holders::user_id).get_result(conn).optional()
}
