//! Who gets in: the data layer's `authenticate`, and the login page.

use quarterdeck::crud::users;
use quarterdeck::db::Author;
use quarterdeck::models::User;
use quarterdeck::password::Hasher;

use super::support::{Options, PASSWORD, Page, Program, TestApp, TestDatabase, settings};

const ANN: &str = "ann@example.com";

/// Made by other programs' Argon2 (argon2-cffi), all of them of the tests' password.
const STANDARD_HASHES: [&str; 3] = [
    "$argon2id$v=19$m=1024,t=2,p=2$5LG8y7jqPcLgIu0A2eOwLg$VZuNOPykAu4lYjyfO0ExMTl3fxFpVFRSEtC4iw6toKQ",
    "$argon2i$v=19$m=512,t=3,p=1$mzcfy7ODvutUngz/aseAfQ$oPKsFbGAG0vPI/nQj0eHGwQd+z/B2Vko1KHBg/gaSI0",
    "$argon2id$v=19$m=64,t=1,p=1$qMN6LNK9Jvz+D5ijd8yi+Q$lwJb+Nmk4Wwb+QCwt2nx8mhF+DHF/0pEl2grfaXMUDs",
];

async fn authenticate(app: &TestApp, email: &str, password: &str) -> Option<User> {
    users::authenticate(&app.db, &app.hasher, email, password.to_owned()).await.expect("an answer")
}

async fn stored(app: &TestApp, email: &'static str) -> User {
    app.db_read(move |conn| users::get_by_email(conn, email)).await.expect("the user")
}

#[actix_web::test]
async fn each_refusal_costs_one_verification_as_a_login_does() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    app.db_user("gone@example.com", &[]).await;
    app.database.execute("UPDATE users SET is_active = FALSE WHERE email = 'gone@example.com'");
    let tries = [
        ("an unknown address", "nobody@example.com", PASSWORD, false),
        ("a wrong password", ANN, "correct horse batterY", false),
        ("no password", ANN, "", false),
        ("an inactive account", "gone@example.com", PASSWORD, false),
        ("an inactive account and a wrong password", "gone@example.com", "wrong", false),
        ("all right", ANN, PASSWORD, true),
        ("the address in another spelling", " ANN@example.com ", PASSWORD, true),
    ];
    for (what, email, password, gets_in) in tries {
        let before = app.hasher.verifications();
        assert_eq!(authenticate(&app, email, password).await.is_some(), gets_in, "{what}");
        assert_eq!(app.hasher.verifications() - before, 1, "verifications for {what}");
    }
}

#[actix_web::test]
async fn a_hash_that_cannot_be_read_lets_nobody_in_at_the_same_cost() {
    let app = TestApp::start().await;
    for hash in ["", "plain", PASSWORD, "$argon2id$v=19$m=8,t=1,p=1$$", "$2b$12$abcdefghijklmnopqrstuv"] {
        app.database.execute(&format!(
            "DELETE FROM users; INSERT INTO users (email, hashed_password) VALUES ('{ANN}', '{hash}')"
        ));
        let before = app.hasher.verifications();
        assert_eq!(authenticate(&app, ANN, PASSWORD).await, None, "with the hash {hash:?}");
        assert_eq!(app.hasher.verifications() - before, 1, "verifications for the hash {hash:?}");
    }
}

#[actix_web::test]
async fn a_login_is_noted_without_a_new_version_of_the_record() {
    let app = TestApp::start().await;
    let made = app.db_user(ANN, &[]).await;
    assert_eq!(made.last_login_at, None, "nobody has logged in yet");
    let start = app.db.clock().now();
    let user = authenticate(&app, ANN, PASSWORD).await.expect("the user gets in");
    let noted = user.last_login_at.expect("a time");
    assert!(start <= noted && noted <= app.db.clock().now(), "{noted} is now");
    let after = stored(&app, ANN).await;
    assert_eq!(after.last_login_at, Some(noted), "it is stored");
    assert_eq!(
        (after.version, after.updated_at, after.created_at),
        (made.version, made.updated_at, made.created_at),
        "a login does not make an open form stale"
    );
    assert_eq!(authenticate(&app, ANN, "wrong").await, None);
    assert_eq!(stored(&app, ANN).await.last_login_at, Some(noted), "a refused login is not noted");
}

