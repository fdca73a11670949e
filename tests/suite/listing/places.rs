//! Places in a list: cursors hold while rows come and go, and counts stay honest.

use crate::support::{Page, TestApp, Visitor};

/// Stores items `Item 0001` to `Item {count}` of the first user.
fn items(app: &TestApp, count: u32) {
    app.database.execute(&format!(
        "WITH RECURSIVE numbers(n) AS (SELECT 10001 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000 + {count}) \
         INSERT INTO items (owner_id, title) SELECT (SELECT min(id) FROM users), 'Item ' || substr('' || n, 2) FROM numbers"
    ));
}

fn titles(page: &Page) -> Vec<String> {
    page.all("tbody tr td a.opens")
}

async fn follow(visitor: &Visitor, page: &Page, link: &str) -> Page {
    let href = page.link(link).unwrap_or_else(|| panic!("no link {link}: {}", page.text()));
    let next = visitor.get(&href).await;
    assert_eq!(next.status, 200, "{link}: {}", next.text());
    next
}

/// Walks a list while rows come before the place, after it and equal to it, and others go.
async fn walk_while_rows_come_and_go(sort: &str) {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    items(&app, 200);
    let mut stays = app.database.texts("SELECT title FROM items WHERE id % 10 <> 0 ORDER BY title");
    let mut page = admin.get(&format!("/items?limit=25&sort={sort}")).await;
    let mut seen = titles(&page);
    for turn in 0.. {
        let last = titles(&page).pop().expect("a row");
        for title in ["Item 0000 new".to_owned(), "Item 9999 new".into(), last.clone(), format!("{last} new {turn}")] {
            app.db_item(1, &title).await;
        }
        app.database
            .execute(&format!("DELETE FROM items WHERE id % 10 = 0 AND (title = '{last}' OR id = {})", 10 * turn));
        let Some(next) = page.link("Next") else { break };
        page = admin.get(&next).await;
        seen.extend(titles(&page));
        assert!(turn < 20, "the list ends");
    }
    seen.retain(|title| stays.contains(title));
    // A new row of the same title stands beside the old one.
    seen.dedup();
    if sort.starts_with('-') {
        stays.reverse();
    }
    assert_eq!(seen, stays, "every row that was there all the time, once");
}

#[actix_web::test]
async fn rows_that_come_and_go_neither_hide_nor_repeat_the_others() {
    walk_while_rows_come_and_go("title").await;
}

#[actix_web::test]
async fn rows_that_come_and_go_neither_hide_nor_repeat_the_others_in_descending_order() {
    walk_while_rows_come_and_go("-title").await;
}

#[actix_web::test]
async fn a_place_whose_row_is_deleted_still_leads_on_and_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    items(&app, 60);
    let first = admin.get("/items?limit=25").await;
    let second = follow(&admin, &first, "Next").await;
    app.database.execute("DELETE FROM items WHERE title IN ('Item 0025', 'Item 0026')");
    let again = follow(&admin, &first, "Next").await;
    assert_eq!((titles(&again)[0].as_str(), titles(&again).len()), ("Item 0027", 25), "on from a row that is gone");
    let back = follow(&admin, &second, "Previous").await;
    assert_eq!(titles(&back).first().map(String::as_str), Some("Item 0001"), "back from a row that is gone");
    assert_eq!(back.link("Previous"), None, "the first page has nothing before it");
    assert_eq!(titles(&back).len(), 25, "the first page is full, as it is when one comes to it directly");
}

#[actix_web::test]
async fn a_page_that_lost_its_last_rows_does_not_claim_that_there_are_none() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    items(&app, 30);
    let first = admin.get("/items?limit=25").await;
    app.database.execute("DELETE FROM items WHERE title > 'Item 0025'");
    let beyond = follow(&admin, &first, "Next").await;
    assert!(!beyond.text().contains("There are no items yet"), "there are 25: {}", beyond.text());
    let leads_back = !beyond.ids().is_empty() || beyond.link("First").is_some() || beyond.link("Previous").is_some();
    assert!(leads_back, "the rows or a way back to them: {}", beyond.text());
}

