//! No path leads out of the files in the binary, and none is too odd to be answered.

use super::{address, raw, scene, status};

#[actix_web::test]
async fn tricks_with_paths_find_nothing() {
    let app = scene().await;
    let css = quarterdeck::assets::url("app.css");
    let folder = css.trim_end_matches("app.css");
    let checksum = folder.trim_matches('/').trim_start_matches("static/");
    let long = "a/".repeat(20_000);
    let tricks = [
        format!("{folder}../{checksum}/app.css"),
        format!("{folder}..%2f{checksum}%2fapp.css"),
        format!("{folder}%2e%2e/%2e%2e/etc/passwd"),
        format!("{folder}%252e%252e%252fapp.css"),
        format!("{folder}..%c0%af..%c0%afetc/passwd"),
        format!("{folder}..%5c..%5cCargo.toml"),
        format!("{folder}app.css%00"),
        format!("{folder}app.css%00.js"),
        format!("{folder}app.css/"),
        format!("{folder}app.css/."),
        format!("{folder}app.css/x"),
        format!("{folder}/app.css"),
        format!("{folder}app.css;x"),
        format!("{folder}app.css::$DATA"),
        format!("{folder}app%2ecss%20"),
        format!("{folder}APP.CSS"),
        format!("{folder}*"),
        format!("{folder}vendor/README.md"),
        format!("{folder}{}", "a".repeat(40_000)),
        format!("/static/{long}"),
        "/static".into(),
        "/static/".into(),
        "/static/../../../../etc/passwd".into(),
        "/static/%2fetc%2fpasswd/x".into(),
        "/.git/config".into(),
        "/.env".into(),
        "/data/quarterdeck.db".into(),
        "/Cargo.toml".into(),
        "/users/..%2f..%2fitems".into(),
        "/users/1/../../items/1".into(),
    ];
    for path in tricks {
        let answer = raw(&app, format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", address(&app)));
        let shown: String = path.chars().take(80).collect();
        let is_login = answer.contains("\r\nlocation: /login?next=%2Fusers");
        assert!(
            is_login || matches!(status(&answer), 400 | 404),
            "{shown}: {}",
            answer.lines().next().unwrap_or_default()
        );
        for inside in ["root:", "[package]", "@layer", "SQLite format"] {
            assert!(!answer.contains(inside), "{shown} shows {inside}");
        }
    }
    let plain = raw(&app, format!("GET {css} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", address(&app)));
    assert!(status(&plain) == 200 && plain.contains("@layer"), "the file itself is there");
}

#[actix_web::test]
async fn an_address_of_a_megabyte_is_refused() {
    let app = scene().await;
    for length in [66_000, 1_000_000] {
        for start in ["/users?q=", "/login?next=/", "/", "/static/x/", "/users/"] {
            let path = format!("{start}{}", "a".repeat(length));
            let answer =
                raw(&app, format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", address(&app)));
            // When it does not wait for the end, the other end may hear of the refusal by a reset alone.
            assert!(matches!(status(&answer), 0 | 400 | 414 | 431), "{start} and {length}: {answer}");
            assert!(length > 100_000 || status(&answer) == 400, "{start} and {length}: {answer}");
        }
    }
    assert_eq!(app.guest().get("/login").await.status, 200, "and all is well");
}
