//! Sessions: rows, found by the hash of the key in the cookie.

use std::sync::LazyLock;
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::Entity as _;
use super::audit::{self, Action, Change, Event, Value};
use super::second_factors;
use super::users::Held;
use super::{kept_submissions, session_holders};
use crate::browser;
use crate::db::schema::{role_permissions, roles, sessions, user_roles, users};
use crate::db::sql::{Piece, Written};
use crate::db::{AnyConnection, Write, sql};
use crate::models::{NewSession, Session, User};
use crate::token;

/// A session's time of use is written down at most this often, or ten times a rest where that is short: not every page
/// turned is worth a write.
const SEEN_STEP: TimeDelta = TimeDelta::seconds(60);

/// How long a login may wait for the second factor.
const PENDING: TimeDelta = TimeDelta::minutes(10);

/// When sessions end: after a rest, and in any case.
#[derive(Clone, Copy, Debug)]
pub struct Lifetime {
    pub idle: Duration,
    pub max: Duration,
}

impl Lifetime {
    fn is_over(&self, session: &Session, now: NaiveDateTime) -> bool {
        let is_pending_too_long = session.owes_factor && now > session.created_at + PENDING;
        is_pending_too_long || now > session.last_seen_at + self.idle || now > session.created_at + self.max
    }
}

/// So many sessions that are over go with one login.
const PURGED: i64 = 100;

/// A login, on its way to be a session.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    pub user_id: i64,
    pub user_agent: &'a str,
    /// How the person showed who they are; none while the second factor is still to come.
    pub way: Option<&'a str>,
}

/// A session that goes on, with what its user may do and has to do.
#[derive(Clone, Debug)]
pub struct Found {
    pub session: Session,
    pub user: User,
    pub held: Vec<Held>,
    /// A role of the user requires a second factor, and there is none.
    pub lacks_factor: bool,
}

/// Stores a session of the author for a key that the cookie will hold: a login, and on record as one when nothing is still to
/// come. Sessions that are over go.
pub fn create(w: &mut Write, key: &str, opening: Opening, lifetime: Lifetime) -> QueryResult<Session> {
    let Opening { user_id, user_agent, way } = opening;
    end_those_over(w, lifetime)?;
    kept_submissions::delete_expired(w)?;
    if way.is_some() {
        session_holders::add(w, key, user_id, w.at - lifetime.max)?;
    }
    let new = NewSession {
        key_hash: token::hash(key),
        user_id,
        address: w.by.address.chars().take(64).collect(),
        user_agent: user_agent.chars().take(300).collect(),
        created_at: w.at,
        last_seen_at: w.at,
        confirmed_at: Some(w.at),
        owes_factor: way.is_none(),
    };
    let session: Session = diesel::insert_into(sessions::table).values(new).get_result(w.conn)?;
    // That a password was right is worth knowing when nothing follows.
    let (action, way) = way.map_or((Action::LOGIN_BEGUN, "password"), |way| (Action::LOGIN, way));
    let login = Event::new(action).on(User::NAME, user_id, &w.by.name).in_session(session.id);
    audit::record(w, login.changes(vec![Change::text("way", "", way)]))?;
    Ok(session)
}

fn end_those_over(w: &mut Write, lifetime: Lifetime) -> QueryResult<()> {
    let pending_too_long = sessions::owes_factor.and(sessions::created_at.lt(w.at - PENDING));
    let over = sessions::last_seen_at.lt(w.at - lifetime.idle).or(sessions::created_at.lt(w.at - lifetime.max));
    let ids: Vec<i64> =
        sessions::table.filter(over.or(pending_too_long)).select(sessions::id).limit(PURGED).load(w.conn)?;
    if ids.is_empty() {
        return Ok(());
    }
    let ended = diesel::delete(sessions::table.filter(sessions::id.eq_any(ids))).get_results(w.conn)?;
    record_end(w, ended, |event, _| event.by(None, "expiry").from_nowhere())
}

