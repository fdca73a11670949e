//! What is sent again, by a retry or a second click, is not done again.

use actix_web::{HttpMessage as _, HttpRequest};

use super::SignedIn;
use crate::crud::{done_requests, kept_submissions};
use crate::db::Write;
use crate::error::{Error, Result};
use crate::models::Onward;
use crate::submission::{self, Submission};

/// What a form says to be done once.
#[derive(Clone, Debug)]
pub(super) struct Once {
    key: String,
    kept: Option<i64>,
}

impl Once {
    /// None for a request that says nothing of the kind: it is done each time it comes.
    pub(super) fn of(request: &HttpRequest, user_id: i64) -> Option<Self> {
        let extensions = request.extensions();
        let form = extensions.get::<Submission>()?;
        Some(Once { key: form.key(user_id, request.path())?, kept: form.kept() })
    }
}

impl SignedIn {
    /// As [`SignedIn::write`], but what this same form has done already is not done again: the answer leads where the
    /// first one led. Two at once wait for each other. A refusal is nothing done, and the form may come again.
    pub async fn write_once<E>(
        &self,
        write: impl FnOnce(&mut Write) -> Result<Onward, E> + Send + 'static,
    ) -> Result<Onward, E>
    where
        E: From<Error> + From<diesel::result::Error> + Send + 'static,
    {
        let Some(Once { key, kept }) = self.once.clone() else { return self.write(write).await };
        let user_id = self.actor.user_id;
        self.write(move |w| {
            if let Some(done) = done_requests::find(w, &key)? {
                return Ok(done);
            }
            let onward = write(w)?;
            done_requests::create(w, key, user_id, &onward)?;
            if let Some(kept) = kept {
                kept_submissions::delete_of_user(w, user_id, kept)?;
            }
            Ok(onward)
        })
        .await
    }

    /// Where the answer led when this same form came before: to be asked by whoever checks something before
    /// [`SignedIn::write_once`] that the first one has changed.
    pub async fn repeated(&self) -> Result<Option<Onward>> {
        let Some(Once { key, .. }) = self.once.clone() else { return Ok(None) };
        self.read(move |conn| Ok(done_requests::look(conn, &key)?)).await
    }

    /// Refuses what comes from a page that was made for somebody else.
    pub(super) fn on_own_page(self, request: &HttpRequest) -> Result<Self> {
        let is_own = submission::person(request).is_none_or(|person| person == self.actor.user_id);
        if is_own { Ok(self) } else { Err(Error::OtherPerson) }
    }
}
