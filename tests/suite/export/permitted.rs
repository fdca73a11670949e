//! Who may export, and at whose wish.

use reqwest::Method;

use super::{ended, exported, ids};
use crate::support::TestApp;

#[actix_web::test]
async fn an_export_needs_its_permission_and_the_one_to_view() {
    let app = TestApp::start().await;
    app.admin().await;
    for (permissions, missing) in [
        (&["users.view"][..], "users.export"),
        (&["users.export"], "users.view"),
        (&["users.view", "items.export"], "users.export"),
    ] {
        let visitor = app.user_with(permissions).await;
        let page = visitor.get("/users/export?format=csv").await;
        assert_eq!(page.status, 403, "{permissions:?}");
        assert!(page.text().contains(missing), "{}", page.text());
        let list = visitor.get("/users").await;
        assert_eq!(list.link("Export CSV"), None, "no link leads there with {permissions:?}");
    }
    let visitor = app.user_with(&["users.view", "users.export"]).await;
    let list = visitor.get("/users?q=example&sort=-email&limit=25").await;
    for (label, format) in [("Export CSV", "csv"), ("Export JSON Lines", "jsonl")] {
        let link = list.link(label).expect("a link");
        assert_eq!(link, format!("/users/export?format={format}&q=example&sort=-email"), "the list, and no page of it");
        exported(&visitor, &link).await;
    }
    let audit = app.user_with(&["audit.view", "audit.export"]).await;
    assert!(audit.get("/audit").await.link("Export CSV").is_some());
    assert_eq!(exported(&audit, "/audit/export?format=csv&action=login").await.status, 200);
}

#[actix_web::test]
async fn it_says_no_more_of_others_than_the_list_does() {
    let app = TestApp::start().await;
    let admin = app.admin_account().await;
    let visitor = app.user_with(&["items.view", "items.export"]).await;
    let owner = app.database.number("SELECT id FROM users WHERE email = 'admin@example.com'");
    app.db_item(owner, "Anchor").await;
    let list = visitor.get("/items").await;
    let file = exported(&visitor, "/items/export?format=csv").await;
    assert_eq!(list.text().contains(admin), file.body.contains(admin), "{}", file.body);
}

#[actix_web::test]
async fn another_site_and_a_browser_that_looks_ahead_begin_none() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (name, value, status) in [
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-purpose", "prefetch", 403),
        ("sec-purpose", "prefetch;prerender", 403),
        ("purpose", "prefetch", 403),
        ("sec-fetch-site", "none", 200),
        ("sec-fetch-site", "same-origin", 200),
    ] {
        let request = admin.request(Method::GET, "/users/export?format=csv").header(name, value);
        assert_eq!(admin.send(request).await.status, status, "{name}: {value}");
    }
}

#[actix_web::test]
async fn of_many_at_a_time_some_are_asked_to_come_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    fill(&app, 20_000);
    let mut open = Vec::new();
    for _ in 0..8 {
        let answer = admin.request(Method::GET, "/items/export?format=csv").send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        open.push(answer);
    }
    let page = admin.get("/items/export?format=csv").await;
    assert_eq!((page.status, page.header("retry-after")), (503, "1"), "{}", page.text());
    let first = open.remove(0).text().await.expect("a text");
    assert_eq!(ids(&first).len(), 20_000, "those that run go on");
    drop(open);
    ended(&app, 8).await;
    assert_eq!(ids(&exported(&admin, "/items/export?format=csv").await.body).len(), 20_000);
}

/// Items, quickly.
pub(super) fn fill(app: &TestApp, count: i64) {
    let numbers = if app.database.is_postgres() {
        format!("generate_series(1, {count}) AS numbers (i)")
    } else {
        let series = format!("VALUES (1) UNION ALL SELECT i + 1 FROM series WHERE i < {count}");
        format!("(WITH RECURSIVE series (i) AS ({series}) SELECT i FROM series) AS numbers")
    };
    let text = "'a description of some length, with a comma, and \"quotes\" in it, so that there is something to send'";
    app.database.execute(&format!(
        "INSERT INTO items (owner_id, title, description) SELECT (SELECT min(id) FROM users), 'item' || i, {text} FROM {numbers}"
    ));
}
