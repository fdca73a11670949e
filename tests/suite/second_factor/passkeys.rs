//! Passkeys, as second factor and instead of the password, and every answer that is not one.

use chrono::TimeDelta;
use serde_json::Value;

use crate::support::{Device, Options, PASSWORD, Page, TestApp, Visitor, recovery_codes};

const ANN: &str = "ann@example.com";
const PAGE: &str = "/account/second-factor";
const PASSKEYS: &str = "/account/second-factor/passkeys";
const STEP: &str = "/login/second-factor";

/// Ann with a passkey, and one of her logins.
async fn with_passkey(app: &TestApp) -> (Visitor, Device) {
    app.db_user(ANN, &[]).await;
    let ann = app.logged_in(ANN).await;
    let mut device = Device::new(app, 7);
    let added = device.add_to(&ann).await;
    assert_eq!(recovery_codes(&added).len(), 10, "with the first factor come recovery codes: {}", added.text());
    (ann, device)
}

async fn asked(visitor: &Visitor, path: &str) -> Value {
    Device::asked(&visitor.post(&format!("{path}/options"), &[]).await)
}

async fn enter(visitor: &Visitor, credential: &str) -> Page {
    visitor.post("/login/passkey", &[("credential", credential), ("next", "/account")]).await
}

fn challenges(app: &TestApp) -> i64 {
    app.database.number("SELECT count(*) FROM passkey_challenges")
}

#[actix_web::test]
async fn a_passkey_is_added_and_opens_the_account_alone_or_after_the_password() {
    let app = TestApp::start().await;
    let (ann, mut device) = with_passkey(&app).await;
    assert_eq!(ann.get(PAGE).await.all("tbody td:first-child"), ["Ship's key"]);
    assert_eq!(challenges(&app), 0, "what is answered is forgotten");

    let alone = app.guest();
    assert!(alone.get("/login").await.has("form[data-passkey=get]"));
    let question = asked(&alone, "/login/passkey").await;
    assert_eq!(question["publicKey"]["userVerification"], "required");
    let entered = enter(&alone, &device.used(&question)).await;
    assert_eq!((entered.status, entered.location()), (303, "/account"), "{}", entered.text());
    assert_eq!(alone.get("/account").await.status, 200, "nothing more is asked for");

    let half = app.half_in(ANN).await;
    assert!(half.get(STEP).await.has("form[data-passkey=get]"));
    let question = asked(&half, STEP).await;
    let given =
        half.post(&format!("{STEP}/passkey"), &[("credential", &device.used(&question)), ("next", "/account")]).await;
    assert_eq!((given.status, given.location()), (303, "/account"), "{}", given.text());
    assert_eq!(half.get("/account").await.status, 200);
    let ways = app.database.texts("SELECT changes FROM audit_entries WHERE action = 'login' ORDER BY id");
    assert!(ways[1].contains("\"passkey\"") && ways[2].contains("\"password + passkey\""), "{ways:?}");
    assert!(!ann.get(PAGE).await.text().contains("never"), "its use is noted");
}

#[actix_web::test]
async fn an_answer_counts_once_in_the_browser_that_was_asked_and_within_five_minutes() {
    let app = TestApp::start().await;
    let (_, mut device) = with_passkey(&app).await;
    let guest = app.guest();
    let question = asked(&guest, "/login/passkey").await;
    let answer = device.used(&question);
    let stranger = app.guest();
    assert_eq!(enter(&stranger, &answer).await.status, 401, "another browser was not asked");
    asked(&stranger, "/login/passkey").await;
    assert_eq!(enter(&stranger, &answer).await.status, 401, "or was asked something else");
    assert_eq!(enter(&guest, &answer).await.status, 303, "this one was");
    assert_eq!(enter(&guest, &answer).await.status, 401, "once");

    let (late, ahead) = (app.guest(), TimeDelta::minutes(6));
    let answer = device.used(&asked(&late, "/login/passkey").await);
    let later = TestApp::start_on(app.database.shared(), Options { ahead, ..Default::default() });
    assert_eq!(enter(&late.at(&later), &answer).await.status, 401, "after six minutes it is too late");
    app.db_forget_failures();
    assert_eq!(enter(&late, &answer).await.status, 401, "and is used up");
    let refused = "SELECT count(*) FROM audit_entries WHERE action = 'login_refused' AND changes LIKE '%passkey%'";
    assert_eq!(app.database.number(refused), 5, "each refusal is on record");
}

