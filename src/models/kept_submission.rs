use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::Stamp;
use crate::db::schema::kept_submissions;

/// A form that came when its session had ended.
#[derive(Clone, Debug, Queryable)]
pub struct KeptSubmission {
    pub id: i64,
    /// SHA-256 of the token in the browser, which opens the ciphertext.
    pub token_hash: String,
    /// Whose session it was.
    pub user_id: i64,
    pub ciphertext: String,
    #[diesel(deserialize_as = Stamp)]
    pub expires_at: NaiveDateTime,
}

#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = kept_submissions)]
pub struct NewKeptSubmission {
    pub token_hash: String,
    pub user_id: i64,
    pub ciphertext: String,
    pub expires_at: NaiveDateTime,
}
