use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::schema::sessions;
use crate::db::{MaybeStamp, Stamp};

/// A login that has not ended.
#[derive(Clone, Debug, Queryable)]
pub struct Session {
    pub id: i64,
    /// SHA-256 of the key in the cookie.
    pub key_hash: String,
    pub user_id: i64,
    /// Where the login came from.
    pub address: String,
    /// What the browser called itself at login.
    pub user_agent: String,
    #[diesel(deserialize_as = Stamp)]
    pub created_at: NaiveDateTime,
    #[diesel(deserialize_as = Stamp)]
    pub last_seen_at: NaiveDateTime,
    /// When the own password, or a passkey, was last given in it.
    #[diesel(deserialize_as = MaybeStamp)]
    pub confirmed_at: Option<NaiveDateTime>,
    /// The password was right, the second factor is still to come.
    pub owes_factor: bool,
}

#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct NewSession {
    pub key_hash: String,
    pub user_id: i64,
    pub address: String,
    pub user_agent: String,
    pub created_at: NaiveDateTime,
    pub last_seen_at: NaiveDateTime,
    pub confirmed_at: Option<NaiveDateTime>,
    pub owes_factor: bool,
}
