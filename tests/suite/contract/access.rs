use reqwest::Method;

use super::Entity;
use super::entity::MOMENT;
use crate::support::{TestApp, Visitor};

const ACTIONS: [&str; 5] = ["view", "create", "update", "delete", "export"];

/// Somebody who may do this to the entity, and all there is to do to others.
async fn only(app: &TestApp, entity: &Entity, actions: &[&str]) -> Visitor {
    let held: Vec<String> = ["users", "items", "roles"]
        .into_iter()
        .flat_map(|name| ACTIONS.map(|action| (name, action)))
        .filter(|(name, action)| *name != entity.name || actions.contains(action))
        .map(|(name, action)| format!("{name}.{action}"))
        .collect();
    app.user_with(&held.iter().map(String::as_str).collect::<Vec<_>>()).await
}

pub async fn nothing_is_shown_without_the_permission(entity: &Entity) {
    let app = entity.app().await;
    let id = entity.row(&app.database, "secret", "", MOMENT);
    let (name, visitor) = (entity.name, only(&app, entity, &[]).await);
    for path in [
        format!("/{name}"),
        format!("/{name}/{id}"),
        format!("/{name}/{id}/{}", entity.field),
        format!("/options/{name}"),
        format!("/{name}/new"),
        format!("/{name}/{id}/{}/edit", entity.field),
        format!("/{name}/{id}/delete"),
    ] {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, 403, "{path}");
        assert!(page.text().contains(&format!("{name}.")), "{path} names the missing permission: {}", page.text());
        assert!(!page.text().contains("secret"), "{path} tells nothing");
    }
    let dashboard = visitor.get("/").await;
    assert!(!dashboard.attributes("a", "href").contains(&format!("/{name}")), "no link leads there");
    assert!(!dashboard.text().contains("secret"), "the dashboard tells nothing");
}

pub async fn who_may_only_look_sees_no_way_to_change_anything(entity: &Entity) {
    let app = entity.app().await;
    let id = entity.row(&app.database, "shown", "", MOMENT);
    let (name, visitor) = (entity.name, only(&app, entity, &["view"]).await);
    let list = visitor.get(&format!("/{name}")).await;
    assert!(list.status == 200 && list.ids().contains(&id), "{}", list.text());
    assert_eq!(list.link(&format!("New {}", entity.one)), None);
    assert!(!list.has("[aria-label^=Edit]"), "no cell can be edited");
    assert!(visitor.get("/").await.link(&format!("New {}", entity.one)).is_none(), "nothing new on the dashboard");
    let record = visitor.get(&format!("/{name}/{id}")).await;
    assert!(record.status == 200 && record.text().contains(&entity.call("shown")), "{}", record.text());
    assert!(!record.has("form.record"), "no form");
    assert_eq!(record.link("Delete"), None);
    let cell = visitor.htmx(Method::GET, &format!("/{name}/{id}/{}", entity.field), &[]).await;
    assert!(cell.status == 200 && !cell.has("[aria-label^=Edit]"), "{}", cell.body);
}

pub async fn each_permission_permits_just_what_it_says(entity: &Entity) {
    let app = entity.app().await;
    app.admin().await;
    let (name, field) = (entity.name, entity.field);
    let id = entity.row(&app.database, "stored", "", MOMENT);
    for held in ["create", "update", "delete"] {
        let visitor = only(&app, entity, &["view", held]).await;
        let list = visitor.get(&format!("/{name}")).await;
        assert_eq!(list.link(&format!("New {}", entity.one)).is_some(), held == "create", "New, with {held}");
        let edit = format!("#{name}-{id} [aria-label^=Edit]");
        assert_eq!(list.has(&edit), held == "update", "the edit control, with {held}");
        let record = visitor.get(&format!("/{name}/{id}")).await;
        assert_eq!(record.has("form.record"), held == "update", "the form, with {held}");
        assert_eq!(record.link("Delete").is_some(), held == "delete", "Delete, with {held}");

        let version = app.database.number(&format!("SELECT version FROM {name} WHERE id = {id}")).to_string();
        let (saved, celled) = (entity.call(&format!("saved-{held}")), entity.call(&format!("celled-{held}")));
        let save = visitor.post(&format!("/{name}/{id}"), &[("version", &version), (field, &saved)]).await;
        assert_eq!(save.status, if held == "update" { 303 } else { 403 }, "save, with {held}: {}", save.text());
        let version = app.database.number(&format!("SELECT version FROM {name} WHERE id = {id}")).to_string();
        let cell = visitor.patch(&format!("/{name}/{id}/{field}"), &[("version", &version), (field, &celled)]).await;
        assert_eq!(cell.status, if held == "update" { 200 } else { 403 }, "cell, with {held}: {}", cell.text());
        let mut new = entity.valid(&format!("new-{held}"));
        // Rights that one does not hold oneself are another matter.
        new.retain(|(field, _)| *field != "permissions");
        let new: Vec<_> = new.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let create = visitor.post(&format!("/{name}"), &new).await;
        assert_eq!(create.status, if held == "create" { 303 } else { 403 }, "create, with {held}: {}", create.text());
        let victim = entity.row(&app.database, &format!("victim-{held}"), "", MOMENT);
        let delete = visitor.post(&format!("/{name}/{victim}/delete"), &[("version", "1")]).await;
        assert_eq!(delete.status, if held == "delete" { 303 } else { 403 }, "delete, with {held}: {}", delete.text());
        let left = app.database.number(&format!("SELECT count(*) FROM {name} WHERE id = {victim}"));
        assert_eq!(left, i64::from(held != "delete"), "the record, with {held}");
    }
    let labels = app.database.texts(&format!("SELECT {} FROM {name} WHERE id = {id}", entity.column));
    assert_eq!(labels, [entity.call("celled-update")], "only who may change it did");
}
