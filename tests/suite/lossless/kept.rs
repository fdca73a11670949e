//! A form that comes when its session has ended is kept, and offered again after the login.

use chrono::TimeDelta;
use reqwest::Method;

use crate::support::{Options, PASSWORD, Page, TestApp, Visitor};

pub async fn log_in(browser: &Visitor, email: &str) -> Page {
    browser.post("/login", &[("email", email), ("password", PASSWORD), ("next", "/kept")]).await
}

/// A form for a new item that came too late.
pub async fn too_late(app: &TestApp, browser: &Visitor, title: &str) -> Page {
    let form = browser.get("/items/new").await.form("form.record").set("title", title).set("owner", "1");
    app.database.execute("DELETE FROM sessions");
    browser.post("/items", &form.pairs()).await
}

#[actix_web::test]
async fn a_form_is_kept_while_nobody_is_logged_in_and_saved_after_the_login() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let answer = too_late(&app, &admin, "A coil of rope").await;
    assert_eq!((answer.status, answer.location()), (303, "/login?next=%2Fkept"), "{}", answer.text());
    let cookie = answer.header("set-cookie");
    for part in ["quarterdeck_kept=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=900"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM items"), 0, "nothing is saved for nobody");
    assert_eq!(log_in(&admin, "admin@example.com").await.location(), "/kept");
    let offer = admin.get("/kept").await;
    assert!(offer.text().contains("You were saving a new item"), "{}", offer.text());
    assert!(offer.all("dd.typed").contains(&"A coil of rope".to_owned()), "{}", offer.text());
    let form = offer.form("form.record");
    for _ in 0..2 {
        let saved = admin.post(&offer.attribute("form.record", "action"), &form.pairs()).await;
        assert_eq!((saved.status, saved.location()), (303, "/items/1"), "{}", saved.text());
    }
    assert_eq!(app.database.texts("SELECT title FROM items"), ["A coil of rope"], "once");
    let used = admin.get("/kept").await;
    assert_eq!((used.status, used.all("h1")), (200, vec!["Nothing is kept here".to_owned()]), "{}", used.text());
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 0);
}

#[actix_web::test]
async fn the_database_alone_does_not_open_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let cookie = too_late(&app, &admin, "Treasure").await.header("set-cookie").to_owned();
    let token = cookie.split(['=', ';']).nth(1).expect("a token");
    let row = app.database.texts("SELECT token_hash || ' ' || ciphertext FROM kept_submissions");
    assert_eq!(row.len(), 1);
    assert!(!row[0].contains("Treasure") && !row[0].contains(token), "{}", row[0]);
    let elsewhere = app.guest();
    log_in(&elsewhere, "admin@example.com").await;
    assert!(!elsewhere.get("/kept").await.text().contains("Treasure"), "in another browser there is no key");
}

#[actix_web::test]
async fn passwords_are_not_kept_and_asked_for_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = admin.get("/users/new").await.form("form.record");
    let form = form.set("email", "bob@example.com").set("password", "typed and secret");
    app.database.execute("DELETE FROM sessions");
    admin.post("/users", &form.pairs()).await;
    log_in(&admin, "admin@example.com").await;
    let offer = admin.get("/kept").await;
    assert!(!offer.body.contains("typed and secret"), "{}", offer.body);
    assert!(offer.text().contains("A password is never kept. Type it again."), "{}", offer.text());
    assert_eq!(offer.attributes("form.record input[type=password]", "name"), ["password"]);
    let saved = admin.post("/users", &offer.form("form.record").set("password", PASSWORD).pairs()).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    app.logged_in("bob@example.com").await;
}

#[actix_web::test]
async fn every_password_of_a_page_has_a_name_that_is_never_kept() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in ["/users/new", "/users/1", "/account", "/login"] {
        for name in admin.get(path).await.attributes("input[type=password]", "name") {
            assert!(quarterdeck::submission::is_secret(&name), "{name} on {path}");
        }
    }
}

#[actix_web::test]
async fn it_is_kept_however_the_session_ended() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = admin.get("/items/new").await.form("form.record").set("title", "Rope").set("owner", "1");
    let over = Options { ahead: TimeDelta::hours(13), ..Options::default() };
    let later = TestApp::start_on(app.database.shared(), over);
    let session = admin.get("/account").await;
    assert_eq!(session.status, 200);
    let elsewhere = app.logged_in("admin@example.com").await;
    let end = elsewhere.post("/account/sessions/end", &[]).await;
    assert_eq!(end.status, 303, "{}", end.text());
    let ended = admin.post("/items", &form.pairs()).await;
    assert_eq!(ended.location(), "/login?next=%2Fkept", "ended from elsewhere");

    let cookie = format!("quarterdeck={}", cookie_of(&app).await);
    let form = [("title", "Rope"), ("owner", "1")];
    let request = later.guest().with_form(Method::POST, "/items", &form).header("Cookie", &cookie);
    let expired = later.guest().send(request).await;
    assert_eq!(expired.location(), "/login?next=%2Fkept", "run out");
    later.logged_in("admin@example.com").await;
    let request = later.guest().with_form(Method::POST, "/items", &form).header("Cookie", &cookie);
    let purged = later.guest().send(request).await;
    assert_eq!(purged.location(), "/login?next=%2Fkept", "run out, and cleared away by a later login");
}

/// The session cookie of a new login.
async fn cookie_of(app: &TestApp) -> String {
    let page = app.guest().post("/login", &[("email", "admin@example.com"), ("password", PASSWORD)]).await;
    let mut cookies = page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let cookie = cookies.find_map(|cookie| cookie.strip_prefix("quarterdeck=")).expect("a session");
    cookie.split(';').next().expect("its value").to_owned()
}

#[actix_web::test]
async fn after_a_quarter_of_an_hour_it_is_gone_with_a_friendly_word() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let cookie = too_late(&app, &admin, "Rope").await.header("set-cookie").to_owned();
    let options = Options { ahead: TimeDelta::minutes(16), ..Options::default() };
    let later = TestApp::start_on(app.database.shared(), options);
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 1);
    let login = [("email", "admin@example.com"), ("password", PASSWORD), ("next", "/kept")];
    let browser = later.guest();
    browser.post("/login", &login).await;
    let kept = cookie.split(';').next().expect("the cookie");
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 0, "a login clears it away");
    let page = browser.send(browser.request(Method::GET, "/kept").header("Cookie", kept)).await;
    assert_ne!(page.status, 500);
    let page = browser.get("/kept").await;
    assert!(page.text().contains("its 15 minutes are over"), "{}", page.text());
    assert_eq!(page.link("To the dashboard").as_deref(), Some("/"));
}

#[actix_web::test]
async fn it_is_checked_again_like_any_other() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Rope").await.id;
    let url = format!("/items/{item}");
    let form = admin.get(&url).await.form("form.record").set("title", "Chain");
    app.database.execute("DELETE FROM sessions");
    admin.post(&url, &form.pairs()).await;
    log_in(&admin, "admin@example.com").await;
    let offer = admin.get("/kept").await;
    assert!(offer.text().contains(&format!("You were saving item {item}")), "{}", offer.text());
    app.database.execute("UPDATE items SET title = 'Anchor'");
    let stale = admin.post(&url, &offer.form("form.record").pairs()).await;
    assert_eq!(stale.status, 409, "somebody changed it meanwhile");
    let decided = stale.form("form.record").set("choose.title", "yours");
    assert_eq!(admin.post(&url, &decided.pairs()).await.status, 303);
    assert_eq!(app.database.texts("SELECT title FROM items"), ["Chain"]);
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 0, "then it is gone");
}
