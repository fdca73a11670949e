//! By browser: one in which a user has logged in before.

use chrono::TimeDelta;
use quarterdeck::crud::devices;
use quarterdeck::token;
use reqwest::Method;

use super::{ANN, RIGHT, WRONG, failed, later, log_in, with_ann};
use crate::support::{Options, PASSWORD, Page, TestApp};

/// The device cookie of an answer, with its attributes.
fn device(page: &Page) -> Option<String> {
    let cookies = page.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().expect("text").to_owned());
    cookies.into_iter().find(|cookie| cookie.contains("quarterdeck_device="))
}

/// What the browser sends back of it.
fn cookie(page: &Page) -> String {
    device(page).expect("a device cookie").split(';').next().expect("a cookie").to_owned()
}

/// A login of ann from a browser with this cookie and no other.
async fn log_in_with(app: &TestApp, cookie: &str, password: &str) -> Page {
    let guest = app.guest();
    let request = guest.with_form(Method::POST, "/login", &[("email", ANN), ("password", password)]);
    guest.send(request.header("cookie", cookie)).await
}

/// Ann's account held for the rest of the day, and her address of the network as well.
async fn held(app: &TestApp) {
    failed(app, ANN, 99);
    assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401);
    app.database.execute(
        "UPDATE login_throttles SET held_until = (SELECT max(held_until) FROM login_throttles) WHERE key LIKE 'address:%'",
    );
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 429, "strangers are held");
}

#[actix_web::test]
async fn from_a_browser_that_she_has_used_before_the_owner_gets_in_while_strangers_are_held() {
    let app = with_ann().await;
    let known = app.logged_in(ANN).await;
    assert_eq!(known.post("/logout", &[]).await.status, 303);
    held(&app).await;
    assert_eq!(log_in(&known, ANN, WRONG).await.status, 401, "she may mistype");
    assert_eq!(log_in(&known, ANN, RIGHT).await.status, 303, "and get in");
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 429, "strangers stay held: her login is not theirs");
}

#[actix_web::test]
async fn failures_in_a_known_browser_count_for_that_browser_alone() {
    let app = with_ann().await;
    let (stolen, other) = (app.logged_in(ANN).await, app.logged_in(ANN).await);
    for _ in 0..3 {
        assert_eq!(log_in(&stolen, ANN, WRONG).await.status, 401);
    }
    let before = app.hasher.verifications();
    let held = log_in(&stolen, ANN, RIGHT).await;
    assert_eq!((held.status, held.header("retry-after")), (429, "3"), "a stolen browser guesses no faster");
    assert_eq!(app.hasher.verifications(), before, "nor is anything verified");
    assert_eq!(log_in(&other, ANN, RIGHT).await.status, 303, "her other browser is not held");
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 303, "nor is a new one");
}

#[actix_web::test]
async fn a_browser_stays_known_when_a_login_stops_before_the_second_factor() {
    let app = TestApp::start().await;
    let (known, _, codes) = app.with_phone(ANN).await;
    assert_eq!(known.post("/logout", &[]).await.status, 303);
    let stopped = known.post("/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!((stopped.status, device(&stopped)), (303, None), "half-way there is no new cookie");
    held(&app).await;
    let again = known.post("/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(again.status, 303, "the one she had still counts");
    let done = known.post("/login/second-factor", &[("code", &codes[0])]).await;
    assert!(done.status == 303 && device(&done).is_some(), "and then she gets another");
}

#[actix_web::test]
async fn a_cookie_that_is_not_hers_does_not_help() {
    let app = with_ann().await;
    app.db_user("bob@example.com", &[]).await;
    let bobs = cookie(&log_in(&app.guest(), "bob@example.com", RIGHT).await);
    let former = cookie(&log_in(&app.guest(), ANN, RIGHT).await);
    let current = cookie(&log_in_with(&app, &former, RIGHT).await);
    assert_ne!(former, current, "each login has a new one");
    let hash = app.database.texts("SELECT token_hash FROM devices WHERE user_id = 1").concat();
    held(&app).await;
    let invented = token::new().expect("random numbers");
    for (what, cookie) in [
        ("somebody else's", bobs),
        ("one from before her last login", former),
        ("an invented one", format!("quarterdeck_device={invented}")),
        ("the stored hash", format!("quarterdeck_device={hash}")),
        ("an empty one", "quarterdeck_device=".into()),
        ("one of another name", current.replace("quarterdeck_device", "__Host-quarterdeck_device")),
    ] {
        assert_eq!(log_in_with(&app, &cookie, RIGHT).await.status, 429, "{what}: {cookie}");
    }
    assert_eq!(log_in_with(&app, &current, RIGHT).await.status, 303, "but hers does");
}

#[actix_web::test]
async fn the_cookie_is_given_at_each_login_and_out_of_reach_of_scripts_and_other_sites() {
    let app = with_ann().await;
    assert_eq!(device(&log_in(&app.guest(), ANN, WRONG).await), None, "a refused login gets none");
    app.db_forget_failures();
    let page = log_in(&app.guest(), ANN, RIGHT).await;
    let set = device(&page).expect("a device cookie").to_lowercase();
    for flag in ["httponly", "samesite=lax", "path=/", "max-age=34560000"] {
        assert!(set.contains(flag), "{flag} in {set}");
    }
    assert!(!set.contains("secure") && !set.contains("domain"), "{set}");
    let stored = app.database.texts("SELECT token_hash FROM devices");
    let key = cookie(&page).trim_start_matches("quarterdeck_device=").to_owned();
    assert_eq!(stored, [token::hash(&key)], "only its hash is stored");
    let arguments = ["--public-url", "https://desk.example.com"].map(ToOwned::to_owned).into();
    let secure = TestApp::start_on(app.database.shared(), Options { arguments, ..Options::default() });
    let set = device(&log_in(&secure.guest(), ANN, RIGHT).await).expect("a device cookie");
    assert!(set.starts_with("__Host-quarterdeck_device=") && set.to_lowercase().contains("secure"), "{set}");
}

#[actix_web::test]
async fn a_browser_is_known_for_whoever_logged_in_there_last() {
    let app = with_ann().await;
    let bob = app.db_user("bob@example.com", &[]).await.id;
    let browser = app.guest();
    assert_eq!(log_in(&browser, ANN, RIGHT).await.status, 303);
    let page = log_in(&browser, "bob@example.com", RIGHT).await;
    assert_eq!(app.database.numbers("SELECT user_id FROM devices"), [bob], "one browser, one row");
    let key = cookie(&page).trim_start_matches("quarterdeck_device=").to_owned();
    let now = app.db.clock().now();
    for (ahead, user) in [(TimeDelta::days(399), Some(bob)), (TimeDelta::days(401), None)] {
        let key = key.clone();
        assert_eq!(app.db_read(move |conn| devices::user_of(conn, &key, now + ahead)).await, user, "{ahead} later");
    }
}

#[actix_web::test]
async fn a_user_has_at_most_twenty_and_those_not_used_for_400_days_go() {
    let app = with_ann().await;
    let first = cookie(&log_in(&app.guest(), ANN, RIGHT).await);
    for _ in 0..20 {
        assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 303);
    }
    let count = || app.database.number("SELECT count(*) FROM devices");
    assert_eq!(count(), 20);
    held(&app).await;
    assert_eq!(log_in_with(&app, &first, RIGHT).await.status, 429, "the oldest is forgotten");
    let later = later(&app, TimeDelta::days(401));
    assert_eq!(log_in(&later.guest(), ANN, RIGHT).await.status, 303);
    assert_eq!(count(), 1, "the others went at a later login");
}
