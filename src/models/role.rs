use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use crate::db::Stamp;
use crate::db::schema::roles;

/// A named set of permissions, held by users.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Serialize)]
pub struct Role {
    pub id: i64,
    pub name: String,
    pub description: String,
    /// Holds every permission and can't be changed.
    pub is_builtin: bool,
    pub version: i64,
    #[diesel(deserialize_as = Stamp)]
    pub created_at: NaiveDateTime,
    #[diesel(deserialize_as = Stamp)]
    pub updated_at: NaiveDateTime,
    /// The name as it is sorted; made by the database.
    #[serde(skip)]
    pub name_key: String,
    /// Whoever holds it sets up a second factor before anything else.
    pub requires_second_factor: bool,
}

#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = roles)]
pub struct NewRole {
    pub name: String,
    pub description: String,
    pub requires_second_factor: bool,
}

#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = roles)]
pub struct RoleChanges {
    pub name: Option<String>,
    pub description: Option<String>,
    pub requires_second_factor: Option<bool>,
}

impl From<RoleChanges> for NewRole {
    fn from(changes: RoleChanges) -> Self {
        NewRole {
            name: changes.name.unwrap_or_default(),
            description: changes.description.unwrap_or_default(),
            requires_second_factor: changes.requires_second_factor.unwrap_or_default(),
        }
    }
}
