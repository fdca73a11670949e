//! The second step of a login.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::login;
use crate::access::Claimant;
use crate::crud::second_factors::Verdict;
use crate::error::{Error, Result};
use crate::html::{self, Shell, Wants, local_path};

#[derive(Template)]
#[template(path = "pages/login_factor.html")]
struct LoginFactorPage<'a> {
    email: &'a str,
    next: &'a str,
    has_app: bool,
    has_passkeys: bool,
    /// Where passkeys work.
    origin: Option<String>,
    fault: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "login_factor_dialog.html")]
struct LoginFactorDialog<'a> {
    fault: Option<&'a str>,
    /// The word that htmx obeys.
    nonce: &'a str,
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// GET `/login/second-factor`
pub async fn form(claimant: Claimant, query: web::Query<Next>) -> Result<HttpResponse> {
    answer(&claimant, StatusCode::OK, &query.next, None).await
}

/// POST `/login/second-factor`: the code of an app, or a recovery code.
pub async fn give(claimant: Claimant, form: web::Form<Given>) -> Result<HttpResponse> {
    let Given { code, next } = form.into_inner();
    match claimant.give_code(&code).await? {
        Verdict::Right(_) if claimant.guest.shell.wants == Wants::Block => Ok(login::done(claimant.user_id())),
        Verdict::Right(_) => html::see_other(&claimant.guest.shell, local_path(&next, "/"), ""),
        Verdict::Wrong => {
            let fault = "This code is wrong, or was used already.";
            answer(&claimant, StatusCode::UNAUTHORIZED, &next, Some(fault)).await
        }
        Verdict::TooMany { seconds } => {
            let held = Error::too_many_tries(seconds);
            let response = answer(&claimant, StatusCode::TOO_MANY_REQUESTS, &next, Some(held.message())).await?;
            Ok(html::retry_after(response, held.retry_after()))
        }
        Verdict::Unreadable => {
            let fault = "Codes of your app can't be checked: the secret of this server has changed since it was set up. Use a \
                         recovery code or a passkey, or ask an administrator to reset your second factor.";
            answer(&claimant, StatusCode::UNAUTHORIZED, &next, Some(fault)).await
        }
    }
}

/// The step in the login over a page whose session has ended.
pub fn in_dialog(shell: &Shell, fault: Option<&str>) -> Result<HttpResponse> {
    html::page(shell, StatusCode::UNAUTHORIZED, &LoginFactorDialog { fault, nonce: &shell.nonce })
}

/// The step again, with what was wrong.
pub async fn answer(claimant: &Claimant, status: StatusCode, next: &str, fault: Option<&str>) -> Result<HttpResponse> {
    if claimant.guest.shell.wants == Wants::Block {
        let mut response = in_dialog(&claimant.guest.shell, fault)?;
        *response.status_mut() = status;
        return Ok(response);
    }
    let factors = claimant.factors().await?;
    let page = LoginFactorPage {
        email: claimant.email(),
        next: local_path(next, "/"),
        has_app: factors.app,
        has_passkeys: !factors.passkeys.is_empty(),
        origin: claimant.guest.passkey_origin(),
        fault,
    };
    html::page(&claimant.guest.shell, status, &page)
}
