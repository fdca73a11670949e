//! From the first run to the last deletion, as a person goes.

use crate::product::{ADMIN, PASSWORD, Product};
use crate::support::{Browser, JavaScript};

#[actix_web::test]
async fn with_scripts_one_gets_from_setup_to_delete() {
    from_setup_to_delete(JavaScript::On).await;
}

#[actix_web::test]
async fn without_scripts_one_gets_from_setup_to_delete() {
    from_setup_to_delete(JavaScript::Off).await;
}

async fn from_setup_to_delete(javascript: JavaScript) {
    let product = Product::start();
    let browser = product.as_admin(javascript).await;
    make_a_role(&browser).await;
    make_a_user(&browser).await;
    make_an_item(&browser).await;
    find_and_change(&browser).await;
    delete(&browser).await;
    browser.click_button("Log out").await;
    browser.see_path("/login").await;
    browser.fill("Email", ADMIN).await;
    browser.fill("Password", "not the password").await;
    browser.click_button("Log in").await;
    browser.see("The email or the password is wrong").await;
    browser.fill("Password", PASSWORD).await;
    browser.click_button("Log in").await;
    browser.see_path("/").await;
    assert_eq!(product.database.number("SELECT count(*) FROM users"), 1, "only the administrator is left");
    assert_eq!(product.database.number("SELECT count(*) FROM items"), 0, "the item went with its owner");
}

async fn make_a_role(browser: &Browser) {
    browser.click_link("Roles").await;
    browser.see("Administrator").await;
    browser.click_link("New role").await;
    browser.fill("Name", "Editors").await;
    browser.fill("Description", "They write").await;
    browser.tick("items.view").await;
    browser.tick("items.update").await;
    browser.click_button("Save").await;
    browser.see("Created Editors").await;
}

async fn make_a_user(browser: &Browser) {
    browser.click_link("Users").await;
    browser.see_path("/users").await;
    browser.click_link("New user").await;
    browser.fill("Email", "bob@example").await;
    browser.fill("Password", "short").await;
    browser.tick("Editors").await;
    browser.click_button("Save").await;
    browser.see("Use at least 12 characters.").await;
    assert_eq!(browser.value("Email").await, "bob@example", "what was typed is still there");
    browser.fill("Email", "bob@example.com").await;
    browser.fill("Password", PASSWORD).await;
    browser.click_button("Save").await;
    browser.see("Created bob@example.com").await;
}

async fn make_an_item(browser: &Browser) {
    browser.click_link("Items").await;
    browser.see("There are no items yet.").await;
    browser.click_link("New item").await;
    browser.fill("Title", "A coil of rope").await;
    browser.choose("bob@example.com").await;
    browser.fill("Description", "Thirty fathoms\nof hemp").await;
    browser.click_button("Save").await;
    browser.see("Created A coil of rope").await;
}

async fn find_and_change(browser: &Browser) {
    browser.click_link("Users").await;
    browser.see_path("/users").await;
    browser.fill("Search users", "BOB").await;
    browser.press(crate::support::Key::Enter).await;
    browser.see_path("/users?q=BOB").await;
    browser.see("1–1 of 1").await;
    browser.click_link("Edit email of bob@example.com").await;
    browser.fill("Email", "robert@example.com").await;
    browser.click_button("Save").await;
    browser.see("robert@example.com").await;
    browser.see_path("/users?q=BOB").await;
    browser.goto("/users").await;
    browser.click_link("robert@example.com").await;
    browser.see("A coil of rope").await;
    browser.untick("Active").await;
    browser.click_button("Save").await;
    browser.see("Saved robert@example.com").await;
}

async fn delete(browser: &Browser) {
    browser.click_link("Delete").await;
    browser.see("Delete robert@example.com?").await;
    browser.see("1 item").await;
    browser.click_button("Delete").await;
    browser.see("Deleted robert@example.com").await;
    browser.see_path("/users").await;
}
