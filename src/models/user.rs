use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use crate::db::schema::users;
use crate::db::{MaybeStamp, Stamp};

/// Someone who may have an account.
#[derive(Clone, PartialEq, Eq, Queryable, Serialize)]
pub struct User {
    pub id: i64,
    /// Trimmed, lower case, unique.
    pub email: String,
    /// A PHC string.
    #[serde(skip)]
    pub hashed_password: String,
    pub is_active: bool,
    #[diesel(deserialize_as = MaybeStamp)]
    pub last_login_at: Option<NaiveDateTime>,
    pub version: i64,
    #[diesel(deserialize_as = Stamp)]
    pub created_at: NaiveDateTime,
    #[diesel(deserialize_as = Stamp)]
    pub updated_at: NaiveDateTime,
}

#[derive(Clone, Insertable)]
#[diesel(table_name = users)]
pub struct NewUser {
    pub email: String,
    pub hashed_password: String,
    pub is_active: bool,
}

#[derive(Clone, Default, AsChangeset)]
#[diesel(table_name = users)]
pub struct UserChanges {
    pub email: Option<String>,
    pub hashed_password: Option<String>,
    pub is_active: Option<bool>,
}

impl From<UserChanges> for NewUser {
    fn from(changes: UserChanges) -> Self {
        NewUser {
            email: changes.email.unwrap_or_default(),
            hashed_password: changes.hashed_password.unwrap_or_default(),
            is_active: changes.is_active.unwrap_or(true),
        }
    }
}

/// Without the hash, which has no business in a log.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id).field("email", &self.email).finish_non_exhaustive()
    }
}
