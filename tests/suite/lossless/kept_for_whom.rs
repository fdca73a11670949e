//! What is kept is for the one who sent it; and the disk is for nobody who asks.

use reqwest::Method;

use super::kept::{log_in, too_late};
use crate::support::TestApp;

#[actix_web::test]
async fn another_person_neither_sees_nor_sends_it() {
    let app = TestApp::start().await;
    let browser = app.admin().await;
    app.db_user("bob@example.com", &[1]).await;
    too_late(&app, &browser, "Treasure").await;
    assert_eq!(log_in(&browser, "bob@example.com").await.location(), "/kept");
    let page = browser.get("/kept").await;
    assert_eq!(page.all("h1"), ["Nothing is kept here"], "{}", page.text());
    assert!(!page.body.contains("Treasure"));
    browser.post("/kept/1/discard", &[]).await;
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 1, "nor throws it away");
    log_in(&browser, "admin@example.com").await;
    let page = browser.get("/kept").await;
    assert!(page.text().contains("Treasure"), "it is there for whose it is: {}", page.text());
}

#[actix_web::test]
async fn it_can_be_discarded() {
    let app = TestApp::start().await;
    let browser = app.admin().await;
    too_late(&app, &browser, "Rope").await;
    log_in(&browser, "admin@example.com").await;
    let action = browser.get("/kept").await.attribute("form[id^=discard]", "action");
    assert_eq!(browser.post(&action, &[]).await.location(), "/kept");
    assert_eq!(browser.get("/kept").await.all("h1"), ["Nothing is kept here"]);
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 0);
}

#[actix_web::test]
async fn nothing_is_kept_for_somebody_who_never_was_logged_in() {
    let app = TestApp::start().await;
    app.admin().await;
    let guest = app.guest();
    for cookie in ["", "quarterdeck=nonsense", "quarterdeck_kept=0000000000000000000000000000000000000000000"] {
        let request = guest.with_form(Method::POST, "/items", &[("title", "Rope")]).header("Cookie", cookie);
        let page = guest.send(request).await;
        assert_eq!((page.status, page.location()), (303, "/login?next=%2F"), "{cookie}");
        assert_eq!(page.header("set-cookie"), "");
    }
    let page = guest.post("/login", &[("email", "admin@example.com"), ("password", "wrong")]).await;
    assert_eq!(page.status, 401);
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 0);
}

#[actix_web::test]
async fn what_is_no_form_of_ours_is_not_kept() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.database.execute("DELETE FROM sessions");
    let title = [("title", "Rope")];
    assert_eq!(admin.post("/nothing", &title).await.status, 404);
    assert_eq!(admin.post("/users/1/email", &title).await.status, 405);
    let from_elsewhere = admin.request(Method::POST, "/items").header("Origin", "https://elsewhere.example");
    assert_eq!(admin.send(from_elsewhere.body("title=Rope")).await.status, 403);
    let json = admin.request(Method::POST, "/items").header("Sec-Fetch-Site", "same-origin");
    assert_eq!(admin.send(json.header("Content-Type", "application/json").body("{}")).await.status, 415);
    let large = "a".repeat(300 * 1024);
    assert_eq!(admin.post("/items", &[("title", large.as_str())]).await.status, 413);
    assert_eq!(admin.post("/account/sessions/end", &[("once", "x"), ("person", "1")]).await.status, 303);
    assert_eq!(admin.post("/logout", &[]).await.status, 303);
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 0);
}

#[actix_web::test]
async fn five_are_kept_of_a_person_and_all_of_them_offered() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.database.execute("DELETE FROM sessions");
    for number in 1..=7 {
        let title = format!("Rope {number}");
        let page = admin.post("/items", &[("title", title.as_str()), ("owner", "1")]).await;
        assert_eq!(page.location(), "/login?next=%2Fkept");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 5);
    log_in(&admin, "admin@example.com").await;
    let titles = admin.get("/kept").await.attributes("form.record [name=title]", "value");
    assert_eq!(titles, ["Rope 7", "Rope 6", "Rope 5", "Rope 4", "Rope 3"], "the newest");
}

#[actix_web::test]
async fn what_is_kept_of_somebody_goes_with_them() {
    let app = TestApp::start().await;
    let bob = app.db_user("bob@example.com", &[1]).await;
    let browser = app.logged_in("bob@example.com").await;
    too_late(&app, &browser, "Rope").await;
    let admin = app.admin().await;
    let page = admin.post(&format!("/users/{}/delete", bob.id), &[("version", "1")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let left =
        "SELECT (SELECT count(*) FROM kept_submissions) + (SELECT count(*) FROM session_holders WHERE user_id = ";
    assert_eq!(app.database.number(&format!("{left}{})", bob.id)), 0);
}

#[actix_web::test]
async fn a_form_that_meets_a_login_without_its_second_factor_is_kept_until_that_is_given() {
    let app = TestApp::start().await;
    let (ann, _, codes) = app.with_phone("ann@example.com").await;
    let page = ann.get("/account").await;
    let form = page.form("form[action='/account/password']").set("current_password", "x");
    let half = app.half_in("ann@example.com").await;
    let answer = half.post("/account/sessions/end", &form.pairs()).await;
    assert_eq!((answer.status, answer.location()), (303, "/login/second-factor?next=%2Fkept"), "{}", answer.text());
    assert_eq!(half.get("/kept").await.status, 303, "nobody is in yet");
    let given = half.post("/login/second-factor", &[("code", &codes[0]), ("next", "/kept")]).await;
    assert_eq!((given.status, given.location()), (303, "/kept"));
    assert!(half.get("/kept").await.has("form[action='/account/sessions/end']"), "it is offered");
}

#[actix_web::test]
async fn what_one_person_typed_is_not_kept_for_the_holder_of_another_session() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.db_user("bob@example.com", &[]).await;
    let typed = admin.get("/items/new").await.form("form.record").set("title", "Secret").set("owner", "1");
    let bob = app.logged_in("bob@example.com").await;
    app.database.execute("DELETE FROM sessions");
    let answer = bob.post("/items", &typed.pairs()).await;
    assert!(answer.location().starts_with("/login?next="), "{} {}", answer.status, answer.location());
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 0);
}
