//! `quarterdeck serve`

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::super::support::{Program, TestDatabase, eventually};

#[test]
fn serve_migrates_prints_address_and_setup_link_answers_and_ends_well() {
    let database = TestDatabase::empty();
    let program = Program::on(&database);
    let server = program.serve(&[]);
    assert!(
        server.url.starts_with("http://127.0.0.1:") && !server.url.ends_with(":0"),
        "the free port: {}",
        server.url
    );
    let login = server.raw("GET /login HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n");
    assert!(login.starts_with("HTTP/1.1 200 ") && login.contains("Log in"), "{login}");
    let ready = server.raw("GET /readyz HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n");
    assert!(ready.starts_with("HTTP/1.1 200 "), "migrations were applied: {ready}");
    let url = server.url.clone();
    let (stdout, stderr) = server.end();
    assert!(stdout.contains(&format!("{url}/setup?token=")), "the link leads to where it listens: {stdout}");
    assert_eq!(stdout.lines().count(), 1, "two lines in all: {stdout}");
    assert!(!stderr.contains("panicked") && !stderr.contains("ERROR"), "it ends quietly: {stderr}");
}

#[test]
fn without_a_command_it_serves() {
    let database = TestDatabase::migrated();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    // A port in use ends it, and tells that it was about to serve.
    for command in [&[][..], &["serve"]] {
        let outcome = Program::on(&database).run(&[command, &["--bind", &address]].concat());
        let line = outcome.refusal();
        assert!(line.contains(&address) && line.contains("--bind"), "the address and what to do: {line}");
    }
    let nowhere = Program::on(&database).run(&["--bind", "no-such-host.invalid:8080"]);
    assert!(nowhere.refusal().contains("no-such-host.invalid:8080"), "{}", nowhere.stderr);
}

#[test]
fn a_request_that_runs_is_finished_before_the_end() {
    let database = TestDatabase::migrated();
    let mut server = Program::on(&database).serve(&[]);
    let body = "email=ann%40example.com&password=wrong";
    let mut running = server.connect();
    write!(
        running,
        "POST /login HTTP/1.1\r\nHost: desk\r\nSec-Fetch-Site: same-origin\r\nExpect: 100-continue\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .expect("a request");
    // The server asks for the body: now the request runs.
    let expected = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut begun = [0; 25];
    running.read_exact(&mut begun).expect("the server goes on");
    assert_eq!(&begun, expected, "{}", String::from_utf8_lossy(&begun));
    running.write_all(&body.as_bytes()[..10]).expect("half a body");

    server.ask_to_end();
    let address = server.url.trim_start_matches("http://").to_owned();
    eventually("nobody new is let in", || TcpStream::connect(&address).is_err().then_some(()));
    running.write_all(&body.as_bytes()[10..]).expect("the rest of the body");
    let mut answer = String::new();
    running.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 401 ") && answer.contains("</html>"), "the whole answer: {answer}");
    let status = server.wait();
    assert_eq!(status.code(), Some(0), "it ends well: {status}");
}

#[test]
fn a_connection_that_only_waits_does_not_hold_the_end_up() {
    let database = TestDatabase::migrated();
    let mut server = Program::on(&database).serve(&[]);
    let mut idle = server.connect();
    write!(idle, "GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n").expect("a request");
    let mut answer = [0; 12];
    idle.read_exact(&mut answer).expect("an answer");
    let start = Instant::now();
    server.ask_to_end();
    assert_eq!(server.wait().code(), Some(0), "it ends well");
    assert!(start.elapsed() < Duration::from_secs(20), "the longest wait is for requests: {:?}", start.elapsed());
}

#[test]
fn an_interrupt_ends_it_at_once_and_quietly_whatever_runs() {
    let database = TestDatabase::migrated();
    let mut server = Program::on(&database).serve(&[]);
    let mut running = Vec::new();
    for _ in 0..4 {
        let mut stream = server.connect();
        let head = "POST /login HTTP/1.1\r\nHost: desk\r\nSec-Fetch-Site: same-origin\r\nExpect: 100-continue\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 30\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("a request");
        stream.read_exact(&mut [0; 25]).expect("the server goes on");
        running.push(stream);
    }
    assert!(server.raw("GET /readyz HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n").contains("200 OK"));
    server.signal("INT");
    assert_eq!(server.wait().code(), Some(0), "it ends well");
    let (_, stderr) = server.printed();
    assert!(!stderr.contains("panicked"), "it ends quietly: {stderr}");
}

#[test]
fn the_log_is_on_standard_error_and_a_line_of_json_if_wanted() {
    let database = TestDatabase::migrated();
    let server = Program::on(&database).with("QUARTERDECK_LOG_FORMAT", "json").serve(&[]);
    let answer = server.raw("GET /nothing-here?secret=1 HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n");
    let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("a request id").to_owned();
    assert!(answer.contains(&format!("Request {id}")), "the page carries the id: {answer}");
    let (_, stderr) = server.end();
    let lines: Vec<serde_json::Value> = stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let own: Vec<_> = lines.iter().filter(|line| line["span"]["id"] == *id).collect();
    assert_eq!(own.len(), 1, "the log has the request under its id: {stderr}");
    assert_eq!(
        (own[0]["fields"]["status"].as_i64(), own[0]["span"]["path"].as_str()),
        (Some(404), Some("/nothing-here"))
    );
    assert!(!stderr.contains("secret=1"), "the query is not logged: {stderr}");
}
