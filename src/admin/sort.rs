//! An order of a list, and how it goes on from a place in it.

use chrono::{Datelike as _, NaiveDateTime};
use diesel::dsl::{AsExprOf, Asc, Desc};
use diesel::expression::expression_types::NotSelectable;
use diesel::expression::{AsExpression, BoxableExpression};
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{Bool, SingleValue, SqlType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Field;
use super::resource::Resource;
use crate::crud::Order;
use crate::db::sql::{self, Fragment};
use crate::db::{Backend, Engine};

/// The column of an entity that tells its rows apart.
type Id<R> = <<R as crate::crud::Entity>::Table as Table>::PrimaryKey;

type Orders<R> = Box<dyn Fn(bool) -> Vec<Order<R>> + Send + Sync>;
type Beyonds = Box<dyn Fn(Rows, &Value, i64, bool) -> Option<Fragment<Bool>> + Send + Sync>;

/// The table in which the rows of a list are walked through: the entity's own, or one that holds its sorted columns too.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    pub engine: Engine,
    pub table: &'static str,
    /// The column that holds the entity's id.
    pub id: &'static str,
}

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
    /// The name of the column, in whichever table the rows are walked through.
    pub column: &'static str,
    pub orders: Orders<R>,
    /// The rows after a place; none when the key is not one of this column. Compared as a row, so that an index on the
    /// column and the id leads straight there, however many rows are equal in the column.
    pub beyond: Beyonds,
    /// The list begins with its end, when this is the usual order.
    pub is_newest_first: bool,
    /// The place of a row in the order, as a cursor keeps it.
    pub key: Box<dyn Fn(&R) -> Value + Send + Sync>,
}

impl<R: Resource> Field<R> {
    /// The list can be ordered by this column, both ways; `value` is what the column holds in a row. The order needs an
    /// index on the column and the id (in SQLite on the column alone: each index ends with the id), and one for each filter that
    /// begins with the filter's column. A test names those that are missing.
    #[must_use]
    pub fn sort<C, V>(mut self, column: C, value: fn(&R) -> V) -> Self
    where
        V: Key + AsExpression<C::SqlType> + 'static,
        AsExprOf<V, C::SqlType>: QueryFragment<Backend> + Send + 'static,
        C: Column<Table = R::Table> + ExpressionMethods + Copy + Send + Sync + 'static,
        C::SqlType: SingleValue + SqlType,
        Id<R>: ExpressionMethods + Copy + Send + Sync + 'static,
        Asc<C>: BoxableExpression<R::Table, Backend, SqlType = NotSelectable>,
        Desc<C>: BoxableExpression<R::Table, Backend, SqlType = NotSelectable>,
        Asc<Id<R>>: BoxableExpression<R::Table, Backend, SqlType = NotSelectable>,
        Desc<Id<R>>: BoxableExpression<R::Table, Backend, SqlType = NotSelectable>,
    {
        let id = R::table().primary_key();
        self.sort = Some(Sort {
            column: C::NAME,
            orders: Box::new(move |descending| {
                if descending {
                    vec![Box::new(column.desc()), Box::new(id.desc())]
                } else {
                    vec![Box::new(column.asc()), Box::new(id.asc())]
                }
            }),
            beyond: Box::new(|Rows { engine, table, id }, key, row, descending| {
                let key: V = serde_json::from_value(key.clone()).ok()?;
                if !key.is_storable() {
                    return None;
                }
                let than = if descending { '<' } else { '>' };
                let place = Fragment::new(format!("({table}.{}, {table}.{id}) {than} (", C::NAME));
                let place = place.part(key.as_expression()).sql(", ").number(row);
                Some(place.sql(sql::comparable_id(engine)).sql(")"))
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
