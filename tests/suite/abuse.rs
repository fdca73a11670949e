//! What somebody sends who means no good: a clear refusal each, never an error of ours, and nothing is stored.

mod bodies;
mod encodings;
mod fields;
mod hosts;
mod injection;
mod methods;
mod numbers;
mod paths;
mod redirects;
mod slow;
mod wire;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::{PASSWORD, TestApp};

/// Nothing that a test waits for takes longer, on a machine that is busy with the other tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection, for what no client sends.
fn connect(app: &TestApp) -> TcpStream {
    let stream = TcpStream::connect(address(app)).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    stream
}

fn address(app: &TestApp) -> &str {
    app.url.trim_start_matches("http://")
}

/// Everything that comes back for these bytes until the other end closes.
fn raw(app: &TestApp, request: impl AsRef<[u8]>) -> String {
    let mut stream = connect(app);
    // It may be refused before all of it is sent.
    let _ = stream.write_all(request.as_ref());
    rest(&mut stream)
}

/// The status and the headers of the first answer to these bytes, whatever becomes of the connection.
fn first(app: &TestApp, request: impl AsRef<[u8]>) -> String {
    let mut stream = connect(app);
    let _ = stream.write_all(request.as_ref());
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\r\n")
}

/// What comes until the other end closes.
fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // An end by a reset is an end.
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "the other end does not close");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of an answer; 0 where there is none.
fn status(answer: &str) -> u16 {
    let rest = answer.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5));
    rest.map_or(0, |status| status.parse().unwrap_or(0))
}

/// The cookie of somebody who is logged in.
async fn cookie(app: &TestApp, email: &str) -> String {
    let login = app.guest().post("/login", &[("email", email), ("password", PASSWORD)]).await;
    login.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

/// An administrator, a user, an item and a role, each the first or second of its kind.
async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    app.db_item(user, "Anchor").await;
    app.db_role("Crew", &["users.view"]).await;
    app
}
