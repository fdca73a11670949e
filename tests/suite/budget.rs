//! The page budget: what a page asks the database does not depend on how much is in it. Every page of the program is asked
//! for, over ten rows of everything and over ten thousand, and says by `Server-Timing` how many queries it took.

mod fill;
mod pages;
mod timing;

use std::collections::BTreeMap;

use crate::doors::table;
use crate::support::{Page, TestApp, Visitor};
use pages::Scene;

/// The most queries of a list, session and permissions included.
const LIST: u64 = 4;
/// Of a record, and of what is shown like one: its form when it is new, the question before it is deleted.
const RECORD: u64 = 6;
/// Of a cell.
const CELL: u64 = 3;
/// Of every other page.
const OTHER: u64 = 12;

/// How many queries an answer says that it took.
fn queries(page: &Page) -> u64 {
    let told = page.header("server-timing");
    let count = told.split_once("desc=\"").and_then(|(_, rest)| rest.split_once(' ')).map(|(count, _)| count.parse());
    count.and_then(Result::ok).unwrap_or_else(|| panic!("{} says nothing of its queries: {told:?}", page.status))
}

/// How many queries an address takes, if it is a page.
async fn asked(visitor: &Visitor, path: &str) -> Option<u64> {
    let page = visitor.get(path).await;
    assert!(matches!(page.status, 200 | 204 | 303 | 403 | 404), "{path}: {} {}", page.status, page.text());
    (page.status != 404).then(|| queries(&page))
}

/// The queries of each page. Once a minute the session notes that it was seen, in one more: a page that took more than it
/// is `expected` to is asked for again.
async fn counted(
    visitor: &Visitor,
    paths: &[(String, u64)],
    expected: impl Fn(&str) -> Option<u64>,
) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for (path, _) in paths {
        let Some(mut count) = asked(visitor, path).await else { continue };
        if expected(path).is_none_or(|expected| count > expected) {
            count = asked(visitor, path).await.map_or(count, |again| count.min(again));
        }
        counts.insert(path.clone(), count);
    }
    counts
}

/// Asks for every page that somebody may see, over few rows and over many.
async fn assert_within_budget(permissions: &[&str]) {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let visitor = if permissions == ["*"] { app.admin().await } else { app.user_with(permissions).await };
    fill::rows(&app.database, 1, 10);
    let paths = scene.pages(&visitor, permissions).await;
    let few = counted(&visitor, &paths, |_| None).await;
    fill::rows(&app.database, 11, 10_000);
    let many = counted(&visitor, &paths, |path| few.get(path).copied()).await;
    let mut wrong = Vec::new();
    for (path, most) in &paths {
        match (few.get(path), many.get(path)) {
            (None, None) => {}
            (few, many) if few != many => {
                wrong.push(format!("{path}: {few:?} over ten rows, {many:?} over ten thousand"));
            }
            (_, Some(many)) if many > most => wrong.push(format!("{path}: {many} queries, {most} are the most")),
            _ => {}
        }
    }
    assert!(many.len() > 3, "pages were asked for: {many:?}");
    assert!(wrong.is_empty(), "with {permissions:?}:\n{}", wrong.join("\n"));
}

#[actix_web::test]
async fn every_page_of_an_administrator_takes_as_many_queries_over_ten_rows_as_over_ten_thousand() {
    assert_within_budget(&["*"]).await;
}

#[actix_web::test]
async fn every_page_of_who_holds_each_permission_but_is_no_administrator_keeps_to_the_budget() {
    let all = table::permissions();
    assert_within_budget(&all.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

#[actix_web::test]
async fn every_page_of_who_may_only_see_and_change_users_keeps_to_the_budget() {
    assert_within_budget(&["users.view", "users.update"]).await;
}

#[actix_web::test]
async fn every_page_of_who_may_only_see_items_keeps_to_the_budget() {
    assert_within_budget(&["items.view"]).await;
}

#[actix_web::test]
async fn every_page_of_who_may_see_and_change_items_and_see_users_keeps_to_the_budget() {
    assert_within_budget(&["users.view", "items.view", "items.update", "items.create"]).await;
}
