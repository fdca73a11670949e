//! What is held now, for those who administer users, and the end of it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Key;
use super::key::ADDRESS;
use crate::crud::Entity as _;
use crate::crud::audit::{self, Action, Change, Event};
use crate::db::schema::{login_throttles, users};
use crate::db::{AnyConnection, Write, sql};
use crate::models::{LoginThrottle, User};

/// What waits, and for how long.
#[derive(Clone, Debug)]
pub struct Held {
    pub whose: Whose,
    /// What of it, in words: the account, a browser of the user.
    pub what: &'static str,
    /// Of the day of the last one.
    pub failures: i64,
    pub until: NaiveDateTime,
    pub last_failed_at: NaiveDateTime,
}

/// Whose tries they are.
#[derive(Clone, Debug)]
pub enum Whose {
    User { id: i64, email: String },
    Address(String),
}

impl Held {
    fn of(row: &LoginThrottle, user: Option<(i64, String)>) -> Self {
        let what = match row.key.split(':').next() {
            Some("address") => "Address of the network",
            Some("device") => "Browser of the user",
            Some("own_password") => "Password, asked for again",
            Some("second_factor") => "Second factor",
            _ => "Account",
        };
        let whose = match user {
            Some((id, email)) => Whose::User { id, email },
            None => Whose::Address(row.key.trim_start_matches(ADDRESS).to_owned()),
        };
        Held { whose, what, failures: row.failures, until: row.held_until, last_failed_at: row.last_failed_at }
    }
}

/// Accounts of users and addresses that are held now, the newest first, and not more than `limit` of them.
pub fn held(conn: &mut AnyConnection, now: NaiveDateTime, limit: i64) -> QueryResult<Vec<Held>> {
    let rows: Vec<(LoginThrottle, Option<(i64, String)>)> = login_throttles::table
        .left_join(users::table)
        .filter(login_throttles::held_until.gt(now))
        .filter(login_throttles::user_id.is_not_null().or(login_throttles::key.like(format!("{ADDRESS}%"))))
        .order((login_throttles::last_failed_at.desc(), login_throttles::key))
        .limit(limit)
        .select((login_throttles::all_columns, (users::id, users::email).nullable()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(row, user)| Held::of(&row, user)).collect())
}

/// How many accounts that nobody has are held now, counted no further than `cap`. Nobody is told which: what was typed may be
/// a password.
pub fn count_nobodys(conn: &mut AnyConnection, now: NaiveDateTime, cap: i64) -> QueryResult<i64> {
    let nobodys = login_throttles::table
        .filter(login_throttles::held_until.gt(now))
        .filter(login_throttles::user_id.is_null())
        .filter(login_throttles::key.not_like(format!("{ADDRESS}%")))
        .select(login_throttles::key)
        .limit(cap);
    diesel::select(sql::count_of(nobodys)).get_result(conn)
}

/// What is counted for a user, held now or not, what was tried last before all else.
pub fn of_user(conn: &mut AnyConnection, user: &User) -> QueryResult<Vec<Held>> {
    let rows: Vec<LoginThrottle> = login_throttles::table
        .filter(login_throttles::user_id.eq(user.id).or(login_throttles::key.eq(Key::account(&user.email, None).name)))
        .order((login_throttles::last_failed_at.desc(), login_throttles::key))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Held::of(&row, Some((user.id, user.email.clone())))).collect())
}

/// Forgets what is counted for a user; false when there was nothing.
pub fn clear_user(w: &mut Write, user: &User) -> QueryResult<bool> {
    let of_user =
        login_throttles::user_id.eq(user.id).or(login_throttles::key.eq(Key::account(&user.email, None).name));
    let cleared = diesel::delete(login_throttles::table.filter(of_user)).execute(w.conn)? > 0;
    if cleared {
        audit::record(w, Event::new(Action::HOLD_CLEAR).on(User::NAME, user.id, &user.email))?;
    }
    Ok(cleared)
}

/// Forgets what is counted for an address, in the words of [`Whose::Address`]; false when there was nothing.
pub fn clear_address(w: &mut Write, address: &str) -> QueryResult<bool> {
    let cleared = diesel::delete(login_throttles::table.find(Key::counted_address(address))).execute(w.conn)? > 0;
    if cleared {
        let change = Change::text("address", address, "");
        audit::record(w, Event::new(Action::HOLD_CLEAR).changes(vec![change]))?;
    }
    Ok(cleared)
}
