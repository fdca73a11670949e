//! With the keyboard alone.

use crate::product::Product;
use crate::support::{Browser, JavaScript, Key};

async fn at_the_control_of(browser: &Browser, name: &str) {
    for _ in 0..60 {
        if browser.focused().await.contains(&format!("\"{name}\"")) {
            return;
        }
        browser.press(Key::Tab).await;
    }
    panic!("Tab never came to {name:?}");
}

#[actix_web::test]
async fn a_cell_is_edited_saved_refused_and_left_by_keyboard() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(2);
    browser.goto("/users").await;
    at_the_control_of(&browser, "Edit email of user000@example.com").await;

    browser.press(Key::Enter).await;
    browser.see_focused(r#"input#users-2-email-input "Email""#).await;
    browser.type_text("bob@example").await;
    browser.press(Key::Enter).await;
    browser.see("Enter a whole address").await;
    browser.see_focused(r#"input#users-2-email-input "Email""#).await;
    assert_eq!(browser.value("Email").await, "bob@example", "what was typed is still there");

    browser.press(Key::Escape).await;
    browser.see_focused(r#"a "Edit email of user000@example.com""#).await;

    browser.press(Key::Enter).await;
    browser.see_focused(r#"input#users-2-email-input "Email""#).await;
    browser.type_text("bob@example.com").await;
    browser.press(Key::Enter).await;
    browser.see_focused(r#"a "Edit email of bob@example.com""#).await;
    assert_eq!(
        product.database.number("SELECT count(*) FROM users WHERE email = 'bob@example.com' AND version = 2"),
        1
    );
}

#[actix_web::test]
async fn a_wrong_form_puts_the_focus_on_the_first_wrong_field() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    browser.goto("/users/new").await;
    browser.fill("Email", "bob@example.com").await;
    browser.fill("Password", "short").await;
    browser.click_button("Save").await;
    browser.see("Use at least 12 characters.").await;
    browser.see_focused(r#"input#field-password "Password""#).await;
}

#[actix_web::test]
async fn the_delete_dialog_is_left_with_escape_and_gives_the_focus_back() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(1);
    browser.goto("/users/2").await;
    at_the_control_of(&browser, "Delete").await;
    browser.press(Key::Enter).await;
    browser.see("Delete user000@example.com?").await;
    browser.press(Key::Escape).await;
    browser.see_no("Delete user000@example.com?").await;
    assert!(browser.focused().await.contains("\"Delete\""), "{}", browser.focused().await);
    assert_eq!(product.database.number("SELECT count(*) FROM users"), 2);
}
