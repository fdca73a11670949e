//! Dangerous actions are done by whoever gave the own password lately, so that a session left open, or stolen, is not
//! enough (OWASP ASVS 5.0, 7.5.1 and 7.5.3).

use chrono::{NaiveDateTime, TimeDelta};

use super::session_store::RENEWED;
use super::{Actor, SignedIn};
use crate::crud::sessions;
use crate::error::{Error, Question, Result};
use crate::submission::{CONFIRM_PASSWORD, Submission, is_secret};

/// A password that was given counts for so long.
const COUNTS: TimeDelta = TimeDelta::minutes(15);

impl Actor {
    /// Refuses, at this time, whoever gave the own password too long ago. What was sent is put again by the page that asks.
    ///
    /// Fails with [`Error::Unconfirmed`].
    pub fn confirmed(&self, at: NaiveDateTime, form: &Submission) -> Result<()> {
        if self.has_confirmed(at) { Ok(()) } else { Err(self.question(form)) }
    }

    fn has_confirmed(&self, at: NaiveDateTime) -> bool {
        self.confirmed_at.is_some_and(|given| at - given < COUNTS)
    }

    fn question(&self, form: &Submission) -> Error {
        Error::Unconfirmed(self.asked(form))
    }

    fn asked(&self, form: &Submission) -> Question {
        let sent = form.pairs.iter().filter(|(name, _)| name != CONFIRM_PASSWORD);
        let is_typed_secret = |(name, value): &&(String, String)| is_secret(name) && !value.is_empty();
        let (secrets, pairs): (Vec<_>, Vec<_>) = sent.partition(is_typed_secret);
        Question {
            who: self.email.clone(),
            pairs: pairs.into_iter().cloned().collect(),
            secrets: secrets.into_iter().map(|(name, _)| name.clone()).collect(),
            fault: None,
            wait: None,
        }
    }
}

impl SignedIn {
    /// Asks for the own password when it was last given too long ago. A handler of something dangerous calls it when all
    /// that was sent is right, before it does anything:
    ///
    /// ```ignore
    /// person.confirmed(&form).await?;
    /// ```
    ///
    /// The error becomes a page that asks and sends the same form to the same address again, so nothing else is to be done.
    /// What only a transaction can tell to be dangerous asks with [`Actor::confirmed`] of [`SignedIn::actor_for`].
    ///
    /// Fails with [`Error::Unconfirmed`].
    pub async fn confirmed(&self, form: &Submission) -> Result<()> {
        let now = self.desk.db.clock().now();
        self.actor_for(form).await?.confirmed(now, form)
    }

    /// The person, having confirmed if the password that was sent for that is right.
    ///
    /// Fails with [`Error::Unconfirmed`] when it is wrong.
    pub async fn actor_for(&self, form: &Submission) -> Result<Actor> {
        let mut actor = self.actor.clone();
        let sent = form.single(CONFIRM_PASSWORD)?;
        if sent.is_empty() || actor.has_confirmed(self.desk.db.clock().now()) {
            return Ok(actor);
        }
        let (fault, wait) = match self.confirms(sent.to_owned()).await {
            Ok(true) => (None, None),
            Ok(false) => (Some("This is not your password.".to_owned()), None),
            Err(Error::TooManyTries { seconds, message }) => (Some(message), Some(seconds)),
            Err(error) => return Err(error),
        };
        if fault.is_some() {
            return Err(Error::Unconfirmed(Question { fault, wait, ..actor.asked(form) }));
        }
        let id = actor.session_id;
        actor.confirmed_at = Some(self.write(move |w| Ok::<_, Error>(sessions::confirm(w, id)?)).await?);
        self.renew_key()?;
        Ok(actor)
    }

    /// Gives the session another key with the answer to this request (OWASP ASVS 5.0, 7.2.4).
    pub(super) fn renew_key(&self) -> Result<()> {
        self.session.insert(RENEWED, self.actor.session_id).map_err(|cause| Error::internal(cause.to_string()))
    }
}
