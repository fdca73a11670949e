//! What changes something comes from our own pages, or is refused.

use reqwest::Method;

use crate::support::{Options, PASSWORD, TestApp, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";

/// A change of the role 2, with these headers and none of a browser's own.
async fn change(visitor: &Visitor, method: Method, path: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = visitor.request(method, path).header("Content-Type", FORM).body("version=0&name=Changed");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    visitor.send(request).await.status
}

#[actix_web::test]
async fn a_change_from_elsewhere_is_refused_and_stores_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.db_role("Crew", &[]).await;
    let (own, host) = (app.url.clone(), app.url.trim_start_matches("http://").to_owned());
    let (https, port, sub) =
        (format!("https://x.{host}"), "http://127.0.0.1:1".to_owned(), format!("{own}.evil.example"));
    let (user, path) = (format!("http://evil.example/{own}"), format!("http://{host}@evil.example/"));
    let refused: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        vec![("Sec-Fetch-Site", "cross-site")],
        vec![("Sec-Fetch-Site", "same-site")],
        vec![("Sec-Fetch-Site", "none")],
        vec![("Sec-Fetch-Site", "")],
        vec![("Sec-Fetch-Site", "same-origin, cross-site")],
        // What the browser says first counts, whatever else is said.
        vec![("Sec-Fetch-Site", "cross-site"), ("Origin", &own), ("Referer", &own)],
        vec![("Origin", "http://evil.example")],
        vec![("Origin", "null")],
        vec![("Origin", "")],
        vec![("Origin", &https)],
        vec![("Origin", &port)],
        vec![("Origin", &sub)],
        vec![("Origin", "http://evil.example"), ("Referer", &own)],
        vec![("Origin", "null"), ("Referer", &own)],
        vec![("Referer", "http://evil.example/users")],
        vec![("Referer", &user)],
        vec![("Referer", &path)],
        vec![("Referer", "/users")],
        vec![("HX-Request", "true")],
        vec![("X-Requested-With", "XMLHttpRequest")],
    ];
    let routes = [
        (Method::POST, "/roles"),
        (Method::POST, "/roles/2"),
        (Method::PATCH, "/roles/2"),
        (Method::PATCH, "/roles/2/name"),
        (Method::POST, "/roles/2/delete"),
        (Method::DELETE, "/roles/2"),
        (Method::POST, "/logout"),
        (Method::POST, "/account/password"),
        (Method::POST, "/account/sessions/end"),
    ];
    for headers in &refused {
        for (method, path) in &routes {
            assert_eq!(change(&admin, method.clone(), path, headers).await, 403, "{method} {path} with {headers:?}");
        }
    }
    assert_eq!(app.database.texts("SELECT name FROM roles WHERE id = 2 AND version = 1"), ["Crew"]);
    assert_eq!(app.database.number("SELECT count(*) FROM roles"), 2);
    assert_eq!(admin.get("/account").await.status, 200, "nobody was logged out");
}

#[actix_web::test]
async fn a_change_from_our_own_pages_is_taken() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.db_role("Crew", &[]).await;
    let (own, page) = (app.url.clone(), format!("{}/roles?q=x", app.url));
    let taken: Vec<Vec<(&str, &str)>> = vec![
        vec![("Sec-Fetch-Site", "same-origin")],
        vec![("Sec-Fetch-Site", "same-origin"), ("Origin", &own), ("Referer", &page)],
        vec![("Origin", &own)],
        vec![("Origin", &own), ("Referer", "http://evil.example")],
        vec![("Referer", &page)],
        vec![("Referer", &own)],
    ];
    for headers in &taken {
        // The version is nobody's: what gets this far is told so.
        assert_eq!(change(&admin, Method::POST, "/roles/2", headers).await, 409, "{headers:?}");
        assert_eq!(change(&admin, Method::PATCH, "/roles/2/name", headers).await, 409, "{headers:?} in the cell");
    }
}

