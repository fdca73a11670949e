//! Forms that were taken, by a key: what is sent again, by a retry or a second click, is not done again.

use chrono::TimeDelta;
use diesel::prelude::*;

use crate::db::schema::done_requests;
use crate::db::{AnyConnection, Write, sql};
use crate::models::{NewDoneRequest, Onward};

/// How long they are known.
const KNOWN: TimeDelta = TimeDelta::days(1);

/// Where the answer led when this was done; none while it was not. Waits for whoever is about to do it, and keeps others
/// waiting until the end of this transaction.
pub fn find(w: &mut Write, key_hash: &str) -> QueryResult<Option<Onward>> {
    sql::take_turns_by_key(w.conn, key_hash)?;
    look(w.conn, key_hash)
}

/// As [`find`], without waiting.
pub fn look(conn: &mut AnyConnection, key_hash: &str) -> QueryResult<Option<Onward>> {
    let done = done_requests::table.find(key_hash);
    done.select((done_requests::location, done_requests::notice)).get_result(conn).optional()
}

/// Notes that this is done. What is older than a day goes.
pub fn create(w: &mut Write, key_hash: String, user_id: i64, onward: &Onward) -> QueryResult<()> {
    diesel::delete(done_requests::table.filter(done_requests::done_at.lt(w.at - KNOWN))).execute(w.conn)?;
    let Onward { location, notice } = onward.clone();
    let new = NewDoneRequest { key_hash, user_id, location, notice, done_at: w.at };
    diesel::insert_into(done_requests::table).values(new).execute(w.conn).map(drop)
}
