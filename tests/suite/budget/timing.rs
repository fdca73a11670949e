//! `Server-Timing`: who is told, and that it can be switched off.

use super::queries;
use crate::support::{Options, TestApp};

#[actix_web::test]
async fn whoever_is_logged_in_is_told_what_each_answer_cost() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in ["/", "/users", "/users/1", "/users/987654321", "/account", "/users?sort=nonsense"] {
        let page = admin.get(path).await;
        let told = page.header("server-timing");
        let parts: Vec<_> = told.split(", ").map(|part| part.split_once(";dur=").expect(told)).collect();
        assert_eq!(parts.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["db", "pool", "total"], "{path}: {told}");
        let times = parts.iter().map(|(_, time)| time.split(';').next().unwrap_or_default().parse::<f64>());
        let times: Vec<_> = times.map(|time| time.expect("a number")).collect();
        assert!(times[0] > 0.0 && times[2] >= times[0], "{path}: {told}");
        assert!(queries(&page) >= 1, "{path} asked at least for the session: {told}");
    }
    assert_eq!(queries(&admin.get("/account/session").await), 1, "the session is one query");
}

#[actix_web::test]
async fn a_save_tells_its_queries_without_what_begins_and_ends_the_transaction() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Anchor").await.id;
    let saved = admin.patch(&format!("/items/{item}/title"), &[("version", "1"), ("title", "Bell")]).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let same = admin.patch(&format!("/items/{item}/title"), &[("version", "2"), ("title", "Bell")]).await;
    // The session, the row in the transaction, and the row to be shown.
    assert_eq!(queries(&same), 3, "nothing to save");
    assert!(queries(&saved) > 3, "{}", saved.header("server-timing"));
}

#[actix_web::test]
async fn a_guest_is_told_nothing_of_how_long_things_take() {
    let app = TestApp::start().await;
    let email = app.admin_account().await;
    let guest = app.guest();
    for path in ["/login", "/users", "/healthz", "/readyz"] {
        assert_eq!(guest.get(path).await.header("server-timing"), "", "{path}");
    }
    for password in ["wrong", crate::support::PASSWORD] {
        let answer = guest.post("/login", &[("email", email), ("password", password)]).await;
        assert_eq!(answer.header("server-timing"), "", "a login, {}", answer.status);
    }
}

#[actix_web::test]
async fn it_can_be_switched_off() {
    let arguments = vec!["--server-timing".into(), "false".into()];
    let app = TestApp::start_with(Options { arguments, ..Options::default() }).await;
    assert_eq!(app.admin().await.get("/users").await.header("server-timing"), "");
}
