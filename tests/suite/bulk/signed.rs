//! A selection is taken only as it was made here, for whom and for what.

use super::{add_users, preview_all, preview_rows, start};
use crate::support::{PASSWORD, TestApp, Visitor};

async fn start_with(visitor: &Visitor, entity: &str, selection: &str) -> u16 {
    let form = [("selection", selection), ("confirm_password", PASSWORD)];
    visitor.post(&format!("/{entity}/bulk/start"), &form).await.status
}

#[actix_web::test]
async fn a_selection_that_was_forged_or_changed_starts_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 2);
    let told = preview_all(&admin, "/users?q=user", "deactivate").await;
    let signed = told.attribute("#start [name=selection]", "value");
    let (text, signature) = signed.split_once('.').expect("two parts");
    let other = preview_all(&admin, "/users?q=user1", "deactivate").await.attribute("#start [name=selection]", "value");
    let other = other.split_once('.').expect("two parts").0;
    for broken in ["x", "e30.e30", &signed[1..], text, &format!("{other}.{signature}"), &format!("{text}.")] {
        assert_eq!(start_with(&admin, "users", broken).await, 400, "{broken}");
    }
    assert_eq!(start_with(&admin, "users", "").await, 422);
    assert_eq!(app.database.number("SELECT count(*) FROM jobs"), 0);
    assert!(!signed.contains(' ') && signed.len() < 1000, "it is a query, however many it finds: {}", signed.len());
}

#[actix_web::test]
async fn a_selection_is_for_its_own_entity_and_person() {
    let app = TestApp::start().await;
    let (admin, other) = (app.admin().await, app.db_user("other@example.com", &[1]).await);
    let other = app.logged_in(&other.email).await;
    let ids = add_users(&app.database, 2);
    let told = preview_rows(&admin, "users", "delete", &ids).await;
    let signed = told.attribute("#start [name=selection]", "value");
    assert_eq!(start_with(&admin, "items", &signed).await, 400, "users are no items");
    assert_eq!(start_with(&other, "users", &signed).await, 400, "another administrator saw nothing");
    assert_eq!(app.database.number("SELECT count(*) FROM jobs"), 0);
    assert_eq!(start(&admin, "users", &told).await.status, 303);
}

#[actix_web::test]
async fn nonsense_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let many: Vec<_> = (1..=101).map(|n: i64| n.to_string()).collect();
    let mut too_many = vec![("action", "deactivate")];
    too_many.extend(many.iter().map(|id| ("row", id.as_str())));
    for (form, status) in [
        (vec![("action", "deactivate"), ("row", "x")], 400),
        (too_many, 400),
        (vec![("action", "deactivate"), ("action", "delete"), ("row", "1")], 400),
        (vec![("action", "explode"), ("row", "1")], 422),
        (vec![("row", "1")], 422),
        (vec![("action", "deactivate")], 422),
        (vec![("action", "deactivate"), ("all", "true"), ("back", "/users?sort=nonsense")], 400),
    ] {
        let page = super::preview(&admin, "users", &form).await;
        assert_eq!(page.status, status, "{form:?}: {}", page.text());
    }
    assert_eq!(super::preview(&admin, "audit", &[]).await.status, 405, "nobody changes what is on record");
}
