//! The one-time links by which a user chooses a password, so that nobody else does.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::audit::{self, Action, Event};
use super::{Entity as _, users as accounts};
use crate::db::schema::{password_links, user_roles, users};
use crate::db::{AnyConnection, Write};
use crate::error::Result;
use crate::models::User;
use crate::token;

/// How long a link is valid (OWASP ASVS 5.0, 6.4.1: a short time, and once).
pub const VALID: TimeDelta = TimeDelta::hours(24);

/// Makes a new link for a user, of which only the hash is stored, and gives its token. The user's older links are spoiled.
/// None when there is no such user, or one who is not active.
///
/// Fails when the database does, or the system has no random numbers.
pub fn create(w: &mut Write, user_id: i64) -> Result<Option<String>> {
    // Two that make a link for one user take turns, so that one is valid afterwards.
    let Some(user) = accounts::lock_active(w, user_id)? else { return Ok(None) };
    let token = token::new()?;
    diesel::delete(password_links::table.filter(password_links::expires_at.le(w.at))).execute(w.conn)?;
    delete_all_of_user(w, user_id)?;
    diesel::insert_into(password_links::table)
        .values((
            password_links::token_hash.eq(token::hash(&token)),
            password_links::user_id.eq(user_id),
            password_links::expires_at.eq(w.at + VALID),
            password_links::created_at.eq(w.at),
        ))
        .execute(w.conn)?;
    audit::record(w, Event::new(Action::LINK_CREATE).on(User::NAME, user.id, &user.email))?;
    Ok(Some(token))
}

/// The user whose link has this token; none when it was not given out, is used, spoiled or too old, or the user is not
/// active.
pub fn user_of(conn: &mut AnyConnection, token: &str, now: NaiveDateTime) -> QueryResult<Option<User>> {
    password_links::table
        .inner_join(users::table)
        .filter(password_links::token_hash.eq(token::hash(token)))
        .filter(password_links::expires_at.gt(now))
        .filter(users::is_active)
        .select(users::all_columns)
        .get_result(conn)
        .optional()
}

/// Sets the password of the user whose link has this token, spoils all links of that user and ends all the user's
/// sessions. None as for [`user_of`]; of two who use a link at once, one gets none.
pub fn redeem(w: &mut Write, token: &str, hashed_password: String) -> QueryResult<Option<User>> {
    let Some(user) = user_of(w.conn, token, w.at)? else { return Ok(None) };
    if accounts::lock_active(w, user.id)?.is_none() {
        return Ok(None);
    }
    // Read before the row was locked: somebody may have used the link meanwhile.
    let deleted = diesel::delete(password_links::table.find(token::hash(token))).execute(w.conn)?;
    if deleted == 0 {
        return Ok(None);
    }
    accounts::replace_password(w, user.id, hashed_password, None)
}

/// Spoils the links of all who hold a role.
pub fn delete_all_of_role(w: &mut Write, role_id: i64) -> QueryResult<()> {
    let holders = user_roles::table.filter(user_roles::role_id.eq(role_id)).select(user_roles::user_id);
    diesel::delete(password_links::table.filter(password_links::user_id.eq_any(holders))).execute(w.conn).map(drop)
}

/// Spoils every link of a user.
pub fn delete_all_of_user(w: &mut Write, user_id: i64) -> QueryResult<()> {
    diesel::delete(password_links::table.filter(password_links::user_id.eq(user_id))).execute(w.conn).map(drop)
}
