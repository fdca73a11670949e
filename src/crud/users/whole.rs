//! A user with all that its page shows of it, in one query.

use std::sync::LazyLock;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use crate::db::schema::{account_locks, role_permissions, roles, user_roles, users};
use crate::db::sql::{Piece, Written};
use crate::db::{AnyConnection, sql};
use crate::models::{AccountLock, Role, User};

/// A user, and what belongs to it.
pub struct Whole {
    pub user: User,
    pub lock: Option<AccountLock>,
    /// How many items the user owns, counted no further than was asked for.
    pub items: i64,
    /// By name.
    pub roles: Vec<Role>,
    /// True of whoever holds the built-in role, or a permission outside of those that were given: as
    /// [`super::holding_more`] says.
    pub holds_more: bool,
}

/// The user with this id, or none.
pub fn whole(conn: &mut AnyConnection, id: i64, permissions: &[String], cap: i64) -> QueryResult<Option<Whole>> {
    type Row = (User, Option<AccountLock>, i64, Option<Role>, bool);
    type Columns = (users::SqlType, Nullable<account_locks::SqlType>, BigInt, Nullable<roles::SqlType>, Bool);
    static BY_ID: LazyLock<Written> = LazyLock::new(|| {
        let found = users::table
            .left_join(account_locks::table.on(account_locks::user_id.eq(users::id)))
            // One after the other: what is joined before it is joined here, SQLite makes whole first.
            .left_join(user_roles::table.on(user_roles::user_id.eq(users::id)))
            .left_join(roles::table.on(roles::id.eq(user_roles::role_id)))
            .filter(users::id.eq(0))
            .order((roles::name_key, roles::id));
        Written::of(&found.select((
            users::all_columns,
            account_locks::all_columns.nullable(),
            sql::put_in::<BigInt>(),
            roles::all_columns.nullable(),
            sql::put_in::<Bool>(),
        )))
    });
    let outside = role_permissions::permission.ne_all(permissions.to_vec());
    let beyond = role_permissions::table.filter(role_permissions::role_id.eq(roles::id)).filter(outside);
    let items = Piece::part(sql::count_related("items", "owner_id", "users", cap));
    let whole = BY_ID.with::<Columns>([items, Piece::part(exists(beyond)), Piece::Number(id)]);
    let rows: Vec<Row> = whole.load(conn)?;
    let holds_more = rows.iter().any(|(.., role, beyond)| *beyond || role.as_ref().is_some_and(|role| role.is_builtin));
    let mut rows = rows.into_iter();
    let Some((user, lock, items, first, _)) = rows.next() else { return Ok(None) };
    let roles = first.into_iter().chain(rows.filter_map(|(.., role, _)| role)).collect();
    Ok(Some(Whole { user, lock, items, roles, holds_more }))
}
