//! The step between the password and the session: the second factor.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::{Deserialize, Serialize};

use super::doors::{guest, holder, loaded};
use super::session_store::{ACTOR, CLAIM};
use super::{Guest, SignedIn};
use crate::crud::second_factors::{self, Factors, Verdict, Way};
use crate::db::{Author, Write};
use crate::error::{Error, Result};
use crate::html::Shell;

/// Someone whose password was right and who owes the second factor: may give it, or leave, and nothing else.
pub struct Claimant {
    pub guest: Guest,
    claim: Claim,
}

/// What a session holds that owes the second factor.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Claim {
    pub user_id: i64,
    pub email: String,
    /// The hash that the password was verified with, or another one, if it has been changed since: then the session ended.
    pub hashed_password: String,
}

/// Someone with a session of any kind: may end it.
pub enum Leaver {
    /// Logged in, whatever is still to be set up.
    In(Box<SignedIn>),
    /// Not yet: the session has not begun.
    Waiting(Box<Guest>),
}

impl Claimant {
    #[must_use]
    pub fn email(&self) -> &str {
        &self.claim.email
    }

    /// What this person can show.
    pub async fn factors(&self) -> Result<Factors> {
        let id = self.claim.user_id;
        self.guest.desk.db.read(move |conn| Ok(second_factors::of_user(conn, id)?)).await
    }

    /// Judges a code; with a right one the login is complete, in a session with a new key.
    pub async fn give_code(&self, typed: &str) -> Result<Verdict> {
        let (id, typed, vault) = (self.claim.user_id, typed.to_owned(), self.guest.desk.vault.clone());
        let judge = move |w: &mut Write| second_factors::check(w, &vault, id, &typed);
        let verdict = self.guest.desk.db.write(self.author(), judge).await?;
        if let Verdict::Right(way) = verdict {
            self.complete(match way {
                Way::Code => "password + code",
                Way::RecoveryCode => "password + recovery code",
            })?;
        }
        Ok(verdict)
    }

    /// Whose login it is.
    #[must_use]
    pub fn user_id(&self) -> i64 {
        self.claim.user_id
    }

    pub(super) fn author(&self) -> Author {
        Author { user_id: Some(self.claim.user_id), name: self.claim.email.clone(), ..self.guest.author.clone() }
    }

    pub(super) fn complete(&self, way: &str) -> Result<()> {
        let Claim { user_id, email, hashed_password } = self.claim.clone();
        self.guest.begin_complete(user_id, email, hashed_password, way)
    }
}

impl Leaver {
    /// Ends this session.
    pub async fn log_out(&self) -> Result<()> {
        match self {
            Leaver::In(person) => person.log_out().await?,
            Leaver::Waiting(guest) => guest.session.purge(),
        }
        Ok(())
    }

    #[must_use]
    pub fn shell(&self) -> &Shell {
        match self {
            Leaver::In(person) => &person.shell,
            Leaver::Waiting(guest) => &guest.shell,
        }
    }
}

impl FromRequest for Claimant {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(loaded(request).and_then(|session| {
            if session.contains_key(ACTOR) {
                // Who is in already has nothing to do here.
                return Err(Error::NotFound);
            }
            let claim = session.get(CLAIM).map_err(|cause| Error::internal(cause.to_string()))?;
            Ok(Claimant { guest: guest(request)?, claim: claim.ok_or(Error::Unauthenticated)? })
        }))
    }
}

impl FromRequest for Leaver {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match holder(request) {
            Err(Error::FactorOwed) => guest(request).map(|guest| Leaver::Waiting(Box::new(guest))),
            found => found.map(|person| Leaver::In(Box::new(person))),
        })
    }
}
