//! Locking the account, and unlocking it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{Outcome, answer, path, to_change};
use crate::access::{Access, Update};
use crate::admin::Moment;
use crate::crud::account_locks::{self, Locking};
use crate::crud::administrators::LAST_ADMINISTRATOR;
use crate::error::{Error, Result};
use crate::html;
use crate::models::{AccountLock, Onward, User};
use crate::submission::Submission;

/// Whether the account is locked, and the form that locks it.
pub struct LockView {
    pub is_active: bool,
    pub lock: Option<Lock>,
    /// What was typed as the reason, and what is wrong with it.
    pub reason: String,
    pub fault: Option<String>,
    pub may_lock: bool,
    pub may_unlock: bool,
}

/// Why the account is locked.
pub struct Lock {
    pub reason: String,
    pub at: Moment,
    pub by: String,
}

impl From<AccountLock> for Lock {
    fn from(lock: AccountLock) -> Self {
        Lock { reason: lock.reason, at: Moment(lock.at), by: lock.by_name }
    }
}

/// POST `/users/{id}/account/lock`: in one action nobody can log in with the account any more, for a reason.
pub async fn lock(access: Access<User, Update>, id: web::Path<i64>, form: Submission) -> Result<HttpResponse> {
    let id = *id;
    if id == access.actor.user_id {
        return Err(Error::Forbidden("You can't lock yourself.".into()));
    }
    let reason = form.single("reason")?.replace("\r\n", "\n").trim().to_owned();
    if let Some(fault) = account_locks::refusal(&reason) {
        let outcome = Outcome { reason, reason_fault: Some(fault), ..Outcome::default() };
        return answer(&access, id, StatusCode::UNPROCESSABLE_ENTITY, outcome).await;
    }
    let actor = access.actor_for(&form).await?;
    let locked = access.write_once(move |w| {
        to_change(w, &actor, id)?;
        match account_locks::lock(w, id, &reason)? {
            // Asked for last, once nothing else is in the way.
            Locking::Locked(user) => {
                actor.confirmed(w.at, &form)?;
                Ok(Onward::to(path(id), format!("Locked {}", user.email)))
            }
            Locking::LastAdministrator => Err(Error::Forbidden(LAST_ADMINISTRATOR.into())),
            Locking::Unknown => Err(Error::NotFound),
        }
    });
    html::go_on(&access.shell, &locked.await?)
}

/// POST `/users/{id}/account/unlock`
pub async fn unlock(access: Access<User, Update>, id: web::Path<i64>, form: Submission) -> Result<HttpResponse> {
    let (id, actor) = (*id, access.actor_for(&form).await?);
    let unlocked = access.write_once(move |w| {
        to_change(w, &actor, id)?;
        let user = account_locks::unlock(w, id)?.ok_or(Error::NotFound)?.user;
        actor.confirmed(w.at, &form)?;
        Ok::<_, Error>(Onward::to(path(id), format!("Unlocked {}", user.email)))
    });
    html::go_on(&access.shell, &unlocked.await?)
}
