use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use crate::db::schema::{passkeys, totp_secrets};
use crate::db::{MaybeStamp, Stamp};

/// The secret that a person's authenticator app shares with us.
#[derive(Clone, Queryable)]
pub struct TotpSecret {
    pub user_id: i64,
    pub ciphertext: String,
    /// None until a first code has shown that the app has it.
    #[diesel(deserialize_as = MaybeStamp)]
    pub confirmed_at: Option<NaiveDateTime>,
    /// The step of the newest code that was taken.
    pub last_step: i64,
    #[diesel(deserialize_as = Stamp)]
    pub created_at: NaiveDateTime,
}

#[derive(Clone, Insertable)]
#[diesel(table_name = totp_secrets)]
pub struct NewTotpSecret {
    pub user_id: i64,
    pub ciphertext: String,
    pub created_at: NaiveDateTime,
}

/// A key on a person's device, of which the public half is here.
#[derive(Clone, Queryable, Serialize)]
pub struct Passkey {
    pub id: i64,
    pub user_id: i64,
    /// What the device calls it, in base64url.
    pub credential_id: String,
    /// What the person calls it.
    pub name: String,
    /// The public key and the counter, as JSON.
    pub credential: String,
    #[diesel(deserialize_as = Stamp)]
    pub created_at: NaiveDateTime,
    #[diesel(deserialize_as = MaybeStamp)]
    pub last_used_at: Option<NaiveDateTime>,
}

#[derive(Clone, Insertable)]
#[diesel(table_name = passkeys)]
pub struct NewPasskey {
    pub user_id: i64,
    pub credential_id: String,
    pub name: String,
    pub credential: String,
    pub created_at: NaiveDateTime,
}

/// Without the ciphertext, which has no business in a log.
impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TotpSecret").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passkey").field("id", &self.id).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}
