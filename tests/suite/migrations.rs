//! Migrations: up and down, in both folders alike, and what they make held against `schema.rs`.

mod schema;

use std::process::Stdio;

use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use quarterdeck::db::{Clock, migrations};

use super::support::{Program, TestDatabase};

/// Both folders, with the folder of the database that is tested first.
fn folders(database: &TestDatabase) -> [String; 2] {
    let folder = |engine| format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
    let mut folders = [folder("sqlite"), folder("postgres")];
    if database.is_postgres() {
        folders.reverse();
    }
    folders
}

fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("a folder").file_name().into_string().expect("a name")).collect();
    names.sort();
    names
}

/// Everything that the database holds but rows: a line a thing.
fn catalogue(database: &TestDatabase) -> Vec<String> {
    const SQLITE: &str = "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_master
        WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_!_diesel%' ESCAPE '!' ORDER BY 1";
    const POSTGRES: &str = "SELECT line FROM (
        SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, collation_name, is_nullable,
                         column_default, is_identity, identity_generation, is_generated, generation_expression) AS line
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'
        UNION ALL
        SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '\\_\\_diesel%'
        UNION ALL
        SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes
        WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_diesel%'
        UNION ALL
        SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT concat_ws(' ', 'function', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT concat_ws(' ', 'sequence', sequencename, data_type) FROM pg_sequences WHERE schemaname = 'public'
    ) AS lines ORDER BY line";
    database.texts(if database.is_postgres() { POSTGRES } else { SQLITE })
}

#[test]
fn all_down_leaves_nothing_and_up_again_makes_the_same() {
    let database = TestDatabase::empty();
    let conn = &mut database.connect();
    let all = migrations::up(conn).expect("up");
    let made = catalogue(&database);
    for thing in [
        "users",
        "items",
        "roles",
        "user_roles",
        "role_permissions",
        "sessions",
        "users_version",
        "users_by_created_at",
    ] {
        assert!(made.iter().any(|line| line.contains(thing)), "the catalogue tells of {thing}");
    }
    let mut back = migrations::down(conn, 1000).expect("down");
    back.reverse();
    assert_eq!(back, all, "all are rolled back");
    assert_eq!(catalogue(&database), [""; 0], "nothing is left");
    assert_eq!(migrations::up(conn).expect("up again"), all);
    assert_eq!(catalogue(&database), made, "the same schema again");
    assert_eq!(database.texts("SELECT name FROM roles WHERE is_builtin"), ["Administrator"], "with its first row");
}

#[test]
fn each_step_down_undoes_its_step_up() {
    let database = TestDatabase::empty();
    let conn = &mut database.connect();
    let [folder, _] = folders(&database);
    let mut steps = vec![catalogue(&database)];
    for name in names(&folder) {
        let source = FileBasedMigrations::from_path(&folder).expect("the folder");
        conn.run_next_migration(source).expect("a step up");
        let up = std::fs::read_to_string(format!("{folder}/{name}/up.sql")).expect("a step up");
        // What only the other database needs is words here.
        let is_words = up.lines().all(|line| line.starts_with("--"));
        assert_eq!(steps.last() == Some(&catalogue(&database)), is_words, "{name} changes something");
        steps.push(catalogue(&database));
    }
    assert!(migrations::pending(conn).expect("an answer").is_empty(), "that was all");
    for (number, expected) in steps.iter().enumerate().rev().skip(1) {
        assert_eq!(migrations::down(conn, 1).expect("a step down").len(), 1, "one at a time");
        assert_eq!(catalogue(&database), *expected, "after {number} migrations");
    }
    assert_eq!(migrations::down(conn, 1).expect("no step"), [""; 0], "nothing is left to roll back");
}

#[test]
fn both_folders_and_the_program_hold_the_same_migrations() {
    let database = TestDatabase::empty();
    let [own, other] = folders(&database).map(|folder| names(&folder));
    assert_eq!(own, other, "a migration is in both folders");
    for folder in folders(&database) {
        for name in names(&folder) {
            assert_eq!(names(&format!("{folder}/{name}")), ["down.sql", "up.sql"], "{folder}/{name}");
        }
    }
    let entries = migrations::history(&mut database.connect()).expect("the history");
    let embedded: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
    assert_eq!(embedded, own, "what is compiled in is what is on disk");
}

#[test]
fn the_history_tells_what_is_applied_and_when() {
    let database = TestDatabase::empty();
    let conn = &mut database.connect();
    let start = Clock::default().now();
    migrations::up(conn).expect("up");
    let newest = migrations::down(conn, 1).expect("a step down").concat();
    let end = Clock::default().now();
    let history = migrations::history(conn).expect("the history");
    assert_eq!(migrations::pending(conn).expect("an answer"), std::slice::from_ref(&newest));
    for entry in &history {
        // SQLite keeps this time to the second.
        let is_now = entry.applied_at.map(|at| (at - start).num_seconds() > -2 && at <= end);
        assert_eq!(is_now, (entry.name != newest).then_some(true), "{entry:?} between {start} and {end}");
    }
}

#[test]
fn whoever_only_looks_at_an_empty_database_makes_nothing_in_it() {
    let database = TestDatabase::empty();
    let conn = &mut database.connect();
    assert!(migrations::pending(conn).expect("an answer").len() > 5, "all of them are pending");
    assert!(database.try_execute("SELECT version FROM __diesel_schema_migrations").is_err(), "no table was made");
    migrations::up(conn).expect("up");
    assert!(migrations::pending(conn).expect("an answer").is_empty());
}

#[test]
fn a_database_that_is_newer_than_the_program_is_refused_by_every_command() {
    let database = TestDatabase::migrated();
    database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    let before = catalogue(&database);
    let commands: [&[&str]; 6] = [
        &["serve", "--bind", "127.0.0.1:0"],
        &["migrate", "up"],
        &["migrate", "down"],
        &["migrate", "history"],
        &["user", "create", "ann@example.com"],
        &["user", "set-password", "ann@example.com"],
    ];
    for command in commands {
        let outcome = Program::on(&database).run_with_input(command, "correct horse battery\n");
        let line = outcome.refusal();
        assert!(line.contains("newer than this program") && line.contains("9999"), "{command:?}: {line}");
    }
    assert_eq!(catalogue(&database), before, "nothing was touched");
}

#[test]
fn programs_that_migrate_at_once_take_turns() {
    let database = TestDatabase::empty();
    let program = Program::on(&database);
    let running: Vec<_> = (0..6)
        .map(|_| {
            let mut command = program.command(&["migrate", "up"]);
            command.stdin(Stdio::null()).spawn().expect("the program starts")
        })
        .collect();
    let mut applied = Vec::new();
    for child in running {
        let output = child.wait_with_output().expect("the program ends");
        assert!(output.status.success(), "one failed: {}", String::from_utf8_lossy(&output.stderr));
        applied.extend(String::from_utf8(output.stdout).expect("text").lines().map(ToOwned::to_owned));
    }
    applied.retain(|line| line != "nothing is pending");
    let [folder, _] = folders(&database);
    let expected: Vec<_> = names(&folder).into_iter().map(|name| format!("applied {name}")).collect();
    assert_eq!(applied, expected, "one of them applied all");
}
