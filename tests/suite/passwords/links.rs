//! The one-time link by which a user chooses the password.

use chrono::TimeDelta;
use quarterdeck::token;
use reqwest::Method;

use crate::support::{Options, PASSWORD, Page, Program, TestApp, Visitor};

const ANN: &str = "ann@example.com";
const NEW: &str = "a whole new password";

/// The path of a link that an administrator makes for this user.
pub async fn link(admin: &Visitor, app: &TestApp, id: i64) -> String {
    let page = admin.post(&format!("/users/{id}/account/link"), &[]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let link = page.attribute("#password-link", "value");
    link.strip_prefix(&app.url).unwrap_or_else(|| panic!("{link} leads to {}", app.url)).to_owned()
}

fn token_of(link: &str) -> &str {
    link.strip_prefix("/password?token=").unwrap_or_else(|| panic!("{link} has a token"))
}

pub async fn set(app: &TestApp, link: &str, password: &str) -> Page {
    app.guest().post("/password", &[("token", token_of(link)), ("password", password)]).await
}

pub async fn can_log_in(app: &TestApp, password: &str) -> bool {
    app.db_forget_failures();
    app.guest().post("/login", &[("email", ANN), ("password", password)]).await.status == 303
}

pub fn links(app: &TestApp) -> i64 {
    app.database.number("SELECT count(*) FROM password_links")
}

pub fn assert_gone(page: &Page, what: &str) {
    assert_eq!(page.status, 404, "{what}: {}", page.text());
    assert!(page.text().contains("not valid any more") && page.text().contains("new link"), "{what}: {}", page.text());
    assert_eq!(page.link("Log in"), Some("/login".into()), "{what}: it says where to go");
    assert!(!page.has("[name=password]"), "{what}");
}

#[actix_web::test]
async fn a_user_chooses_a_password_by_a_link_that_an_administrator_made() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let made = admin.post("/users", &[("email", ANN), ("password", "")]).await;
    let user = admin.get(made.location()).await;
    let account = user.link("Sessions, lock and links").expect("a way to the account");
    let id = app.database.number("SELECT max(id) FROM users");
    assert_eq!(account, format!("/users/{id}/account"));
    let page = admin.get(&account).await;
    assert!(page.text().contains("has no password yet") && page.has("form[action$='/link']"), "{}", page.text());
    let link = link(&admin, &app, id).await;

    let page = app.guest().get(&link).await;
    assert_eq!((page.status, page.all("h1")), (200, vec!["Choose a password".to_owned()]));
    assert!(page.text().contains(ANN), "it says whose: {}", page.text());
    let form = page.form("form").set("password", NEW);
    let saved = app.guest().post("/password", &form.pairs()).await;
    assert_eq!((saved.status, saved.location()), (303, "/login"), "{}", saved.text());
    assert!(
        !saved.headers.get_all("set-cookie").iter().any(|set| set.as_bytes().starts_with(b"quarterdeck=")),
        "no login"
    );
    assert!(can_log_in(&app, NEW).await);
    let page = admin.get(&account).await;
    assert!(!page.text().contains("has no password yet"), "{}", page.text());
}

#[actix_web::test]
async fn a_link_works_once_and_setting_a_password_ends_all_sessions() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user(ANN, &[]).await;
    let ann = app.logged_in(ANN).await;
    let link = link(&admin, &app, user.id).await;
    assert!(can_log_in(&app, PASSWORD).await, "until it is used the old password holds");
    for _ in 0..2 {
        assert_eq!(app.guest().get(&link).await.status, 200, "to look at it does not use it up");
    }
    assert_eq!(set(&app, &link, NEW).await.status, 303);
    assert_eq!(ann.get("/account").await.status, 303, "her sessions have ended");
    assert_eq!(admin.get("/account").await.status, 200, "nobody else's");
    assert!(!can_log_in(&app, PASSWORD).await && can_log_in(&app, NEW).await);
    assert_gone(&app.guest().get(&link).await, "looked at again");
    assert_gone(&set(&app, &link, "yet another password").await, "used again");
    assert!(can_log_in(&app, NEW).await, "it sets nothing a second time");
    assert_eq!(links(&app), 0);
}

#[actix_web::test]
async fn a_notice_at_the_login_says_that_the_password_is_saved() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user(ANN, &[]).await;
    let link = link(&admin, &app, user.id).await;
    let guest = app.guest();
    let saved = guest.post("/password", &[("token", token_of(&link)), ("password", NEW)]).await;
    let between = guest.htmx(Method::POST, "/password/strength", &[("password", NEW)]).await;
    assert_eq!(between.status, 200, "an estimate that comes late");
    let login = guest.get(saved.location()).await;
    assert!(login.all(".notice").concat().contains("Your password is saved"), "{}", login.text());
    assert!(guest.get("/login").await.all(".notice").is_empty(), "it is said once");
}

