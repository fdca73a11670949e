//! The first run: the link that makes the first administrator.

use actix_web::rt::spawn;
use chrono::TimeDelta;
use quarterdeck::crud::{setup_tokens, users};
use quarterdeck::db::Author;
use quarterdeck::token;

use super::support::{Options, PASSWORD, Program, TestApp, TestDatabase};

const ANN: &str = "ann@example.com";

async fn token(app: &TestApp) -> String {
    app.db.write(Author::command_line(), setup_tokens::create).await.expect("a token")
}

#[test]
fn the_link_is_printed_only_while_no_active_administrator_exists() {
    let database = TestDatabase::migrated();
    let program = Program::on(&database);
    // The lines after the address, once the server has ended.
    let printed = || program.serve(&[]).end().0;
    let link = printed();
    assert!(link.contains("/setup?token="), "nobody is there: {link:?}");
    assert!(link.contains("quarterdeck user create"), "the equivalent command is there too: {link:?}");
    assert_eq!(link.lines().count(), 1, "one line: {link:?}");
    assert_ne!(printed(), link, "a new one each start");

    program.run_with_input(&["user", "create", "bob@example.com"], PASSWORD).success();
    assert!(printed().contains("/setup?token="), "bob is no administrator");
    program.run_with_input(&["user", "create", ANN, "--role", "Administrator"], PASSWORD).success();
    assert_eq!(printed(), "", "ann is one");
    database.execute("UPDATE users SET is_active = FALSE WHERE email = 'ann@example.com'");
    assert!(printed().contains("/setup?token="), "ann is not active");
}

#[test]
fn the_printed_link_leads_to_the_form_and_names_the_public_address() {
    let database = TestDatabase::migrated();
    let server = Program::on(&database).serve(&[]);
    let token = server.setup_token();
    let url = server.url.clone();
    let status = actix_web::rt::System::new()
        .block_on(async move { super::support::Visitor::new(&url).get(&format!("/setup?token={token}")).await.status });
    assert_eq!(status, 200, "the link that was printed opens the form");
    let (stdout, stderr) = Program::on(&database).serve(&["--public-url", "https://desk.example.com/"]).end();
    assert!(stdout.contains(" https://desk.example.com/setup?token="), "{stdout}");
    let token = stdout.split("token=").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a token");
    assert!(!stderr.contains(token), "the token does not stand in the log: {stderr}");
}

#[actix_web::test]
async fn without_a_valid_token_there_is_no_such_page() {
    let app = TestApp::start().await;
    let (real, hash) = (token(&app).await, app.database.texts("SELECT token_hash FROM setup_tokens").concat());
    let wrong = [
        String::new(),
        "x".into(),
        token::new().expect("random numbers"),
        hash,
        real.to_uppercase(),
        format!("{real}x"),
    ];
    for wrong in &wrong {
        let page = app.guest().get(&format!("/setup?token={wrong}")).await;
        assert_eq!(page.status, 404, "the form with the token {wrong:?}");
        let form = [("token", &**wrong), ("email", ANN), ("password", PASSWORD)];
        assert_eq!(app.guest().post("/setup", &form).await.status, 404, "the form sent with the token {wrong:?}");
    }
    assert_eq!(app.guest().get("/setup").await.status, 404, "no token at all");
    assert_eq!(app.guest().post("/setup", &[("email", ANN), ("password", PASSWORD)]).await.status, 404, "none sent");
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 0, "nobody was made");
    assert_eq!(app.guest().get(&format!("/setup?token={real}")).await.status, 200, "the real one still opens it");
}

#[actix_web::test]
async fn a_token_runs_out_after_half_an_hour_and_only_its_hash_is_stored() {
    let app = TestApp::start().await;
    let token = token(&app).await;
    let stored = app.database.texts("SELECT token_hash FROM setup_tokens");
    assert_eq!(stored, [token::hash(&token)], "the hash and not the token");
    for (minutes, status) in [(29, 200), (31, 404)] {
        let options = Options { ahead: TimeDelta::minutes(minutes), ..Default::default() };
        let later = TestApp::start_on(app.database.shared(), options);
        let page = later.guest().get(&format!("/setup?token={token}")).await;
        assert_eq!(page.status, status, "the form after {minutes} minutes");
        if status == 404 {
            let form = [("token", &*token), ("email", ANN), ("password", PASSWORD)];
            assert_eq!(later.guest().post("/setup", &form).await.status, 404, "sent after {minutes} minutes");
        }
    }
}

