//! What the migrations make, held against `schema.rs` and against the limits that both databases are to hold.

use super::super::support::TestDatabase;

/// `table column type`, by table and place, from the text of `schema.rs`.
fn declared(text: &str) -> Vec<String> {
    let mut columns = Vec::new();
    let mut table = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with("diesel::table!") {
            table = Some("");
        } else if table == Some("") {
            table = line.split_once(" (").map(|(name, _)| name);
        } else if line == "}" {
            table = None;
        } else if let (Some(table), Some((column, sql_type))) = (table, line.split_once(" -> ")) {
            columns.push(format!("{table} {column} {}", sql_type.trim_end_matches(',')));
        }
    }
    columns.sort_by_key(|column| column.split(' ').next().map(ToOwned::to_owned));
    columns
}

/// The same from the catalogue.
fn stored(database: &TestDatabase) -> Vec<String> {
    const SQLITE: &str =
        "SELECT tables.name || ' ' || columns.name || ' ' || columns.type || ' ' || columns.\"notnull\"
        FROM sqlite_master AS tables JOIN pragma_table_xinfo(tables.name) AS columns
        WHERE tables.type = 'table' AND tables.name NOT LIKE '%!_search%' ESCAPE '!'
          AND tables.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND tables.name NOT LIKE '!_!_%' ESCAPE '!'
        ORDER BY tables.name, columns.cid";
    const POSTGRES: &str = "SELECT concat_ws(' ', table_name, column_name, upper(split_part(data_type, ' ', 1)),
                                            CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END)
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'
        ORDER BY table_name COLLATE \"C\", ordinal_position";
    let lines = database.texts(if database.is_postgres() { POSTGRES } else { SQLITE });
    let column = |line: String| {
        let [table, column, sql_type, is_required] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let sql_type = match sql_type {
            "INTEGER" | "BIGINT" => "BigInt",
            "TEXT" => "Text",
            "BOOLEAN" => "Bool",
            "TIMESTAMP" => "Timestamp",
            other => panic!("{table}.{column} has the type {other}, which is not of the portable dialect"),
        };
        if is_required == "1" {
            format!("{table} {column} {sql_type}")
        } else {
            format!("{table} {column} Nullable<{sql_type}>")
        }
    };
    lines.into_iter().map(column).collect()
}

#[test]
fn the_migrations_make_the_tables_that_schema_rs_tells_of() {
    let declared = declared(include_str!("../../../src/db/schema.rs"));
    assert!(declared.len() > 30, "all of schema.rs was read: {declared:?}");
    assert_eq!(stored(&TestDatabase::migrated()), declared, "tables, columns, their order, types and nullability");
}

#[test]
fn a_difference_between_schema_rs_and_the_tables_would_be_seen() {
    let text = "diesel::table! {\n    b (id) {\n        id -> BigInt,\n        at -> Nullable<Timestamp>,\n    }\n}\n\
                diesel::table! {\n    a (x, y) {\n        x -> Text,\n    }\n}\ndiesel::joinable!(a -> b (x));\n";
    assert_eq!(declared(text), ["a x Text", "b id BigInt", "b at Nullable<Timestamp>"]);
}

/// A database with a user 1, an item 1 and a role 2 beside the built-in one.
fn peopled() -> TestDatabase {
    let database = TestDatabase::migrated();
    database.execute(
        "INSERT INTO users (email, hashed_password) VALUES ('ann@example.com', 'x');
         INSERT INTO items (owner_id, title) VALUES (1, 'Anchor');
         INSERT INTO roles (name) VALUES ('Mate');
         INSERT INTO user_roles VALUES (1, 2);
         INSERT INTO role_permissions VALUES (2, 'users.view');",
    );
    database
}

