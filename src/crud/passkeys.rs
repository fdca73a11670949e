//! Passkeys, and what browsers are asked to sign with them.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::audit::{self, Action, Change, Event};
use super::second_factors;
use crate::db::schema::{passkey_challenges, passkeys};
use crate::db::{AnyConnection, Write, sql};
use crate::error::{Error, Result};
use crate::models::{NewPasskey, Passkey, User};
use crate::token;

/// How long a browser may take to answer.
const ANSWER: TimeDelta = TimeDelta::minutes(5);

/// A user's passkeys, the oldest first.
pub fn of_user(conn: &mut AnyConnection, user_id: i64) -> QueryResult<Vec<Passkey>> {
    sql::first(passkeys::table.filter(passkeys::user_id.eq(user_id)).order(passkeys::id), 100).load(conn)
}

/// The passkey that a device calls by this name, whoever's it is.
pub fn get_by_credential(conn: &mut AnyConnection, credential_id: &str) -> QueryResult<Option<Passkey>> {
    passkeys::table.filter(passkeys::credential_id.eq(credential_id)).get_result(conn).optional()
}

/// Stores a passkey. Fails with the constraint's own error when somebody has it already; see [`is_taken`].
pub fn create(w: &mut Write, new: NewPasskey) -> QueryResult<Passkey> {
    let passkey: Passkey = diesel::insert_into(passkeys::table).values(new).get_result(w.conn)?;
    let added = second_factors::added(&called(&passkey));
    second_factors::record(w, Action::SECOND_FACTOR_ADD, passkey.user_id, added)?;
    Ok(passkey)
}

/// True when a passkey could not be stored because somebody has it already.
#[must_use]
pub fn is_taken(error: &Error) -> bool {
    let Error::Internal(cause) = error else { return false };
    cause.downcast_ref().is_some_and(|cause| sql::taken_column(cause).is_some())
}

/// Writes down that a passkey was used, with its counter as it is now; false when it is gone.
pub fn note_use(w: &mut Write, id: i64, credential: &str) -> QueryResult<bool> {
    let used = (passkeys::credential.eq(credential), passkeys::last_used_at.eq(w.at));
    Ok(diesel::update(passkeys::table.find(id)).set(used).execute(w.conn)? > 0)
}

/// Removes a passkey of this user; false when there was none. The last factor stays while a role requires one.
pub fn remove(w: &mut Write, user_id: i64, id: i64) -> Result<bool> {
    let own = passkeys::table.find(id).filter(passkeys::user_id.eq(user_id));
    if own.get_result::<Passkey>(w.conn).optional()?.is_none() {
        return Ok(false);
    }
    second_factors::keep_a_required_one(w, user_id)?;
    let Some(gone) = diesel::delete(own).get_result(w.conn).optional()? else { return Ok(false) };
    record_removed(w, &gone)?;
    second_factors::drop_idle_codes(w, user_id)?;
    Ok(true)
}

/// Puts an answer that was not right on record, and lets nobody in.
pub fn refuse(w: &mut Write, user_id: Option<i64>) -> QueryResult<Option<User>> {
    if let Some(id) = user_id {
        second_factors::refuse(w, id, "passkey")?;
    } else {
        let refusal = Event::new(Action::LOGIN_REFUSED).changes(vec![Change::text("way", "", "passkey")]);
        audit::record(w, refusal)?;
    }
    Ok(None)
}

/// Keeps what a browser was asked, under a token that the browser has; what nobody answered in time goes.
pub fn ask(w: &mut Write, token: &str, user_id: Option<i64>, ceremony: &str) -> QueryResult<()> {
    diesel::delete(passkey_challenges::table.filter(passkey_challenges::expires_at.le(w.at))).execute(w.conn)?;
    let row = (
        passkey_challenges::token_hash.eq(token::hash(token)),
        passkey_challenges::user_id.eq(user_id),
        passkey_challenges::ceremony.eq(ceremony),
        passkey_challenges::expires_at.eq(w.at + ANSWER),
    );
    diesel::insert_into(passkey_challenges::table).values(row).execute(w.conn).map(drop)
}

/// What the browser with this token was asked, by whom, if it was. It is asked once: a second answer finds nothing.
pub fn answer(w: &mut Write, token: &str) -> QueryResult<Option<(Option<i64>, String)>> {
    type Row = (String, Option<i64>, String, NaiveDateTime);
    let found: Option<Row> =
        diesel::delete(passkey_challenges::table.find(token::hash(token))).get_result(w.conn).optional()?;
    Ok(found.filter(|(.., expires_at)| *expires_at > w.at).map(|(_, user_id, ceremony, _)| (user_id, ceremony)))
}

/// Puts on record that a passkey goes, whole: what is stored of it is public.
pub fn record_removed(w: &mut Write, passkey: &Passkey) -> QueryResult<()> {
    let removed = second_factors::removed(&called(passkey));
    let event = second_factors::event(w, Action::SECOND_FACTOR_REMOVE, passkey.user_id)?;
    audit::record(w, event.changes(removed).whole(passkey))
}

fn called(passkey: &Passkey) -> String {
    format!("passkey {}", passkey.name)
}
