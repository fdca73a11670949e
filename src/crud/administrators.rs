//! Who administers, and that somebody always does.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::users;
use crate::db::schema::{roles, user_roles};
use crate::db::{AnyConnection, Write};

/// What is said to whoever would leave nobody to administer.
pub const LAST_ADMINISTRATOR: &str = "This is the last active administrator. Make another one first.";

/// Whether this user holds the built-in role, active or not.
pub fn is_administrator(conn: &mut AnyConnection, id: i64) -> QueryResult<bool> {
    let held = user_roles::table.inner_join(roles::table);
    diesel::select(exists(held.filter(user_roles::user_id.eq(id)).filter(roles::is_builtin))).get_result(conn)
}

/// Whether this user holds the built-in role and no one active but this user does. Two that ask it of each other take turns
/// here, and the second sees what the first has done.
pub fn is_last(w: &mut Write, id: i64) -> QueryResult<bool> {
    users::decide_administrators(w)?;
    would_be_last(w.conn, id)
}

/// As [`is_last`], as far as it can be told without a turn.
pub fn would_be_last(conn: &mut AnyConnection, id: i64) -> QueryResult<bool> {
    Ok(is_administrator(conn, id)? && !users::has_other_active_administrator(conn, id)?)
}
