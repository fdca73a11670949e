use super::{entries, last};
use crate::support::{PASSWORD, Program, TestApp};

const CHANGED: &str = r#"[{"field":"password","secret":true}]"#;

#[actix_web::test]
async fn a_link_and_the_password_that_is_chosen_by_it_are_on_record_without_a_secret() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.db_user("ann@example.com", &[]).await.id;
    app.logged_in("ann@example.com").await;
    let from = last(&app);
    let page = admin.post(&format!("/users/{ann}/account/link"), &[]).await;
    let link = page.attribute("#password-link", "value");
    let (_, token) = link.split_once("token=").expect("a token");
    assert_eq!(entries(&app, from), [format!("admin@example.com link_create users/{ann} ann@example.com []")]);
    let from = last(&app);
    let poor = app.guest().post("/password", &[("token", token), ("password", "short")]).await;
    assert_eq!((poor.status, entries(&app, from).len()), (422, 0), "what is refused has changed nothing");
    let chosen = app.guest().post("/password", &[("token", token), ("password", "a whole new password")]).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text());
    let told = entries(&app, from);
    assert_eq!(told[0], format!("ann@example.com password_change users/{ann} ann@example.com {CHANGED}"));
    assert!(told[1].starts_with(&format!("ann@example.com session_end users/{ann} ann@example.com")), "{told:?}");
    let by =
        format!("SELECT count(*) FROM audit_entries WHERE id > {from} AND actor_id = {ann} AND address = '127.0.0.1'");
    assert_eq!(app.database.number(&by), 2, "by whom the link was for, and from where");
    let all = "SELECT actor || record || changes || whole || reason || request_id FROM audit_entries";
    let all = app.database.texts(all).concat();
    for secret in [token, "a whole new password", "$argon2", PASSWORD] {
        assert!(!all.contains(secret), "{secret} is on record");
    }
    let gone = app.guest().post("/password", &[("token", token), ("password", "yet another password")]).await;
    assert_eq!((gone.status, entries(&app, from).len()), (404, 2), "a link that is used does nothing");
}

#[actix_web::test]
async fn links_from_the_command_line_are_on_record() {
    let app = TestApp::start().await;
    let from = last(&app);
    let program = Program::on(&app.database);
    program.run(&["user", "create", "ann@example.com", "--no-password"]).success();
    program.run(&["user", "link", "ann@example.com"]).success();
    let told = entries(&app, from);
    let actions: Vec<_> = told.iter().map(|entry| entry.split(" users").next().unwrap_or_default()).collect();
    assert_eq!(actions, ["command line create", "command line link_create", "command line link_create"], "{told:?}");
    assert!(!told[0].contains("password"), "none was set: {told:?}");
}

#[actix_web::test]
async fn a_new_account_says_whether_a_password_was_set() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (email, password) in [("ann@example.com", PASSWORD), ("bob@example.com", "")] {
        let from = last(&app);
        let made = admin.post("/users", &[("email", email), ("password", password)]).await;
        assert_eq!(made.status, 303, "{}", made.text());
        assert_eq!(entries(&app, from)[0].contains(r#""field":"password""#), !password.is_empty(), "{email}");
    }
}
