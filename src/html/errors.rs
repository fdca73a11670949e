use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use askama::Template;
use url::{Position, Url};

use super::shell::is_htmx;
use super::{LoginDialog, Written, confirm, written};
use crate::error::Error;
use crate::front::Nonce;
use crate::request_log::RequestId;
use crate::submission::{Submission, in_words};

/// What is shown of an error: a page, or with htmx the block alone.
#[derive(Template)]
#[template(path = "error.html", blocks = ["problem"])]
struct Problem<'a> {
    status: u16,
    title: &'a str,
    message: &'a str,
    request_id: &'a str,
    /// What was put in and would be gone with this page: each field's name and value.
    typed: Vec<(String, String)>,
    /// Where to go first, and the words for it.
    first: Option<(&'static str, String)>,
}

/// What is to be known of a request when its answer is there and it is gone.
pub(super) struct Asked {
    pub method: Method,
    /// Path and query that the request was sent to.
    pub address: String,
    /// The page to come back to.
    pub page: String,
    pub is_htmx: bool,
    /// True when somebody logs in.
    is_login: bool,
    /// The page that the person looks at while htmx asks for a part of it.
    pub current_page: String,
    /// What htmx obeys of the answer.
    pub nonce: String,
    /// The element that htmx wants to change, as a selector; empty for none.
    pub target: String,
    id: String,
}

/// Writes the page or the fragment of every error that has none yet, and the cause of our own faults to the log.
pub async fn show_errors(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody + 'static, BoxBody>>, actix_web::Error> {
    let asked = Asked::of(request.request());
    let response = match next.call(request).await {
        Ok(response) => response,
        Err(error) => {
            let response = explain(&asked, error.error_response().status(), Some(&error), None);
            return Err(InternalError::from_response(error.to_string(), response).into());
        }
    };
    let status = response.status();
    let is_written = response.response().extensions().get::<Written>().is_some();
    if status.as_u16() < 400 || is_written {
        return Ok(response.map_into_left_body());
    }
    let form = response.request().extensions().get::<Submission>().cloned();
    let shown = explain(&asked, status, response.response().error(), form.as_ref());
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, shown).map_into_right_body())
}

impl Asked {
    fn of(request: &HttpRequest) -> Self {
        let url = request.headers().get("HX-Current-URL").and_then(|url| url.to_str().ok());
        let url = url.and_then(|url| Url::parse(url).ok());
        let target = request.headers().get("HX-Target").and_then(|target| target.to_str().ok()).unwrap_or_default();
        let is_plain = target.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '#' | '-' | '_'));
        Asked {
            method: request.method().clone(),
            nonce: Nonce::of(request),
            address: path_of(request),
            target: if is_plain { target.to_owned() } else { String::new() },
            page: page_of(request),
            is_htmx: is_htmx(request),
            is_login: request.path() == "/login",
            current_page: url
                .map_or_else(|| "/".into(), |url| url[Position::BeforePath..Position::AfterQuery].to_owned()),
            id: RequestId::of(request),
        }
    }

    /// The page that the person is to come back to.
    fn back_to(&self) -> &str {
        if self.is_htmx { &self.current_page } else { &self.page }
    }
}

