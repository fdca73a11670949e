//! What a form says of itself, beside what it is about: whose page it stood on, and a key that it is done once by.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use crate::error::{Error, Result};
use crate::token;

/// The header in which htmx says for whom the page was made that it stands on.
const PERSON: &str = "X-Person";

/// The name of the password that comes with what it confirms.
pub const CONFIRM_PASSWORD: &str = "confirm_password";

/// The words that a form says of itself.
const OWN: [&str; 3] = ["once", "person", "kept"];

/// The pairs of a form, as they came.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Submission {
    pub pairs: Vec<(String, String)>,
}

/// What every form of a page says, besides what it is about.
#[derive(Clone, Debug, Default)]
pub struct FormWords {
    /// The key by which it is done once. A form that is shown again has the one it had.
    pub once: String,
    /// What was kept of it while nobody was logged in, to go when it is done.
    pub kept: Option<i64>,
}

impl Submission {
    /// The form in a body.
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned()));
        Submission { pairs: pairs.collect() }
    }

    /// The values of a name, or none when it was not sent.
    #[must_use]
    pub fn values(&self, name: &str) -> Option<Vec<String>> {
        let values: Vec<_> =
            self.pairs.iter().filter(|(sent, _)| sent == name).map(|(_, value)| value.clone()).collect();
        (!values.is_empty()).then_some(values)
    }

    /// The one value of a name, or nothing.
    ///
    /// Fails when several were sent: only one of them could count.
    pub fn single(&self, name: &str) -> Result<&str> {
        let mut values = self.pairs.iter().filter(|(sent, _)| sent == name).map(|(_, value)| value.as_str());
        let value = values.next().unwrap_or_default();
        if values.next().is_some() { twice(name) } else { Ok(value) }
    }

    /// The last value of a name, or nothing.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.pairs.iter().rev().find(|(sent, _)| sent == name).map_or("", |(_, value)| value)
    }

    /// What somebody put in.
    pub fn typed(&self) -> impl Iterator<Item = &(String, String)> {
        self.pairs.iter().filter(|(name, _)| !OWN.contains(&name.as_str()))
    }

    /// What somebody put in that can be shown: each field's name and its values. A box that is ticked comes after what
    /// stands for one that is not.
    #[must_use]
    pub fn shown(&self) -> Vec<(&str, String)> {
        let is_shown = |name: &str| {
            let is_machinery = matches!(name, "version" | "back" | "leave" | "find" | "next" | "selection" | "asked");
            !is_machinery && !is_secret(name) && !name.starts_with("find.") && !name.starts_with("choose.")
        };
        let mut shown: Vec<(&str, String)> = Vec::new();
        for (name, value) in self.typed().filter(|(name, value)| is_shown(name) && !value.is_empty()) {
            match shown.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) if values == "false" => values.clone_from(value),
                Some((_, values)) => *values = format!("{values}, {value}"),
                None => shown.push((name, value.clone())),
            }
        }
        shown
    }

    /// A key to all of it but the password that confirms it: what is sent a second time has the same. None without a key of
    /// its own, which is random and stored nowhere: so the hash gives nothing away of a password among the values.
    #[must_use]
    pub fn key(&self, user_id: i64, path: &str) -> Option<String> {
        let once = Some(self.text("once")).filter(|once| !once.is_empty())?;
        let mut all = form_urlencoded::Serializer::new(format!("{user_id} {path} {once} "));
        all.extend_pairs(self.typed().filter(|(name, _)| name != CONFIRM_PASSWORD));
        Some(token::hash(&all.finish()))
    }

    /// What was kept of it, as it says.
    #[must_use]
    pub fn kept(&self) -> Option<i64> {
        self.text("kept").parse().ok()
    }
}

/// Refuses a name that was sent twice.
pub fn twice<T>(name: &str) -> Result<T> {
    Err(Error::BadRequest(format!("{name:?} was sent twice, and only one of them could count.")))
}

impl FromRequest for Submission {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move { Ok(Submission::parse(&body.await?)) })
    }
}

impl FormWords {
    /// The words for the forms of the page that answers a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let extensions = request.extensions();
        let sent = extensions.get::<Submission>();
        let once = sent.map(|sent| sent.text("once")).filter(|once| !once.is_empty());
        // Without random numbers there is no key, and a form is done as often as it is sent.
        let once = once.map_or_else(|| token::new().unwrap_or_default(), ToOwned::to_owned);
        FormWords { once, kept: sent.and_then(Submission::kept) }
    }
}

/// For whom the page was made that a request comes from, where it says so; 0 when that makes no sense.
#[must_use]
pub fn person(request: &HttpRequest) -> Option<i64> {
    let header = request.headers().get(PERSON).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    let extensions = request.extensions();
    let form = extensions.get::<Submission>().map(|form| form.text("person").to_owned());
    let said = form.filter(|said| !said.is_empty()).or(header)?;
    Some(said.parse().unwrap_or_default())
}

/// A field's name as its label: `is_active` to `Is active`.
#[must_use]
pub fn in_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// True for the name of a field that is never kept, shown or compared: passwords, and codes that stand for one.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    name == "password" || name.ends_with("_password") || matches!(name, "code" | "recovery_code" | "token")
}
