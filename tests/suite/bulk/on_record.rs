//! All that a job does is one action on record: its beginning, each record, its end.

use super::{add_users, done, preview_all};
use crate::support::{Program, TestApp};

#[actix_web::test]
async fn a_job_is_one_action_on_record_from_beginning_to_end() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 230);
    let job = done(&admin, "users", &preview_all(&admin, "/users?is_active=true", "deactivate").await).await;
    let sets = app.database.numbers(
        "SELECT count(*) FROM audit_entries WHERE action LIKE 'bulk%' OR action = 'update' GROUP BY change_set",
    );
    assert_eq!(sets, [232], "beginning, 230 users, end; not the one that was refused");
    let log = admin.get(&job.link("On record").expect("the way to the record")).await;
    assert!(log.text().contains("232"), "{}", log.text());
    let entry = |action: &str| {
        let changes = format!("SELECT changes FROM audit_entries WHERE action = '{action}'");
        app.database.texts(&changes).pop().expect("an entry")
    };
    let (start, end) = (entry("bulk_start"), entry("bulk_end"));
    assert!(start.contains("all with is_active=true") && start.contains("231"), "{start}");
    assert!(end.contains("done") && end.contains("230") && end.contains("refused"), "{end}");
    let who = "SELECT count(*) FROM audit_entries WHERE change_set = (SELECT change_set FROM jobs) AND actor = 'admin@example.com' AND address <> '' AND request_id <> ''";
    assert_eq!(app.database.number(who), 232, "as whoever started it, and from where");
    let first = admin.get(&log.attribute("tbody a[href^='/audit/']", "href")).await;
    let same = first.link("Same action").expect("the way to the same action");
    assert!(admin.get(&same).await.text().contains("232"), "the log shows it whole");
    Program::on(&app.database).run(&["audit", "verify"]).success();
}

#[actix_web::test]
async fn what_a_refused_record_would_have_undone_is_neither_done_nor_on_record() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    // Its row is written before the role turns out to be the last administrator's.
    let rows = [("action", "take_role"), ("value", "1"), ("row", "1"), ("back", "/users")];
    let told = super::preview(&admin, "users", &rows).await;
    done(&admin, "users", &told).await;
    assert_eq!(app.database.number("SELECT version FROM users WHERE id = 1"), 1);
    assert_eq!(app.database.number("SELECT count(*) FROM audit_entries WHERE action = 'update'"), 0);
}

#[actix_web::test]
async fn much_that_goes_with_one_record_is_on_record_and_in_the_same_action() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 2);
    super::add_items(&app, ids[0], 1200);
    let job = done(&admin, "users", &preview_all(&admin, "/users?q=user", "delete").await).await;
    assert_eq!(super::outcome(&job), "Done 2 deleted");
    let of_it = "SELECT count(*) FROM audit_entries WHERE change_set = (SELECT change_set FROM jobs)";
    assert_eq!(app.database.number(of_it), 1204, "beginning, 1,200 items, 2 users, end");
    Program::on(&app.database).run(&["audit", "verify"]).success();
}
