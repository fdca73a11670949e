//! Locks: an account that nobody can log in with, and why. Each of them is one action on record, with its reason.

use diesel::prelude::*;

use super::audit::{self, Action, Change, Event};
use super::{Crud as _, Entity as _, administrators, password_links, sessions, throttles, users};
use crate::db::schema::account_locks;
use crate::db::{AnyConnection, Write, sql};
use crate::models::{AccountLock, User, UserChanges};

/// The longest reason, in characters.
pub const MAX_REASON: usize = 500;

/// What became of the wish to lock an account.
pub enum Locking {
    Locked(User),
    /// Somebody must be able to administer.
    LastAdministrator,
    Unknown,
}

/// What is wrong with a reason.
#[must_use]
pub fn refusal(reason: &str) -> Option<String> {
    let length = reason.chars().count();
    if length == 0 {
        return Some("Say why, for whoever wonders later.".into());
    }
    if length > MAX_REASON {
        return Some(format!("Use at most {MAX_REASON} characters; these are {length}."));
    }
    let is_strange = |c: char| c.is_control() && c != '\n' && c != '\t';
    reason.contains(is_strange).then(|| "There is a character in it that can't be shown. Remove it.".into())
}

/// The locks of those of these users whose accounts are locked, in one query.
pub fn of_users(conn: &mut AnyConnection, user_ids: &[i64]) -> QueryResult<Vec<AccountLock>> {
    account_locks::table.filter(sql::among(conn.engine(), account_locks::user_id, user_ids)).load(conn)
}

/// Puts on record that a lock goes with its account.
pub fn record_end(w: &mut Write, user: &User) -> QueryResult<()> {
    let Some(lock) = of_users(w.conn, &[user.id])?.pop() else { return Ok(()) };
    let event = Event::new(Action::UPDATE).on(User::NAME, user.id, &user.email);
    audit::record(w, event.changes(vec![Change::text("lock", &lock.reason, "")]).whole(&lock))
}

/// Locks an account for a reason that is no [`refusal`]: nobody can log in with it, its sessions end, links to choose a
/// password are spoiled. One that is locked already is locked for this reason from now on.
pub fn lock(w: &mut Write, id: i64, reason: &str) -> QueryResult<Locking> {
    users::decide_administrators(w)?;
    // Read after the turn is had: what was read before may have changed.
    let Some(mut user) = User::get(w.conn, id)? else { return Ok(Locking::Unknown) };
    let mut changes = Vec::new();
    if user.is_active {
        if administrators::is_last(w, id)? {
            return Ok(Locking::LastAdministrator);
        }
        user = set_active(w, id, false)?;
        changes.push(Change::text("is_active", "true", "false"));
    }
    let event = Event::new(Action::LOCK).on(User::NAME, id, &user.email).changes(changes).reason(reason);
    audit::record(w, event)?;
    // After the row is changed: a login that was quicker has made its session by then, a later one is refused.
    sessions::delete_all_of_user(w, id, None)?;
    password_links::delete_all_of_user(w, id)?;
    let (by_id, by_name) = (w.by.user_id, w.by.name.clone());
    let lock = AccountLock { user_id: id, reason: reason.to_owned(), at: w.at, by_id, by_name };
    delete(w, id)?;
    diesel::insert_into(account_locks::table).values(lock).execute(w.conn)?;
    Ok(Locking::Locked(user))
}

/// What an account was unlocked from.
pub struct Unlocked {
    pub user: User,
    pub was_inactive: bool,
    /// Whether failed logins were counted for it.
    pub was_held: bool,
}

/// Makes an account active again, whatever it is not active for, and lets it be tried at once; none when there is no such
/// user. Its sessions stay ended.
pub fn unlock(w: &mut Write, id: i64) -> QueryResult<Option<Unlocked>> {
    let Some(user) = User::get(w.conn, id)? else { return Ok(None) };
    let was_held = throttles::clear_user(w, &user)?;
    if user.is_active {
        return Ok(Some(Unlocked { user, was_inactive: false, was_held }));
    }
    // The lock goes with it, by a trigger.
    let user = set_active(w, id, true)?;
    let event = Event::new(Action::UNLOCK).on(User::NAME, id, &user.email);
    audit::record(w, event.changes(vec![Change::text("is_active", "false", "true")]))?;
    Ok(Some(Unlocked { user, was_inactive: true, was_held }))
}

fn set_active(w: &mut Write, id: i64, is_active: bool) -> QueryResult<User> {
    let changes = UserChanges { is_active: Some(is_active), ..Default::default() };
    User::update(w, id, &changes)?.ok_or(diesel::result::Error::NotFound)
}

fn delete(w: &mut Write, id: i64) -> QueryResult<()> {
    diesel::delete(account_locks::table.find(id)).execute(w.conn).map(drop)
}
