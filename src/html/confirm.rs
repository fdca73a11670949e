use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use askama::Template;

use super::errors::{Asked, retarget, say};
use super::{local_path, written};
use crate::error::Question;

/// The page that asks for the own password and then sends again what was sent, to the address that it was sent to; with htmx
/// the block for the dialog.
#[derive(Template)]
#[template(path = "confirm.html", blocks = ["question"])]
struct ConfirmPage<'a> {
    question: &'a Question,
    /// False for what no form of a page sends.
    can_be_sent: bool,
    action: &'a str,
    /// What the answer takes the place of when htmx sends it again.
    patch: Option<&'a str>,
    nonce: &'a str,
    back: &'a str,
}

/// The answer to what is not done until it is confirmed.
pub(super) fn ask(asked: &Asked, question: &Question) -> HttpResponse {
    let is_patch = asked.is_htmx && asked.method == Method::PATCH && !asked.target.is_empty();
    let page = ConfirmPage {
        question,
        can_be_sent: asked.method == Method::POST || is_patch,
        action: local_path(&asked.address, "/"),
        patch: is_patch.then_some(asked.target.as_str()),
        nonce: &asked.nonce,
        back: if asked.is_htmx { &asked.current_page } else { &asked.page },
    };
    let body = if asked.is_htmx { page.as_question().render() } else { page.render() };
    let status = if question.wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::FORBIDDEN };
    let mut response = written(status, body.unwrap_or_default());
    if let Some(seconds) = question.wait {
        say(&mut response, "retry-after", &seconds.to_string());
    }
    if asked.is_htmx {
        retarget(&mut response, "#dialog");
    }
    response
}
