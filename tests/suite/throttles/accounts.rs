//! By account.

use actix_web::rt::spawn;
use chrono::TimeDelta;
use reqwest::Method;

use super::{ANN, NOBODY, RIGHT, WRONG, comparable, failed, later, log_in, reasons, with_ann};
use crate::support::TestApp;

#[actix_web::test]
async fn a_held_login_comes_back_as_typed_and_says_how_long_to_wait() {
    let app = with_ann().await;
    for (failures, seconds, said) in
        [(0, "1", "1 second."), (2, "3", "3 seconds."), (8, "5", "5 seconds."), (24, "10", "10 seconds.")]
    {
        failed(&app, ANN, failures);
        assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401, "after {failures} failures and a wait");
        let held = log_in(&app.guest(), ANN, RIGHT).await;
        assert_eq!((held.status, held.header("retry-after")), (429, seconds), "{}", held.text());
        assert_eq!(held.all("[role=alert]"), [format!("Too many tries. Try again in {said}")]);
        assert_eq!(held.attribute("input[name=email]", "value"), ANN, "the address comes back");
        assert_eq!(held.attribute("input[name=next]", "value"), "/items", "the way on is kept");
        assert_eq!(held.attributes("input[name=password]", "value"), [""; 0], "the password does not come back");
        assert_eq!(held.header("set-cookie"), "", "nobody is logged in");
        let form = [("email", ANN), ("password", RIGHT)];
        let block = app.guest().htmx(Method::POST, "/login", &form).await;
        assert_eq!((block.status, block.header("retry-after")), (429, seconds), "with htmx as well");
    }
}

#[actix_web::test]
async fn after_the_wait_the_right_password_lets_in_and_clears_the_count() {
    let app = with_ann().await;
    assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401);
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 429, "not at once");
    let later = later(&app, TimeDelta::seconds(1));
    assert_eq!(log_in(&later.guest(), ANN, RIGHT).await.status, 303, "a second later");
    assert_eq!(app.database.number("SELECT count(*) FROM login_throttles WHERE key LIKE 'account:%'"), 0);
    assert_eq!(log_in(&app.guest(), ANN, RIGHT).await.status, 303, "nothing is held against her any more");
}

#[actix_web::test]
async fn after_a_hundred_failures_the_account_is_held_until_the_day_ends() {
    let app = with_ann().await;
    failed(&app, ANN, 99);
    assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401);
    let now = app.db.clock().now();
    let rest = (now.date().succ_opt().expect("a day").and_time(chrono::NaiveTime::MIN) - now).num_seconds();
    let held = log_in(&app.guest(), ANN, RIGHT).await;
    let wait: i64 = held.header("retry-after").parse().expect("seconds");
    assert!(held.status == 429 && (wait - rest).abs() <= 10, "{wait} of {rest} s until midnight");
    let tomorrow = later(&app, TimeDelta::seconds(rest + 1));
    assert_eq!(log_in(&tomorrow.guest(), ANN, RIGHT).await.status, 303, "the next day");
}

#[actix_web::test]
async fn nobody_learns_from_a_hold_whether_there_is_such_an_account() {
    let app = with_ann().await;
    app.db_user("bob@example.com", &[]).await;
    app.database.execute("UPDATE users SET is_active = FALSE WHERE email = 'bob@example.com'");
    for failures in [0, 2, 8, 24] {
        let mut seen = Vec::new();
        for (email, password) in [(ANN, WRONG), ("eve@example.com", WRONG), ("bob@example.com", RIGHT)] {
            failed(&app, email, failures);
            let before = app.hasher.verifications();
            let mut answers = Vec::new();
            for _ in 0..3 {
                answers.push(comparable(&log_in(&app.guest(), email, password).await, email));
            }
            assert_eq!(answers.iter().map(|answer| answer.0).collect::<Vec<_>>(), [401, 429, 429], "{email}");
            let rows = app.database.texts("SELECT CAST(failures AS TEXT) FROM login_throttles ORDER BY key");
            seen.push((answers, app.hasher.verifications() - before, rows));
        }
        assert!(seen.iter().all(|one| *one == seen[0]), "after {failures} failures: {seen:#?}");
        assert_eq!(seen[0].1, 1, "what is held is not verified");
    }
}

