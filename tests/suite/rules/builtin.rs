use reqwest::Method;

use crate::support::TestApp;

#[actix_web::test]
async fn the_builtin_role_can_not_be_changed_or_deleted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let row = admin.get("/roles").await;
    assert!(!row.has("#roles-1 [aria-label^=Edit]"), "no cell of it can be edited");
    let page = admin.get("/roles/1").await;
    assert!(page.status == 200 && !page.has("form.record"), "no form");
    assert_eq!(page.link("Delete"), None, "no button");
    assert!(page.text().contains("It can't be changed or deleted"), "and the page says why: {}", page.text());
    let version = [("version", "1")];
    let name = [("version", "1"), ("name", "Mine")];
    let more = [("version", "1"), ("permissions", "users.view")];
    let find = [("version", "1"), ("find", "name"), ("name", "Mine")];
    for (method, path, form) in [
        (Method::POST, "/roles/1", &name[..]),
        (Method::PATCH, "/roles/1", &name),
        (Method::POST, "/roles/1", &more),
        (Method::PATCH, "/roles/1/name", &name),
        (Method::PATCH, "/roles/1/description", &[("version", "1"), ("description", "Mine")]),
        (Method::POST, "/roles/1/delete", &version),
        (Method::POST, "/roles/1/delete", &[]),
        (Method::DELETE, "/roles/1", &[]),
    ] {
        let refused = admin.send(admin.with_form(method.clone(), path, form)).await;
        assert_eq!(refused.status, 403, "{method} {path} {form:?}: {}", refused.text());
        assert!(refused.text().contains("built-in role"), "{method} {path} says why: {}", refused.text());
    }
    for path in ["/roles/1/name/edit", "/roles/1/delete"] {
        assert_eq!(admin.get(path).await.status, 403, "{path}");
    }
    let found = admin.post("/roles/1", &find).await;
    assert!(!found.has("form.record"), "a search in its form does not bring the form: {}", found.status);
    let stored = "SELECT count(*) FROM roles WHERE name = 'Administrator' AND is_builtin AND version = 1";
    assert_eq!(app.database.number(stored), 1, "it is as it was");
    assert_eq!(app.database.number("SELECT count(*) FROM role_permissions"), 0);
}

#[actix_web::test]
async fn a_permission_of_another_program_survives_a_save() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &["users.view", "billing.refund"]).await.id;
    let url = format!("/roles/{role}");
    let held = || {
        app.database
            .texts(&format!("SELECT permission FROM role_permissions WHERE role_id = {role} ORDER BY permission"))
    };
    let page = admin.get(&url).await;
    assert!(page.has("input[name=permissions][value='billing.refund'][checked][disabled]"), "it is shown and fixed");
    let saved = admin.post(&url, &page.form("form.record").set("name", "Mates").pairs()).await;
    assert_eq!(
        (saved.status, held()),
        (303, vec!["billing.refund".into(), "users.view".into()]),
        "another field saved"
    );
    let form = admin.get(&url).await.form("form.record").set("permissions", "").and("permissions", "items.view");
    assert_eq!(
        (admin.post(&url, &form.pairs()).await.status, held()),
        (303, vec!["billing.refund".into(), "items.view".into()])
    );
    let form = admin.get(&url).await.form("form.record").set("permissions", "");
    assert_eq!((admin.post(&url, &form.pairs()).await.status, held()), (303, vec!["billing.refund".to_owned()]));
    let form = admin.get(&url).await.form("form.record").set("permissions", "other.thing");
    let refused = admin.post(&url, &form.pairs()).await;
    assert_eq!((refused.status, held()), (422, vec!["billing.refund".to_owned()]), "nobody can give what is unknown");
}
