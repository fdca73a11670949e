//! `quarterdeck demo`

use super::super::support::{Outcome, PASSWORD, Program, TestDatabase};

const TABLES: [&str; 5] = ["users", "items", "roles", "user_roles", "role_permissions"];

/// Fills a database with 300 users, 600 items and 8 roles.
fn demo(database: &TestDatabase, more: &[&str]) -> Outcome {
    Program::on(database).run(&[&["demo", "--users", "300", "--items", "600"], more].concat())
}

fn filled(more: &[&str]) -> TestDatabase {
    let database = TestDatabase::empty();
    demo(&database, more).success();
    database
}

/// All rows but the built-in role, which is as old as the database.
fn rows(database: &TestDatabase) -> Vec<Vec<String>> {
    let of = |table| database.rows(table).into_iter().filter(|row| !row.contains("Administrator")).collect();
    TABLES.into_iter().map(of).collect()
}

/// Whatever makes a table what it is, but its rows.
fn catalogue(database: &TestDatabase) -> Vec<String> {
    let mut all = database.texts(if database.is_postgres() {
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
         UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid <> 0
         UNION ALL SELECT pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
    } else {
        "SELECT coalesce(type || ' ' || name || ' ' || sql, name) FROM sqlite_master"
    });
    // Statistics are a table too.
    all.retain(|entry| !entry.contains("sqlite_stat"));
    all.sort();
    all
}

#[test]
fn a_demo_has_the_counts_that_were_asked_for_and_is_one_entry_on_record() {
    let database = TestDatabase::empty();
    let outcome = demo(&database, &["--roles", "9", "--seed", "7"]);
    assert!(outcome.success().starts_with("made 300 users, 600 items, 9 roles, and gave "), "{}", outcome.stdout);
    assert!(outcome.stderr.lines().count() < 12, "no terminal, few lines: {}", outcome.stderr);
    assert!(!outcome.stderr.contains(['\r', '\u{1b}']), "and no bar: {:?}", outcome.stderr);
    let count = |table: &str| database.number(&format!("SELECT count(*) FROM {table}"));
    assert_eq!([count("users"), count("items"), count("roles")], [300, 600, 10], "with the built-in role");
    let grants = count("user_roles");
    assert!((350..600).contains(&grants), "one and a half each: {grants}");
    assert!(outcome.stdout.contains(&format!("gave {grants} roles")), "{}", outcome.stdout);
    let entries = database.texts("SELECT changes FROM audit_entries WHERE action = 'demo'");
    assert_eq!(entries.len(), 1);
    for (field, value) in [("users", 300), ("items", 600), ("roles", 9), ("grants", grants), ("seed", 7)] {
        let told = format!("{{\"field\":\"{field}\",\"new\":[\"{value}\"]}}");
        assert!(entries[0].contains(&told), "{told} in {}", entries[0]);
    }
    assert_eq!(count("audit_entries"), 2, "the other one tells of the migrations");
    Program::on(&database).run(&["audit", "verify"]).success();
}

#[test]
fn the_same_seed_gives_the_same_rows_and_another_gives_others() {
    let (one, same, other) = (filled(&[]), filled(&["--seed", "1"]), filled(&["--seed", "2"]));
    assert_eq!(rows(&one), rows(&same));
    for (table, (one, other)) in TABLES.iter().zip(rows(&one).into_iter().zip(rows(&other))) {
        assert_ne!(one, other, "{table}");
    }
    // The same on both databases, and tomorrow.
    let told = |query: &str| one.texts(query).concat();
    assert_eq!(told("SELECT email FROM users WHERE id = 1"), "eero_garnier215@library.example");
    assert_eq!(told("SELECT title FROM items WHERE id = 600"), "Painted façade");
    assert_eq!(told("SELECT name FROM roles WHERE id = 2"), "Inventory clerk");
    let sums = ["owner_id", "length(title)", "length(description)"]
        .map(|of| one.number(&format!("SELECT CAST(sum({of}) AS BIGINT) FROM items")));
    assert_eq!(
        (sums, one.number("SELECT CAST(sum(user_id * role_id) AS BIGINT) FROM user_roles")),
        ([85_992, 11_002, 5_406], 277_619)
    );
}

