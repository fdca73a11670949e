//! How strong a password is, as one types; and the way of a link from who makes it to who chooses a password.

use crate::product::{PASSWORD, Product};
use crate::support::{Browser, JavaScript};

const BOB: &str = "bob@example.com";

#[actix_web::test]
async fn the_strength_of_a_password_is_said_as_it_is_typed() {
    let product = Product::start();
    let browser = Browser::open(&product.url, JavaScript::On).await;
    browser.goto(&product.setup_path).await;
    browser.fill("Email", "hornblower@example.com").await;
    browser.fill("Password", "monkeydragon").await;
    browser.see("Weak: This is similar to a commonly used password.").await;
    browser.fill("Password", "hornblower123").await;
    browser.see("Not accepted: This is too much like the email address.").await;
    browser.fill("Password", "").await;
    browser.see_no("Not accepted").await;
    browser.fill("Password", PASSWORD).await;
    browser.see("Strong").await;
    browser.click_button("Create administrator").await;
    browser.see("Dashboard").await;
    browser.click_link("hornblower@example.com").await;
    browser.fill("New password", "football2026!").await;
    browser.see("Fair").await;
    browser.goto("/users/new").await;
    browser.fill("Email", "somebody.else@example.com").await;
    browser.fill("Password", "somebody.else").await;
    browser.see("Not accepted: This is too much like the email address.").await;
    assert_eq!(product.database.number("SELECT count(*) FROM users"), 1, "nothing is stored by it");
}

#[actix_web::test]
async fn with_scripts_a_user_comes_to_a_password_by_a_link() {
    from_no_password_to_the_desk(JavaScript::On).await;
}

#[actix_web::test]
async fn without_scripts_a_user_comes_to_a_password_by_a_link() {
    from_no_password_to_the_desk(JavaScript::Off).await;
}

async fn from_no_password_to_the_desk(javascript: JavaScript) {
    let product = Product::start();
    let admin = product.as_admin(javascript).await;
    admin.goto("/users/new").await;
    admin.fill("Email", BOB).await;
    admin.click_button("Save").await;
    admin.see("Created bob@example.com").await;
    admin.click_link("Sessions, lock and links").await;
    admin.see("This user has no password yet.").await;
    admin.click_button("Make a password link").await;
    admin.see("shown only now").await;
    let link = admin.value("Password link for bob@example.com").await;
    let link = link.strip_prefix(&product.url).expect("a link to the program").to_owned();

    let bob = Browser::open(&product.url, javascript).await;
    bob.goto(&link).await;
    bob.see("For the account bob@example.com.").await;
    bob.fill("New password", "bob@example.com").await;
    bob.click_button("Save password").await;
    bob.see("This is too much like the email address.").await;
    bob.fill("New password", "a whole new password").await;
    bob.click_button("Save password").await;
    bob.see("Your password is saved. Log in with it.").await;
    bob.see_path("/login").await;
    bob.fill("Email", BOB).await;
    bob.fill("Password", "a whole new password").await;
    bob.click_button("Log in").await;
    bob.see("You have no permissions yet.").await;
    bob.goto(&link).await;
    bob.see("This link is not valid any more").await;
}
