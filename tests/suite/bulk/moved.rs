//! A job starts only with the records that were seen; else the difference is told, with what would come of it now.

use super::{add_users, done, ended, hold_jobs, let_jobs_go, outcome, preview_all, preview_rows, start, started};
use crate::support::{PASSWORD, TestApp};

const MOVED: &str = ".summary p";

#[actix_web::test]
async fn records_that_changed_or_went_since_are_told_of() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 4);
    let told = preview_rows(&admin, "users", "deactivate", &ids).await;
    app.database.execute(&format!("DELETE FROM users WHERE id = {}", ids[0]));
    app.database.execute(&format!("UPDATE users SET email = 'other@example.com' WHERE id = {}", ids[1]));
    let refused = start(&admin, "users", &told).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(refused.all(MOVED), ["1 user went, 1 user changed since. This is how it is now."]);
    assert!(refused.text().contains("Deactivate 3 users?"), "{}", refused.text());
    assert_eq!(app.database.number("SELECT count(*) FROM jobs"), 0);
    let again = start(&admin, "users", &refused).await;
    assert_eq!(again.status, 303, "{}", again.text());
    assert_eq!(outcome(&ended(&admin, again.location()).await), "Done 3 changed");
}

#[actix_web::test]
async fn of_all_that_match_it_is_told_how_many_came_and_went() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 5);
    let told = preview_all(&admin, "/users?q=user", "deactivate").await;
    app.database.execute(&format!("DELETE FROM users WHERE id IN ({}, {})", ids[0], ids[1]));
    app.db_user("user99@example.com", &[]).await;
    let refused = start(&admin, "users", &told).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(refused.all(MOVED), ["At least 1 user came, 2 users went since. This is how it is now."]);
    assert!(refused.text().contains("Deactivate 4 users?") && !refused.has("#without"), "{}", refused.text());
    app.database.execute(&format!("UPDATE users SET email = 'x@example.com' WHERE id = {}", ids[2]));
    app.database.execute("UPDATE users SET email = 'user@example.com' WHERE id = 1");
    let refused = start(&admin, "users", &refused).await;
    assert_eq!(refused.all(MOVED), ["At least 1 user came, 1 user went since. This is how it is now."], "as many went");
}

#[actix_web::test]
async fn what_is_made_later_is_not_done_unseen_and_does_not_have_to_be_done() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 2);
    let told = preview_all(&admin, "/users?q=user", "deactivate").await;
    app.db_user("user98@example.com", &[]).await;
    let refused = start(&admin, "users", &told).await;
    assert_eq!((refused.status, refused.all(MOVED)), (409, vec!["1 user came since. This is how it is now.".into()]));
    let form = refused.form("#without").set("confirm_password", PASSWORD);
    // Busy as the table is, others may come at any moment.
    app.db_user("user99@example.com", &[]).await;
    let started = admin.post("/users/bulk/start", &form.pairs()).await;
    assert_eq!(started.status, 303, "{}", started.text());
    assert_eq!(outcome(&ended(&admin, started.location()).await), "Done 2 changed");
    let active = app.database.texts("SELECT email FROM users WHERE is_active AND email LIKE 'user%' ORDER BY email");
    assert_eq!(active, ["user98@example.com", "user99@example.com"]);
}

#[actix_web::test]
async fn who_comes_to_match_after_the_start_is_passed_over() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 4);
    app.database.execute(&format!(
        "UPDATE users SET is_active = FALSE WHERE id <> {} AND id IN (SELECT id FROM users WHERE email LIKE 'user%')",
        ids[1]
    ));
    // Nobody waits a second: the clock of plain SQL has whole ones on SQLite.
    app.database.execute("UPDATE users SET updated_at = '2020-01-01 00:00:00', version = version + 1");
    let told = preview_all(&admin, "/users?is_active=false&q=user", "delete").await;
    hold_jobs(&app.database);
    let job = started(&admin, "users", &told).await;
    let off = admin.patch(&format!("/users/{}/is_active", ids[1]), &[("is_active", "false"), ("version", "2")]).await;
    assert_eq!(off.status, 200, "{}", off.text());
    let_jobs_go(&app.database);
    let page = ended(&admin, &job).await;
    assert_eq!(outcome(&page), "Done 3 deleted, 1 refused", "{}", page.text());
    assert!(page.text().contains("Somebody changed it meanwhile."), "{}", page.text());
    assert_eq!(app.database.number(&format!("SELECT count(*) FROM users WHERE id = {}", ids[1])), 1);
}

#[actix_web::test]
async fn two_exchanged_for_two_others_are_another_set() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 4);
    let switch = |on: usize, off: usize| {
        let set = |is_active: bool, id: i64| format!("UPDATE users SET is_active = {is_active} WHERE id = {id}");
        app.database.execute(&format!("{}; {}", set(false, ids[off]), set(true, ids[on])));
    };
    switch(1, 0);
    switch(2, 3);
    let told = preview_all(&admin, "/users?is_active=false&q=user", "activate").await;
    // The ids have the same sum as before.
    switch(0, 1);
    switch(3, 2);
    assert_eq!(start(&admin, "users", &told).await.status, 409);
}

#[actix_web::test]
async fn a_change_that_leaves_a_record_among_all_that_match_is_no_other_set() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 2);
    let told = preview_all(&admin, "/users?q=user", "deactivate").await;
    app.database.execute(&format!("UPDATE users SET email = 'user77@example.com' WHERE id = {}", ids[0]));
    assert_eq!(outcome(&done(&admin, "users", &told).await), "Done 2 changed");
}
