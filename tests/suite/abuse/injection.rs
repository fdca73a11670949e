//! Nothing that is sent becomes a header, a cookie or markup of an answer.

use reqwest::Method;

use super::{address, cookie, raw, scene, status};

/// As it would stand in an address, and in a form.
const LINES: [&str; 6] = [
    "%0d%0aX-Injected:%201",
    "%0aX-Injected:%201",
    "%0dX-Injected:%201",
    "%0d%0a%0d%0a<script>alert(1)</script>",
    "%e5%98%8a%e5%98%8dX-Injected:%201",
    "%c4%8d%c4%8aX-Injected:%201",
];

fn is_clean(answer: &str, what: &str) {
    assert!(!matches!(status(answer), 0 | 500..), "{what}: {answer}");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.split("\r\n").all(|line| !line.to_lowercase().starts_with("x-injected")), "{what}: {head}");
    assert!(!head.contains('\n') || head.split('\n').all(|line| !line.starts_with("X-Injected")), "{what}: {head}");
    assert!(!body.contains("<script>alert"), "{what}: {body}");
}

#[actix_web::test]
async fn a_line_break_in_an_address_makes_no_header() {
    let app = scene().await;
    let session = cookie(&app, "admin@example.com").await;
    for line in LINES {
        for path in [
            format!("/login?next=/{line}"),
            format!("/users?q={line}"),
            format!("/users?sort={line}"),
            format!("/users/2?back=/users?q={line}"),
            format!("/options/users?name={line}"),
            format!("/setup?token={line}"),
            format!("/{line}"),
            format!("/static/{line}/app.css"),
            format!("/users/2/{line}"),
        ] {
            for cookie in ["", &format!("Cookie: {session}\r\n")] {
                let request =
                    format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{cookie}\r\n", address(&app));
                is_clean(&raw(&app, request), &path);
            }
        }
    }
}

#[actix_web::test]
async fn a_line_break_in_a_form_makes_no_header_and_no_cookie() {
    let app = scene().await;
    let admin = app.admin().await;
    for text in [
        "Bell\r\nX-Injected: 1",
        "Bell\nSet-Cookie: x=1",
        "Bell\r",
        "Bell\u{2028}Set-Cookie: x=1",
        "Bell; Domain=evil.example",
    ] {
        for (path, form) in [
            ("/login", vec![("email", text), ("password", text), ("next", text)]),
            ("/items", vec![("title", text), ("owner", "2")]),
            ("/roles", vec![("name", text)]),
            ("/users", vec![("email", text), ("password", "a long enough one")]),
            ("/items/1", vec![("version", "1"), ("title", "Anchor"), ("back", text), ("leave", "true")]),
        ] {
            let page = admin.post(path, &form).await;
            assert!(page.status < 500, "{path} with {text:?}: {} {}", page.status, page.text());
            assert!(!page.headers.contains_key("x-injected"), "{path} with {text:?}: {:?}", page.headers);
            for cookie in page.headers.get_all("set-cookie") {
                let cookie = cookie.to_str().expect("a text");
                assert!(
                    cookie.starts_with("quarterdeck") && !cookie.contains("evil"),
                    "{path} with {text:?}: {cookie}"
                );
            }
        }
    }
}

#[actix_web::test]
async fn cookies_of_nobody_open_nothing_and_say_nothing() {
    let app = scene().await;
    let guest = app.guest();
    let long = format!("quarterdeck={}", "A".repeat(50_000));
    let many = "c=1; ".repeat(500) + "quarterdeck=x";
    let script = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, "<script>alert(1)</script>");
    for cookie in [
        "quarterdeck=%00".to_owned(),
        "quarterdeck=\"".into(),
        "quarterdeck=../../etc/passwd".into(),
        "quarterdeck=' OR 1=1 --".into(),
        "quarterdeck; quarterdeck=; =; ;;;".into(),
        "quarterdeck=x; quarterdeck=y".into(),
        long,
        many,
        format!("quarterdeck_notice={script}"),
        "quarterdeck_notice=%FF%FE".into(),
        "quarterdeck_notice=____".into(),
    ] {
        let shown: String = cookie.chars().take(60).collect();
        let page = guest.send(guest.request(Method::GET, "/users").header("Cookie", &cookie)).await;
        assert_eq!(page.status, 303, "{shown}: {}", page.text());
        let page = guest.send(guest.request(Method::GET, "/login").header("Cookie", &cookie)).await;
        assert_eq!(page.status, 200, "{shown}: {}", page.text());
        assert!(!page.body.contains("<script>alert"), "{shown}: {}", page.body);
    }
    let bytes = [
        &b"GET /users HTTP/1.1\r\nHost: "[..],
        address(&app).as_bytes(),
        b"\r\nConnection: close\r\nCookie: quarterdeck=\xff\xfe\r\n\r\n",
    ];
    assert_eq!(status(&raw(&app, bytes.concat())), 303, "bytes that are no text");
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 1, "no session is made by a cookie");
}
