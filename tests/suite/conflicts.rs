//! No change is lost: whoever saves over a newer one is shown both, and decides.

mod finding;

use actix_web::rt::spawn;

use crate::support::TestApp;

#[actix_web::test]
async fn fields_that_nobody_else_touched_are_not_asked_for() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let owner = app.db_user("owner@example.com", &[]).await;
    let item = app.db_item(owner.id, "Anchor").await;
    let url = format!("/items/{}", item.id);
    let form = admin.get(&url).await.form("form.record").set("title", "Mine").set("description", "Mine too");
    app.database.execute(&format!("UPDATE items SET title = 'Theirs', owner_id = 1 WHERE id = {}", item.id));
    let page = admin.post(&url, &form.pairs()).await;
    assert_eq!(page.status, 409);
    let mut contested = page.attributes("input[value=theirs]", "name");
    contested.sort();
    assert_eq!(contested, ["choose.description", "choose.owner", "choose.title"], "each field that differs");
    let mut theirs = page.all(".contest q");
    theirs.sort();
    assert_eq!(theirs, ["Theirs", "admin@example.com", "empty"], "in words");

    let decided = page.form("form.record");
    let decided =
        decided.set("choose.title", "theirs").set("choose.owner", "theirs").set("choose.description", "yours");
    let saved = admin.post(&url, &decided.pairs()).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let stored = app
        .database
        .texts(&format!("SELECT title || '|' || description || '|' || owner_id FROM items WHERE id = {}", item.id));
    assert_eq!(stored, ["Theirs|Mine too|1"], "each as it was decided");
}

#[actix_web::test]
async fn a_change_of_another_field_with_the_same_value_here_is_only_a_matter_of_saving_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &[]).await;
    let url = format!("/roles/{}", role.id);
    let form = admin.get(&url).await.form("form.record").set("name", "Mates");
    app.database.execute(&format!("UPDATE roles SET name = 'Mates' WHERE id = {}", role.id));
    let page = admin.post(&url, &form.pairs()).await;
    assert_eq!(page.status, 303, "both wanted the same: {}", page.text());
}

#[actix_web::test]
async fn nothing_is_decided_by_sending_the_page_of_a_conflict_as_it_is() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &[]).await;
    let url = format!("/roles/{}", role.id);
    let form = admin.get(&url).await.form("form.record").set("name", "Mine");
    app.database.execute(&format!("UPDATE roles SET name = 'Theirs' WHERE id = {}", role.id));
    let page = admin.post(&url, &form.pairs()).await;
    assert_eq!(page.status, 409);
    let undecided = admin.post(&url, &page.form("form.record").pairs()).await;
    let stored = app.database.texts(&format!("SELECT name FROM roles WHERE id = {}", role.id));
    assert_eq!(stored, ["Theirs"], "the other's value is not overwritten unseen: {}", undecided.status);
    assert!(matches!(undecided.status, 409 | 422), "the choice is asked for again: {}", undecided.status);
    assert!(undecided.has("input[name='choose.name']"), "with both values: {}", undecided.text());
}

#[actix_web::test]
async fn a_second_change_while_one_decides_is_shown_too() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &[]).await;
    let url = format!("/roles/{}", role.id);
    let form = admin.get(&url).await.form("form.record").set("name", "Mine");
    app.database.execute(&format!("UPDATE roles SET name = 'Theirs' WHERE id = {}", role.id));
    let page = admin.post(&url, &form.pairs()).await;
    app.database.execute(&format!("UPDATE roles SET name = 'Theirs again' WHERE id = {}", role.id));
    let page = admin.post(&url, &page.form("form.record").set("choose.name", "yours").pairs()).await;
    assert_eq!((page.status, page.all(".contest q")), (409, vec!["Theirs again".to_owned()]), "{}", page.text());
    let saved = admin.post(&url, &page.form("form.record").set("choose.name", "yours").pairs()).await;
    let stored = app.database.texts(&format!("SELECT name FROM roles WHERE id = {}", role.id));
    assert_eq!((saved.status, stored), (303, vec!["Mine".to_owned()]));
}

