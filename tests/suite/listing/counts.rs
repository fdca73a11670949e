//! What a list says of its size: exactly, when it is asked to.

use std::time::Duration;

use quarterdeck::admin::{self, Count, Query};
use quarterdeck::db::take_stock;
use quarterdeck::models::{AuditEntry, Item, User};

use reqwest::Method;

use crate::support::{TestApp, TestDatabase};

/// Items of Ann's, every other one, and of Bea's; every third has another word in its title.
fn items(database: &TestDatabase, count: i64) {
    let series = format!("VALUES (1) UNION ALL SELECT i + 1 FROM series WHERE i < {count}");
    let title = "'Item ' || i || CASE i % 3 WHEN 0 THEN ' anchor' ELSE '' END";
    database.execute(&format!(
        "WITH RECURSIVE series (i) AS ({series})
         INSERT INTO items (owner_id, title)
         SELECT (SELECT id FROM users WHERE email = CASE i % 2 WHEN 0 THEN 'ann@example.com' ELSE 'bea@example.com' END), {title}
         FROM series"
    ));
}

async fn with_items(count: i64) -> (TestApp, i64) {
    let app = TestApp::start().await;
    let ann = app.db_user("ann@example.com", &[]).await.id;
    app.db_user("bea@example.com", &[]).await;
    items(&app.database, count);
    (app, ann)
}

#[actix_web::test]
async fn count_all_says_exactly_how_many_there_are() {
    let (app, ann) = with_items(6_432).await;
    let admin = app.admin().await;
    for (query, count) in [
        (String::new(), "6,432"),
        (format!("owner={ann}&"), "3,216"),
        ("q=anchor&".into(), "2,144"),
        (format!("q=anchor&owner={ann}&sort=-title&"), "1,072"),
        ("created_from=2020-01-01&limit=25&".into(), "6,432"),
    ] {
        let page = admin.get(&format!("/items?{query}")).await;
        assert!(page.all(".range")[0].contains("of 1,000+"), "{query}: {:?}", page.all(".range"));
        let all = page.link("Count all").unwrap_or_else(|| panic!("{query}: a way to count all"));
        let counted = admin.get(&all).await;
        let last = if query.contains("limit") { 25 } else { 50 };
        assert_eq!(counted.all(".range"), [format!("1–{last} of {count}")], "{all}");
        assert_eq!(counted.ids(), page.ids(), "the same rows");
        assert_eq!(counted.link("Count all"), None, "they are counted");
        let next = counted.link("Next").expect("a next page");
        assert!(!next.contains("count=") && next == page.link("Next").expect("a next page"), "this once: {next}");
    }
}

#[actix_web::test]
async fn the_next_page_can_be_counted_too_and_htmx_gets_the_list_alone() {
    let (app, _) = with_items(1_500).await;
    let admin = app.admin().await;
    let next = admin.get("/items").await.link("Next").expect("a next page");
    let all = admin.get(&next).await.link("Count all").expect("a way to count all");
    assert_eq!(admin.get(&all).await.all(".range"), ["51–100 of 1,500"]);
    let block = admin.htmx(Method::GET, &all, &[]).await;
    assert!(!block.is_whole() && block.all(".range") == ["51–100 of 1,500"], "{}", block.text());
}

#[actix_web::test]
async fn what_is_counted_already_is_not_offered_to_be_counted() {
    let (app, _) = with_items(1_000).await;
    let admin = app.admin().await;
    assert_eq!(admin.get("/items").await.link("Count all"), None);
    assert_eq!(admin.get("/items?count=all").await.all(".range"), ["1–50 of 1,000"]);
    for wrong in ["/items?count=some", "/items?count=", "/items?count=all&count=all"] {
        assert_eq!(admin.get(wrong).await.status, 400, "{wrong}");
    }
}

#[actix_web::test]
async fn counting_ends_when_its_time_is_over() {
    let (app, ann) = with_items(1_500).await;
    app.admin().await;
    let conn = &mut app.database.connect();
    let query = Query::read::<Item>(&format!("owner={ann}")).expect("a query");
    let none = admin::count::<Item>(conn, &query, Duration::ZERO).expect("a count");
    assert_eq!(none, Count { count: 0, is_all: false });
    assert_eq!(none.in_words(), "more than 1,000 (counting took too long)");
    assert_eq!(Count { count: 412_345, is_all: false }.in_words(), "more than 412,000 (counting took too long)");
    let long = Duration::from_mins(1);
    let all = admin::count::<Item>(conn, &query, long).expect("a count");
    assert_eq!((all, all.in_words()), (Count { count: 750, is_all: true }, "750".to_owned()));
    let role = app.database.number("SELECT id FROM roles WHERE is_builtin");
    let query = Query::read::<User>(&format!("role={role}")).expect("a query");
    assert_eq!(admin::count::<User>(conn, &query, long).expect("a count").count, 1, "by way of another table");
    let entries = app.database.number("SELECT count(*) FROM audit_entries");
    let query = Query::read::<AuditEntry>("").expect("a query");
    assert_eq!(admin::count::<AuditEntry>(conn, &query, long).expect("a count").count, entries, "of what is only read");
}

#[actix_web::test]
async fn the_size_that_a_list_tells_of_follows_what_is_added_once_stock_is_taken() {
    let (app, _) = with_items(20_000).await;
    let admin = app.admin().await;
    take_stock(&mut app.database.connect()).expect("stock is taken");
    if app.database.is_postgres() {
        // It takes stock itself, at a time of its own.
        app.database.execute("ANALYZE items");
    }
    let said = admin.get("/items").await.all(".range").remove(0);
    let about =
        said.split_once("(about ").and_then(|(_, rest)| rest.strip_suffix(')')).map(|about| about.replace(',', ""));
    let about: i64 = about.and_then(|about| about.parse().ok()).unwrap_or_else(|| panic!("about so many: {said}"));
    assert!((17_000..=23_000).contains(&about), "{said}");
    if !app.database.is_postgres() {
        let small = app.database.number("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'roles'");
        assert_eq!(small, 0, "what is small now may have grown when it is asked");
    }
}

#[actix_web::test]
async fn a_table_that_was_just_emptied_is_counted_once_the_server_has_looked_again() {
    let (app, _) = with_items(100_200).await;
    let admin = app.admin().await;
    let range = async || admin.get("/items").await.all(".range").remove(0);
    let has_stock = app.database.is_postgres();
    if has_stock {
        app.database.execute("ANALYZE items");
        assert_eq!(range().await, "1–50 of 1,000+ (about 100,000)");
    }
    app.database.execute("DELETE FROM items WHERE id > (SELECT min(id) + 899 FROM items)");
    assert!(range().await.starts_with(if has_stock { "1–50 of 1,000+" } else { "1–50 of 900" }));
    assert_eq!(admin.get("/items?count=all").await.all(".range"), ["1–50 of 900"], "it can be counted at any time");
    app.database.execute("ANALYZE items");
    assert_eq!(range().await, "1–50 of 900");
    app.database.execute("DELETE FROM items WHERE id > (SELECT min(id) + 39 FROM items)");
    assert_eq!(range().await, "1–40 of 40", "what is all on one page is counted there");
}
