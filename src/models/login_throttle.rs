use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::Stamp;
use crate::db::schema::login_throttles;

/// How often one thing was tried in vain, and how long the next try waits for it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = login_throttles, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LoginThrottle {
    /// What it is and whose: `account:`, `device:`, `own_password:`, `second_factor:`, `address:` (see `throttles::Key`).
    pub key: String,
    /// Whose account it is, if it is anybody's.
    pub user_id: Option<i64>,
    /// Of the day of the last one, those that are being judged included.
    pub failures: i64,
    /// Until then no try is let through. For an address, which has a supply of tries, it may lie in the past and still tell
    /// how much of the supply is left.
    #[diesel(deserialize_as = Stamp)]
    pub held_until: NaiveDateTime,
    #[diesel(deserialize_as = Stamp)]
    pub last_failed_at: NaiveDateTime,
    /// Whether a try that was held back since then is on record.
    pub is_on_record: bool,
}