#[actix_web::test]
async fn a_wrong_address_or_password_comes_back_as_typed() {
    let app = TestApp::start().await;
    let token = token(&app).await;
    let (long, far) = ("x".repeat(129), format!("{}@example.com", "x".repeat(250)));
    let cases: [(&str, &str, &[&str]); 7] = [
        ("ann", PASSWORD, &["email"]),
        ("ann@", PASSWORD, &["email"]),
        ("", PASSWORD, &["email"]),
        (&far, PASSWORD, &["email"]),
        (ANN, "eleven char", &["password"]),
        (ANN, &long, &["password"]),
        ("<b>@", "", &["email", "password"]),
    ];
    for (email, password, wrong) in cases {
        let page = app.guest().post("/setup", &[("token", &token), ("email", email), ("password", password)]).await;
        assert_eq!(page.status, 422, "{email:?} and {password:?}: {}", page.text());
        assert_eq!(page.attributes("[aria-invalid=true]", "name"), wrong, "{email:?} and {password:?}");
        assert_eq!(page.attribute("input[name=email]", "value"), email, "the address comes back as typed");
        assert_eq!(page.attributes("input[name=password]", "value"), [""; 0], "the password does not");
        assert_eq!(page.attribute("input[name=token]", "value"), token, "the token is kept");
        assert_eq!(page.header("set-cookie"), "", "nobody is logged in");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 0, "nobody was made");
}

#[actix_web::test]
async fn an_address_that_is_taken_is_refused_at_the_field() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let token = token(&app).await;
    let page = app.guest().post("/setup", &[("token", &token), ("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(page.status, 422, "another program's user has it: {}", page.text());
    assert_eq!(page.attributes("[aria-invalid=true]", "name"), ["email"]);
    assert_eq!(app.guest().get(&format!("/setup?token={token}")).await.status, 200, "the token is still good");
}

#[actix_web::test]
async fn the_first_administrator_is_logged_in_and_then_there_is_no_such_page() {
    let app = TestApp::start().await;
    let (first, second) = (token(&app).await, token(&app).await);
    let visitor = app.guest();
    let form = visitor.get(&format!("/setup?token={first}")).await;
    assert_eq!(form.status, 200);
    assert!(form.all("button").contains(&"Create administrator".to_owned()), "{}", form.text());
    let page =
        visitor.post("/setup", &[("token", &first), ("email", " Ann@Example.com"), ("password", PASSWORD)]).await;
    assert_eq!((page.status, page.location()), (303, "/"), "{}", page.text());
    for path in ["/", "/users", "/users/new", "/roles", "/items"] {
        assert_eq!(visitor.get(path).await.status, 200, "the new administrator sees {path}");
    }
    assert!(visitor.get("/account").await.text().contains(ANN), "the address is stored in lower case");
    for token in [&first, &second] {
        for visitor in [&visitor, &app.guest()] {
            assert_eq!(visitor.get(&format!("/setup?token={token}")).await.status, 404, "the form is gone");
            let again = [("token", &**token), ("email", "eve@example.com"), ("password", PASSWORD)];
            assert_eq!(visitor.post("/setup", &again).await.status, 404, "the form sent again");
        }
    }
    app.database.execute("UPDATE users SET is_active = FALSE");
    assert_eq!(app.guest().get(&format!("/setup?token={second}")).await.status, 404, "all tokens are spoiled");
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 1, "there is one user");
}

#[actix_web::test]
async fn of_several_at_once_one_becomes_the_first_administrator() {
    let app = TestApp::start().await;
    let other = TestApp::start_on(app.database.shared(), Options::default());
    let token = token(&app).await;
    let racers: Vec<_> = (0..8)
        .map(|number| {
            let (visitor, token) = (if number % 2 == 0 { app.guest() } else { other.guest() }, token.clone());
            let email = format!("racer{number}@example.com");
            spawn(async move {
                let form = [("token", &*token), ("email", &*email), ("password", PASSWORD)];
                visitor.post("/setup", &form).await.status
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for racer in racers {
        statuses.push(racer.await.expect("an answer"));
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404, 404, 404, 404, 404, 404, 404], "one wins, the others are too late");
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 1, "one user");
    assert!(app.db_read(users::has_active_administrator).await, "an administrator");
}
