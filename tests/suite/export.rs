//! Any list as a file.

mod going_away;
mod large;
mod permitted;
mod recorded;
mod written;

use std::time::Duration;

use serde_json::Value;

use crate::support::{Page, TestApp, Visitor};

/// An export, as a file.
async fn exported(visitor: &Visitor, path: &str) -> Page {
    let page = visitor.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    page
}

/// The names of the columns, and the rows, as another program reads them.
fn rows_of_csv(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(false).from_reader(text.as_bytes());
    let head = reader.headers().expect("a head").iter().map(ToOwned::to_owned).collect();
    let rows = reader.records().map(|row| row.expect("a row").iter().map(ToOwned::to_owned).collect());
    (head, rows.collect())
}

fn rows_of_json(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"))).collect()
}

/// The first column: the ids, in their order.
fn ids(text: &str) -> Vec<i64> {
    rows_of_csv(text).1.iter().map(|row| row[0].parse().expect("an id")).collect()
}

/// Waits until so many exports have ended. The client lets go of a connection only while nobody blocks its thread.
async fn ended(app: &TestApp, count: i64) {
    for _ in 0..1000 {
        if app.database.number("SELECT count(*) FROM audit_entries WHERE action = 'export_end'") == count {
            return;
        }
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{count} exports do not end");
}
