//! Sessions: the cookie, what is stored of it, and when it opens nothing any more.

use actix_web::cookie::{Cookie, CookieJar, Key};
use chrono::TimeDelta;
use quarterdeck::token;
use reqwest::Method;

use super::support::{Options, PASSWORD, Page, TestApp};

const ANN: &str = "ann@example.com";

async fn log_in(app: &TestApp) -> Page {
    let page = app.guest().post("/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    page
}

/// The cookie as a browser sends it back.
fn cookie(page: &Page) -> String {
    page.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

/// The flags of the cookie, in lower case.
fn flags(page: &Page) -> Vec<String> {
    page.header("set-cookie").split(';').skip(1).map(|flag| flag.trim().to_lowercase()).collect()
}

/// The status of the account page for whoever has this cookie: 200 in a session, 303 without.
async fn account(app: &TestApp, cookie: &str) -> u16 {
    let guest = app.guest();
    guest.send(guest.request(Method::GET, "/account").header("cookie", cookie)).await.status
}

/// Another application on the same database, with its clock ahead.
fn later(app: &TestApp, ahead: TimeDelta, arguments: &[&str]) -> TestApp {
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    TestApp::start_on(app.database.shared(), Options { arguments, ahead })
}

async fn started(arguments: &[&str]) -> TestApp {
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let app = TestApp::start_with(Options { arguments, ..Default::default() }).await;
    app.db_user(ANN, &[]).await;
    app
}

#[actix_web::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = started(&[]).await;
    let page = log_in(&app).await;
    assert!(cookie(&page).starts_with("quarterdeck="), "{}", cookie(&page));
    let flags = flags(&page);
    for flag in ["httponly", "samesite=lax", "path=/"] {
        assert!(flags.iter().any(|set| set == flag), "{flag} among {flags:?}");
    }
    assert!(!flags.iter().any(|flag| flag == "secure" || flag.starts_with("domain")), "over http: {flags:?}");
    assert_eq!(page.header("strict-transport-security"), "", "no HSTS over http");
    assert_eq!(app.guest().get("/login").await.header("set-cookie"), "", "a guest needs no cookie");
}

#[actix_web::test]
async fn under_https_the_cookie_is_secure_and_bound_to_the_host_and_browsers_stay_with_https() {
    let app = started(&["--public-url", "https://desk.example.com"]).await;
    let page = log_in(&app).await;
    assert!(cookie(&page).starts_with("__Host-quarterdeck="), "{}", cookie(&page));
    let flags = flags(&page);
    for flag in ["httponly", "samesite=lax", "path=/", "secure"] {
        assert!(flags.iter().any(|set| set == flag), "{flag} among {flags:?}");
    }
    assert!(!flags.iter().any(|flag| flag.starts_with("domain")), "a __Host- cookie has no domain: {flags:?}");
    for path in ["/login", "/nothing-here", "/users", quarterdeck::assets::url("app.css")] {
        let hsts = app.guest().get(path).await.header("strict-transport-security").to_owned();
        assert!(hsts.starts_with("max-age=") && hsts != "max-age=0", "HSTS of {path}: {hsts:?}");
    }
    assert_eq!(account(&app, &cookie(&page)).await, 200, "the cookie opens the session");
    let plain = cookie(&page).replace("__Host-", "");
    assert_eq!(account(&app, &plain).await, 303, "the cookie of another name opens nothing");
}

#[actix_web::test]
async fn the_key_cannot_be_guessed_and_only_its_hash_is_stored() {
    let app = started(&[]).await;
    let keys: Vec<_> = {
        let pages = [log_in(&app).await, log_in(&app).await];
        pages.iter().map(|page| cookie(page).chars().rev().take(43).collect::<String>()).collect()
    };
    assert_ne!(keys[0], keys[1], "every session has a key of its own");
    let stored = app.database.texts("SELECT key_hash FROM sessions ORDER BY id");
    for (key, stored) in keys.iter().zip(&stored) {
        let key: String = key.chars().rev().collect();
        assert!(
            key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
            "43 characters of base64url are 256 bits: {key}"
        );
        assert_eq!(*stored, token::hash(&key), "what is stored is the hash of the key");
        let rest =
            app.database.texts("SELECT address || user_agent || CAST(id AS TEXT) || key_hash FROM sessions").concat();
        assert!(!rest.contains(&key), "the key itself is nowhere in the row");
    }
    assert_eq!(stored.len(), 2);
}

#[actix_web::test]
async fn a_forged_cookie_is_a_guests() {
    let app = started(&[]).await;
    let real = cookie(&log_in(&app).await);
    assert_eq!(account(&app, &real).await, 200, "the real one opens the session");
    // Signed as the application signs: the signature is not what guards the session.
    let signed = |key: String| {
        let mut jar = CookieJar::new();
        jar.signed_mut(&Key::from(&[0; 64])).add(Cookie::new("quarterdeck", key));
        let value = jar.get("quarterdeck").expect("the cookie").value().to_owned();
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        format!("quarterdeck={value}")
    };
    let hash = app.database.texts("SELECT key_hash FROM sessions").concat();
    let mut altered = real.clone();
    let last = altered.pop().expect("a character");
    altered.push(if last == 'A' { 'B' } else { 'A' });
    let forged = [
        String::new(),
        "quarterdeck".into(),
        "quarterdeck=".into(),
        "quarterdeck=x".into(),
        "quarterdeck=%00%ff".into(),
        "quarterdeck=\"\"".into(),
        format!("quarterdeck={}", "x".repeat(5000)),
        real[..real.len() - 1].to_owned(),
        altered,
        real.replace("quarterdeck=", "quarterdeck= "),
        signed("x".into()),
        signed(hash),
        signed("x".repeat(3000)),
        signed("' OR 1 = 1 --".into()),
        signed(token::new().expect("random numbers")),
        "quarterdeck_notice=!!".into(),
    ];
    for forged in forged {
        let status = account(&app, &forged).await;
        // One character less is white space less where the value is trimmed: the same cookie, then.
        let expected = if forged == real.replace("quarterdeck=", "quarterdeck= ") { [200, 303] } else { [303, 303] };
        assert!(expected.contains(&status), "{status} for the cookie {forged:?}");
    }
    assert_eq!(account(&app, &real).await, 200, "forgeries do not end the real one");
}

#[actix_web::test]
async fn a_session_ends_after_a_rest_and_not_while_it_is_used() {
    let app = started(&[]).await;
    let cookie = cookie(&log_in(&app).await);
    let hours = |hours: i64| TimeDelta::minutes(hours * 60 - 1);
    assert_eq!(account(&later(&app, hours(12), &[]), &cookie).await, 200, "a minute before the end");
    assert_eq!(
        account(&later(&app, hours(23), &[]), &cookie).await,
        200,
        "twelve hours after it was used, not after it began"
    );
    let end = later(&app, hours(36), &[]);
    assert_eq!(account(&end, &cookie).await, 303, "after more than twelve hours of rest");
    end.db_user("bob@example.com", &[]).await;
    end.logged_in("bob@example.com").await;
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 1, "the next login sweeps it out");
}

