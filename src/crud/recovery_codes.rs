//! Recovery codes: each stands in for a second factor once. Only their hashes are stored; a plain SHA-256, since a random
//! code of 80 bits needs no slow one (OWASP ASVS 5.0, 6.5.2).

use diesel::prelude::*;

use super::audit::Action;
use super::second_factors;
use crate::db::schema::recovery_codes;
use crate::db::{AnyConnection, Write};
use crate::error::Result;
use crate::{token, totp};

/// How many there are at first.
pub const COUNT: usize = 10;

/// Makes new codes; the old ones are spoiled, and that is on record. They are given out here and never again.
pub fn replace(w: &mut Write, user_id: i64) -> Result<Vec<String>> {
    delete_all(w, user_id)?;
    let codes = (0..COUNT).map(|_| totp::new_recovery_code()).collect::<Result<Vec<_>>>()?;
    for code in &codes {
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::user_id.eq(user_id), recovery_codes::code_hash.eq(hash(&totp::normalized(code)))))
            .execute(w.conn)?;
    }
    second_factors::record(w, Action::RECOVERY_CODES_RENEW, user_id, Vec::new())?;
    Ok(codes)
}

/// Uses a code up; false when it is none, or was used. Of two who use it at once one does.
pub fn take(w: &mut Write, user_id: i64, normalized: &str) -> QueryResult<bool> {
    let unused = recovery_codes::table
        .filter(recovery_codes::user_id.eq(user_id))
        .filter(recovery_codes::code_hash.eq(hash(normalized)))
        .filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(unused).set(recovery_codes::used_at.eq(w.at)).execute(w.conn)? == 1)
}

/// How many of a user's codes are left.
pub fn count_left(conn: &mut AnyConnection, user_id: i64) -> QueryResult<i64> {
    let left =
        recovery_codes::table.filter(recovery_codes::user_id.eq(user_id)).filter(recovery_codes::used_at.is_null());
    left.count().get_result(conn)
}

/// Spoils all codes of a user.
pub fn delete_all(w: &mut Write, user_id: i64) -> QueryResult<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id))).execute(w.conn).map(drop)
}

/// The hash is of what is meant, not of how it is spelled.
fn hash(normalized: &str) -> String {
    token::hash(normalized)
}
