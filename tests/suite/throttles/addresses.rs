//! By address of the network.

use chrono::TimeDelta;
use quarterdeck::crud::setup_tokens;
use quarterdeck::db::Author;

use super::{ANN, RIGHT, WRONG, later, log_in, reasons, with_ann};
use crate::support::{Options, TestApp, Visitor};

/// The status of a wrong login of somebody new, and where it says it comes from.
async fn guess(visitor: &Visitor, number: usize, forwarded: Option<&str>) -> u16 {
    let email = format!("nobody{number}@example.com");
    let request = visitor.with_form(reqwest::Method::POST, "/login", &[("email", &email), ("password", WRONG)]);
    let request = forwarded.iter().fold(request, |request, address| request.header("X-Forwarded-For", *address));
    visitor.send(request).await.status
}

/// How many wrong logins are let through until one is held.
async fn tries(app: &TestApp, forwarded: impl Fn(usize) -> Option<String>) -> usize {
    let visitor = app.guest();
    for number in 0..60 {
        match guess(&visitor, number, forwarded(number).as_deref()).await {
            401 => {}
            429 => return number,
            status => panic!("{status}"),
        }
    }
    60
}

/// A supply of twenty, and what comes in while a slow test uses it up.
const SUPPLY: std::ops::RangeInclusive<usize> = 20..=30;

#[actix_web::test]
async fn an_address_that_fails_with_many_accounts_is_held() {
    let app = with_ann().await;
    let count = tries(&app, |_| None).await;
    assert!(SUPPLY.contains(&count), "{count} tries");
    let held = log_in(&app.guest(), ANN, RIGHT).await;
    let wait: u64 = held.header("retry-after").parse().expect("seconds");
    assert!(held.status == 429 && (1..=6).contains(&wait), "a right one from there as well: {}", held.text());
    let noted = reasons(&app).into_iter().filter(|reason| reason.starts_with("held")).count();
    assert_eq!(noted, 1, "the hold is on record once");
    let later = later(&app, TimeDelta::seconds(6));
    assert_eq!(guess(&later.guest(), 99, None).await, 401, "six seconds later there is one more");
}

#[actix_web::test]
async fn logins_that_succeed_use_nothing_up() {
    let app = with_ann().await;
    for _ in 0..40 {
        assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 303);
    }
    assert_eq!(app.database.number("SELECT count(*) FROM login_throttles"), 0);
}

#[actix_web::test]
async fn what_a_stranger_says_of_where_it_comes_from_does_not_count() {
    let app = with_ann().await;
    let count = tries(&app, |number| Some(format!("203.0.113.{number}"))).await;
    assert!(SUPPLY.contains(&count), "{count} tries");
    assert_eq!(app.database.texts("SELECT key FROM login_throttles WHERE key LIKE 'address:%'"), ["address:127.0.0.1"]);
}

#[actix_web::test]
async fn what_a_trusted_proxy_says_counts_and_nothing_before_it() {
    let arguments = ["--trusted-proxies", "127.0.0.1"].map(ToOwned::to_owned).into();
    let app = TestApp::start_with(Options { arguments, ..Options::default() }).await;
    let count = tries(&app, |number| Some(format!("198.51.100.{number}, 203.0.113.9"))).await;
    assert!(SUPPLY.contains(&count), "{count} tries, whatever stands before the proxy's word");
    assert_eq!(guess(&app.guest(), 99, Some("203.0.113.10")).await, 401, "somebody else behind the proxy is not held");
    assert_eq!(guess(&app.guest(), 98, Some("2001:db8::1")).await, 401);
    let keys = app.database.texts("SELECT key FROM login_throttles WHERE key LIKE 'address:%' ORDER BY key");
    assert_eq!(keys, ["address:2001:db8::/64", "address:203.0.113.10", "address:203.0.113.9"]);
}

#[actix_web::test]
async fn guesses_at_the_setup_link_are_held() {
    let app = TestApp::start().await;
    let token = app.db.write(Author::command_line(), setup_tokens::create).await.expect("a token");
    let guest = app.guest();
    let mut count = 0;
    while guest.get(&format!("/setup?token=wrong{count}")).await.status == 404 {
        count += 1;
        assert!(count <= *SUPPLY.end(), "no end");
    }
    assert!(SUPPLY.contains(&count), "{count} tries");
    let held = guest.get(&format!("/setup?token={token}")).await;
    let wait: u64 = held.header("retry-after").parse().expect("seconds");
    assert!(held.status == 429 && (1..=6).contains(&wait), "{}", held.text());
    assert!(held.text().contains("Too many tries. Try again in"), "{}", held.text());
    let later = later(&app, TimeDelta::seconds(6));
    assert_eq!(later.guest().get(&format!("/setup?token={token}")).await.status, 200);
}