#[actix_web::test]
async fn a_short_rest_is_kept_to_as_well() {
    let idle = ["--session-idle", "30s"];
    let app = started(&idle).await;
    let cookie = cookie(&log_in(&app).await);
    for seconds in [20, 40, 60] {
        let app = later(&app, TimeDelta::seconds(seconds), &idle);
        assert_eq!(account(&app, &cookie).await, 200, "used every twenty seconds, at {seconds} s");
    }
    assert_eq!(account(&later(&app, TimeDelta::seconds(95), &idle), &cookie).await, 303, "after 35 s of rest");
}

#[actix_web::test]
async fn a_session_ends_at_its_age_however_much_it_is_used() {
    let max = ["--session-max", "1d"];
    let app = started(&max).await;
    let cookie = cookie(&log_in(&app).await);
    for minutes in [11 * 60, 22 * 60, 24 * 60 - 1] {
        let app = later(&app, TimeDelta::minutes(minutes), &max);
        assert_eq!(account(&app, &cookie).await, 200, "used all the time, at {minutes} min");
    }
    assert_eq!(account(&later(&app, TimeDelta::minutes(24 * 60 + 1), &max), &cookie).await, 303, "after a day");
    assert_eq!(account(&app, &cookie).await, 200, "the clock decides, no row was touched by being looked at too late");
}

