use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::schema::done_requests;

/// Where an answered form leads on to: a local path, and what is said there once.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Onward {
    pub location: String,
    pub notice: String,
}

impl Onward {
    #[must_use]
    pub fn to(location: impl Into<String>, notice: impl Into<String>) -> Self {
        Onward { location: location.into(), notice: notice.into() }
    }
}

#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = done_requests, treat_none_as_default_value = false)]
pub struct NewDoneRequest {
    /// A hash of the form, its one-time key among it.
    pub key_hash: String,
    pub user_id: i64,
    pub location: String,
    pub notice: String,
    pub done_at: NaiveDateTime,
}
