//! What was done is on record, in the transaction that did it, and the record can't be changed unseen.

mod chain;
mod entries;
mod pages;
mod passwords;

use serde_json::Value;

use crate::support::TestApp;

/// The entries from the `after`th on, as `actor action entity/record record changes`, the oldest first.
fn entries(app: &TestApp, after: i64) -> Vec<String> {
    app.database.texts(&format!(
        "SELECT actor || ' ' || action || ' ' || entity || '/' || coalesce(record_id, 0) || ' ' || record || ' ' || changes \
         FROM audit_entries WHERE id > {after} ORDER BY id"
    ))
}

fn last(app: &TestApp) -> i64 {
    app.database.number("SELECT coalesce(max(id), 0) FROM audit_entries")
}

/// What changed, from the newest entry of an action.
fn changes(app: &TestApp, action: &str) -> Value {
    let newest = format!("SELECT changes FROM audit_entries WHERE action = '{action}' ORDER BY id DESC LIMIT 1");
    serde_json::from_str(&app.database.texts(&newest).concat()).expect("JSON")
}
