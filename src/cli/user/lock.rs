//! `quarterdeck user lock` and `quarterdeck user unlock`

use super::{refused, unknown};
use crate::cli::wait_for;
use crate::crud::account_locks::{self, Locking};
use crate::crud::administrators::LAST_ADMINISTRATOR;
use crate::db::{Author, Db, Write};
use crate::error::{Error, Result};
use crate::models::User;

/// Locks an account for a reason.
pub fn lock(db: Db, user: &User, reason: &str) -> Result<()> {
    let reason = reason.trim().to_owned();
    if let Some(why) = account_locks::refusal(&reason) {
        return Err(refused(format!("the reason is not taken: {why}")));
    }
    let id = user.id;
    let locking = move |w: &mut Write| Ok::<_, Error>(account_locks::lock(w, id, &reason)?);
    match wait_for(async move { db.write(Author::command_line(), locking).await })? {
        Locking::Locked(user) => println!("locked {}; all sessions have ended", user.email),
        Locking::LastAdministrator => return Err(refused(LAST_ADMINISTRATOR.into())),
        Locking::Unknown => return Err(unknown(&user.email)),
    }
    Ok(())
}

/// Makes an account active again.
pub fn unlock(db: Db, user: &User) -> Result<()> {
    let id = user.id;
    let unlocking = move |w: &mut Write| Ok::<_, Error>(account_locks::unlock(w, id)?);
    let unlocked = wait_for(async move { db.write(Author::command_line(), unlocking).await })?;
    let unlocked = unlocked.ok_or_else(|| unknown(&user.email))?;
    match (unlocked.was_inactive, unlocked.was_held) {
        (true, _) => println!("unlocked {}", unlocked.user.email),
        (false, true) => println!("{} may try again at once", unlocked.user.email),
        (false, false) => println!("{} is not held", unlocked.user.email),
    }
    Ok(())
}
