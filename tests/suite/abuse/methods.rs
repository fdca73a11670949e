//! Methods that nobody uses, and headers that would stand for them.

use reqwest::Method;

use super::{address, cookie, raw, scene, status};

#[actix_web::test]
async fn a_method_that_is_not_taken_does_nothing() {
    let app = scene().await;
    let session = cookie(&app, "admin@example.com").await;
    let before = app.database.everything();
    for method in [
        "TRACE",
        "TRACK",
        "CONNECT",
        "PUT",
        "PROPFIND",
        "OPTIONS",
        "get",
        "DELETEX",
        "A",
        "POST\u{e9}",
        "X".repeat(3000).as_str(),
    ] {
        for path in ["/users/2", "/items/1", "/login", "/", "*"] {
            for length in ["", "Content-Length: 9\r\n"] {
                let request = format!(
                    "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {session}\r\nX-Secret: shown\r\n\
                     Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n{length}\r\nversion=1",
                    address(&app)
                );
                let answer = raw(&app, request);
                let shown: String = method.chars().take(10).collect();
                assert!(matches!(status(&answer), 400 | 404 | 405), "{shown} {path}: {answer}");
                assert!(
                    !answer.contains("shown") && !answer.contains(&session),
                    "{shown} {path} tells what was sent: {answer}"
                );
            }
        }
    }
    assert_eq!(app.database.everything(), before, "nothing is changed");
}

#[actix_web::test]
async fn no_header_and_no_field_makes_another_method_of_one() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for header in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"] {
        for method in ["DELETE", "PATCH", "POST"] {
            let get = admin.request(Method::GET, "/items/1?version=1&title=Bell").header(header, method);
            assert_eq!(admin.send(get).await.status, 200, "GET with {header}: {method} is a GET");
        }
        let post = admin.with_form(Method::POST, "/items/1", &[("version", "1")]).header(header, "DELETE");
        assert_eq!(admin.send(post).await.status, 303, "POST with {header} is a POST");
    }
    for path in ["/items/1?_method=DELETE", "/items/1?_method=PATCH&title=Bell"] {
        assert_eq!(admin.post(path, &[("version", "1")]).await.status, 303, "{path} is a POST");
    }
    assert_eq!(admin.post("/items/1", &[("version", "1"), ("_method", "DELETE")]).await.status, 400);
    assert_eq!(app.database.everything(), before, "nothing is changed");
}

#[actix_web::test]
async fn reading_changes_nothing_whatever_stands_in_the_address() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for path in [
        "/items/1/delete?version=1",
        "/items/1?version=1&title=Bell",
        "/users/new?email=x@example.com",
        "/login?email=a&password=b",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let request = admin.request(method, path).header("Content-Type", "application/x-www-form-urlencoded");
            let page = admin.send(request.body("version=1&title=Bell")).await;
            assert!(page.status < 400, "{path}: {}", page.status);
        }
    }
    assert_eq!(app.database.everything(), before, "nothing is changed");
}
