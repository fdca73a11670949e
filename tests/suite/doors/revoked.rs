//! What is taken from somebody is gone at the next request.

use quarterdeck::crud::{logins, users};
use quarterdeck::db::{Author, Write};
use quarterdeck::error::Error;

use crate::support::{TestApp, Visitor};

const UPDATE: &str = "users.update";

async fn is_in(visitor: &Visitor) -> bool {
    let page = visitor.get("/account").await;
    assert!(page.status == 200 || page.location().starts_with("/login"), "{}: {}", page.status, page.text());
    page.status == 200
}

/// Somebody who may see users, logged in; and the id.
async fn victim(app: &TestApp) -> (Visitor, i64) {
    let visitor = app.user_with(&["users.view", UPDATE]).await;
    assert!(is_in(&visitor).await);
    (visitor, app.database.number("SELECT max(id) FROM users"))
}

#[actix_web::test]
async fn a_user_who_is_deactivated_is_out_at_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (visitor, id) = victim(&app).await;
    let saved = admin.patch(&format!("/users/{id}/is_active"), &[("version", "1"), ("is_active", "false")]).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    assert!(!is_in(&visitor).await);
    let login =
        visitor.post("/login", &[("email", "visitor0@example.com"), ("password", crate::support::PASSWORD)]).await;
    assert_eq!(login.status, 401, "and does not get in again");
    let saved = admin.patch(&format!("/users/{id}/is_active"), &[("version", "2"), ("is_active", "true")]).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    app.logged_in("visitor0@example.com").await;
}

#[actix_web::test]
async fn what_another_program_takes_is_gone_at_the_next_request_too() {
    let app = TestApp::start().await;
    let (visitor, id) = victim(&app).await;
    app.database.execute(&format!("UPDATE users SET is_active = FALSE WHERE id = {id}"));
    assert!(!is_in(&visitor).await, "deactivated");
    let (visitor, id) = victim(&app).await;
    app.database.execute(&format!("DELETE FROM user_roles WHERE user_id = {id}"));
    assert_eq!(visitor.get("/users").await.status, 403, "without the role");
    app.database.execute(&format!("DELETE FROM users WHERE id = {id}"));
    assert!(!is_in(&visitor).await, "deleted");
    let (visitor, _) = victim(&app).await;
    app.database.execute("DELETE FROM sessions");
    assert!(!is_in(&visitor).await, "the session ended");
}

#[actix_web::test]
async fn a_user_who_is_deleted_is_out_at_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (visitor, id) = victim(&app).await;
    assert_eq!(admin.delete(&format!("/users/{id}")).await.status, 303);
    assert!(!is_in(&visitor).await);
    let write = visitor.post("/users/1", &[("version", "1"), ("email", "x@example.com")]).await;
    assert!(write.location().starts_with("/login"), "and changes nothing any more: {}", write.status);
}

#[actix_web::test]
async fn a_user_whose_password_is_set_from_the_command_line_is_out_at_the_next_request() {
    let app = TestApp::start().await;
    let (visitor, _) = victim(&app).await;
    let by = Author::command_line();
    let set = users::set_password(&app.db, &app.hasher, by, "visitor0@example.com", "another password".to_owned());
    assert!(set.await.expect("an answer").is_some());
    assert!(!is_in(&visitor).await);
}

#[actix_web::test]
async fn a_user_who_loses_a_role_loses_its_rights_at_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (visitor, id) = victim(&app).await;
    assert_eq!(visitor.get("/users").await.status, 200);
    let saved = admin.post(&format!("/users/{id}"), &[("version", "1"), ("roles", "")]).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert!(is_in(&visitor).await, "who has no role left may still see the own account");
    assert_eq!(visitor.get("/users").await.status, 403);
    assert!(!visitor.get("/").await.attributes("a", "href").contains(&"/users".to_owned()), "no link is left");
}

