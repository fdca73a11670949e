//! Second factors: whether there are any, whether there must be, and what becomes of all of them at once.

use diesel::dsl::{auto_type, exists};
use diesel::prelude::*;

use super::audit::{self, Action, Change, Event};
use super::throttles::{self, Key, Tried};
use super::{Entity as _, passkeys, recovery_codes, sessions, totp_secrets};
use crate::db::schema::{
    passkeys as passkeys_table, recovery_codes as codes_table, roles, totp_secrets as totp_table, user_roles, users,
};
use crate::db::{AnyConnection, Write};
use crate::error::{Error, Result};
use crate::models::{Passkey, User};
use crate::secret::Vault;
use crate::totp;

/// What a user can show beside the password.
#[derive(Clone, Debug)]
pub struct Factors {
    /// An authenticator app.
    pub app: bool,
    pub passkeys: Vec<Passkey>,
    /// How many recovery codes are left.
    pub codes: i64,
    /// A role of the user asks for a second factor.
    pub is_required: bool,
}

/// How somebody showed the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Code,
    RecoveryCode,
}

/// What became of a code that somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right(Way),
    Wrong,
    /// Codes were tried too often; the next one is judged after so many seconds.
    TooMany {
        seconds: u64,
    },
    /// The secret of the app can't be read: the key to it is not the one that it was encrypted with, or is missing.
    Unreadable,
}

impl Factors {
    /// True when there is one at all. Recovery codes stand in for one; alone they are none.
    #[must_use]
    pub fn any(&self) -> bool {
        self.app || !self.passkeys.is_empty()
    }

    /// True when the only one there is must stay.
    #[must_use]
    pub fn is_last_required(&self) -> bool {
        self.is_required && usize::from(self.app) + self.passkeys.len() == 1
    }
}

/// Whether a user has a second factor: a condition on users.
#[auto_type]
#[must_use]
pub fn has_one() -> _ {
    let app =
        totp_table::table.filter(totp_table::user_id.eq(users::id)).filter(totp_table::confirmed_at.is_not_null());
    let passkey = passkeys_table::table.filter(passkeys_table::user_id.eq(users::id));
    exists(app).or(exists(passkey))
}

/// Whether this user has a second factor.
pub fn has(conn: &mut AnyConnection, user_id: i64) -> QueryResult<bool> {
    diesel::select(exists(users::table.find(user_id).filter(has_one()))).get_result(conn)
}

/// What this user has.
pub fn of_user(conn: &mut AnyConnection, user_id: i64) -> QueryResult<Factors> {
    Ok(Factors {
        app: totp_secrets::is_confirmed(conn, user_id)?,
        passkeys: passkeys::of_user(conn, user_id)?,
        codes: recovery_codes::count_left(conn, user_id)?,
        is_required: is_required(conn, user_id)?,
    })
}

/// Judges what somebody typed as the second factor: the code of an app, or a recovery code. Whatever is right is used up; a
/// refusal and the use of a recovery code are put on record.
pub fn check(w: &mut Write, vault: &Vault, user_id: i64, typed: &str) -> Result<Verdict> {
    let typed = totp::normalized(typed);
    let (way, verdict) = if totp::is_code(&typed) {
        ("code", check_code(w, vault, user_id, &typed)?)
    } else if recovery_codes::take(w, user_id, &typed)? {
        ("recovery code", Verdict::Right(Way::RecoveryCode))
    } else {
        ("recovery code", Verdict::Wrong)
    };
    match verdict {
        // What is held goes on record when it begins to be.
        Verdict::Right(Way::Code) | Verdict::TooMany { .. } => {}
        Verdict::Right(Way::RecoveryCode) => record(w, Action::RECOVERY_CODE_USE, user_id, Vec::new())?,
        _ => refuse(w, user_id, way)?,
    }
    Ok(verdict)
}

