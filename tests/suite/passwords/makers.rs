//! Who makes a link, and where it is shown.

use super::links::{assert_gone, can_log_in, link, links, set};
use crate::support::{Options, PASSWORD, Program, TestApp};

const ANN: &str = "ann@example.com";
const NEW: &str = "a whole new password";

#[actix_web::test]
async fn nobody_makes_a_link_for_themselves_for_who_holds_more_or_for_an_inactive_account() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let manager = app.user_with(&["users.view", "users.update"]).await;
    let own = app.database.number("SELECT max(id) FROM users");
    let user = app.db_user(ANN, &[]).await;
    app.database.execute(&format!("UPDATE users SET is_active = FALSE WHERE id = {}", user.id));
    for (visitor, id, what) in [
        (&manager, own, "oneself"),
        (&admin, 1, "oneself, an administrator"),
        (&manager, 1, "an administrator"),
        (&admin, user.id, "an inactive account"),
    ] {
        let refused = visitor.post(&format!("/users/{id}/account/link"), &[]).await;
        assert_eq!(refused.status, 403, "{what}: {}", refused.text());
    }
    assert!(!manager.get("/users/1/account").await.has("#link"), "nor does the page offer one for who holds more");
    assert_eq!(admin.post("/users/987654321/account/link", &[]).await.status, 404);
    let inactive = admin.get(&format!("/users/{}/account", user.id)).await;
    assert!(!inactive.has("form[action$='/link']") && inactive.text().contains("not active"), "{}", inactive.text());
    let oneself = admin.get("/users/1/account").await;
    assert!(!oneself.has("form[action$='/link']"), "{}", oneself.text());
    assert_eq!(oneself.link("your account"), Some("/account".into()));
    assert_eq!(links(&app), 0);
    let viewer = app.user_with(&["users.view"]).await;
    assert!(!viewer.get(&format!("/users/{}/account", user.id)).await.has("#link"), "nor for who only looks");
}

#[actix_web::test]
async fn a_link_is_shown_once_and_names_the_public_address_whatever_host_was_asked() {
    let arguments = vec!["--public-url".to_owned(), "https://desk.example.com/".to_owned()];
    let app = TestApp::start_with(Options { arguments, ..Default::default() }).await;
    let email = app.admin_account().await;
    let user = app.db_user(ANN, &[]).await;
    // A client would not send secure cookies back over http, so the cookie is sent by hand.
    let login = app.guest().post("/login", &[("email", email), ("password", PASSWORD)]).await;
    let session = login.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let guest = app.guest();
    let path = format!("/users/{}/account/link", user.id);
    let ask = guest.with_form(reqwest::Method::POST, &path, &[]).header("cookie", &session);
    let page = guest.send(ask).await;
    let link = page.attribute("#password-link", "value");
    assert!(link.starts_with("https://desk.example.com/password?token="), "{link}");
    assert_eq!(page.header("cache-control"), "no-store");
    let again =
        guest.send(guest.request(reqwest::Method::GET, &path[..path.len() - 5]).header("cookie", &session)).await;
    assert_eq!(again.status, 200);
    assert!(!again.body.contains("token="), "it is not shown again");
}

#[actix_web::test]
async fn the_command_line_prints_a_link_for_a_new_user_and_for_one_who_is_there() {
    let app = TestApp::start().await;
    let program = Program::on(&app.database);
    let made = program.run_with_input(&["user", "create", ANN, "--no-password", "--bind", "127.0.0.1:9000"], "");
    let (said, first) = made.success().trim_end().split_once('\n').expect("two lines");
    assert_eq!(said, "created ann@example.com");
    let first = first.strip_prefix("http://127.0.0.1:9000").expect("the bind address").to_owned();
    assert_eq!(app.guest().get(&first).await.status, 200);
    let public = ["user", "link", " ANN@example.com", "--public-url", "https://desk.example.com/"];
    let printed = program.run_with_input(&public, "");
    let second = printed.success().trim_end();
    let second = second.strip_prefix("https://desk.example.com").expect("the public address");
    assert_gone(&set(&app, &first, NEW).await, "the older one is spoiled");
    assert_eq!(set(&app, second, NEW).await.status, 303);
    assert!(can_log_in(&app, NEW).await);

    let unknown = program.run_with_input(&["user", "link", "bob@example.com"], "");
    assert!(unknown.refusal().contains("no user bob@example.com"), "{}", unknown.refusal());
    app.database.execute("UPDATE users SET is_active = FALSE");
    let inactive = program.run_with_input(&["user", "link", ANN], "");
    assert!(inactive.refusal().contains("not active"), "{}", inactive.refusal());
    assert_eq!(links(&app), 0);
}

#[actix_web::test]
async fn a_link_does_not_outlive_what_makes_more_of_the_user() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &["items.view"]).await.id;
    let user = app.db_user(ANN, &[]).await.id;
    link(&admin, &app, user).await;
    let form = admin.get(&format!("/users/{user}")).await.form("form.record").and("roles", &role.to_string());
    assert_eq!(admin.post(&format!("/users/{user}"), &form.pairs()).await.status, 303);
    assert_eq!(links(&app), 0, "another role");
    link(&admin, &app, user).await;
    let form = admin.get(&format!("/roles/{role}")).await.form("form.record").and("permissions", "users.update");
    assert_eq!(admin.post(&format!("/roles/{role}"), &form.pairs()).await.status, 303);
    assert_eq!(links(&app), 0, "a role that permits more");
    link(&admin, &app, user).await;
    Program::on(&app.database).run(&["user", "give-role", ANN, "Administrator"]).success();
    assert_eq!(links(&app), 0, "a role by the command line");
}

#[actix_web::test]
async fn a_form_that_comes_again_makes_no_other_link() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user(ANN, &[]).await.id;
    let account = format!("/users/{user}/account");
    let url = format!("{account}/link");
    let form = admin.get(&account).await.form("form[action$='/link']");
    let made = admin.post(&url, &form.pairs()).await;
    assert!(made.status == 200 && made.has("#password-link"), "{}", made.text());
    let hash = app.database.texts("SELECT token_hash FROM password_links");
    let again = admin.post(&url, &form.pairs()).await;
    assert_eq!((again.status, again.location()), (303, account.as_str()), "{}", again.text());
    assert!(admin.get(&account).await.text().contains("has made a link already"), "it is said");
    assert_eq!(app.database.texts("SELECT token_hash FROM password_links"), hash, "the first one is still good");
    let another = admin.post(&url, &admin.get(&account).await.form("form[action$='/link']").pairs()).await;
    assert_eq!(another.status, 200, "the page's next form makes another: {}", another.text());
    assert_ne!(app.database.texts("SELECT token_hash FROM password_links"), hash);
}
