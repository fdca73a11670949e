//! What administrators see of it, and how they end it.

use chrono::TimeDelta;
use quarterdeck::crud::throttles::Key;

use super::{ANN, NOBODY, RIGHT, WRONG, failed, log_in, settle, with_ann};
use crate::support::{Program, TestApp};

/// The actions on record from the `after`th on, each with the record.
fn actions(app: &TestApp, after: i64) -> Vec<String> {
    let entries =
        format!("SELECT actor || ' ' || action || ' ' || record FROM audit_entries WHERE id > {after} ORDER BY id");
    app.database.texts(&entries)
}

fn last(app: &TestApp) -> i64 {
    app.database.number("SELECT max(id) FROM audit_entries")
}

#[actix_web::test]
async fn the_account_page_shows_what_is_counted_and_clears_it() {
    let app = with_ann().await;
    let admin = app.admin().await;
    let page = admin.get("/users/1/account").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("No failed tries to log in are counted."), "{}", page.text());
    assert!(!page.has("#hold form"), "there is nothing to clear");
    assert_eq!(admin.get("/users/1").await.link("Sessions, lock and links").as_deref(), Some("/users/1/account"));

    failed(&app, ANN, 99);
    assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401);
    let page = admin.get("/users/1/account").await;
    let row = page.all("#hold tbody tr").concat();
    assert!(row.starts_with("Account 100 "), "what was tried, how often: {row}");
    assert!(page.attribute("#hold td:last-child time", "datetime").ends_with("T00:00:00Z"), "until midnight: {row}");
    let from = last(&app);
    let cleared = admin.post("/users/1/account/hold/clear", &page.form("#hold form").pairs()).await;
    assert_eq!((cleared.status, cleared.location()), (303, "/users/1/account"));
    assert_eq!(actions(&app, from), [format!("admin@example.com hold_clear {ANN}")]);
    assert!(admin.get("/users/1/account").await.text().contains("No failed tries"), "it is gone");
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 303, "she gets in");
    let from = last(&app);
    admin.post("/users/1/account/hold/clear", &[]).await;
    assert_eq!(actions(&app, from), [""; 0], "what changes nothing is not on record");
}

#[actix_web::test]
async fn what_was_counted_before_there_was_such_an_account_is_its_own() {
    let app = TestApp::start().await;
    failed(&app, ANN, 99);
    assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401);
    let ann = app.db_user(ANN, &[]).await.id;
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 429);
    let admin = app.admin().await;
    assert_eq!(admin.get(&format!("/users/{ann}/account")).await.all("#hold tbody tr").len(), 1);
    assert_eq!(admin.post(&format!("/users/{ann}/account/hold/clear"), &[]).await.status, 303);
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 303);
}

#[actix_web::test]
async fn all_that_is_held_is_listed_without_what_strangers_typed() {
    let app = with_ann().await;
    let admin = app.admin().await;
    let empty = admin.get("/throttles").await;
    assert!(empty.text().contains("Nothing is held now."), "{}", empty.text());
    let at = app.db.clock().now();
    for key in [Key::account(ANN, Some(1)), Key::account(NOBODY, None), Key::account("eve@example.com", None)] {
        settle(&app.database, at, &key, false);
    }
    app.database.execute("UPDATE login_throttles SET failures = 100");
    for _ in 0..20 {
        settle(&app.database, at + TimeDelta::milliseconds(1), &Key::address("203.0.113.9"), false);
    }
    app.database.execute("UPDATE login_throttles SET held_until = '2099-01-01 00:00:00'");
    let page = admin.get("/throttles").await;
    let rows = page.all("tbody tr");
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].starts_with("203.0.113.9 Address of the network 20 "), "the newest first: {rows:?}");
    assert!(rows[1].starts_with("ann@example.com Account 100 "), "{rows:?}");
    assert!(page.text().contains("2 addresses that are nobody’s account are held as well."), "{}", page.text());
    assert!(!page.body.contains("nobody@") && !page.body.contains("eve@"), "{}", page.text());
    assert_eq!(page.link(ANN).as_deref(), Some("/users/1/account"));

    let from = last(&app);
    let address = page.form("form[action='/throttles/clear']");
    let cleared = admin.post("/throttles/clear", &address.pairs()).await;
    assert_eq!((cleared.status, cleared.location()), (303, "/throttles"));
    let account = page.form("form[action='/users/1/account/hold/clear']");
    let cleared = admin.post("/users/1/account/hold/clear", &account.pairs()).await;
    assert_eq!((cleared.status, cleared.location()), (303, "/throttles"), "back to where it was asked for");
    assert!(admin.get("/throttles").await.text().contains("Nothing is held now."));
    let changes = app
        .database
        .texts(&format!("SELECT action || record || changes FROM audit_entries WHERE id > {from} ORDER BY id"));
    assert_eq!(
        changes,
        ["hold_clear[{\"field\":\"address\",\"old\":[\"203.0.113.9\"]}]", "hold_clearann@example.com[]"]
    );
    assert_eq!(
        admin.post("/throttles/clear", &address.pairs()).await.status,
        404,
        "what is not counted can't be cleared"
    );
}

#[actix_web::test]
async fn who_may_only_see_users_clears_nothing_and_who_holds_less_not_those_who_hold_more() {
    let app = TestApp::start().await;
    let admin_id = {
        app.admin().await;
        app.database.number("SELECT id FROM users")
    };
    settle(
        &app.database,
        app.db.clock().now() + TimeDelta::hours(1),
        &Key::account("admin@example.com", Some(admin_id)),
        false,
    );
    let viewer = app.user_with(&["users.view"]).await;
    let seen = viewer.get("/throttles").await;
    assert_eq!(seen.status, 200);
    assert!(seen.all("tbody tr").len() == 1 && !seen.has("tbody form"), "{}", seen.text());
    let page = viewer.get("/users/1/account").await;
    assert_eq!((page.status, page.all("#hold tbody tr").len(), page.has("#hold form")), (200, 1, false));
    let updater = app.user_with(&["users.view", "users.update"]).await;
    let path = format!("/users/{admin_id}/account");
    assert!(!updater.get(&path).await.has("#hold form"), "whoever holds more is out of reach");
    assert_eq!(updater.post(&format!("{path}/hold/clear"), &[]).await.status, 403);
    assert_eq!(app.database.number("SELECT count(*) FROM login_throttles"), 1, "it is still held");
}

#[actix_web::test]
async fn a_hold_is_cleared_from_the_shell() {
    let app = with_ann().await;
    failed(&app, ANN, 99);
    assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401);
    let program = Program::on(&app.database);
    let from = last(&app);
    let done = program.run(&["user", "unlock", " Ann@Example.com"]);
    assert_eq!(done.success(), "ann@example.com may try again at once\n");
    assert_eq!(actions(&app, from), [format!("command line hold_clear {ANN}")]);
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 303);
    assert_eq!(program.run(&["user", "unlock", ANN]).success(), "ann@example.com is not held\n");
    let unknown = program.run(&["user", "unlock", NOBODY]);
    assert!(unknown.refusal().contains("there is no user nobody@example.com"), "{}", unknown.stderr);
}