#[actix_web::test]
async fn a_login_from_elsewhere_is_refused() {
    let app = TestApp::start().await;
    app.db_user("ann@example.com", &[]).await;
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("email", "ann@example.com"), ("password", PASSWORD)])
        .finish();
    let log_in = |headers: Vec<(&'static str, String)>| {
        let (visitor, body) = (app.guest(), body.clone());
        async move {
            let mut request = visitor.request(Method::POST, "/login").header("Content-Type", FORM).body(body);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            (visitor.send(request).await.status, visitor.get("/account").await.status)
        }
    };
    for site in ["cross-site", "same-site", "none"] {
        assert_eq!(log_in(vec![("Sec-Fetch-Site", site.into())]).await, (403, 303), "{site}");
    }
    assert_eq!(log_in(vec![]).await, (403, 303), "from nowhere");
    assert_eq!(log_in(vec![("Origin", "http://evil.example".into())]).await, (403, 303));
    assert_eq!(log_in(vec![("Origin", app.url.clone())]).await, (303, 200), "from the own page");
    let setup = app.guest().request(Method::POST, "/setup").header("Sec-Fetch-Site", "cross-site").body("");
    assert_eq!(app.guest().send(setup).await.status, 403, "the first administrator is not made from elsewhere");
}

#[actix_web::test]
async fn looking_is_allowed_from_anywhere() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for site in ["cross-site", "same-site", "none", "same-origin"] {
        let request =
            admin.request(Method::GET, "/users").header("Sec-Fetch-Site", site).header("Origin", "http://evil.example");
        assert_eq!(admin.send(request).await.status, 200, "a link from {site}");
    }
    assert_eq!(admin.get("/users").await.status, 200, "a browser that says nothing");
}

#[actix_web::test]
async fn behind_a_public_address_that_one_is_ours_and_no_other() {
    let arguments = vec!["--public-url".to_owned(), "http://desk.example.com:8443".to_owned()];
    let app = TestApp::start_with(Options { arguments, ..Options::default() }).await;
    let admin = app.admin().await;
    app.db_role("Crew", &[]).await;
    let own = app.url.clone();
    for (name, source, status) in [
        ("Origin", "http://desk.example.com:8443", 409),
        ("Referer", "http://desk.example.com:8443/roles?q=x", 409),
        ("Origin", "https://desk.example.com:8443", 403),
        ("Origin", "http://desk.example.com", 403),
        ("Origin", "http://example.com:8443", 403),
        ("Origin", &own, 403),
        ("Referer", &own, 403),
    ] {
        assert_eq!(change(&admin, Method::POST, "/roles/2", &[(name, source)]).await, status, "{name}: {source}");
        let forwarded = [(name, source), ("Host", "desk.example.com:8443"), ("X-Forwarded-Host", "evil.example")];
        assert_eq!(
            change(&admin, Method::POST, "/roles/2", &forwarded).await,
            status,
            "{name}: {source}, whatever a proxy says"
        );
        let elsewhere = [(name, source), ("Host", "evil.example")];
        assert_eq!(change(&admin, Method::POST, "/roles/2", &elsewhere).await, 421, "another host is not this one");
    }
}

#[actix_web::test]
async fn what_a_proxy_would_say_makes_no_foreign_origin_ours() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.db_role("Crew", &[]).await;
    let own = app.url.clone();
    for (name, value) in [
        ("X-Forwarded-Host", "evil.example"),
        ("Forwarded", "host=evil.example"),
        ("Forwarded", "for=127.0.0.1;host=evil.example;proto=http"),
        ("X-Forwarded-Server", "evil.example"),
        ("X-Original-Host", "evil.example"),
    ] {
        for source in ["Origin", "Referer"] {
            let foreign = [(source, "http://evil.example"), (name, value)];
            for (method, path) in [(Method::POST, "/roles/2"), (Method::PATCH, "/roles/2/name")] {
                let status = change(&admin, method, path, &foreign).await;
                assert_eq!(status, 403, "{source} of a stranger with {name}: {value}");
            }
            let ours = change(&admin, Method::POST, "/roles/2", &[(source, &own), (name, value)]).await;
            assert_eq!(ours, 409, "{source} of our own, whatever {name} says");
        }
    }
}
