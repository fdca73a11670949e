//! Choosing many records, and watching what is done to them.

use crate::product::Product;
use crate::support::{Browser, JavaScript};

/// The labels of the rows that are ticked.
const TICKED: &str = "return [...document.querySelectorAll('[name=row]:checked')].map((box) => box.ariaLabel.slice(7)).join(' ')";

/// Clicks a row's box with Shift held.
async fn shift_click(browser: &Browser, label: &str) {
    let click = "dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }))";
    browser.run(&format!("document.querySelector('[aria-label=\"{label}\"]').{click}; return ''")).await;
}

#[actix_web::test]
async fn with_shift_all_rows_between_are_chosen_and_the_box_of_the_page_follows() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(6);
    browser.goto("/users?q=user").await;
    browser.tick("Select user001@example.com").await;
    shift_click(&browser, "Select user003@example.com").await;
    assert_eq!(browser.run(TICKED).await, "user001@example.com user002@example.com user003@example.com");
    browser.tick("Select this page").await;
    assert_eq!(browser.run(TICKED).await.split(' ').count(), 6);
    browser.untick("Select user002@example.com").await;
    let page = "return String(document.querySelector('[name=page]').checked)";
    assert_eq!(browser.run(page).await, "false", "not all of the page are chosen");
    browser.tick("Select user002@example.com").await;
    assert_eq!(browser.run(page).await, "true");

    browser.select("Action", "Deactivate").await;
    browser.click_button("Preview").await;
    browser.see("Deactivate 6 users?").await;
    browser.click_button("Start").await;
    browser.see_path_beginning("/jobs/").await;
    // Nobody reloads the page.
    browser.see("6 changed").await;
    browser.see("Done").await;
    browser.see("6 of 6").await;
    assert!(browser.console_errors().await.is_empty(), "{:?}", browser.console_errors().await);
}

#[actix_web::test]
async fn without_scripts_the_boxes_are_plain_and_the_page_of_the_job_comes_again_by_itself() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::Off).await;
    product.add_users(400);
    browser.goto("/users?q=user").await;
    browser.tick("Select all 400 that match").await;
    browser.select("Action", "Deactivate").await;
    browser.click_button("Preview").await;
    browser.see("Deactivate 400 users?").await;
    browser.click_button("Start").await;
    browser.see("Done").await;
    browser.see("400 of 400").await;
    browser.goto("/users?q=user&limit=25").await;
    browser.tick("Select this page").await;
    browser.select("Action", "Activate").await;
    browser.click_button("Preview").await;
    browser.see("Activate 25 users?").await;
}

#[actix_web::test]
async fn a_cell_is_edited_beside_the_boxes_and_what_was_ticked_stays() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(3);
    browser.goto("/users?q=user").await;
    browser.tick("Select user001@example.com").await;
    browser.click_link("Edit email of user002@example.com").await;
    browser.fill("Email", "user009@example.com").await;
    browser.click_button("Save").await;
    browser.see("user009@example.com").await;
    assert_eq!(browser.run(TICKED).await, "user001@example.com");
}
