//! The own password, asked for again on the way to something dangerous.

use crate::product::{PASSWORD, Product};
use crate::support::{Browser, JavaScript};

#[actix_web::test]
async fn with_scripts_one_confirms_and_nothing_typed_is_lost() {
    one_confirms(JavaScript::On).await;
}

#[actix_web::test]
async fn without_scripts_one_confirms_and_nothing_typed_is_lost() {
    one_confirms(JavaScript::Off).await;
}

/// As if the password had been given long ago.
fn forget(product: &Product) {
    product.database.execute("UPDATE sessions SET confirmed_at = '2020-01-01 00:00:00'");
}

async fn one_confirms(javascript: JavaScript) {
    let product = Product::start();
    let browser = product.as_admin(javascript).await;
    product.database.execute("INSERT INTO roles (name) VALUES ('Crew'), ('Mates')");
    make_a_user(&product, &browser).await;
    lock_and_unlock(&product, &browser).await;
    deactivate_in_the_list(&product, &browser).await;
    delete_the_role(&product, &browser).await;
    assert_eq!(browser.console_errors().await.iter().filter(|error| !error.contains("403")).count(), 0);
}

async fn make_a_user(product: &Product, browser: &Browser) {
    browser.goto("/users/new").await;
    browser.fill("Email", "bob@example.com").await;
    browser.fill("Password", PASSWORD).await;
    browser.tick("Crew").await;
    browser.tick("Mates").await;
    forget(product);
    browser.click_button("Save").await;
    browser.see("Confirm that it is you").await;
    browser.fill("Your password", "not the password").await;
    browser.fill("Password to be set", PASSWORD).await;
    browser.click_button("Confirm").await;
    browser.see("This is not your password.").await;
    product.database.execute("DELETE FROM login_throttles");
    browser.fill("Your password", PASSWORD).await;
    browser.fill("Password to be set", PASSWORD).await;
    browser.click_button("Confirm").await;
    browser.see("Created bob@example.com").await;
    let held = "SELECT count(*) FROM user_roles JOIN users ON users.id = user_id WHERE email = 'bob@example.com'";
    assert_eq!(product.database.number(held), 2, "both roles were given");
}

async fn lock_and_unlock(product: &Product, browser: &Browser) {
    browser.click_link("Sessions, lock and links").await;
    browser.fill("Reason", "His laptop is lost").await;
    forget(product);
    browser.click_button("Lock account").await;
    browser.see("Confirm that it is you").await;
    browser.fill("Your password", PASSWORD).await;
    browser.click_button("Confirm").await;
    browser.see("Locked bob@example.com").await;
    browser.see("His laptop is lost").await;
    browser.click_button("Unlock account").await;
    browser.see("Unlocked bob@example.com").await;
    browser.see("The account is active.").await;
}

async fn deactivate_in_the_list(product: &Product, browser: &Browser) {
    browser.goto("/users?q=bob").await;
    browser.click_link("Edit active of bob@example.com").await;
    browser.untick("Active").await;
    forget(product);
    browser.click_button("Save").await;
    browser.see("Confirm that it is you").await;
    browser.fill("Your password", "not the password").await;
    browser.click_button("Confirm").await;
    browser.see("This is not your password.").await;
    product.database.execute("DELETE FROM login_throttles");
    browser.fill("Your password", PASSWORD).await;
    browser.click_button("Confirm").await;
    browser.see_path("/users?q=bob").await;
    browser.see_no("Confirm that it is you").await;
    assert_eq!(product.database.number("SELECT count(*) FROM users WHERE NOT is_active"), 1);
}

async fn delete_the_role(product: &Product, browser: &Browser) {
    browser.goto("/roles").await;
    browser.click_link("Crew").await;
    browser.click_link("Delete").await;
    browser.see("Delete Crew?").await;
    forget(product);
    browser.click_button("Delete").await;
    browser.see("Confirm that it is you").await;
    browser.fill("Your password", PASSWORD).await;
    browser.click_button("Confirm").await;
    browser.see("Deleted Crew").await;
    browser.see_path("/roles").await;
}
