use crate::support::{Page, TestApp, Visitor};

const MANAGER: [&str; 7] =
    ["users.view", "users.create", "users.update", "users.delete", "roles.view", "roles.create", "roles.update"];

/// The roles that a user holds.
fn held(app: &TestApp, user: i64) -> Vec<i64> {
    app.database.numbers(&format!("SELECT role_id FROM user_roles WHERE user_id = {user} ORDER BY role_id"))
}

fn fault(page: &Page) -> String {
    page.all(".fault").join("; ")
}

/// Somebody who manages users and roles, a role within those rights, one beyond them, and the built-in one.
async fn manager(app: &TestApp) -> (Visitor, i64, i64) {
    app.admin().await;
    let manager = app.user_with(&MANAGER).await;
    let within = held(app, 2)[0];
    let beyond = app.db_role("Beyond", &["users.view", "items.view"]).await.id;
    (manager, within, beyond)
}

#[actix_web::test]
async fn nobody_gives_a_role_that_they_do_not_hold() {
    let app = TestApp::start().await;
    let (manager, within, beyond) = manager(&app).await;
    // It permits nothing here, and may all the same mean something to another program.
    let elsewhere = app.db_role("Elsewhere", &[]).await.id;
    let user = app.db_user("ann@example.com", &[]).await.id;
    let url = format!("/users/{user}");
    let page = manager.get(&url).await;
    let disabled = page.attributes("input[name=roles][disabled]", "value");
    assert_eq!(
        disabled,
        ["1".to_owned(), beyond.to_string(), elsewhere.to_string()],
        "those that one does not hold are shown and fixed"
    );
    for role in [1, beyond, elsewhere] {
        let refused = manager.post(&url, &[("version", "1"), ("roles", &role.to_string())]).await;
        assert_eq!((refused.status, held(&app, user)), (422, vec![]), "{}", refused.text());
        assert!(fault(&refused).contains("a role that you do not hold"), "{}", fault(&refused));
        let form = [("email", "new@example.com"), ("password", "a long enough one"), ("roles", &role.to_string())];
        let refused = manager.post("/users", &form).await;
        assert_eq!(refused.status, 422, "nor to somebody new: {}", refused.text());
        let within = within.to_string();
        let both = [("version", "1"), ("roles", within.as_str()), ("roles", &role.to_string())];
        assert_eq!(manager.post(&url, &both).await.status, 422, "nor beside another");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE email = 'new@example.com'"), 0);
    let given = manager.post(&url, &[("version", "1"), ("roles", &within.to_string())]).await;
    assert_eq!((given.status, held(&app, user)), (303, vec![within]), "{}", given.text());
}

#[actix_web::test]
async fn nobody_gives_themselves_a_role_that_they_do_not_hold() {
    let app = TestApp::start().await;
    let (manager, _, beyond) = manager(&app).await;
    let own = held(&app, 2);
    for role in [1, beyond] {
        let (own, role) = (own[0].to_string(), role.to_string());
        let refused = manager.post("/users/2", &[("version", "1"), ("roles", &own), ("roles", &role)]).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
    }
    assert_eq!(held(&app, 2), own);
}

#[actix_web::test]
async fn nobody_gives_or_takes_a_permission_that_they_do_not_hold() {
    let app = TestApp::start().await;
    let (manager, within, beyond) = manager(&app).await;
    let permissions = |role: i64| {
        app.database
            .texts(&format!("SELECT permission FROM role_permissions WHERE role_id = {role} ORDER BY permission"))
    };
    let own = app.database.number("SELECT role_id FROM user_roles WHERE user_id = 2");
    for role in [within, own] {
        let before = permissions(role);
        let refused =
            manager.post(&format!("/roles/{role}"), &[("version", "1"), ("permissions", "items.delete")]).await;
        assert_eq!((refused.status, permissions(role)), (422, before), "{}", refused.text());
        assert!(fault(&refused).contains("that you do not hold"), "{}", fault(&refused));
    }
    let refused = manager.post("/roles", &[("name", "Mine"), ("permissions", "items.view")]).await;
    assert_eq!(refused.status, 422, "nor to a new role: {}", refused.text());
    let made = manager.post("/roles", &[("name", "Mine"), ("permissions", "users.view")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let emptied = manager.post(&format!("/roles/{beyond}"), &[("version", "1"), ("permissions", "")]).await;
    assert_eq!(
        (emptied.status, permissions(beyond)),
        (303, vec!["items.view".to_owned()]),
        "what one does not hold stays"
    );
}

#[actix_web::test]
async fn only_an_administrator_decides_whether_a_role_requires_a_second_factor() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &[]).await.id;
    let clerk = app.user_with(&["roles.view", "roles.create", "roles.update"]).await;
    let (url, required) = (format!("/roles/{role}"), "SELECT count(*) FROM roles WHERE requires_second_factor");
    let form = [("version", "1"), ("requires_second_factor", "true")];
    let refused = clerk.post(&url, &form).await;
    assert_eq!((refused.status, app.database.number(required)), (422, 0), "{}", refused.text());
    let made = clerk.post("/roles", &[("name", "Mates"), ("requires_second_factor", "true")]).await;
    assert_eq!((made.status, app.database.number(required)), (422, 0), "{}", made.text());
    let made = clerk.post("/roles", &[("name", "Mates"), ("requires_second_factor", "false")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert_eq!(admin.post(&url, &form).await.status, 303);
    let off = clerk.post(&url, &[("version", "2"), ("requires_second_factor", "false")]).await;
    assert_eq!((off.status, app.database.number(required)), (422, 1), "nor is it switched off: {}", off.text());
    app.database.execute("UPDATE sessions SET confirmed_at = NULL");
    let asked = admin.post(&url, &[("version", "2"), ("requires_second_factor", "false")]).await;
    assert_eq!((asked.status, asked.has("[name=confirm_password]")), (403, true), "it is asked for: {}", asked.text());
}

#[actix_web::test]
async fn whoever_holds_more_is_not_changed_or_deleted() {
    let app = TestApp::start().await;
    let (manager, within, beyond) = manager(&app).await;
    let (equal, more) = (
        app.db_user("equal@example.com", &[within]).await.id,
        app.db_user("more@example.com", &[within, beyond]).await.id,
    );
    for id in [1, more] {
        let url = format!("/users/{id}");
        let page = manager.get(&url).await;
        assert!(page.status == 200 && !page.has("form.record"), "no form for {id}");
        assert_eq!(page.link("Delete"), None, "no button for {id}");
        assert!(page.text().contains("permissions that you do not"), "and the page says why: {}", page.text());
        for (path, form) in [
            (url.clone(), vec![("version", "1"), ("email", "x@example.com")]),
            (format!("{url}/account/link"), vec![]),
            (url.clone(), vec![("version", "1"), ("is_active", "false")]),
            (url.clone(), vec![("version", "1"), ("roles", "")]),
            (format!("{url}/delete"), vec![("version", "1")]),
        ] {
            let refused = manager.post(&path, &form).await;
            assert_eq!(refused.status, 403, "{path} {form:?}: {}", refused.text());
        }
        assert_eq!(
            manager.patch(&format!("{url}/email"), &[("version", "1"), ("email", "x@example.com")]).await.status,
            403
        );
        assert_eq!(manager.delete(&url).await.status, 403);
        for path in ["/email/edit", "/is_active/edit", "/delete"] {
            assert_eq!(manager.get(&format!("{url}{path}")).await.status, 403, "{url}{path}");
        }
    }
    let list = manager.get("/users").await;
    let editable = |id: i64| list.has(&format!("#users-{id} [aria-label^=Edit]"));
    assert_eq!([1, 2, equal, more].map(editable), [false, true, true, false], "the list offers what may be done");
    let unchanged = "SELECT count(*) FROM users WHERE version = 1";
    assert_eq!(app.database.number(unchanged), 4, "nothing was changed");
    assert_eq!(held(&app, more), [within, beyond]);
    let saved = manager.post(&format!("/users/{equal}"), &[("version", "1"), ("email", "y@example.com")]).await;
    assert_eq!(saved.status, 303, "who holds no more may be changed: {}", saved.text());
    assert_eq!(manager.delete(&format!("/users/{equal}")).await.status, 303, "and deleted");
}

#[actix_web::test]
async fn every_permission_but_the_builtin_role_is_still_less_than_an_administrator() {
    let app = TestApp::start().await;
    app.admin().await;
    let actions = ["view", "create", "update", "delete"];
    let all: Vec<_> =
        ["users", "items", "roles"].iter().flat_map(|name| actions.map(|action| format!("{name}.{action}"))).collect();
    let almost = app.user_with(&all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(almost.delete("/users/1").await.status, 403);
    let user = app.db_user("ann@example.com", &[]).await.id;
    let refused = almost.post(&format!("/users/{user}"), &[("version", "1"), ("roles", "1")]).await;
    assert_eq!((refused.status, held(&app, user)), (422, vec![]), "{}", refused.text());
}
