//! The permissions of roles.

use diesel::prelude::*;

use crate::db::schema::role_permissions;
use crate::db::{AnyConnection, Write, sql};

/// The permissions of these roles as `(role, permission)`, by name, in one query.
pub fn of_roles(conn: &mut AnyConnection, role_ids: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    role_permissions::table
        .filter(sql::among(conn.engine(), role_permissions::role_id, role_ids))
        .order((role_permissions::role_id, role_permissions::permission))
        .load(conn)
}

/// Gives a role permissions that it does not have yet.
pub fn give(w: &mut Write, role_id: i64, permissions: &[String]) -> QueryResult<()> {
    for permission in permissions {
        diesel::insert_into(role_permissions::table)
            .values((role_permissions::role_id.eq(role_id), role_permissions::permission.eq(permission)))
            .execute(w.conn)?;
    }
    Ok(())
}

/// Takes permissions from a role.
pub fn take(w: &mut Write, role_id: i64, permissions: &[String]) -> QueryResult<()> {
    let held = role_permissions::table.filter(role_permissions::role_id.eq(role_id));
    diesel::delete(held.filter(role_permissions::permission.eq_any(permissions.to_vec()))).execute(w.conn)?;
    Ok(())
}
