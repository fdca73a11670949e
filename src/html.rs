//! What every page shares: the shell around it, page or block, notices that survive a redirect, errors shown.

mod confirm;
mod errors;
mod login_dialog;
mod plain;
mod shell;

pub use errors::show_errors;
pub use login_dialog::LoginDialog;
pub(crate) use plain::plain;
pub use plain::{Plain, number, pair};
pub use shell::{Menu, MenuEntry, Shell, Wants};

use actix_web::HttpResponse;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::{StatusCode, header};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::cookie;
use crate::error::{Error, Result};
use crate::models::Onward;

/// The cookie that carries one notice over one redirect.
const NOTICE: &str = "notice";

/// Marks an answer whose page is written; what has no mark and is an error gets one from [`show_errors`].
struct Written;

/// A page, or the block of it that htmx asked for, in HTML.
pub struct Html(String);

/// So many bytes are set aside for a page: most fit, and the longest list grows but twice.
const ROOM: usize = 32 * 1024;

/// Writes the whole page, or the block of it that htmx asked for. What is made of many records is best written on the thread that
/// read them, where what they were kept in is let go too; the connection waits for it, a fraction of the time that it read.
pub fn render<P: Template, B: Template>(shell: &Shell, page: &P, block: &B) -> Result<Html> {
    let html = match shell.wants {
        Wants::Page => {
            let mut html = String::with_capacity(ROOM);
            page.render_into(&mut html).map(|()| html)
        }
        Wants::Block => block.render(),
    };
    html.map(Html).map_err(Error::internal)
}

/// Answers with the whole page, or with the block of it that htmx asked for.
pub fn respond(shell: &Shell, status: StatusCode, page: &impl Template, block: &impl Template) -> Result<HttpResponse> {
    answer(shell, status, render(shell, page, block)?)
}

/// Answers with what [`render`] wrote for this shell.
pub fn answer(shell: &Shell, status: StatusCode, Html(body): Html) -> Result<HttpResponse> {
    let mut response = written(status, body);
    if shell.notice.is_some() {
        let mut gone = notice_cookie(shell, String::new());
        gone.make_removal();
        response.add_cookie(&gone).map_err(Error::internal)?;
    }
    Ok(response)
}

/// Answers with a page that has no blocks.
pub fn page(shell: &Shell, status: StatusCode, page: &impl Template) -> Result<HttpResponse> {
    respond(shell, status, page, page)
}

/// Says on an answer when to ask again, in whole seconds (RFC 9110, 10.2.3).
#[must_use]
pub fn retry_after(mut response: HttpResponse, seconds: Option<u64>) -> HttpResponse {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

/// Answers a POST: go on to `location` (a local path), where `notice` is shown once.
pub fn see_other(shell: &Shell, location: &str, notice: &str) -> Result<HttpResponse> {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, location));
    if !notice.is_empty() {
        response.cookie(notice_cookie(shell, URL_SAFE_NO_PAD.encode(notice)));
    }
    Ok(response.finish())
}

/// Answers a form that was taken.
pub fn go_on(shell: &Shell, onward: &Onward) -> Result<HttpResponse> {
    see_other(shell, &onward.location, &onward.notice)
}

/// A path of this application from a request's words, or `otherwise`. Only `/` and one of its own pages is let through:
/// `//host` and `/\host` lead elsewhere (OWASP Unvalidated Redirects and Forwards Cheat Sheet).
#[must_use]
pub fn local_path<'a>(path: &'a str, otherwise: &'a str) -> &'a str {
    let is_local = path.starts_with('/')
        && !path[1..].starts_with(['/', '\\'])
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_local { path } else { otherwise }
}

fn written(status: StatusCode, body: String) -> HttpResponse {
    let mut response = HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body);
    response.extensions_mut().insert(Written);
    response
}

fn notice_cookie(shell: &Shell, value: String) -> Cookie<'static> {
    cookie::build(NOTICE, value, SameSite::Strict, shell.is_secure).finish()
}
