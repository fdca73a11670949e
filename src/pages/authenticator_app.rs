//! Setting up an authenticator app, and removing it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::second_factor::{PAGE, show_codes};
use crate::access::OwnFactors;
use crate::admin::Form;
use crate::error::{Error, Result};
use crate::html::{self, Shell};
use crate::totp;

#[derive(Template)]
#[template(path = "pages/authenticator_app.html")]
struct AppPage {
    shell: Shell,
    /// For typing.
    secret: String,
    /// For a tap on the device that has the app.
    link: String,
    picture: Picture,
    fault: Option<&'static str>,
}

/// A QR code: one square after the other as a path, and how many there are in a row.
struct Picture {
    size: usize,
    path: String,
}

/// POST `/account/second-factor/app`: begins with a new secret.
pub async fn begin(person: OwnFactors, form: Form) -> Result<HttpResponse> {
    person.confirmed(&form).await?;
    let is_begun = person.begin_app().await?;
    let (way, notice) = if is_begun { ("/account/second-factor/app", "") } else { (PAGE, "You have an app already.") };
    html::see_other(&person.shell, way, notice)
}

/// GET `/account/second-factor/app`: the secret, until a first code has come.
pub async fn show(person: OwnFactors) -> Result<HttpResponse> {
    answer(&person, StatusCode::OK, None).await
}

/// POST `/account/second-factor/app/confirm`: takes the app into use, and shows the recovery codes.
pub async fn confirm(person: OwnFactors, form: Form) -> Result<HttpResponse> {
    if let Some(codes) = person.confirm_app(form.single("code")?).await? {
        return show_codes(&person, codes);
    }
    let fault = "This is not the code that the app shows now. Is the time of your device right?";
    answer(&person, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)).await
}

/// POST `/account/second-factor/app/remove`
pub async fn remove(person: OwnFactors, form: Form) -> Result<HttpResponse> {
    person.confirmed(&form).await?;
    if !person.remove_app().await? {
        return Err(Error::NotFound);
    }
    html::see_other(&person.shell, PAGE, "The authenticator app is removed.")
}

async fn answer(person: &OwnFactors, status: StatusCode, fault: Option<&'static str>) -> Result<HttpResponse> {
    let Some(secret) = person.pending_app().await? else {
        return html::see_other(&person.shell, PAGE, "");
    };
    let link = totp::link(&secret, &person.actor.email);
    let page = AppPage {
        shell: person.shell.clone(),
        secret: totp::grouped(&secret),
        picture: Picture::of(&link)?,
        link,
        fault,
    };
    html::page(&page.shell, status, &page)
}

impl Picture {
    fn of(text: &str) -> Result<Self> {
        let code = qrcode::QrCode::new(text).map_err(Error::internal)?;
        let size = code.width();
        let dark = |place: &usize| code[(place % size, place / size)] == qrcode::Color::Dark;
        let squares = (0..size * size).filter(dark);
        let square = |place: usize| format!("M{} {}h1v1h-1z", place % size, place / size);
        let path = squares.map(square).collect();
        Ok(Picture { size, path })
    }
}
