//! Addresses, cookies, and what else a request says.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpStream};
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;
use reqwest::Method;
use reqwest::header::HeaderValue;
use url::Url;

use super::{holds, holds_of, text};
use crate::support::{Options, PASSWORD, TestApp};

fn header() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![6 => 0x20_u8..0x7f, 1 => 0x80_u8..=0xff], 0..80)
}

#[test]
fn a_cookie_of_any_bytes_is_a_guests() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    let guest = app.guest();
    let name = select(vec!["quarterdeck", "__Host-quarterdeck", "quarterdeck_notice", "quarterdeck_device", ""]);
    holds_of(&system, 200, &(name, header()), async |(name, value)| {
        let cookie = HeaderValue::from_bytes(&[name.as_bytes(), b"=", &value].concat()).expect("a header");
        for (path, expected) in [("/users", 303), ("/login", 200)] {
            let page = guest.send(guest.request(Method::GET, path).header("Cookie", &cookie)).await;
            prop_assert_eq!(page.status, expected, "{} with {:?}: {}", path, cookie, page.text());
        }
        Ok(())
    });
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 0);
}

#[test]
fn a_path_of_any_text_is_answered() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    let admin = system.block_on(app.admin());
    let part = prop_oneof![2 => select(vec!["users", "items", "roles", "audit", "options", "static", "account", "1", "email", "edit", "delete", "new", "..", ""]).prop_map(ToOwned::to_owned), 1 => text()];
    holds_of(&system, 250, &(prop::collection::vec(part, 0..6), text()), async |(parts, query)| {
        let path = format!("/{}?{query}", parts.join("/"));
        let Ok(url) = Url::parse(&format!("{}{path}", app.url)) else { return Ok(()) };
        if url.origin() != Url::parse(&app.url).expect("an address").origin() {
            return Ok(());
        }
        let page = admin.send(admin.request(Method::GET, &url[url::Position::BeforePath..])).await;
        prop_assert!(matches!(page.status, 200 | 303 | 400 | 404 | 405), "{}: {} {}", url, page.status, page.text());
        Ok(())
    });
}

#[test]
fn a_login_leads_on_within_this_application_whatever_is_asked() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    let admin = system.block_on(app.admin());
    let piece = prop_oneof![3 => select(vec!["/", "//", "\\", "/users", "evil.example", "@", ":", "http:", "%2f", "%5c", "\t", "\r\n", ".", "..", "?", "#", " "]).prop_map(ToOwned::to_owned), 1 => text()];
    holds_of(&system, 250, &prop::collection::vec(piece, 0..6), async |pieces| {
        let next = pieces.concat();
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = admin.get(&format!("/login?next={query}")).await;
        prop_assert_eq!(page.status, 303, "{:?}: {}", next, page.text());
        let base = Url::parse(&app.url).expect("an address");
        let onward = base.join(page.location()).expect("an address");
        prop_assert_eq!(onward.origin(), base.origin(), "{:?} leads to {}", next, onward);
        Ok(())
    });
}

#[test]
fn whatever_a_proxy_says_a_session_comes_from_an_address() {
    let system = actix_web::rt::System::new();
    let arguments = vec!["--trusted-proxies".to_owned(), "127.0.0.1,10.0.0.1".to_owned()];
    let app = system.block_on(TestApp::start_with(Options { arguments, ..Options::default() }));
    system.block_on(app.db_user("ann@example.com", &[]));
    let hop = prop_oneof![2 => select(vec!["10.0.0.1", "203.0.113.9", "::1", "::ffff:10.0.0.1", "unknown", "127.0.0.1:80", ",", ""]).prop_map(ToOwned::to_owned), 1 => "[ -~]{0,30}"];
    holds_of(&system, 60, &prop::collection::vec(prop::collection::vec(hop, 0..4), 0..3), async |lines| {
        let guest = app.guest();
        let mut request =
            guest.with_form(Method::POST, "/login", &[("email", "ann@example.com"), ("password", PASSWORD)]);
        for line in &lines {
            request = request.header("X-Forwarded-For", line.join(", "));
        }
        let page = guest.send(request).await;
        prop_assert_eq!(page.status, 303, "{:?}: {}", lines, page.text());
        let stored = app.database.texts("SELECT address FROM sessions ORDER BY id DESC LIMIT 1");
        prop_assert!(stored[0].parse::<IpAddr>().is_ok(), "{:?}: {:?}", lines, stored);
        Ok(())
    });
}

#[test]
fn bytes_that_are_no_request_at_all_end_nothing_but_their_connection() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    let address = app.url.trim_start_matches("http://").to_owned();
    let piece = prop_oneof![
        4 => select(vec!["GET ", "POST ", "/login", " HTTP/1.1\r\n", "Host: x\r\n", "\r\n", "\n", ":", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "Connection: close\r\n", "Expect: 100-continue\r\n", "Upgrade: websocket\r\n"]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ];
    holds(150, &prop::collection::vec(piece, 1..12), |pieces| {
        let mut stream = TcpStream::connect(&address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a time-out");
        let _ = stream.write_all(&pieces.concat());
        // So that it does not wait for more.
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        prop_assert!(!answer.starts_with("HTTP/1.1 5"), "{:?}: {}", pieces, answer);
        Ok(())
    });
    assert_eq!(system.block_on(app.guest().get("/login")).status, 200, "and all is well");
}
