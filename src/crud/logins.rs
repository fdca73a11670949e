//! What a login writes down of its user.

use chrono::NaiveDateTime;
use diesel::dsl::{AsExprOf, auto_type, case_when};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Timestamp};

use crate::db::schema::users;
use crate::db::{Write, sql};

/// Writes down that a user logged in, unless the second factor is still to come; false when the password or the account has
/// changed since it was verified. The row stays locked, so that whoever changes them next finds the session that is made
/// beside this.
pub fn confirm(w: &mut Write, id: i64, hashed_password: &str, is_complete: bool) -> QueryResult<bool> {
    let is_unchanged = users::hashed_password.eq(hashed_password.to_owned());
    let unchanged = users::id.eq(id).and(users::is_active).and(is_unchanged);
    Ok(sql::update(last_login(w.at, is_complete), unchanged).execute(w.conn)? > 0)
}

/// The time of a login that is complete; without one, the time that is stored.
#[auto_type]
pub(in crate::crud) fn last_login(at: NaiveDateTime, is_complete: bool) -> _ {
    let at: AsExprOf<NaiveDateTime, Nullable<Timestamp>> = at.into_sql::<Nullable<Timestamp>>();
    let is_complete: AsExprOf<bool, Bool> = is_complete.into_sql::<Bool>();
    users::last_login_at.eq(case_when(is_complete, at).otherwise(users::last_login_at))
}
