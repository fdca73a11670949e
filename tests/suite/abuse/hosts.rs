//! The host that a request asks for decides nothing but whether it is answered.

use super::{address, raw, scene, status};
use crate::support::{Options, TestApp};

fn ask(app: &TestApp, target: &str, headers: &str) -> String {
    raw(app, format!("GET {target} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"))
}

#[actix_web::test]
async fn a_request_says_one_host_and_a_host_it_is() {
    let app = scene().await;
    let own = address(&app);
    for headers in [
        "",
        "Host:\r\n",
        "Host: evil example\r\n",
        "Host: desk@evil.example\r\n",
        "Host: evil.example/login\r\n",
        "Host: evil.example?x\r\n",
        "Host: evil.example#x\r\n",
        "Host: evil.example\\x\r\n",
        "Host: evil.example:99999\r\n",
        "Host: evil.example:x\r\n",
        "Host: one.example, two.example\r\n",
        "Host: [::1\r\n",
        "Host: ev\u{ef}l.example\r\n",
        "Host: <script>\r\n",
        &format!("Host: {own}\r\nHost: evil.example\r\n"),
        &format!("Host: {own}\r\nHost: {own}\r\n"),
    ] {
        assert_eq!(status(&ask(&app, "/login", headers)), 400, "{headers:?}");
    }
    let two = ask(&app, "http://evil.example/login", &format!("Host: {own}\r\n"));
    assert_eq!(status(&two), 400, "another one in the request line: {two}");
    let same = ask(&app, &format!("http://{own}/login"), &format!("Host: {own}\r\n"));
    assert_eq!(status(&same), 200, "as to a proxy, with the same host: {same}");
}

#[actix_web::test]
async fn where_a_public_address_is_set_no_other_host_is_answered() {
    let arguments = vec!["--public-url".to_owned(), "http://desk.example.com:8443".to_owned()];
    let app = TestApp::start_with(Options { arguments, ..Options::default() }).await;
    let own = address(&app).to_owned();
    let local = own.replace("127.0.0.1", "localhost");
    for host in ["desk.example.com:8443", "DESK.EXAMPLE.COM:8443", &own, &local] {
        assert_eq!(status(&ask(&app, "/login", &format!("Host: {host}\r\n"))), 200, "{host}");
    }
    for host in [
        "evil.example",
        "desk.example.com",
        "desk.example.com:443",
        "desk.example.com:8444",
        "desk.example.com.:8443",
        "x.desk.example.com:8443",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost",
        "[::1]:8443",
    ] {
        for path in ["/login", "/users", "/nothing", "/static/0/none", "/setup?token=x"] {
            let answer = ask(&app, path, &format!("Host: {host}\r\nX-Forwarded-Host: desk.example.com:8443\r\n"));
            assert_eq!(status(&answer), 421, "{path} at {host}: {answer}");
            assert!(!answer.contains("evil.example"), "{path}: {answer}");
        }
        assert_eq!(
            status(&ask(&app, "/healthz", &format!("Host: {host}\r\n"))),
            200,
            "whoever watches may not know it"
        );
    }
    let line = ask(&app, "http://evil.example/login", "Host: evil.example\r\n");
    assert_eq!(status(&line), 421, "{line}");
    assert_eq!(status(&raw(&app, "GET /login HTTP/1.0\r\n\r\n")), 421, "none at all, as HTTP/1.0 may");
}

#[actix_web::test]
async fn no_answer_is_made_of_the_host() {
    let app = scene().await;
    for headers in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: {}\r\nX-Forwarded-Host: evil.example\r\n", address(&app)),
        format!("Host: {}\r\nForwarded: host=evil.example;proto=https\r\n", address(&app)),
        format!(
            "Host: {}\r\nX-Host: evil.example\r\nX-Original-URL: /users\r\nX-Rewrite-URL: /users\r\n",
            address(&app)
        ),
        format!("Host: {}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Prefix: //evil.example\r\n", address(&app)),
        format!("Host: {}\r\nX-Forwarded-For: evil.example\r\nX-Real-IP: evil.example\r\n", address(&app)),
    ] {
        for (path, expected) in [("/login", 200), ("/users?q=x", 303), ("/nothing", 404), ("/users?q=%", 400)] {
            let answer = ask(&app, path, &headers);
            assert_eq!(status(&answer), expected, "{path} with {headers:?}: {answer}");
            assert!(!answer.contains("evil.example") && !answer.contains("https"), "{path} with {headers:?}: {answer}");
        }
    }
}
