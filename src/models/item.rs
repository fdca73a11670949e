use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use crate::db::Stamp;
use crate::db::schema::items;

/// Something that a user owns; it goes when the owner goes.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Serialize)]
pub struct Item {
    pub id: i64,
    pub owner_id: i64,
    pub title: String,
    pub description: String,
    pub version: i64,
    #[diesel(deserialize_as = Stamp)]
    pub created_at: NaiveDateTime,
    #[diesel(deserialize_as = Stamp)]
    pub updated_at: NaiveDateTime,
    /// The title as it is sorted; made by the database.
    #[serde(skip)]
    pub title_key: String,
}

#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = items)]
pub struct NewItem {
    pub owner_id: i64,
    pub title: String,
    pub description: String,
}

#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = items)]
pub struct ItemChanges {
    pub owner_id: Option<i64>,
    pub title: Option<String>,
    pub description: Option<String>,
}

impl From<ItemChanges> for NewItem {
    fn from(changes: ItemChanges) -> Self {
        NewItem {
            owner_id: changes.owner_id.unwrap_or_default(),
            title: changes.title.unwrap_or_default(),
            description: changes.description.unwrap_or_default(),
        }
    }
}
