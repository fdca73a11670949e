//! The application whose users these are writes to the same tables, in plain SQL, and so may anybody else.

mod kept;

use std::collections::BTreeSet;

use super::support::{PASSWORD, Page, TestApp, TestDatabase, Visitor};

const ANN: &str = "ann@example.com";

/// Of the tests' password, made by argon2-cffi.
const HASH: &str = "$argon2id$v=19$m=1024,t=2,p=2$5LG8y7jqPcLgIu0A2eOwLg$VZuNOPykAu4lYjyfO0ExMTl3fxFpVFRSEtC4iw6toKQ";

/// Version and last change of the only row of a table.
fn stamp(database: &TestDatabase, table: &str) -> (i64, String) {
    let version = database.number(&format!("SELECT version FROM {table}"));
    (version, database.texts(&format!("SELECT CAST(updated_at AS TEXT) FROM {table}")).concat())
}

fn insert_user(database: &TestDatabase, email: &str) -> i64 {
    database.execute(&format!("INSERT INTO users (email, hashed_password) VALUES ('{email}', '{HASH}')"));
    database.number(&format!("SELECT id FROM users WHERE email = '{email}'"))
}

#[actix_web::test]
async fn a_user_with_nothing_but_an_address_and_a_standard_hash_logs_in_is_listed_and_edited() {
    let app = TestApp::start().await;
    let id = insert_user(&app.database, ANN);
    let ann = app.guest();
    let login = ann.post("/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(login.status, 303, "{}", login.text());
    assert!(ann.get("/account").await.text().contains(ANN));

    let admin = app.admin().await;
    let list = admin.get("/users?q=ann%40").await;
    assert!(list.has(&format!("tr#users-{id}")), "{}", list.text());
    let page = admin.get(&format!("/users/{id}")).await;
    assert_eq!(page.attribute("input[name=email]", "value"), ANN, "{}", page.text());
    let version = page.attribute("input[name=version]", "value");
    assert_eq!(version, "1", "a login by which no hash was renewed is no change");
    let saved = admin.post(&format!("/users/{id}"), &[("version", &version), ("email", "anna@example.com")]).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let cell = admin.patch(&format!("/users/{id}/email"), &[("version", "2"), ("email", "annie@example.com")]).await;
    assert_eq!(cell.status, 200, "{}", cell.text());
    assert_eq!(app.database.texts(&format!("SELECT email FROM users WHERE id = {id}")), ["annie@example.com"]);
    assert_eq!(app.database.texts(&format!("SELECT hashed_password FROM users WHERE id = {id}")), [HASH], "untouched");
    let again = app.guest().post("/login", &[("email", "annie@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(again.status, 303, "the password is the same");
}

#[actix_web::test]
async fn items_and_roles_with_nothing_but_what_they_must_have_are_listed_and_edited() {
    let app = TestApp::start().await;
    let owner = insert_user(&app.database, ANN);
    app.database.execute(&format!("INSERT INTO items (owner_id, title) VALUES ({owner}, 'Anchor')"));
    app.database.execute("INSERT INTO roles (name) VALUES ('Mate')");
    app.database.execute("INSERT INTO user_roles SELECT u.id, r.id FROM users u, roles r WHERE r.name = 'Mate'");
    app.database.execute("INSERT INTO role_permissions SELECT id, 'items.view' FROM roles WHERE name = 'Mate'");
    let ann = app.logged_in(ANN).await;
    assert!(ann.get("/items").await.text().contains("Anchor"), "the role permits what its rows say");
    let admin = app.admin().await;
    for (table, field, is, becomes) in [("items", "title", "Anchor", "Buoy"), ("roles", "name", "Mate", "Cook")] {
        let id = app.database.number(&format!("SELECT id FROM {table} WHERE {field} = '{is}'"));
        assert!(admin.get(&format!("/{table}")).await.has(&format!("tr#{table}-{id}")), "{table} lists it");
        let saved = admin.post(&format!("/{table}/{id}"), &[("version", "1"), (field, becomes)]).await;
        assert_eq!(saved.status, 303, "{table}: {}", saved.text());
        assert_eq!(app.database.texts(&format!("SELECT {field} FROM {table} WHERE id = {id}")), [becomes]);
    }
}

/// A database with one row in each of users, items and roles, last changed long ago.
fn with_a_row_each() -> TestDatabase {
    let database = TestDatabase::migrated();
    let old = "'2020-01-01 10:00:00', '2020-01-01 10:00:00'";
    database.execute(&format!(
        "DELETE FROM roles;
         INSERT INTO users (email, hashed_password, created_at, updated_at) VALUES ('{ANN}', '{HASH}', {old});
         INSERT INTO items (owner_id, title, created_at, updated_at) SELECT id, 'Anchor', {old} FROM users;
         INSERT INTO roles (name, created_at, updated_at) VALUES ('Mate', {old});"
    ));
    database
}

#[test]
fn a_change_by_plain_sql_raises_version_and_time_of_change() {
    for (table, change) in [
        ("users", "email = 'bob@example.com'"),
        ("users", "hashed_password = 'x'"),
        ("users", "is_active = FALSE"),
        ("items", "title = 'Buoy'"),
        ("items", "description = 'heavy'"),
        ("roles", "name = 'Cook'"),
        ("roles", "description = 'of the watch'"),
        ("roles", "is_builtin = TRUE"),
    ] {
        let database = with_a_row_each();
        let (before, changed_at) = stamp(&database, table);
        assert_eq!(before, 1);
        let created = database.texts(&format!("SELECT CAST(created_at AS TEXT) FROM {table}"));
        database.execute(&format!("UPDATE {table} SET {change}"));
        let (version, updated_at) = stamp(&database, table);
        assert_eq!(version, 2, "version of {table} after SET {change}");
        assert!(updated_at > changed_at, "time of change of {table} after SET {change}: {updated_at}");
        let today = quarterdeck::db::Clock::default().now().format("%Y-%m-%d").to_string();
        assert!(updated_at >= today, "it is now, in UTC: {updated_at}");
        assert_eq!(database.texts(&format!("SELECT CAST(created_at AS TEXT) FROM {table}")), created, "created once");
    }
}

#[test]
fn what_is_no_change_of_the_record_raises_nothing() {
    let database = with_a_row_each();
    let before = stamp(&database, "users");
    database.execute("UPDATE users SET last_login_at = '2026-01-01 10:00:00'");
    assert_eq!(stamp(&database, "users"), before, "a login is no change");
    for (table, change) in [
        ("users", "email = email, hashed_password = hashed_password, is_active = is_active"),
        ("items", "owner_id = owner_id, title = title, description = description"),
        ("roles", "name = name, description = description"),
    ] {
        let before = stamp(&database, table);
        database.execute(&format!("UPDATE {table} SET {change}"));
        assert_eq!(stamp(&database, table), before, "{table}: what is stored already, written again, is no change");
    }
}

#[test]
fn a_program_that_keeps_the_version_itself_is_let() {
    let database = with_a_row_each();
    for (table, change) in [("users", "is_active = FALSE"), ("items", "title = 'Buoy'"), ("roles", "name = 'Cook'")] {
        database.execute(&format!("UPDATE {table} SET {change}, version = 7, updated_at = '2021-01-01 10:00:00'"));
        assert_eq!(stamp(&database, table), (7, "2021-01-01 10:00:00".into()), "{table}");
    }
}

/// The ids of the rows of all pages of a list, page by page, in this direction.
async fn walk(visitor: &Visitor, start: &str, rel: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut path = start.to_owned();
    loop {
        let page: Page = visitor.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        pages.push(page.attributes("tbody tr", "id"));
        match page.attributes(&format!("a[rel={rel}]"), "href").into_iter().next() {
            Some(next) => path = next,
            None => return pages,
        }
        assert!(pages.len() < 20, "the pages go round: {pages:?}");
    }
}

/// Walks a list forth and back, both ways sorted, and finds each row once, in the same order.
async fn assert_pages(app: &TestApp, visitor: &Visitor, table: &str, sort: &str) {
    let expected: BTreeSet<_> =
        app.database.texts(&format!("SELECT '{table}-' || CAST(id AS TEXT) FROM {table}")).into_iter().collect();
    for sort in [sort.to_owned(), format!("-{sort}")] {
        let start = format!("/{table}?sort={sort}&limit=25");
        let forth = walk(visitor, &start, "next").await.concat();
        let met: BTreeSet<_> = forth.iter().cloned().collect();
        assert_eq!(forth.len(), met.len(), "{sort}: no row comes twice: {forth:?}");
        assert_eq!(met, expected, "{sort}: no row is lost");
        let last = visitor.get(&start).await.attribute("#page-last", "href");
        let mut back = walk(visitor, &last, "prev").await;
        // The first page is full, so it may show again what the way back has shown.
        let first = back.pop().expect("a page");
        back.reverse();
        let back = back.concat();
        assert!(
            forth.ends_with(&back) && forth.starts_with(&first),
            "{sort}: the way back has the same order: {back:?}"
        );
        assert!(first.len() + back.len() >= forth.len(), "{sort}: the way back passes every row: {first:?} {back:?}");
    }
}

#[actix_web::test]
async fn times_in_every_spelling_that_is_taken_page_without_repeats_or_losses() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let fractions = ["", ".000", ".120", ".000000", ".120000", ".120500", ".123456", ".5", ".12", ".1200"];
    let mut taken = 0;
    for number in 0..70 {
        let time = format!("2026-01-01 10:00:0{}{}", number / 35, fractions[number % fractions.len()]);
        let row = format!(
            "INSERT INTO users (email, hashed_password, created_at, updated_at) VALUES ('u{number}@x.org', 'x', '{time}', '{time}')"
        );
        // A database may refuse a spelling, but not take it and then lose the row.
        taken += usize::from(app.database.try_execute(&row).is_ok());
    }
    assert!(taken >= 49, "the usual spellings are taken: {taken}");
    assert_pages(&app, &admin, "users", "created_at").await;
}

#[actix_web::test]
async fn times_written_by_an_update_page_without_repeats_or_losses() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for number in 0..60 {
        app.database.execute(&format!("INSERT INTO items (owner_id, title) SELECT id, 'item {number}' FROM users"));
    }
    for (field, version) in [("updated_at", "version + 1"), ("created_at", "version + 1"), ("updated_at", "version")] {
        for (rest, fraction) in ["", ".000", ".120", ".000000", ".120000"].iter().enumerate() {
            app.database.execute(&format!(
                "UPDATE items SET version = {version}, {field} = '2026-01-01 10:00:00{fraction}' WHERE id % 5 = {rest}"
            ));
        }
        assert_pages(&app, &admin, "items", field).await;
    }
}
