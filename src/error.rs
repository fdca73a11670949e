//! The one error of the program. What a visitor may know of it is its status and a sentence; the cause goes to the log.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};

/// Why a request could not be answered as it was asked.
#[derive(Debug)]
pub enum Error {
    /// 400: the request makes no sense; the sentence says what in it.
    BadRequest(String),
    /// 401: nobody is logged in.
    Unauthenticated,
    /// 401: the password was right, the second factor is still to come.
    FactorOwed,
    /// 403: a role of the person requires a second factor, and there is none yet.
    FactorMissing,
    /// 403: the person may not do this; the sentence says why.
    Forbidden(String),
    /// 403: the person gave the own password too long ago for this; the page that asks for it sends the same again.
    Unconfirmed(Question),
    /// 404: there is no such page or record.
    NotFound,
    /// 409: another person is logged in than the one whose page this came from.
    OtherPerson,
    /// 429: too many tries; the next one is let through after so many seconds.
    TooManyTries { seconds: u64, message: String },
    /// 503: too much at once; worth another try after a moment.
    Unavailable(String),
    /// 500: our fault. The cause is for the log alone.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// What is asked before something dangerous is done.
pub struct Question {
    /// Whose password it is.
    pub who: String,
    /// What was sent, to be sent again: every pair but passwords.
    pub pairs: Vec<(String, String)>,
    /// The names of other passwords that were sent. No page has them in it, so they are typed again.
    pub secrets: Vec<String>,
    /// What is wrong with the password, if one was given.
    pub fault: Option<String>,
    /// 429 instead: the seconds until one may try again.
    pub wait: Option<u64>,
}

/// Without what was sent, which has no business in a log.
impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("who", &self.who).field("fault", &self.fault).finish_non_exhaustive()
    }
}

/// What everything here returns that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// What is said when there is no connection to the database in time.
    pub const BUSY: &str = "The database is busy. Try again in a moment.";

    const OTHER_PERSON: &str = "This page was opened by somebody else, who is no longer logged in in this browser. Nothing \
         of it has been stored.";

    /// An error that is our fault, from what caused it.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Error::Internal(cause.into())
    }

    /// A try that has to wait, in the words of [`Error::TooManyTries`].
    #[must_use]
    pub fn too_many_tries(seconds: u64) -> Self {
        let (count, unit) = match seconds {
            0..=90 => (seconds, "second"),
            91..=5400 => (seconds.div_ceil(60), "minute"),
            _ => (seconds.div_ceil(3600), "hour"),
        };
        let plural = if count == 1 { "" } else { "s" };
        Error::TooManyTries { seconds, message: format!("Too many tries. Try again in {count} {unit}{plural}.") }
    }

    /// When to ask again, in seconds (RFC 9110, 10.2.3), where waiting helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Error::TooManyTries { seconds, .. } => Some(*seconds),
            Error::Unavailable(_) => Some(1),
            _ => None,
        }
    }

    /// The sentence for the person who asked.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Error::BadRequest(why) | Error::Forbidden(why) | Error::Unavailable(why) => why,
            Error::TooManyTries { message, .. } => message,
            Error::Unauthenticated => "Log in to go on.",
            Error::FactorOwed => "Your password was right. Give the second factor, then try this again.",
            Error::FactorMissing => "A role of yours requires a second factor. Set one up to go on.",
            Error::Unconfirmed(_) => "Confirm with your password that it is you.",
            Error::NotFound => "There is nothing at this address. It may have been deleted meanwhile.",
            Error::OtherPerson => Error::OTHER_PERSON,
            Error::Internal(_) => "Something went wrong on our side. What you sent has not been stored.",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Internal(cause) => write!(f, "{cause}"),
            other => f.write_str(other.message()),
        }
    }
}

impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    fn from(cause: diesel::result::Error) -> Self {
        match cause {
            diesel::result::Error::NotFound => Error::NotFound,
            cause if is_locked(&cause) => {
                tracing::warn!(%cause, "a lock was not had in time");
                Error::Unavailable(Error::BUSY.into())
            }
            cause => Error::internal(cause),
        }
    }
}

/// True when another transaction held a lock for too long, in the words of either database.
fn is_locked(cause: &diesel::result::Error) -> bool {
    let diesel::result::Error::DatabaseError(_, info) = cause else { return false };
    ["database is locked", "due to lock timeout", "deadlock detected"]
        .iter()
        .any(|words| info.message().contains(words))
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Error::BadRequest(_) => StatusCode::BAD_REQUEST,
            Error::Unauthenticated | Error::FactorOwed => StatusCode::UNAUTHORIZED,
            Error::Unconfirmed(Question { wait: None, .. }) | Error::Forbidden(_) | Error::FactorMissing => {
                StatusCode::FORBIDDEN
            }
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::OtherPerson => StatusCode::CONFLICT,
            Error::TooManyTries { .. } | Error::Unconfirmed(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// An empty answer: `html::show_errors` writes the page or the fragment.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.retry_after() {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.finish()
    }
}
