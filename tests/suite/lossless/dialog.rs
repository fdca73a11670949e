//! The login over a page whose session has ended.

use reqwest::Method;

use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn htmx_gets_a_login_over_the_page_and_goes_on_after_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let cell = admin.htmx(Method::GET, "/users/1/email/edit", &[]).await.form("form");
    let cell = cell.set("email", "ann@example.com");
    app.database.execute("DELETE FROM sessions");
    let ended = admin.htmx(Method::PATCH, "/users/1/email", &cell.pairs()).await;
    assert_eq!((ended.status, ended.header("hx-retarget")), (401, "#login"), "{}", ended.text());
    assert!(ended.has("form[hx-post='/login'] [name=password]") && !ended.is_whole(), "{}", ended.body);
    assert_eq!(app.database.number("SELECT count(*) FROM kept_submissions"), 0, "it is still in the page");

    let wrong = [("email", "admin@example.com"), ("password", "wrong")];
    let refused = admin.htmx(Method::POST, "/login", &wrong).await;
    assert_eq!((refused.status, refused.is_whole()), (401, false));
    assert!(refused.has("[role=alert]") && refused.has("[name=password]"), "{}", refused.body);

    let login = [("email", "admin@example.com"), ("password", PASSWORD)];
    let back = admin.htmx(Method::POST, "/login", &login).await;
    assert_eq!((back.status, back.header("x-person")), (204, "1"), "it is said who that was");
    let saved = admin.htmx(Method::PATCH, "/users/1/email", &cell.pairs()).await;
    assert!(saved.status == 200 && saved.text().contains("ann@example.com"), "{}", saved.text());
}

#[actix_web::test]
async fn whoever_owes_a_second_factor_gives_it_over_the_page_too() {
    let app = TestApp::start().await;
    let (ann, _, codes) = app.with_phone("ann@example.com").await;
    app.database.execute("DELETE FROM sessions");
    let login = [("email", "ann@example.com"), ("password", PASSWORD)];
    let step = ann.htmx(Method::POST, "/login", &login).await;
    assert_eq!((step.status, step.is_whole(), step.header("x-person")), (401, false, ""), "{}", step.text());
    assert!(step.has("form[hx-post='/login/second-factor'] [name=code]"), "{}", step.body);
    assert_eq!(ann.get("/account").await.status, 303, "nobody is in yet");
    let wrong = ann.htmx(Method::POST, "/login/second-factor", &[("code", "000000")]).await;
    assert_eq!((wrong.status, wrong.is_whole()), (401, false));
    assert!(wrong.has("[role=alert]") && wrong.has("[name=code][aria-invalid]"), "{}", wrong.body);
    let right = ann.htmx(Method::POST, "/login/second-factor", &[("code", &codes[0])]).await;
    let id = app.database.number("SELECT id FROM users WHERE email = 'ann@example.com'").to_string();
    assert_eq!((right.status, right.header("x-person")), (204, id.as_str()), "then it is said who that was");
    assert_eq!(ann.get("/account").await.status, 200);
}

#[actix_web::test]
async fn what_went_wrong_with_the_login_is_said_in_the_login() {
    let app = TestApp::start().await;
    let large = "a".repeat(300 * 1024);
    let page = app.guest().htmx(Method::POST, "/login", &[("email", &large)]).await;
    assert_eq!((page.status, page.header("hx-retarget")), (413, "#login-problem"));
}

#[actix_web::test]
async fn the_login_shows_nothing_of_who_it_might_be() {
    let app = TestApp::start().await;
    app.admin().await;
    let request = app.guest().request(Method::GET, "/users").header("HX-Request", "true");
    let page = app.guest().send(request.header("X-Person", "1")).await;
    assert_eq!(page.status, 401);
    assert!(!page.body.contains("admin@example.com"), "the page knows it, whoever asks may not");
}
