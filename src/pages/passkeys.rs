//! Passkeys: adding and removing one's own, giving one after the password, logging in with one instead of it. What a browser is
//! asked goes to a script (`static/passkeys.js`), which sends the answer with the form as any other.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::login;
use super::second_factor::{self, PAGE, show_codes};
use crate::access::{Added, Asked, Asking, Claimant, Guest, OwnFactors};
use crate::admin::Form;
use crate::error::{Error, Result};
use crate::html::{self, local_path};

/// Longest name of a passkey, in characters.
pub const NAME_LENGTH: usize = 64;
const REFUSED: &str = "The passkey could not be used. Try again, or choose another way.";

/// POST `/account/second-factor/passkeys/options`
pub async fn ask_to_add(person: OwnFactors) -> Result<HttpResponse> {
    Ok(asking(person.ask_passkey().await?))
}

/// POST `/account/second-factor/passkeys`: takes a passkey that the browser made.
pub async fn add(person: OwnFactors, asked: Asked, form: Form) -> Result<HttpResponse> {
    let name = form.single("name")?.trim();
    if name.chars().count() > NAME_LENGTH || name.contains('\0') {
        let fault = format!("Use at most {NAME_LENGTH} characters.");
        return second_factor::answer(&person, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)).await;
    }
    person.confirmed(&form).await?;
    let name = if name.is_empty() { "Passkey" } else { name };
    let fault = match person.add_passkey(asked, form.single("credential")?, name).await? {
        Added::Yes(Some(codes)) => return show_codes(&person, codes),
        Added::Yes(None) => return html::see_other(&person.shell, PAGE, "The passkey is added."),
        Added::Refused => {
            "The passkey was not added: the browser's answer came too late, or is not to what it was asked. Try again."
        }
        Added::Taken => "This passkey is in use already.",
    };
    second_factor::answer(&person, StatusCode::UNPROCESSABLE_ENTITY, Some(fault.to_owned())).await
}

/// POST `/account/second-factor/passkeys/{id}/remove`
pub async fn remove(person: OwnFactors, id: web::Path<i64>, form: Form) -> Result<HttpResponse> {
    person.confirmed(&form).await?;
    if !person.remove_passkey(*id).await? {
        return Err(Error::NotFound);
    }
    html::see_other(&person.shell, PAGE, "The passkey is removed.")
}

/// POST `/login/second-factor/options`
pub async fn ask_to_give(claimant: Claimant) -> Result<HttpResponse> {
    Ok(asking(claimant.ask_passkey().await?))
}

/// POST `/login/second-factor/passkey`: a passkey after the password.
pub async fn give(claimant: Claimant, asked: Asked, form: Form) -> Result<HttpResponse> {
    let next = form.single("next")?;
    if claimant.give_passkey(asked, form.single("credential")?).await? {
        return html::see_other(&claimant.guest.shell, local_path(next, "/"), "");
    }
    super::login_factor::answer(&claimant, StatusCode::UNAUTHORIZED, next, Some(REFUSED)).await
}

/// POST `/login/passkey/options`
pub async fn ask_to_enter(guest: Guest) -> Result<HttpResponse> {
    Ok(asking(guest.ask_passkey().await?))
}

/// POST `/login/passkey`: a passkey instead of the password. The device has verified who holds it, so no further factor is
/// asked for.
pub async fn enter(guest: Guest, asked: Asked, form: Form) -> Result<HttpResponse> {
    let next = local_path(form.single("next")?, "/");
    if guest.enter_with_passkey(asked, form.single("credential")?).await? {
        return html::see_other(&guest.shell, next, "");
    }
    login::answer(&guest, String::new(), next, Some(login::Refusal::wrong(REFUSED)))
}

fn asking(asking: Asking) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json; charset=utf-8").cookie(asking.cookie).body(asking.options)
}
