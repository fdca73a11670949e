//! One's own second factors.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::passkeys::NAME_LENGTH;
use crate::access::OwnFactors;
use crate::admin::{Form, Moment};
use crate::crud::second_factors::Factors;
use crate::error::Result;
use crate::html::{self, Shell};
use crate::models::Passkey;

/// The address of the page.
pub const PAGE: &str = "/account/second-factor";

#[derive(Template)]
#[template(path = "pages/second_factor.html")]
struct SecondFactorPage {
    shell: Shell,
    lacks_factor: bool,
    factors: Factors,
    passkeys: Vec<PasskeyView>,
    why_no_app: Option<String>,
    passkey_origin: Result<String, String>,
    /// What is wrong with a new passkey.
    fault: Option<String>,
}

struct PasskeyView {
    id: i64,
    name: String,
    added: Moment,
    used: Option<Moment>,
}

/// Recovery codes, shown once.
#[derive(Template)]
#[template(path = "pages/recovery_codes.html")]
struct CodesPage {
    shell: Shell,
    codes: Vec<String>,
}

/// GET `/account/second-factor`
pub async fn show(person: OwnFactors) -> Result<HttpResponse> {
    answer(&person, StatusCode::OK, None).await
}

/// The page, with what is wrong with a new passkey.
pub async fn answer(person: &OwnFactors, status: StatusCode, fault: Option<String>) -> Result<HttpResponse> {
    let factors = person.factors().await?;
    let view = |passkey: &Passkey| PasskeyView {
        id: passkey.id,
        name: passkey.name.clone(),
        added: Moment(passkey.created_at),
        used: passkey.last_used_at.map(Moment),
    };
    let page = SecondFactorPage {
        lacks_factor: person.actor.lacks_factor,
        passkeys: factors.passkeys.iter().map(view).collect(),
        factors,
        why_no_app: person.why_no_app(),
        passkey_origin: person.passkey_origin(),
        fault,
        shell: person.shell.clone(),
    };
    html::page(&page.shell, status, &page)
}

/// POST `/account/second-factor/codes`: new recovery codes; the old ones are spoiled.
pub async fn renew_codes(person: OwnFactors, form: Form) -> Result<HttpResponse> {
    person.confirmed(&form).await?;
    match person.renew_codes(PAGE).await? {
        Ok(codes) => show_codes(&person, codes),
        Err(onward) => html::go_on(&person.shell, &onward),
    }
}

/// The page with the codes that nobody will see again.
pub fn show_codes(person: &OwnFactors, codes: Vec<String>) -> Result<HttpResponse> {
    let page = CodesPage { shell: person.shell.clone(), codes };
    html::page(&page.shell, StatusCode::OK, &page)
}
