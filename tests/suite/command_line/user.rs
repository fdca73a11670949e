//! `quarterdeck user`

use super::super::support::{PASSWORD, Program, TestApp, TestDatabase};

const ANN: &str = "ann@example.com";

fn people(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT email FROM users ORDER BY email")
}

#[actix_web::test]
async fn a_user_is_made_with_a_password_from_standard_input_and_roles() {
    let app = TestApp::start().await;
    app.db_role("Mate", &["items.view"]).await;
    app.db_role("Cook", &["roles.view"]).await;
    let program = Program::on(&app.database);
    let command = ["user", "create", " Ann@Example.com", "--role", "Mate", "--role", "Cook", "--role", "Mate"];
    let made = program.run_with_input(&command, &format!("{PASSWORD}\r\nand a second line\n"));
    assert_eq!(made.success(), "created ann@example.com\n");
    assert_eq!(made.stderr, "", "nothing else is said");
    let ann = app.logged_in(ANN).await;
    assert_eq!(ann.get("/items").await.status, 200, "she has the one role");
    assert_eq!(ann.get("/roles").await.status, 200, "and the other");
    assert_eq!(ann.get("/users").await.status, 403, "and no more");
    let administrator = ["user", "create", "bob@example.com", "--role", "Administrator"];
    program.run_with_input(&administrator, PASSWORD).success();
    assert_eq!(app.logged_in("bob@example.com").await.get("/users/new").await.status, 200, "bob is an administrator");
    let hash = app.database.texts("SELECT hashed_password FROM users WHERE email = 'ann@example.com'").concat();
    assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "at the cost of the settings: {hash}");
}

#[test]
fn a_user_that_cannot_be_made_is_refused_in_one_line_and_not_made() {
    let database = TestDatabase::migrated();
    let program = Program::on(&database);
    program.run_with_input(&["user", "create", ANN], PASSWORD).success();
    let (long, far) = ("x".repeat(129), format!("{}@example.com", "x".repeat(250)));
    let refused: [(&str, &[&str], &str, &str); 10] = [
        ("a taken address", &[ANN], PASSWORD, "ann@example.com already"),
        ("a taken address in capitals", &["ANN@example.com"], PASSWORD, "ann@example.com already"),
        ("no address", &["bob"], PASSWORD, "\"bob\""),
        ("an empty address", &[""], PASSWORD, "ann@example.com"),
        ("a long address", &[&far], PASSWORD, "ann@example.com"),
        ("a short password", &["bob@example.com"], "eleven char\n", "12"),
        ("a long password", &["bob@example.com"], &long, "128"),
        ("no password", &["bob@example.com"], "", "password"),
        ("an unknown role", &["bob@example.com", "--role", "Boatswain"], PASSWORD, "Boatswain"),
        (
            "a known and an unknown role",
            &["bob@example.com", "--role", "Administrator", "--role", "administrator"],
            PASSWORD,
            "\"administrator\"",
        ),
    ];
    for (what, arguments, password, said) in refused {
        let outcome = program.run_with_input(&[&["user", "create"], arguments].concat(), password);
        let line = outcome.refusal();
        assert!(line.contains(said), "{what}: {said:?} in {line}");
        assert!(password.is_empty() || !line.contains(password.trim()), "{what}: the password is shown: {line}");
    }
    assert_eq!(people(&database), [ANN], "nobody else was made");
}

