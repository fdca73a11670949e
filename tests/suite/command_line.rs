//! The program from the command line: what it refuses, `migrate` and `check`.

mod demo;
mod serve;
mod settings;
mod user;

use super::support::{PASSWORD, Program, TestDatabase};

/// What no line may show of the tests' database address.
const SECRET: &str = "hunter2";

#[test]
fn what_is_no_command_is_refused_in_one_line() {
    for line in [
        &["sail"][..],
        &["--sail"],
        &["user"],
        &["user", "create"],
        &["migrate", "down", "--steps", "x"],
        &["check", "x"],
    ] {
        let outcome = Program::new().run(line);
        // A group of commands without one of them prints its help.
        if line != ["user"] {
            outcome.refusal();
        }
        assert_eq!(outcome.code, Some(2), "{line:?}: {}", outcome.printed());
    }
}

#[test]
fn a_database_that_cannot_be_had_is_one_line_and_never_its_password() {
    let urls = [
        ("unreachable", format!("postgres://u:{SECRET}x@127.0.0.1:1/x")),
        ("unknown host", format!("postgres://u:{SECRET}x@no-such-host.invalid/x")),
        ("in the query", format!("postgres://127.0.0.1:1/x?user=u&password={SECRET}x")),
        ("no number for a port", format!("postgres://u:{SECRET}x@127.0.0.1:99999/x")),
        ("no address", format!("postgres://u:{SECRET}x@[bad/x")),
        ("half escaped", format!("postgres://u:{SECRET}%ZZx@127.0.0.1:1/x")),
        ("another database", format!("mysql://u:{SECRET}x@127.0.0.1/x")),
        ("no slashes", format!("postgres:u:{SECRET}x@127.0.0.1/x")),
    ];
    for (what, url) in urls {
        let program = Program::new().with("DATABASE_URL", &url).with("QUARTERDECK_LOG", "trace");
        for command in
            [&["serve", "--bind", "127.0.0.1:0"][..], &["migrate", "up"], &["user", "create", "ann@example.com"]]
        {
            let outcome = program.run_with_input(command, PASSWORD);
            let line = outcome.refusal();
            assert!(line.contains("database") || line.contains("DATABASE_URL"), "{what}: {line}");
            assert!(!line.contains(SECRET), "{what}: the password is shown: {line}");
        }
        let check = program.run(&["check"]);
        assert_ne!(check.code, Some(0), "{what}: {}", check.printed());
        assert!(!check.printed().contains(SECRET), "{what}: the password is shown: {}", check.printed());
    }
}

#[test]
fn an_sqlite_file_that_cannot_be_had_is_one_line() {
    let program = Program::new();
    std::fs::write(program.path().join("notes.txt"), "these are notes, and no database at all\n".repeat(200))
        .expect("a file");
    std::fs::create_dir(program.path().join("folder")).expect("a folder");
    for (path, said) in [("missing/desk.db", "missing"), ("folder", "folder"), ("notes.txt", "notes.txt")] {
        for command in [&["serve", "--bind", "127.0.0.1:0"][..], &["migrate", "up"]] {
            let outcome = program.run(&[command, &["--database-url", &format!("sqlite://{path}")]].concat());
            assert!(outcome.refusal().contains(said), "{path}: {}", outcome.stderr);
        }
    }
    let left: Vec<_> = std::fs::read_dir(program.path())
        .expect("the folder")
        .map(|entry| entry.expect("a file").file_name())
        .collect();
    assert_eq!(left.len(), 2, "nothing was made: {left:?}");
}

#[test]
fn the_default_database_is_made_with_its_folder() {
    let program = Program::new();
    assert!(program.run(&["migrate", "up"]).success().contains("applied 0001_users"));
    assert!(program.path().join("data/quarterdeck.db").is_file(), "the file is there");
    assert!(program.run(&["migrate", "history"]).success().contains("0001_users"));
}

#[test]
fn migrate_applies_rolls_back_and_lists() {
    let database = TestDatabase::empty();
    let program = Program::on(&database);
    let pending = program.run(&["migrate", "history"]);
    let names: Vec<_> =
        pending.success().lines().map(|line| line.split_whitespace().last().expect("a name").to_owned()).collect();
    assert!(pending.stdout.lines().all(|line| line.starts_with("pending ")), "{}", pending.stdout);
    assert_eq!(names[0], "0001_users", "oldest first: {names:?}");
    let lines =
        |done: &str, names: &[String]| names.iter().map(|name| format!("{done} {name}\n")).collect::<Vec<_>>().concat();
    assert_eq!(program.run(&["migrate", "up"]).success(), lines("applied", &names));
    assert_eq!(program.run(&["migrate", "up"]).success(), "nothing is pending\n");
    let newest: Vec<_> = names.iter().rev().cloned().collect();
    assert_eq!(program.run(&["migrate", "down"]).success(), lines("rolled back", &newest[..1]), "one, unless told");
    assert_eq!(program.run(&["migrate", "down", "--steps", "2"]).success(), lines("rolled back", &newest[1..3]));
    let history = program.run(&["migrate", "history"]);
    let today = quarterdeck::db::Clock::default().now().format("%Y-").to_string();
    for (line, name) in history.success().lines().zip(&names) {
        let begin = if newest[..3].contains(name) { "pending" } else { &today };
        assert!(line.starts_with(begin) && line.ends_with(&format!("  {name}")), "{line}");
    }
    assert_eq!(program.run(&["migrate", "up"]).success().lines().count(), 3, "what was rolled back");
}

