//! What is too much, or packed.

use reqwest::Method;

use super::{address, first, raw, scene, status};

/// Where something can be sent, whoever asks.
const PLACES: [&str; 6] = ["/login", "/setup", "/users", "/users/2", "/account/password", "/nothing"];

#[actix_web::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_there() {
    let app = scene().await;
    let before = app.database.everything();
    for path in PLACES {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            address(&app)
        );
        for length in ["300000", "4294967296", "18446744073709551615"] {
            let answer = first(&app, format!("{head}Content-Length: {length}\r\n\r\n"));
            assert_eq!(status(&answer), 413, "{path} of {length} bytes: {answer}");
        }
        let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000)).repeat(10);
        let answer = first(&app, format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}"));
        assert_eq!(status(&answer), 413, "{path} in chunks without an end: {answer}");
    }
    assert_eq!(app.database.everything(), before, "nothing is stored");
}

#[actix_web::test]
async fn a_form_of_more_parts_than_any_page_has_is_refused() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for part in ["roles=1&", "&", "x=1&", "=&"] {
        let body = part.repeat(1200) + "version=1";
        for path in PLACES {
            let page = admin.send(admin.with_form(Method::POST, path, &[]).body(body.clone())).await;
            assert_eq!(page.status, 400, "{path} with {part:?}: {}", page.text());
        }
    }
    let page = admin.get(&format!("/users?{}", "q=&".repeat(1200))).await;
    assert_eq!(page.status, 400, "nor in an address");
    assert_eq!(app.database.everything(), before, "nothing is stored");
}

#[actix_web::test]
async fn what_is_packed_is_not_unpacked() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    // A kilobyte of deflated zeros that would be a megabyte.
    let mut bomb = vec![
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xed, 0xc1, 0x01, 0x0d, 0, 0, 0, 0xc2, 0xa0, 0xf7, 0x4f, 0x6d, 0x0e, 0x37,
        0xa0,
    ];
    bomb.extend([0; 1000]);
    for coding in
        ["gzip", "GZIP", "x-gzip", "br", "deflate", "zstd", "compress", "gzip, gzip", "identity, gzip", "nonsense", ""]
    {
        for path in PLACES {
            let request = admin.with_form(Method::POST, path, &[("version", "1"), ("email", "x@example.com")]);
            let page = admin.send(request.header("Content-Encoding", coding)).await;
            assert_eq!(page.status, 415, "{path} in {coding:?}: {}", page.text());
            let request = admin.with_form(Method::POST, path, &[]).body(bomb.clone());
            assert_eq!(
                admin.send(request.header("Content-Encoding", coding)).await.status,
                415,
                "{path}: a bomb in {coding:?}"
            );
        }
    }
    assert_eq!(app.database.everything(), before, "nothing is stored");
    let plain = admin.with_form(Method::POST, "/users/2", &[("version", "1"), ("email", "bea@example.com")]);
    assert_eq!(admin.send(plain.header("Content-Encoding", "identity")).await.status, 303, "as it is, it is taken");
}

#[actix_web::test]
async fn headers_that_are_too_large_or_too_many_are_refused() {
    let app = scene().await;
    let start = format!("GET /login HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", address(&app));
    let many = "X-Header: 1\r\n".repeat(500);
    assert_eq!(status(&raw(&app, format!("{start}{many}\r\n"))), 431, "many");
    let long = raw(&app, format!("{start}X-Header: {}", "a".repeat(140_000)));
    assert!(matches!(status(&long), 0 | 431), "long: {long}");
    assert_eq!(
        status(&raw(&app, format!("{start}X-Header: {}\r\n\r\n", "a".repeat(60_000)))),
        200,
        "what is passed over"
    );
    assert_eq!(app.guest().get("/login").await.status, 200, "and all is well");
}
