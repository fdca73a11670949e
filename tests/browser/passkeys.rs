//! Passkeys, with a real browser's own authenticator.

use crate::product::{ADMIN, PASSWORD, Product};
use crate::support::{Browser, JavaScript};

const PAGE: &str = "/account/second-factor";

async fn log_out(browser: &Browser) {
    browser.click_button("Log out").await;
    browser.see_path("/login").await;
}

async fn give_password(browser: &Browser) {
    browser.fill("Email", ADMIN).await;
    browser.fill("Password", PASSWORD).await;
    browser.click_button("Log in").await;
}

#[actix_web::test]
async fn a_passkey_is_made_and_opens_the_account_alone_and_after_the_password() {
    let product = Product::start();
    let browser = product.as_admin_at(&product.named_url(), JavaScript::On).await;
    browser.add_passkey_device().await;
    browser.goto(PAGE).await;
    browser.fill("Name of the new passkey", "This laptop").await;
    browser.click_button("Add a passkey").await;
    browser.see("nobody will see them again").await;
    browser.click_link("I have kept them").await;
    browser.see("This laptop").await;
    browser.see("10 recovery codes are left").await;
    browser.click_button("Add a passkey").await;
    browser.see("This device has a passkey for the account already").await;

    log_out(&browser).await;
    browser.click_button("Log in with a passkey").await;
    browser.see_path("/").await;
    browser.see("Dashboard").await;

    log_out(&browser).await;
    give_password(&browser).await;
    browser.see_path_beginning("/login/second-factor").await;
    browser.click_button("Use a passkey").await;
    browser.see_path("/").await;
    assert_eq!(product.database.number("SELECT count(*) FROM passkeys WHERE last_used_at IS NOT NULL"), 1);
    assert_eq!(browser.console_errors().await, [""; 0], "nothing is refused by the content policy");
}

#[actix_web::test]
async fn at_an_address_by_number_the_page_says_where_passkeys_work() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    browser.goto(PAGE).await;
    browser.see(&format!("Passkeys work at {} only", product.named_url())).await;
}

#[actix_web::test]
async fn without_scripts_the_page_says_so_and_an_app_can_be_set_up() {
    let product = Product::start();
    let browser = product.as_admin_at(&product.named_url(), JavaScript::Off).await;
    browser.goto(PAGE).await;
    browser.see("Adding a passkey needs JavaScript").await;
    browser.click_button("Set up an app").await;
    browser.see("Key:").await;
    browser.fill("Code", "000000").await;
    browser.click_button("Confirm").await;
    browser.see("This is not the code").await;
}
