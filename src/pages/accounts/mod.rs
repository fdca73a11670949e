//! Another's account: what is seen and done there that is no field of the record. A section of the page is a file here and
//! an include in `templates/pages/accounts`.

mod hold;
mod link;
mod lock;
mod second_factor;
mod sessions;

pub(super) use hold::HeldView;
pub use hold::clear_hold;
pub use link::make_link;
pub use lock::{lock, unlock};
pub use second_factor::reset_second_factor;
pub use sessions::{end_session, end_sessions};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use self::hold::HoldView;
use self::link::LinkView;
use self::lock::LockView;
use super::sessions::SessionsView;
use crate::access::{Access, Action, Actor, View};
use crate::admin::{Resource as _, refuse_protected};
use crate::crud::second_factors::{self, Factors};
use crate::crud::{Entity as _, account_locks, sessions as crud_sessions};
use crate::db::{AnyConnection, Write};
use crate::error::{Error, Result};
use crate::html::{self, Shell};
use crate::models::{AccountLock, User};

#[derive(Template)]
#[template(path = "pages/accounts/show.html")]
struct AccountPage {
    shell: Shell,
    id: i64,
    email: String,
    /// Why this person can do nothing here, if so.
    note: Option<&'static str>,
    link: LinkView,
    sessions: SessionsView,
    factors: Factors,
    is_self: bool,
    may_update: bool,
    hold: HoldView,
    lock: LockView,
}

/// What became of a form of the page.
#[derive(Default)]
struct Outcome {
    /// A password link that was just made.
    link: Option<String>,
    /// What was typed as the reason of a lock, and what is wrong with it.
    reason: String,
    reason_fault: Option<String>,
}

/// Whose account it is, and what the person who asks may do with it.
struct Subject {
    user: User,
    lock: Option<AccountLock>,
    note: Option<&'static str>,
    may_update: bool,
}

impl Subject {
    fn of(conn: &mut AnyConnection, actor: &Actor, id: i64) -> Result<Self> {
        let user = User::get(conn, id)?.ok_or(Error::NotFound)?;
        let protected = User::protected(conn, actor, Action::Update, std::slice::from_ref(&user))?;
        let may_update = actor.may(Action::Update, User::NAME);
        let note = protected.first().map(|(_, why)| *why).filter(|_| may_update);
        let lock = account_locks::of_users(conn, &[id])?.pop();
        Ok(Subject { user, lock, note, may_update: may_update && note.is_none() })
    }
}

/// The user whose account is to be changed, for whoever may.
fn to_change(w: &mut Write, actor: &Actor, id: i64) -> Result<User> {
    let user = User::get(w.conn, id)?.ok_or(Error::NotFound)?;
    refuse_protected(w.conn, actor, Action::Update, &user)?;
    Ok(user)
}

/// The address of the page.
fn path(id: i64) -> String {
    format!("/users/{id}/account")
}

/// GET `/users/{id}/account`
pub async fn show(access: Access<User, View>, id: web::Path<i64>) -> Result<HttpResponse> {
    answer(&access, *id, StatusCode::OK, Outcome::default()).await
}

async fn answer<A>(access: &Access<User, A>, id: i64, status: StatusCode, outcome: Outcome) -> Result<HttpResponse> {
    let (actor, now, lifetime) = (access.actor.clone(), access.now(), access.lifetime());
    let read = access.read(move |conn| {
        let subject = Subject::of(conn, &actor, id)?;
        let hold = HoldView::of(conn, &subject.user, now, subject.may_update)?;
        let sessions = crud_sessions::of_user(conn, id, now, lifetime)?;
        Ok::<_, Error>((subject, hold, sessions, second_factors::of_user(conn, id)?))
    });
    let (subject, hold, sessions, factors) = read.await?;
    let link = LinkView::of(&subject, access.actor.user_id, outcome.link);
    let is_active = subject.user.is_active;
    let lock = LockView {
        is_active,
        may_lock: subject.may_update && subject.lock.is_none() && id != access.actor.user_id,
        may_unlock: subject.may_update && !is_active,
        lock: subject.lock.map(Into::into),
        reason: outcome.reason,
        fault: outcome.reason_fault,
    };
    let page = AccountPage {
        shell: access.shell.clone(),
        id,
        link,
        email: subject.user.email,
        note: subject.note,
        sessions: SessionsView::of(path(id), sessions, access.actor.session_id, subject.may_update),
        factors,
        is_self: id == access.actor.user_id,
        may_update: subject.may_update,
        hold,
        lock,
    };
    html::page(&page.shell, status, &page)
}