#[test]
fn a_row_beyond_the_limits_is_refused_by_the_database_itself() {
    let database = peopled();
    let text = |length: usize| "x".repeat(length);
    let user = |email: &str| format!("INSERT INTO users (email, hashed_password) VALUES ('{email}', 'x')");
    let item = |title: &str, more: &str| {
        format!("INSERT INTO items (owner_id, title, description) VALUES (1, '{title}', '{more}')")
    };
    let passkey = |id: &str, name: &str| {
        let values = format!("(1, '{id}', '{name}', '{{}}', '2026-01-01')");
        format!("INSERT INTO passkeys (user_id, credential_id, name, credential, created_at) VALUES {values}")
    };
    let role = |name: &str, more: &str| format!("INSERT INTO roles (name, description) VALUES ('{name}', '{more}')");
    let refused = [
        user(""), user("ab"), user(&text(255)), user("Bob@example.com"), user(" bob@example.com"), user("bob@example.com "),
        user("ann@example.com"),
        "INSERT INTO users (email) VALUES ('bob@example.com')".into(),
        "INSERT INTO users (hashed_password) VALUES ('x')".into(),
        "INSERT INTO users (email, hashed_password) VALUES ('bob@example.com', NULL)".into(),
        "UPDATE users SET email = 'ANN@example.com'".into(),
        "UPDATE users SET email = ''".into(), "UPDATE users SET is_active = NULL".into(), "UPDATE users SET version = NULL".into(),
        "UPDATE users SET created_at = NULL".into(), "UPDATE users SET created_at = 'some day'".into(),
        "UPDATE users SET updated_at = ''".into(),
        "UPDATE users SET created_at = '2026-13-01 10:00:00'".into(),
        "UPDATE users SET created_at = '2026-02-30 10:00:00'".into(),
        "UPDATE users SET last_login_at = 'some day'".into(),
        "UPDATE users SET last_login_at = '2026-01-01 25:00:00'".into(),
        "UPDATE items SET updated_at = '2026-01-01 10:00:00 or so'".into(),
        item("", ""), item(&text(201), ""), item("Buoy", &text(10_001)),
        "INSERT INTO items (title) VALUES ('Buoy')".into(),
        "INSERT INTO items (owner_id, title) VALUES (99, 'Buoy')".into(),
        "INSERT INTO items (owner_id) VALUES (1)".into(),
        format!("UPDATE items SET title = '{}'", text(201)), "UPDATE items SET description = NULL".into(),
        "UPDATE items SET owner_id = 99".into(), "UPDATE items SET created_at = 'the first of May'".into(),
        role("", ""), role(&text(65), ""), role("Cook", &text(1001)), role("Mate", ""), role("Administrator", ""),
        "UPDATE roles SET name = ''".into(), "UPDATE roles SET is_builtin = NULL".into(),
        "INSERT INTO user_roles VALUES (1, 2)".into(), "INSERT INTO user_roles VALUES (99, 2)".into(),
        "INSERT INTO user_roles VALUES (1, 99)".into(), "INSERT INTO user_roles VALUES (1, NULL)".into(),
        "INSERT INTO role_permissions VALUES (2, '')".into(), "INSERT INTO role_permissions VALUES (2, 'users.view')".into(),
        format!("INSERT INTO role_permissions VALUES (2, '{}')", text(101)),
        "INSERT INTO role_permissions VALUES (99, 'users.view')".into(), "INSERT INTO role_permissions VALUES (2, NULL)".into(),
        "INSERT INTO sessions (key_hash, user_id, created_at, last_seen_at) VALUES ('k', 99, '2026-01-01', '2026-01-01')".into(),
        "INSERT INTO sessions (key_hash, user_id) VALUES ('k', 1)".into(),
        "UPDATE roles SET requires_second_factor = NULL".into(),
        "INSERT INTO totp_secrets (user_id, ciphertext, created_at) VALUES (99, 'x', '2026-01-01')".into(),
        "INSERT INTO recovery_codes (user_id, code_hash) VALUES (1, 'x'), (1, 'x')".into(),
        passkey("x", ""), passkey("x", &text(65)), format!("{}; {}", passkey("x", "a"), passkey("x", "b")),
    ];
    for sql in refused {
        let shown: String = sql.chars().take(150).collect();
        assert!(database.try_execute(&sql).is_err(), "the database took: {shown}");
    }
}

#[test]
fn a_row_at_the_limits_is_taken_and_lengths_are_in_characters() {
    let database = peopled();
    let text = |length: usize| "é".repeat(length);
    let taken = [
        "INSERT INTO users (email, hashed_password) VALUES ('a@b', 'x')".to_owned(),
        format!("INSERT INTO users (email, hashed_password) VALUES ('{}@example.com', 'x')", text(242)),
        format!("INSERT INTO items (owner_id, title, description) VALUES (1, '{}', '{}')", text(200), text(10_000)),
        "INSERT INTO items (owner_id, title) VALUES (1, 'x')".into(),
        format!("INSERT INTO roles (name, description) VALUES ('{}', '{}')", text(64), text(1000)),
        "INSERT INTO roles (name) VALUES ('x')".into(),
        format!("INSERT INTO role_permissions VALUES (2, '{}')", text(100)),
        "INSERT INTO role_permissions VALUES (2, 'x')".into(),
    ];
    for sql in taken {
        let shown: String = sql.chars().take(150).collect();
        let done = database.try_execute(&sql);
        assert!(done.is_ok(), "{:?}: {shown}", done.err());
    }
}
