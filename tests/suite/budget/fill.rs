//! Many rows of everything, in a statement a table.

use crate::support::TestDatabase;

/// Rows numbered from one number to another in every table that a page reads. They hang together: each user holds a role and
/// has a session, the first one many of each; each item has an owner, and every other one the same.
pub fn rows(database: &TestDatabase, from: i64, to: i64) {
    let numbers = if database.is_postgres() {
        format!("generate_series({from}::BIGINT, {to}::BIGINT) AS numbers (i)")
    } else {
        let series = format!("VALUES ({from}) UNION ALL SELECT i + 1 FROM series WHERE i < {to}");
        format!("(WITH RECURSIVE series (i) AS ({series}) SELECT i FROM series) AS numbers")
    };
    let (ann, now) = ("(SELECT id FROM users WHERE email = 'ann@example.com')", "'2026-01-02 03:04:05'");
    let of = |kind: &str, i: &str| format!("(SELECT id FROM {kind}s WHERE {} = '{kind}' || ({i}))", name(kind));
    let insert = |into: &str, values: &str| format!("INSERT INTO {into} SELECT {values} FROM {numbers};");
    let owner = format!("CASE WHEN i % 2 = 0 THEN {ann} ELSE {} END", of("user", "i"));
    let statements = [
        insert("users (email, hashed_password)", "'user' || i, '$none$'"),
        insert("roles (name)", "'role' || i"),
        insert("items (owner_id, title)", &format!("{owner}, 'item' || i")),
        insert("user_roles (user_id, role_id)", &format!("{}, {}", of("user", "i"), of("role", "i"))),
        insert("user_roles (user_id, role_id)", &format!("{ann}, {}", of("role", "i")))
            .replace(';', " WHERE i % 50 = 1;"),
        insert(
            "user_roles (user_id, role_id)",
            &format!("{}, (SELECT id FROM roles WHERE name = 'Crew')", of("user", "i")),
        ),
        insert("role_permissions (role_id, permission)", &format!("{}, 'another.program'", of("role", "i")))
            .replace(';', " WHERE i % 50 <> 1;"),
        insert("sessions (key_hash, user_id, created_at, last_seen_at)", &format!("'key' || i, {ann}, {now}, {now}")),
        insert(
            "login_throttles (key, user_id, failures, held_until, last_failed_at)",
            &format!("'key' || i, {}, 3, '2999-01-01 00:00:00', {now}", of("user", "i")),
        ),
        insert(
            "audit_entries (at, change_set, actor, action, entity, record_id, record, changes, whole, reason, address, \
             request_id, chain, position, previous_hash, hash)",
            &format!(
                "{now}, 'set', 'somebody', 'update', 'users', {ann}, 'ann@example.com', '[]', '', '', '', '', 99, i, '', ''"
            ),
        ),
    ];
    database.execute(&statements.join("\n"));
    if database.is_postgres() {
        database.execute("ANALYZE");
    }
}

/// The column that a record is called by.
fn name(kind: &str) -> &'static str {
    if kind == "user" { "email" } else { "name" }
}