/// Puts the end of sessions on record.
fn record_end(w: &mut Write, mut ended: Vec<Session>, finish: impl Fn(Event, &str) -> Event) -> QueryResult<()> {
    // One that waits for the second factor has not begun yet.
    ended.retain(|session| !session.owes_factor);
    if ended.is_empty() {
        return Ok(());
    }
    let owners: Vec<_> = ended.iter().map(|session| session.user_id).collect();
    let emails = users::table.filter(users::id.eq_any(owners)).select((users::id, users::email));
    let emails: Vec<(i64, String)> = emails.load(w.conn)?;
    let event = |session: Session| {
        let email = emails.iter().find(|(id, _)| *id == session.user_id).map_or("", |(_, email)| email);
        let what =
            Value::named(&session.id, &format!("{} from {}", browser::name(&session.user_agent), session.address));
        let event = Event::new(Action::SESSION_END).on(User::NAME, session.user_id, email);
        finish(event.changes(vec![Change::new("session", vec![what], Vec::new())]), email)
    };
    let events = ended.into_iter().map(event).collect();
    audit::record_all(w, events)
}

/// The session of a key, by its hash, with its user and what the user's roles permit and require, in one query; none when
/// the session has ended or the user is not active. Writes down, now and then, that the session was seen.
pub fn find(
    conn: &mut AnyConnection,
    key_hash: String,
    now: NaiveDateTime,
    lifetime: Lifetime,
) -> QueryResult<Option<Found>> {
    type Row = (Session, User, bool, Option<bool>, Option<bool>, Option<String>);
    type Columns = (sessions::SqlType, users::SqlType, Bool, Nullable<Bool>, Nullable<Bool>, Nullable<Text>);
    static BY_KEY: LazyLock<Written> = LazyLock::new(|| {
        let found = sessions::table
            .inner_join(users::table)
            .left_join(user_roles::table.on(user_roles::user_id.eq(users::id)))
            .left_join(roles::table.on(roles::id.eq(user_roles::role_id)))
            .left_join(role_permissions::table.on(role_permissions::role_id.eq(roles::id)))
            .filter(sessions::key_hash.eq(""))
            .filter(users::is_active);
        Written::of(&found.select((
            sessions::all_columns,
            users::all_columns,
            second_factors::has_one(),
            roles::requires_second_factor.nullable(),
            roles::is_builtin.nullable(),
            role_permissions::permission.nullable(),
        )))
    });
    let rows: Vec<Row> = BY_KEY.with::<Columns>([Piece::Text(key_hash)]).load(conn)?;
    let held = rows.iter().filter_map(|(.., is_builtin, permission)| held(*is_builtin, permission.clone())).collect();
    let lacks_factor = rows.iter().any(|(_, _, has_one, requires, ..)| *requires == Some(true) && !has_one);
    let first = rows.into_iter().next().filter(|(session, ..)| !lifetime.is_over(session, now));
    let Some((session, user, ..)) = first else { return Ok(None) };
    let step = TimeDelta::from_std(lifetime.idle / 10).map_or(SEEN_STEP, |tenth| SEEN_STEP.min(tenth));
    if now - session.last_seen_at >= step {
        let seen = sql::update(sessions::last_seen_at.eq(now), sessions::id.eq(session.id));
        // No reason not to show the page, nor to wait for others who write; the next one will try again.
        if let Err(cause) = sql::at_once(conn, |conn| seen.execute(conn)) {
            tracing::warn!(%cause, "the time of use of a session could not be written down");
        }
    }
    Ok(Some(Found { session, user, held, lacks_factor }))
}

/// As [`find`], of a session that was found before: its key may be another one by now.
pub fn find_again(conn: &mut AnyConnection, id: i64, now: NaiveDateTime, life: Lifetime) -> QueryResult<Option<Found>> {
    let key_hash = sessions::table.find(id).select(sessions::key_hash).get_result(conn).optional()?;
    key_hash.map_or(Ok(None), |key_hash| find(conn, key_hash, now, life))
}

