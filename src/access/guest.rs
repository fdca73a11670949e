//! What anybody may do: log in, and set up while there is nobody.

use super::Guest;
use super::session_store::{ACTOR, LOGIN, Login, Proof};
use crate::crud::users::FirstAdministrator;
use crate::crud::{setup_tokens, users};
use crate::db::{AnyConnection, Write};
use crate::error::{Error, Result};
use crate::models::User;

impl Guest {
    /// The user with this address and password, if active. A login that is refused is put on record.
    pub async fn authenticate(&self, email: &str, password: String) -> Result<Option<User>> {
        let user = users::authenticate(&self.desk.db, &self.desk.hasher, email, password).await?;
        if user.is_none() {
            let email = email.to_owned();
            let refused = move |w: &mut Write| Ok::<_, Error>(users::record_refused_login(w, &email)?);
            self.desk.db.write(self.author.clone(), refused).await?;
        }
        Ok(user)
    }

    /// Begins a session of this user, with a new key, whatever session there was before. Whoever has a second factor owes it.
    pub fn log_in(&self, user: &User) -> Result<()> {
        self.begin(user.id, user.email.clone(), user.hashed_password.clone(), Proof::Password)
    }

    pub(super) fn begin(&self, user_id: i64, email: String, hashed_password: String, proof: Proof) -> Result<()> {
        let login = Login {
            user_id,
            email,
            hashed_password,
            address: self.author.address.clone(),
            request_id: self.author.request_id.clone(),
            user_agent: self.user_agent.clone(),
            proof,
        };
        self.session.insert(LOGIN, login).map_err(|cause| Error::internal(cause.to_string()))?;
        self.session.renew();
        Ok(())
    }

    /// True while there is no active administrator and this token is one of those given out.
    pub async fn may_set_up(&self, token: &str) -> Result<bool> {
        let (token, now) = (token.to_owned(), self.desk.db.clock().now());
        let read = move |conn: &mut AnyConnection| {
            Ok(!users::has_active_administrator(conn)? && setup_tokens::is_valid(conn, &token, now)?)
        };
        self.desk.db.read(read).await
    }

    /// Makes the first administrator.
    pub async fn set_up(&self, email: &str, password: String) -> Result<FirstAdministrator> {
        users::create_first_administrator(&self.desk.db, &self.desk.hasher, self.author.clone(), email, password).await
    }

    /// True when this browser is logged in already.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.session.contains_key(ACTOR)
    }
}
