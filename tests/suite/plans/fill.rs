//! Rows in every table that a list shows, so many and so mixed that the planner has a choice.

use crate::support::TestDatabase;

/// Of each table so many. A quarter of them is more than a narrow list has, so no plan that sorts what a filter finds is a
/// good one, and so many fewer than all that none is that passes over the others.
pub const ROWS: i64 = 10_000;

/// Found in few rows, in half of them, and at the beginning of all.
pub const SEARCHES: &[&str] = &["zebra", "harbour", "na"];

/// Values of a filter: one that a quarter of the rows has, and a rare one; of a range one that is wide, and a narrow one.
pub fn values(entity: &str, filter: &str) -> Vec<String> {
    let values: &[&str] = match (entity, filter) {
        ("users", "is_active") => &["false"],
        ("users", "role") => &["2", "3"],
        ("items", "owner") | ("audit", "actor" | "record") => &["1", "3"],
        ("audit", "action") => &["update", "logout"],
        ("audit", "entity") => &["users", "roles"],
        ("audit", "address") => &["192.0.2.1", "192.0.2.3"],
        ("audit", "change_set") => &["set 1", "set 3"],
        (_, "created_from" | "at_from") => &["2024-01-05", "2024-01-07"],
        (_, "created_to" | "at_to") => &["2024-01-03", "2024-01-01"],
        _ => panic!(
            "the filter {filter} of {entity} is new: say in tests/suite/plans/fill.rs what a quarter of the rows has"
        ),
    };
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// Fills the tables.
pub fn rows(database: &TestDatabase) {
    let (numbers, time) = if database.is_postgres() {
        (
            format!("generate_series(1::BIGINT, {ROWS}) AS numbers (i)"),
            format!("TIMESTAMP '2024-01-01' + (i * 7919 % {ROWS}) * INTERVAL '1 minute'"),
        )
    } else {
        let series = format!("VALUES (1) UNION ALL SELECT i + 1 FROM series WHERE i < {ROWS}");
        (
            format!("(WITH RECURSIVE series (i) AS ({series}) SELECT i FROM series) AS numbers"),
            format!("datetime('2024-01-01', '+' || (i * 7919 % {ROWS}) || ' minutes')"),
        )
    };
    let quarter = |of: &str, others: &str| format!("CASE i % 4 WHEN 0 THEN {of} ELSE {others} END");
    let text =
        "'name' || i || CASE i % 2 WHEN 0 THEN 'harbour' ELSE '' END || CASE i % 1000 WHEN 0 THEN 'zebra' ELSE '' END";
    let insert = |into: &str, values: &str| format!("INSERT INTO {into} SELECT {values} FROM {numbers}");
    let statements = [
        insert(
            "users (email, hashed_password, is_active, created_at)",
            &format!("{text} || '@example.com', '$none$', i % 4 <> 0, {time}"),
        ),
        insert("roles (name, created_at)", &format!("{text}, {time}")),
        insert(
            "items (owner_id, title, created_at, updated_at)",
            &format!("{}, {text}, {time}, {time}", quarter("1", "i")),
        ),
        insert("user_roles (user_id, role_id)", "i, i + 1") + " WHERE i > 1",
        insert("user_roles (user_id, role_id)", "i, 2") + " WHERE i % 4 = 0",
        insert(
            "audit_entries (at, change_set, actor_id, actor, action, entity, record_id, record, changes, whole, reason, address,
                            request_id, chain, position, previous_hash, hash)",
            &format!(
                "{time}, {}, {}, 'ann', {}, {}, {}, '', '', '', '', {}, '', 99, i, '', ''",
                quarter("'set 1'", "'set ' || i"),
                quarter("1", "i"),
                quarter("'update'", "CASE i % 1000 WHEN 3 THEN 'logout' ELSE 'create' END"),
                quarter("'users'", "CASE i % 1000 WHEN 3 THEN 'roles' ELSE 'items' END"),
                quarter("1", "i"),
                quarter("'192.0.2.1'", "'192.0.2.' || i"),
            ),
        ),
    ];
    database.execute(&statements.join(";\n"));
}

/// Lets the database look at how much is in them.
pub fn take_stock(database: &TestDatabase) {
    database.execute(if database.is_postgres() { "VACUUM ANALYZE" } else { "ANALYZE" });
}
