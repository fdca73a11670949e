//! Every rule of a single change holds for each record of many: those that may not be changed are passed over, with the
//! reason, and the rest goes on.

use super::{
    add_users, done, ended, hold_jobs, let_jobs_go, outcome, preview, preview_all, preview_rows, start, started,
};
use crate::support::TestApp;

#[actix_web::test]
async fn an_action_needs_its_own_permission_at_each_step() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 1);
    let viewer = app.user_with(&["users.view", "users.delete"]).await;
    for (action, needed) in [("deactivate", "users.update"), ("give_role", "users.update")] {
        let told = preview_rows(&viewer, "users", action, &ids).await;
        assert!(told.status == 403 && told.text().contains(needed), "{action}: {} {}", told.status, told.text());
    }
    assert_eq!(preview_rows(&viewer, "users", "delete", &ids).await.status, 200);
    let list = viewer.get("/users").await;
    assert_eq!(list.attributes("#bulk option", "value"), ["", "delete"], "nothing else is offered");
    let looker = app.user_with(&["users.view"]).await;
    assert!(!looker.get("/users").await.has("#bulk, [form=bulk]"), "who may do nothing chooses nothing");
    let told = preview_rows(&admin, "users", "deactivate", &ids).await;
    assert_eq!(start(&looker, "users", &told).await.status, 409, "a page of somebody else's");
}

#[actix_web::test]
async fn nobody_deactivates_or_deletes_oneself_and_the_rest_goes_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 2);
    let told = preview_all(&admin, "/users", "deactivate").await;
    let text = told.text();
    assert!(text.contains("2 users will be changed") && text.contains("1 user is refused"), "{text}");
    assert!(text.contains("You can't deactivate yourself.") && told.link("admin@example.com").is_some(), "{text}");
    let job = done(&admin, "users", &told).await;
    assert_eq!(outcome(&job), "Done 2 changed, 1 refused");
    assert!(job.text().contains("You can't deactivate yourself. admin@example.com"), "{}", job.text());
    let job = done(&admin, "users", &preview_all(&admin, "/users", "delete").await).await;
    assert_eq!(outcome(&job), "Done 2 deleted, 1 refused");
    assert!(job.text().contains("You can't delete yourself."), "{}", job.text());
}

#[actix_web::test]
async fn the_last_administrator_keeps_the_role() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let second = app.db_user("second@example.com", &[1]).await.id;
    app.database.execute(&format!("UPDATE users SET is_active = false WHERE id = {second}"));
    let rows = [("action", "take_role"), ("value", "1"), ("all", "true"), ("back", "/users")];
    let told = preview(&admin, "users", &rows).await;
    assert!(told.text().contains("This is the last active administrator."), "{}", told.text());
    let job = done(&admin, "users", &told).await;
    assert_eq!(outcome(&job), "Done 1 changed, 1 refused");
    assert!(job.text().contains("This is the last active administrator."), "{}", job.text());
    assert_eq!(app.database.number("SELECT count(*) FROM user_roles"), 1);
}

#[actix_web::test]
async fn who_holds_more_is_passed_over() {
    let app = TestApp::start().await;
    app.admin().await;
    let clerk = app.user_with(&["users.view", "users.update", "users.delete"]).await;
    add_users(&app.database, 2);
    for action in ["deactivate", "delete"] {
        let told = preview_all(&clerk, "/users", action).await;
        assert!(told.text().contains("This user holds permissions that you do not."), "{}", told.text());
        let job = done(&clerk, "users", &told).await;
        assert!(outcome(&job).ends_with("2 refused"), "the administrator and oneself: {}", job.text());
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE is_active"), 2);
}

#[actix_web::test]
async fn a_role_that_one_does_not_hold_is_neither_given_nor_taken() {
    let app = TestApp::start().await;
    app.admin().await;
    let clerk = app.user_with(&["users.view", "users.update", "roles.view"]).await;
    let (ids, crew) = (add_users(&app.database, 2), app.db_role("Crew", &[]).await.id);
    app.database.execute(&format!("INSERT INTO user_roles (user_id, role_id) VALUES ({}, {crew})", ids[0]));
    for action in ["give_role", "take_role"] {
        let rows = [("action", action), ("value", &crew.to_string()), ("all", "true"), ("back", "/users?q=user")];
        let told = preview(&clerk, "users", &rows).await;
        assert_eq!(told.status, 422, "{action}: {}", told.text());
        assert!(told.text().contains("You can't give or take a role that you do not hold."), "{}", told.text());
    }
    let rows = [("action", "give_role"), ("value", "987654321"), ("all", "true"), ("back", "/users?q=user")];
    assert_eq!(preview(&clerk, "users", &rows).await.status, 422, "there is no such role");
}

#[actix_web::test]
async fn what_is_dangerous_asks_for_the_password_once_at_the_start() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 3);
    app.database.execute("UPDATE sessions SET confirmed_at = NULL");
    let told = preview_rows(&admin, "users", "deactivate", &ids).await;
    let asked = admin.post("/users/bulk/start", &told.form("#start").pairs()).await;
    assert!(asked.status == 403 && asked.has("[name=confirm_password]"), "{}", asked.text());
    assert_eq!(app.database.number("SELECT count(*) FROM jobs"), 0, "nothing is done yet");
    let form = asked.form("form").set("confirm_password", crate::support::PASSWORD);
    let started = admin.post("/users/bulk/start", &form.pairs()).await;
    assert_eq!(started.status, 303, "{}", started.text());
    assert_eq!(outcome(&ended(&admin, started.location()).await), "Done 3 changed");
}

#[actix_web::test]
async fn who_is_deactivated_or_loses_the_permission_meanwhile_does_no_more() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 3);
    for (mend, why) in [
        ("UPDATE users SET is_active = false WHERE email LIKE 'visitor%'", "is not active any more"),
        ("DELETE FROM role_permissions WHERE permission = 'users.update'", "has lost the permission users.update"),
        ("UPDATE roles SET requires_second_factor = true WHERE name LIKE 'Role of visitor%'", "second factor first"),
    ] {
        let clerk = app.user_with(&["users.view", "users.update"]).await;
        let told = preview_rows(&clerk, "users", "deactivate", &ids).await;
        hold_jobs(&app.database);
        let job = started(&clerk, "users", &told).await;
        app.database.execute(mend);
        let_jobs_go(&app.database);
        let page = ended(&admin, &job).await;
        assert!(outcome(&page).starts_with("Stopped 0 changed") && page.text().contains(why), "{why}: {}", page.text());
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE NOT is_active AND email LIKE 'user%'"), 0);
}
