//! What is in the tables before a load.

use std::collections::HashSet;

use diesel::dsl::{max, select, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use crate::db::AnyConnection;
use crate::db::schema::{items, roles, users};

/// Where the next rows go.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// True when there is no user, no item, and no role but the built-in one.
    pub is_empty: bool,
    pub first_user: i64,
    pub first_item: i64,
    pub first_role: i64,
}

/// Where the next rows go: at ids that were never given out, those of rows that are gone neither.
pub fn place(conn: &mut AnyConnection) -> QueryResult<Place> {
    let role = roles::table.filter(roles::is_builtin.eq(false)).select(roles::id).first::<i64>(conn).optional()?;
    let last: [Option<i64>; 3] = [
        users::table.select(max(users::id)).get_result(conn)?,
        items::table.select(max(items::id)).get_result(conn)?,
        roles::table.select(max(roles::id)).get_result(conn)?,
    ];
    let is_empty = role.is_none() && last[0].is_none() && last[1].is_none();
    let mut first = [1; 3];
    for (place, table) in ["users", "items", "roles"].into_iter().enumerate() {
        first[place] = 1 + last[place].max(last_given(conn, table)?).unwrap_or(0);
    }
    let [first_user, first_item, first_role] = first;
    Ok(Place { is_empty, first_user, first_item, first_role })
}

/// The last id that the database gave out by itself.
fn last_given(conn: &mut AnyConnection, table: &'static str) -> QueryResult<Option<i64>> {
    let asked = match conn {
        AnyConnection::Postgres(_) => {
            format!("pg_sequence_last_value(pg_get_serial_sequence('{table}', 'id')::regclass)")
        }
        AnyConnection::Sqlite(_) => format!("(SELECT seq FROM sqlite_sequence WHERE name = '{table}')"),
    };
    select(sql::<Nullable<BigInt>>(&asked)).get_result(conn)
}

/// The names of all roles.
pub fn role_names(conn: &mut AnyConnection) -> QueryResult<HashSet<String>> {
    Ok(roles::table.select(roles::name).load(conn)?.into_iter().collect())
}

/// Those of these addresses that somebody has.
pub fn taken_emails(conn: &mut AnyConnection, emails: Vec<String>) -> QueryResult<Vec<String>> {
    users::table.filter(users::email.eq_any(emails)).select(users::email).load(conn)
}
