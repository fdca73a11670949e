//! Ranges of a column beside another order, which puts all that they find at its end: a walk through the order ends before it meets them.

use crate::support::{TestApp, Visitor};

/// So many rows were made in each of eighteen months: more than a list is read whole of, and in ten of them more than are walked
/// through. One month is less than a sixteenth of all, two are more.
const EACH: i64 = 2_100;

/// Numbers from 1 on, and beside each its month as a moment.
fn months(app: &TestApp, each: i64) -> String {
    let rows = 18 * each;
    let place = format!("((n - 1) / {each} + 6)");
    let moment =
        format!("(2024 + {place} / 12) || '-' || substr(CAST(101 + {place} % 12 AS TEXT), 2) || '-05 00:00:00'");
    let month = if app.database.is_postgres() { format!("CAST({moment} AS TIMESTAMP)") } else { moment };
    format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows}),
         months AS (SELECT n, {month} AS month FROM numbers)"
    )
}

/// The first pages of a list, ahead and from its end, are those of a plain query.
pub(super) async fn assert_paged(app: &TestApp, admin: &Visitor, address: &str, rows: &str, order: [&str; 2]) {
    let all = |order: &str| app.database.numbers(&format!("SELECT id FROM {rows} ORDER BY {order} LIMIT 100"));
    let (ahead, mut back) = (all(order[0]), all(order[1]));
    let page = admin.get(address).await;
    assert_eq!(page.ids(), ahead[..50.min(ahead.len())], "{address}");
    if ahead.len() > 50 {
        let next = admin.get(&page.attribute("#page-next", "href")).await;
        assert_eq!(next.ids(), ahead[50..], "{address}: the second page");
        let again = admin.get(&next.attribute("#page-previous", "href")).await;
        assert_eq!(again.ids(), ahead[..50], "{address}: and back");
    }
    back.truncate(50);
    back.reverse();
    assert_eq!(admin.get(&format!("{address}&before=end")).await.ids(), back, "{address}: the last page");
    let count = app.database.number(&format!("SELECT count(*) FROM {rows}"));
    let shown = if count > 1000 { "of 1,000+".to_owned() } else { format!("of {count}") };
    assert!(page.all(".range")[0].contains(&shown) || count == 0, "{address}: {:?}, {count}", page.all(".range"));
}

#[actix_web::test]
async fn what_was_made_last_is_found_in_the_order_of_changes() {
    let app = TestApp::start().await;
    let (many, few) = (app.db_user("ann@example.com", &[]).await.id, app.db_user("bea@example.com", &[]).await.id);
    let months = months(&app, EACH);
    app.database.execute(&format!(
        "INSERT INTO items (owner_id, title, created_at, updated_at)
         {months} SELECT CASE n % 100 WHEN 0 THEN {few} ELSE {many} END, 'Rope ' || n, month, month FROM months"
    ));
    app.database.execute("ANALYZE");
    let admin = app.admin().await;
    for (filter, condition) in [
        (String::new(), String::new()),
        (format!("&owner={many}"), format!("AND owner_id = {many}")),
        (format!("&owner={few}"), format!("AND owner_id = {few}")),
        ("&q=rope".to_owned(), String::new()),
        ("&q=rope+77".to_owned(), "AND title LIKE '%77%'".to_owned()),
    ] {
        for (sort, order) in [
            ("updated_at", ["updated_at, id", "updated_at DESC, id DESC"]),
            ("-updated_at", ["updated_at DESC, id DESC", "updated_at, id"]),
            ("title", ["title_key, id", "title_key DESC, id DESC"]),
        ] {
            for (range, between) in [
                ("created_from=2025-12-01", "created_at >= '2025-12-01'"),
                ("created_to=2024-08-31", "created_at < '2024-09-01'"),
                (
                    "created_from=2025-06-01&created_to=2025-07-31",
                    "created_at >= '2025-06-01' AND created_at < '2025-08-01'",
                ),
            ] {
                let rows = format!("items WHERE {between} {condition}");
                assert_paged(&app, &admin, &format!("/items?{range}&sort={sort}{filter}"), &rows, order).await;
            }
        }
    }
}

#[actix_web::test]
async fn users_of_a_role_who_came_last_are_found_in_the_order_of_their_addresses() {
    let app = TestApp::start().await;
    let role = app.db_role("Crew", &[]).await.id;
    let months = months(&app, EACH);
    app.database.execute(&format!(
        "INSERT INTO users (email, hashed_password, is_active, created_at)
         {months} SELECT 'u' || (100000 + n) || '@example.com', '$none$', n % 20 > 0, month FROM months"
    ));
    app.database
        .execute(&format!("INSERT INTO user_roles SELECT id, {role} FROM users WHERE created_at < '2026-01-01'"));
    app.database.execute("ANALYZE");
    let admin = app.admin().await;
    for (filter, condition) in [("", ""), ("&is_active=false", "AND NOT is_active")] {
        for (sort, order) in [
            ("email", ["email, id", "email DESC, id DESC"]),
            ("-email", ["email DESC, id DESC", "email, id"]),
            ("is_active", ["is_active, id", "is_active DESC, id DESC"]),
        ] {
            for (range, between) in [
                ("created_from=2025-11-01", "created_at >= '2025-11-01' AND created_at < '2026-01-01'"),
                ("created_to=2024-09-30", "created_at < '2024-10-01'"),
            ] {
                let held = format!("id IN (SELECT user_id FROM user_roles WHERE role_id = {role})");
                let rows = format!("users WHERE {held} AND {between} {condition}");
                assert_paged(&app, &admin, &format!("/users?role={role}&{range}&sort={sort}{filter}"), &rows, order)
                    .await;
            }
        }
    }
}
