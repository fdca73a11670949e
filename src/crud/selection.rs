//! Which rows of an entity are wanted, and what is asked beside them.

use diesel::expression::BoxableExpression;
use diesel::expression::expression_types::NotSelectable;
use diesel::sql_types::{BigInt, Bool, Text};

use super::Entity;
use crate::db::Backend;
use crate::db::sql::Fragment;

/// A condition on the rows of an entity, for both databases.
pub type Condition<T> = Box<dyn BoxableExpression<<T as Entity>::Table, Backend, SqlType = Bool>>;
/// An order of the rows of an entity, for both databases.
pub type Order<T> = Box<dyn BoxableExpression<<T as Entity>::Table, Backend, SqlType = NotSelectable>>;

/// Which rows are wanted: all conditions hold, the orders count from the first on.
pub struct Selection<T: Entity> {
    /// What the rest speaks of by name: `WITH`, and what follows that.
    pub head: Option<Fragment<()>>,
    pub conditions: Vec<Condition<T>>,
    pub orders: Vec<Order<T>>,
    pub limit: i64,
}

/// What is asked beside the rows, in the same query.
pub struct Beside {
    /// Of how many rows these are some.
    pub total: Fragment<BigInt>,
    /// How many rows the table may have, as far as the database knows without counting.
    pub estimate: Fragment<BigInt>,
    /// Of each row some numbers, with a comma after each.
    pub counts: Fragment<Text>,
}

impl Beside {
    /// Nothing is asked.
    #[must_use]
    pub fn nothing() -> Self {
        let zero = || Fragment::new("CAST(0 AS BIGINT)");
        Beside { total: zero(), estimate: zero(), counts: Fragment::new("''") }
    }
}

/// A row, and what was asked beside it, in the order of [`Beside`].
pub type Row<T> = (T, i64, i64, String);

/// The query for these columns of the rows of a selection. The limit is a part of the text: SQLite plans anew each time that a
/// limit is bound.
pub fn chosen<T: Entity, ST>(columns: Fragment<()>, selection: Selection<T>) -> Fragment<ST> {
    let begun = match selection.head {
        Some(head) => Fragment::new("").part(head).sql(" SELECT "),
        None => Fragment::new("SELECT "),
    };
    let mut query = begun.part(columns).sql(" FROM ").sql(T::TABLE);
    if !selection.conditions.is_empty() {
        query = query.sql(" WHERE ").joined(selection.conditions, " AND ");
    }
    if !selection.orders.is_empty() {
        query = query.sql(" ORDER BY ").joined(selection.orders, ", ");
    }
    query.sql(format!(" LIMIT {}", selection.limit))
}

/// The columns of the rows, and what is asked beside them.
pub fn columns<T: Entity>(beside: Beside) -> Fragment<()> {
    let all = Fragment::new(T::columns()).sql(", ").part(beside.total).sql(", ").part(beside.estimate);
    all.sql(", ").part(beside.counts)
}