#[actix_web::test]
async fn a_new_password_from_the_shell_ends_the_sessions_of_the_user_and_nobody_elses() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let (ann, admin) = (app.logged_in(ANN).await, app.admin().await);
    let program = Program::on(&app.database);
    for (what, email, password, said) in [
        ("nobody", "eve@example.com", "another horse battery", "no user eve@example.com"),
        ("a short password", ANN, "short", "12"),
    ] {
        let outcome = program.run_with_input(&["user", "set-password", email], password);
        assert!(outcome.refusal().contains(said), "{what}: {}", outcome.stderr);
    }
    assert_eq!(ann.get("/account").await.status, 200, "what was refused ended nothing");
    let set = program.run_with_input(&["user", "set-password", "Ann@example.com "], "another horse battery\n");
    assert!(set.success().contains(ANN), "{}", set.stdout);
    assert_eq!(set.stderr, "", "nothing else is said");
    assert_eq!(ann.get("/account").await.status, 303, "her sessions have ended");
    assert_eq!(admin.get("/account").await.status, 200, "others go on");
    for (password, status) in [(PASSWORD, 401), ("another horse battery", 303)] {
        let login = app.guest().post("/login", &[("email", ANN), ("password", password)]).await;
        assert_eq!(login.status, status, "a login with {password:?}");
        app.db_forget_failures();
    }
}

#[actix_web::test]
async fn an_account_is_locked_for_a_reason_and_unlocked_from_the_shell() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    app.db_user("admin@example.com", &[1]).await;
    let ann = app.logged_in(ANN).await;
    let program = Program::on(&app.database);
    let refused: [(&[&str], &str); 5] = [
        (&["lock", ANN], "--reason"),
        (&["lock", ANN, "--reason", " "], "Say why"),
        (&["lock", "eve@example.com", "--reason", "x"], "no user eve@example.com"),
        (&["lock", "admin@example.com", "--reason", "x"], "last active administrator"),
        (&["unlock", "eve@example.com"], "no user eve@example.com"),
    ];
    for (command, said) in refused {
        let outcome = program.run(&[&["user"], command].concat());
        assert!(outcome.refusal().contains(said), "{command:?}: {}", outcome.stderr);
    }
    assert_eq!(ann.get("/account").await.status, 200, "what was refused locked nobody");
    program.run(&["user", "lock", "Ann@example.com ", "--reason", "Her laptop is lost"]).success();
    assert_eq!(ann.get("/account").await.status, 303, "her sessions have ended");
    let locks = "SELECT by_name || ': ' || reason FROM account_locks";
    assert_eq!(app.database.texts(locks), ["command line: Her laptop is lost"]);
    assert_eq!(app.guest().post("/login", &[("email", ANN), ("password", PASSWORD)]).await.status, 401);
    assert_eq!(program.run(&["user", "unlock", ANN]).success(), "unlocked ann@example.com\n");
    app.logged_in(ANN).await;
    let told = "SELECT actor || ' ' || action || ' ' || reason FROM audit_entries WHERE action IN ('lock', 'unlock') ORDER BY id";
    assert_eq!(app.database.texts(told), ["command line lock Her laptop is lost", "command line unlock "]);
}

#[test]
fn accounts_wait_for_pending_migrations() {
    let database = TestDatabase::empty();
    for command in [["user", "create", ANN], ["user", "set-password", ANN]] {
        let outcome = Program::on(&database).run_with_input(&command, PASSWORD);
        assert!(outcome.refusal().contains("quarterdeck migrate up"), "{}", outcome.stderr);
    }
}

#[actix_web::test]
async fn a_role_is_given_to_an_account_that_is_there() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let ann = app.logged_in(ANN).await;
    assert_eq!(ann.get("/users").await.status, 403);
    let program = Program::on(&app.database);
    let give = ["user", "give-role", " Ann@Example.com", "Administrator"];
    assert_eq!(program.run(&give).success(), "gave ann@example.com the role Administrator\n");
    assert_eq!(ann.get("/users").await.status, 200, "at the next request");
    assert_eq!(app.database.number("SELECT version FROM users"), 2, "and who has the account open is told");
    assert_eq!(program.run(&give).success(), "ann@example.com has the role Administrator already\n");
    let outcome = program.run(&["user", "give-role", "nobody@example.com", "Administrator"]);
    let refusal = outcome.refusal();
    assert!(refusal.contains("there is no user nobody@example.com"), "{refusal}");
    let outcome = program.run(&["user", "give-role", ANN, "Captain"]);
    let refusal = outcome.refusal();
    assert!(refusal.contains("there is no role \"Captain\""), "{refusal}");
}