#[actix_web::test]
async fn an_answer_to_another_question_is_none() {
    let app = TestApp::start().await;
    let (ann, mut device) = with_passkey(&app).await;
    app.db_user("bob@example.com", &[]).await;
    let bob = app.logged_in("bob@example.com").await;
    let mut second = Device::new(&app, 8);
    second.add_to(&bob).await;

    let half = app.half_in(ANN).await;
    let guests = device.used(&asked(&half, "/login/passkey").await);
    let given = half.post(&format!("{STEP}/passkey"), &[("credential", &guests)]).await;
    assert_eq!(given.status, 401, "what a guest was asked does not do after the password");
    let claimants = device.used(&asked(&half, STEP).await);
    assert_eq!(enter(&half, &claimants).await.status, 401, "nor the other way round");
    let bobs = second.used(&asked(&half, STEP).await);
    let given = half.post(&format!("{STEP}/passkey"), &[("credential", &bobs)]).await;
    assert_eq!(given.status, 401, "somebody else's passkey opens nothing");
    let question = asked(&ann, PASSKEYS).await;
    let made = Device::new(&app, 9).made(&question);
    assert_eq!(
        bob.post(PASSKEYS, &[("credential", &made)]).await.status,
        422,
        "what Ann was asked Bob does not answer"
    );
    let login = device.used(&asked(&ann, "/login/passkey").await);
    assert_eq!(ann.post(PASSKEYS, &[("credential", &login)]).await.status, 422, "a login makes no passkey");
    for nonsense in ["", "{}", "null", "\u{0}", "{\"id\":1}"] {
        asked(&half, "/login/passkey").await;
        assert_eq!(enter(&half, nonsense).await.status, 401, "{nonsense:?}");
        assert_eq!(
            half.post(&format!("{STEP}/passkey"), &[("credential", nonsense)]).await.status,
            401,
            "{nonsense:?}"
        );
        assert_eq!(ann.post(PASSKEYS, &[("credential", nonsense)]).await.status, 422, "{nonsense:?}");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM passkeys"), 2, "nothing was added");
}

#[actix_web::test]
async fn an_answer_from_elsewhere_unverified_or_from_a_copy_is_refused() {
    let app = TestApp::start().await;
    let (_, device) = with_passkey(&app).await;
    let refused = async |what: &str, change: &dyn Fn(&mut Device)| {
        let (guest, mut device) = (app.guest(), device.clone());
        change(&mut device);
        let answer = device.used(&asked(&guest, "/login/passkey").await);
        assert_eq!(enter(&guest, &answer).await.status, 401, "{what}");
    };
    refused("at another site", &|device| device.origin = "https://desk.example.net".into()).await;
    refused("at the address by number", &|device| device.origin = device.origin.replace("localhost", "127.0.0.1"))
        .await;
    refused("without verifying who is there", &|device| device.flags = 0x01).await;
    refused("a device that nobody knows", &|device| device.id = vec![1; 32]).await;
    refused("for another user", &|device| device.user = vec![0; 16]).await;
    refused("with another key", &|device| {
        let (id, user) = (device.id.clone(), device.user.clone());
        *device = Device::new(&app, 9);
        (device.id, device.user) = (id, user);
    })
    .await;
    let mut used = device.clone();
    let guest = app.guest();
    let answer = used.used(&asked(&guest, "/login/passkey").await);
    assert_eq!(enter(&guest, &answer).await.status, 303);
    refused("a copy whose counter stands still", &|_| {}).await;
    app.database.execute("UPDATE users SET is_active = FALSE");
    refused("of somebody who is not active", &|device| device.counter = 50).await;
}

#[actix_web::test]
async fn a_device_is_one_users_and_a_name_has_its_limits() {
    let app = TestApp::start().await;
    let (ann, mut device) = with_passkey(&app).await;
    app.db_user("bob@example.com", &[]).await;
    let bob = app.logged_in("bob@example.com").await;
    let taken = device.add_to(&bob).await;
    assert!(taken.status == 422 && taken.text().contains("in use already"), "{} {}", taken.status, taken.text());
    let excluded = asked(&ann, PASSKEYS).await["publicKey"]["excludeCredentials"].as_array().map(Vec::len);
    assert_eq!(excluded, Some(1), "the browser is told which it has");
    let long = ann.post(PASSKEYS, &[("name", &"x".repeat(65)), ("credential", "{}")]).await;
    assert!(long.status == 422 && long.text().contains("at most 64"), "{}", long.text());
    let mut second = Device::new(&app, 8);
    let answer = second.made(&asked(&ann, PASSKEYS).await);
    let added = ann.post(PASSKEYS, &[("name", " "), ("credential", &answer)]).await;
    assert_eq!((added.status, added.location()), (303, PAGE), "recovery codes are there already");
    assert_eq!(ann.get(PAGE).await.all("tbody td:first-child"), ["Ship's key", "Passkey"]);
}

#[actix_web::test]
async fn one_removes_the_own_passkeys_with_the_password_and_nobody_elses() {
    let app = TestApp::start().await;
    let (ann, mut device) = with_passkey(&app).await;
    let admin = app.admin().await;
    let remove = ann.get(PAGE).await.attribute("tbody form", "action");
    assert_eq!(admin.post(&remove, &[("confirm_password", PASSWORD)]).await.status, 404, "not Ann's");
    app.database.execute("UPDATE sessions SET confirmed_at = NULL");
    assert_eq!(ann.post(&remove, &[]).await.status, 403, "without the password");
    let removed = ann.post(&remove, &[("confirm_password", PASSWORD)]).await;
    assert_eq!((removed.status, removed.location()), (303, PAGE));
    let whole = app.database.texts("SELECT whole FROM audit_entries WHERE action = 'second_factor_remove'").concat();
    assert!(whole.contains("credential_id"), "it is on record whole: {whole}");
    let guest = app.guest();
    let answer = device.used(&asked(&guest, "/login/passkey").await);
    assert_eq!(enter(&guest, &answer).await.status, 401, "it opens nothing any more");
    assert_eq!(app.half_in(ANN).await.get("/account").await.status, 200, "the password is enough again");
}

#[actix_web::test]
async fn a_late_passkey_asks_for_the_password_and_keeps_what_was_made() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let later =
        TestApp::start_on(app.database.shared(), Options { ahead: TimeDelta::minutes(20), ..Default::default() });
    let ann = app.logged_in(ANN).await.at(&later);
    let mut device = Device::new(&later, 7);
    let question = device.add_to(&ann).await;
    assert_eq!((question.status, question.has("[name=confirm_password]")), (403, true), "{}", question.text());
    let form = question.form(".question form").set("confirm_password", PASSWORD);
    assert_eq!(form.values("name"), ["Ship's key"]);
    assert_eq!(recovery_codes(&ann.post(PASSKEYS, &form.pairs()).await).len(), 10, "then it is added");
}

