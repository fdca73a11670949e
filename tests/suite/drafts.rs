//! `migrate new`, in a copy of what it needs of the source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::TestDatabase;

/// A folder with the migrations and the schema.
struct Source(tempfile::TempDir);

impl Source {
    fn copied() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        for engine in ["sqlite", "postgres"] {
            for migration in fs::read_dir(source.join("migrations").join(engine)).expect("the migrations") {
                let migration = migration.expect("a migration").path();
                let to = folder.path().join("migrations").join(engine).join(migration.file_name().expect("a name"));
                fs::create_dir_all(&to).expect("a folder");
                for file in ["up.sql", "down.sql"] {
                    fs::copy(migration.join(file), to.join(file)).expect("a copy");
                }
            }
        }
        fs::create_dir_all(folder.path().join("src/db")).expect("a folder");
        fs::copy(source.join("src/db/schema.rs"), folder.path().join("src/db/schema.rs")).expect("a copy");
        Source(folder)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The name of the folder that the nth new migration gets.
    fn next(nth: usize, name: &str) -> String {
        let known = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite")).expect("them");
        let number = |name: &str| name.get(..4).and_then(|number| number.parse::<usize>().ok());
        let last = known.filter_map(|migration| number(&migration.expect("one").file_name().to_string_lossy())).max();
        format!("{:04}_{name}", last.expect("a migration") + nth)
    }

    fn migrate_new(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.current_dir(self.0.path()).args(["migrate", "new"]).args(arguments);
        command.env_remove("DATABASE_URL").output().expect("the program runs")
    }

    fn change_schema(&self, from: &str, to: &str) {
        let schema = self.read("src/db/schema.rs");
        assert!(schema.contains(from), "the schema has {from}");
        fs::write(self.path("src/db/schema.rs"), schema.replacen(from, to, 1)).expect("the schema is written");
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_new_migration_gets_the_next_number_in_both_folders() {
    let source = Source::copied();
    let output = source.migrate_new(&["add_teams"]);
    assert!(output.status.success(), "{}", said(&output));
    let again = source.migrate_new(&["add_ranks"]);
    assert!(again.status.success(), "{}", said(&again));
    for engine in ["sqlite", "postgres"] {
        for file in ["up.sql", "down.sql"] {
            for folder in [Source::next(1, "add_teams"), Source::next(2, "add_ranks")] {
                assert!(source.read(&format!("migrations/{engine}/{folder}/{file}")).starts_with("-- "));
            }
        }
    }
}

#[test]
fn a_name_that_is_no_name_and_a_folder_that_is_no_source_are_refused() {
    let source = Source::copied();
    let output = source.migrate_new(&["../Teams"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("small letters, digits and _ are allowed"), "{}", said(&output));
    fs::remove_file(source.path("src/db/schema.rs")).expect("a file to remove");
    let output = source.migrate_new(&["teams"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("run this in the folder of the source"), "{}", said(&output));
}

#[test]
fn a_draft_without_a_server_says_what_it_needs_and_writes_nothing() {
    let source = Source::copied();
    let output = source.migrate_new(&["teams", "--from-schema"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--postgres-url"), "{}", said(&output));
    assert!(!source.path(&format!("migrations/sqlite/{}", Source::next(1, "teams"))).exists());
}

#[test]
fn a_changed_schema_is_drafted_for_both_databases() {
    // The draft for PostgreSQL needs a server, which the other half of the test command has.
    let database = TestDatabase::empty();
    if !database.is_postgres() {
        return;
    }
    let source = Source::copied();
    let server = ["--from-schema", "--postgres-url", &database.url];
    let output = source.migrate_new(&[&["nothing"], &server[..]].concat());
    assert!(output.status.success(), "{} (tests/run installs diesel)", said(&output));
    assert!(said(&output).contains("nothing to draft"), "{}", said(&output));

    source.change_schema("description -> Text,", "description -> Text,\n        due_at -> Nullable<Timestamp>,");
    source.change_schema(
        "diesel::joinable!(items",
        "diesel::table! {\n    teams (id) {\n        id -> BigInt,\n        leader_id -> BigInt,\n        name -> Text,\n        name_key -> Text,\n        \
         version -> BigInt,\n        created_at -> Timestamp,\n        updated_at -> Timestamp,\n    }\n}\n\ndiesel::joinable!(teams -> users (leader_id));\ndiesel::joinable!(items",
    );
    let output = source.migrate_new(&[&["teams"], &server[..]].concat());
    assert!(output.status.success(), "{}", said(&output));
    assert!(!said(&output).contains("fails"), "the draft applies and rolls back: {}", said(&output));
    let sqlite = source.read(&format!("migrations/sqlite/{}/up.sql", Source::next(1, "teams")));
    assert!(sqlite.contains("`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"), "{sqlite}");
    assert!(sqlite.contains("ALTER TABLE `items` ADD COLUMN `due_at` TIMESTAMP;"), "{sqlite}");
    assert!(sqlite.contains("-- * up.sql: REFERENCES: choose ON DELETE"), "{sqlite}");
    assert!(sqlite.contains("CREATE TRIGGER teams_version AFTER UPDATE OF leader_id, name ON teams"), "{sqlite}");
    assert!(sqlite.contains("`name_key` TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) VIRTUAL"), "{sqlite}");
    assert!(sqlite.contains("CHECK (created_at IS strftime"), "{sqlite}");
    assert!(sqlite.contains("CREATE TRIGGER teams_times AFTER INSERT ON teams"), "{sqlite}");
    let postgres = source.read(&format!("migrations/postgres/{}/up.sql", Source::next(1, "teams")));
    assert!(postgres.contains("EXECUTE FUNCTION raise_version('name_key')"), "{postgres}");
    assert!(postgres.contains("\"id\" BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"), "{postgres}");
    assert!(postgres.contains("\"name\" TEXT COLLATE \"C\" NOT NULL"), "{postgres}");
    for engine in ["sqlite", "postgres"] {
        let down = source.read(&format!("migrations/{engine}/{}/down.sql", Source::next(1, "teams")));
        assert!(down.contains("teams") && down.contains("due_at"), "{down}");
    }
    let output = source.migrate_new(&[&["nothing"], &server[..]].concat());
    assert!(said(&output).contains("nothing to draft"), "the drafts say it all: {}", said(&output));
}