#[actix_web::test]
async fn a_hash_is_made_anew_at_login_when_the_settings_have_risen_and_not_when_they_fell() {
    let database = TestDatabase::migrated();
    let hasher = |memory: &str, iterations: &str| {
        let costs = ["--argon2-memory-kib", memory, "--argon2-iterations", iterations].map(ToOwned::to_owned);
        Hasher::new(settings(&database, &costs).passwords)
    };
    let (low, wide, long) = (hasher("16", "2"), hasher("24", "2"), hasher("24", "3"));
    let app = TestApp::start_on(database, Options::default());
    users::create(&app.db, &low, Author::command_line(), ANN, PASSWORD.into(), vec![]).await.expect("a user");
    let mut last = stored(&app, ANN).await;
    let steps = [
        ("the same costs", &low, "m=16,t=2,p=1", false),
        ("more memory", &wide, "m=24,t=2,p=1", true),
        ("more iterations", &long, "m=24,t=3,p=1", true),
        ("lower costs", &low, "m=24,t=3,p=1", false),
    ];
    for (what, hasher, costs, is_new) in steps {
        let wrong = users::authenticate(&app.db, hasher, ANN, "wrong".into()).await.expect("an answer");
        assert!(
            wrong.is_none() && stored(&app, ANN).await.hashed_password == last.hashed_password,
            "only a login rehashes"
        );
        let user = users::authenticate(&app.db, hasher, ANN, PASSWORD.into()).await.expect("an answer");
        assert!(user.is_some(), "gets in with {what}");
        let now = stored(&app, ANN).await;
        assert!(now.hashed_password.contains(costs), "{what}: {} has {costs}", now.hashed_password);
        assert_eq!(now.hashed_password != last.hashed_password, is_new, "a new hash with {what}");
        assert_eq!(now.version, last.version + i64::from(is_new), "{what}: only a new hash is a change of the record");
        last = now;
    }
}

#[actix_web::test]
async fn a_standard_hash_of_other_parameters_verifies() {
    let app = TestApp::start().await;
    for hash in STANDARD_HASHES {
        app.database.execute(&format!(
            "DELETE FROM users; INSERT INTO users (email, hashed_password) VALUES ('{ANN}', '{hash}')"
        ));
        assert!(authenticate(&app, ANN, "correct horse batter").await.is_none(), "the wrong password for {hash}");
        assert!(authenticate(&app, ANN, PASSWORD).await.is_some(), "the right password for {hash}");
    }
}

#[actix_web::test]
async fn every_wrong_login_gets_the_same_page_again() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    app.db_user("gone@example.com", &[]).await;
    app.database.execute("UPDATE users SET is_active = FALSE WHERE email = 'gone@example.com'");
    let mut pages = Vec::new();
    for (email, password) in [(ANN, "not this one"), ("nobody@example.com", PASSWORD), ("gone@example.com", PASSWORD)] {
        let page = app.guest().post("/login", &[("email", email), ("password", password), ("next", "/items")]).await;
        assert_eq!(page.status, 401, "{email}: {}", page.text());
        assert!(page.headers.get("set-cookie").is_none(), "{email} gets no session");
        assert_eq!(page.attribute("input[name=email]", "value"), email, "the address comes back as typed");
        assert_eq!(page.attribute("input[name=next]", "value"), "/items", "the way on is kept");
        assert_eq!(page.attributes("input[name=password]", "value"), [""; 0], "the password does not come back");
        pages.push(page.body.replace(email, "ADDRESS"));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "the answers tell nothing about the account: {pages:?}");
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 0, "no session was made");
}

