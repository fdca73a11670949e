//! Items, and how many of them a user owns.

use std::sync::LazyLock;

use diesel::prelude::*;

use super::entity::crud;
use crate::db::schema::{items, users};
use crate::db::sql::{Piece, Written};
use crate::db::{AnyConnection, sql};
use crate::models::Item;

crud!(Item, items, NewItem, ItemChanges);

/// How many items each of these users owns, counted no further than `cap`, in one query.
pub fn count_by_owner(conn: &mut AnyConnection, owners: &[i64], cap: i64) -> QueryResult<Vec<(i64, i64)>> {
    users::table
        .filter(sql::among(conn.engine(), users::id, owners))
        .select((users::id, sql::count_related("items", "owner_id", "users", cap)))
        .load(conn)
}

/// The first `limit` items of a user, by title.
pub fn of_owner(conn: &mut AnyConnection, owner: i64, limit: i64) -> QueryResult<Vec<Item>> {
    static OF_OWNER: LazyLock<Written> =
        LazyLock::new(|| Written::of(&items::table.filter(items::owner_id.eq(0)).order((items::title_key, items::id))));
    sql::first(OF_OWNER.with::<items::SqlType>([Piece::Number(owner)]), limit).load(conn)
}