/// Writes down that the own password was given in the author's session, and gives the time of it.
pub fn confirm(w: &mut Write, id: i64) -> QueryResult<NaiveDateTime> {
    set_confirmed(w, id)?;
    let by = (w.by.user_id.unwrap_or_default(), w.by.name.clone());
    audit::record(w, Event::new(Action::CONFIRM).on(User::NAME, by.0, &by.1))?;
    Ok(w.at)
}

/// As [`confirm`], where something else on record tells of it.
pub fn set_confirmed(w: &mut Write, id: i64) -> QueryResult<()> {
    diesel::update(sessions::table.find(id)).set(sessions::confirmed_at.eq(w.at)).execute(w.conn).map(drop)
}

/// Gives a session another key; one that has ended meanwhile stays so.
pub fn renew_key(w: &mut Write, id: i64, key: &str, lifetime: Lifetime) -> QueryResult<()> {
    let renewed = diesel::update(sessions::table.find(id)).set(sessions::key_hash.eq(token::hash(key)));
    let session: Option<Session> = renewed.get_result(w.conn).optional()?;
    let over = w.at - lifetime.max;
    session.map_or(Ok(()), |session| session_holders::add(w, key, session.user_id, over))
}

/// What one row of the joined roles permits: the built-in role everything.
pub(super) fn held(is_builtin: Option<bool>, permission: Option<String>) -> Option<Held> {
    match (is_builtin, permission) {
        (Some(true), _) => Some(None),
        (_, Some(permission)) => Some(Some(permission)),
        _ => None,
    }
}

/// The sessions of a user that have begun and not ended, the newest first; at most 100.
pub fn of_user(
    conn: &mut AnyConnection,
    user_id: i64,
    now: NaiveDateTime,
    lifetime: Lifetime,
) -> QueryResult<Vec<Session>> {
    let lives = sessions::last_seen_at.ge(now - lifetime.idle).and(sessions::created_at.ge(now - lifetime.max));
    let begun = sessions::table.filter(sessions::user_id.eq(user_id)).filter(sessions::owes_factor.eq(false));
    sql::first(begun.filter(lives).order(sessions::id.desc()), 100).load(conn)
}

/// Ends the session of a key, as its holder.
pub fn delete(w: &mut Write, key: &str) -> QueryResult<()> {
    let session = sessions::table.filter(sessions::key_hash.eq(token::hash(key)));
    let ended: Option<Session> = diesel::delete(session).get_result(w.conn).optional()?;
    let Some(session) = ended else { return Ok(()) };
    let (user_id, id) = (session.user_id, session.id);
    record_end(w, vec![session], |event, email| event.by(Some(user_id), email).in_session(id))
}

/// Ends the author's own session: a logout.
pub fn log_out(w: &mut Write, user_id: i64, id: i64) -> QueryResult<()> {
    let session = sessions::table.find(id).filter(sessions::user_id.eq(user_id));
    if diesel::delete(session).execute(w.conn)? > 0 {
        let logout = Event::new(Action::LOGOUT).on(User::NAME, user_id, &w.by.name);
        audit::record(w, logout)?;
    }
    Ok(())
}

/// Ends one session of a user; false when it had ended already.
pub fn delete_of_user(w: &mut Write, user_id: i64, id: i64) -> QueryResult<bool> {
    let session = sessions::table.find(id).filter(sessions::user_id.eq(user_id));
    let ended: Option<Session> = diesel::delete(session).get_result(w.conn).optional()?;
    let was_there = ended.is_some();
    record_end(w, ended.into_iter().collect(), |event, _| event)?;
    Ok(was_there)
}

/// Ends all sessions of a user, but for one if it is given.
pub fn delete_all_of_user(w: &mut Write, user_id: i64, but: Option<i64>) -> QueryResult<()> {
    let others = sessions::table.filter(sessions::user_id.eq(user_id)).filter(sessions::id.ne(but.unwrap_or(0)));
    let ended = diesel::delete(others).get_results(w.conn)?;
    record_end(w, ended, |event, _| event)
}
