//! How many records a second a job does: run by hand, `cargo nextest run --run-ignored all --no-capture bulk::speed`.

use std::time::Instant;

use super::{preview_all, start};
use crate::support::TestApp;

const COUNT: u32 = 10_000;

#[actix_web::test]
#[ignore = "a measurement, and no test"]
async fn ten_thousand_records() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let users: Vec<_> = (0..COUNT).map(|n| format!("('many{n}@example.com', 'no password')")).collect();
    app.database.execute(&format!("INSERT INTO users (email, hashed_password) VALUES {}", users.join(", ")));
    let items: Vec<_> = (0..COUNT).map(|n| format!("({}, 'Item {n}', 'Something')", n + 2)).collect();
    app.database.execute(&format!("INSERT INTO items (owner_id, title, description) VALUES {}", items.join(", ")));
    app.database.execute("ANALYZE");
    for (entity, action) in [("users", "deactivate"), ("items", "delete"), ("users", "activate")] {
        let began = Instant::now();
        let told = preview_all(&admin, &format!("/{entity}"), action).await;
        let previewed = began.elapsed();
        let began = Instant::now();
        let started = start(&admin, entity, &told).await;
        let page = super::ended(&admin, started.location()).await;
        let rate = f64::from(COUNT) / began.elapsed().as_secs_f64();
        println!(
            "{action} {entity}: {rate:.0} a second, preview {previewed:.0?}: {}",
            page.all("[role=status]").join(" ")
        );
    }
}
