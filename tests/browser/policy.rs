//! The pages under their own policy: nothing of theirs is refused, and nothing that is slipped into them runs.

use crate::product::{ADMIN, PASSWORD, Product};
use crate::support::{Browser, JavaScript, Key};

/// Fails when the browser refused anything since the last look.
async fn nothing_is_refused(browser: &Browser, where_: &str) {
    assert_eq!(browser.console_errors().await, [""; 0], "on the console at {where_}");
}

#[actix_web::test]
async fn every_page_and_every_part_of_one_keeps_to_the_policy() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.add_users(60);
    product.database.execute("INSERT INTO items (owner_id, title) VALUES (1, 'Rope'), (1, 'Anchor')");
    for path in [
        "/",
        "/users",
        "/items",
        "/roles",
        "/account",
        "/users/1",
        "/items/1",
        "/roles/1",
        "/users/new",
        "/items/new",
        "/roles/new",
        "/audit",
        "/audit/1",
        "/users/2/account",
        "/throttles",
        "/account/second-factor",
        "/kept",
    ] {
        browser.goto(path).await;
        nothing_is_refused(&browser, path).await;
    }
    a_list(&browser).await;
    a_cell(&browser).await;
    a_picker(&browser).await;
    a_dialog(&browser).await;
    an_app(&browser).await;
    browser.click_button("Log out").await;
    browser.see_path("/login").await;
    nothing_is_refused(&browser, "/login").await;
    browser.goto("/setup?token=none").await;
    browser.see("Not found").await;
    let errors = browser.console_errors().await;
    assert!(errors.len() == 1 && errors[0].contains("404"), "its status, and nothing else: {errors:?}");
}

async fn an_app(browser: &Browser) {
    browser.goto("/account/second-factor").await;
    browser.click_button("Set up an app").await;
    browser.see_path("/account/second-factor/app").await;
    nothing_is_refused(browser, "the QR code of an app").await;
}

async fn a_list(browser: &Browser) {
    browser.goto("/users?limit=25").await;
    browser.click_link("Email").await;
    browser.see_path_beginning("/users?sort=-email").await;
    browser.click_link("Next").await;
    browser.see("26–50 of 61").await;
    browser.back().await;
    browser.see("1–25 of 61").await;
    browser.fill("Search users", "user00").await;
    browser.see("1–10 of 10").await;
    browser.click_button("Filter").await;
    browser.select("Active", "Yes").await;
    browser.click_button("Apply").await;
    browser.click_link("Remove filter Active").await;
    browser.see_no("Remove filter").await;
    nothing_is_refused(browser, "a list").await;
}

async fn a_cell(browser: &Browser) {
    browser.goto("/items").await;
    browser.click_button("Edit title of Rope").await;
    browser.fill("Title", "").await;
    browser.press(Key::Enter).await;
    browser.see("This is needed.").await;
    let errors = browser.console_errors().await;
    assert!(errors.iter().all(|error| error.contains("422")), "its status, and nothing else: {errors:?}");
    browser.fill("Title", "Line").await;
    browser.press(Key::Enter).await;
    browser.see("Saved").await;
    browser.see("Line").await;
    nothing_is_refused(browser, "a cell").await;
}

async fn a_picker(browser: &Browser) {
    browser.goto("/items/1").await;
    browser.fill("Search users", "user05").await;
    browser.see("user057@example.com").await;
    browser.choose("user057@example.com").await;
    browser.click_button("Save").await;
    browser.see("Saved Line").await;
    nothing_is_refused(browser, "a picker").await;
}

async fn a_dialog(browser: &Browser) {
    browser.goto("/items/2").await;
    browser.click_link("Delete").await;
    browser.see("Delete Anchor?").await;
    assert_eq!(browser.path().await, "/items/2", "it is a dialog on the page");
    browser.press(Key::Escape).await;
    browser.see_no("Delete Anchor?").await;
    nothing_is_refused(browser, "a dialog").await;
}

#[actix_web::test]
async fn what_is_slipped_into_a_page_does_nothing() {
    let product = Product::start();
    let browser = product.as_admin(JavaScript::On).await;
    product.database.execute("INSERT INTO items (owner_id, title) VALUES (1, 'Rope')");
    browser.goto("/items").await;
    browser.see("Rope").await;
    let markup = browser
        .run("try { document.body.innerHTML = '<p>Theirs</p>'; return 'taken' } catch (e) { return e.name }")
        .await;
    assert_eq!(markup, "TypeError", "text is no markup where no policy of ours made it");
    let policy =
        browser.run("try { trustedTypes.createPolicy('theirs', {}); return 'made' } catch (e) { return e.name }").await;
    assert_eq!(policy, "TypeError", "and nobody makes another policy");
    let script = "const own = document.querySelector('script[nonce]').nonce, script = document.createElement('script');
        script.nonce = own; script.append('document.title = \"Theirs\"'); document.head.append(script);
        return own.length > 20 ? document.title : 'no nonce';";
    assert_eq!(browser.run(script).await, "Items · Quarterdeck", "the word of the page opens no way for a script");
    let button = "const button = document.createElement('button');
        for (const [name, value] of Object.entries(arguments[0])) button.setAttribute(name, value);
        button.append('Theirs'); document.querySelector('main').append(button); htmx.process(button);
        return button.hasAttribute('hx-delete') ? 'obeyed' : 'stripped';";
    for nonce in ["", "guessed"] {
        let element = format!("{{'hx-delete': '/items/1', 'hx-nonce': '{nonce}'}}");
        assert_eq!(browser.run(&button.replace("arguments[0]", &element)).await, "stripped", "with the word {nonce:?}");
    }
    browser.click_button("Theirs").await;
    let own = "{'hx-delete': '/items/1', 'hx-nonce': document.querySelector('script[nonce]').nonce}";
    assert_eq!(browser.run(&button.replace("arguments[0]", own)).await, "obeyed", "with the word of the page");
    assert_eq!(product.database.number("SELECT count(*) FROM items"), 1, "nothing was deleted");
    let errors = browser.console_errors().await;
    assert!(errors.iter().any(|error| error.contains("hx-csp")), "and the console says so: {errors:?}");
    browser.click_button("Log out").await;
    browser.fill("Email", ADMIN).await;
    browser.fill("Password", PASSWORD).await;
    browser.click_button("Log in").await;
    browser.see("Dashboard").await;
}
