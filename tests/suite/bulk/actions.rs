//! Each action that is declared does to each record what the same change does to one.

use super::{done, preview, preview_rows, start, ended, add_users};
use crate::support::TestApp;

#[actix_web::test]
async fn chosen_users_are_deactivated_and_activated_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_users(&app, 5);
    let ids = app.database.numbers("SELECT id FROM users WHERE email LIKE 'user%' ORDER BY id");
    let told = preview_rows(&admin, "users", "deactivate", &ids[..3]).await;
    assert_eq!(told.status, 200, "{}", told.text());
    assert!(told.text().contains("Deactivate 3 users?") && told.text().contains("3 users will be changed"), "{}", told.text());
    let started = start(&admin, "users", &told).await;
    assert_eq!(started.status, 303, "{}", started.text());
    let job = ended(&admin, started.location()).await;
    assert!(job.text().contains("Done") && job.text().contains("3 changed"), "{}", job.text());
    assert_eq!(app.database.numbers("SELECT id FROM users WHERE NOT is_active ORDER BY id"), ids[..3]);
    let job = done(&admin, "users", &[("action", "activate"), ("all", "true"), ("back", "/users?is_active=false")]).await;
    assert!(job.text().contains("3 changed"), "{}", job.text());
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE NOT is_active"), 0);
    let told = preview(&admin, "users", &[("action", "activate"), ("all", "true"), ("back", "/users")]).await;
    assert!(told.text().contains("6 users are so already") && !told.text().contains("Start"), "{}", told.text());
}