fn path_of(request: &HttpRequest) -> String {
    request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

/// The page to come back to: this one, or the one that a form was sent from.
fn page_of(request: &HttpRequest) -> String {
    if request.method().is_safe() {
        return path_of(request);
    }
    let from = request.headers().get(header::REFERER).and_then(|url| url.to_str().ok());
    let from = from.and_then(|url| Url::parse(url).ok());
    from.map_or_else(|| "/".into(), |url| url[Position::BeforePath..Position::AfterQuery].to_owned())
}

fn explain(
    asked: &Asked,
    status: StatusCode,
    cause: Option<&actix_web::Error>,
    form: Option<&Submission>,
) -> HttpResponse {
    let own = cause.and_then(|cause| cause.as_error::<Error>());
    if let Some(Error::Unconfirmed(question)) = own {
        return confirm::ask(asked, question);
    }
    // actix-session wraps an error of the store where only its words can be seen.
    let is_wrapped = |words| own.is_none() && cause.is_some_and(|cause| format!("{cause:?}").contains(words));
    let status = if is_wrapped(Error::BUSY) { StatusCode::SERVICE_UNAVAILABLE } else { status };
    let is_guest = matches!(own, Some(Error::Unauthenticated)) || is_wrapped(Error::Unauthenticated.message());
    let status = if is_guest { StatusCode::UNAUTHORIZED } else { status };
    if status.is_server_error() {
        tracing::error!(%status, cause = cause.map(tracing::field::display), "request failed");
    }
    let first = match own {
        Some(Error::FactorOwed) => Some(("Give the second factor", with_next("/login/second-factor", asked.back_to()))),
        Some(Error::FactorMissing) => Some(("Set up a second factor", "/account/second-factor".to_owned())),
        _ => is_guest.then(|| ("Log in", with_next("/login", asked.back_to()))),
    };
    if let Some((_, first)) = &first
        && !asked.is_htmx
    {
        return HttpResponse::SeeOther().insert_header((header::LOCATION, first.as_str())).finish();
    }
    let is_anothers = matches!(own, Some(Error::OtherPerson));
    let problem = Problem {
        status: status.as_u16(),
        title: if is_anothers { "Somebody else is logged in now" } else { title(status) },
        message: own.map_or_else(|| sentence(status), Error::message),
        request_id: &asked.id,
        typed: form.filter(|_| is_anothers && !asked.is_htmx).map(typed).unwrap_or_default(),
        first,
    };
    let login = LoginDialog {
        login: with_next("/login", &asked.current_page),
        refusal: None,
        request_id: &asked.id,
        nonce: &asked.nonce,
    };
    let body = match asked.is_htmx {
        true if is_guest => login.render(),
        true => problem.as_problem().render(),
        false => problem.render(),
    };
    let mut response = written(status, body.unwrap_or_else(|_| title(status).to_owned()));
    say(&mut response, "x-request-id", &asked.id);
    if asked.is_htmx {
        // The part of the page that was to change stays as it is; what went wrong is said at the top, or in the login over it.
        let place = if asked.is_login { "#login-problem" } else { "#problem" };
        retarget(&mut response, if is_guest { "#login" } else { place });
    }
    if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
        say(&mut response, "retry-after", &own.and_then(Error::retry_after).unwrap_or(1).to_string());
    }
    response
}

/// Lets htmx put an answer into another place than it asked for.
pub(super) fn retarget(response: &mut HttpResponse, place: &str) {
    say(response, "hx-retarget", place);
    say(response, "hx-reswap", "innerHTML");
    say(response, "hx-push-url", "false");
}

pub(super) fn say(response: &mut HttpResponse, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

fn typed(form: &Submission) -> Vec<(String, String)> {
    form.shown().into_iter().map(|(name, value)| (in_words(name), value)).collect()
}

/// A step of the login, and on to a page afterwards.
fn with_next(step: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{step}?next={next}")
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "This request makes no sense",
        401 => "You are not logged in",
        403 => "You may not do this",
        404 => "Not found",
        405 => "This can't be done here",
        408 => "Too slow",
        409 => "Changed meanwhile",
        413 => "Too much at once",
        415 => "This is no form",
        421 => "Not the address of this desk",
        422 => "Something is wrong with the input",
        429 => "Too many tries",
        503 => "Busy",
        status if status < 500 => "This request can't be answered",
        _ => "Something went wrong",
    }
}

fn sentence(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "The request can't be read.",
        404 => "There is nothing at this address. It may have been deleted meanwhile.",
        405 => "This address can't be used in this way.",
        408 => "What was sent took too long to arrive. Nothing of it has been stored.",
        413 => "What was sent is larger than what is taken here.",
        415 => "Send a form (application/x-www-form-urlencoded) in UTF-8, as it is and not packed.",
        421 => "The request asks for another host than the one that this desk has.",
        429 => "Wait a moment, then try again.",
        503 => "The server is busy. Try again in a moment.",
        status if status < 500 => "The request is not one that is answered here.",
        _ => "Something went wrong on our side. What you sent has not been stored.",
    }
}
