//! Tries to log in are held back after failures: by account, by browser, by address.

mod accounts;
mod addresses;
mod devices;
mod flood;
mod pages;
mod waits;

use chrono::{NaiveDateTime, TimeDelta};
use quarterdeck::crud::throttles::{self, Key, Tried};
use quarterdeck::db::{self, Author, Write};

use crate::support::{Options, PASSWORD, Page, TestApp, TestDatabase, Visitor};

const ANN: &str = "ann@example.com";
const NOBODY: &str = "nobody@example.com";

/// An application in which ann has an account.
async fn with_ann() -> TestApp {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    app
}

/// Another process on the same database, with its clock ahead.
fn later(app: &TestApp, ahead: TimeDelta) -> TestApp {
    TestApp::start_on(app.database.shared(), Options { ahead, ..Options::default() })
}

async fn log_in(visitor: &Visitor, email: &str, password: &str) -> Page {
    visitor.post("/login", &[("email", email), ("password", password), ("next", "/items")]).await
}

/// So many failures of an account, with the last one's wait over.
fn failed(app: &TestApp, email: &str, failures: i64) {
    let at = app.db.clock().now() - TimeDelta::seconds(30);
    app.database.execute("DELETE FROM login_throttles");
    settle(&app.database, at, &Key::account(email, None), false);
    app.database.execute(&format!("UPDATE login_throttles SET failures = {failures}"));
}

/// A try at this moment, wrong or right; the seconds to wait when it is held.
fn settle(database: &TestDatabase, at: NaiveDateTime, key: &Key, is_right: bool) -> Option<u64> {
    let by = Author::default();
    let tried = db::transaction(&mut database.connect(), |conn| {
        let mut w = Write::new(conn, &by, at);
        throttles::attempt(&mut w, std::slice::from_ref(key), |_| {
            Ok::<_, diesel::result::Error>(is_right.then_some(()))
        })
    });
    match tried.expect("the database answers") {
        Tried::Held(hold) => hold.refusal(at).retry_after(),
        Tried::Right(()) | Tried::Wrong => None,
    }
}

fn moment(text: &str) -> NaiveDateTime {
    text.parse().expect("a moment")
}

/// The reasons of the logins that were refused, the oldest first.
fn reasons(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT reason FROM audit_entries WHERE action = 'login_refused' ORDER BY id")
}

/// Everything of an answer that a stranger could compare, but for what is different in any two.
fn comparable(page: &Page, email: &str) -> (u16, Vec<(String, String)>, String) {
    let headers = page.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id" | CSP));
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned())).collect();
    headers.sort();
    (page.status, headers, page.body.replace(email, "ADDRESS"))
}

/// A wrong password of nobody in particular.
const WRONG: &str = "not this one either";

/// The right one, to be refused all the same.
const RIGHT: &str = PASSWORD;

/// It holds a random word.
const CSP: &str = "content-security-policy";
