//! The same form at the same moment.

use reqwest::Method;

use crate::support::{Page, TestApp, Visitor};

const AT_ONCE: usize = 12;

/// Sends the same form from many sides at once.
async fn at_once(visitor: &Visitor, method: Method, path: &str, form: &[(&str, &str)]) -> Vec<Page> {
    let send = |_| {
        let (visitor, request) = (visitor.clone(), visitor.with_form(method.clone(), path, form));
        actix_web::rt::spawn(async move { visitor.send(request).await })
    };
    let sending: Vec<_> = (0..AT_ONCE).map(send).collect();
    let mut pages = Vec::new();
    for page in sending {
        pages.push(page.await.expect("it is answered"));
    }
    pages
}

#[actix_web::test]
async fn a_form_that_comes_many_times_at_once_makes_one_record() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = admin.get("/items/new").await.form("form.record").set("title", "Rope").set("owner", "1");
    for page in at_once(&admin, Method::POST, "/items", &form.pairs()).await {
        assert_eq!((page.status, page.location()), (303, "/items/1"), "{}", page.text());
    }
    assert_eq!(app.database.number("SELECT count(*) FROM items"), 1);
    assert_eq!(app.database.number("SELECT count(*) FROM done_requests"), 1);
}

#[actix_web::test]
async fn a_save_that_comes_many_times_at_once_is_one_change() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Rope").await.id;
    let form = admin.get(&format!("/items/{item}")).await.form("form.record").set("title", "Chain");
    for page in at_once(&admin, Method::POST, &format!("/items/{item}"), &form.pairs()).await {
        assert_eq!(page.status, 303, "{}", page.text());
    }
    assert_eq!(app.database.number("SELECT version FROM items"), 2);
    let cell = [("version", "2"), ("title", "Anchor"), ("once", "a key of its own")];
    for page in at_once(&admin, Method::PATCH, &format!("/items/{item}/title"), &cell).await {
        assert!(page.status == 200 && page.text().contains("Anchor"), "{}: {}", page.status, page.text());
    }
    assert_eq!(app.database.number("SELECT version FROM items"), 3);
}

#[actix_web::test]
async fn a_deletion_that_comes_many_times_at_once_is_one_deletion() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Rope").await.id;
    let url = format!("/items/{item}/delete");
    let form = admin.get(&url).await.form("form.actions");
    for page in at_once(&admin, Method::POST, &url, &form.pairs()).await {
        assert_eq!((page.status, page.location()), (303, "/items"), "{}", page.text());
    }
    let on_record = "SELECT count(*) FROM audit_entries WHERE entity = 'items' AND action = 'delete'";
    assert_eq!(app.database.number(on_record), 1);
}