/// What a list says of its size, without what the database may guess beside it.
fn range(page: &Page) -> String {
    let said = page.all(".range").remove(0);
    said.split(" (about").next().unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn rows_are_counted_exactly_up_to_a_thousand_and_not_beyond() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (count, range) in [(1, "1–1 of 1"), (999, "1–50 of 999"), (1000, "1–50 of 1,000"), (1001, "1–50 of 1,000+")]
    {
        app.database.execute("DELETE FROM items");
        items(&app, count);
        let page = admin.get("/items").await;
        assert_eq!(self::range(&page), range, "of {count}");
    }
    let dashboard = admin.get("/").await;
    assert!(dashboard.text().contains("1,000+"), "the dashboard counts no further either: {}", dashboard.text());
    let searched = admin.get("/items?q=Item+100").await;
    assert_eq!(searched.all(".range"), ["1–3 of 3"], "what a search leaves is counted");
}

#[actix_web::test]
async fn a_list_of_many_thousands_is_walked_from_both_ends() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    items(&app, 2345);
    let page = admin.get("/items?limit=100").await;
    assert_eq!(range(&page), "1–100 of 1,000+");
    let last = follow(&admin, &page, "Last").await;
    assert_eq!((titles(&last)[0].as_str(), titles(&last)[99].as_str()), ("Item 2246", "Item 2345"));
    assert_eq!(range(&last), "100 of 1,000+", "what was not counted has no number");
    let before = follow(&admin, &last, "Previous").await;
    assert_eq!((titles(&before)[0].as_str(), titles(&before)[99].as_str()), ("Item 2146", "Item 2245"));
    let mut deep = page;
    for _ in 0..12 {
        deep = follow(&admin, &deep, "Next").await;
    }
    assert_eq!(titles(&deep)[0], "Item 1201", "thirteen pages deep");
    assert_eq!(range(&deep), "1,201–1,300 of 1,000+");
    let back = follow(&admin, &deep, "Previous").await;
    assert_eq!((titles(&back)[0].as_str(), range(&back)), ("Item 1101", "1,101–1,200 of 1,000+".to_owned()));
}

#[actix_web::test]
async fn counts_in_columns_stop_at_a_hundred() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let owner = app.db_user("owner@example.com", &[]).await;
    let role = app.db_role("Held", &["users.view", "users.create"]).await;
    for (count, shown) in [(99, "99"), (100, "100"), (101, "100+")] {
        app.database.execute(&format!(
            "DELETE FROM items; DELETE FROM users WHERE email LIKE 'holder%'; \
             CREATE TEMPORARY TABLE n AS WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count}) \
             SELECT n FROM n; \
             INSERT INTO items (owner_id, title) SELECT {owner}, 'x' FROM n; \
             INSERT INTO users (email, hashed_password) SELECT 'holder' || n || '@example.com', 'x' FROM n; \
             INSERT INTO user_roles (user_id, role_id) SELECT id, {role} FROM users WHERE email LIKE 'holder%'",
            owner = owner.id,
            role = role.id
        ));
        let cell = admin.get(&format!("/users/{}/items", owner.id)).await;
        assert_eq!(cell.all("a"), [shown], "{count} items");
        assert_eq!(cell.attribute("a", "href"), format!("/items?owner={}", owner.id), "and where they are");
        let cell = admin.get(&format!("/roles/{}/users", role.id)).await;
        assert_eq!(
            (cell.all("a"), cell.attribute("a", "href")),
            (vec![shown.into()], format!("/users?role={}", role.id))
        );
    }
    let permissions = admin.get(&format!("/roles/{}/permissions", role.id)).await;
    assert_eq!(permissions.text(), "2", "the permissions of a role are counted");
    let everything = admin.get("/roles/1/permissions").await;
    assert_eq!(everything.text(), "All", "the built-in role holds all of them");
}
