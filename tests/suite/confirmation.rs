//! Dangerous actions ask for the own password again when it was last given over fifteen minutes ago.

mod actions;
mod question;

use chrono::TimeDelta;

use super::support::{Options, PASSWORD, Page, TestApp};

/// The same application a while later.
fn later(app: &TestApp, minutes: i64) -> TestApp {
    let ahead = TimeDelta::minutes(minutes);
    TestApp::start_on(app.database.shared(), Options { ahead, ..Default::default() })
}

fn is_question(page: &Page) -> bool {
    page.status == 403 && page.all("h1") == ["Confirm that it is you"]
}

/// The form of the question, with this as the password, and with a password that is to be set typed once more.
fn answered(page: &Page, password: &str) -> Vec<(String, String)> {
    assert!(is_question(page), "it is asked: {} {}", page.status, page.text());
    let form = page.form(".question form").set("confirm_password", password);
    let form = if form.values("password").is_empty() { form } else { form.set("password", PASSWORD) };
    form.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
