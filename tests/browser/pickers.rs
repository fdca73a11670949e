//! Choosing one of many.

use crate::product::Product;
use crate::support::JavaScript;

#[actix_web::test]
async fn with_scripts_an_owner_is_found_while_typing() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(60);
    browser.goto("/items/new").await;
    browser.fill("Title", "Rope").await;
    browser.fill("Search users", "user05").await;
    browser.see("user057@example.com").await;
    browser.choose("user057@example.com").await;
    browser.click_button("Save").await;
    browser.see("Created Rope").await;
    assert_eq!(owned_by(&product, "user057@example.com"), 1);
}

#[actix_web::test]
async fn without_scripts_an_owner_is_found_by_a_search_in_the_form() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::Off).await;
    product.add_users(60);
    browser.goto("/items/new").await;
    browser.fill("Title", "Rope").await;
    browser.fill("Search users", "user05").await;
    browser.click_button("Find").await;
    browser.see("user057@example.com").await;
    assert_eq!(browser.value("Title").await, "Rope", "what was typed is still there");
    browser.choose("user057@example.com").await;
    browser.click_button("Save").await;
    browser.see("Created Rope").await;
    assert_eq!(owned_by(&product, "user057@example.com"), 1);
}

fn owned_by(product: &Product, email: &str) -> i64 {
    product.database.number(&format!(
        "SELECT count(*) FROM items JOIN users ON users.id = owner_id WHERE email = '{email}' AND title = 'Rope'"
    ))
}
