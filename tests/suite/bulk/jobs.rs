//! A job goes on without whoever started it, and ends when that is asked for; a restart or another process loses nothing
//! and does nothing twice.

use chrono::TimeDelta;

use super::{add_users, ended, hold_jobs, let_jobs_go, outcome, preview_all, preview_rows, started};
use crate::support::{Options, TestApp, TestDatabase};

/// More than one transaction has.
const MANY: usize = 1500;

#[actix_web::test]
async fn a_job_shows_how_far_it_is_and_goes_on_when_nobody_looks() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 250);
    hold_jobs(&app.database);
    let job = started(&admin, "users", &preview_all(&admin, "/users?q=user", "deactivate").await).await;
    let page = admin.get(&job).await;
    assert_eq!(page.attribute("progress", "max"), "250");
    assert_eq!(page.attribute("progress", "value"), "0");
    assert_eq!(page.attribute("#job", "hx-trigger"), "every 1s");
    assert!(
        page.has("noscript meta[http-equiv=refresh]") || page.body.contains("http-equiv=\"refresh\""),
        "{}",
        page.body
    );
    let_jobs_go(&app.database);
    while app.database.number("SELECT count(*) FROM users WHERE NOT is_active") < 250 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let page = ended(&admin, &job).await;
    assert_eq!((page.attribute("progress", "value").as_str(), outcome(&page).as_str()), ("250", "Done 250 changed"));
    assert!(!page.body.contains("http-equiv=\"refresh\""), "nothing more will come");
    assert!(admin.get("/jobs").await.text().contains("Deactivate 250 users"));
    assert_eq!(ids.len(), 250);
}

#[actix_web::test]
async fn a_cancelled_job_ends_between_two_transactions_and_what_is_done_stays() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, MANY);
    let job = started(&admin, "users", &preview_all(&admin, "/users?q=user", "deactivate").await).await;
    let form = admin.get(&job).await.form("#job form");
    let cancelled = admin.post(&format!("{job}/cancel"), &form.pairs()).await;
    assert_eq!((cancelled.status, cancelled.location()), (303, job.as_str()), "{}", cancelled.text());
    let page = ended(&admin, &job).await;
    let changed = app.database.number("SELECT count(*) FROM users WHERE NOT is_active");
    assert_eq!(outcome(&page), format!("Cancelled {changed} changed"));
    assert!(changed < MANY as i64, "it did not go on to its end");
    let on_record = "SELECT count(*) FROM audit_entries WHERE action = 'update' AND entity = 'users'";
    assert_eq!(app.database.number(on_record), changed);
}

#[actix_web::test]
async fn after_a_restart_a_job_goes_on_from_where_it_was() {
    let database = TestDatabase::migrated();
    let app = TestApp::start_on(database.shared(), Options::default());
    let admin = app.admin().await;
    add_users(&database, MANY);
    let job = started(&admin, "users", &preview_all(&admin, "/users?q=user", "deactivate").await).await;
    while database.number("SELECT changed FROM jobs") == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    drop(app);
    let before = database.number("SELECT changed FROM jobs");
    assert!(before < MANY as i64, "it was in the middle");
    assert_eq!(database.number("SELECT count(*) FROM users WHERE NOT is_active"), before, "to the row");
    let app = TestApp::start_on(database.shared(), Options::default());
    let page = ended(&admin.at(&app), &job).await;
    assert_eq!(outcome(&page), format!("Done {MANY} changed"));
    assert_eq!(database.number("SELECT count(*) FROM users WHERE version = 2 AND NOT is_active"), MANY as i64);
}

#[actix_web::test]
async fn a_job_of_a_process_that_died_is_taken_over_when_its_lease_is_over() {
    let database = TestDatabase::migrated();
    let app = TestApp::start_on(database.shared(), Options::default());
    let admin = app.admin().await;
    let ids = add_users(&database, 3);
    hold_jobs(&database);
    let job = started(&admin, "users", &preview_rows(&admin, "users", "deactivate", &ids).await).await;
    database.execute(if database.is_postgres() { "DROP FUNCTION hold CASCADE" } else { "DROP TRIGGER hold" });
    let soon = if database.is_postgres() {
        "now() AT TIME ZONE 'UTC' + interval '15 s'"
    } else {
        "strftime('%F %T', 'now', '+15 seconds')"
    };
    database.execute(&format!("UPDATE jobs SET worker = 'dead', state = 'running', leased_until = {soon}"));
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert!(outcome(&admin.get(&job).await).starts_with("Running 0 changed"), "it may still live");
    let later = TestApp::start_on(database.shared(), Options { ahead: TimeDelta::seconds(30), ..Options::default() });
    assert_eq!(outcome(&ended(&admin.at(&later), &job).await), "Done 3 changed");
}

#[actix_web::test]
async fn several_processes_do_each_record_once() {
    let database = TestDatabase::migrated();
    let apps: Vec<_> = (0..3).map(|_| TestApp::start_on(database.shared(), Options::default())).collect();
    let admin = apps[0].admin().await;
    add_users(&database, 600);
    let mut jobs = Vec::new();
    for list in ["/users?q=user1", "/users?q=user2", "/users?q=user3"] {
        jobs.push(started(&admin, "users", &preview_all(&admin, list, "deactivate").await).await);
    }
    for job in &jobs {
        assert!(outcome(&ended(&admin, job).await).starts_with("Done"), "{job}");
    }
    let off = database.number("SELECT count(*) FROM users WHERE NOT is_active");
    assert_eq!(database.number("SELECT count(*) FROM users WHERE version = 2 AND NOT is_active"), off);
    assert_eq!(database.number("SELECT CAST(sum(changed) AS BIGINT) FROM jobs"), off);
    assert_eq!(database.number("SELECT count(*) FROM audit_entries WHERE action = 'update'"), off);
}

#[actix_web::test]
async fn a_job_is_seen_and_cancelled_by_its_owner_and_by_administrators() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (clerk, other) = (app.user_with(&["users.view", "users.update"]).await, app.user_with(&["users.view"]).await);
    let ids = add_users(&app.database, 1);
    let job = started(&clerk, "users", &preview_rows(&clerk, "users", "deactivate", &ids).await).await;
    ended(&clerk, &job).await;
    assert!(admin.get(&job).await.status == 200 && admin.get("/jobs").await.text().contains("Deactivate 1 user"));
    assert_eq!(other.get(&job).await.status, 404);
    assert_eq!(other.post(&format!("{job}/cancel"), &[]).await.status, 404);
    assert!(!other.get("/jobs").await.text().contains("Deactivate"), "nobody else's");
}

#[actix_web::test]
async fn a_job_that_this_version_can_not_do_stops_and_says_so() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 1);
    for (broken, why) in [
        ("action = 'explode'", "does not know the action"),
        ("entity = 'gone'", "knows no gone"),
        ("selection = 'nonsense'", "Something went wrong on our side"),
    ] {
        let told = preview_rows(&admin, "users", "deactivate", &ids).await;
        hold_jobs(&app.database);
        let job = started(&admin, "users", &told).await;
        app.database.execute(&format!("UPDATE jobs SET {broken} WHERE ended_at IS NULL"));
        let_jobs_go(&app.database);
        let page = ended(&admin, &job).await;
        assert!(outcome(&page).starts_with("Stopped") && page.text().contains(why), "{}", page.text());
    }
}
