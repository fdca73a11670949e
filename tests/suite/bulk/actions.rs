//! Each action that is declared does to each record what the same change does to one.

use super::{add_items, add_users, done, outcome, preview, preview_all, preview_rows};
use crate::support::TestApp;

#[actix_web::test]
async fn chosen_users_are_deactivated_and_activated_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 5);
    let told = preview_rows(&admin, "users", "deactivate", &ids[..3]).await;
    let text = told.text();
    assert!(text.contains("Deactivate 3 users?") && text.contains("3 users will be changed"), "{text}");
    assert_eq!(outcome(&done(&admin, "users", &told).await), "Done 3 changed");
    assert_eq!(app.database.numbers("SELECT id FROM users WHERE NOT is_active ORDER BY id"), ids[..3]);
    let job = done(&admin, "users", &preview_all(&admin, "/users?is_active=false", "activate").await).await;
    assert_eq!(outcome(&job), "Done 3 changed");
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE NOT is_active"), 0);
    let told = preview_all(&admin, "/users", "activate").await;
    assert!(told.text().contains("6 users are so already") && !told.text().contains("Start"), "{}", told.text());
}

#[actix_web::test]
async fn deactivation_ends_the_sessions_of_each() {
    let app = TestApp::start().await;
    let (admin, ann) = (app.admin().await, app.db_user("ann@example.com", &[]).await);
    let visitor = app.logged_in("ann@example.com").await;
    done(&admin, "users", &preview_rows(&admin, "users", "deactivate", &[ann.id]).await).await;
    assert_eq!(visitor.get("/account").await.status, 303, "Ann is out");
}

#[actix_web::test]
async fn a_role_is_given_to_users_and_taken_from_them() {
    let app = TestApp::start().await;
    let (admin, crew) = (app.admin().await, app.db_role("Crew", &[]).await.id);
    let other = app.db_role("Other", &[]).await.id;
    let ids = add_users(&app.database, 4);
    app.database.execute(&format!(
        "INSERT INTO user_roles (user_id, role_id) VALUES ({}, {crew}), ({}, {other})",
        ids[0], ids[1]
    ));
    let asked = preview_all(&admin, "/users?q=user", "give_role").await;
    assert!(asked.status == 200 && asked.text().contains("Crew"), "{}", asked.text());
    let form = asked.form("form.record").set("value", &crew.to_string());
    let told = preview(&admin, "users", &form.pairs()).await;
    let text = told.text();
    assert!(text.contains("Give the role Crew to 4 users?"), "{text}");
    assert!(text.contains("3 users will be changed") && text.contains("1 user is so already"), "{text}");
    assert_eq!(outcome(&done(&admin, "users", &told).await), "Done 3 changed, 1 so already");
    let holders = format!("SELECT user_id FROM user_roles WHERE role_id = {crew} ORDER BY user_id");
    assert_eq!(app.database.numbers(&holders), ids);

    let rows = [("action", "take_role"), ("value", &crew.to_string()), ("all", "true"), ("back", "/users")];
    let told = preview(&admin, "users", &rows).await;
    assert!(told.text().contains("Take the role Crew from 5 users?"), "{}", told.text());
    assert_eq!(outcome(&done(&admin, "users", &told).await), "Done 4 changed, 1 so already");
    assert_eq!(app.database.numbers(&holders), [0; 0]);
    let others = format!("SELECT user_id FROM user_roles WHERE role_id = {other}");
    assert_eq!(app.database.numbers(&others), [ids[1]], "another role stays");
}

#[actix_web::test]
async fn items_are_handed_to_another_owner_without_a_question() {
    let app = TestApp::start().await;
    let (admin, ann) = (app.admin().await, app.db_user("ann@example.com", &[]).await.id);
    let items = add_items(&app, 1, 3);
    let rows = items.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut pairs = vec![("action", "hand_over")];
    pairs.extend(rows.iter().map(|id| ("row", id.as_str())));
    let asked = preview(&admin, "items", &pairs).await;
    let form = asked.form("form.record").set("value", &ann.to_string());
    assert_eq!(form.values("row").len(), 3, "what was chosen is carried on");
    let told = preview(&admin, "items", &form.pairs()).await;
    assert!(told.text().contains("Hand 3 items to ann@example.com?"), "{}", told.text());
    let sent = told.form("#start");
    let started = admin.post("/items/bulk/start", &sent.pairs()).await;
    assert_eq!(started.status, 303, "nothing dangerous, so no password: {}", started.text());
    super::ended(&admin, started.location()).await;
    assert_eq!(app.database.number(&format!("SELECT count(*) FROM items WHERE owner_id = {ann} AND version = 2")), 3);
}

#[actix_web::test]
async fn items_users_and_roles_are_deleted_with_what_goes_with_them() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 3);
    add_items(&app, ids[0], 4);
    let loose = app.db_item(1, "Anchor").await.id;
    let told = preview_all(&admin, "/users?q=user", "delete").await;
    let text = told.text();
    assert!(text.contains("3 users will be deleted") && text.contains("with user0@example.com: 4 items"), "{text}");
    assert_eq!(outcome(&done(&admin, "users", &told).await), "Done 3 deleted");
    assert_eq!(app.database.numbers("SELECT id FROM items"), [loose]);
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 1);
    let gone = "SELECT count(*) FROM audit_entries WHERE action = 'delete' AND entity = ";
    assert_eq!(app.database.number(&format!("{gone}'items'")), 4, "each item that went with them is on record");
    assert_eq!(app.database.number(&format!("{gone}'users'")), 3);

    assert_eq!(outcome(&done(&admin, "items", &preview_all(&admin, "/items", "delete").await).await), "Done 1 deleted");
    let (crew, user) = (app.db_role("Crew", &[]).await.id, app.db_user("ann@example.com", &[]).await.id);
    app.database.execute(&format!("INSERT INTO user_roles (user_id, role_id) VALUES ({user}, {crew})"));
    let told = preview_all(&admin, "/roles", "delete").await;
    assert!(told.text().contains("1 role is refused") && told.text().contains("built-in"), "{}", told.text());
    let job = done(&admin, "roles", &told).await;
    assert_eq!(outcome(&job), "Done 1 deleted, 1 refused");
    assert!(job.text().contains("The built-in role"), "{}", job.text());
}

#[actix_web::test]
async fn the_box_of_the_page_means_all_rows_of_it_and_no_more() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 40);
    let list = admin.get("/users?q=user&limit=25&sort=-created_at").await;
    let page = list.attribute("[form=bulk][name=page]", "value");
    assert_eq!(page.split(' ').count(), 25);
    let told =
        preview(&admin, "users", &[("action", "deactivate"), ("page", &page), ("row", &ids[0].to_string())]).await;
    assert!(told.text().contains("Deactivate 25 users?"), "{}", told.text());
}
