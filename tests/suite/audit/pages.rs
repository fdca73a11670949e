use crate::support::{PASSWORD, Page, TestApp, Visitor};

/// An application in which this happened: ann made and renamed an item, and somebody guessed at her password.
async fn with_a_past() -> (TestApp, Visitor) {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &["items.view", "items.create", "items.update", "users.view"]).await.id;
    app.db_user("ann@example.com", &[role]).await;
    let ann = app.logged_in("ann@example.com").await;
    let form = [("title", "A coil of rope"), ("owner", "2"), ("description", "Thirty fathoms of hemp")];
    assert_eq!(ann.post("/items", &form).await.status, 303);
    let form = [("version", "1"), ("title", "A coil of old rope"), ("description", "Thirty fathoms of tarred hemp")];
    assert_eq!(ann.post("/items/1", &form).await.status, 303);
    app.guest().post("/login", &[("email", "ann@example.com"), ("password", "wrong")]).await;
    (app, admin)
}

fn rows(page: &Page) -> usize {
    assert_eq!(page.status, 200, "{}", page.text());
    page.ids().len()
}

#[actix_web::test]
async fn the_log_lists_what_happened_the_newest_first_and_nothing_can_be_changed_there() {
    let (app, admin) = with_a_past().await;
    let page = admin.get("/audit").await;
    let mut ids = app.database.numbers("SELECT id FROM audit_entries ORDER BY at DESC, id DESC");
    ids.truncate(50);
    assert_eq!((page.all("h1"), page.ids()), (vec!["Audit log".to_owned()], ids));
    assert!(page.text().contains("Login refused") && page.text().contains("127.0.0.1"), "{}", page.text());
    assert!(admin.get("/").await.link("Audit log").is_some(), "the navigation leads there");
    assert_eq!((page.link("New entry"), page.has("[aria-label^=Edit]")), (None, false));
    let before = app.database.texts("SELECT hash FROM audit_entries ORDER BY id");
    for (method, path) in [
        ("POST", "/audit"),
        ("POST", "/audit/1"),
        ("PATCH", "/audit/1"),
        ("DELETE", "/audit/1"),
        ("POST", "/audit/1/delete"),
        ("PATCH", "/audit/1/actor"),
    ] {
        let page = admin
            .send(admin.with_form(method.parse().expect("a method"), path, &[("version", "0"), ("actor", "x")]))
            .await;
        assert!(matches!(page.status, 404 | 405), "{method} {path}: {}", page.status);
    }
    assert_eq!(app.database.texts("SELECT hash FROM audit_entries ORDER BY id"), before);
}

#[actix_web::test]
async fn the_log_is_for_those_who_hold_its_permission() {
    let (app, _) = with_a_past().await;
    let others = app.user_with(&["users.view", "items.view", "roles.view"]).await;
    assert_eq!((others.get("/audit").await.status, others.get("/audit/1").await.status), (403, 403));
    assert_eq!(others.get("/").await.link("Audit log"), None);
    assert!(!others.get("/items/1").await.has(".history"), "no history either");
    let auditor = app.user_with(&["audit.view"]).await;
    assert_eq!((auditor.get("/audit").await.status, auditor.get("/audit/1").await.status), (200, 200));
    assert_eq!(auditor.get("/users").await.status, 403, "and for nothing else");
}

#[actix_web::test]
async fn the_log_is_narrowed_by_actor_entity_record_action_time_and_address() {
    let (_app, admin) = with_a_past().await;
    assert_eq!(rows(&admin.get("/audit?actor=2").await), 3, "her login and two changes");
    assert_eq!(rows(&admin.get("/audit?entity=items").await), 2);
    assert_eq!(rows(&admin.get("/audit?entity=items&record=1&action=update").await), 1);
    assert_eq!(rows(&admin.get("/audit?action=login_refused").await), 1);
    assert_eq!(rows(&admin.get("/audit?address=127.0.0.1&actor=2").await), 3);
    assert_eq!(rows(&admin.get("/audit?address=192.0.2.1").await), 0);
    assert_eq!(rows(&admin.get("/audit?at_to=2020-01-01").await), 0);
    assert_eq!(rows(&admin.get("/audit?at_from=2020-01-01T10:00&actor=2").await), 3);
    for nonsense in [
        "actor=ann",
        "action=nonsense",
        "entity=audit",
        "at_from=yesterday",
        "at_from=2026-01-01T25:00",
        "q=ann",
        "sort=actor",
        "reason=x",
    ] {
        assert_eq!(admin.get(&format!("/audit?{nonsense}")).await.status, 400, "{nonsense}");
    }
    let page = admin.get("/audit?actor=2&action=create").await;
    assert_eq!(page.all(".pill b"), ["ann@example.com", "Created"], "what is set is said in words");
}

#[actix_web::test]
async fn an_entry_shows_all_of_it_and_leads_to_its_like() {
    let (app, admin) = with_a_past().await;
    let id = app.database.number("SELECT max(id) FROM audit_entries WHERE action = 'update'");
    let page = admin.get(&format!("/audit/{id}")).await;
    assert_eq!(page.all("h1"), ["ann@example.com: updated A coil of old rope"]);
    assert_eq!((page.all(".changes ins"), page.all(".changes del")), (vec!["old".into(), "tarred".into()], vec![]));
    for (link, count) in [("Same actor", 3), ("Same record", 2), ("Same hour", 9), ("Same action", 1)] {
        let href = page.link(link).unwrap_or_else(|| panic!("{link} on {}", page.text()));
        let shown = rows(&admin.get(&href).await);
        assert!(shown == count || link == "Same hour" && shown >= 3, "{link} leads to {shown}");
    }
    assert_eq!(page.link("The record").as_deref(), Some("/items/1"));
    assert!(!page.has("form.record") && page.link("Delete").is_none());
}

#[actix_web::test]
async fn a_record_shows_its_history_with_readable_differences() {
    let (app, admin) = with_a_past().await;
    let page = admin.get("/items/1").await;
    let told = page.all(".history li");
    assert!(
        told[0].starts_with("ann@example.com updated") && told[1].starts_with("ann@example.com created"),
        "{told:?}"
    );
    assert_eq!(page.all(".history li:first-child ins"), ["old", "tarred"], "the words that came");
    assert_eq!(page.all(".history li:first-child dt"), ["Title", "Description"]);
    assert_eq!(page.link("All of its history").as_deref(), Some("/audit?entity=items&record=1"));
    app.database.execute(&format!("UPDATE users SET email = 'x@example.com' WHERE email = '{}'", "ann@example.com"));
    let told = admin.get("/items/1").await.all(".history li");
    assert!(told[0].starts_with("ann@example.com updated"), "the name survives: {told:?}");
    let ann = admin.get("/users/2").await;
    assert!(ann.all(".history li").iter().any(|told| told.contains("login refused")), "{:?}", ann.all(".history li"));
    let shown = format!("{}{}", admin.get("/audit").await.body, admin.get("/users/2").await.body);
    assert!(!shown.contains(PASSWORD) && !shown.contains("$argon2"), "no secret is shown");
}

#[actix_web::test]
async fn what_was_written_by_a_person_is_shown_as_text() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form =
        [("title", "<img src=x onerror=alert(1)>"), ("owner", "1"), ("description", "<script>alert(1)</script> a b c")];
    assert_eq!(admin.post("/items", &form).await.status, 303);
    for path in ["/audit", "/audit/2", "/items/1"] {
        let page = admin.get(path).await;
        assert!(!page.has("img") && page.attributes("script", "src").len() == page.all("script").len(), "{path}");
    }
}
