//! A page belongs to the person whom it was made for, whoever is logged in when something is sent from it.

use reqwest::Method;

use crate::support::{TestApp, Visitor};

const TITLE: &str = "Somebody else is logged in now";

/// Two people in one browser: the second logged in in another tab.
async fn two_people(app: &TestApp) -> Visitor {
    app.db_user("bob@example.com", &[1]).await;
    app.admin().await
}

async fn log_in_as_bob(browser: &Visitor) {
    let page = browser.post("/login", &[("email", "bob@example.com"), ("password", crate::support::PASSWORD)]).await;
    assert_eq!(page.status, 303);
}

#[actix_web::test]
async fn a_form_of_one_persons_page_is_not_saved_as_another_person() {
    let app = TestApp::start().await;
    let browser = two_people(&app).await;
    let form = browser.get("/users/new").await.form("form.record");
    let form = form.set("email", "carol@example.com").set("password", "typed and secret");
    log_in_as_bob(&browser).await;
    let refused = browser.post("/users", &form.pairs()).await;
    assert_eq!((refused.status, refused.all("h1")), (409, vec![TITLE.to_owned()]), "{}", refused.text());
    assert!(refused.all("dd.typed").contains(&"carol@example.com".to_owned()), "what was typed is there still");
    assert!(!refused.body.contains("typed and secret"), "but for the password");
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 2, "nothing is stored");
    let delete = browser.post("/users/2/delete", &[("version", "1"), ("person", "2")]).await;
    assert_eq!(delete.status, 409);
    for nonsense in ["x", "0", "-1", "99999999999999999999"] {
        let page = browser.post("/users/1", &[("version", "1"), ("person", nonsense)]).await;
        assert_eq!(page.status, 409, "{nonsense}");
    }
    let own = browser.get("/users/new").await.form("form.record").set("email", "dora@example.com");
    let own = own.set("password", crate::support::PASSWORD);
    assert_eq!(browser.post("/users", &own.pairs()).await.status, 303, "from a page of one's own it is");
}

#[actix_web::test]
async fn htmx_says_whose_page_it_asks_for() {
    let app = TestApp::start().await;
    let browser = two_people(&app).await;
    let page = browser.get("/users").await;
    let headers = page.attribute("body", "hx-headers:inherited");
    assert_eq!(headers, r#"{"X-Person":"2"}"#);
    log_in_as_bob(&browser).await;
    let cell = [("version", "1"), ("email", "x@example.com")];
    let asked = [
        browser.with_form(Method::PATCH, "/users/1/email", &cell),
        browser.request(Method::GET, "/users?q=a"),
        browser.request(Method::GET, "/account/session"),
    ];
    for request in asked {
        let htmx = request.header("HX-Request", "true").header("HX-Request-Type", "partial");
        let refused = browser.send(htmx.header("X-Person", "2")).await;
        assert_eq!((refused.status, refused.all("h1")), (409, vec![TITLE.to_owned()]));
        assert_eq!((refused.header("hx-retarget"), refused.is_whole()), ("#problem", false), "the page stays");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE email = 'x@example.com'"), 0);
    let own = browser.request(Method::GET, "/account/session").header("X-Person", "1");
    assert_eq!(browser.send(own).await.status, 204);
}

#[actix_web::test]
async fn every_form_that_changes_something_says_whose_it_is_and_has_a_key() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.logged_in("admin@example.com").await;
    let item = app.db_item(1, "Rope").await.id;
    let mut keys = Vec::new();
    let pages = ["/users/new", "/users/1", "/users/1/email/edit", "/roles/new", "/account"];
    let items = [format!("/items/{item}"), format!("/items/{item}/delete")];
    for path in pages.into_iter().map(ToOwned::to_owned).chain(items) {
        let page = admin.get(&path).await;
        let forms = page.attributes("form[method=post]:not([action='/logout'])", "action");
        assert!(!forms.is_empty(), "{path}");
        for action in forms {
            let form = page.form(&format!("form[action='{action}']"));
            assert_eq!(form.values("person"), ["1"], "{action} on {path}");
            assert_eq!(form.values("once")[0].len(), 43, "{action} on {path}");
        }
        keys.push(page.attribute("[name=once]", "value"));
    }
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count, "each page has keys of its own");
}

#[actix_web::test]
async fn what_may_not_be_done_is_refused_before_it_is_asked_whose_page_it_was() {
    let app = TestApp::start().await;
    let nobody = app.user_with(&[]).await;
    let page = nobody.post("/users", &[("email", "x@example.com"), ("person", "99")]).await;
    assert_eq!(page.status, 403);
}
