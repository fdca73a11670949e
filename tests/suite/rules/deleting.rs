use crate::support::{TestApp, Visitor};

/// Tries every way to delete a record; asserts that each is refused, and gives what was said.
async fn refused(visitor: &Visitor, url: &str) -> String {
    let page = visitor.get(url).await;
    assert_eq!((page.status, page.link("Delete")), (200, None), "{url} has no button: {}", page.text());
    assert_eq!(visitor.get(&format!("{url}/delete")).await.status, 403, "{url}/delete is not even asked");
    assert_eq!(visitor.delete(url).await.status, 403, "DELETE {url}");
    let answer = visitor.post(&format!("{url}/delete"), &[("version", "1")]).await;
    assert_eq!(answer.status, 403, "POST {url}/delete: {}", answer.text());
    answer.text()
}

#[actix_web::test]
async fn nobody_deletes_a_role_that_permits_what_they_may_not_do() {
    let app = TestApp::start().await;
    let visitor = app.user_with(&["roles.view", "roles.delete", "items.view"]).await;
    let beyond = app.db_role("Beyond", &["items.view", "items.delete"]).await.id;
    let foreign = app.db_role("Foreign", &["billing.refund"]).await.id;
    for role in [beyond, foreign, 1] {
        let said = refused(&visitor, &format!("/roles/{role}")).await;
        assert!(said.contains("permits what you may not do"), "it says why: {said}");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM roles"), 4, "nothing is deleted");
    for (name, held) in [("Within", &["items.view", "roles.delete"][..]), ("Empty", &[])] {
        let url = format!("/roles/{}", app.db_role(name, held).await.id);
        assert!(visitor.get(&url).await.link("Delete").is_some(), "{name} has a button");
        let question = visitor.get(&format!("{url}/delete")).await.form("form.actions");
        let deleted = visitor.post(&format!("{url}/delete"), &question.pairs()).await;
        assert_eq!(deleted.status, 303, "{name} is within one's rights: {}", deleted.text());
    }
    let admin = app.admin().await;
    assert_eq!(admin.delete(&format!("/roles/{beyond}")).await.status, 303, "an administrator may do all of it");
}

#[actix_web::test]
async fn before_a_user_is_deleted_the_items_that_go_too_are_counted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    let url = format!("/users/{user}/delete");
    for (count, said) in [(0, vec![]), (1, vec!["1 item"]), (2, vec!["2 items"]), (3, vec!["3 items"])] {
        assert_eq!(app.database.number("SELECT count(*) FROM items"), count);
        assert_eq!(admin.get(&url).await.all(".question li"), said, "with {count} items of this user's");
        app.db_item(user, "Anchor").await;
    }
    app.db_item(1, "Somebody else's").await;
    assert_eq!(admin.get(&url).await.all(".question li"), ["4 items"], "and nobody else's");
}

#[actix_web::test]
async fn what_another_programs_table_still_points_to_is_not_deleted_and_no_error_of_ours() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    let item = app.db_item(user, "Anchor").await.id;
    let role = app.db_role("Crew", &[]).await.id;
    for (table, id) in [("users", user), ("items", item), ("roles", role)] {
        app.database.execute(&format!(
            "CREATE TABLE notes (id BIGINT PRIMARY KEY, about BIGINT NOT NULL REFERENCES {table} (id));
             INSERT INTO notes (id, about) VALUES (1, {id})"
        ));
        let url = format!("/{table}/{id}");
        for answer in [admin.post(&format!("{url}/delete"), &[("version", "1")]).await, admin.delete(&url).await] {
            assert_eq!(answer.status, 403, "{url}: {}", answer.text());
            assert!(answer.text().contains("still points to this record"), "it says why: {}", answer.text());
        }
        assert_eq!(app.database.number(&format!("SELECT count(*) FROM {table} WHERE id = {id}")), 1, "{url} is there");
        assert_eq!(app.database.number("SELECT count(*) FROM items"), 1, "and all that would have gone with it");
        app.database.execute("DROP TABLE notes");
    }
    assert_eq!(admin.delete(&format!("/users/{user}")).await.status, 303, "then it can be");
}
