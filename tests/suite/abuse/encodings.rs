//! What is no form, or no text.

use reqwest::Method;

use super::scene;
use crate::support::{TestApp, Visitor};

/// Every address that takes something, with a form that changes something there.
const CHANGES: [(&str, &str); 12] = [
    ("POST /login", "email=ann%40example.com&password=x"),
    ("POST /setup", "token=x&email=x%40example.com&password=a+long+enough+one"),
    ("POST /account/password", "current_password=x&password=a+long+enough+one"),
    ("POST /users", "email=x%40example.com&password=a+long+enough+one"),
    ("POST /users/2", "version=1&email=x%40example.com"),
    ("PATCH /users/2", "version=1&email=x%40example.com"),
    ("PATCH /users/2/email", "version=1&email=x%40example.com"),
    ("POST /items", "title=Bell&owner=2"),
    ("PATCH /items/1/title", "version=1&title=Bell"),
    ("POST /items/1/delete", "version=1"),
    ("DELETE /items/1", "version=1"),
    ("POST /roles", "name=Mates&permissions=&permissions=users.view"),
];

async fn send(admin: &Visitor, change: &str, kind: Option<&str>, body: Vec<u8>) -> u16 {
    let (method, path) = change.split_once(' ').expect("a method");
    let request = admin.request(method.parse().expect("a method"), path).header("Sec-Fetch-Site", "same-origin");
    let request = if let Some(kind) = kind { request.header("Content-Type", kind) } else { request };
    admin.send(request.body(body)).await.status
}

#[actix_web::test]
async fn what_does_not_say_that_it_is_a_form_in_utf_8_is_refused() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for (change, form) in CHANGES {
        for kind in [
            None,
            Some(""),
            Some("application/json"),
            Some("text/plain"),
            Some("text/html"),
            Some("application/xml"),
            Some("multipart/form-data; boundary=b"),
            Some("application/x-www-form-urlencoded, text/plain"),
            Some("application/x-www-form-urlencodedx"),
            Some("application/x-www-form-urlencoded; charset=utf-16"),
            Some("application/x-www-form-urlencoded; charset=iso-8859-1"),
            Some("application/x-www-form-urlencoded; charset=utf-7"),
            Some("application/x-www-form-urlencoded; charset=\"\""),
            Some("application/x-www-form-urlencoded; charset=utf-8; charset=utf-16"),
            Some("nonsense"),
        ] {
            assert_eq!(send(&admin, change, kind, form.into()).await, 415, "{change} as {kind:?}");
        }
        let json = br#"{"version":1,"email":"x@example.com","title":"x"}"#.to_vec();
        assert_eq!(send(&admin, change, Some("application/json"), json).await, 415, "{change} in JSON");
    }
    assert_eq!(app.database.everything(), before, "nothing is stored");
    for kind in ["application/x-www-form-urlencoded", "APPLICATION/x-www-form-urlencoded; charset=\"UTF-8\""] {
        assert_eq!(send(&admin, "POST /items", Some(kind), b"title=Bell&owner=2".to_vec()).await, 303, "{kind}");
    }
}

/// Bytes that are no text, and escapes that are none.
fn no_text() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [
        "%FF%FE",
        "%C0%AF",
        "%C0%80",
        "%E0%80%AF",
        "%ED%A0%80",
        "%F8%88%80%80%80",
        "%F4%90%80%80",
        "%E2%82",
        "%",
        "%4",
        "%zz",
        "%u0041",
        "%%41",
        "100%",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    all.extend([b"\xff\xfe".to_vec(), b"\xc0\xaf".to_vec(), b"a\x00b\x00\xd8\x00".to_vec(), b"\xed\xa0\x80".to_vec()]);
    all
}

#[actix_web::test]
async fn bytes_that_are_no_text_are_refused_and_not_mended() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for (change, form) in CHANGES {
        for text in no_text() {
            for body in [[form.as_bytes(), &text].concat(), [form.as_bytes(), b"&", &text, b"=x"].concat()] {
                let status = send(&admin, change, Some("application/x-www-form-urlencoded"), body).await;
                assert_eq!(status, 400, "{change} with {}", text.escape_ascii());
            }
        }
    }
    assert_eq!(app.database.everything(), before, "nothing is stored");
}

#[actix_web::test]
async fn an_address_that_is_no_text_is_refused() {
    let app = scene().await;
    let admin = app.admin().await;
    for text in no_text().into_iter().filter_map(|text| String::from_utf8(text).ok().filter(|text| text.contains('%')))
    {
        for path in [
            "/users?q=",
            "/items?sort=",
            "/users?created_from=",
            "/options/users?q=",
            "/users?",
            "/users/2?back=",
            "/login?next=",
        ] {
            let answer = ask(&app, &admin, &format!("{path}{text}")).await;
            assert_eq!(answer, 400, "{path}{text}");
        }
        let answer = ask(&app, &admin, &format!("/users/{text}")).await;
        assert!(matches!(answer, 400 | 404), "/users/{text}: {answer}");
    }
}

async fn ask(app: &TestApp, admin: &Visitor, path: &str) -> u16 {
    // A client leaves escapes as they are, right or wrong.
    assert!(reqwest::Url::parse(&format!("{}{path}", app.url)).is_ok_and(|url| url.as_str().ends_with(path)), "{path}");
    admin.send(admin.request(Method::GET, path)).await.status
}
