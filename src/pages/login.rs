//! Logging in and out.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::access::{Guest, SignedIn};
use crate::error::Result;
use crate::html::{self, LoginDialog, Shell, Wants, local_path};

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LoginPage {
    email: String,
    next: String,
    notice: Option<String>,
    is_refused: bool,
}

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
    answer(&guest.shell, StatusCode::OK, String::new(), next, false)
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
        None => answer(&guest.shell, StatusCode::UNAUTHORIZED, email, next, true),
    }
}

/// POST `/logout`: ends this session.
pub async fn log_out(person: SignedIn) -> Result<HttpResponse> {
    person.log_out().await?;
    html::see_other(&person.shell, "/login", "")
}

fn answer(shell: &Shell, status: StatusCode, email: String, next: &str, is_refused: bool) -> Result<HttpResponse> {
    let page = LoginPage { email, next: next.to_owned(), notice: shell.notice.clone(), is_refused };
    html::page(shell, status, &page)
}
