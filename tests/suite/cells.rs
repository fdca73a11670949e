//! A cell changed where it stands: every field that allows it, with and without scripts.

mod cell;

use reqwest::Method;

use crate::support::{TestApp, Visitor};
use cell::cells;

#[actix_web::test]
async fn every_simple_field_is_saved_in_its_cell() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for cell in cells(&app).await {
        let url = cell.url();
        let editing = admin.htmx(Method::GET, &format!("{url}/edit"), &[]).await;
        assert_eq!(editing.status, 200, "{url}: {}", editing.text());
        assert!(cell.is_it(&editing), "{url}/edit is the cell: {}", editing.body);
        let version = cell.version(&app);
        let form = editing.form("form").set(cell.field, &cell.put_in);
        let saved = admin.htmx(Method::PATCH, &url, &form.pairs()).await;
        assert_eq!(saved.status, 200, "{url}: {}", saved.text());
        assert!(cell.is_it(&saved) && !saved.has("form"), "{url} answers with the cell: {}", saved.body);
        assert_eq!(cell.text(&app), cell.kept, "{url} is stored");
        assert_eq!(cell.version(&app), version + 1, "{url} raises the version");
        let again = admin.htmx(Method::GET, &format!("{url}/edit"), &[]).await;
        let form = again.form("form").set(cell.field, &cell.put_in);
        let same = admin.htmx(Method::PATCH, &url, &form.pairs()).await;
        assert_eq!((same.status, cell.version(&app)), (200, version + 1), "{url}: the same again is no change");
    }
}

#[actix_web::test]
async fn every_cell_that_can_be_edited_says_so_and_takes_the_focus_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for cell in cells(&app).await {
        let shown = admin.htmx(Method::GET, &cell.url(), &[]).await;
        assert!(shown.status == 200 && cell.is_it(&shown), "{} {}: {}", shown.status, cell.url(), shown.body);
        let labels = shown.attributes("[aria-label^='Edit ']", "aria-label");
        let called = if cell.entity == "users" {
            "ann@example.com"
        } else if cell.entity == "items" {
            "Anchor"
        } else {
            "Crew"
        };
        assert_eq!(labels, [format!("Edit {} of {called}", cell.label)], "{}", cell.url());
        assert!(
            !shown.attribute("td.cell", "id").is_empty(),
            "a cell that has an id is found again after it was swapped"
        );
    }
}

#[actix_web::test]
async fn a_cell_that_this_person_may_not_edit_is_found_again_when_it_comes_alone() {
    let app = TestApp::start().await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    let viewer = app.user_with(&["users.view"]).await;
    let alone = viewer.htmx(Method::GET, &format!("/users/{user}/email"), &[]).await;
    assert_eq!(alone.attribute("td.cell", "id"), format!("users-{user}-email"), "{}", alone.body);
    let list = viewer.get("/users").await;
    assert!(!alone.has(".edit") && !list.has(".edit"), "no pencil without the permission");
    assert!(!list.has("td[id]"), "nothing in a list is looked for that can't change");
}

#[actix_web::test]
async fn cancel_brings_the_cell_back_as_it_is_stored() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for cell in cells(&app).await {
        let editing = admin.htmx(Method::GET, &format!("{}/edit", cell.url()), &[]).await;
        let cancel = editing.attribute("a[data-cancel]", "hx-get");
        let (before, version) = (cell.text(&app), cell.version(&app));
        let back = admin.htmx(Method::GET, &cancel, &[]).await;
        assert_eq!(back.status, 200, "Cancel of {} asks for {cancel}: {}", cell.url(), back.text());
        assert!(cell.is_it(&back) && !back.has("form"), "{cancel} is the cell: {}", back.body);
        assert_eq!((cell.text(&app), cell.version(&app)), (before, version));
        let leave = editing.link("Cancel").expect("without scripts Cancel is a link");
        assert_eq!(admin.get(&leave).await.status, 200, "Cancel of {} without scripts leads to {leave}", cell.url());
    }
}

