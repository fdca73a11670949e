//! The rows that can be loaded in bulk, each with the columns that are written; the others keep their defaults.

use std::io;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::schema::{items, role_permissions, roles, sorted_user_roles, user_roles, users};

/// A value of a column.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Number(i64),
    Text(&'a str),
    /// In whole seconds: then both databases spell it alike.
    Time(NaiveDateTime),
}

macro_rules! values {
    ($($type:ty, $value:ident => $made:expr;)*) => {$(
        impl<'a> From<&'a $type> for Value<'a> {
            fn from($value: &'a $type) -> Self {
                $made
            }
        }
    )*};
}
values! {
    i64, value => Value::Number(*value);
    bool, value => Value::Bool(*value);
    String, value => Value::Text(value);
    &'a str, value => Value::Text(value);
    NaiveDateTime, value => Value::Time(*value);
    Option<NaiveDateTime>, value => value.map_or(Value::Null, Value::Time);
}

/// A row for one table.
pub trait Row: Send {
    /// The table.
    const TABLE: &'static str;
    /// The columns that are written, in the order of the values.
    const COLUMNS: &'static [&'static str];

    /// Appends the values.
    fn values<'a>(&'a self, values: &mut Vec<Value<'a>>);

    /// Sends PostgreSQL what `write` writes, in the format of COPY.
    fn copy(conn: &mut PgConnection, write: impl Fn(&mut dyn io::Write) -> Result<(), CopyError>) -> QueryResult<()>;
}

/// What can go wrong in the middle of a COPY.
#[derive(Debug)]
pub struct CopyError(pub diesel::result::Error);

impl std::fmt::Display for CopyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for CopyError {}

impl From<diesel::result::Error> for CopyError {
    fn from(cause: diesel::result::Error) -> Self {
        CopyError(cause)
    }
}

impl From<io::Error> for CopyError {
    fn from(cause: io::Error) -> Self {
        CopyError(diesel::result::Error::SerializationError(Box::new(cause)))
    }
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident $(<$life:lifetime>)? of $table:ident { $($column:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name $(<$life>)? {
            $(pub $column: $type,)*
        }

        impl $(<$life>)? Row for $name $(<$life>)? {
            const TABLE: &'static str = stringify!($table);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),*];

            fn values<'v>(&'v self, values: &mut Vec<Value<'v>>) {
                values.extend([$(Value::from(&self.$column)),*]);
            }

            fn copy(
                conn: &mut PgConnection,
                write: impl Fn(&mut dyn io::Write) -> Result<(), CopyError>,
            ) -> QueryResult<()> {
                let copy = diesel::copy_from($table::table).from_raw_data(($($table::$column,)*), write);
                copy.execute(conn).map(drop).map_err(|CopyError(cause)| cause)
            }
        }
    )*};
}

rows! {
    /// A user.
    UserRow<'a> of users {
        id: i64,
        email: String,
        hashed_password: &'a str,
        is_active: bool,
        last_login_at: Option<NaiveDateTime>,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
    /// An item.
    ItemRow of items {
        id: i64,
        owner_id: i64,
        title: String,
        description: String,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
    /// A role.
    RoleRow<'a> of roles {
        id: i64,
        name: &'a str,
        description: &'a str,
        created_at: NaiveDateTime,
        updated_at: NaiveDateTime,
    }
    /// A permission of a role.
    PermissionRow<'a> of role_permissions {
        role_id: i64,
        permission: &'a str,
    }
    /// That a user has a role.
    GrantRow of user_roles {
        user_id: i64,
        role_id: i64,
    }
    /// The same beside what lists are sorted by: what triggers would have made of it.
    SortedGrantRow of sorted_user_roles {
        user_id: i64,
        role_id: i64,
        email: String,
        is_active: bool,
        created_at: NaiveDateTime,
    }
}