#[actix_web::test]
async fn a_role_that_loses_a_permission_takes_it_from_its_holders_at_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (visitor, _) = victim(&app).await;
    let role = app.database.number("SELECT max(id) FROM roles");
    let form = admin.get(&format!("/roles/{role}")).await.form("form.record");
    assert!(form.values("permissions").contains(&UPDATE), "the form shows what it permits");
    let saved = admin.post(&format!("/roles/{role}"), &form.set("permissions", "users.view").pairs()).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(visitor.get("/users").await.status, 200, "what is left still holds");
    assert_eq!(visitor.get("/users/1/email/edit").await.status, 403);
    assert!(!visitor.get("/users").await.has("[aria-label^=Edit]"), "no control is left");
    assert_eq!(admin.post(&format!("/roles/{role}/delete"), &[("version", "2")]).await.status, 303);
    assert_eq!(visitor.get("/users").await.status, 403, "a role that is deleted permits nothing");
}

#[actix_web::test]
async fn a_right_that_is_given_holds_at_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let visitor = app.user_with(&[]).await;
    let id = app.database.number("SELECT max(id) FROM users");
    let role = app.db_role("Viewers", &["items.view"]).await.id.to_string();
    assert_eq!(visitor.get("/items").await.status, 403);
    let form = admin.get(&format!("/users/{id}")).await.form("form.record").and("roles", &role);
    assert_eq!(admin.post(&format!("/users/{id}"), &form.pairs()).await.status, 303);
    assert_eq!(visitor.get("/items").await.status, 200);
}

/// Lets another program change a user's password right after it was found right.
fn change_password_at_login(app: &TestApp) {
    let change = "UPDATE users SET hashed_password = 'changed' WHERE id = NEW.id;";
    let (before, body) = if app.database.is_postgres() {
        let function = "CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS";
        (format!("{function} $$ BEGIN {change} RETURN NULL; END $$;"), "EXECUTE FUNCTION meanwhile()".to_owned())
    } else {
        (String::new(), format!("BEGIN {change} END"))
    };
    app.database.execute(&format!(
        "{before} CREATE TRIGGER meanwhile AFTER UPDATE OF last_login_at ON users FOR EACH ROW \
         WHEN (NEW.hashed_password <> 'changed') {body}"
    ));
}

#[actix_web::test]
async fn a_password_that_is_changed_while_it_is_verified_opens_no_session() {
    let app = TestApp::start().await;
    app.db_user("ann@example.com", &[]).await;
    change_password_at_login(&app);
    let visitor = app.guest();
    let form = [("email", "ann@example.com"), ("password", crate::support::PASSWORD)];
    let login = visitor.post("/login", &form).await;
    assert_eq!(app.database.texts("SELECT hashed_password FROM users"), ["changed"], "it was changed meanwhile");
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 0, "no session was begun");
    assert!(!is_in(&visitor).await);
    assert!(
        login.status < 500 && login.location() != "/",
        "it is told as any wrong login, and is no error of ours: {} {}",
        login.status,
        login.text()
    );
}

#[actix_web::test]
async fn a_login_is_confirmed_only_by_the_hash_that_is_stored_and_while_one_is_active() {
    let app = TestApp::start().await;
    let user = app.db_user("ann@example.com", &[]).await;
    let confirmed = async |id: i64, hash: &str| {
        let hash = hash.to_owned();
        let write = move |w: &mut Write| Ok::<_, Error>(logins::confirm(w, id, &hash, true)?);
        app.db.write(Author::command_line(), write).await.expect("an answer")
    };
    let hash = user.hashed_password;
    assert!(confirmed(user.id, &hash).await, "the one that was verified is still stored");
    assert!(!confirmed(user.id + 1, &hash).await, "there is no such user");
    app.database.execute("UPDATE users SET hashed_password = 'another'");
    assert!(!confirmed(user.id, &hash).await, "the password has changed");
    assert!(confirmed(user.id, "another").await);
    app.database.execute("UPDATE users SET is_active = FALSE");
    assert!(!confirmed(user.id, "another").await, "the account is locked");
}
