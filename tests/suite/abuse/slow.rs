//! Whoever takes too long loses the connection, and nobody else waits.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use quarterdeck::db::Clock;

use super::{address, connect, rest, status};
use crate::support::{TestApp, TestDatabase, settings};

/// An application that waits no longer than a moment. For a head it must be more than half a second, which the server's
/// clock may be behind.
fn impatient() -> TestApp {
    let database = TestDatabase::migrated();
    let mut settings = settings(&database, &[]);
    settings.web.head_timeout = Duration::from_millis(1500);
    settings.web.body_timeout = Duration::from_millis(300);
    settings.web.rest_timeout = Duration::from_secs(3);
    TestApp::start_as(database, settings, Clock::default())
}

/// Sends a byte now and then until the other end has enough, and gives what that said.
fn trickle(mut stream: TcpStream, byte: &'static [u8]) -> String {
    let mut writer = stream.try_clone().expect("another handle");
    std::thread::spawn(move || {
        while writer.write_all(byte).is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    rest(&mut stream)
}

#[actix_web::test]
async fn a_head_that_trickles_in_is_waited_for_no_longer_than_that() {
    let app = impatient();
    let mut stream = connect(&app);
    stream
        .write_all(format!("GET /login HTTP/1.1\r\nHost: {}\r\nX-Slow: ", address(&app)).as_bytes())
        .expect("a start");
    assert_eq!(status(&trickle(stream, b"a")), 408);
    assert_eq!(status(&rest(&mut connect(&app))), 408, "nor is nothing at all");
    assert_eq!(app.guest().get("/login").await.status, 200);
}

#[actix_web::test]
async fn a_body_that_trickles_in_is_waited_for_no_longer_than_that() {
    let app = impatient();
    app.db_user("ann@example.com", &[]).await;
    let before = app.database.everything();
    for (length, byte) in [("Content-Length: 100000", &b"a"[..]), ("Transfer-Encoding: chunked", b"1\r\na\r\n")] {
        for path in ["/login", "/nothing"] {
            let mut stream = connect(&app);
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\n{length}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\n",
                address(&app)
            );
            stream.write_all(head.as_bytes()).expect("a head");
            let answer = trickle(stream, byte);
            assert_eq!(status(&answer), 408, "{path} with {length}: {answer}");
            assert!(answer.contains("Too slow"), "and says so: {answer}");
        }
    }
    assert_eq!(app.database.everything(), before, "nothing is stored");
}

#[actix_web::test]
async fn a_second_head_on_a_connection_has_an_end_too() {
    let app = impatient();
    for start in ["GET /login HTTP/1.1\r\nX-Slow: ", "\r\n", ""] {
        let mut stream = connect(&app);
        stream
            .write_all(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", address(&app)).as_bytes())
            .expect("a request");
        let mut first = [0; 12];
        stream.read_exact(&mut first).expect("an answer");
        assert_eq!(&first, b"HTTP/1.1 200");
        stream.write_all(start.as_bytes()).expect("a start");
        let answer = if start.is_empty() { rest(&mut stream) } else { trickle(stream, b"a") };
        assert!(!answer.contains("HTTP/1.1"), "no other answer to {start:?}: {answer}");
    }
}

#[actix_web::test]
async fn while_many_dawdle_others_are_answered() {
    let app = impatient();
    let dawdlers: Vec<_> = (0..200)
        .map(|number| {
            let mut stream = connect(&app);
            let part = if number % 2 == 0 {
                "GET /login HTTP/1.1\r\n"
            } else {
                "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na"
            };
            stream.write_all(part.as_bytes()).expect("a start");
            stream
        })
        .collect();
    for _ in 0..10 {
        assert_eq!(app.guest().get("/login").await.status, 200);
    }
    for mut stream in dawdlers {
        rest(&mut stream);
    }
}
