//! Passwords behind the doors: one's own, a new user's, and the one-time links to choose one.

use super::{Guest, SignedIn};
use crate::crud::{password_links, sessions, users};
use crate::db::{self, Author};
use crate::error::{Error, Result};
use crate::models::{Onward, User};
use crate::password;

impl Guest {
    /// The user whose one-time link has this token, while it is valid.
    ///
    /// Fails as [`Guest::guess`] does.
    pub async fn user_of_link(&self, token: &str) -> Result<Option<User>> {
        let (token, now) = (token.to_owned(), self.desk.db.clock().now());
        self.guess(move |conn| Ok(password_links::user_of(conn, &token, now)?)).await
    }

    /// Sets the password of the user whose one-time link has this token; none when the link is not valid any more.
    pub async fn use_link(&self, token: &str, user: &User, password: String) -> Result<Option<User>> {
        let (token, hash) = (token.to_owned(), self.desk.hasher.hash(password).await?);
        let by = Author { user_id: Some(user.id), name: user.email.clone(), ..self.author.clone() };
        self.desk.db.write(by, move |w| Ok::<_, Error>(password_links::redeem(w, &token, hash)?)).await
    }
}

impl SignedIn {
    /// What is stored of a new password of the account with this address, or why it is refused; of none, what no password
    /// verifies.
    pub async fn new_password(&self, password: String, address: &str) -> Result<Result<String, String>> {
        if password.is_empty() {
            return Ok(Ok(self.desk.hasher.no_password()));
        }
        // The queue for a hash may be long.
        db::let_go();
        if let Some(why) = password::check(password.clone(), address.to_owned()).await? {
            return Ok(Err(why));
        }
        self.desk.hasher.hash(password).await.map(Ok)
    }

    /// Where browsers find the application, without a slash at the end; never what a request says.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.desk.base_url
    }

    /// Sets the own password of a person who confirmed with the old one, ends all other sessions and spoils the links by which
    /// another could be chosen; once a form.
    pub async fn change_password(&self, password: String, onward: Onward) -> Result<Onward> {
        let hash = self.desk.hasher.hash(password).await?;
        let (id, session) = (self.actor.user_id, self.actor.session_id);
        let changed = self.write_once(move |w| {
            sessions::set_confirmed(w, session)?;
            let changed = users::replace_password(w, id, hash, Some(session))?;
            changed.map(|_| onward).ok_or(Error::Unauthenticated)
        });
        let onward = changed.await?;
        self.renew_key()?;
        Ok(onward)
    }
}
