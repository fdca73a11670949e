use super::{answered, borrowed, is_question, later};
use crate::support::{PASSWORD, Page, TestApp};

/// Something that somebody does: where it is sent, what, and a number of the database that tells whether it was done.
struct Deed {
    path: String,
    form: Vec<(&'static str, String)>,
    tells: String,
}

fn deed(path: &str, form: &[(&'static str, &str)], tells: &str) -> Deed {
    let form = form.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Deed { path: path.to_owned(), form, tells: format!("SELECT count(*) FROM {tells}") }
}

impl Deed {
    fn form(&self) -> Vec<(&str, &str)> {
        self.form.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}

/// A link is shown at once, all else leads on.
fn is_done(page: &Page) -> bool {
    page.status == 303 || page.status == 200 && page.has("#password-link")
}

/// An administrator, `ann` with eleven items, `bob` with ten, and roles: 2 that ann holds, 3 that nobody does.
async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.admin().await;
    let held = app.db_role("Crew", &["items.view"]).await.id;
    app.db_role("Empty", &["items.view"]).await;
    for (name, count) in [("ann", 11), ("bob", 10)] {
        let id = app.db_user(&format!("{name}@example.com"), &if name == "ann" { vec![held] } else { vec![] }).await.id;
        for number in 0..count {
            app.db_item(id, &format!("Rope {number}")).await;
        }
    }
    app
}

fn dangerous() -> Vec<Deed> {
    let new = [("email", "new@example.com"), ("password", PASSWORD), ("roles", "2")];
    vec![
        deed("/users/3", &[("version", "1"), ("roles", "2")], "user_roles WHERE user_id = 3"),
        deed("/users/3", &[("version", "1"), ("roles", "1")], "user_roles WHERE user_id = 3"),
        deed("/users/2", &[("version", "1"), ("roles", "")], "user_roles WHERE user_id = 2"),
        deed("/users", &new, "users"),
        deed(
            "/roles/3",
            &[("version", "1"), ("permissions", "users.view")],
            "role_permissions WHERE role_id = 3 AND permission = 'users.view'",
        ),
        deed("/roles/3", &[("version", "1"), ("permissions", "")], "role_permissions WHERE role_id = 3"),
        deed("/roles", &[("name", "Mates"), ("permissions", "users.view")], "roles"),
        deed("/roles/2/delete", &[("version", "1")], "roles WHERE id = 2"),
        deed("/users/2/delete", &[("version", "1")], "users WHERE id = 2"),
        deed("/users/3/account/lock", &[("reason", "Lost laptop")], "users WHERE is_active"),
        deed("/users/3", &[("version", "1"), ("is_active", "false")], "users WHERE is_active"),
        deed("/users/3/account/link", &[], "password_links"),
        deed("/account/sessions/end", &[], "sessions"),
        deed("/account/sessions/1/end", &[], "sessions"),
    ]
}

#[actix_web::test]
async fn each_dangerous_action_asks_does_nothing_until_confirmed_and_then_is_done() {
    for deed in dangerous() {
        let app = scene().await;
        let admin = app.logged_in("admin@example.com").await;
        let late = later(&app, 16);
        let visitor = admin.at(&late);
        let (before, entries) = (app.database.number(&deed.tells), "SELECT count(*) FROM audit_entries");
        let recorded = app.database.number(entries);
        let asked = visitor.post(&deed.path, &deed.form()).await;
        assert!(is_question(&asked), "POST {} {:?}: {} {}", deed.path, deed.form, asked.status, asked.text());
        assert_eq!(app.database.number(&deed.tells), before, "{}: nothing is done", deed.path);
        assert_eq!(app.database.number(entries), recorded, "{}: nor on record", deed.path);
        let sent = answered(&asked, PASSWORD);
        let done = visitor.post(&asked.attribute(".question form", "action"), &borrowed(&sent)).await;
        assert!(is_done(&done), "{}: {}", deed.path, done.text());
        assert_ne!(app.database.number(&deed.tells), before, "{}: it is done", deed.path);
    }
}

#[actix_web::test]
async fn whoever_gave_the_password_within_fifteen_minutes_is_not_asked() {
    for deed in dangerous() {
        let app = scene().await;
        let admin = app.logged_in("admin@example.com").await;
        let soon = later(&app, 14);
        let done = admin.at(&soon).post(&deed.path, &deed.form()).await;
        assert!(is_done(&done), "POST {} {:?}: {}", deed.path, deed.form, done.text());
    }
}

#[actix_web::test]
async fn what_is_not_dangerous_is_not_asked_however_late() {
    let app = scene().await;
    let admin = app.logged_in("admin@example.com").await;
    let late = later(&app, 60);
    let visitor = admin.at(&late);
    let unchanged = visitor.get("/users/2").await.form("form.record");
    let unchanged = visitor.post("/users/2", &unchanged.pairs()).await;
    assert_eq!(unchanged.status, 303, "the same roles as before: {}", unchanged.text());
    let harmless = [
        deed("/users/2", &[("version", "1"), ("email", "anna@example.com")], ""),
        deed("/users", &[("email", "new@example.com"), ("password", PASSWORD), ("roles", "")], ""),
        deed("/roles/2", &[("version", "1"), ("description", "Who hauls")], ""),
        deed("/roles", &[("name", "Mates"), ("permissions", "")], ""),
        deed("/roles/3/delete", &[("version", "1")], ""),
        deed("/users/3/delete", &[("version", "1")], ""),
        deed("/items/1", &[("version", "1"), ("title", "Cable")], ""),
        deed("/items/1/delete", &[("version", "2")], ""),
        deed("/users/2/account/sessions/end", &[], ""),
    ];
    for deed in harmless {
        let done = visitor.post(&deed.path, &deed.form()).await;
        assert_eq!(done.status, 303, "POST {} {:?}: {}", deed.path, deed.form, done.text());
    }
    let id = app.database.number("SELECT max(id) FROM sessions");
    assert_eq!(visitor.post(&format!("/account/sessions/{id}/end"), &[]).await.status, 303, "nor is a logout");
}

#[actix_web::test]
async fn what_is_wrong_is_said_before_the_password_is_asked_for() {
    let app = scene().await;
    let admin = app.logged_in("admin@example.com").await;
    let clerk = app.user_with(&["users.view", "users.update", "users.delete"]).await;
    let late = later(&app, 16);
    let visitor = admin.at(&late);
    let faulty = [
        (422, deed("/users/3", &[("version", "1"), ("roles", "2"), ("email", "no address")], "")),
        (422, deed("/users/3", &[("version", "1"), ("roles", "77")], "")),
        (422, deed("/users/1", &[("version", "1"), ("roles", "")], "")),
        (409, deed("/users/3", &[("version", "7"), ("roles", "2")], "")),
        (409, deed("/users/2/delete", &[("version", "7")], "")),
        (422, deed("/users/3/account/lock", &[("reason", "")], "")),
    ];
    for (status, deed) in faulty {
        let page = visitor.post(&deed.path, &deed.form()).await;
        assert_eq!(page.status, status, "{} {:?}: {}", deed.path, deed.form, page.text());
    }
    for (path, form) in [
        ("/users/1/account/lock", [("reason", "x")]),
        ("/users/1/delete", [("version", "1")]),
        ("/roles/2/delete", [("version", "1")]),
    ] {
        let page = clerk.at(&late).post(path, &form).await;
        assert_eq!((page.status, is_question(&page)), (403, false), "{path} is out of reach: {}", page.text());
    }
}
