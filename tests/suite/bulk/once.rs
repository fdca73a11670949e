//! The same again does nothing again.

use super::{add_users, ended, outcome, preview_all, preview_rows, start, started};
use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn a_start_that_comes_twice_starts_one_job() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 3);
    let told = preview_rows(&admin, "users", "deactivate", &ids).await;
    let job = started(&admin, "users", &told).await;
    let again = start(&admin, "users", &told).await;
    assert_eq!((again.status, again.location()), (303, job.as_str()), "{}", again.text());
    ended(&admin, &job).await;
    let form = told.form("#start").set("confirm_password", PASSWORD).set("once", "another key of the form");
    let again = admin.post("/users/bulk/start", &form.pairs()).await;
    assert_eq!((again.status, again.location()), (303, job.as_str()), "one preview is one job: {}", again.text());
    let (one, other) = tokio::join!(start(&admin, "users", &told), start(&admin, "users", &told));
    assert_eq!((one.location(), other.location()), (job.as_str(), job.as_str()));
    assert_eq!(app.database.number("SELECT count(*) FROM jobs"), 1);
}

#[actix_web::test]
async fn two_starts_at_once_are_one_job() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 3);
    let told = preview_rows(&admin, "users", "deactivate", &ids).await;
    let (one, other) = tokio::join!(start(&admin, "users", &told), start(&admin, "users", &told));
    assert_eq!((one.status, other.status, one.location()), (303, 303, other.location()), "{}", other.text());
    assert_eq!(app.database.number("SELECT count(*) FROM jobs"), 1);
}

#[actix_web::test]
async fn the_same_rows_twice_are_changed_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 3);
    let told = [
        preview_all(&admin, "/users?q=user", "deactivate").await,
        preview_all(&admin, "/users?q=user", "deactivate").await,
    ];
    let (one, other) = (started(&admin, "users", &told[0]).await, started(&admin, "users", &told[1]).await);
    assert_ne!(one, other, "two previews are two jobs");
    assert_eq!(outcome(&ended(&admin, &one).await), "Done 3 changed");
    assert_eq!(outcome(&ended(&admin, &other).await), "Done 0 changed, 3 so already");
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE version = 2"), 3);
}
