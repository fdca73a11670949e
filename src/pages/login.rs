//! Logging in and out.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::login_factor;
use crate::access::{Guest, Leaver};
use crate::error::{Error, Result};
use crate::html::{self, LoginDialog, Wants, local_path};

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LoginPage {
    email: String,
    next: String,
    notice: Option<String>,
    refusal: Option<Refusal>,
    /// Where passkeys work.
    origin: Option<String>,
}

/// Why nobody was logged in.
pub struct Refusal {
    status: StatusCode,
    message: String,
    /// Whole seconds until another try, where that helps.
    retry_after: Option<u64>,
}

const REFUSED: &str = "The email or the password is wrong, or the account is not active.";

/// Where to go after the login.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// GET `/login`
pub async fn form(guest: Guest, query: web::Query<Next>) -> Result<HttpResponse> {
    let next = local_path(&query.next, "/");
    if guest.is_signed_in() {
        return html::see_other(&guest.shell, next, "");
    }
    answer(&guest, String::new(), next, None)
}

/// POST `/login`: one neutral answer, whatever was wrong. Who has to wait gets the page back as well, and is told how long.
pub async fn log_in(guest: Guest, form: web::Form<Credentials>) -> Result<HttpResponse> {
    let Credentials { email, password, next } = form.into_inner();
    let next = local_path(&next, "/");
    let refusal = match guest.authenticate(&email, password).await {
        Ok(Some(user)) => {
            let is_complete = guest.log_in(&user).await?;
            if guest.shell.wants == Wants::Block {
                return if is_complete { Ok(done(user.id)) } else { login_factor::in_dialog(&guest.shell, None) };
            }
            return html::see_other(&guest.shell, next, "");
        }
        Ok(None) => Refusal::wrong(REFUSED),
        Err(error) => Refusal::held(error)?,
    };
    if guest.shell.wants == Wants::Page {
        return answer(&guest, email, next, Some(refusal));
    }
    let nonce = &guest.shell.nonce;
    let dialog = LoginDialog { login: "/login".into(), refusal: Some(&refusal.message), request_id: "", nonce };
    Ok(html::retry_after(html::page(&guest.shell, refusal.status, &dialog)?, refusal.retry_after))
}

/// The answer to a login over a page: whether what waits there goes on is for the page to say, by who this is.
#[must_use]
pub fn done(user_id: i64) -> HttpResponse {
    HttpResponse::NoContent().insert_header(("X-Person", user_id)).finish()
}

/// POST `/logout`: ends this session.
pub async fn log_out(leaver: Leaver) -> Result<HttpResponse> {
    leaver.log_out().await?;
    html::see_other(leaver.shell(), "/login", "")
}

impl Refusal {
    /// One sentence, whatever was wrong.
    #[must_use]
    pub fn wrong(message: &str) -> Self {
        Refusal { status: StatusCode::UNAUTHORIZED, message: message.to_owned(), retry_after: None }
    }

    /// From the error of a try that has to wait; any other is not for this page.
    fn held(error: Error) -> Result<Self> {
        match error {
            Error::TooManyTries { seconds, message } => {
                Ok(Refusal { status: StatusCode::TOO_MANY_REQUESTS, message, retry_after: Some(seconds) })
            }
            other => Err(other),
        }
    }
}

/// The login, with why it was refused.
pub fn answer(guest: &Guest, email: String, next: &str, refusal: Option<Refusal>) -> Result<HttpResponse> {
    let status = refusal.as_ref().map_or(StatusCode::OK, |refusal| refusal.status);
    let retry_after = refusal.as_ref().and_then(|refusal| refusal.retry_after);
    let (next, notice) = (next.to_owned(), guest.shell.notice.clone());
    let page = LoginPage { email, next, notice, refusal, origin: guest.passkey_origin() };
    Ok(html::retry_after(html::page(&guest.shell, status, &page)?, retry_after))
}
