//! Logging in and out.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::access::{Guest, Leaver};
use crate::error::Result;
use crate::html::{self, LoginDialog, Wants, local_path};

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LoginPage {
    email: String,
    next: String,
    notice: Option<String>,
    fault: Option<&'static str>,
    /// Where passkeys work.
    origin: Option<String>,
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
    answer(&guest, StatusCode::OK, String::new(), next, None)
}

/// POST `/login`: one neutral answer, whatever was wrong.
pub async fn log_in(guest: Guest, form: web::Form<Credentials>) -> Result<HttpResponse> {
    let Credentials { email, password, next } = form.into_inner();
    let next = local_path(&next, "/");
    match guest.authenticate(&email, password).await? {
        Some(user) => {
            guest.log_in(&user)?;
            if guest.shell.wants == Wants::Block {
                // The login over a page: whether what waits goes on is for the page to say, by who this is.
                return Ok(HttpResponse::NoContent().insert_header(("X-Person", user.id)).finish());
            }
            html::see_other(&guest.shell, next, "")
        }
        None if guest.shell.wants == Wants::Block => {
            let dialog =
                LoginDialog { login: "/login".into(), is_refused: true, request_id: "", nonce: &guest.shell.nonce };
            html::page(&guest.shell, StatusCode::UNAUTHORIZED, &dialog)
        }
        None => answer(&guest, StatusCode::UNAUTHORIZED, email, next, Some(REFUSED)),
    }
}

/// POST `/logout`: ends this session.
pub async fn log_out(leaver: Leaver) -> Result<HttpResponse> {
    leaver.log_out().await?;
    html::see_other(leaver.shell(), "/login", "")
}

/// The login, with what was wrong.
pub fn answer(
    guest: &Guest,
    status: StatusCode,
    email: String,
    next: &str,
    fault: Option<&'static str>,
) -> Result<HttpResponse> {
    let (next, notice) = (next.to_owned(), guest.shell.notice.clone());
    let page = LoginPage { email, next, notice, fault, origin: guest.passkey_origin() };
    html::page(&guest.shell, status, &page)
}