#[actix_web::test]
async fn a_users_roles_are_shown_by_name_when_they_are_contested() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (crew, mates) = (app.db_role("Crew", &[]).await.id, app.db_role("Mates", &[]).await.id);
    let user = app.db_user("ann@example.com", &[crew]).await;
    let url = format!("/users/{}", user.id);
    let form = admin.get(&url).await.form("form.record").set("roles", &mates.to_string());
    app.database.execute(&format!("UPDATE users SET is_active = FALSE WHERE id = {}", user.id));
    let page = admin.post(&url, &form.pairs()).await;
    assert_eq!(page.status, 409);
    assert!(page.all(".contest q").contains(&"Crew".to_owned()), "{:?}", page.all(".contest q"));
    let held = app.database.numbers(&format!("SELECT role_id FROM user_roles WHERE user_id = {}", user.id));
    assert_eq!(held, [crew], "nothing is given or taken yet");
    let decided = page.form("form.record").set("choose.roles", "yours").set("choose.is_active", "theirs");
    assert_eq!(admin.post(&url, &decided.pairs()).await.status, 303);
    let held = app.database.numbers(&format!("SELECT role_id FROM user_roles WHERE user_id = {}", user.id));
    assert_eq!(held, [mates]);
}

#[actix_web::test]
async fn of_two_saves_at_once_one_wins_and_the_other_is_told() {
    let app = TestApp::start().await;
    let (one, other) = (app.admin().await, app.admin().await);
    let id = app.db_role("Crew", &[]).await.id;
    for round in 0..20 {
        let version = app.database.number(&format!("SELECT version FROM roles WHERE id = {id}"));
        let save = |visitor: &crate::support::Visitor, name: String| {
            let (visitor, version) = (visitor.clone(), version.to_string());
            spawn(async move {
                let form = [("version", version.as_str()), ("name", name.as_str())];
                visitor.post(&format!("/roles/{id}"), &form).await.status
            })
        };
        let (first, second) = (save(&one, format!("One {round}")), save(&other, format!("Other {round}")));
        let mut statuses = [first.await.expect("an answer"), second.await.expect("an answer")];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "round {round}");
        let now = app.database.number(&format!("SELECT version FROM roles WHERE id = {id}"));
        assert_eq!(now, version + 1, "one change is stored in round {round}");
    }
}

#[actix_web::test]
async fn a_record_that_was_changed_is_not_deleted_unseen() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &[]).await;
    let question = admin.get(&format!("/roles/{}/delete", role.id)).await;
    let action = question.attribute("form.actions", "action");
    app.database.execute(&format!("UPDATE roles SET description = 'Needed after all' WHERE id = {}", role.id));
    let refused = admin.post(&action, &question.form("form.actions").pairs()).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(refused.all("h1"), ["Delete Crew?"], "the question is put again");
    assert!(refused.has("[role=alert]"), "and says why: {}", refused.text());
    assert_eq!(app.database.number("SELECT count(*) FROM roles"), 2, "nothing is deleted");
    let deleted = admin.post(&action, &refused.form("form.actions").pairs()).await;
    assert_eq!(deleted.status, 303, "who has seen it may go on: {}", deleted.text());
    assert_eq!(app.database.number("SELECT count(*) FROM roles"), 1);
}

#[actix_web::test]
async fn a_record_that_was_deleted_meanwhile_is_not_found() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await;
    let url = format!("/users/{}", user.id);
    let form = admin.get(&url).await.form("form.record").set("email", "bea@example.com");
    app.database.execute(&format!("DELETE FROM users WHERE id = {}", user.id));
    assert_eq!(admin.post(&url, &form.pairs()).await.status, 404);
    assert_eq!(admin.get(&url).await.status, 404);
}

#[actix_web::test]
async fn a_login_does_not_make_an_open_form_stale() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await;
    let url = format!("/users/{}", user.id);
    let form = admin.get(&url).await.form("form.record").set("email", "bea@example.com");
    app.logged_in("ann@example.com").await;
    let saved = admin.post(&url, &form.pairs()).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
}
