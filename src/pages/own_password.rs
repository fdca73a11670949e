//! The own password, asked for again before something that whoever finds a desk open must not do.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::access::SignedIn;
use crate::admin::Form;
use crate::error::Result;
use crate::html::{self, Shell};

const NAME: &str = "confirm_password";

#[derive(Template)]
#[template(path = "pages/own_password.html")]
struct OwnPasswordPage<'a> {
    shell: Shell,
    email: String,
    question: &'a str,
    action: &'a str,
    /// What is sent again together with the password.
    kept: Vec<&'a (String, String)>,
    is_wrong: bool,
}

/// Asks `question` and for the own password, unless the form has it; then the same form goes to `action` again. None when
/// the password is right.
pub async fn ask(person: &SignedIn, form: &Form, question: &str, action: &str) -> Result<Option<HttpResponse>> {
    let given = form.text(NAME);
    if !given.is_empty() && person.confirms(given.to_owned()).await? {
        return Ok(None);
    }
    let page = OwnPasswordPage {
        shell: person.shell.clone(),
        email: person.actor.email.clone(),
        question,
        action,
        kept: form.pairs.iter().filter(|(name, _)| name != NAME).collect(),
        is_wrong: !given.is_empty(),
    };
    html::page(&page.shell, StatusCode::FORBIDDEN, &page).map(Some)
}