#[actix_web::test]
async fn of_many_guesses_at_once_few_are_judged_by_all_processes_together() {
    let app = with_ann().await;
    let other = later(&app, TimeDelta::zero());
    for email in [ANN, NOBODY] {
        app.db_forget_failures();
        let before = app.hasher.verifications() + other.hasher.verifications();
        let guesses: Vec<_> = (0..64)
            .map(|number| {
                let visitor = if number % 2 == 0 { app.guest() } else { other.guest() };
                spawn(async move { log_in(&visitor, email, &format!("{WRONG} {number}")).await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for guess in guesses {
            statuses.push(guess.await.expect("an answer"));
        }
        let judged = app.hasher.verifications() + other.hasher.verifications() - before;
        assert!((1..=4).contains(&judged), "{judged} of 64 guesses at {email} were judged: {statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), judged, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 401 | 429 | 503)), "{statuses:?}");
    }
}

#[actix_web::test]
async fn a_login_sent_twice_gets_in_twice() {
    let app = with_ann().await;
    let both = [(); 2].map(|()| {
        let visitor = app.guest();
        spawn(async move { log_in(&visitor, ANN, RIGHT).await.status })
    });
    for one in both {
        assert_eq!(one.await.expect("an answer"), 303);
    }
}

#[actix_web::test]
async fn another_process_holds_what_one_has_counted() {
    let app = with_ann().await;
    let other = later(&app, TimeDelta::zero());
    assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401);
    assert_eq!(log_in(&other.guest(), ANN, RIGHT).await.status, 429);
}

#[actix_web::test]
async fn every_failure_is_on_record_and_of_those_held_the_first() {
    let app = with_ann().await;
    for _ in 0..5 {
        log_in(&app.guest(), ANN, WRONG).await;
    }
    assert_eq!(reasons(&app), ["wrong password", "held: too many tries"]);
    app.db_forget_failures();
    for _ in 0..3 {
        log_in(&app.guest(), NOBODY, WRONG).await;
    }
    assert_eq!(reasons(&app)[2..], ["nobody has this address", "held: too many tries"]);
    let of =
        "SELECT actor || ' ' || record || ' ' || address FROM audit_entries WHERE action = 'login_refused' ORDER BY id";
    let held = format!("{ANN} {ANN} 127.0.0.1");
    assert_eq!(app.database.texts(of)[..2], [held.clone(), held]);
}

#[actix_web::test]
async fn what_was_typed_stands_nowhere() {
    let app = TestApp::start().await;
    log_in(&app.guest(), "a password typed in the wrong place", WRONG).await;
    log_in(&app.guest(), "a password typed in the wrong place", WRONG).await;
    for table in ["login_throttles", "audit_entries"] {
        let rows = if table == "login_throttles" { "key" } else { "actor || record || reason || changes" };
        let rows = app.database.texts(&format!("SELECT {rows} FROM {table}")).concat();
        assert!(!rows.is_empty() && !rows.contains("wrong place"), "{table}: {rows}");
    }
}

#[actix_web::test]
async fn the_own_password_asked_for_again_is_held_apart_from_strangers() {
    let app = with_ann().await;
    let ann = app.logged_in(ANN).await;
    failed(&app, ANN, 99);
    assert_eq!(log_in(&app.guest(), ANN, WRONG).await.status, 401, "a stranger spends the day's last try");
    let change = |current: &'static str| {
        let ann = ann.clone();
        async move {
            let form = [("current_password", current), ("password", "another horse battery")];
            ann.post("/account/password", &form).await
        }
    };
    for _ in 0..3 {
        assert_eq!(change(WRONG).await.status, 422, "that is no matter of hers");
    }
    let held = change(RIGHT).await;
    assert_eq!((held.status, held.header("retry-after")), (429, "3"), "{}", held.text());
    assert!(held.text().contains("Too many tries. Try again in 3 seconds."), "{}", held.text());
    assert_eq!(
        reasons(&app)[1..],
        ["wrong password, asked for again"; 3]
            .iter()
            .map(ToString::to_string)
            .chain(["held: too many tries".into()])
            .collect::<Vec<_>>()
    );
    let htmx = ann.htmx(Method::POST, "/account/password", &[("current_password", RIGHT), ("password", "x")]).await;
    assert_eq!(htmx.status, 429);
}
