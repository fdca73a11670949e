//! Boxes that this person may not tick are shown as they are, not sent, and stay.

use crate::support::{Page, TestApp, Visitor};

/// What the role permits that all these tests are about: one thing that the visitor may do, one that not, one of another program.
const PERMITTED: [&str; 3] = ["billing.refund", "items.delete", "items.view"];

async fn scene() -> (TestApp, Visitor, i64) {
    let app = TestApp::start().await;
    let visitor = app.user_with(&["roles.view", "roles.update", "items.view", "users.view"]).await;
    let role = app.db_role("Crew", &PERMITTED).await.id;
    (app, visitor, role)
}

fn permitted(app: &TestApp, role: i64) -> Vec<String> {
    app.database.texts(&format!("SELECT permission FROM role_permissions WHERE role_id = {role} ORDER BY permission"))
}

fn version(app: &TestApp, role: i64) -> i64 {
    app.database.number(&format!("SELECT version FROM roles WHERE id = {role}"))
}

/// The ticked boxes, sorted, and those among them that are fixed.
fn ticked(page: &Page) -> (Vec<String>, Vec<String>) {
    let sorted = |selector: &str| {
        let mut values = page.attributes(selector, "value");
        values.sort();
        values
    };
    (
        sorted("input[type=checkbox][name=permissions][checked]"),
        sorted("input[type=checkbox][name=permissions][checked][disabled]"),
    )
}

fn as_stored() -> (Vec<String>, Vec<String>) {
    let fixed = &PERMITTED[..2];
    (PERMITTED.map(ToOwned::to_owned).into(), fixed.iter().map(|permission| (*permission).to_owned()).collect())
}

#[actix_web::test]
async fn a_form_with_fixed_boxes_saved_as_it_is_changes_nothing() {
    let (app, visitor, role) = scene().await;
    let url = format!("/roles/{role}");
    let page = visitor.get(&url).await;
    assert_eq!(ticked(&page), as_stored(), "those of the role are ticked, and those beyond one's rights fixed");
    let form = page.form("form.record");
    assert_eq!(form.values("permissions"), ["", "items.view"], "a browser does not send what is fixed");
    let saved = visitor.post(&url, &form.pairs()).await;
    assert_eq!((saved.status, version(&app, role)), (303, 1), "no change, no version: {}", saved.text());
    let saved = visitor.post(&url, &form.set("description", "All hands").pairs()).await;
    assert_eq!((saved.status, version(&app, role)), (303, 2), "another field is saved: {}", saved.text());
    assert_eq!(permitted(&app, role), PERMITTED, "and all that it permits stays");
}

#[actix_web::test]
async fn fixed_boxes_stay_ticked_in_a_form_that_was_refused() {
    let (app, visitor, role) = scene().await;
    let url = format!("/roles/{role}");
    let form = visitor.get(&url).await.form("form.record");
    let refused = visitor.post(&url, &form.clone().set("name", "").pairs()).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(ticked(&refused), as_stored(), "as before, another program's too");
    assert!(refused.text().contains("billing.refund"), "another program's permission stays shown: {}", refused.text());
    let typed = form.set("name", "").set("permissions", "").and("permissions", "users.view");
    let refused = visitor.post(&url, &typed.pairs()).await;
    let expected = ["billing.refund", "items.delete", "users.view"].map(ToOwned::to_owned);
    assert_eq!((refused.status, ticked(&refused).0), (422, expected.to_vec()), "what was ticked, and what is fixed");
    let saved = visitor.post(&url, &refused.form("form.record").set("name", "Mates").pairs()).await;
    assert_eq!((saved.status, permitted(&app, role)), (303, expected.to_vec()), "and so it is saved");
}

#[actix_web::test]
async fn boxes_that_are_fixed_are_not_contested() {
    let (app, visitor, role) = scene().await;
    let url = format!("/roles/{role}");
    let form = visitor.get(&url).await.form("form.record").set("name", "Mine");
    app.database.execute(&format!("UPDATE roles SET name = 'Theirs' WHERE id = {role}"));
    let conflict = visitor.post(&url, &form.pairs()).await;
    assert_eq!((conflict.status, conflict.all(".contest q")), (409, vec!["Theirs".to_owned()]), "the name alone");
    assert_eq!(ticked(&conflict), as_stored());
    let decided = conflict.form("form.record").set("choose.name", "yours");
    assert_eq!(visitor.post(&url, &decided.pairs()).await.status, 303);
    assert_eq!(permitted(&app, role), PERMITTED, "nothing is taken");
}
