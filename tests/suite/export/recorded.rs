//! That somebody took a list away is on record, before and after.

use super::{ended, exported, rows_of_json};
use crate::support::TestApp;

#[actix_web::test]
async fn an_export_is_on_record_when_it_begins_and_when_it_ends() {
    let app = TestApp::start().await;
    let visitor = app.user_with(&["users.view", "users.export"]).await;
    app.db_user("ann@example.com", &[]).await;
    exported(&visitor, "/users/export?format=csv&sort=-email&q=ann").await;
    ended(&app, 1).await;
    let entries = app.database.texts(
        "SELECT action || '|' || entity || '|' || actor || '|' || changes FROM audit_entries \
         WHERE action LIKE 'export%' ORDER BY action",
    );
    let begun = r#"[{"field":"list","new":["/users?q=ann&sort=-email"]},{"field":"format","new":["csv"]}]"#;
    let ended = r#"[{"field":"rows","new":["1"]},{"field":"end","new":["complete"]}]"#;
    let expected = [("export", begun), ("export_end", ended)];
    let expected = expected.map(|(action, changes)| format!("{action}|users|visitor0@example.com|{changes}"));
    assert_eq!(entries, expected);
    let sets = app.database.texts("SELECT DISTINCT change_set FROM audit_entries WHERE action LIKE 'export%'");
    assert_eq!(sets.len(), 1, "it is one action");
    let admin = app.admin().await;
    let log = admin.get("/audit?action=export_end").await;
    assert!(log.text().contains("Export ended"), "{}", log.text());
    let log = rows_of_json(&exported(&admin, "/audit/export?format=jsonl&action=export&entity=users").await.body);
    assert_eq!(log.len(), 1);
}

#[actix_web::test]
async fn what_can_not_be_put_on_record_is_not_exported() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.database.execute("ALTER TABLE audit_chains RENAME TO elsewhere");
    let page = admin.get("/users/export?format=csv").await;
    assert_eq!(page.status, 500, "{}", page.body);
    assert!(!page.body.contains("admin@example.com,"), "{}", page.body);
    app.database.execute("ALTER TABLE elsewhere RENAME TO audit_chains");
}
