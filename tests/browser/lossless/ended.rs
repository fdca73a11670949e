//! The session ends under one's hands.

use crate::product::{ADMIN, PASSWORD, Product};
use crate::support::{Browser, JavaScript};

fn end_sessions(product: &Product) {
    product.database.execute("DELETE FROM sessions");
}

async fn edit_a_cell(product: &Product) -> Browser {
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(1);
    browser.goto("/users").await;
    browser.click_link("Edit email of user000@example.com").await;
    browser.fill("Email", "bob@example.com").await;
    end_sessions(product);
    browser.click_button("Save").await;
    browser.see("You are not logged in").await;
    browser
}

async fn log_in_anew(browser: &Browser, email: &str) {
    browser.fill("Email", email).await;
    browser.fill("Password", PASSWORD).await;
    browser.click_button("Log in").await;
}

const BOB: &str = "SELECT count(*) FROM users WHERE email = 'bob@example.com' AND version = 2";

#[actix_web::test]
async fn a_cell_is_saved_after_the_login_over_the_page() {
    let product = Product::start();
    let browser = edit_a_cell(&product).await;
    browser.see_focused(r#"input#login-password "Password""#).await;
    assert_eq!(browser.value_of("#login-email").await, ADMIN);
    browser.type_text("not the password").await;
    browser.click_button("Log in").await;
    browser.see("The email or the password is wrong").await;
    browser.see_focused(r#"input#login-password "Password""#).await;
    browser.type_text(PASSWORD).await;
    browser.click_button("Log in").await;
    browser.see_no("You are not logged in").await;
    browser.see("bob@example.com").await;
    browser.see_focused(r#"a "Edit email of bob@example.com""#).await;
    assert_eq!(product.database.number(BOB), 1);
}

#[actix_web::test]
async fn another_persons_login_saves_nothing_and_loads_the_page_anew() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    browser.goto("/users/new").await;
    browser.fill("Email", "eve@example.com").await;
    browser.fill("Password", PASSWORD).await;
    browser.click_button("Save").await;
    browser.see("Created eve@example.com").await;
    browser.goto("/users").await;
    browser.click_link("Edit email of eve@example.com").await;
    browser.fill("Email", "bob@example.com").await;
    end_sessions(&product);
    browser.click_button("Save").await;
    browser.see("You are not logged in").await;
    // The address is fixed; who knows how to change it all the same is somebody else.
    browser.set_value("#login-email", "eve@example.com").await;
    browser.type_text(PASSWORD).await;
    browser.click_button("Log in").await;
    browser.see("You have no permissions yet").await;
    browser.see_path("/").await;
    assert_eq!(product.database.number(BOB), 0);
}

#[actix_web::test]
async fn a_login_in_another_tab_as_another_person_changes_nothing_here() {
    let product = Product::start();
    let browser = edit_a_cell(&product).await;
    product.database.execute("UPDATE users SET hashed_password = (SELECT hashed_password FROM users WHERE id = 1)");
    browser.open_tab("/login").await;
    log_in_anew(&browser, "user000@example.com").await;
    browser.see("You have no permissions yet").await;
    browser.close_tab().await;
    browser.click_button("Cancel").await;
    browser.click_button("Save").await;
    browser.see("You may not do this").await;
    assert_eq!(browser.value("Email").await, "bob@example.com", "what was typed is there still");
    assert_eq!(product.database.number(BOB), 0);
}

#[actix_web::test]
async fn a_list_goes_on_after_the_login() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(3);
    browser.goto("/users").await;
    end_sessions(&product);
    browser.fill("Search users", "user002").await;
    browser.see("You are not logged in").await;
    browser.type_text(PASSWORD).await;
    browser.click_button("Log in").await;
    browser.see("1–1 of 1").await;
    browser.click_link("user002@example.com").await;
    browser.see_path_beginning("/users/4").await;
    browser.back().await;
    browser.see_path("/users?q=user002").await;
}

#[actix_web::test]
async fn with_scripts_a_form_stays_in_its_page_and_is_saved_after_the_login() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    browser.goto("/roles/new").await;
    browser.fill("Name", "Bosun").await;
    end_sessions(&product);
    browser.click_button("Save").await;
    browser.see("You are not logged in").await;
    browser.see_path("/roles/new").await;
    browser.click_button("Cancel").await;
    browser.see_no("You are not logged in").await;
    assert_eq!(browser.value("Name").await, "Bosun");
    browser.click_button("Save").await;
    browser.see("You are not logged in").await;
    browser.type_text(PASSWORD).await;
    browser.click_button("Log in").await;
    browser.see("Created Bosun").await;
    assert_eq!(product.database.number("SELECT count(*) FROM kept_submissions"), 0, "it never left the page");
}

#[actix_web::test]
async fn without_scripts_a_form_is_kept_and_saved_after_the_login() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::Off).await;
    browser.goto("/roles/new").await;
    browser.fill("Name", "Bosun").await;
    browser.tick("items.view").await;
    end_sessions(&product);
    browser.click_button("Save").await;
    browser.see_path("/login?next=%2Fkept").await;
    browser.see("What you sent is kept for 15 minutes").await;
    log_in_anew(&browser, ADMIN).await;
    browser.see("You were saving a new role").await;
    browser.see("Bosun").await;
    browser.click_button("Save it now").await;
    browser.see("Created Bosun").await;
    assert_eq!(product.database.number("SELECT count(*) FROM role_permissions"), 1);
    browser.goto("/kept").await;
    browser.see("Nothing is kept here").await;
}
