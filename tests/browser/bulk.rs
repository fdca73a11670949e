//! Choosing many records, and watching what is done to them.

use crate::product::{PASSWORD, Product};
use crate::support::{Browser, JavaScript};

/// The labels of the rows that are ticked.
const TICKED: &str =
    "return [...document.querySelectorAll('[name=row]:checked')].map((box) => box.ariaLabel.slice(7)).join(' ')";

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

#[actix_web::test]
async fn whose_session_ends_while_a_job_is_watched_logs_in_over_the_page_in_peace() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(2);
    browser.goto("/users?q=user").await;
    browser.tick("Select this page").await;
    browser.select("Action", "Deactivate").await;
    browser.click_button("Preview").await;
    // As if another process had it.
    let hold = if product.database.is_postgres() {
        "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN NEW.leased_until := '2999-01-01'; RETURN NEW; END $$;
         CREATE TRIGGER hold BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION hold()"
    } else {
        "CREATE TRIGGER hold AFTER INSERT ON jobs BEGIN
             UPDATE jobs SET leased_until = '2999-01-01 00:00:00' WHERE id = NEW.id; END"
    };
    product.database.execute(hold);
    browser.click_button("Start").await;
    browser.see("Waiting").await;
    product.database.execute("DELETE FROM sessions");
    browser.see("You are not logged in").await;
    browser.fill("Password", "correct horse").await;
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    assert_eq!(browser.value("Password").await, "correct horse", "what is typed stays");
    browser.fill("Password", PASSWORD).await;
    browser.run("document.querySelector('#login .primary').click(); return ''").await;
    browser.see_no("You are not logged in").await;
    product.database.execute("UPDATE jobs SET leased_until = '2000-01-01 00:00:00'");
    browser.see("2 changed").await;
}
