//! What is in the file, and how it is written.

use reqwest::Method;
use serde_json::json;

use super::{ended, exported, ids, rows_of_csv, rows_of_json};
use crate::contract::{ITEMS, ROLES, USERS};
use crate::support::{TestApp, Visitor};

#[actix_web::test]
async fn what_people_write_comes_back_as_it_was_but_for_what_a_spreadsheet_would_run() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let texts = [
        "a, b",
        "say \"ahoy\"",
        "one\ntwo",
        "one\r\ntwo",
        "\"",
        "Ångström — 海 🚢",
        "=1+1",
        "+1",
        "-1",
        "@cmd",
        "\tx",
        "\rx",
        "'quoted",
        "=\"a\",\nb",
        " spaces ",
        "a=b",
    ];
    let owner = app.db_user("ann@example.com", &[]).await.id;
    let mut stored = Vec::new();
    for text in texts {
        stored.push(app.db_item(owner, text).await.id);
    }
    let page = exported(&admin, "/items/export?format=csv&sort=created_at").await;
    let (head, rows) = rows_of_csv(&page.body);
    assert_eq!(head, ["id", "title", "owner_id", "owner", "description", "created_at", "updated_at"]);
    assert_eq!(ids(&page.body), stored);
    for (row, text) in rows.iter().zip(texts) {
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let expected = if is_formula { format!("'{text}") } else { text.to_owned() };
        assert_eq!(row[1], expected, "{text:?}");
        assert_eq!((row[2].parse(), row[3].as_str()), (Ok(owner), "ann@example.com"), "the owner of {text:?}");
        assert_eq!(row[4], "", "no description");
    }
    assert!(page.body.ends_with("\r\n") && !page.body.starts_with('\u{feff}'), "lines end as RFC 4180 says");
    let lines = page.body.matches("\r\n").count() - texts.iter().filter(|text| text.contains("\r\n")).count();
    assert_eq!(lines, texts.len() + 1, "and none otherwise");
    let page = exported(&admin, "/items/export?format=jsonl&sort=created_at").await;
    let titles: Vec<_> = rows_of_json(&page.body).into_iter().map(|row| row["title"].clone()).collect();
    assert_eq!(titles, texts, "JSON needs no apostrophe");
}

#[actix_web::test]
async fn values_have_their_types_and_relations_their_labels() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let roles = [app.db_role("Mate", &["items.view"]).await.id, app.db_role("Cook", &[]).await.id];
    let ann = app.db_user("ann@example.com", &roles).await.id;
    app.db_item(ann, "Anchor").await;
    app.database
        .execute("UPDATE users SET created_at = '2026-01-02 03:04:05.5', last_login_at = NULL WHERE email LIKE 'ann%'");
    let page = exported(&admin, "/users/export?format=jsonl&q=ann").await;
    let rows = rows_of_json(&page.body);
    let expected = json!({
        "id": ann, "email": "ann@example.com", "is_active": true, "roles": ["Cook", "Mate"], "items": 1, "lock": "None",
        "last_login_at": null, "created_at": "2026-01-02T03:04:05.500Z",
    });
    assert_eq!(rows, [expected]);
    assert!(!page.body.contains("hash") && !page.body.contains("password"), "{}", page.body);
    let page = exported(&admin, "/users/export?format=csv&q=ann").await;
    let (head, rows) = rows_of_csv(&page.body);
    assert_eq!(head, ["id", "email", "is_active", "roles", "items", "lock", "last_login_at", "created_at"]);
    let id = ann.to_string();
    let expected = [&*id, "ann@example.com", "true", "Cook; Mate", "1", "None", "", "2026-01-02T03:04:05.500Z"];
    assert_eq!(rows, [expected]);
    let role = exported(&admin, "/roles/export?format=jsonl&q=mate").await;
    let row = &rows_of_json(&role.body)[0];
    assert_eq!((&row["permissions"], &row["users"]), (&json!(["items.view"]), &json!(1)), "all of it, not its number");
    let saved = admin.patch(&format!("/users/{ann}/email"), &[("version", "1"), ("email", "bea@example.com")]).await;
    assert!(matches!(saved.status, 200 | 409), "{}", saved.text());
}

#[actix_web::test]
async fn what_changed_is_a_value_of_its_own() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let item = app.db_item(1, "Anchor").await.id;
    let saved = admin.patch(&format!("/items/{item}/title"), &[("version", "1"), ("title", "Bell")]).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let page = exported(&admin, "/audit/export?format=jsonl&action=update").await;
    let row = &rows_of_json(&page.body)[0];
    let changed = json!([{ "field": "Title", "old": ["Anchor"], "new": ["Bell"] }]);
    assert_eq!((&row["changes"], &row["actor"]), (&changed, &json!("admin@example.com")), "{row}");
    let page = exported(&admin, "/audit/export?format=csv&action=update").await;
    let (head, rows) = rows_of_csv(&page.body);
    let place = head.iter().position(|name| name == "changes").expect("a column");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&rows[0][place]).expect("JSON"), changed);
}

