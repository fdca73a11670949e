//! Throttles: tries are counted before they are judged, in the database, so that neither many at once nor several processes
//! let more through. A try is for one or more [`Key`]s and waits for the one that is held longest.
//!
//! What takes time to judge, like a password, goes in two transactions: [`reserve`], then [`fail`] or [`succeed`]. What does
//! not, like a code, goes in one: [`attempt`].

mod key;
mod shown;

use chrono::{NaiveDateTime, NaiveTime};
use diesel::prelude::*;

use key::Pace;
pub use key::{BURST, Key, STEP};
pub use shown::{Held, Whose, clear_address, clear_user, count_nobodys, held, of_user};

use crate::db::schema::login_throttles;
use crate::db::{AnyConnection, Write, sql};
use crate::error::Error;
use crate::models::LoginThrottle;

/// So many tries of an account may be judged at the same time while none has failed yet: a button pressed twice, a second
/// window. From then on each waits for the one before it.
const AT_ONCE: i64 = 3;

/// So many rows that mean nothing any more go with one that is written.
const PURGED: i64 = 20;

/// Why a try is not let through.
#[derive(Clone, Debug)]
pub struct Hold {
    key: String,
    until: NaiveDateTime,
    /// Whether a try that was held back by it is on record.
    pub is_on_record: bool,
}

/// What became of a try.
#[derive(Debug)]
pub enum Tried<T> {
    Right(T),
    Wrong,
    Held(Hold),
}

impl Hold {
    /// The refusal, with the whole seconds that are left.
    #[must_use]
    pub fn refusal(&self, now: NaiveDateTime) -> Error {
        let millis = u64::try_from((self.until - now).num_milliseconds()).unwrap_or(0);
        Error::too_many_tries(millis.div_ceil(1000).max(1))
    }
}

/// What holds a try for these keys now, if anything does: the longest. Asks only, so that many who are held write nothing.
pub fn hold(conn: &mut AnyConnection, keys: &[Key], now: NaiveDateTime) -> QueryResult<Option<Hold>> {
    let names: Vec<_> = keys.iter().map(|key| key.name.clone()).collect();
    let held = login_throttles::table
        .filter(login_throttles::key.eq_any(names))
        .filter(login_throttles::held_until.gt(now))
        .order(login_throttles::held_until.desc())
        .get_result::<LoginThrottle>(conn)
        .optional()?;
    Ok(held.map(|row| Hold { key: row.key, until: row.held_until, is_on_record: row.is_on_record }))
}

/// Counts a try as one that fails, before it is judged; or not, when it is held.
pub fn reserve(w: &mut Write, keys: &[Key]) -> QueryResult<Option<Hold>> {
    for key in keys {
        sql::take_turns_by_key(w.conn, &key.name)?;
    }
    if let Some(hold) = hold(w.conn, keys, w.at)? {
        return Ok(Some(hold));
    }
    for key in keys {
        let stored = row(w, key)?;
        let mut counted = counted(stored.clone(), key, w.at);
        counted.failures += 1;
        if key.pace == Pace::Supply || counted.failures >= AT_ONCE {
            counted.held_until = key.pace.held_until(counted.failures, counted.held_until, w.at);
        }
        store(w, stored.as_ref(), &counted)?;
    }
    Ok(None)
}

/// A try that was [`reserve`]d was wrong.
pub fn fail(w: &mut Write, keys: &[Key]) -> QueryResult<()> {
    for key in keys.iter().filter(|key| key.pace != Pace::Supply) {
        sql::take_turns_by_key(w.conn, &key.name)?;
        let stored = row(w, key)?;
        let mut counted = counted(stored.clone(), key, w.at);
        // Somebody else's success may have cleared it while this one was judged.
        counted.failures = counted.failures.max(1);
        counted.held_until = counted.held_until.max(key.pace.held_until(counted.failures, counted.held_until, w.at));
        store(w, stored.as_ref(), &counted)?;
    }
    purge(w)
}

/// A try that was [`reserve`]d was right: nothing is held against the account, and the address gets its try back.
pub fn succeed(w: &mut Write, keys: &[Key]) -> QueryResult<()> {
    for key in keys {
        sql::take_turns_by_key(w.conn, &key.name)?;
        let Some(row) = row(w, key)? else { continue };
        let given_back = LoginThrottle { failures: row.failures - 1, held_until: row.held_until - STEP, ..row.clone() };
        if key.pace != Pace::Supply || given_back.failures <= 0 {
            diesel::delete(login_throttles::table.find(&row.key)).execute(w.conn)?;
        } else {
            store(w, Some(&row), &given_back)?;
        }
    }
    purge(w)
}

/// A try of what is judged at once, like a code of six digits or a one-time link: counted, judged and settled in one
/// transaction, so no other can overtake it.
pub fn attempt<T, E: From<diesel::result::Error>>(
    w: &mut Write,
    keys: &[Key],
    judge: impl FnOnce(&mut Write) -> Result<Option<T>, E>,
) -> Result<Tried<T>, E> {
    if let Some(hold) = reserve(w, keys)? {
        return Ok(Tried::Held(hold));
    }
    let Some(found) = judge(w)? else {
        fail(w, keys)?;
        return Ok(Tried::Wrong);
    };
    succeed(w, keys)?;
    Ok(Tried::Right(found))
}

/// Notes that a try was held back; true for the first one of a hold, which goes on record. The others do not: whoever is held
/// can try without end.
pub fn note(w: &mut Write, hold: &Hold) -> QueryResult<bool> {
    let unnoted = login_throttles::table
        .find(&hold.key)
        .filter(login_throttles::is_on_record.eq(false))
        .filter(login_throttles::held_until.gt(w.at));
    Ok(diesel::update(unnoted).set(login_throttles::is_on_record.eq(true)).execute(w.conn)? > 0)
}

fn row(w: &mut Write, key: &Key) -> QueryResult<Option<LoginThrottle>> {
    login_throttles::table.find(&key.name).get_result(w.conn).optional()
}

/// What counts of a row now: the failures of this day.
fn counted(stored: Option<LoginThrottle>, key: &Key, at: NaiveDateTime) -> LoginThrottle {
    let today = stored.as_ref().filter(|row| row.last_failed_at >= start_of_day(at));
    LoginThrottle {
        key: key.name.clone(),
        user_id: key.user_id,
        failures: today.map_or(0, |row| row.failures),
        held_until: stored.map_or(at - STEP * BURST, |row| row.held_until),
        last_failed_at: at,
        is_on_record: false,
    }
}

fn store(w: &mut Write, stored: Option<&LoginThrottle>, row: &LoginThrottle) -> QueryResult<()> {
    match stored {
        Some(_) => sql::update(row.clone(), login_throttles::key.eq(row.key.clone())).execute(w.conn),
        None => diesel::insert_into(login_throttles::table).values(row).execute(w.conn),
    }
    .map(drop)
}

/// Deletes rows of earlier days that hold nothing any more.
fn purge(w: &mut Write) -> QueryResult<()> {
    let over = login_throttles::table
        .filter(login_throttles::last_failed_at.lt(start_of_day(w.at)))
        .filter(login_throttles::held_until.le(w.at - STEP * BURST));
    let keys: Vec<String> = over.select(login_throttles::key).limit(PURGED).load(w.conn)?;
    if keys.is_empty() {
        return Ok(());
    }
    diesel::delete(over.filter(login_throttles::key.eq_any(keys))).execute(w.conn).map(drop)
}

fn start_of_day(at: NaiveDateTime) -> NaiveDateTime {
    at.date().and_time(NaiveTime::MIN)
}
