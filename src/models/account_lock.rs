use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use crate::db::Stamp;
use crate::db::schema::account_locks;

/// Why an account is locked.
#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = account_locks)]
pub struct AccountLock {
    pub user_id: i64,
    /// In somebody's own words.
    pub reason: String,
    #[diesel(deserialize_as = Stamp)]
    pub at: NaiveDateTime,
    /// Who locked it; none for the command line.
    pub by_id: Option<i64>,
    /// The name as text, which survives the user.
    pub by_name: String,
}
