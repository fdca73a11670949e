//! A changed form is not left by mistake.

use crate::product::Product;
use crate::support::JavaScript;

#[actix_web::test]
async fn leaving_a_changed_form_asks_first() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    browser.goto("/roles/new").await;
    assert!(!browser.asks_before_leaving().await, "nothing is changed yet");
    browser.fill("Name", "Bosun").await;
    assert!(browser.asks_before_leaving().await);
    browser.fill("Name", "").await;
    browser.click_button("Save").await;
    browser.see("Not saved").await;
    assert!(browser.asks_before_leaving().await, "a form that was refused is as precious");
    browser.fill("Name", "Bosun").await;
    browser.note_questions().await;
    browser.click_button("Save").await;
    browser.see("Created Bosun").await;
    assert!(!browser.was_asked().await, "to save it is not to leave it");
    assert!(!browser.asks_before_leaving().await, "it is saved");
    browser.goto("/account").await;
    browser.fill("New password", "something longer").await;
    assert!(browser.asks_before_leaving().await);
}

#[actix_web::test]
async fn leaving_a_changed_cell_asks_first() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(1);
    browser.goto("/users").await;
    browser.fill("Search users", "user000").await;
    browser.see("1–1 of 1").await;
    assert!(!browser.asks_before_leaving().await, "a search is no change");
    browser.click_link("Edit email of user000@example.com").await;
    browser.fill("Email", "bob@example.com").await;
    assert!(browser.asks_before_leaving().await);
    browser.click_link("Cancel").await;
    browser.see("user000@example.com").await;
    assert!(!browser.asks_before_leaving().await, "it is left already");
    browser.click_link("Edit email of user000@example.com").await;
    browser.fill("Email", "bob@example").await;
    browser.click_button("Save").await;
    browser.see("Enter a whole address").await;
    assert!(browser.asks_before_leaving().await, "it is not saved");
    browser.fill("Email", "bob@example.com").await;
    browser.click_button("Save").await;
    browser.see("bob@example.com").await;
    assert!(!browser.asks_before_leaving().await, "it is saved");
}
