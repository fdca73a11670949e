//! The cookie by which a browser is known again: see `crud::devices`.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderValue, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest};

use super::Desk;
use crate::crud::devices::KEPT;
use crate::error::Result;
use crate::token;

const NAME: &str = "device";

/// The new key of a browser, on its way into the answer.
struct Given(String);

/// The key that a browser came with, if it looks like one.
pub(super) fn of(request: &HttpRequest, desk: &Desk) -> Option<String> {
    let cookie = request.cookie(&crate::cookie::name(NAME, desk.secure))?;
    Some(cookie.value().to_owned()).filter(|token| token.len() == token::LENGTH)
}

/// A new key for the browser that asks. It gets it with the answer if that is no error.
pub(super) fn give(request: &HttpRequest) -> Result<String> {
    let token = token::new()?;
    request.extensions_mut().insert(Given(token.clone()));
    Ok(token)
}

/// Gives the browser in which somebody logged in the key by which it will be known.
pub async fn give_devices(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let given = response.request().extensions_mut().remove::<Given>();
    if let Some(Given(token)) = given.filter(|_| response.status().as_u16() < 400)
        && let Some(desk) = response.request().app_data::<actix_web::web::Data<Desk>>()
        && let Ok(cookie) = HeaderValue::from_str(&cookie(desk, token).to_string())
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn cookie(desk: &Desk, token: String) -> Cookie<'static> {
    let age = time::Duration::seconds(KEPT.num_seconds());
    crate::cookie::build(NAME, token, SameSite::Lax, desk.secure).max_age(age).finish()
}
