//! A job starts only with the records that were seen; else the difference is told, with what would come of it now.

use super::{add_users, done, ended, outcome, preview_all, preview_rows, start};
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
async fn a_change_that_leaves_a_record_among_all_that_match_is_no_other_set() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 2);
    let told = preview_all(&admin, "/users?q=user", "deactivate").await;
    app.database.execute(&format!("UPDATE users SET email = 'user77@example.com' WHERE id = {}", ids[0]));
    assert_eq!(outcome(&done(&admin, "users", &told).await), "Done 2 changed");
}