#[actix_web::test]
async fn the_file_has_the_rows_of_the_list_in_its_order() {
    for entity in [&USERS, &ITEMS, &ROLES] {
        let app = entity.app().await;
        let admin = app.admin().await;
        for number in 0..60 {
            let created = format!("2026-01-{:02} 03:04:05", number % 5 + 1);
            entity.row(
                &app.database,
                &format!("{}-{number}", if number % 3 == 0 { "rare" } else { "usual" }),
                "",
                &created,
            );
        }
        let name = entity.name;
        let sorts = entity.sorts.iter().flat_map(|(sort, _)| [format!("sort={sort}"), format!("sort=-{sort}")]);
        let narrowed =
            ["q=rare".to_owned(), "q=nothing+like+it".into(), "created_from=2026-01-03&sort=-created_at".into()];
        for query in sorts.chain(narrowed).chain([String::new()]) {
            let listed = all_of_list(&admin, name, &query).await;
            for format in ["csv", "jsonl"] {
                let page = exported(&admin, &format!("/{name}/export?format={format}&{query}")).await;
                let found = if format == "csv" {
                    ids(&page.body)
                } else {
                    rows_of_json(&page.body).iter().map(|row| row["id"].as_i64().expect("an id")).collect()
                };
                assert_eq!(found, listed, "{name} as {format} with {query:?}");
            }
        }
    }
}

/// The ids of a whole list, page by page.
async fn all_of_list(visitor: &Visitor, name: &str, query: &str) -> Vec<i64> {
    let mut path = format!("/{name}?limit=100&{query}").trim_end_matches('&').to_owned();
    let mut all = Vec::new();
    loop {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        all.extend(page.ids());
        match page.attributes("a[rel=next]", "href").pop() {
            Some(next) => path = next,
            None => return all,
        }
    }
}

#[actix_web::test]
async fn an_empty_list_is_a_file_with_a_head_alone() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let page = exported(&admin, "/items/export?format=csv").await;
    assert_eq!(page.body, "id,title,owner_id,owner,description,created_at,updated_at\r\n");
    assert_eq!(exported(&admin, "/items/export?format=jsonl").await.body, "");
}

#[actix_web::test]
async fn the_answer_says_what_it_is_and_what_it_is_to_be_called() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let today = app.db.clock().now().format("%Y-%m-%d").to_string();
    for (format, kind) in
        [("csv", "text/csv; header=present; charset=utf-8"), ("jsonl", "application/jsonl; charset=utf-8")]
    {
        let path = format!("/users/export?format={format}");
        let head = admin.send(admin.request(Method::HEAD, &path)).await;
        assert_eq!(
            app.database.number("SELECT count(*) FROM audit_entries WHERE action LIKE 'export%'"),
            0,
            "HEAD exports nothing"
        );
        for page in [head, exported(&admin, &path).await] {
            assert_eq!(page.header("content-type"), kind);
            let called = page.header("content-disposition");
            let expected = format!("attachment; filename=\"users-{today}.{format}\"");
            assert!(called == expected || !called.contains(&today), "{called}");
            assert_eq!(page.header("cache-control"), "no-store");
            assert_eq!(page.header("content-length"), "", "its length is not known before");
        }
        // Its end is put on record after the last byte.
        ended(&app, 1).await;
        app.database.execute("DELETE FROM audit_entries WHERE action LIKE 'export%'");
    }
}

#[actix_web::test]
async fn what_is_no_list_or_no_format_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for query in [
        "",
        "format=",
        "format=xlsx",
        "format=CSV",
        "format=csv&format=jsonl",
        "format=csv&nonsense=1",
        "format=csv&sort=nonsense",
        "format=csv&is_active=maybe",
        "format=csv&role=x",
        "format=csv&after=abc",
        "format=csv&before=end",
        "format=csv&limit=25",
    ] {
        let page = admin.get(&format!("/users/export?{query}")).await;
        assert_eq!(page.status, 400, "{query}: {}", page.text());
        assert!(page.is_whole() && page.header("content-disposition").is_empty(), "{query}: a page says why");
    }
    assert_eq!(admin.get("/audit/export?format=csv&q=x").await.status, 400, "where nothing is searched");
    assert_eq!(app.database.number("SELECT count(*) FROM audit_entries WHERE action LIKE 'export%'"), 0);
}
