//! Passkeys at the doors: made by someone logged in, given after the password, or instead of it.

use std::future::{Ready, ready};

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::doors::guest;
use super::{Claimant, Desk, Guest, OwnFactors};
use crate::crud::{Entity as _, passkeys, recovery_codes};
use crate::db::{AnyConnection, Author, Write};
use crate::error::{Error, Result};
use crate::models::{NewPasskey, Passkey, User};
use crate::passkey::Question;
use crate::{cookie, token};

/// The cookie of a browser that was asked.
const NAME: &str = "passkey";

/// What a browser has been asked, by the token in its cookie: an answer counts in the browser that was asked, once.
pub struct Asked {
    token: Option<String>,
}

/// A question for the browser, in JSON, and the cookie that says which it was asked.
pub struct Asking {
    pub options: String,
    pub cookie: Cookie<'static>,
}

/// What became of a new passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is added; with recovery codes, which are shown this once, when there were none.
    Yes(Option<Vec<String>>),
    /// The answer is not one to what was asked.
    Refused,
    /// The device is known already.
    Taken,
}

impl OwnFactors {
    /// The only address at which passkeys work, or why they do not.
    pub fn passkey_origin(&self) -> Result<String, String> {
        self.desk.site.origin()
    }

    /// Asks the browser to make a passkey.
    pub async fn ask_passkey(&self) -> Result<Asking> {
        let (id, email, site) = (self.actor.user_id, self.actor.email.clone(), self.desk.site.clone());
        let read = move |conn: &mut AnyConnection| Ok::<_, Error>(credentials(passkeys::of_user(conn, id)?));
        let present = self.read(read).await?;
        ask(&self.desk, self.author.clone(), Some(id), site.ask_to_make(id, &email, &present)?).await
    }

    /// Takes a passkey that the browser made.
    pub async fn add_passkey(&self, asked: Asked, answer: &str, name: &str) -> Result<Added> {
        let (id, site) = (self.actor.user_id, self.desk.site.clone());
        let (answer, name) = (answer.to_owned(), name.to_owned());
        let written = self.write(move |w| {
            let ceremony = asked.take(w, Some(id))?;
            let Some(key) = ceremony.and_then(|ceremony| site.made(&ceremony, &answer)) else {
                return Ok(Added::Refused);
            };
            let (credential_id, credential) = (key.credential_id, key.credential);
            passkeys::create(w, NewPasskey { user_id: id, credential_id, name, credential, created_at: w.at })?;
            if recovery_codes::count_left(w.conn, id)? > 0 {
                return Ok(Added::Yes(None));
            }
            recovery_codes::replace(w, id).map(|codes| Added::Yes(Some(codes)))
        });
        match written.await {
            Err(cause) if passkeys::is_taken(&cause) => Ok(Added::Taken),
            written => written,
        }
    }

    /// Removes a passkey; false when there was none.
    pub async fn remove_passkey(&self, passkey: i64) -> Result<bool> {
        let id = self.actor.user_id;
        self.write(move |w| passkeys::remove(w, id, passkey)).await
    }
}

impl Claimant {
    /// Asks the browser to use one of the person's passkeys.
    pub async fn ask_passkey(&self) -> Result<Asking> {
        let present = credentials(self.factors().await?.passkeys);
        if present.is_empty() {
            return Err(Error::NotFound);
        }
        let desk = &self.guest.desk;
        ask(desk, self.author(), Some(self.user_id()), desk.site.ask_to_give(&present)?).await
    }

    /// Judges what the browser answered; with a right answer the login is complete, in a session with a new key.
    pub async fn give_passkey(&self, asked: Asked, answer: &str) -> Result<bool> {
        let user = self.guest.judge(self.author(), asked, answer, Some(self.user_id())).await?;
        if user.is_some() {
            self.complete("password + passkey")?;
        }
        Ok(user.is_some())
    }
}

impl Guest {
    /// The only address at which passkeys work, if there is one.
    #[must_use]
    pub fn passkey_origin(&self) -> Option<String> {
        self.desk.site.origin().ok()
    }

    /// Asks the browser to use any passkey it has for this site.
    pub async fn ask_passkey(&self) -> Result<Asking> {
        let question = self.desk.site.ask_to_enter()?;
        // What is asked is a row: it takes a try, which a right answer gives back.
        self.count_try().await?;
        ask(&self.desk, self.author.clone(), None, question).await
    }

    /// Logs in whoever answered; false when the answer is not right.
    ///
    /// Fails with [`Error::TooManyTries`] when the address that asks had too many wrong ones.
    pub async fn enter_with_passkey(&self, asked: Asked, answer: &str) -> Result<bool> {
        self.address_is_free().await?;
        let Some(user) = self.judge(self.author.clone(), asked, answer, None).await? else {
            self.count_try().await?;
            return Ok(false);
        };
        self.give_try_back().await?;
        self.begin_complete(user.id, user.email, user.hashed_password, "passkey")?;
        Ok(true)
    }

    /// The active user whose passkey answered what this browser was asked. A refusal is put on record.
    async fn judge(&self, by: Author, asked: Asked, answer: &str, user_id: Option<i64>) -> Result<Option<User>> {
        let (site, answer) = (self.desk.site.clone(), answer.to_owned());
        let judge = move |w: &mut Write| {
            let ceremony = asked.take(w, user_id)?;
            let Some((named, credential_id)) = site.named(&answer) else { return Ok(passkeys::refuse(w, user_id)?) };
            let stored = passkeys::get_by_credential(w.conn, &credential_id)?;
            let Some(stored) = stored.filter(|stored| user_id.or(named) == Some(stored.user_id)) else {
                return Ok(passkeys::refuse(w, user_id)?);
            };
            let used = ceremony.and_then(|ceremony| site.used(&ceremony, &answer, &stored.credential));
            let Some(used) = used else { return Ok(passkeys::refuse(w, Some(stored.user_id))?) };
            // Removed at this moment, it opens nothing any more.
            let is_there = passkeys::note_use(w, stored.id, &used.credential)?;
            match User::get(w.conn, stored.user_id)? {
                Some(holder) if is_there && holder.is_active => Ok::<_, Error>(Some(holder)),
                _ => Ok(passkeys::refuse(w, Some(stored.user_id))?),
            }
        };
        self.desk.db.write(by, judge).await
    }
}

impl Asked {
    /// What this browser was asked for this user; once.
    fn take(self, w: &mut Write, user_id: Option<i64>) -> diesel::QueryResult<Option<String>> {
        let Some(token) = self.token else { return Ok(None) };
        let found = passkeys::answer(w, &token)?;
        Ok(found.filter(|(of, _)| *of == user_id).map(|(_, ceremony)| ceremony))
    }
}

async fn ask(desk: &Desk, by: Author, user_id: Option<i64>, question: Question) -> Result<Asking> {
    let token = token::new()?;
    let cookie = cookie::build(NAME, token.clone(), SameSite::Strict, desk.secure);
    let cookie = cookie.max_age(time::Duration::minutes(5)).finish();
    desk.db.write(by, move |w| Ok::<_, Error>(passkeys::ask(w, &token, user_id, &question.ceremony)?)).await?;
    Ok(Asking { options: question.options, cookie })
}

fn credentials(passkeys: Vec<Passkey>) -> Vec<String> {
    passkeys.into_iter().map(|passkey| passkey.credential).collect()
}

impl FromRequest for Asked {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cookie = |guest: Guest| request.cookie(&cookie::name(NAME, guest.desk.secure));
        ready(guest(request).map(|guest| Asked { token: cookie(guest).map(|cookie| cookie.value().to_owned()) }))
    }
}
