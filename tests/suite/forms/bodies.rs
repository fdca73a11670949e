//! What is sent must be a form of this entity: anything else makes no sense, and is not half stored.

use reqwest::Method;

use crate::support::TestApp;

#[actix_web::test]
async fn a_field_that_there_is_not_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Anchor").await.id;
    for unknown in
        ["id", "owner_id", "created_at", "updated_at", "version2", "Title", "title ", "title[]", "", "items", "_method"]
    {
        let form = [("version", "1"), ("title", "Changed"), (unknown, "1")];
        let refused = admin.post(&format!("/items/{item}"), &form).await;
        assert_eq!(refused.status, 400, "{unknown:?}: {}", refused.text());
        let refused = admin.post("/items", &[("title", "New"), ("owner", "1"), (unknown, "1")]).await;
        assert_eq!(refused.status, 400, "{unknown:?} of a new one: {}", refused.text());
    }
    for (path, field) in [("/users/1", "hashed_password"), ("/users/1", "last_login_at"), ("/users/1", "items")] {
        assert_eq!(admin.post(path, &[("version", "1"), (field, "x")]).await.status, 400, "{field} of {path}");
    }
    let role = app.db_role("Crew", &[]).await.id;
    for field in ["is_builtin", "users"] {
        assert_eq!(
            admin.post(&format!("/roles/{role}"), &[("version", "1"), (field, "true")]).await.status,
            400,
            "{field}"
        );
    }
    assert_eq!(app.database.texts("SELECT title FROM items"), ["Anchor"], "nothing is stored");
}

#[actix_web::test]
async fn a_save_without_the_version_that_was_shown_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Anchor").await.id;
    for form in [vec![("title", "x")], vec![("title", "x"), ("version", "")], vec![("title", "x"), ("version", "one")]]
    {
        assert_eq!(admin.post(&format!("/items/{item}"), &form).await.status, 400, "{form:?}");
        assert_eq!(admin.patch(&format!("/items/{item}/title"), &form).await.status, 400, "{form:?} in the cell");
    }
    assert_eq!(admin.post(&format!("/items/{item}/delete"), &[("version", "one")]).await.status, 400);
    assert_eq!(app.database.texts("SELECT title FROM items"), ["Anchor"]);
}

#[actix_web::test]
async fn only_forms_are_taken() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Anchor").await.id;
    let (json, multipart) =
        (r#"{"version":1,"title":"x"}"#, "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nx\r\n--b--\r\n");
    for (kind, body) in [
        ("application/json", json),
        ("text/plain", "version=1&title=x"),
        ("multipart/form-data; boundary=b", multipart),
        ("application/xml", "<title>x</title>"),
        ("", "version=1&title=x"),
    ] {
        for (method, path) in [
            (Method::POST, "/items".to_owned()),
            (Method::POST, format!("/items/{item}")),
            (Method::PATCH, format!("/items/{item}")),
            (Method::PATCH, format!("/items/{item}/title")),
            (Method::POST, format!("/items/{item}/delete")),
        ] {
            let request = admin.request(method.clone(), &path).header("Sec-Fetch-Site", "same-origin");
            let request = if kind.is_empty() { request } else { request.header("Content-Type", kind) };
            let page = admin.send(request.body(body)).await;
            assert!(matches!(page.status, 400 | 415), "{method} {path} with {kind:?}: {} {}", page.status, page.text());
        }
    }
    let request = admin.request(Method::POST, &format!("/items/{item}")).header("Sec-Fetch-Site", "same-origin");
    let request =
        request.header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8").body("version=1&title=Bell");
    assert_eq!(admin.send(request).await.status, 303, "a form says what it is, with its encoding");
    assert_eq!(app.database.texts("SELECT title FROM items"), ["Bell"]);
}

#[actix_web::test]
async fn odd_encodings_never_end_in_an_error_of_ours() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Anchor").await.id;
    for body in [
        &b"version=1&title=%FF%FE"[..],
        b"version=1&title=%",
        b"version=1&title=%zz",
        b"version=1&title=\xff\xfe\x00",
        b"version=1&title=a&title=b",
        b"version=1&version=1&title=x",
        b"&&&&",
        b"=",
        b"version=1&title",
        b"version=1&%00=x",
    ] {
        let request = admin.with_form(Method::POST, &format!("/items/{item}"), &[]).body(body.to_vec());
        let page = admin.send(request).await;
        assert!(page.status < 500, "{:?}: {} {}", String::from_utf8_lossy(body), page.status, page.text());
    }
    for path in [
        "/items/1%00",
        "/items/%FF",
        "/items/-1",
        "/items/0",
        "/items/1e3",
        "/items/99999999999999999999",
        "/items/ 1",
        "/items//",
    ] {
        let page = admin.get(path).await;
        assert_eq!(page.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn a_login_with_an_address_that_no_database_takes_is_a_wrong_one() {
    let app = TestApp::start().await;
    app.db_user("ann@example.com", &[]).await;
    for email in ["%00", "ann%40example.com%00", "%00ann%40example.com", "ann%00%40example.com"] {
        let guest = app.guest();
        let body = format!("email={email}&password={}", crate::support::PASSWORD.replace(' ', "+"));
        let page = guest.send(guest.with_form(Method::POST, "/login", &[]).body(body)).await;
        assert_eq!(page.status, 401, "{email}: {}", page.text());
        assert!(page.has("form[action='/login']"), "the form again: {}", page.text());
    }
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 0, "nobody got in");
}
