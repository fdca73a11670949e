//! Whether a password is a user's, at the same cost whoever it is.

use diesel::prelude::*;

use super::get_by_email;
use crate::crud::audit::{Action, Event};
use crate::crud::{Entity as _, logins, second_factors};
use crate::db::schema::users;
use crate::db::{Author, Db, Write, sql};
use crate::email::{normalized, refusal};
use crate::error::{Error, Result};
use crate::models::User;
use crate::password::Hasher;

/// The user with this address and password, if active. One hash is verified whether the address is unknown, the
/// password wrong or the account inactive. A hash of a lower cost than today's is made anew.
///
/// Fails only when the database or the hashing does.
pub async fn authenticate(db: &Db, hasher: &Hasher, email: &str, password: String) -> Result<Option<User>> {
    let wanted = email.to_owned();
    let user = db.read(move |conn| Ok::<_, Error>(get_by_email(conn, &wanted)?)).await?;
    let Verification::Right(verified) = verify(hasher, user, password).await? else { return Ok(None) };
    let by = Author { user_id: Some(verified.user.id), name: verified.user.email.clone(), ..Author::default() };
    db.write(by, move |w| Ok(note_login(w, &verified)?)).await
}

/// What came of verifying a password.
pub enum Verification {
    Right(Verified),
    /// Why not: for the record, never for whoever asked.
    Refused(&'static str),
}

/// An active user whose password was right.
pub struct Verified {
    user: User,
    rehashed: Option<String>,
}

/// Verifies the password of a user, or of nobody at the same cost: one verification, whatever is wrong.
pub async fn verify(hasher: &Hasher, user: Option<User>, password: String) -> Result<Verification> {
    let hash = user.as_ref().map(|user| user.hashed_password.clone());
    let is_verified = hasher.verify(password.clone(), hash).await?;
    let Some(user) = user else { return Ok(Verification::Refused("nobody has this address")) };
    if !is_verified {
        return Ok(Verification::Refused("wrong password"));
    }
    if !user.is_active {
        return Ok(Verification::Refused("the account is not active"));
    }
    let rehashed = if hasher.is_outdated(&user.hashed_password) { Some(hasher.hash(password).await?) } else { None };
    Ok(Verification::Right(Verified { user, rehashed }))
}

/// Writes down that a user logged in; none when the password or the account has changed since it was verified. No change of
/// the record, so nothing of it goes on record: the login itself does, where the session is made.
pub fn note_login(w: &mut Write, verified: &Verified) -> QueryResult<Option<User>> {
    let Verified { user, rehashed } = verified;
    let is_unchanged = users::hashed_password.eq(user.hashed_password.clone());
    let unchanged = users::id.eq(user.id).and(users::is_active).and(is_unchanged);
    // The hash is named only when it is new: SQLite's trigger takes a column that is named for one that changes.
    let is_complete = !second_factors::has(w.conn, user.id)?;
    let login = (logins::last_login(w.at, is_complete), rehashed.clone().map(|hash| users::hashed_password.eq(hash)));
    sql::updated(login, unchanged).get_result(w.conn).optional()
}

/// A login that is refused, for the record: with the address that was typed if it is one, since it may be a password.
#[must_use]
pub fn refused_login(user: Option<&User>, email: &str) -> Event {
    let typed = normalized(email);
    let name = if refusal(&typed).is_none() { typed.as_str() } else { "somebody" };
    let event = Event::new(Action::LOGIN_REFUSED).by(None, name);
    user.into_iter().fold(event, |event, user| event.on(User::NAME, user.id, &user.email))
}
