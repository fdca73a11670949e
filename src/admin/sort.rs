//! An order of a list, and how it goes on from a place in it.

use chrono::{Datelike as _, NaiveDateTime};
use diesel::dsl::{AsExprOf, Asc, Desc};
use diesel::expression::expression_types::NotSelectable;
use diesel::expression::{AsExpression, BoxableExpression};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, SingleValue, SqlType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Field;
use super::resource::Resource;
use crate::crud::{Condition, Order};
use crate::db::Backend;
use crate::db::sql::Beyond;

/// The column of an entity that tells its rows apart.
type Id<R> = <<R as crate::crud::Entity>::Table as Table>::PrimaryKey;

type Orders<R> = Box<dyn Fn(bool) -> Vec<Order<R>> + Send + Sync>;
type Beyonds<R> = Box<dyn Fn(&Value, i64, bool) -> Option<Condition<R>> + Send + Sync>;

/// What a sorted column may hold. A cursor comes back from anybody, so its value is looked at before a database is asked.
pub trait Key: Serialize + DeserializeOwned {
    /// True for what a row of either database can hold.
    fn is_storable(&self) -> bool;
}

impl Key for String {
    fn is_storable(&self) -> bool {
        !self.contains('\0')
    }
}

impl Key for bool {
    fn is_storable(&self) -> bool {
        true
    }
}

impl Key for NaiveDateTime {
    fn is_storable(&self) -> bool {
        (1..=9999).contains(&self.year())
    }
}

/// An order by a column, and by id where that is equal.
pub struct Sort<R: Resource> {
    pub orders: Orders<R>,
    /// The rows after a place; none when the key is not one of this column.
    pub beyond: Beyonds<R>,
    /// The list begins with its end, when this is the usual order.
    pub is_newest_first: bool,
    /// The place of a row in the order, as a cursor keeps it.
    pub key: Box<dyn Fn(&R) -> Value + Send + Sync>,
}

impl<R: Resource> Field<R> {
    /// The list can be ordered by this column, both ways; `value` is what the column holds in a row. The order needs an
    /// index on `(column, id)`.
    #[must_use]
    pub fn sort<C, V>(mut self, column: C, value: fn(&R) -> V) -> Self
    where
        V: Key + AsExpression<C::SqlType> + 'static,
        C: Column<Table = R::Table> + ExpressionMethods + Copy + Send + Sync + 'static,
        C::SqlType: SingleValue + SqlType,
        Id<R>: ExpressionMethods + Copy + Send + Sync + 'static,
        Asc<C>: BoxableExpression<R::Table, Backend, SqlType = NotSelectable>,
        Desc<C>: BoxableExpression<R::Table, Backend, SqlType = NotSelectable>,
        Asc<Id<R>>: BoxableExpression<R::Table, Backend, SqlType = NotSelectable>,
        Desc<Id<R>>: BoxableExpression<R::Table, Backend, SqlType = NotSelectable>,
        Beyond<C, Id<R>, AsExprOf<V, C::SqlType>, AsExprOf<i64, BigInt>>:
            BoxableExpression<R::Table, Backend, SqlType = diesel::sql_types::Bool>,
    {
        let id = R::table().primary_key();
        self.sort = Some(Sort {
            orders: Box::new(move |descending| {
                if descending {
                    vec![Box::new(column.desc()), Box::new(id.desc())]
                } else {
                    vec![Box::new(column.asc()), Box::new(id.asc())]
                }
            }),
            beyond: Box::new(move |key, row, descending| {
                let key: V = serde_json::from_value(key.clone()).ok()?;
                if !key.is_storable() {
                    return None;
                }
                let right = key.as_expression();
                let row = AsExpression::<BigInt>::as_expression(row);
                Some(Box::new(Beyond { left: column, id, right, row, descending }))
            }),
            is_newest_first: false,
            key: Box::new(move |row| serde_json::to_value(value(row)).unwrap_or_default()),
        });
        self
    }

    /// A list that is usually in this order begins with its end.
    #[must_use]
    pub fn newest_first(mut self) -> Self {
        if let Some(sort) = &mut self.sort {
            sort.is_newest_first = true;
        }
        self
    }
}
