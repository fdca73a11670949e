//! One thing done to many records: chosen, previewed, started, and done by the process in the background.

mod actions;
mod guards;
mod jobs;
mod moved;
mod on_record;
mod once;
mod pages;
mod signed;

use std::time::Duration;

use crate::support::{PASSWORD, Page, TestApp, TestDatabase, Visitor};

/// What would come of an action on records of a list, as its form sends them.
pub async fn preview(visitor: &Visitor, entity: &str, pairs: &[(&str, &str)]) -> Page {
    visitor.post(&format!("/{entity}/bulk"), pairs).await
}

/// As [`preview`], for all that a list has.
pub async fn preview_all(visitor: &Visitor, list: &str, action: &str) -> Page {
    let entity = list.trim_start_matches('/').split('?').next().unwrap_or_default();
    preview(visitor, entity, &[("action", action), ("all", "true"), ("back", list)]).await
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

/// Starts what a preview has told of; returns the address of the job.
pub async fn started(visitor: &Visitor, entity: &str, preview: &Page) -> String {
    assert_eq!(preview.status, 200, "{}", preview.text());
    let started = start(visitor, entity, preview).await;
    assert_eq!(started.status, 303, "{}", started.text());
    started.location().to_owned()
}

/// The page of a job once it is over.
pub async fn ended(visitor: &Visitor, job: &str) -> Page {
    for _ in 0..1200 {
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
pub async fn done(visitor: &Visitor, entity: &str, preview: &Page) -> Page {
    let job = started(visitor, entity, preview).await;
    ended(visitor, &job).await
}

/// What a job's page says of its state and outcome.
pub fn outcome(job: &Page) -> String {
    job.all("#job [role=status]").join(" ")
}

/// Stores so many users, `user0@example.com` and on, beside those that there are; returns their ids.
pub fn add_users(database: &TestDatabase, count: usize) -> Vec<i64> {
    let values: Vec<_> = (0..count).map(|n| format!("('user{n}@example.com', 'no password')")).collect();
    database.execute(&format!("INSERT INTO users (email, hashed_password) VALUES {}", values.join(", ")));
    database.numbers("SELECT id FROM users WHERE email LIKE 'user%' ORDER BY id")
}

/// Stores so many items of a user; returns their ids.
pub fn add_items(app: &TestApp, owner: i64, count: usize) -> Vec<i64> {
    let values: Vec<_> = (0..count).map(|n| format!("({owner}, 'Rope {n}', '')")).collect();
    app.database.execute(&format!("INSERT INTO items (owner_id, title, description) VALUES {}", values.join(", ")));
    app.database.numbers("SELECT id FROM items ORDER BY id")
}

/// Lets no job begin that is started from now on: each looks as if another process had it.
pub fn hold_jobs(database: &TestDatabase) {
    let later = "'2999-01-01 00:00:00'";
    database.execute(&if database.is_postgres() {
        format!(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN NEW.leased_until := {later}; RETURN NEW; END $$;
             CREATE TRIGGER hold BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION hold()"
        )
    } else {
        format!(
            "CREATE TRIGGER hold AFTER INSERT ON jobs BEGIN
                 UPDATE jobs SET leased_until = {later} WHERE id = NEW.id; END"
        )
    });
}

/// As if that process were dead.
pub fn let_jobs_go(database: &TestDatabase) {
    database.execute(if database.is_postgres() { "DROP FUNCTION hold CASCADE" } else { "DROP TRIGGER hold" });
    database.execute("UPDATE jobs SET leased_until = '2000-01-01 00:00:00'");
}
