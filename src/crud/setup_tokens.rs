//! The one-time links by which the first administrator is made.

use chrono::TimeDelta;
use diesel::prelude::*;

use crate::db::schema::setup_tokens;
use crate::db::{AnyConnection, Write};
use crate::error::Result;
use crate::token;

/// How long a setup link is valid.
pub const VALID: TimeDelta = TimeDelta::minutes(30);

/// Makes a new token and stores its hash; those that ran out go.
pub fn create(w: &mut Write) -> Result<String> {
    let token = token::new()?;
    diesel::delete(setup_tokens::table.filter(setup_tokens::expires_at.le(w.at))).execute(w.conn)?;
    diesel::insert_into(setup_tokens::table)
        .values((setup_tokens::token_hash.eq(token::hash(&token)), setup_tokens::expires_at.eq(w.at + VALID)))
        .execute(w.conn)?;
    Ok(token)
}

/// True when this token was given out and has not run out.
pub fn is_valid(conn: &mut AnyConnection, token: &str, now: chrono::NaiveDateTime) -> QueryResult<bool> {
    let row = setup_tokens::table.find(token::hash(token)).filter(setup_tokens::expires_at.gt(now));
    diesel::select(diesel::dsl::exists(row)).get_result(conn)
}

/// Spoils every token.
pub fn delete_all(w: &mut Write) -> QueryResult<()> {
    diesel::delete(setup_tokens::table).execute(w.conn).map(drop)
}