#[actix_web::test]
async fn a_refused_cell_says_why_in_place_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for cell in cells(&app).await.iter().filter(|cell| !cell.said.is_empty()) {
        let (url, before, version) = (cell.url(), cell.text(&app), cell.version(&app));
        let form =
            admin.htmx(Method::GET, &format!("{url}/edit"), &[]).await.form("form").set(cell.field, cell.refused);
        let refused = admin.htmx(Method::PATCH, &url, &form.pairs()).await;
        assert_eq!(refused.status, 422, "{url} with {:?}: {}", cell.refused, refused.text());
        assert!(cell.is_it(&refused), "{url} answers with the cell: {}", refused.body);
        let faults = refused.all(".fault");
        assert!(faults.len() == 1 && faults[0].contains(cell.said), "{url} says {:?}: {faults:?}", cell.said);
        let typed = refused.form("form");
        if cell.field != "owner" {
            assert_eq!(typed.values(cell.field), [cell.refused], "{url} as typed");
        }
        assert_eq!(refused.attributes("[aria-invalid=true]", "id").len(), 1, "{url} is marked");
        assert_eq!(refused.attributes("[autofocus], [data-focus]", "id").len(), 1, "{url} has the focus");
        assert_eq!((cell.text(&app), cell.version(&app)), (before, version), "{url}: nothing is stored");
        let mended = typed.set(cell.field, &cell.put_in);
        assert_eq!(admin.htmx(Method::PATCH, &url, &mended.pairs()).await.status, 200, "{url} can be mended");
    }
}

#[actix_web::test]
async fn a_cell_that_somebody_else_changed_can_be_left_as_it_is() {
    decide("theirs").await;
}

#[actix_web::test]
async fn a_cell_that_somebody_else_changed_can_be_saved_all_the_same() {
    decide("yours").await;
}

/// Saves each cell over somebody else's change, is shown both values, and decides.
async fn decide(choice: &str) {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let other = app.db_user("third@example.com", &[]).await.id.to_string();
    for cell in cells(&app).await {
        let url = cell.url();
        let theirs = match cell.field {
            "email" => "theirs@example.com",
            "owner" => other.as_str(),
            _ => "theirs",
        };
        let form = admin.htmx(Method::GET, &format!("{url}/edit"), &[]).await.form("form");
        if cell.field == "is_active" {
            // Yes and no leave room for one change only: theirs is another field's.
            app.database.execute(&format!("UPDATE users SET hashed_password = 'y' WHERE id = {}", cell.id));
        } else {
            let change = form.clone().set(cell.field, theirs);
            assert_eq!(admin.htmx(Method::PATCH, &url, &change.pairs()).await.status, 200);
        }
        let before = cell.text(&app);
        let refused = admin.htmx(Method::PATCH, &url, &form.set(cell.field, &cell.put_in).pairs()).await;
        assert_eq!((refused.status, cell.text(&app)), (409, before.clone()), "{url}: {}", refused.text());
        assert!(cell.is_it(&refused), "{url} answers with the cell: {}", refused.body);
        assert_eq!(refused.all(".contest q").len(), 1, "{url} shows theirs: {}", refused.body);
        let undecided = admin.htmx(Method::PATCH, &url, &refused.form("form").pairs()).await;
        assert_eq!((undecided.status, cell.text(&app)), (409, before.clone()), "{url}: one is to be chosen");
        let decided = refused.form("form").set(&format!("choose.{}", cell.field), choice);
        let saved = admin.htmx(Method::PATCH, &url, &decided.pairs()).await;
        assert_eq!(saved.status, 200, "{url} with {choice}: {}", saved.text());
        let expected = if choice == "theirs" { &before } else { &cell.kept };
        assert_eq!(&cell.text(&app), expected, "{url} with {choice}");
    }
}

#[actix_web::test]
async fn a_cell_is_edited_on_a_page_of_its_own_without_scripts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for cell in cells(&app).await {
        let (url, record) = (cell.url(), format!("/{}/{}", cell.entity, cell.id));
        let page = admin.get(&format!("{url}/edit")).await;
        assert!(page.status == 200 && page.is_whole() && page.has("nav"), "{url}/edit is a page");
        assert_eq!(page.attribute("td form", "action"), record, "the form goes to the record");
        let form = page.form("td form").set(cell.field, &cell.put_in);
        let saved = admin.post(&record, &form.pairs()).await;
        assert_eq!(saved.status, 303, "{url}: {}", saved.text());
        assert_eq!(cell.text(&app), cell.kept, "{url}");
    }
}

/// The cell of a user, with a version, saved.
async fn save(visitor: &Visitor, id: i64, version: &str) -> u16 {
    visitor
        .htmx(Method::PATCH, &format!("/users/{id}/email"), &[("version", version), ("email", "x@example.com")])
        .await
        .status
}

#[actix_web::test]
async fn a_cell_is_not_saved_without_the_version_that_was_shown() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let id = app.db_user("ann@example.com", &[]).await.id;
    for version in ["", "x", "1.0", "99999999999999999999"] {
        assert_eq!(save(&admin, id, version).await, 400, "version {version:?}");
    }
    for version in ["0", "2", "-1"] {
        assert_eq!(save(&admin, id, version).await, 409, "version {version:?} is not the stored one");
    }
    assert_eq!(save(&admin, id, "1").await, 200);
}