#[test]
fn the_rows_are_plausible_and_nobody_can_log_in_with_them() {
    let database = filled(&["--until", "2025-07-01"]);
    let number = |query: &str| database.number(query);
    let inactive = number("SELECT count(*) FROM users WHERE NOT is_active");
    assert!((5..30).contains(&inactive), "one in twenty is inactive: {inactive}");
    let most = number("SELECT max(n) FROM (SELECT count(*) AS n FROM items GROUP BY owner_id) AS counts");
    assert_eq!(most, 60, "one user owns a tenth");
    let owners = number("SELECT count(DISTINCT owner_id) FROM items");
    assert!((100..250).contains(&owners), "many own none: {owners}");
    let few =
        number("SELECT count(*) FROM (SELECT 1 AS n FROM items GROUP BY owner_id HAVING count(*) <= 3) AS counts");
    assert!(few * 2 > owners, "most of them own few: {few} of {owners}");
    for table in ["users", "items"] {
        let outside = format!(
            "SELECT count(*) FROM {table} WHERE created_at < '2022-07-02 00:00:00' OR created_at >= '2025-07-01 00:00:00'
                 OR updated_at < created_at OR updated_at >= '2025-07-01 00:00:00'"
        );
        assert_eq!(number(&outside), 0, "all {table} are of the three years");
    }
    let odd = "SELECT count(*) FROM users WHERE last_login_at < created_at OR last_login_at >= '2025-07-01 00:00:00'";
    assert_eq!(number(odd), 0, "nobody logs in before there is an account");
    let early =
        "SELECT count(*) FROM items JOIN users ON users.id = owner_id WHERE items.created_at < users.created_at";
    assert_eq!(number(early), 0, "nobody owns before there is an account");
    let holders = database.numbers(
        "SELECT count(user_id) FROM roles LEFT JOIN user_roles ON role_id = roles.id
         WHERE NOT is_builtin GROUP BY roles.id ORDER BY roles.id",
    );
    assert!((120..180).contains(&holders[0]), "one role is held by half: {holders:?}");
    assert_eq!(holders.last(), Some(&0), "one by nobody: {holders:?}");
    assert_eq!(number("SELECT count(*) FROM user_roles WHERE role_id = 1"), 0, "and the built-in one by nobody");
    assert!(number("SELECT count(DISTINCT permission) FROM role_permissions") > 5, "roles permit this and that");
    let hashes = database.texts("SELECT DISTINCT hashed_password FROM users");
    assert!(hashes.len() == 1 && quarterdeck::password::is_no_password(&hashes[0]), "{hashes:?}");
}

#[test]
fn what_is_there_already_is_added_to_only_when_told() {
    for (what, statement) in [
        ("a user", "INSERT INTO users (email, hashed_password) VALUES ('ann@example.com', 'x')"),
        ("a role", "INSERT INTO roles (name) VALUES ('Mate')"),
    ] {
        let database = TestDatabase::migrated();
        database.execute(statement);
        let before = database.everything();
        let line = demo(&database, &[]).refusal().to_owned();
        assert!(line.contains("--add"), "{what}: {line}");
        assert_eq!(database.everything(), before, "{what}: nothing was made");
    }
}

#[test]
fn a_demo_is_added_beside_an_administrator_and_another_demo() {
    let database = TestDatabase::migrated();
    let program = Program::on(&database);
    program.run_with_input(&["user", "create", "ann@example.com", "--role", "Administrator"], PASSWORD).success();
    for (seed, users) in [("1", 301), ("1", 601), ("2", 901)] {
        demo(&database, &["--add", "--seed", seed]).success();
        assert_eq!(database.number("SELECT count(*) FROM users"), users, "with seed {seed}");
    }
    assert_eq!(database.number("SELECT count(*) FROM roles"), 25, "under names of their own");
    program.run_with_input(&["user", "create", "bob@example.com"], PASSWORD).success();
    assert_eq!(database.numbers("SELECT id FROM users WHERE email = 'bob@example.com'"), [902], "ids go on");
    let dear = Program::on(&database).with("QUARTERDECK_ARGON2_MEMORY_KIB", "19456");
    let dear = dear.with("QUARTERDECK_ARGON2_ITERATIONS", "2").with("QUARTERDECK_SECRET", &"s".repeat(32));
    assert_eq!(dear.run(&["check"]).success(), "all is well\n");
    program.run(&["audit", "verify"]).success();
}

