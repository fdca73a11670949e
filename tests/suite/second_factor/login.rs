//! The login in two steps.

use chrono::TimeDelta;
use quarterdeck::crud::users;

use crate::support::{Options, PASSWORD, TestApp, Visitor};

const ANN: &str = "ann@example.com";
const STEP: &str = "/login/second-factor";

async fn is_in(visitor: &Visitor) -> bool {
    visitor.get("/account").await.status == 200
}

#[actix_web::test]
async fn after_the_password_the_code_is_asked_for_and_then_the_login_is_complete() {
    let app = TestApp::start().await;
    let (_, phone, _) = app.with_phone(ANN).await;
    let last_login = async || app.db_read(|conn| users::get_by_email(conn, ANN)).await.expect("Ann").last_login_at;
    let before = last_login().await;
    let visitor = app.guest();
    let form = [("email", ANN), ("password", PASSWORD), ("next", "/account?a=b")];
    let login = visitor.post("/login", &form).await;
    assert_eq!((login.status, login.location()), (303, "/account?a=b"));
    let half = login.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let asked = visitor.get("/account?a=b").await;
    assert_eq!((asked.status, asked.location()), (303, "/login/second-factor?next=%2Faccount%3Fa%3Db"));
    let page = visitor.get(asked.location()).await;
    assert_eq!((page.status, page.attribute("[name=code]", "autocomplete").as_str()), (200, "one-time-code"));
    assert_eq!(last_login().await, before, "nobody has logged in yet");
    let logins = "SELECT changes FROM audit_entries WHERE action = 'login' ORDER BY id";
    assert_eq!(app.database.texts(logins).len(), 1, "nor is a login on record");
    let begun = "SELECT actor || ' ' || record FROM audit_entries WHERE action = 'login_begun'";
    assert_eq!(app.database.texts(begun), ["ann@example.com ann@example.com"], "but that the password was right");
    let given = visitor.post(STEP, &page.form("form").set("code", &phone.code(1)).pairs()).await;
    assert_eq!((given.status, given.location()), (303, "/account?a=b"), "{}", given.text());
    assert_ne!(given.header("set-cookie").split(';').next(), Some(half.as_str()), "the session has a new key");
    assert!(is_in(&visitor).await);
    assert!(last_login().await > before, "now it is noted");
    assert!(app.database.texts(logins)[1].contains("password + code"), "and how");
    let old = app.guest();
    let request = old.request(reqwest::Method::GET, "/account").header("cookie", half);
    assert!(old.send(request).await.location().starts_with("/login?"), "the old key is nobody's");
    assert_eq!(visitor.get(STEP).await.status, 404, "who is in has nothing to give");
}

#[actix_web::test]
async fn a_wrong_code_is_refused_and_a_right_one_is_taken_once() {
    let app = TestApp::start().await;
    let (_, phone, _) = app.with_phone(ANN).await;
    let half = app.half_in(ANN).await;
    for wrong in ["", "123", "abcdef", "0000 0000 0000 0000"] {
        let page = half.post(STEP, &[("code", wrong), ("next", "/account")]).await;
        assert_eq!((page.status, page.has("#refused")), (401, true), "{wrong:?}");
        assert_eq!(page.attribute("[name=next]", "value"), "/account", "the way on is kept");
    }
    let reused = half.post(STEP, &[("code", &phone.code(0))]).await;
    assert_eq!(reused.status, 401, "the code that confirmed the app is used up");
    app.db_forget_failures();
    let spaced = phone.code(1).split_at(3).0.to_owned() + " " + phone.code(1).split_at(3).1;
    assert_eq!(half.post(STEP, &[("code", &spaced)]).await.status, 303, "spaces are for the eye");
    let again = app.half_in(ANN).await.post(STEP, &[("code", &phone.code(1))]).await;
    assert_eq!(again.status, 401, "and that one now too");
    let refused = "SELECT count(*) FROM audit_entries WHERE action = 'login_refused' AND record_id IS NOT NULL";
    assert_eq!(app.database.number(refused), 6, "each refusal is on record");
}

