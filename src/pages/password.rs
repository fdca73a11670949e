//! Choosing a password by a one-time link, and how strong one is while it is typed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::access::Guest;
use crate::error::{Error, Result};
use crate::html::{self, Shell};
use crate::models::User;
use crate::password::{self, Strength};

#[derive(Template)]
#[template(path = "pages/password.html")]
struct PasswordPage {
    shell: Shell,
    token: String,
    email: String,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/password_gone.html")]
struct GonePage;

#[derive(Template)]
#[template(path = "pages/password_strength.html")]
struct StrengthBlock {
    strength: Option<Strength>,
    is_busy: bool,
}

#[derive(Deserialize)]
pub struct Token {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    email: String,
}

/// GET `/password?token=`: opens the page, and uses nothing up: programs that look at links before people do are many.
pub async fn form(guest: Guest, query: web::Query<Token>) -> Result<HttpResponse> {
    let token = query.into_inner().token;
    match guest.user_of_link(&token).await? {
        Some(user) => answer(&guest.shell, StatusCode::OK, token, user, None),
        None => gone(&guest.shell),
    }
}

/// POST `/password`: stores the password and leads to the login, where a second factor may be asked for.
pub async fn choose(guest: Guest, query: web::Query<Token>, form: web::Form<Chosen>) -> Result<HttpResponse> {
    let Chosen { token, password } = form.into_inner();
    let token = if token.is_empty() { query.into_inner().token } else { token };
    let Some(user) = guest.user_of_link(&token).await? else { return gone(&guest.shell) };
    if let Some(fault) = password::check(password.clone(), user.email.clone()).await? {
        return answer(&guest.shell, StatusCode::UNPROCESSABLE_ENTITY, token, user, Some(fault));
    }
    match guest.use_link(&token, &user, password).await? {
        Some(_) => html::see_other(&guest.shell, "/login", "Your password is saved. Log in with it."),
        None => gone(&guest.shell),
    }
}

/// POST `/password/strength`: the estimate for what is typed. Nothing of it is kept.
pub async fn strength(request: HttpRequest, form: web::Form<Typed>) -> Result<HttpResponse> {
    let Typed { password, email } = form.into_inner();
    let shell = Shell::new(&request, None, |_| false);
    let (status, block) = match Strength::measure(password, email).await {
        Ok(strength) => (StatusCode::OK, StrengthBlock { strength, is_busy: false }),
        // It stands beside the input as any answer does: an error in the middle of the page would be too much.
        Err(Error::Unavailable(_)) => {
            (StatusCode::SERVICE_UNAVAILABLE, StrengthBlock { strength: None, is_busy: true })
        }
        Err(error) => return Err(error),
    };
    html::page(&shell, status, &block)
}

fn answer(shell: &Shell, status: StatusCode, token: String, user: User, fault: Option<String>) -> Result<HttpResponse> {
    html::page(shell, status, &PasswordPage { shell: shell.clone(), token, email: user.email, fault })
}

fn gone(shell: &Shell) -> Result<HttpResponse> {
    html::page(shell, StatusCode::NOT_FOUND, &GonePage)
}
