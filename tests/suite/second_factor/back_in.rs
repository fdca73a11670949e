//! The ways back in for who has lost the device: an administrator, or the command line.

use crate::support::{PASSWORD, Program, TestApp};

const ANN: &str = "ann@example.com";

#[actix_web::test]
async fn an_administrator_sees_and_resets_another_ones_second_factor() {
    let app = TestApp::start().await;
    let (ann, ..) = app.with_phone(ANN).await;
    let admin = app.admin().await;
    let id = app.database.number("SELECT id FROM users WHERE email = 'ann@example.com'");
    let page = admin.get(&format!("/users/{id}/account")).await;
    assert!(page.text().contains("Authenticator app"), "{}", page.text());
    assert!(page.text().contains("10 recovery codes left"), "{}", page.text());
    let reset = format!("/users/{id}/account/second-factor/reset");
    app.database.execute("UPDATE sessions SET confirmed_at = NULL");
    let asked = admin.post(&reset, &[]).await;
    assert_eq!((asked.status, asked.has("[name=confirm_password]")), (403, true), "{}", asked.text());
    assert_eq!(app.database.number("SELECT count(*) FROM totp_secrets"), 1, "nothing is reset before");
    assert_eq!(app.half_in(ANN).await.post("/login/second-factor", &[("code", "000000")]).await.status, 401);
    let blamed = "SELECT count(*) FROM audit_entries WHERE action = 'login_refused' AND actor_id IS NOT NULL";
    assert_eq!(app.database.number(blamed), 0, "whoever typed it may not be Ann");
    let counted = "SELECT count(*) FROM login_throttles WHERE key LIKE 'second_factor:%'";
    assert_eq!(app.database.number(counted), 1);
    let done = admin.post(&reset, &[("confirm_password", PASSWORD)]).await;
    assert_eq!(app.database.number(counted), 0, "what was counted against her codes goes with them");
    assert_eq!((done.status, done.location()), (303, format!("/users/{id}/account").as_str()), "{}", done.text());
    for table in ["totp_secrets", "recovery_codes", "passkeys"] {
        assert_eq!(app.database.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert!(ann.get("/account").await.location().starts_with("/login?"), "her sessions have ended");
    assert_eq!(app.half_in(ANN).await.get("/account").await.status, 200, "the password alone opens the account");
    let entry = "SELECT actor || ' ' || record FROM audit_entries WHERE action = 'second_factor_reset'";
    assert_eq!(app.database.texts(entry), ["admin@example.com ann@example.com"], "it is on record");
    admin.post(&reset, &[]).await;
    assert_eq!(app.database.texts(entry).len(), 1, "what is not there is not reset");
}

#[actix_web::test]
async fn nobody_resets_the_own_one_or_that_of_somebody_who_holds_more() {
    let app = TestApp::start().await;
    app.with_phone(ANN).await;
    let administrator = app.db_read(quarterdeck::crud::roles::administrator).await.id;
    app.database.execute(&format!("INSERT INTO user_roles SELECT id, {administrator} FROM users"));
    let id = app.database.number("SELECT id FROM users");
    let reset = format!("/users/{id}/account/second-factor/reset");
    let manager = app.user_with(&["users.view", "users.update"]).await;
    let seen = manager.get(&format!("/users/{id}/account")).await;
    assert!(seen.status == 200 && !seen.has("form[action$=reset]"), "Ann holds more: {}", seen.text());
    assert_eq!(manager.post(&reset, &[]).await.status, 403);
    let own = app.database.number("SELECT max(id) FROM users");
    assert_eq!(manager.post(&format!("/users/{own}/account/second-factor/reset"), &[]).await.status, 403, "oneself");
    assert_eq!(manager.post("/users/987654321/account/second-factor/reset", &[]).await.status, 404);
    assert_eq!(app.user_with(&["users.view"]).await.post(&reset, &[]).await.status, 403, "without the permission");
    assert_eq!(app.database.number("SELECT count(*) FROM totp_secrets"), 1, "it is still there");
}

#[actix_web::test]
async fn the_command_line_resets_a_second_factor() {
    let app = TestApp::start().await;
    let (ann, ..) = app.with_phone(ANN).await;
    let program = Program::on(&app.database);
    let done = program.run(&["user", "reset-second-factor", "Ann@Example.com"]);
    assert_eq!(done.success(), "ann@example.com has no second factor any more; all sessions have ended\n");
    assert!(ann.get("/account").await.location().starts_with("/login?"));
    assert_eq!(program.run(&["user", "reset-second-factor", ANN]).success(), "ann@example.com has no second factor\n");
    assert!(
        program.run(&["user", "reset-second-factor", "bob@example.com"]).refusal().contains("no user bob@example.com")
    );
    let entry = "SELECT actor FROM audit_entries WHERE action = 'second_factor_reset'";
    assert_eq!(app.database.texts(entry), ["command line"]);
}
