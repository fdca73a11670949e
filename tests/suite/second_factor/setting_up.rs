//! Setting an authenticator app up, and removing it.

use chrono::TimeDelta;

use crate::support::{Options, PASSWORD, Page, Phone, TestApp, recovery_codes};

const ANN: &str = "ann@example.com";
const PAGE: &str = "/account/second-factor";
const APP: &str = "/account/second-factor/app";

/// As if the password had been given long ago.
fn forget_confirmations(app: &TestApp) {
    app.database.execute("UPDATE sessions SET confirmed_at = NULL");
}

/// The page that asks for the own password before it goes on.
fn asks_for_password(page: &Page, action: &str) -> bool {
    page.status == 403 && page.attributes(".question form", "action") == [action] && page.has("[name=confirm_password]")
}

#[actix_web::test]
async fn an_app_is_set_up_by_its_first_code_and_ten_recovery_codes_are_shown_once() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let ann = app.logged_in(ANN).await;
    assert!(ann.get("/account").await.link("See your second factor").is_some());
    ann.post(APP, &[]).await;
    let shown = ann.get(APP).await;
    assert_eq!((shown.status, shown.header("cache-control")), (200, "no-store"));
    let phone = Phone::reading(&shown);
    let done = ann.post(&format!("{APP}/confirm"), &[("code", &phone.code(0))]).await;
    let codes = recovery_codes(&done);
    assert_eq!((codes.len(), done.status, done.header("cache-control")), (10, 200, "no-store"));
    assert!(codes.iter().all(|code| code.len() == 19), "in groups for reading: {codes:?}");
    let page = ann.get(PAGE).await;
    assert!(page.text().contains("10 recovery codes are left"), "{}", page.text());
    assert!(codes.iter().all(|code| !page.body.contains(code.as_str())), "they are shown once");
    let again = ann.get(APP).await;
    assert_eq!((again.status, again.location()), (303, PAGE), "and so is the key");
    let twice = ann.post(APP, &[]).await;
    assert_eq!(twice.location(), PAGE, "one app is enough");
    let stored = app.database.texts("SELECT action || ' ' || changes FROM audit_entries ORDER BY id");
    assert!(
        stored.iter().any(|entry| entry.contains("second_factor_add") && entry.contains("authenticator app")),
        "{stored:?}"
    );
}

#[actix_web::test]
async fn a_wrong_first_code_sets_nothing_up() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let ann = app.logged_in(ANN).await;
    ann.post(APP, &[]).await;
    let phone = Phone::reading(&ann.get(APP).await);
    for wrong in ["", "000000000", "abcdef", phone.code(5).as_str(), phone.code(-5).as_str()] {
        let page = ann.post(&format!("{APP}/confirm"), &[("code", wrong)]).await;
        assert_eq!(
            (page.status, page.attributes("[aria-invalid]", "name")),
            (422, vec!["code".to_owned()]),
            "{wrong:?}"
        );
        assert_eq!(Phone::reading(&page).code(0), phone.code(0), "the same key is shown");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM recovery_codes"), 0);
    app.half_in(ANN).await.get("/account").await.has("h1").then_some(()).expect("she still needs the password alone");
    let later =
        TestApp::start_on(app.database.shared(), Options { ahead: TimeDelta::minutes(31), ..Default::default() });
    let late = later.logged_in(ANN).await.get(APP).await;
    assert_eq!(late.location(), PAGE, "a key that waits for half an hour is not shown any more");
}

#[actix_web::test]
async fn a_login_of_long_ago_does_not_set_an_app_up_without_the_password() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    let later =
        TestApp::start_on(app.database.shared(), Options { ahead: TimeDelta::minutes(16), ..Default::default() });
    let ann = app.logged_in(ANN).await.at(&later);
    let asked = ann.post(APP, &[]).await;
    assert!(asks_for_password(&asked, APP), "{} {}", asked.status, asked.text());
    let wrong = ann.post(APP, &[("confirm_password", "wrong")]).await;
    assert!(asks_for_password(&wrong, APP) && wrong.has("#confirm-fault"), "{}", wrong.text());
    assert_eq!(app.database.number("SELECT count(*) FROM totp_secrets"), 0);
    let begun = ann.post(APP, &[("confirm_password", PASSWORD)]).await;
    assert_eq!((begun.status, begun.location()), (303, APP));
}

