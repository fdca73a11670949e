//! Requests that one end could take for one and another end for two (RFC 9112, 11.2).

use super::{address, cookie, raw, scene, status};

#[actix_web::test]
async fn a_request_of_two_lengths_is_refused_and_ends_the_connection() {
    let app = scene().await;
    let session = cookie(&app, "admin@example.com").await;
    let before = app.database.everything();
    let hidden = format!(
        "DELETE /items/1 HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nCookie: {session}\r\n\r\n",
        address(&app)
    );
    let length = hidden.len();
    for (what, lengths, body) in [
        (
            "both",
            format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", length + 5),
            format!("0\r\n\r\n{hidden}"),
        ),
        (
            "both, the other way round",
            format!("Transfer-Encoding: chunked\r\nContent-Length: {}\r\n", length + 5),
            format!("0\r\n\r\n{hidden}"),
        ),
        (
            "both, with nothing",
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n".into(),
            format!("0\r\n\r\n{hidden}"),
        ),
        ("two", format!("Content-Length: 0\r\nContent-Length: {length}\r\n"), hidden.clone()),
        ("two of one", "Content-Length: 1\r\nContent-Length: 1\r\n".into(), format!("a{hidden}")),
        ("a list", "Content-Length: 1, 1\r\n".into(), format!("a{hidden}")),
        ("a sign", "Content-Length: +1\r\n".into(), format!("a{hidden}")),
        ("less than nothing", "Content-Length: -1\r\n".into(), hidden.clone()),
        ("too large for a number", "Content-Length: 99999999999999999999\r\n".into(), hidden.clone()),
        ("no number", "Content-Length: 0x1\r\n".into(), format!("a{hidden}")),
        ("a space before the colon", format!("Content-Length : {length}\r\n"), hidden.clone()),
        ("another coding", "Transfer-Encoding: xchunked\r\n".into(), format!("0\r\n\r\n{hidden}")),
        ("two codings", "Transfer-Encoding: gzip, chunked\r\n".into(), format!("0\r\n\r\n{hidden}")),
        (
            "two codings in two lines",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n".into(),
            format!("0\r\n\r\n{hidden}"),
        ),
        (
            "identity and a length",
            format!("Transfer-Encoding: identity\r\nContent-Length: {length}\r\n"),
            hidden.clone(),
        ),
        ("a chunk of no number", "Transfer-Encoding: chunked\r\n".into(), format!("zz\r\n\r\n0\r\n\r\n{hidden}")),
        (
            "a chunk of too large a number",
            "Transfer-Encoding: chunked\r\n".into(),
            format!("fffffffffffffffff\r\n{hidden}"),
        ),
        ("a chunk without its end", "Transfer-Encoding: chunked\r\n".into(), format!("1\r\nab\r\n0\r\n\r\n{hidden}")),
        ("a null in a header", "X-Header: a\0b\r\n".into(), hidden.clone()),
        ("a name of nothing", ": a\r\n".into(), hidden.clone()),
        ("a folded line", format!("X-Header: a\r\n Content-Length: {length}\r\n"), hidden.clone()),
    ] {
        let head = format!(
            "POST /login HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            address(&app)
        );
        let answer = raw(&app, format!("{head}{lengths}\r\n{body}"));
        assert_eq!(status(&answer), 400, "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what}: what came after is no request: {answer}");
        assert_eq!(app.database.everything(), before, "{what}: nothing is deleted");
    }
    let old = raw(
        &app,
        format!(
            "POST /login HTTP/1.0\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
            address(&app)
        ),
    );
    assert_eq!(
        (status(&old.replace("HTTP/1.0", "HTTP/1.1")), old.matches("HTTP/1.").count()),
        (400, 1),
        "HTTP/1.0 has no chunks: {old}"
    );
}

#[actix_web::test]
async fn a_body_that_is_refused_is_not_read_as_the_next_request() {
    let app = scene().await;
    let session = cookie(&app, "admin@example.com").await;
    let before = app.database.everything();
    let hidden = format!(
        "DELETE /items/1 HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nCookie: {session}\r\n\r\n",
        address(&app)
    );
    for (what, headers, expected) in [
        ("packed", "Sec-Fetch-Site: same-origin\r\nContent-Encoding: gzip\r\n", 415),
        ("from elsewhere", "Sec-Fetch-Site: cross-site\r\n", 403),
        ("of another type", "Sec-Fetch-Site: same-origin\r\nContent-Type: text/plain\r\n", 415),
    ] {
        let length = hidden.len();
        let request = format!(
            "POST /login HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {length}\r\n\r\n{hidden}",
            address(&app)
        );
        let last = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", address(&app));
        let answer = raw(&app, format!("{request}{last}"));
        assert_eq!(status(&answer), expected, "{what}: {answer}");
        assert_eq!(app.database.everything(), before, "{what}: nothing is deleted");
        assert!(answer.matches("HTTP/1.1 ").count() <= 2, "{what}: {answer}");
    }
}
