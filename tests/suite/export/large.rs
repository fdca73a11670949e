//! However much there is, no more of it is held at a time than a little.

use reqwest::Method;

use super::permitted::fill;
use super::{exported, rows_of_csv, rows_of_json};
use crate::support::TestApp;

#[actix_web::test]
async fn many_rows_come_whole_and_once_each_packed_too() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    fill(&app, 30_000);
    let page = exported(&admin, "/items/export?format=csv&sort=-created_at").await;
    let (_, rows) = rows_of_csv(&page.body);
    let mut ids: Vec<i64> = rows.iter().map(|row| row[0].parse().expect("an id")).collect();
    assert!(ids.is_sorted_by(|one, other| one > other), "all made at one moment: the id decides");
    ids.dedup();
    assert_eq!(ids.len(), 30_000);
    let page = exported(&admin, "/items/export?format=jsonl&q=999").await;
    assert_eq!(rows_of_json(&page.body).len(), 57);
    let request = admin.request(Method::GET, "/items/export?format=csv").header("accept-encoding", "gzip");
    let mut answer = request.send().await.expect("an answer");
    assert!(answer.headers().get("content-encoding").is_some_and(|coding| coding == "gzip"));
    let first = answer.chunk().await.expect("a chunk").expect("a chunk");
    let mut packed = first.len();
    while let Some(chunk) = answer.chunk().await.expect("a chunk") {
        packed += chunk.len();
    }
    assert!(first.len() * 5 < packed, "it is packed piece by piece: {} of {packed}", first.len());
}
