//! The first run: whoever has the link that the server printed makes the first administrator.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::access::{FirstAdministrator, Guest};
use crate::email;
use crate::error::{Error, Result};
use crate::html::{self, Shell};
use crate::password;

#[derive(Template)]
#[template(path = "pages/setup.html")]
struct SetupPage {
    shell: Shell,
    token: String,
    email: String,
    email_fault: Option<String>,
    password_fault: Option<String>,
}

#[derive(Deserialize)]
pub struct Token {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub struct Administrator {
    #[serde(default)]
    token: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// GET `/setup?token=`: 404 without a valid token, and once there is an administrator.
pub async fn form(guest: Guest, query: web::Query<Token>) -> Result<HttpResponse> {
    let token = query.into_inner().token;
    if !guest.may_set_up(&token).await? {
        return Err(Error::NotFound);
    }
    let page =
        SetupPage { shell: guest.shell.clone(), token, email: String::new(), email_fault: None, password_fault: None };
    html::page(&guest.shell, StatusCode::OK, &page)
}

/// POST `/setup`: makes the administrator and logs in.
pub async fn create(guest: Guest, form: web::Form<Administrator>) -> Result<HttpResponse> {
    let Administrator { token, email, password } = form.into_inner();
    if !guest.may_set_up(&token).await? {
        return Err(Error::NotFound);
    }
    let email_fault = email::refusal(&email::normalized(&email)).map(ToOwned::to_owned);
    let password_fault = password::check(password.clone(), email.clone()).await?;
    if email_fault.is_some() || password_fault.is_some() {
        let page = SetupPage { shell: guest.shell.clone(), token, email, email_fault, password_fault };
        return html::page(&guest.shell, StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    match guest.set_up(&email, password).await? {
        FirstAdministrator::Made(user) => {
            guest.log_in(&user).await?;
            html::see_other(&guest.shell, "/", "Welcome. You are the first administrator.")
        }
        FirstAdministrator::TooLate => Err(Error::NotFound),
        FirstAdministrator::Taken => {
            let email_fault = Some("Somebody has this address already. Choose another.".to_owned());
            let page = SetupPage { shell: guest.shell.clone(), token, email, email_fault, password_fault: None };
            html::page(&guest.shell, StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
