//! What is sent again, by a retry or a second click, is not done again.

use chrono::TimeDelta;
use reqwest::Method;

use crate::support::{Options, PASSWORD, TestApp};

#[actix_web::test]
async fn a_form_that_comes_twice_makes_one_record_and_gets_the_same_answer() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = admin.get("/items/new").await.form("form.record").set("title", "Rope").set("owner", "1");
    let first = admin.post("/items", &form.pairs()).await;
    assert_eq!((first.status, first.location()), (303, "/items/1"), "{}", first.text());
    assert!(admin.get(first.location()).await.text().contains("Created Rope"));
    let second = admin.post("/items", &form.pairs()).await;
    assert_eq!((second.status, second.location()), (303, "/items/1"), "{}", second.text());
    assert!(admin.get(second.location()).await.text().contains("Created Rope"), "with the same notice");
    assert_eq!(app.database.number("SELECT count(*) FROM items"), 1);
    let on_record = "SELECT count(*) FROM audit_entries WHERE entity = 'items'";
    assert_eq!(app.database.number(on_record), 1, "it is on record once");
    let next = admin.get("/items/new").await.form("form.record").set("title", "Rope").set("owner", "1");
    assert_eq!(admin.post("/items", &next.pairs()).await.location(), "/items/2", "another form is another record");
}

#[actix_web::test]
async fn a_save_that_comes_twice_is_one_change() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Rope").await.id;
    let url = format!("/items/{item}");
    let form = admin.get(&url).await.form("form.record").set("title", "Chain");
    for _ in 0..3 {
        let saved = admin.post(&url, &form.pairs()).await;
        assert_eq!((saved.status, saved.location()), (303, url.as_str()), "{}", saved.text());
    }
    assert_eq!(app.database.number("SELECT version FROM items"), 2);

    let cell = admin.htmx(Method::GET, &format!("{url}/title/edit"), &[]).await.form("form").set("title", "Anchor");
    for _ in 0..3 {
        let saved = admin.htmx(Method::PATCH, &format!("{url}/title"), &cell.pairs()).await;
        assert_eq!((saved.status, saved.has("form")), (200, false), "{}", saved.text());
        assert!(saved.text().contains("Anchor"), "the cell as it is now: {}", saved.text());
    }
    assert_eq!(app.database.number("SELECT version FROM items"), 3);
    app.database.execute("UPDATE items SET title = 'Buoy'");
    let saved = admin.htmx(Method::PATCH, &format!("{url}/title"), &cell.pairs()).await;
    assert!(saved.status == 200 && saved.text().contains("Buoy"), "as it is now: {}", saved.text());
}

#[actix_web::test]
async fn a_refused_form_has_not_used_up_its_key() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = admin.get("/items/new").await.form("form.record").set("title", "").set("owner", "1");
    let refused = admin.post("/items", &form.pairs()).await;
    assert_eq!(refused.status, 422);
    let again = refused.form("form.record");
    assert_eq!(again.values("once"), form.values("once"), "the form that comes back is the same");
    let made = admin.post("/items", &again.set("title", "Rope").pairs()).await;
    assert_eq!(made.status, 303, "{}", made.text());

    let form = admin.get("/items/1").await.form("form.record").set("title", "Chain");
    app.database.execute("UPDATE items SET description = 'changed meanwhile'");
    let stale = admin.post("/items/1", &form.pairs()).await;
    assert_eq!(stale.status, 409);
    assert_eq!(admin.post("/items/1", &form.pairs()).await.status, 409, "and again it is");
    let decided = stale.form("form.record").set("choose.title", "yours").set("choose.description", "theirs");
    assert_eq!(admin.post("/items/1", &decided.pairs()).await.status, 303);
    assert_eq!(app.database.texts("SELECT title FROM items"), ["Chain"]);
}

#[actix_web::test]
async fn what_was_typed_after_the_way_back_is_no_repetition() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = admin.get("/items/new").await.form("form.record").set("title", "Rope").set("owner", "1");
    assert_eq!(admin.post("/items", &form.pairs()).await.location(), "/items/1");
    let other = form.set("title", "Chain");
    assert_eq!(admin.post("/items", &other.pairs()).await.location(), "/items/2", "other values are another form");
}

#[actix_web::test]
async fn a_form_without_a_key_is_done_each_time() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for item in ["/items/1", "/items/2"] {
        assert_eq!(admin.post("/items", &[("title", "Rope"), ("owner", "1")]).await.location(), item);
    }
}

#[actix_web::test]
async fn a_password_is_changed_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = admin.get("/account").await.form("form.record");
    let form = form.set("current_password", PASSWORD).set("password", "a new and longer one");
    for _ in 0..2 {
        let changed = admin.post("/account/password", &form.pairs()).await;
        assert_eq!((changed.status, changed.location()), (303, "/account"), "{}", changed.text());
    }
    assert_eq!(app.database.number("SELECT version FROM users"), 2);
}

#[actix_web::test]
async fn another_password_on_the_way_back_is_no_repetition() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let page = admin.get("/account").await;
    let form = page.form("form[action='/account/password']").set("current_password", PASSWORD);
    let first = form.clone().set("password", "another horse battery");
    assert_eq!(admin.post("/account/password", &first.pairs()).await.status, 303);
    let second = form.set("password", "yet another battery");
    let told = admin.post("/account/password", &second.pairs()).await;
    assert_eq!(told.status, 422, "the old password is another by now: {}", told.text());
}

#[actix_web::test]
async fn nobody_gets_the_answer_to_another_persons_form() {
    let app = TestApp::start().await;
    let (admin, other) = (app.admin().await, app.user_with(&["items.create", "items.view", "users.view"]).await);
    let form = [("title", "Rope"), ("owner", "1"), ("once", "the same key")];
    assert_eq!(admin.post("/items", &form).await.location(), "/items/1");
    assert_eq!(other.post("/items", &form).await.location(), "/items/2");
}

#[actix_web::test]
async fn a_key_is_known_for_a_day() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let done = "SELECT count(*) FROM done_requests";
    for once in ["one", "two"] {
        admin.post("/items", &[("title", "Rope"), ("owner", "1"), ("once", once)]).await;
    }
    assert_eq!(app.database.number(done), 2);
    let options = Options { ahead: TimeDelta::hours(25), ..Options::default() };
    let later = TestApp::start_on(app.database.shared(), options);
    let admin = later.logged_in("admin@example.com").await;
    admin.post("/items", &[("title", "Rope"), ("owner", "1"), ("once", "three")]).await;
    assert_eq!(app.database.number(done), 1, "the others are forgotten");
}
