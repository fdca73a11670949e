//! The one-time link by which the user chooses a password.

use std::sync::mpsc::channel;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{Outcome, Subject, answer, path, to_change};
use crate::access::{Access, Update};
use crate::crud::password_links;
use crate::error::{Error, Result};
use crate::html;
use crate::models::{Onward, User};
use crate::password;
use crate::submission::Submission;

/// The section of the page.
pub enum LinkView {
    /// Not for who may change nothing of the account.
    Hidden,
    /// One's own password is changed elsewhere.
    Own,
    Inactive,
    Offered {
        has_password: bool,
    },
    /// A link that was just made; shown this once.
    Made(String),
}

impl LinkView {
    pub(super) fn of(subject: &Subject, own_id: i64, url: Option<String>) -> Self {
        let user = &subject.user;
        match url {
            _ if user.id == own_id => LinkView::Own,
            _ if !subject.may_update => LinkView::Hidden,
            Some(url) => LinkView::Made(url),
            None if !user.is_active => LinkView::Inactive,
            None => LinkView::Offered { has_password: !password::is_no_password(&user.hashed_password) },
        }
    }
}

/// POST `/users/{id}/account/link`: makes a link. The answer is the page itself and no redirect, since the link is shown
/// but once.
pub async fn make_link(access: Access<User, Update>, id: web::Path<i64>, form: Submission) -> Result<HttpResponse> {
    let (id, actor) = (*id, access.actor_for(&form).await?);
    let (keep, made) = channel();
    let done = access.write_once(move |w| {
        let user = to_change(w, &actor, id)?;
        if user.id == actor.user_id {
            let why = "You change your own password on your account, where the old one is asked for.";
            return Err(Error::Forbidden(why.into()));
        }
        let token = password_links::create(w, user.id)?;
        let inactive = || Error::Forbidden("The account is not active. Only an active one gets a link.".into());
        let token = token.ok_or_else(inactive)?;
        actor.confirmed(w.at, &form)?;
        // Where the link is shown nobody else listens, and a form that comes again makes none.
        let _ = keep.send(token);
        Ok(Onward::to(
            path(id),
            "This form has made a link already, and that was shown once. If it is lost, make another.",
        ))
    });
    let done = done.await?;
    let Ok(token) = made.try_recv() else { return html::go_on(&access.shell, &done) };
    let url = password::link(access.base_url(), &token);
    answer(&access, id, StatusCode::OK, Outcome { link: Some(url), ..Outcome::default() }).await
}
