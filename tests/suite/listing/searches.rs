//! Searches that find so many rows that not all of them are looked at.

use diesel::RunQueryDsl as _;
use diesel::dsl::sql;
use diesel::sql_types::BigInt;

use super::ranges::assert_paged;
use crate::support::{Page, TestApp, Visitor};

/// Every tenth of these is found, and those are the last by title; of the second owner's, which are few, some.
const ROWS: i64 = 24_000;

async fn scene() -> (TestApp, Visitor, i64, i64) {
    let app = TestApp::start().await;
    let (many, few) = (app.db_user("ann@example.com", &[]).await.id, app.db_user("bea@example.com", &[]).await.id);
    app.database.execute(&format!(
        "INSERT INTO items (owner_id, title, description, created_at, updated_at)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS})
         SELECT CASE n % 1000 WHEN 0 THEN {few} ELSE {many} END, CASE n % 10 WHEN 0 THEN 'Zebra ' ELSE 'Anchor ' END || n,
             CASE n % 2 WHEN 0 THEN 'on wheels' ELSE '' END, '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM numbers"
    ));
    app.database.execute("ANALYZE");
    let admin = app.admin().await;
    (app, admin, many, few)
}

#[actix_web::test]
async fn a_search_that_finds_many_is_paged_in_each_order_and_with_each_filter() {
    let (app, admin, many, few) = scene().await;
    for (q, found) in [
        ("zebra", "title LIKE 'Zebra%'"),
        ("anchor", "title LIKE 'Anchor%'"),
        ("wheels", "description <> ''"),
        ("chor+wheels", "title LIKE 'Anchor%' AND description <> ''"),
        ("zebra+nothing", "1 = 0"),
        (
            "zebra+1240",
            "title IN ('Zebra 1240', 'Zebra 11240', 'Zebra 21240', 'Zebra 12400') OR title LIKE 'Zebra 1240%'",
        ),
    ] {
        for (sort, order) in [
            ("title", ["title_key, id", "title_key DESC, id DESC"]),
            ("-title", ["title_key DESC, id DESC", "title_key, id"]),
            ("created_at", ["created_at, id", "created_at DESC, id DESC"]),
        ] {
            for (filter, condition) in [
                (String::new(), "1 = 1".to_owned()),
                (format!("&owner={many}"), format!("owner_id = {many}")),
                (format!("&owner={few}"), format!("owner_id = {few}")),
                ("&created_from=2026-01-02".to_owned(), "1 = 0".to_owned()),
                ("&created_to=2026-01-02".to_owned(), "1 = 1".to_owned()),
            ] {
                let address = format!("/items?q={q}&sort={sort}{filter}");
                let rows = format!("items WHERE ({found}) AND {condition}");
                assert_paged(&app, &admin, &address, &rows, order).await;
            }
        }
    }
}

#[actix_web::test]
async fn what_a_search_finds_is_counted_to_a_thousand() {
    let (app, admin, many, few) = scene().await;
    let total = async |query: &str| {
        let page: Page = admin.get(&format!("/items?{query}")).await;
        page.text()
    };
    for (query, shown) in [
        ("q=zebra".to_owned(), "1,000+"),
        (format!("q=zebra&owner={many}"), "1,000+"),
        (format!("q=zebra&owner={few}"), "of 24"),
        ("q=zebra&created_to=2026-01-02".to_owned(), "1,000+"),
    ] {
        let text = total(&query).await;
        assert!(text.contains(shown), "{query} shows {shown:?}: {text}");
    }
    let rare = app.database.number("SELECT count(*) FROM items WHERE title LIKE 'Zebra %23%'");
    assert!((50..1000).contains(&rare));
    assert!(total("q=zebra+23").await.contains(&format!("of {rare}")), "{rare} are counted");
}

#[actix_web::test]
async fn what_was_common_when_the_server_looked_is_found_when_it_is_rare() {
    let (app, admin, ..) = scene().await;
    app.database.execute("UPDATE items SET title = 'Heron ' || id WHERE title LIKE 'Zebra%' AND id % 7 > 0");
    app.database.execute("DELETE FROM items WHERE id <= 12000");
    for (q, title) in [("zebra", "Zebra"), ("heron", "Heron")] {
        let rows = format!("items WHERE title LIKE '{title}%'");
        let order = ["title_key, id", "title_key DESC, id DESC"];
        assert_paged(&app, &admin, &format!("/items?q={q}&sort=title"), &rows, order).await;
        let count = app.database.number(&format!("SELECT count(*) FROM {rows}"));
        let count = if count > 1000 { "1,000+".to_owned() } else { format!("of {count}") };
        let page = admin.get(&format!("/items?q={q}")).await;
        assert!(page.text().contains(&count), "{q} shows {count}: {}", page.text());
    }
}

#[actix_web::test]
async fn postgresql_keeps_the_plan_of_a_search_for_one_text_and_of_no_other() {
    let app = TestApp::start().await;
    if !app.database.is_postgres() {
        return;
    }
    let admin = app.admin().await;
    for number in 10..20 {
        for query in ["q=oar{}", "q=longer-word{}", "q=W%C3%B6rter{}", "q=oar{}+an", "q=oar{}&owner=1"] {
            let address = format!("/items?{}", query.replace("{}", &number.to_string()));
            assert_eq!(admin.get(&address).await.status, 200, "{address}");
        }
    }
    let kept = async |which: &str| {
        let count =
            format!("(SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%candidates%' {which})");
        app.db_read(move |conn| diesel::select(sql::<BigInt>(&count)).get_result::<i64>(conn)).await
    };
    assert_eq!(kept("AND generic_plans > 1").await, 3, "one for each way to ask the index");
    assert_eq!(kept("").await, 3, "a connection keeps half a megabyte for each, so there are no others");
}

#[actix_web::test]
async fn a_word_is_found_whole_and_a_phrase_as_it_stands() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let titles = [
        "Ancient author",
        "Blue anchor",
        "Blue old anchor",
        "Anchor, blue",
        "Blueanchor",
        "BLUE ANCHOR of 2024-01-15",
        "2024 01 15",
        "Der Müller mahlt",
        "Moller and Miller",
    ];
    for title in titles {
        app.database.execute(&format!("INSERT INTO items (owner_id, title) SELECT min(id), '{title}' FROM users"));
    }
    for (q, found) in [
        ("anchor", &titles[1..6]),
        ("ANCHOR", &titles[1..6]),
        ("%22blue+anchor%22", &[titles[1], titles[5]]),
        ("%22anchor%2C+blue%22", &titles[3..4]),
        ("blueanchor", &titles[4..5]),
        ("2024-01-15", &titles[5..6]),
        ("m%C3%BCller", &titles[7..8]),
        ("M%C3%9CLLER+mahlt", &titles[7..8]),
        ("author+ancient", &titles[..1]),
    ] {
        let page = admin.get(&format!("/items?q={q}")).await;
        let (mut shown, mut found) = (page.all("tbody tr td a.opens"), found.to_vec());
        shown.sort();
        found.sort_unstable();
        assert_eq!(shown, found, "{q}");
    }
}
