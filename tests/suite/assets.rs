//! The files that a browser needs, and what watches over the process asks for.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use quarterdeck::assets::url;
use quarterdeck::db::migrations;
use quarterdeck::token;
use sha2::{Digest as _, Sha256};

use super::support::TestApp;

/// Each with its place under `static/` and its type.
const ASSETS: [(&str, &str, &str); 6] = [
    ("app.css", "app.css", "text/css; charset=utf-8"),
    ("app.js", "app.js", "text/javascript; charset=utf-8"),
    ("htmx.js", "vendor/htmx-4.0.1.min.js", "text/javascript; charset=utf-8"),
    ("hx-csp.js", "vendor/hx-csp-4.0.1.min.js", "text/javascript; charset=utf-8"),
    ("icons.svg", "icons.svg", "image/svg+xml"),
    ("favicon.svg", "favicon.svg", "image/svg+xml"),
];

fn file(path: &str) -> String {
    let path = format!("{}/static/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[actix_web::test]
async fn every_asset_is_kept_for_ever_under_an_address_that_changes_with_it() {
    let app = TestApp::start().await;
    for (name, path, content_type) in ASSETS {
        let url = url(name);
        let content = file(path);
        let checksum = token::hash_of_bytes(content.as_bytes());
        let [_, place, given, end] = url.split('/').collect::<Vec<_>>()[..] else { panic!("{url} has three parts") };
        assert_eq!((place, end), ("static", name), "{url}");
        assert!(given.len() >= 16 && checksum.starts_with(given), "{url} names the checksum {checksum}");
        let page = app.guest().get(url).await;
        assert_eq!(page.status, 200, "{url}");
        assert_eq!(page.body, content, "{url} is the file {path}");
        assert_eq!(page.header("content-type"), content_type, "{url}");
        let cache = page.headers.get_all("cache-control").iter().map(|value| value.to_str().expect("text"));
        let cache: Vec<_> = cache.flat_map(|value| value.split(", ")).collect();
        assert_eq!(cache, ["public", "max-age=31536000", "immutable"], "{url}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{url}");
        assert_eq!(page.header("set-cookie"), "", "{url} comes without a cookie");
    }
}

#[actix_web::test]
async fn another_checksum_or_name_is_not_there() {
    let app = TestApp::start().await;
    let real = url("app.css");
    let checksum = real.split('/').nth(2).expect("a checksum");
    let wrong = [
        "/static/app.css".to_owned(),
        "/static/".into(),
        "/static//app.css".into(),
        format!("/static/{checksum}/"),
        "/static/0000000000000000/app.css".into(),
        format!("/static/{checksum}/htmx.js"),
        format!("{real}/"),
        format!("/static/{checksum}/none.css"),
        format!("/static/{}/app.css", &checksum[1..]),
        format!("{real}x"),
        format!("/static/{}/app.css", checksum.to_lowercase() + "x"),
        format!("/static/{checksum}/APP.CSS"),
    ];
    for path in wrong {
        let page = app.guest().get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.header("cache-control").contains("max-age"), "{path}: what is not there is not kept");
    }
}

#[actix_web::test]
async fn no_path_leads_out_of_the_assets() {
    let app = TestApp::start().await;
    let address = app.url.trim_start_matches("http://");
    let tricks = [
        "/static/../Cargo.toml",
        "/static/x/../../Cargo.toml",
        "/static/x/..%2f..%2fCargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/static/..%5c..%5cCargo.toml",
        "/static/x/%2fetc%2fpasswd",
        "/static//etc/passwd",
        "/static/x/app.css%00.svg",
        "/static/x/....//app.css",
        "/static/%252e%252e/Cargo.toml",
        "/static/x/C:%5cwindows",
        "//static/x/app.css",
    ];
    for path in tricks {
        // By hand, since a client would tidy the path up.
        let mut stream = TcpStream::connect(address).expect("a connection");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {}", answer.lines().next().unwrap_or_default());
        assert!(!answer.contains("[package]") && !answer.contains("root:"), "{path} shows a file");
    }
}

#[test]
fn a_note_beside_the_vendored_files_tells_their_version_licence_and_hash() {
    let note = file("vendor/README.md");
    let htmx = ["htmx.org 4.0.1", "Zero-Clause BSD", "htmx-LICENSE"];
    let django = ["Django 5.2.19", "BSD 3-Clause", "django-LICENSE"];
    for (name, origin, more) in [
        ("htmx-4.0.1.min.js", "dist/htmx.min.js", htmx),
        ("hx-csp-4.0.1.min.js", "dist/ext/hx-csp.min.js", htmx),
        ("common-passwords-django-5.2.19.txt.gz", "django/contrib/auth/common-passwords.txt.gz", django),
    ] {
        let path = format!("{}/static/vendor/{name}", env!("CARGO_MANIFEST_DIR"));
        let hash = Sha256::digest(std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}")));
        let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        let line = note.lines().find(|line| line.contains(&format!("`{name}`"))).expect("a line of its own");
        for said in [origin, "unchanged", &hash].into_iter().chain(more) {
            assert!(line.contains(said), "the note says {said}: {line}");
        }
    }
    assert!(
        file("vendor/django-LICENSE").starts_with("Copyright (c) Django Software Foundation"),
        "the licence of the list"
    );
    assert!(file("vendor/htmx-LICENSE").starts_with("Zero-Clause BSD"), "the licence is there");
    let folder = format!("{}/static/vendor", env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let name = entry.expect("a file").file_name().into_string().expect("a name");
        assert!(name == "README.md" || note.contains(&name), "the note speaks of {name}");
    }
}

#[actix_web::test]
async fn the_process_lives_and_is_ready_while_no_migration_is_pending() {
    let app = TestApp::start().await;
    let health = async |path: &str| {
        let page = app.guest().get(path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path} is never kept");
        (page.status, page.header("retry-after").to_owned())
    };
    let well = (200, String::new());
    assert_eq!(health("/healthz").await, well);
    assert_eq!(health("/readyz").await, well);
    migrations::down(&mut app.database.connect(), 1).expect("a step down");
    assert_eq!(health("/healthz").await, well, "the process lives all the same");
    assert_eq!(health("/readyz").await, (503, "1".into()), "a migration is pending");
    migrations::up(&mut app.database.connect()).expect("up again");
    assert_eq!(health("/readyz").await, well, "ready again");
    app.database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    assert!(health("/readyz").await.0 >= 500, "not ready on a database that is newer than the program");
}
