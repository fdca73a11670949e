//! Who reads on gets on, who goes away or may no longer gets no more; and the record says how far it went.

use std::time::Duration;

use quarterdeck::db::Clock;
use reqwest::Method;

use super::permitted::fill;
use super::{ended, rows_of_csv};
use crate::support::{TestApp, TestDatabase, Visitor, settings};

const MANY: i64 = 40_000;

/// How the last export ended: rows, and in what words.
async fn end(app: &TestApp) -> (u64, String) {
    ended(app, 1).await;
    let changes = app.database.texts("SELECT changes FROM audit_entries WHERE action = 'export_end'").remove(0);
    let changes: serde_json::Value = serde_json::from_str(&changes).expect("JSON");
    let said = |place: usize| changes[place]["new"][0].as_str().expect("a text").to_owned();
    (said(0).parse().expect("a number"), said(1))
}

async fn open(visitor: &Visitor) -> reqwest::Response {
    let answer = visitor.request(Method::GET, "/items/export?format=csv").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer
}

#[actix_web::test]
async fn a_reader_who_goes_away_ends_it_and_that_is_on_record() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    fill(&app, MANY);
    let mut answer = open(&admin).await;
    answer.chunk().await.expect("a chunk");
    drop(answer);
    let (rows, end) = end(&app).await;
    assert_eq!(end, "broken off: the reader went away");
    assert!(rows > 0 && rows < MANY.unsigned_abs(), "{rows} rows: no more is read than is sent");
}

#[actix_web::test]
async fn whoever_loses_the_permission_loses_the_rest() {
    for take in ["DELETE FROM user_roles", "DELETE FROM sessions", "UPDATE users SET is_active = FALSE"] {
        let app = TestApp::start().await;
        app.admin_account().await;
        let visitor = app.user_with(&["items.view", "items.export"]).await;
        fill(&app, MANY);
        let mut answer = open(&visitor).await;
        answer.chunk().await.expect("a chunk");
        app.database.execute(take);
        let mut broken = false;
        loop {
            match answer.chunk().await {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        assert!(broken, "{take}: the file has no proper end");
        let (rows, end) = end(&app).await;
        assert_eq!(end, "broken off: no longer permitted", "{take}");
        assert!(rows < MANY.unsigned_abs(), "{take}: {rows} rows");
    }
}

#[actix_web::test]
async fn a_slow_reader_is_waited_for_and_one_who_stops_is_not() {
    let database = TestDatabase::migrated();
    let mut settings = settings(&database, &[]);
    settings.web.rest_timeout = Duration::from_secs(2);
    let app = TestApp::start_as(database, settings, Clock::default());
    let admin = app.admin().await;
    fill(&app, MANY);
    // More than the buffers between the two take.
    app.database.execute(&format!("UPDATE items SET description = '{}'", "long ".repeat(200)));
    let mut answer = open(&admin).await;
    let mut text = Vec::new();
    let mut next = 0;
    while let Some(chunk) = answer.chunk().await.expect("the connection is kept") {
        text.extend(chunk);
        // Longer in all than any connection may rest.
        if text.len() > next {
            next = text.len() + 4_000_000;
            actix_web::rt::time::sleep(Duration::from_millis(400)).await;
        }
    }
    let (_, rows) = rows_of_csv(std::str::from_utf8(&text).expect("UTF-8"));
    assert_eq!(rows.len() as i64, MANY);
    let (count, how) = end(&app).await;
    assert_eq!((count as i64, how.as_str()), (MANY, "complete"));
    app.database.execute("DELETE FROM audit_entries WHERE action = 'export_end'");
    let stopped = open(&admin).await;
    let (_, how) = end(&app).await;
    assert_eq!(how, "broken off: the reader went away");
    drop(stopped);
}
