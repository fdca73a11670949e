//! Which rows of an entity are wanted, and what is asked beside them.

use diesel::expression::BoxableExpression;
use diesel::expression::expression_types::NotSelectable;
use diesel::query_builder::QueryFragment;
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
        Beside { total: Fragment::new("CAST(0 AS BIGINT)"), estimate: Fragment::new("0"), counts: Fragment::new("''") }
    }
}

/// A row, and what was asked beside it, in the order of [`Beside`].
pub type Row<T> = (T, i64, i64, String);

/// A query after the head of its selection.
pub fn headed<ST>(head: Option<Fragment<()>>, query: impl QueryFragment<Backend> + Send + 'static) -> Fragment<ST> {
    match head {
        Some(head) => Fragment::new("").part(head).sql(" ").part(query),
        None => Fragment::new("").part(query),
    }
}

/// A query narrowed, ordered and ended as a selection says, after its head.
macro_rules! chosen {
    ($query:expr, $selection:expr) => {{
        let mut query = $query.into_boxed::<$crate::db::Backend>();
        for condition in $selection.conditions {
            query = query.filter(condition);
        }
        for order in $selection.orders {
            query = query.then_order_by(order);
        }
        $crate::crud::selection::headed($selection.head, query.limit($selection.limit))
    }};
}
pub(crate) use chosen;
