//! A number in an address or a form tells nobody who is behind it.

use crate::support::{Page, TestApp};

fn assert_hidden(page: &Page, secret: &str, what: &str) {
    assert!(page.status < 500, "{what}: {} {}", page.status, page.text());
    assert!(!page.body.contains(secret), "{what} shows {secret}: {}", page.text());
}

#[actix_web::test]
async fn whoever_may_not_see_users_reads_no_address_by_a_number() {
    let app = TestApp::start().await;
    let hidden = app.db_user("hidden@example.com", &[]).await.id.to_string();
    let visitor = app.user_with(&["items.view", "items.create", "items.update"]).await;
    let own = app.database.number("SELECT max(id) FROM users");
    let url = format!("/items/{}", app.db_item(own, "Anchor").await.id);
    for path in [
        format!("/items?owner={hidden}"),
        format!("/items?owner={hidden}&find.owner=hidden"),
        format!("/items/new?owner={hidden}"),
        format!("/options/users?name=owner&owner={hidden}"),
    ] {
        assert_hidden(&visitor.get(&path).await, "hidden@", &path);
    }
    let filtered = visitor.get(&format!("/items?owner={hidden}")).await;
    assert_eq!((filtered.status, filtered.all(".pill").len()), (200, 1), "the filter is named all the same");
    assert!(!visitor.get("/items").await.has("[name=owner]"), "without one to name, there is no such filter to set");
    assert!(app.admin().await.get("/items").await.has("[name=owner]"), "for who may see users there is");
    let find = [("find", "owner"), ("find.owner", "hidden"), ("owner", hidden.as_str())];
    for (path, form) in [("/items", vec![("title", "x")]), (url.as_str(), vec![("version", "1"), ("title", "x")])] {
        let sent: Vec<_> = form.iter().copied().chain(find).collect();
        assert_hidden(&visitor.post(path, &sent).await, "hidden@", &format!("a search at {path}"));
        let sent: Vec<_> = form.iter().copied().chain([("owner", hidden.as_str())]).collect();
        let refused = visitor.post(path, &sent).await;
        assert_eq!((refused.status, refused.all("#field-owner-fault").len()), (422, 1), "{path}: {}", refused.text());
        assert_hidden(&refused, "hidden@", &format!("a save at {path}"));
    }
    let cell = [("version", "1"), ("owner", hidden.as_str())];
    let cell_url = format!("{url}/owner");
    let refused = visitor.patch(&cell_url, &cell).await;
    assert_eq!(refused.status, 422, "nor in the cell: {}", refused.text());
    assert_hidden(&refused, "hidden@", "the cell");
    let found = visitor.patch(&cell_url, &[cell[0], cell[1], ("find", "owner"), ("find.owner", "hidden")]).await;
    assert_hidden(&found, "hidden@", "a search in the cell");
    assert_eq!(app.database.numbers("SELECT owner_id FROM items"), [own], "nothing is made or given away");
    let form = visitor.get(&url).await.form("form.record").set("title", "Bell");
    let saved = visitor.post(&url, &form.pairs()).await;
    assert_eq!(saved.status, 303, "all else can be saved: {}", saved.text());
    let stored = app.database.texts("SELECT title || '|' || owner_id FROM items");
    assert_eq!(stored, [format!("Bell|{own}")], "and the owner stays");
}

#[actix_web::test]
async fn whoever_may_not_see_roles_reads_no_name_by_a_number() {
    let app = TestApp::start().await;
    let hidden = app.db_role("Hidden crew", &[]).await.id.to_string();
    let visitor = app.user_with(&["users.view", "users.create", "users.update"]).await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    let url = format!("/users/{user}");
    for path in [
        format!("/users?role={hidden}"),
        format!("/users?role={hidden}&find.role=hidden"),
        format!("/options/roles?name=roles&several=true&roles={hidden}"),
    ] {
        assert_hidden(&visitor.get(&path).await, "Hidden crew", &path);
    }
    for (path, version) in [("/users", None), (url.as_str(), Some(("version", "1")))] {
        for find in [None, Some(("find", "roles"))] {
            let given = [("email", "bea@example.com"), ("password", "a long enough one"), ("roles", hidden.as_str())];
            // Only a new record has a password.
            let given = given.into_iter().filter(|(name, _)| version.is_none() || *name != "password");
            let sent: Vec<_> = given.chain(version).chain(find).collect();
            let answer = visitor.post(path, &sent).await;
            let expected = if find.is_some() { 200 } else { 422 };
            assert_eq!(answer.status, expected, "{path} with {find:?}: {}", answer.text());
            assert_hidden(&answer, "Hidden crew", &format!("{path} with {find:?}"));
        }
    }
    assert_eq!(app.database.number(&format!("SELECT count(*) FROM user_roles WHERE role_id = {hidden}")), 0);
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE email = 'bea@example.com'"), 0);
}
