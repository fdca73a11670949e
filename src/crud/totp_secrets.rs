//! The secrets of authenticator apps: set up, confirmed by a first code, asked at each login.

use chrono::TimeDelta;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::audit::Action;
use super::second_factors::{self, Verdict, Way};
use crate::db::schema::totp_secrets;
use crate::db::{AnyConnection, Write, sql};
use crate::error::Result;
use crate::models::{NewTotpSecret, TotpSecret};
use crate::secret::{Place, Secret, Vault};
use crate::totp;

/// What it is called where people read of it.
pub(super) const NAME: &str = "authenticator app";
/// How long a secret waits for its first code.
const PENDING: TimeDelta = TimeDelta::minutes(30);

/// Whether a user has an app that has shown a code.
pub fn is_confirmed(conn: &mut AnyConnection, user_id: i64) -> QueryResult<bool> {
    let confirmed = totp_secrets::table.find(user_id).filter(totp_secrets::confirmed_at.is_not_null());
    diesel::select(exists(confirmed)).get_result(conn)
}

/// Begins to set an app up with a new secret; false when there is one that is confirmed.
pub fn begin(w: &mut Write, secret: &Secret, user_id: i64) -> Result<bool> {
    if is_confirmed(w.conn, user_id)? {
        return Ok(false);
    }
    let ciphertext = secret.seal(place(user_id), &totp::new_secret()?)?;
    let waiting = totp_secrets::table.find(user_id).filter(totp_secrets::confirmed_at.is_null());
    diesel::delete(waiting).execute(w.conn)?;
    let new = NewTotpSecret { user_id, ciphertext, created_at: w.at };
    diesel::insert_into(totp_secrets::table).values(new).execute(w.conn)?;
    Ok(true)
}

/// The secret that waits for its first code, or none; what waits too long has to be begun anew.
pub fn pending(
    conn: &mut AnyConnection,
    secret: &Secret,
    user_id: i64,
    now: chrono::NaiveDateTime,
) -> QueryResult<Option<Vec<u8>>> {
    let waiting = totp_secrets::table.find(user_id).filter(totp_secrets::confirmed_at.is_null());
    let waiting = waiting.filter(totp_secrets::created_at.gt(now - PENDING));
    let found: Option<TotpSecret> = waiting.get_result(conn).optional()?;
    Ok(found.and_then(|row| secret.open(place(user_id), &row.ciphertext)))
}

/// Takes a secret into use when this is a code of it; false when it is not.
pub fn confirm(w: &mut Write, secret: &Secret, user_id: i64, typed: &str) -> QueryResult<bool> {
    let Some(plain) = pending(w.conn, secret, user_id, w.at)? else { return Ok(false) };
    let Some(step) = totp::matching_step(&plain, &totp::normalized(typed), w.at, 0) else { return Ok(false) };
    let waiting = totp_secrets::table.find(user_id).filter(totp_secrets::confirmed_at.is_null());
    let used = (totp_secrets::confirmed_at.eq(w.at), totp_secrets::last_step.eq(step));
    let is_confirmed = diesel::update(waiting).set(used).execute(w.conn)? > 0;
    if is_confirmed {
        second_factors::record(w, Action::SECOND_FACTOR_ADD, user_id, second_factors::added(NAME))?;
    }
    Ok(is_confirmed)
}

/// Judges a code of six digits. Each step is taken once, of two at the same time by one.
pub(super) fn check(w: &mut Write, vault: &Vault, user_id: i64, typed: &str) -> Result<Verdict> {
    let confirmed = totp_secrets::table.find(user_id).filter(totp_secrets::confirmed_at.is_not_null());
    let row: Option<TotpSecret> = confirmed.get_result(w.conn).optional()?;
    let Some(row) = row else { return Ok(Verdict::Wrong) };
    let Some(plain) = opened(vault, &row) else { return Ok(Verdict::Unreadable) };
    let Some(step) = totp::matching_step(&plain, typed, w.at, row.last_step) else { return Ok(Verdict::Wrong) };
    let not_yet = totp_secrets::table.find(user_id).filter(totp_secrets::last_step.lt(step));
    let taken = diesel::update(not_yet).set(totp_secrets::last_step.eq(step)).execute(w.conn)? > 0;
    Ok(if taken { Verdict::Right(Way::Code) } else { Verdict::Wrong })
}

/// Takes a user's app; false when there was none.
pub fn delete(w: &mut Write, user_id: i64) -> QueryResult<bool> {
    let row = totp_secrets::table.find(user_id).filter(totp_secrets::confirmed_at.is_not_null());
    let is_gone = diesel::delete(row).execute(w.conn)? > 0;
    if is_gone {
        second_factors::record(w, Action::SECOND_FACTOR_REMOVE, user_id, second_factors::removed(NAME))?;
    }
    Ok(is_gone)
}

/// Whether any app is set up.
pub fn are_there(conn: &mut AnyConnection) -> QueryResult<bool> {
    let first: Option<i64> =
        sql::first(totp_secrets::table.select(totp_secrets::user_id), 1).get_result(conn).optional()?;
    Ok(first.is_some())
}

/// Whether the secrets that are stored can be read, by the newest of them.
pub fn are_readable(conn: &mut AnyConnection, vault: &Vault) -> QueryResult<bool> {
    let newest = sql::first(totp_secrets::table.order(totp_secrets::created_at.desc()), 1);
    let newest: Option<TotpSecret> = newest.get_result(conn).optional()?;
    Ok(newest.is_none_or(|row| opened(vault, &row).is_some()))
}

fn opened(vault: &Vault, row: &TotpSecret) -> Option<Vec<u8>> {
    let secret = vault.secret().inspect_err(|why| tracing::error!(why, "codes of apps can't be checked")).ok()?;
    let plain = secret.open(place(row.user_id), &row.ciphertext);
    if plain.is_none() {
        tracing::error!(row.user_id, "QUARTERDECK_SECRET is not the one that this app was set up with");
    }
    plain
}

fn place(user_id: i64) -> Place {
    Place { column: "totp_secrets.ciphertext", user_id }
}
