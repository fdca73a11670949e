//! One's own second factors.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::mpsc::channel;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::doors::{SignedIn, holder};
use crate::crud::second_factors::{self, Factors};
use crate::crud::{recovery_codes, totp_secrets};
use crate::error::{Error, Result};
use crate::models::Onward;

/// Someone logged in, at the own second factors: also who has to set one up before anything else.
pub struct OwnFactors(SignedIn);

impl OwnFactors {
    /// What this person has.
    pub async fn factors(&self) -> Result<Factors> {
        let id = self.actor.user_id;
        self.read(move |conn| Ok(second_factors::of_user(conn, id)?)).await
    }

    /// Why no app can be set up here, in words for whoever runs the program; none when it can.
    #[must_use]
    pub fn why_no_app(&self) -> Option<String> {
        self.desk.vault.secret().err()
    }

    /// Begins to set an app up; false when there is one.
    pub async fn begin_app(&self) -> Result<bool> {
        let (id, secret) = (self.actor.user_id, self.desk.vault.secret().map_err(Error::Forbidden)?.clone());
        self.write(move |w| totp_secrets::begin(w, &secret, id)).await
    }

    /// The secret that waits for a first code of the app, if there is one.
    pub async fn pending_app(&self) -> Result<Option<Vec<u8>>> {
        let (id, secret) = (self.actor.user_id, self.desk.vault.secret().map_err(Error::Forbidden)?.clone());
        let now = self.desk.db.clock().now();
        self.read(move |conn| Ok(totp_secrets::pending(conn, &secret, id, now)?)).await
    }

    /// Takes the app into use when this is a code of it, and gives the recovery codes, which are shown this once; none when it
    /// is not.
    pub async fn confirm_app(&self, typed: &str) -> Result<Option<Vec<String>>> {
        let (id, secret) = (self.actor.user_id, self.desk.vault.secret().map_err(Error::Forbidden)?.clone());
        let typed = typed.to_owned();
        self.write(move |w| {
            if !totp_secrets::confirm(w, &secret, id, &typed)? {
                return Ok(None);
            }
            recovery_codes::replace(w, id).map(Some)
        })
        .await
    }

    /// Removes the app; false when there was none.
    pub async fn remove_app(&self) -> Result<bool> {
        let id = self.actor.user_id;
        self.write(move |w| {
            second_factors::keep_a_required_one(w, id)?;
            let is_gone = totp_secrets::delete(w, id)?;
            second_factors::drop_idle_codes(w, id)?;
            Ok::<_, Error>(is_gone)
        })
        .await
    }

    /// Makes new recovery codes, which are shown this once; the old ones are spoiled.
    /// Where the answer leads else, on `page`: without a second factor, and when the same form has made some already.
    pub async fn renew_codes(&self, page: &'static str) -> Result<Result<Vec<String>, Onward>> {
        let id = self.actor.user_id;
        let (keep, made) = channel();
        let done = self.write_once(move |w| {
            if !second_factors::has(w.conn, id)? {
                return Ok(Onward::to(page, "Recovery codes stand in for a second factor. Set one up first."));
            }
            let _ = keep.send(recovery_codes::replace(w, id)?);
            let again =
                "This form has made recovery codes already, and they were shown once. If they are lost, make others.";
            Ok::<_, Error>(Onward::to(page, again))
        });
        let done = done.await?;
        Ok(made.try_recv().map_err(|_| done))
    }
}

impl Deref for OwnFactors {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl FromRequest for OwnFactors {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(holder(request).and_then(|person| person.on_own_page(request)).map(OwnFactors))
    }
}
