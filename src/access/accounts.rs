//! What somebody who may see or change users reads of another's account beside the record.

use super::Access;
use crate::crud::sessions;
use crate::error::Result;
use crate::models::{Session, User};

impl<A> Access<User, A> {
    /// The sessions of a user that have not ended.
    pub async fn sessions_of(&self, user_id: i64) -> Result<Vec<Session>> {
        let (now, lifetime) = (self.desk.db.clock().now(), self.desk.lifetime);
        self.read(move |conn| Ok(sessions::of_user(conn, user_id, now, lifetime)?)).await
    }
}
