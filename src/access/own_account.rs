//! What somebody who is logged in may do to the own account.

use super::SignedIn;
use crate::crud::audit::{self, Change, Event};
use crate::crud::{Crud as _, Entity as _, sessions};
use crate::error::{Error, Result};
use crate::models::{Session, User, UserChanges};

impl SignedIn {
    /// True when this is the person's own password.
    pub async fn confirms(&self, password: String) -> Result<bool> {
        let id = self.actor.user_id;
        let user = self.read(move |conn| Ok::<_, Error>(User::get(conn, id)?)).await?;
        self.desk.hasher.verify(password, user.map(|user| user.hashed_password)).await
    }

    /// The person's own sessions.
    pub async fn sessions(&self) -> Result<Vec<Session>> {
        let (id, now, lifetime) = (self.actor.user_id, self.desk.db.clock().now(), self.desk.lifetime);
        self.read(move |conn| Ok(sessions::of_user(conn, id, now, lifetime)?)).await
    }

    /// Sets the person's own password and ends all other sessions.
    pub async fn change_password(&self, password: String) -> Result<()> {
        let changes = UserChanges { hashed_password: Some(self.hash(password).await?), ..Default::default() };
        let (id, session) = (self.actor.user_id, self.actor.session_id);
        self.write(move |w| {
            let user = User::update(w, id, &changes)?.ok_or(Error::NotFound)?;
            let event = Event::new(audit::Action::PASSWORD_CHANGE).on(User::NAME, id, &user.email);
            audit::record(w, event.changes(vec![Change::secret("password")]))?;
            Ok::<_, Error>(sessions::delete_all_of_user(w, id, Some(session))?)
        })
        .await
    }

    /// Ends one of the person's own sessions; false when it had ended.
    pub async fn end_session(&self, session: i64) -> Result<bool> {
        let id = self.actor.user_id;
        self.write(move |w| Ok::<_, Error>(sessions::delete_of_user(w, id, session)?)).await
    }

    /// Ends all the person's sessions but this.
    pub async fn end_other_sessions(&self) -> Result<()> {
        let (id, session) = (self.actor.user_id, self.actor.session_id);
        self.write(move |w| Ok::<_, Error>(sessions::delete_all_of_user(w, id, Some(session))?)).await
    }

    /// Ends this session.
    pub async fn log_out(&self) -> Result<()> {
        let (id, session) = (self.actor.user_id, self.actor.session_id);
        self.write(move |w| Ok::<_, Error>(sessions::log_out(w, id, session)?)).await?;
        self.session.purge();
        Ok(())
    }
}
