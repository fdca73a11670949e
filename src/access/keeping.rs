//! A form that comes when its session has ended is kept for whoever held the session, and offered again after the login.
//! The token that opens it is in the browser's cookie only: nobody else's login, and nobody with the database, reads it.

use actix_session::SessionExt as _;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::cookie::{SameSite, time};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::claim::Claim;
use super::session_store::{ACTOR, CLAIM, FORMER};
use super::{Desk, SignedIn};
use crate::crud::kept_submissions::{self, KEPT};
use crate::db::Author;
use crate::error::{Error, Result};
use crate::submission::{Submission, is_secret};
use crate::{cookie, sealed, submission, token};

/// The cookie with the token.
const NAME: &str = "kept";

/// A form as it was kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    #[serde(skip)]
    pub id: i64,
    #[serde(skip)]
    pub until: NaiveDateTime,
    pub path: String,
    pub form: Submission,
    /// The names of passwords that were in it. They are not kept.
    pub secrets: Vec<String>,
}

/// Reads the form of somebody who is, or was, logged in, for the doors to see what it says of itself; and keeps it when
/// its session has ended.
pub async fn keep_submissions(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody, BoxBody>>, actix_web::Error> {
    let session = request.get_session();
    let former: Option<i64> = session.get(FORMER).ok().flatten();
    let claim: Option<Claim> = session.get(CLAIM).ok().flatten();
    let former = former.or(claim.as_ref().map(|claim| claim.user_id));
    let is_known = former.is_some() || session.contains_key(ACTOR);
    if is_known && !request.method().is_safe() {
        let body = match request.extract::<web::Bytes>().await {
            Ok(body) => body,
            Err(refusal) => return Ok(request.error_response(refusal).map_into_right_body()),
        };
        request.extensions_mut().insert(Submission::parse(&body));
        request.set_payload(Payload::from(body));
    }
    let response = next.call(request).await?;
    let refusal = response.response().error().and_then(|cause| cause.as_error::<Error>());
    let is_refused = matches!(refusal, Some(Error::Unauthenticated | Error::FactorOwed));
    // htmx leaves the page as it is; a page that is left takes what was typed along.
    let request = response.request();
    let is_page = request.method() == Method::POST && !request.headers().contains_key("HX-Request");
    let is_own = |user_id: &i64| submission::person(request).is_none_or(|person| person == *user_id);
    let Some(user_id) = former.filter(|_| is_refused && is_page).filter(is_own) else {
        return Ok(response.map_into_left_body());
    };
    let form = request.extensions().get::<Submission>().cloned().unwrap_or_default();
    if form.typed().next().is_none() {
        return Ok(response.map_into_left_body());
    }
    let way = if claim.is_some() { "/login/second-factor?next=%2Fkept" } else { "/login?next=%2Fkept" };
    let answer = keep(request, user_id, form, way).await;
    let answer = answer.unwrap_or_else(HttpResponse::from_error);
    Ok(response.into_response(answer).map_into_right_body())
}

async fn keep(request: &HttpRequest, user_id: i64, form: Submission, way: &'static str) -> Result<HttpResponse> {
    let desk = request.app_data::<web::Data<Desk>>().ok_or_else(|| Error::internal("there is no desk"))?;
    let token = token_of(request, desk).map_or_else(token::new, Ok)?;
    let kept = Kept::of(request.path(), form);
    let text = serde_json::to_string(&kept).map_err(|cause| Error::internal(cause.to_string()))?;
    let ciphertext = sealed::seal(&sealed::key_of(&token), &purpose(user_id), text.as_bytes())?;
    let by = Author { user_id: Some(user_id), name: "the holder of an ended session".into(), ..Author::default() };
    let sealed_by = token.clone();
    let keeping =
        move |w: &mut crate::db::Write| Ok::<_, Error>(kept_submissions::create(w, &sealed_by, user_id, ciphertext)?);
    desk.db.write(by, keeping).await?;
    let age = time::Duration::seconds(KEPT.num_seconds());
    let cookie = cookie::build(NAME, token, SameSite::Lax, desk.secure).max_age(age).finish();
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, way)).cookie(cookie).finish())
}

impl Kept {
    /// What is kept of a form: all but the secrets that were put in.
    fn of(path: &str, mut form: Submission) -> Self {
        let is_put_in = |(name, value): &(String, String)| is_secret(name) && !value.is_empty();
        let secrets = form.pairs.iter().filter(|pair| is_put_in(pair)).map(|(name, _)| name.clone()).collect();
        form.pairs.retain(|pair| !is_put_in(pair));
        Kept { id: 0, until: NaiveDateTime::default(), path: path.to_owned(), form, secrets }
    }
}

impl SignedIn {
    /// What was kept of this person's in this browser, the newest first.
    pub async fn kept_submissions(&self, request: &HttpRequest) -> Result<Vec<Kept>> {
        let Some(token) = token_of(request, &self.desk) else { return Ok(Vec::new()) };
        let (user_id, now, opened_by) = (self.actor.user_id, self.desk.db.clock().now(), token.clone());
        let read = move |conn: &mut _| Ok::<_, Error>(kept_submissions::of_user(conn, &opened_by, user_id, now)?);
        let rows = self.read(read).await?;
        let open = |row: crate::models::KeptSubmission| {
            let text = sealed::open(&sealed::key_of(&token), &purpose(user_id), &row.ciphertext)?;
            let kept = serde_json::from_slice::<Kept>(&text).ok()?;
            Some(Kept { id: row.id, until: row.expires_at, ..kept })
        };
        Ok(rows.into_iter().filter_map(open).collect())
    }

    /// Forgets one of this person's.
    pub async fn discard_kept(&self, id: i64) -> Result<()> {
        let user_id = self.actor.user_id;
        self.write(move |w| Ok::<_, Error>(kept_submissions::delete_of_user(w, user_id, id)?)).await
    }
}

/// What is sealed for one person opens for no other.
fn purpose(user_id: i64) -> String {
    format!("kept for user {user_id}")
}

/// The token in the browser: one for all that is kept there.
fn token_of(request: &HttpRequest, desk: &Desk) -> Option<String> {
    let token = request.cookie(&cookie::name(NAME, desk.secure))?.value().to_owned();
    (token.len() == token::LENGTH).then_some(token)
}
