//! A query that is made only when something holds.

use diesel::query_builder::QueryFragment;
use diesel::sql_types::{BigInt, Bool};

use super::fragment::Fragment;
use super::{Backend, Engine};

/// A condition of a query, or of a part of one.
pub type Clause = Box<dyn QueryFragment<Backend> + Send>;

/// What makes a query be made only when something holds that is not about its rows: for its `WHERE`, and for its `LIMIT`.
pub struct Gate {
    pub conditions: Vec<Clause>,
    pub limit: Fragment<BigInt>,
}

/// The order and the word `LIMIT` for the rows of a query within that has this order already. PostgreSQL may join them with others in
/// whatever order, and sorts nothing where it keeps theirs; SQLite keeps it always, and would sort them again.
#[must_use]
pub fn still_ordered(engine: Engine, order: String) -> String {
    if engine == Engine::Postgres { order } else { " LIMIT ".to_owned() }
}

/// What has PostgreSQL look at each row of a table, and not at an index alone: one that holds all that is asked but not the order
/// seems best to its planner where it expects few rows, and it would read and sort all that are equal in the first column.
#[must_use]
pub fn row_is_read(engine: Engine, table: &str) -> Option<Fragment<Bool>> {
    (engine == Engine::Postgres).then(|| Fragment::new(format!("{table}.ctid <> '(0,0)'")))
}

/// A way to read rows, and when it is the one to take, where there is another.
pub struct Reading {
    pub rows: Fragment<Bool>,
    pub guard: Option<Clause>,
}

/// The ways to read all rows of a table that an index finds. SQLite goes to the table for each of them, here and there: of more
/// than a sixteenth of it, it has read the table from one end to the other sooner. PostgreSQL's planner chooses.
pub fn readings<E>(
    engine: Engine,
    table: &str,
    found: impl Fn() -> Result<Fragment<Bool>, E>,
) -> Result<Vec<Reading>, E> {
    if engine == Engine::Postgres {
        return Ok(vec![Reading { rows: found()?, guard: None }]);
    }
    let share = format!("(SELECT max(id) FROM {table}) / 16");
    let are_many = |begin: &'static str| {
        let counted = Fragment::<Bool>::new(format!("{begin}(SELECT count(*) FROM (SELECT 1 FROM (")).part(found()?);
        Ok(Some(Box::new(counted.sql(format!(") LIMIT {share})) >= {share}"))) as Clause))
    };
    let whole = Fragment::new(format!("SELECT {table}.* FROM {table} ORDER BY {table}.id LIMIT -1"));
    Ok(vec![Reading { rows: found()?, guard: are_many("NOT ")? }, Reading { rows: whole, guard: are_many("")? }])
}

/// A gate to at most `limit` rows. PostgreSQL tries a condition that is about no row before the first row, and plans for a
/// number as the limit; SQLite tries such a condition for each row, but works out the limit before the first.
#[must_use]
pub fn gate(engine: Engine, guards: Vec<Clause>, limit: i64) -> Gate {
    if engine == Engine::Postgres || guards.is_empty() {
        return Gate { conditions: guards, limit: Fragment::new(limit.to_string()) };
    }
    let limit = Fragment::new("CASE WHEN ").joined(guards, " AND ").sql(format!(" THEN {limit} ELSE 0 END"));
    Gate { conditions: Vec::new(), limit }
}

/// The end of a query for all rows, within another one that has an order and conditions of its own: a planner that took them into this
/// one would begin with them. `order` names an index to SQLite; PostgreSQL would sort by it, and knows whether to read all of a table.
#[must_use]
pub fn all(engine: Engine, order: &str) -> String {
    if engine == Engine::Postgres { " OFFSET 0".to_owned() } else { format!("{order} LIMIT -1") }
}