/// Judges the code of an app, unless too many were wrong lately. A recovery code needs no such limit, so it opens even then.
fn check_code(w: &mut Write, vault: &Vault, user_id: i64, typed: &str) -> Result<Verdict> {
    let mut verdict = Verdict::Wrong;
    let judge = |w: &mut Write| {
        verdict = totp_secrets::check(w, vault, user_id, typed)?;
        Ok::<_, Error>(matches!(verdict, Verdict::Right(_)).then_some(()))
    };
    let Tried::Held(hold) = throttles::attempt(w, &[Key::second_factor(user_id)], judge)? else { return Ok(verdict) };
    if throttles::note(w, &hold)? {
        refuse(w, user_id, "code, held: too many tries")?;
    }
    Ok(Verdict::TooMany { seconds: hold.refusal(w.at).retry_after().unwrap_or(1) })
}

/// Puts what happened to a user's second factor on record.
pub fn record(w: &mut Write, action: Action, user_id: i64, changes: Vec<Change>) -> QueryResult<()> {
    let event = event(w, action, user_id)?;
    audit::record(w, event.changes(changes))
}

/// What happened to a user's second factor.
pub(super) fn event(w: &mut Write, action: Action, user_id: i64) -> QueryResult<Event> {
    let email: String = users::table.find(user_id).select(users::email).get_result(w.conn)?;
    Ok(Event::new(action).on(User::NAME, user_id, &email))
}

/// A second factor that was added, as a change, in the words that its page has for it.
#[must_use]
pub fn added(factor: &str) -> Vec<Change> {
    vec![Change::text("factor", "", factor)]
}

/// Puts on record that a second factor was refused. Whoever showed it is not known to be the user.
pub fn refuse(w: &mut Write, user_id: i64, way: &str) -> QueryResult<()> {
    let email: String = users::table.find(user_id).select(users::email).get_result(w.conn)?;
    let refusal = Event::new(Action::LOGIN_REFUSED).by(None, &email).on(User::NAME, user_id, &email);
    audit::record(w, refusal.changes(vec![Change::text("way", "", way)]))
}

/// One that was removed.
#[must_use]
pub fn removed(factor: &str) -> Vec<Change> {
    vec![Change::text("factor", factor, "")]
}

/// Refuses to take a user's last second factor while a role requires one.
pub fn keep_a_required_one(w: &mut Write, user_id: i64) -> Result<()> {
    if of_user(w.conn, user_id)?.is_last_required() {
        return Err(Error::Forbidden("A role of yours requires a second factor. Add another one first.".into()));
    }
    Ok(())
}

/// Recovery codes stand in for a factor; without one they go.
pub fn drop_idle_codes(w: &mut Write, user_id: i64) -> QueryResult<()> {
    if has(w.conn, user_id)? { Ok(()) } else { recovery_codes::delete_all(w, user_id) }
}

/// Takes all second factors from a user and ends the user's sessions; false when there was none.
pub fn reset(w: &mut Write, user_id: i64) -> QueryResult<bool> {
    let factors = of_user(w.conn, user_id)?;
    if !factors.any() {
        return Ok(false);
    }
    for passkey in &factors.passkeys {
        passkeys::record_removed(w, passkey)?;
    }
    let gone = if factors.app { removed(totp_secrets::NAME) } else { Vec::new() };
    // What was tried of the old app holds no code of a new one back.
    throttles::succeed(w, &[Key::second_factor(user_id)])?;
    diesel::delete(totp_table::table.filter(totp_table::user_id.eq(user_id))).execute(w.conn)?;
    diesel::delete(passkeys_table::table.filter(passkeys_table::user_id.eq(user_id))).execute(w.conn)?;
    diesel::delete(codes_table::table.filter(codes_table::user_id.eq(user_id))).execute(w.conn)?;
    record(w, Action::SECOND_FACTOR_RESET, user_id, gone)?;
    sessions::delete_all_of_user(w, user_id, None)?;
    Ok(true)
}

fn is_required(conn: &mut AnyConnection, user_id: i64) -> QueryResult<bool> {
    let held = user_roles::table.inner_join(roles::table).filter(user_roles::user_id.eq(user_id));
    diesel::select(exists(held.filter(roles::requires_second_factor))).get_result(conn)
}