#[actix_web::test]
async fn the_passkey_of_a_locked_account_is_refused_on_record() {
    let app = TestApp::start().await;
    let (_, mut device) = with_passkey(&app).await;
    let guest = app.guest();
    app.database.execute("UPDATE users SET is_active = FALSE");
    let answer = device.used(&asked(&guest, "/login/passkey").await);
    assert_eq!(enter(&guest, &answer).await.status, 401);
    let refused = "SELECT record FROM audit_entries WHERE action = 'login_refused' AND actor_id IS NULL";
    assert_eq!(app.database.texts(refused), [ANN]);
}

#[actix_web::test]
async fn an_address_that_asks_or_answers_too_often_has_to_wait() {
    let app = TestApp::start().await;
    let guest = app.guest();
    let mut count = 0;
    while enter(&guest, "nonsense").await.status == 401 {
        count += 1;
        assert!(count < 500, "never held");
    }
    let held = enter(&guest, "nonsense").await;
    assert!(held.status == 429 && !held.header("retry-after").is_empty(), "{}", held.status);
    let asked = guest.post("/login/passkey/options", &[]).await;
    assert!(asked.status == 429 && !asked.header("retry-after").is_empty(), "{}", asked.status);
    assert_eq!(app.database.number("SELECT count(*) FROM passkey_challenges"), 0, "nothing is written");
}