#[actix_web::test]
async fn a_logout_ends_the_session_in_the_database() {
    let app = started(&[]).await;
    let (kept, ended) = (cookie(&log_in(&app).await), cookie(&log_in(&app).await));
    let visitor = app.guest();
    let page = visitor.send(visitor.with_form(Method::POST, "/logout", &[]).header("cookie", &ended)).await;
    assert_eq!((page.status, page.location()), (303, "/login"));
    assert!(flags(&page).iter().any(|flag| flag == "max-age=0"), "the browser forgets the cookie: {:?}", flags(&page));
    assert_eq!(account(&app, &ended).await, 303, "a copy of the cookie opens nothing");
    assert_eq!(account(&app, &kept).await, 200, "other sessions stay");
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 1);
}

#[actix_web::test]
async fn two_processes_share_sessions() {
    let app = started(&[]).await;
    let other = later(&app, TimeDelta::zero(), &[]);
    let cookie = cookie(&log_in(&app).await);
    assert_eq!(account(&other, &cookie).await, 200, "what one began the other knows");
    let visitor = other.guest();
    visitor.send(visitor.with_form(Method::POST, "/logout", &[]).header("cookie", &cookie)).await;
    assert_eq!(account(&app, &cookie).await, 303, "what one ended is ended for the other");
}

#[actix_web::test]
async fn whoever_is_deactivated_or_deleted_or_loses_a_role_feels_it_at_the_next_request() {
    let app = started(&[]).await;
    let first = cookie(&log_in(&app).await);
    app.database.execute("UPDATE users SET is_active = FALSE");
    assert_eq!(account(&app, &first).await, 303, "deactivated by another program");
    app.database.execute("UPDATE users SET is_active = TRUE");
    let second = cookie(&log_in(&app).await);
    app.database.execute("DELETE FROM users");
    assert_eq!(account(&app, &second).await, 303, "deleted by another program");

    let visitor = app.user_with(&["users.view"]).await;
    assert_eq!(visitor.get("/users").await.status, 200);
    app.database.execute("DELETE FROM role_permissions");
    assert_eq!(visitor.get("/users").await.status, 403, "the role's permission is taken");
    assert_eq!(visitor.get("/account").await.status, 200, "the session stays");
    app.database.execute("INSERT INTO role_permissions SELECT id, 'users.view' FROM roles WHERE NOT is_builtin");
    assert_eq!(visitor.get("/users").await.status, 200, "given back, at once");
    app.database.execute("DELETE FROM user_roles");
    assert_eq!(visitor.get("/users").await.status, 403, "the role is taken");
}

#[actix_web::test]
async fn a_session_does_not_come_back_when_its_user_is_made_active_again() {
    let app = started(&[]).await;
    let admin = app.admin().await;
    let cookie = cookie(&log_in(&app).await);
    let id = app.database.number("SELECT id FROM users WHERE email = 'ann@example.com'");
    for (is_active, version) in [("false", "1"), ("true", "2")] {
        let page =
            admin.patch(&format!("/users/{id}/is_active"), &[("is_active", is_active), ("version", version)]).await;
        assert_eq!(page.status, 200, "active: {is_active}: {}", page.text());
        assert_eq!(account(&app, &cookie).await, 303, "the session after the account was set active: {is_active}");
    }
}
