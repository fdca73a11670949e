use diesel::prelude::*;

use super::Held;
use crate::crud::{second_factors, sessions};
use crate::db::AnyConnection;
use crate::db::schema::{role_permissions, roles, user_roles, users};
use crate::models::User;

/// Somebody who is not there, as whoever may act for them sees them now.
pub struct Acting {
    pub user: User,
    pub held: Vec<Held>,
    /// A role requires a second factor, and there is none.
    pub lacks_factor: bool,
}

/// An active user with what the user's roles permit and require, in one query; none when there is none.
pub fn acting(conn: &mut AnyConnection, id: i64) -> QueryResult<Option<Acting>> {
    type Row = (User, bool, Option<bool>, Option<bool>, Option<String>);
    let rows: Vec<Row> = users::table
        // One after the other: what is joined before it is joined here, SQLite makes whole first.
        .left_join(user_roles::table.on(user_roles::user_id.eq(users::id)))
        .left_join(roles::table.on(roles::id.eq(user_roles::role_id)))
        .left_join(role_permissions::table.on(role_permissions::role_id.eq(roles::id)))
        .filter(users::id.eq(id))
        .filter(users::is_active)
        .select((
            users::all_columns,
            second_factors::has_one(),
            roles::requires_second_factor.nullable(),
            roles::is_builtin.nullable(),
            role_permissions::permission.nullable(),
        ))
        .load(conn)?;
    let held = rows.iter().filter_map(|(.., is_builtin, held)| sessions::held(*is_builtin, held.clone())).collect();
    let lacks_factor = rows.iter().any(|(_, has_one, requires, ..)| *requires == Some(true) && !has_one);
    Ok(rows.into_iter().next().map(|(user, ..)| Acting { user, held, lacks_factor }))
}
