//! The state of a list is in its address, and the browser's Back finds it again.

use crate::product::Product;
use crate::support::JavaScript;

#[actix_web::test]
async fn with_scripts_back_returns_to_the_list_as_it_was() {
    back_returns_to_the_list(JavaScript::On).await;
}

#[actix_web::test]
async fn without_scripts_back_returns_to_the_list_as_it_was() {
    back_returns_to_the_list(JavaScript::Off).await;
}

async fn back_returns_to_the_list(javascript: JavaScript) {
    let product = Product::start();
    let browser = product.as_admin(javascript).await;
    product.add_users(120);
    browser.goto("/users?q=user&limit=25").await;
    browser.see("1–25 of 120").await;
    browser.click_link("Email").await;
    browser.see("user119@example.com").await;
    browser.click_link("Next").await;
    browser.see("26–50 of 120").await;
    browser.see("user094@example.com").await;
    let here = browser.path().await;
    assert!(here.contains("sort=-email") && here.contains("after="), "{here}");

    browser.click_link("user090@example.com").await;
    browser.see_path_beginning("/users/").await;
    browser.back().await;
    browser.see("26–50 of 120").await;
    assert_eq!(browser.path().await, here);

    browser.click_link("user090@example.com").await;
    browser.see_path_beginning("/users/").await;
    browser.click_link("← Users").await;
    browser.see("26–50 of 120").await;
    assert_eq!(browser.path().await, here);

    browser.click_link("Previous").await;
    browser.see("1–25 of 120").await;
    browser.click_link("Last").await;
    browser.see("96–120 of 120").await;
    browser.back().await;
    browser.see("1–25 of 120").await;
}

#[actix_web::test]
async fn typing_searches_and_keeps_the_focus() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(30);
    browser.goto("/users").await;
    browser.see("1–31 of 31").await;
    browser.fill("Search users", "user02").await;
    browser.see("1–10 of 10").await;
    browser.see_path("/users?q=user02").await;
    browser.type_text("7").await;
    browser.see("1–1 of 1").await;
    browser.see_path("/users?q=user027").await;
    assert_eq!(browser.value("Search users").await, "user027");
    assert!(browser.console_errors().await.is_empty(), "{:?}", browser.console_errors().await);
}
