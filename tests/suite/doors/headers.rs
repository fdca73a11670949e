//! What every answer says to the browser, over every route, whoever asks.

use std::collections::BTreeMap;

use reqwest::Method;

use super::table::ROUTES;
use super::{Scene, ask};
use crate::support::{Options, Page, TestApp};

/// The whole policy, for all but the files in the binary.
const POLICY: [(&str, &str); 13] = [
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    // It permits nothing there: a nonce is no key to an attribute. htmx's extension reads it.
    ("script-src-attr", "'nonce-NONCE'"),
    ("style-src", "'self'"),
    ("img-src", "'self'"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("object-src", "'none'"),
    ("form-action", "'self'"),
    ("base-uri", "'self'"),
    ("frame-ancestors", "'none'"),
    ("require-trusted-types-for", "'script'"),
    ("trusted-types", "htmx"),
];

fn has(page: &Page, name: &str, value: &str, what: &str) {
    let values: Vec<_> = page.headers.get_all(name).iter().collect();
    assert_eq!(values, [value], "{name} of {what}");
}

/// An answer that holds the browser tight.
fn is_held(page: &Page, what: &str) {
    let policy = page.policy();
    let directives: BTreeMap<_, _> = policy.split("; ").filter_map(|directive| directive.split_once(' ')).collect();
    assert_eq!(directives, BTreeMap::from(POLICY), "the policy of {what}");
    assert_eq!(page.headers.get_all("content-security-policy").iter().count(), 1, "one policy of {what}");
    has(page, "cache-control", "no-store", what);
    has(page, "cross-origin-opener-policy", "same-origin", what);
    let permissions = page.header("permissions-policy");
    for lent in
        ["camera=()", "geolocation=()", "publickey-credentials-get=(self)", "publickey-credentials-create=(self)"]
    {
        assert!(permissions.split(", ").any(|said| said == lent), "{lent} of {what}: {permissions}");
    }
    let open = permissions.split(", ").filter(|said| !said.ends_with("=()")).count();
    assert_eq!(open, 2, "nothing else is lent to {what}: {permissions}");
    is_closed(page, what);
}

/// What holds of files too.
fn is_closed(page: &Page, what: &str) {
    has(page, "x-content-type-options", "nosniff", what);
    has(page, "referrer-policy", "same-origin", what);
    has(page, "cross-origin-resource-policy", "same-origin", what);
    has(page, "x-frame-options", "DENY", what);
    for absent in ["access-control-allow-origin", "server", "x-powered-by", "strict-transport-security"] {
        assert!(!page.headers.contains_key(absent), "{absent} of {what}");
    }
    if !page.body.is_empty() {
        let kind = page.header("content-type");
        assert!(kind.starts_with("image/") || kind.ends_with("; charset=utf-8"), "{what} says its type: {kind:?}");
    }
}

#[actix_web::test]
async fn every_route_holds_the_browser_whoever_asks_and_however() {
    let scene = Scene::set().await;
    let visitors = [scene.app.guest(), scene.app.user_with(&[]).await, scene.app.admin().await];
    for visitor in &visitors {
        for route in ROUTES.iter().filter(|route| route.path != "/logout") {
            for method in route.methods().into_iter().chain([Method::PUT, Method::OPTIONS]) {
                for is_htmx in [false, true] {
                    let path = scene.path(route);
                    let page = ask(visitor, &method, &path, is_htmx).await;
                    is_held(&page, &format!("{method} {path}, with htmx {is_htmx}: {}", page.status));
                }
            }
        }
    }
}

#[actix_web::test]
async fn every_error_holds_the_browser_our_own_faults_too() {
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.guest());
    let large = "x".repeat(300 * 1024);
    let packed = admin.with_form(Method::POST, "/users", &[]).header("Content-Encoding", "gzip");
    let requests = [
        (400, admin.request(Method::GET, "/users?sort=nothing")),
        (403, admin.request(Method::POST, "/users").header("Sec-Fetch-Site", "cross-site")),
        (404, guest.request(Method::GET, "/nothing")),
        (404, guest.request(Method::GET, "/static/0/none")),
        (405, guest.request(Method::DELETE, "/login").header("Sec-Fetch-Site", "same-origin")),
        (413, admin.with_form(Method::POST, "/users", &[("email", &large)])),
        (415, packed),
        (422, admin.with_form(Method::POST, "/roles", &[("name", "")])),
    ];
    for (status, request) in requests {
        let page = admin.send(request).await;
        assert_eq!(page.status, status, "{}", page.text());
        is_held(&page, &status.to_string());
    }
    app.database.execute("ALTER TABLE items RENAME TO elsewhere");
    let broken = admin.get("/items").await;
    assert_eq!(broken.status, 500);
    is_held(&broken, "a fault of ours");
    app.database.execute("ALTER TABLE sessions RENAME TO nowhere");
    let login = guest.post("/login", &[("email", "admin@example.com"), ("password", crate::support::PASSWORD)]).await;
    assert_eq!(login.status, 500, "{}", login.text());
    is_held(&login, "a fault in the session");
}

#[actix_web::test]
async fn files_are_kept_and_load_nothing_by_themselves() {
    let app = TestApp::start().await;
    for name in ["app.css", "app.js", "htmx.js", "hx-csp.js", "icons.svg", "favicon.svg"] {
        let page = app.guest().get(quarterdeck::assets::url(name)).await;
        is_closed(&page, name);
        assert!(page.header("cache-control").contains("immutable"), "{name} is kept");
        assert!(
            page.policy().starts_with("default-src 'none';") && !page.policy().contains("self"),
            "{}",
            page.policy()
        );
    }
}

#[actix_web::test]
async fn under_https_every_answer_says_so_for_a_year_and_for_all_hosts_below() {
    let arguments = vec!["--public-url".to_owned(), "https://desk.example.com".to_owned()];
    let app = TestApp::start_with(Options { arguments, ..Options::default() }).await;
    let guest = app.guest();
    let css = quarterdeck::assets::url("app.css");
    for path in ["/login", "/users", "/nothing", "/users?sort=nothing", "/healthz", "/static/0/none", css] {
        for method in [Method::GET, Method::POST] {
            let page = guest.send(guest.request(method, path)).await;
            has(&page, "strict-transport-security", "max-age=31536000; includeSubDomains", path);
        }
    }
}

#[actix_web::test]
async fn the_word_that_htmx_obeys_is_another_one_in_each_answer_and_all_its_elements_say_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut seen = Vec::new();
    for path in ["/users", "/users?limit=25", "/users/1", "/items/new", "/roles", "/users/1/email/edit"] {
        for is_htmx in [false, true] {
            let page = ask(&admin, &Method::GET, path, is_htmx).await;
            let policy = page.header("content-security-policy").split_once("'nonce-").expect("a nonce").1;
            let word = policy.split_once('\'').expect("its end").0.to_owned();
            assert!(word.len() >= 22, "128 bits: {word:?}");
            assert!(!seen.contains(&word), "{path}: it is a new one");
            let elements = page.attributes("[hx-nonce]", "hx-nonce");
            assert!(!elements.is_empty() || matches!(path, "/users/1" | "/items/new"), "{path}: there are some");
            assert!(elements.iter().all(|said| *said == word), "{path}: {word} and {elements:?}");
            if page.is_whole() {
                assert_eq!(page.attribute("script[nonce]", "nonce"), word, "{path}");
            }
            seen.push(word);
        }
    }
}