#[actix_web::test]
async fn one_removes_the_app_with_the_own_password_and_then_the_password_is_enough() {
    let app = TestApp::start().await;
    let (ann, ..) = app.with_phone(ANN).await;
    let remove = format!("{APP}/remove");
    forget_confirmations(&app);
    for form in [&[][..], &[("confirm_password", "wrong")][..]] {
        assert!(asks_for_password(&ann.post(&remove, form).await, &remove));
    }
    assert_eq!(app.database.number("SELECT count(*) FROM totp_secrets"), 1, "nothing is removed");
    let removed = ann.post(&remove, &[("confirm_password", PASSWORD)]).await;
    assert_eq!((removed.status, removed.location()), (303, PAGE), "{}", removed.text());
    assert_eq!(app.database.number("SELECT count(*) FROM recovery_codes"), 0, "its recovery codes go with it");
    assert_eq!(app.half_in(ANN).await.get("/account").await.status, 200);
    assert_eq!(ann.post(&remove, &[("confirm_password", PASSWORD)]).await.status, 404, "there is none any more");
    let refused = ann.post("/account/second-factor/codes", &[("confirm_password", PASSWORD)]).await;
    assert_eq!((refused.status, refused.location()), (303, PAGE), "recovery codes stand in for something");
    assert_eq!(app.database.number("SELECT count(*) FROM recovery_codes"), 0);
}

#[actix_web::test]
async fn new_recovery_codes_spoil_the_old_ones() {
    let app = TestApp::start().await;
    let (ann, _, old) = app.with_phone(ANN).await;
    let path = "/account/second-factor/codes";
    forget_confirmations(&app);
    assert!(asks_for_password(&ann.post(path, &[]).await, path));
    let new = recovery_codes(&ann.post(path, &[("confirm_password", PASSWORD)]).await);
    assert!(new.len() == 10 && new.iter().all(|code| !old.contains(code)));
    let form = ann.get(PAGE).await.form("form[action$='/codes']");
    let others = recovery_codes(&ann.post(path, &form.pairs()).await);
    let again = ann.post(path, &form.pairs()).await;
    assert_eq!((again.status, again.location()), (303, PAGE), "a form that comes again spoils none: {}", again.text());
    let (old, new) = ([old, new].concat(), others);
    let half = app.half_in(ANN).await;
    assert_eq!(half.post("/login/second-factor", &[("code", &old[0])]).await.status, 401);
    assert_eq!(half.post("/login/second-factor", &[("code", &new[0])]).await.status, 303);
}

#[actix_web::test]
async fn what_was_made_for_somebody_else_is_not_done_to_who_is_logged_in_now() {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    app.db_user("bob@example.com", &[]).await;
    let form = app.logged_in(ANN).await.get(PAGE).await.form("form[action$=app]");
    let bob = app.logged_in("bob@example.com").await;
    assert_eq!(bob.post(APP, &form.pairs()).await.status, 409, "a form of Ann's page");
    assert_eq!(app.database.number("SELECT count(*) FROM totp_secrets"), 0, "sets nothing up for Bob");
}

#[actix_web::test]
async fn where_passkeys_can_not_work_the_page_says_what_to_set() {
    for public in ["https://192.0.2.1", "http://desk.example.com"] {
        let arguments = vec!["--public-url".to_owned(), public.to_owned()];
        let app = TestApp::start_with(Options { arguments, ..Default::default() }).await;
        app.db_user(ANN, &[]).await;
        let login = app.guest().post("/login", &[("email", ANN), ("password", PASSWORD)]).await;
        let cookie = login.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        let guest = app.guest();
        let page = guest.send(guest.request(reqwest::Method::GET, PAGE).header("cookie", cookie)).await;
        assert!(page.text().contains("QUARTERDECK_PUBLIC_URL=https://HOST"), "{}", page.text());
        assert!(!page.has("[data-passkey]") && !app.guest().get("/login").await.has("[data-passkey]"));
        assert_eq!(guest.post("/login/passkey/options", &[]).await.status, 403);
    }
}
