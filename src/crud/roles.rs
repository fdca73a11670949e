//! Roles, and who holds them.

use std::sync::LazyLock;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::audit::{self, Action, Change, Event, Value};
use super::entity::crud;
use super::{Crud as _, Entity as _};
use crate::db::schema::{role_permissions, roles, user_roles, users};
use crate::db::sql::{Piece, Written};
use crate::db::{AnyConnection, Write, sql};
use crate::models::{Role, RoleChanges, User};

/// Those who hold a role that goes are read and told so many at a time.
const TOGETHER: i64 = 500;

crud!(Role, roles, NewRole, RoleChanges);

/// The role of this name, or none.
pub fn get_by_name(conn: &mut AnyConnection, name: &str) -> QueryResult<Option<Role>> {
    roles::table.filter(roles::name.eq(name)).get_result(conn).optional()
}

/// The built-in role, which holds every permission.
pub fn administrator(conn: &mut AnyConnection) -> QueryResult<Role> {
    roles::table.filter(roles::is_builtin).order(roles::id).get_result(conn)
}

/// The roles of these users as `(user, role)`, by name, in one query.
pub fn of_users(conn: &mut AnyConnection, user_ids: &[i64]) -> QueryResult<Vec<(i64, Role)>> {
    user_roles::table
        .inner_join(roles::table)
        .filter(sql::among(conn.engine(), user_roles::user_id, user_ids))
        .order((roles::name_key, roles::id))
        .select((user_roles::user_id, roles::all_columns))
        .load(conn)
}

/// As [`of_users`] number and name of the roles, and of each whether it is the built-in one or has a permission outside of those
/// that are given; of none given, nothing is outside.
pub fn of_users_against(
    conn: &mut AnyConnection,
    user_ids: &[i64],
    permissions: Option<&[String]>,
) -> QueryResult<Vec<(i64, i64, String, bool)>> {
    type Columns = (BigInt, BigInt, Text, Bool);
    static HELD: LazyLock<Written> = LazyLock::new(|| {
        let held = user_roles::table.inner_join(roles::table).filter(sql::put_in::<Bool>());
        let held = held.order((roles::name_key, roles::id));
        Written::of(&held.select((user_roles::user_id, roles::id, roles::name, sql::put_in::<Bool>())))
    });
    let is_outside = if let Some(permissions) = permissions {
        let outside = role_permissions::permission.ne_all(permissions.to_vec());
        let beyond = role_permissions::table.filter(role_permissions::role_id.eq(roles::id)).filter(outside);
        Piece::part(roles::is_builtin.or(exists(beyond)))
    } else {
        Piece::part(false.into_sql::<Bool>())
    };
    let of_them = Piece::part(sql::among(conn.engine(), user_roles::user_id, user_ids));
    HELD.with::<Columns>([is_outside, of_them]).load(conn)
}

/// The first `limit` users who hold a role, by id.
pub fn users_of(conn: &mut AnyConnection, role_id: i64, limit: i64) -> QueryResult<Vec<User>> {
    let holders = user_roles::table.inner_join(users::table).filter(user_roles::role_id.eq(role_id));
    sql::first(holders.order(user_roles::user_id).select(users::all_columns), limit).load(conn)
}

/// How many users hold each of these roles, counted no further than `cap`, in one query.
pub fn count_users(conn: &mut AnyConnection, role_ids: &[i64], cap: i64) -> QueryResult<Vec<(i64, i64)>> {
    roles::table
        .filter(sql::among(conn.engine(), roles::id, role_ids))
        .select((roles::id, sql::count_related("user_roles", "role_id", "roles", cap)))
        .load(conn)
}

/// A role with how many users hold it, counted no further than `cap`, and its permissions by name, in one query; none when
/// there is no such role.
pub fn whole(conn: &mut AnyConnection, id: i64, cap: i64) -> QueryResult<Option<(Role, i64, Vec<String>)>> {
    type Row = (Role, i64, Option<String>);
    let rows: Vec<Row> = roles::table
        .left_join(role_permissions::table)
        .filter(roles::id.eq(id))
        .order(role_permissions::permission)
        .select((
            roles::all_columns,
            sql::count_related("user_roles", "role_id", "roles", cap),
            role_permissions::permission.nullable(),
        ))
        .load(conn)?;
    let mut rows = rows.into_iter();
    let Some((role, users, first)) = rows.next() else { return Ok(None) };
    let permissions = first.into_iter().chain(rows.filter_map(|(.., permission)| permission)).collect();
    Ok(Some((role, users, permissions)))
}

/// Requires a second factor of whoever holds a role, or no longer; the built-in role too, which can't be changed otherwise.
pub fn require_second_factor(w: &mut Write, role: &Role, is_required: bool) -> QueryResult<()> {
    if role.requires_second_factor == is_required {
        return Ok(());
    }
    Role::update(w, role.id, &RoleChanges { requires_second_factor: Some(is_required), ..Default::default() })?;
    let spelled = |is_required: bool| is_required.to_string();
    let change = Change::text("requires_second_factor", &spelled(!is_required), &spelled(is_required));
    audit::record(w, Event::new(Action::UPDATE).on(Role::NAME, role.id, &role.name).changes(vec![change]))
}

/// Gives a user roles that the user does not hold yet.
pub fn give(w: &mut Write, user_id: i64, role_ids: &[i64]) -> QueryResult<()> {
    let rows: Vec<_> =
        role_ids.iter().map(|role| (user_roles::user_id.eq(user_id), user_roles::role_id.eq(*role))).collect();
    for row in rows {
        diesel::insert_into(user_roles::table).values(row).execute(w.conn)?;
    }
    Ok(())
}

/// Takes a role from all who hold it, each of them on record.
pub fn take_from_all(w: &mut Write, role: &Role) -> QueryResult<()> {
    Role::lock(w, role.id)?;
    loop {
        let holders = users_of(w.conn, role.id, TOGETHER)?;
        if holders.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = holders.iter().map(|user| user.id).collect();
        let held = of_users(w.conn, &ids)?;
        let named = |role: &Role| Value::named(&role.id, &role.name);
        let event = |user: User| {
            let roles = || held.iter().filter(|(id, _)| *id == user.id).map(|(_, role)| role);
            let left = roles().filter(|held| held.id != role.id).map(named).collect();
            let change = Change::new("roles", roles().map(named).collect(), left);
            Event::new(Action::UPDATE).on(User::NAME, user.id, &user.email).changes(vec![change])
        };
        audit::record_all(w, holders.into_iter().map(event).collect())?;
        let taken = user_roles::table.filter(user_roles::role_id.eq(role.id));
        diesel::delete(taken.filter(sql::among(w.conn.engine(), user_roles::user_id, &ids))).execute(w.conn)?;
    }
}

/// Takes roles from a user.
pub fn take(w: &mut Write, user_id: i64, role_ids: &[i64]) -> QueryResult<()> {
    let held = user_roles::table.filter(user_roles::user_id.eq(user_id));
    diesel::delete(held.filter(user_roles::role_id.eq_any(role_ids.to_vec()))).execute(w.conn)?;
    Ok(())
}
