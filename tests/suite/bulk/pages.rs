//! Choosing, with plain forms: each box has a name, and nothing needs a script.

use super::{add_items, add_users, done, outcome, preview, preview_all};
use crate::support::TestApp;

#[actix_web::test]
async fn each_row_the_page_and_all_that_match_have_a_box_with_a_name() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 2);
    let list = admin.get("/users").await;
    let labels = list.attributes("[form=bulk]", "aria-label");
    assert_eq!(
        labels,
        ["Select this page", "Select admin@example.com", "Select user0@example.com", "Select user1@example.com"]
    );
    assert_eq!(list.all("#bulk label"), ["Select all 3 that match"]);
    let actions = ["Action…", "Activate", "Deactivate", "Give a role", "Take a role", "Delete"];
    assert_eq!(list.all("#bulk option"), actions);
    assert!(!list.has("form form, form table"), "no form is in another");
    assert_eq!(admin.get("/items").await.all("#bulk"), [""; 0], "nothing to choose from");
    assert!(!admin.get("/audit").await.has("#bulk"), "nothing to be done");
    add_items(&app, 1, 1);
    assert_eq!(admin.get("/items").await.all("#bulk option"), ["Action…", "Hand to another owner", "Delete"]);
    assert_eq!(admin.get("/roles").await.all("#bulk option"), ["Action…", "Delete"]);
}

#[actix_web::test]
async fn without_scripts_one_gets_from_the_list_to_the_job_and_back_by_plain_forms() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ids = add_users(&app.database, 30);
    let here = "/users?q=user&limit=25";
    let list = admin.get(here).await;
    let form = list.form("#bulk").set("action", "deactivate").and("row", &ids[3].to_string());
    let told = preview(&admin, "users", &form.pairs()).await;
    assert!(told.text().contains("Deactivate 1 user?"), "{}", told.text());
    assert_eq!(told.link("Cancel").as_deref(), Some(here), "back to the same list");
    assert_eq!(outcome(&done(&admin, "users", &told).await), "Done 1 changed");
    let list = admin.get(here).await;
    let form = list.form("#bulk").set("action", "deactivate").set("all", "true");
    let told = preview(&admin, "users", &form.pairs()).await;
    assert!(
        told.text().contains("Deactivate 30 users?") && told.text().contains("1 user is so already"),
        "{}",
        told.text()
    );
    let nothing = preview(&admin, "users", &list.form("#bulk").set("action", "deactivate").pairs()).await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.text().contains("Choose records first"), "{}", nothing.text());
    assert_eq!(nothing.link("Back to the list").as_deref(), Some(here));
}

#[actix_web::test]
async fn a_value_is_searched_for_without_scripts_where_there_are_many() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 40);
    let items = add_items(&app, 1, 2);
    let asked = preview(&admin, "items", &[("action", "hand_over"), ("row", &items[0].to_string())]).await;
    assert!(!asked.has("[type=radio]"), "too many to choose from: {}", asked.text());
    let form = asked.form("form.record").set("find.value", "user17").and("find", "value");
    let found = preview(&admin, "items", &form.pairs()).await;
    assert_eq!((found.status, found.all(".choice")), (200, vec!["user17@example.com".into()]));
    let owner = found.attribute("[type=radio]", "value");
    let told = preview(&admin, "items", &found.form("form.record").without("find").set("value", &owner).pairs()).await;
    assert!(told.text().contains("Hand 1 item to user17@example.com?"), "{}", told.text());
}

#[actix_web::test]
async fn of_very_many_the_first_are_looked_at_and_the_rest_is_counted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 1300);
    app.database.execute("UPDATE users SET is_active = false WHERE id > 1251");
    let list = admin.get("/users").await;
    assert_eq!(list.all("#bulk label"), ["Select all 1,000+ that match"]);
    let told = preview_all(&admin, "/users", "deactivate").await;
    let text = told.text();
    assert!(text.contains("Deactivate 1,301 users?") && text.contains("Of the first 1,000 users"), "{text}");
    assert!(text.contains("999 users will be changed") && text.contains("1 user is refused"), "{text}");
    assert!(text.contains("Of all 1,301 users, 50 users are so already"), "{text}");
}

#[actix_web::test]
async fn each_action_that_is_offered_tells_of_all_of_very_many() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app.database, 1001);
    add_items(&app, 1, 1001);
    for (entity, all) in [("users", "1,002 users"), ("items", "1,001 items")] {
        let offered = admin.get(&format!("/{entity}")).await.attributes("#bulk option", "value");
        for action in offered.iter().filter(|action| !action.is_empty()) {
            // The built-in role, and who holds it.
            let list = format!("/{entity}");
            let pairs = [("action", action.as_str()), ("value", "1"), ("all", "true"), ("back", &list)];
            let text = preview(&admin, entity, &pairs).await.text();
            assert!(text.contains(all) && text.contains("Of the first 1,000"), "{action}: {text}");
            let count = match action.as_str() {
                "activate" => "1,002",
                "deactivate" => "0",
                "give_role" => "1",
                "take_role" | "hand_over" => "1,001",
                _ => continue,
            };
            assert!(text.contains(&format!("Of all {all}, {count} ")), "{action}: {count}: {text}");
        }
    }
}