#[actix_web::test]
async fn wrong_codes_hold_the_next_one_back_and_a_recovery_code_still_opens() {
    let app = TestApp::start().await;
    let (_, phone, codes) = app.with_phone(ANN).await;
    let half = app.half_in(ANN).await;
    let devices = "SELECT count(*) FROM devices";
    assert_eq!(app.database.number(devices), 1, "a browser is known once its login is complete");
    // Ten failures hold the next try for 5 s, which no test lasts.
    assert_eq!(half.post(STEP, &[("code", "000000")]).await.status, 401, "the first is judged");
    app.database.execute("UPDATE login_throttles SET failures = 10 WHERE key LIKE 'second_factor:%'");
    app.database.execute("UPDATE login_throttles SET held_until = last_failed_at WHERE key LIKE 'second_factor:%'");
    assert_eq!(half.post(STEP, &[("code", "000000")]).await.status, 401, "after a wait the next one is");
    let held = half.post(STEP, &[("code", &phone.code(1))]).await;
    assert_eq!((held.status, held.header("retry-after").is_empty()), (429, false), "then a right one waits too");
    assert_eq!(half.post(STEP, &[("code", &codes[3])]).await.status, 303, "a recovery code can't be guessed");
}

#[actix_web::test]
async fn a_code_is_taken_in_its_step_and_the_ones_beside_it() {
    let app = TestApp::start().await;
    let (_, phone, _) = app.with_phone(ANN).await;
    let ahead = TimeDelta::minutes(5);
    let later = TestApp::start_on(app.database.shared(), Options { ahead, ..Default::default() });
    let half = later.half_in(ANN).await;
    for stale in [0, 12, 6] {
        app.db_forget_failures();
        assert_eq!(half.post(STEP, &[("code", &phone.code(stale))]).await.status, 401, "{stale} steps on");
    }
    app.db_forget_failures();
    assert_eq!(half.post(STEP, &[("code", &phone.code(10))]).await.status, 303);
}

#[actix_web::test]
async fn a_recovery_code_opens_once_and_of_two_at_once_one_wins() {
    let app = TestApp::start().await;
    let (_, _, codes) = app.with_phone(ANN).await;
    let half = app.half_in(ANN).await;
    let spelled = codes[0].to_uppercase().replace(' ', "-");
    assert_eq!(half.post(STEP, &[("code", &spelled)]).await.status, 303, "in any spelling");
    assert_eq!(app.half_in(ANN).await.post(STEP, &[("code", &codes[0])]).await.status, 401, "once");
    for code in &codes[1..4] {
        let visitors = [app.half_in(ANN).await, app.half_in(ANN).await, app.half_in(ANN).await, app.half_in(ANN).await];
        let tries = visitors.each_ref().map(|visitor| async { visitor.post(STEP, &[("code", code)]).await.status });
        let mut statuses = futures_of(tries).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 401, 401, 401], "one wins");
    }
    let left = "SELECT count(*) FROM recovery_codes WHERE used_at IS NULL";
    assert_eq!(app.database.number(left), 6);
    let uses = "SELECT count(*) FROM audit_entries WHERE action = 'recovery_code_use'";
    assert_eq!(app.database.number(uses), 4, "each use is on record");
}

/// All at once, each on a task of its own.
async fn futures_of<const N: usize>(tries: [impl Future<Output = u16>; N]) -> Vec<u16> {
    let mut tries = tries.map(Box::pin);
    let mut done = vec![None; N];
    std::future::poll_fn(|context| {
        for (place, one) in tries.iter_mut().enumerate() {
            if done[place].is_none()
                && let std::task::Poll::Ready(status) = one.as_mut().poll(context)
            {
                done[place] = Some(status);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
