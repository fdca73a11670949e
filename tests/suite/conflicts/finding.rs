//! A search in a form is no save, and does not make what was typed newer than it is.

use reqwest::Method;

use crate::support::TestApp;

/// An item of the administrator's, and more users than are shown at once.
async fn item_among_many(app: &TestApp) -> i64 {
    let item = app.db_item(1, "Anchor").await.id;
    app.database.execute(
        "WITH RECURSIVE numbers(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM numbers WHERE n < 49) \
         INSERT INTO users (email, hashed_password) SELECT 'sailor' || n || '@example.com', 'x' FROM numbers",
    );
    item
}

fn stored(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT title || '|' || description || '|' || owner_id FROM items")
}

#[actix_web::test]
async fn a_search_in_a_form_keeps_the_version_that_the_form_was_opened_with() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let url = format!("/items/{}", item_among_many(&app).await);
    let form = admin.get(&url).await.form("form.record").set("title", "Mine");
    app.database.execute("UPDATE items SET title = 'Theirs', description = 'Theirs too'");
    let found = admin.post(&url, &form.set("find.owner", "sailor4").set("find", "owner").pairs()).await;
    assert_eq!(found.status, 200, "{}", found.text());
    assert!(!found.has(".contest"), "a search is no save, so nothing is to be decided yet: {}", found.text());
    let form = found.form("form.record");
    assert_eq!((form.values("version"), form.values("title")), (vec!["1"], vec!["Mine"]), "what was opened and typed");
    let again = admin.post(&url, &form.clone().set("find.owner", "sailor1").set("find", "owner").pairs()).await;
    assert_eq!(again.form("form.record").values("version"), ["1"], "nor does a second search make it newer");
    let refused = admin.post(&url, &form.pairs()).await;
    assert_eq!(refused.status, 409, "the other's change is not overwritten unseen: {}", refused.text());
    assert_eq!(stored(&app), ["Theirs|Theirs too|1"], "nothing is lost");
    let mut theirs = refused.all(".contest q");
    theirs.sort();
    assert_eq!(theirs, ["Theirs", "Theirs too"], "both are shown");
}

#[actix_web::test]
async fn a_search_in_a_cell_keeps_the_version_that_the_cell_was_opened_with() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let url = format!("/items/{}/owner", item_among_many(&app).await);
    let id = |email: &str| app.database.number(&format!("SELECT id FROM users WHERE email = '{email}@example.com'"));
    let (theirs, mine) = (id("sailor11"), id("sailor42").to_string());
    let form = admin.htmx(Method::GET, &format!("{url}/edit"), &[]).await.form("form");
    app.database.execute(&format!("UPDATE items SET owner_id = {theirs}"));
    let form = form.set("find.owner", "sailor4").set("find", "owner");
    let found = admin.htmx(Method::PATCH, &url, &form.pairs()).await;
    assert_eq!((found.status, found.form("form").values("version")), (200, vec!["1"]), "{}", found.body);
    let refused = admin.htmx(Method::PATCH, &url, &found.form("form").set("owner", &mine).pairs()).await;
    assert_eq!(refused.status, 409, "the other's change is not overwritten unseen: {}", refused.body);
    assert_eq!(stored(&app), [format!("Anchor||{theirs}")], "nothing is lost");
    assert_eq!(refused.all(".contest q"), ["sailor11@example.com"], "theirs is shown");
}

#[actix_web::test]
async fn a_search_among_the_values_of_a_conflict_still_asks_for_the_choice() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let url = format!("/items/{}", item_among_many(&app).await);
    let form = admin.get(&url).await.form("form.record").set("title", "Mine");
    app.database.execute("UPDATE items SET title = 'Theirs'");
    let conflict = admin.post(&url, &form.pairs()).await;
    assert_eq!((conflict.status, conflict.all(".contest q")), (409, vec!["Theirs".to_owned()]));
    let form = conflict.form("form.record").set("find.owner", "sailor4").set("find", "owner");
    let found = admin.post(&url, &form.pairs()).await;
    assert_eq!((found.status, found.all(".contest q")), (200, vec!["Theirs".to_owned()]), "{}", found.text());
    let choices = found.attributes("input[type=radio][name='choose.title']", "value");
    assert_eq!(choices, ["theirs", "yours"], "the choice is still put: {}", found.text());
    let undecided = admin.post(&url, &found.form("form.record").pairs()).await;
    assert_eq!((undecided.status, stored(&app)), (409, vec!["Theirs||1".to_owned()]), "and still needs an answer");
    let decided = admin.post(&url, &found.form("form.record").set("choose.title", "yours").pairs()).await;
    assert_eq!((decided.status, stored(&app)), (303, vec!["Mine||1".to_owned()]), "{}", decided.text());
}