#[test]
fn an_address_that_somebody_has_is_not_given_again() {
    let first = filled(&[]);
    let taken = first.texts("SELECT email FROM users WHERE id = 5").concat();
    let database = TestDatabase::migrated();
    // The next ids are those of the other database.
    database.execute(&format!("INSERT INTO users (id, email, hashed_password) VALUES (1, '{taken}', 'x')"));
    demo(&database, &["--add"]).success();
    let (name, domain) = taken.split_once('@').expect("an address");
    assert_eq!(database.texts("SELECT email FROM users WHERE id = 5"), [format!("{name}+5@{domain}")]);
}

#[test]
fn indexes_triggers_and_constraints_are_as_before_and_hold() {
    let database = TestDatabase::migrated();
    let before = catalogue(&database);
    demo(&database, &[]).success();
    assert_eq!(catalogue(&database), before);
    for wrong in [
        "INSERT INTO users (email, hashed_password) SELECT email, 'x' FROM users WHERE id = 7",
        "INSERT INTO users (email, hashed_password) VALUES ('Not@Small', 'x')",
        "INSERT INTO items (owner_id, title) VALUES (1, '')",
    ] {
        assert!(database.try_execute(wrong).is_err(), "{wrong}");
    }
    database.execute("UPDATE items SET title = 'Another title' WHERE id = 9");
    assert_eq!(database.number("SELECT version FROM items WHERE id = 9"), 2, "the triggers work");
    if !database.is_postgres() {
        // It looks at indexes and CHECKs, too.
        assert_eq!(database.texts("SELECT * FROM pragma_integrity_check"), ["ok"]);
        assert_eq!(database.number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_eq!(database.texts("SELECT * FROM pragma_journal_mode"), ["wal"]);
    }
}

#[test]
fn what_triggers_keep_of_the_tables_is_as_they_would_have_it() {
    let database = TestDatabase::migrated();
    database.execute("INSERT INTO users (email, hashed_password) VALUES ('ann@example.com', 'x')");
    demo(&database, &["--add"]).success();
    let has = |table: &str| catalogue(&database).iter().any(|entry| entry.contains(table));
    if has("sorted_user_roles") {
        let sorted = database.rows("sorted_user_roles");
        database.execute("DELETE FROM sorted_user_roles");
        // Each grant made anew, one by one, by the triggers.
        database.execute(
            "CREATE TABLE kept AS SELECT * FROM user_roles; DELETE FROM user_roles; INSERT INTO user_roles SELECT * FROM kept",
        );
        assert!(!sorted.is_empty() && sorted == database.rows("sorted_user_roles"));
    }
    if !database.is_postgres() && has("users_search") {
        let found = |word: &str| {
            database.number(&format!("SELECT count(*) FROM users_search WHERE users_search MATCH '{word}'"))
        };
        assert_eq!(
            (found("exa"), found("ann")),
            (301, database.number("SELECT count(*) FROM users WHERE email LIKE '%ann%'"))
        );
    }
}

#[test]
fn numbers_and_days_that_cannot_be_are_refused() {
    for (flag, value) in
        [("--users", "0"), ("--users", "many"), ("--items", "-1"), ("--seed", "x"), ("--until", "2025-02-30")]
    {
        let outcome = Program::new().run(&["demo", &format!("{flag}={value}")]);
        assert!(outcome.refusal().contains(flag), "{flag} {value}: {}", outcome.stderr);
    }
}
