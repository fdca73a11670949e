//! One thing done to many records: chosen, previewed, started, and done by the process in the background.

mod actions;
mod speed;

use std::time::Duration;

use crate::support::{PASSWORD, Page, TestApp, Visitor};

/// What would come of an action on records of a list, as its form sends them.
pub async fn preview(visitor: &Visitor, entity: &str, pairs: &[(&str, &str)]) -> Page {
    visitor.post(&format!("/{entity}/bulk"), pairs).await
}

/// As [`preview`], for records by their ids.
pub async fn preview_rows(visitor: &Visitor, entity: &str, action: &str, ids: &[i64]) -> Page {
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    let rows = ids.iter().map(|id| ("row", id.as_str()));
    let pairs: Vec<_> = [("action", action)].into_iter().chain(rows).collect();
    preview(visitor, entity, &pairs).await
}

/// Sends the form of a preview, with the password.
pub async fn start(visitor: &Visitor, entity: &str, preview: &Page) -> Page {
    let form = preview.form("#start").set("confirm_password", PASSWORD);
    visitor.post(&format!("/{entity}/bulk/start"), &form.pairs()).await
}

/// The page of a job once it is over.
pub async fn ended(visitor: &Visitor, job: &str) -> Page {
    for _ in 0..600 {
        let page = visitor.get(job).await;
        assert_eq!(page.status, 200, "{job}: {}", page.text());
        if !page.has("#job[hx-trigger]") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{job} does not end: {}", visitor.get(job).await.text());
}

/// Does an action to records from preview to end; returns the page of the job.
pub async fn done(visitor: &Visitor, entity: &str, pairs: &[(&str, &str)]) -> Page {
    let told = preview(visitor, entity, pairs).await;
    assert_eq!(told.status, 200, "{}", told.text());
    let started = start(visitor, entity, &told).await;
    assert_eq!(started.status, 303, "{}", started.text());
    ended(visitor, started.location()).await
}

/// Stores so many users, `user000@example.com` and on, beside those that there are.
pub fn add_users(app: &TestApp, count: usize) {
    let values: Vec<_> = (0..count).map(|n| format!("('user{n:03}@example.com', 'no password')")).collect();
    app.database.execute(&format!("INSERT INTO users (email, hashed_password) VALUES {}", values.join(", ")));
}
