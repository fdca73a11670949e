//! One's own account: the password, and where one is logged in.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::sessions::SessionsView;
use crate::access::SignedIn;
use crate::error::{Error, Result};
use crate::html::{self, Shell};
use crate::models::Onward;
use crate::password;
use crate::submission::Submission;

#[derive(Template)]
#[template(path = "pages/account.html")]
struct AccountPage {
    shell: Shell,
    email: String,
    sessions: SessionsView,
    current_fault: Option<String>,
    new_fault: Option<String>,
}

#[derive(Deserialize)]
pub struct Passwords {
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    password: String,
}

/// GET `/account`
pub async fn show(person: SignedIn) -> Result<HttpResponse> {
    answer(&person, StatusCode::OK, None, None).await
}

/// GET `/account/session`: whether this session is there and the page's own, for a form that asks before it leaves its page.
pub async fn is_there(_: SignedIn) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// POST `/account/password`: changes the own password, for whoever knows the old one, and ends all other sessions.
pub async fn change_password(person: SignedIn, form: web::Form<Passwords>) -> Result<HttpResponse> {
    let Passwords { current_password, password } = form.into_inner();
    if let Some(done) = person.repeated().await? {
        return html::go_on(&person.shell, &done);
    }
    let new_fault = password::check(password.clone(), person.actor.email.clone()).await?;
    let current_fault = match person.confirms(current_password).await {
        Ok(is_confirmed) => (!is_confirmed).then(|| "This is not your password.".to_owned()),
        Err(Error::TooManyTries { seconds, message }) => {
            let page = answer(&person, StatusCode::TOO_MANY_REQUESTS, Some(message), new_fault).await?;
            return Ok(html::retry_after(page, Some(seconds)));
        }
        Err(error) => return Err(error),
    };
    if current_fault.is_some() || new_fault.is_some() {
        return answer(&person, StatusCode::UNPROCESSABLE_ENTITY, current_fault, new_fault).await;
    }
    let onward = Onward::to("/account", "Your password is changed. All your other sessions have ended.");
    html::go_on(&person.shell, &person.change_password(password, onward).await?)
}

/// POST `/account/sessions/{id}/end`: ends one of the own sessions.
pub async fn end_session(person: SignedIn, id: web::Path<i64>, form: Submission) -> Result<HttpResponse> {
    if *id == person.actor.session_id {
        person.log_out().await?;
        return html::see_other(&person.shell, "/login", "");
    }
    person.confirmed(&form).await?;
    let onward = person.end_session(*id, Onward::to("/account", "The session has ended.")).await?;
    html::go_on(&person.shell, &onward)
}

/// POST `/account/sessions/end`: ends all the own sessions but this.
pub async fn end_other_sessions(person: SignedIn, form: Submission) -> Result<HttpResponse> {
    person.confirmed(&form).await?;
    person.end_other_sessions().await?;
    html::see_other(&person.shell, "/account", "All your other sessions have ended.")
}

async fn answer(
    person: &SignedIn,
    status: StatusCode,
    current_fault: Option<String>,
    new_fault: Option<String>,
) -> Result<HttpResponse> {
    let sessions = person.sessions().await?;
    let page = AccountPage {
        shell: person.shell.clone(),
        email: person.actor.email.clone(),
        sessions: SessionsView::of("/account".into(), sessions, person.actor.session_id, true),
        current_fault,
        new_fault,
    };
    html::page(&page.shell, status, &page)
}
