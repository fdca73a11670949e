//! What somebody who is logged in may do to the own account.

use super::SignedIn;
use crate::crud::sessions;
use crate::db::Write;
use crate::error::{Error, Result};
use crate::models::{Onward, Session};

impl SignedIn {
    /// The person's own sessions.
    pub async fn sessions(&self) -> Result<Vec<Session>> {
        let (id, now, lifetime) = (self.actor.user_id, self.desk.db.clock().now(), self.desk.lifetime);
        self.read(move |conn| Ok(sessions::of_user(conn, id, now, lifetime)?)).await
    }

    /// Ends one of the person's own sessions, once a form.
    ///
    /// Fails when it had ended.
    pub async fn end_session(&self, session: i64, onward: Onward) -> Result<Onward> {
        let id = self.actor.user_id;
        let end = move |w: &mut Write| {
            if sessions::delete_of_user(w, id, session)? { Ok(onward) } else { Err(Error::NotFound) }
        };
        self.write_once(end).await
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