#[actix_web::test]
async fn a_login_leads_on_to_a_path_of_this_application_only() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let local = ["/", "/items?q=a%20b&sort=-title", "/users/7#top"];
    let elsewhere = [
        "",
        "items",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=1",
        "\r\n/items",
        "///evil.example",
        "/%0d%0a/\u{e9}",
        " //evil.example",
        "/\0",
    ];
    let all = local.map(|next| (next, next)).into_iter().chain(elsewhere.map(|next| (next, "/")));
    for (next, expected) in all {
        let page = app.guest().post("/login", &[("email", ANN), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!((page.status, page.location()), (303, expected), "after a login with next={next:?}");
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let form = app.guest().get(&format!("/login?next={query}")).await;
        assert_eq!(form.attribute("input[name=next]", "value"), expected, "in the form for next={next:?}");
    }
}

#[actix_web::test]
async fn whoever_is_not_logged_in_is_sent_to_the_login_and_then_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let page = app.guest().get("/users?q=a&sort=-email").await;
    assert_eq!((page.status, page.location()), (303, "/login?next=%2Fusers%3Fq%3Da%26sort%3D-email"));
    let form = app.guest().get(page.location()).await;
    assert_eq!(form.attribute("input[name=next]", "value"), "/users?q=a&sort=-email");
    let again = admin.get("/login?next=/roles").await;
    assert_eq!((again.status, again.location()), (303, "/roles"), "who is logged in already needs no form");
}

#[actix_web::test]
async fn a_login_begins_a_session_with_a_new_key_whatever_cookie_came() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let visitor = app.guest();
    let login = [("email", ANN), ("password", PASSWORD)];
    let cookie = |page: &Page| page.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let first = visitor.post("/login", &login).await;
    let second = visitor.post("/login", &login).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_ne!(cookie(&first), cookie(&second), "each login has its own key");
    let old = app.guest().request(reqwest::Method::GET, "/account").header("cookie", cookie(&first));
    assert_eq!(app.guest().send(old).await.status, 303, "the key from before the login opens nothing any more");
    assert_eq!(visitor.get("/account").await.status, 200);
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 1, "the earlier session is gone");
}

type Sent<'a> = (&'a str, u16, &'a [(&'a str, &'a str)]);

#[test]
fn a_password_stands_in_no_answer_and_in_no_log() {
    let database = TestDatabase::migrated();
    let server = Program::on(&database).with("QUARTERDECK_LOG", "trace").serve(&[]);
    let token = server.setup_token();
    let secrets = ["Secret-of-setup-1", "Secret-of-user-2", "Secret-wrong-3", "Secret-of-account-4", "shorty-5"];
    let url = server.url.clone();
    let answers = actix_web::rt::System::new().block_on(async move {
        let visitor = super::support::Visitor::new(&url);
        let mut answers = String::new();
        let forms: [Sent; 10] = [
            ("/setup", 422, &[("token", &token), ("email", "nonsense"), ("password", secrets[0])]),
            ("/setup", 303, &[("token", &token), ("email", ANN), ("password", secrets[0])]),
            ("/users", 303, &[("email", "bob@example.com"), ("password", secrets[1]), ("is_active", "true")]),
            ("/users", 422, &[("email", "bob@example.com"), ("password", secrets[1])]),
            ("/users", 422, &[("email", "eve@example.com"), ("password", secrets[4]), ("is_active", "true")]),
            ("/account/password", 422, &[("current_password", secrets[2]), ("password", secrets[3])]),
            ("/account/password", 303, &[("current_password", secrets[0]), ("password", secrets[3])]),
            ("/password/strength", 200, &[("password", secrets[3]), ("email", ANN)]),
            ("/login", 401, &[("email", ANN), ("password", secrets[2])]),
            ("/login", 303, &[("email", ANN), ("password", secrets[3])]),
        ];
        for (path, status, form) in forms {
            let page = visitor.post(path, form).await;
            assert_eq!(page.status, status, "{path} with {form:?}: {}", page.text());
            answers.extend([format!("{:?}", page.headers), page.body]);
        }
        for path in ["/users", "/users/1", "/users/2", "/account", "/"] {
            answers += &visitor.get(path).await.body;
        }
        answers
    });
    let (stdout, stderr) = server.end();
    assert!(stderr.contains("/account/password"), "the log was on: {stderr}");
    for secret in secrets.into_iter().chain(["$argon2"]) {
        for (place, text) in [("an answer", &answers), ("the log", &stderr), ("standard output", &stdout)] {
            assert!(!text.contains(secret), "{secret} stands in {place}");
        }
    }
    let stored = database.texts("SELECT hashed_password FROM users").concat();
    assert!(secrets.iter().all(|secret| !stored.contains(secret)), "a password is stored: {stored}");
}