#[test]
fn check_says_that_all_is_well_or_what_mends_it() {
    let database = TestDatabase::migrated();
    let cheap = || Program::on(&database).with("QUARTERDECK_SECRET", "a secret of thirty-two characters");
    let program = || {
        let dear = cheap().with("QUARTERDECK_ARGON2_MEMORY_KIB", "19456");
        dear.with("QUARTERDECK_ARGON2_ITERATIONS", "2")
    };
    let finds = |program: Program, wrong: &str, mend: &str| {
        let outcome = program.run(&["check"]);
        assert_eq!((outcome.code, &*outcome.stderr), (Some(1), ""), "{wrong}: {}", outcome.printed());
        let (found, mends) =
            outcome.stdout.split_once("; mend: ").unwrap_or_else(|| panic!("how to mend: {}", outcome.stdout));
        assert!(found.contains(wrong), "{wrong:?} in {found:?}");
        assert!(mends.contains(mend), "{mend:?} in {mends:?}");
        assert_eq!(mends.lines().count(), 1, "one thing is wrong: {}", outcome.stdout);
    };
    finds(program(), "administrator", "quarterdeck user create EMAIL --role Administrator");
    Program::on(&database)
        .run_with_input(&["user", "create", "ann@example.com", "--role", "Administrator"], PASSWORD)
        .success();
    assert_eq!(program().run(&["check"]).success(), "all is well\n");
    finds(cheap(), "cost less", "QUARTERDECK_ARGON2_MEMORY_KIB=19456");
    let open = program().with("QUARTERDECK_BIND", "0.0.0.0:8080");
    finds(open, "0.0.0.0:8080", "QUARTERDECK_PUBLIC_URL=https://");
    let behind =
        program().with("QUARTERDECK_BIND", "0.0.0.0:8080").with("QUARTERDECK_PUBLIC_URL", "https://desk.example.com");
    assert_eq!(behind.run(&["check"]).success(), "all is well\n");
    finds(program().with("QUARTERDECK_SESSION_IDLE", "8d"), "idle longer", "QUARTERDECK_SESSION_IDLE=12h");
    finds(program().with("DATABASE_URL", "postgres://u@127.0.0.1:1/x"), "can't open the database", "--database-url");
    Program::on(&database).run(&["migrate", "down"]).success();
    finds(program(), "pending", "quarterdeck migrate up");
    database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    finds(program(), "newer than this program", "newer program");
}

#[cfg(unix)]
#[test]
fn the_folder_of_the_default_database_is_nobody_elses_to_read() {
    use std::os::unix::fs::PermissionsExt as _;
    for command in [&["migrate", "up"][..], &["migrate", "history"]] {
        let program = Program::new();
        program.run(command).success();
        let folder = std::fs::metadata(program.path().join("data")).expect("the folder");
        assert_eq!(folder.permissions().mode() & 0o777, 0o700, "the folder that {command:?} makes");
    }
    let program = Program::new();
    drop(program.serve(&[]));
    let folder = std::fs::metadata(program.path().join("data")).expect("the folder");
    assert_eq!(folder.permissions().mode() & 0o777, 0o700, "the folder that serve makes");
}

#[test]
fn a_log_of_no_level_is_refused() {
    for words in ["loud", "quarterdeck", "inf"] {
        for outcome in [
            Program::new().run(&["check", "--log", words]),
            Program::new().with("QUARTERDECK_LOG", words).run(&["check"]),
        ] {
            let line = outcome.refusal();
            assert!(line.contains("QUARTERDECK_LOG") && line.contains("error, warn, info"), "{words}: {line}");
        }
    }
    for level in ["off", "ERROR", "warn", "info", "debug", "trace", "quarterdeck=debug,actix=warn"] {
        let outcome = Program::on(&TestDatabase::migrated()).run(&["migrate", "history", "--log", level]);
        outcome.success();
    }
}

#[test]
fn to_roll_back_no_migration_is_refused() {
    let database = TestDatabase::migrated();
    for steps in ["0", "-1", "00"] {
        let outcome = Program::on(&database).run(&["migrate", "down", &format!("--steps={steps}")]);
        assert!(outcome.refusal().contains("--steps"), "{steps}: {}", outcome.stderr);
    }
    let pending = Program::on(&database).run(&["migrate", "history"]);
    assert!(!pending.success().contains("pending"), "nothing was rolled back: {}", pending.stdout);
}
