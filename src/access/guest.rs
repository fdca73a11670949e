//! What anybody may do: log in, and set up while there is nobody.

use super::session_store::{ACTOR, LOGIN, Login, Proof};
use super::{Guest, device};
use crate::crud::users::FirstAdministrator;
use crate::crud::{second_factors, setup_tokens, users};
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::models::User;

impl Guest {
    /// Begins a session of this user, with a new key, whatever session there was before; whoever has a second factor owes it.
    /// The browser gets another key to be known by when the login is complete: then it is true.
    pub async fn log_in(&self, user: &User) -> Result<bool> {
        let id = user.id;
        let owes = self.desk.db.read(move |conn| Ok::<_, Error>(second_factors::has(conn, id)?)).await?;
        let device = if owes { None } else { Some(device::give(&self.request)?) };
        self.begin(id, user.email.clone(), user.hashed_password.clone(), Proof::Password, device)?;
        Ok(!owes)
    }

    /// Begins a session that owes nothing any more.
    pub(super) fn begin_complete(&self, user_id: i64, email: String, hashed_password: String, way: &str) -> Result<()> {
        let device = Some(device::give(&self.request)?);
        self.begin(user_id, email, hashed_password, Proof::Complete(way.into()), device)
    }

    fn begin(
        &self,
        user_id: i64,
        email: String,
        hashed_password: String,
        proof: Proof,
        device: Option<String>,
    ) -> Result<()> {
        let login = Login {
            user_id,
            email,
            hashed_password,
            address: self.author.address.clone(),
            request_id: self.author.request_id.clone(),
            user_agent: self.user_agent.clone(),
            proof,
            device,
            former_device: self.device.clone(),
        };
        self.session.insert(LOGIN, login).map_err(|cause| Error::internal(cause.to_string()))?;
        self.session.renew();
        Ok(())
    }

    /// True while there is no active administrator and this token is one of those given out.
    ///
    /// Fails as [`Guest::guess`] does.
    pub async fn may_set_up(&self, token: &str) -> Result<bool> {
        if token.is_empty() {
            return Ok(false);
        }
        let (token, now) = (token.to_owned(), self.desk.db.clock().now());
        let find = move |conn: &mut AnyConnection| {
            let is_open = !users::has_active_administrator(conn)? && setup_tokens::is_valid(conn, &token, now)?;
            Ok(is_open.then_some(()))
        };
        Ok(self.guess(find).await?.is_some())
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
