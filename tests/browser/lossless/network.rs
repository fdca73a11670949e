//! The connection drops, and what is sent again is done once.

use crate::product::Product;
use crate::support::JavaScript;

#[actix_web::test]
async fn a_cell_is_sent_again_when_the_connection_is_back() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(1);
    browser.goto("/users").await;
    browser.click_link("Edit email of user000@example.com").await;
    browser.fill("Email", "bob@example.com").await;
    browser.offline(true).await;
    browser.click_button("Save").await;
    browser.see("The server can’t be reached").await;
    assert_eq!(browser.value("Email").await, "bob@example.com", "what was typed is there still");
    browser.click_button("Try again").await;
    browser.see("The server can’t be reached").await;
    browser.offline(false).await;
    browser.click_button("Try again").await;
    browser.see_no("The server can’t be reached").await;
    browser.see_focused(r#"a "Edit email of bob@example.com""#).await;
    let saved = "SELECT count(*) FROM users WHERE email = 'bob@example.com' AND version = 2";
    assert_eq!(product.database.number(saved), 1);
}

#[actix_web::test]
async fn a_form_stays_in_its_page_while_the_server_cannot_be_reached() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    browser.goto("/roles/new").await;
    browser.fill("Name", "Bosun").await;
    browser.offline(true).await;
    browser.click_button("Save").await;
    browser.see("The server can’t be reached").await;
    assert_eq!(browser.value("Name").await, "Bosun");
    browser.fill("Name", "Boatswain").await;
    browser.offline(false).await;
    browser.click_button("Try again").await;
    browser.see("Created Boatswain").await;
    assert_eq!(product.database.number("SELECT count(*) FROM roles"), 2);
}

#[actix_web::test]
async fn a_double_click_saves_once() {
    for javascript in [JavaScript::On, JavaScript::Off] {
        let product = Product::start();
        let browser = product.as_admin(javascript).await;
        browser.goto("/roles/new").await;
        browser.fill("Name", "Bosun").await;
        browser.double_click("Save").await;
        browser.see("Created Bosun").await;
        assert_eq!(product.database.number("SELECT count(*) FROM roles"), 2, "{javascript:?}");
        let on_record = "SELECT count(*) FROM audit_entries WHERE entity = 'roles' AND action = 'create'";
        assert_eq!(product.database.number(on_record), 1, "{javascript:?}");
    }
}