#[actix_web::test]
async fn a_wrong_token_is_told_kindly_and_sets_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user(ANN, &[]).await;
    let real = link(&admin, &app, user.id).await;
    let hash = app.database.texts("SELECT token_hash FROM password_links").concat();
    let other = token::new().expect("random numbers");
    for wrong in ["", "x", &hash, &other, &token_of(&real).to_uppercase(), &format!("{}x", token_of(&real)), "%00"] {
        app.db_forget_failures();
        let link = format!("/password?token={wrong}");
        assert_gone(&app.guest().get(&link).await, &link);
        assert_gone(&set(&app, &link, NEW).await, &link);
        assert_gone(&app.guest().post(&link, &[("password", NEW)]).await, &link);
    }
    assert_gone(&app.guest().get("/password").await, "no token");
    assert!(can_log_in(&app, PASSWORD).await);
    let sent = app.guest().post(&real, &[("password", NEW)]).await;
    assert_eq!(sent.status, 303, "a token in the address alone is one: {}", sent.text());
}

#[actix_web::test]
async fn a_link_is_valid_for_a_day_and_only_its_hash_is_stored() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user(ANN, &[]).await;
    let link = link(&admin, &app, user.id).await;
    assert_eq!(app.database.texts("SELECT token_hash FROM password_links"), [token::hash(token_of(&link))]);
    for (minutes, is_valid) in [(24 * 60 + 1, false), (24 * 60 - 1, true)] {
        let options = Options { ahead: TimeDelta::minutes(minutes), ..Default::default() };
        let later = TestApp::start_on(app.database.shared(), options);
        let shown = later.guest().get(&link).await;
        assert_eq!(shown.status == 200, is_valid, "after {minutes} minutes: {}", shown.status);
        app.db_forget_failures();
        let sent = set(&later, &link, NEW).await;
        assert_eq!(sent.status == 303, is_valid, "after {minutes} minutes: {}", sent.status);
        assert_eq!(can_log_in(&app, NEW).await, is_valid);
    }
}

#[actix_web::test]
async fn a_new_link_spoils_the_older_ones_of_that_user_alone() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (ann, bob) = (app.db_user(ANN, &[]).await, app.db_user("bob@example.com", &[]).await);
    let (old, his) = (link(&admin, &app, ann.id).await, link(&admin, &app, bob.id).await);
    let new = link(&admin, &app, ann.id).await;
    assert_eq!(links(&app), 2);
    assert_gone(&set(&app, &old, NEW).await, "the older one");
    assert_eq!(set(&app, &new, NEW).await.status, 303, "the new one");
    assert_eq!(set(&app, &his, NEW).await.status, 303, "another user's");
}

#[actix_web::test]
async fn a_link_dies_with_another_change_of_the_password_and_with_the_account() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user(ANN, &[]).await;
    let first = link(&admin, &app, user.id).await;
    let own =
        app.logged_in(ANN).await.post("/account/password", &[("current_password", PASSWORD), ("password", NEW)]).await;
    assert_eq!(own.status, 303, "{}", own.text());
    assert_gone(&set(&app, &first, PASSWORD).await, "she changed it herself");

    let second = link(&admin, &app, user.id).await;
    Program::on(&app.database).run_with_input(&["user", "set-password", ANN], "set from the shell").success();
    assert_gone(&set(&app, &second, NEW).await, "it was set from the command line");

    let third = link(&admin, &app, user.id).await;
    app.database.execute(&format!("UPDATE users SET is_active = FALSE WHERE id = {}", user.id));
    assert_gone(&app.guest().get(&third).await, "another program locked the account");
    assert_gone(&set(&app, &third, NEW).await, "another program locked the account");
    app.database.execute(&format!("UPDATE users SET is_active = TRUE WHERE id = {}", user.id));
    let version = app.database.number(&format!("SELECT version FROM users WHERE id = {}", user.id)).to_string();
    let off =
        admin.patch(&format!("/users/{}/is_active", user.id), &[("version", &version), ("is_active", "false")]).await;
    assert_eq!(off.status, 200, "{}", off.text());
    assert_eq!(links(&app), 0, "to lock an account spoils its links for good");

    app.database.execute(&format!("UPDATE users SET is_active = TRUE WHERE id = {}", user.id));
    let last = link(&admin, &app, user.id).await;
    assert_eq!(admin.delete(&format!("/users/{}", user.id)).await.status, 303);
    assert_gone(&set(&app, &last, NEW).await, "the account is deleted");
}

#[actix_web::test]
async fn the_page_of_a_link_is_kept_nowhere_and_tells_no_other_site() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user(ANN, &[]).await;
    let link = link(&admin, &app, user.id).await;
    let page = app.guest().get(&link).await;
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "same-origin"));
    let foreign = page.attributes("[src], [href]", "src").into_iter().chain(page.attributes("[href]", "href"));
    assert!(foreign.into_iter().all(|url| url.starts_with('/') || url.starts_with('#')), "nothing from elsewhere");
}
