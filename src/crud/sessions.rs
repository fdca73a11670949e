//! Sessions: rows, found by the hash of the key in the cookie.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::users::Held;
use crate::db::schema::{role_permissions, roles, sessions, user_roles, users};
use crate::db::{AnyConnection, Write};
use crate::models::{NewSession, Session, User};
use crate::token;

/// A session's time of use is written down at most this often, or ten times a rest where that is short: not every page
/// turned is worth a write.
const SEEN_STEP: TimeDelta = TimeDelta::seconds(60);

/// When sessions end: after a rest, and in any case.
#[derive(Clone, Copy, Debug)]
pub struct Lifetime {
    pub idle: Duration,
    pub max: Duration,
}

impl Lifetime {
    fn is_over(&self, session: &Session, now: NaiveDateTime) -> bool {
        now > session.last_seen_at + self.idle || now > session.created_at + self.max
    }
}

/// Stores a session for a key that the cookie will hold. Sessions that are over go.
pub fn create(
    w: &mut Write,
    key: &str,
    user_id: i64,
    address: &str,
    user_agent: &str,
    lifetime: Lifetime,
) -> QueryResult<Session> {
    let over = sessions::last_seen_at.lt(w.at - lifetime.idle).or(sessions::created_at.lt(w.at - lifetime.max));
    diesel::delete(sessions::table.filter(over)).execute(w.conn)?;
    let new = NewSession {
        key_hash: token::hash(key),
        user_id,
        address: address.chars().take(64).collect(),
        user_agent: user_agent.chars().take(300).collect(),
        created_at: w.at,
        last_seen_at: w.at,
    };
    diesel::insert_into(sessions::table).values(new).get_result(w.conn)
}

/// The session of a key with its user and what the user's roles permit, in one query; none when the session has ended or
/// the user is not active. Writes down, now and then, that the session was seen.
pub fn find(
    conn: &mut AnyConnection,
    key: &str,
    now: NaiveDateTime,
    lifetime: Lifetime,
) -> QueryResult<Option<(Session, User, Vec<Held>)>> {
    type Row = (Session, User, Option<bool>, Option<String>);
    let rows: Vec<Row> = sessions::table
        .inner_join(
            users::table.left_join(user_roles::table.inner_join(roles::table.left_join(role_permissions::table))),
        )
        .filter(sessions::key_hash.eq(token::hash(key)))
        .filter(users::is_active)
        .select((
            sessions::all_columns,
            users::all_columns,
            roles::is_builtin.nullable(),
            role_permissions::permission.nullable(),
        ))
        .load(conn)?;
    let held = rows.iter().filter_map(|(.., is_builtin, permission)| held(*is_builtin, permission.clone())).collect();
    let first = rows.into_iter().next().filter(|(session, ..)| !lifetime.is_over(session, now));
    let Some((session, user, ..)) = first else { return Ok(None) };
    let step = TimeDelta::from_std(lifetime.idle / 10).map_or(SEEN_STEP, |tenth| SEEN_STEP.min(tenth));
    if now - session.last_seen_at >= step {
        let seen = diesel::update(sessions::table.find(session.id)).set(sessions::last_seen_at.eq(now)).execute(conn);
        if let Err(cause) = seen {
            // No reason not to show the page; the next one will try again.
            tracing::warn!(%cause, "the time of use of a session could not be written down");
        }
    }
    Ok(Some((session, user, held)))
}

/// What one row of the joined roles permits: the built-in role everything.
fn held(is_builtin: Option<bool>, permission: Option<String>) -> Option<Held> {
    match (is_builtin, permission) {
        (Some(true), _) => Some(None),
        (_, Some(permission)) => Some(Some(permission)),
        _ => None,
    }
}

/// The sessions of a user that have not ended, the newest first; at most 100.
pub fn of_user(
    conn: &mut AnyConnection,
    user_id: i64,
    now: NaiveDateTime,
    lifetime: Lifetime,
) -> QueryResult<Vec<Session>> {
    let mut found: Vec<Session> =
        sessions::table.filter(sessions::user_id.eq(user_id)).order(sessions::id.desc()).limit(100).load(conn)?;
    found.retain(|session| !lifetime.is_over(session, now));
    Ok(found)
}

/// Ends the session of a key.
pub fn delete(w: &mut Write, key: &str) -> QueryResult<()> {
    diesel::delete(sessions::table.filter(sessions::key_hash.eq(token::hash(key)))).execute(w.conn).map(drop)
}

/// Ends one session of a user; false when it had ended already.
pub fn delete_of_user(w: &mut Write, user_id: i64, id: i64) -> QueryResult<bool> {
    let session = sessions::table.find(id).filter(sessions::user_id.eq(user_id));
    Ok(diesel::delete(session).execute(w.conn)? > 0)
}

/// Ends all sessions of a user, but for one if it is given.
pub fn delete_all_of_user(w: &mut Write, user_id: i64, but: Option<i64>) -> QueryResult<()> {
    let others = sessions::table.filter(sessions::user_id.eq(user_id)).filter(sessions::id.ne(but.unwrap_or(0)));
    diesel::delete(others).execute(w.conn).map(drop)
}
