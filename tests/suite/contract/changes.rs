use reqwest::Method;

use super::Entity;
use super::entity::MOMENT;

pub async fn a_cell_is_edited_in_place(entity: &Entity) {
    let app = entity.app().await;
    let id = entity.row(&app.database, "before", "second", MOMENT);
    let admin = app.admin().await;
    let (name, field, label) = (entity.name, entity.field, entity.label.to_lowercase());
    let (cell, before, after) = (format!("{name}-{id}-{field}"), entity.call("before"), entity.call("after"));
    let url = format!("/{name}/{id}/{field}");

    let shown = admin.htmx(Method::GET, &url, &[]).await;
    assert_eq!((shown.status, shown.is_whole()), (200, false));
    assert_eq!(
        shown.attribute(&format!("#{cell} a[aria-label^=Edit]"), "aria-label"),
        format!("Edit {label} of {before}")
    );
    let editing = admin.htmx(Method::GET, &format!("{url}/edit"), &[]).await;
    assert_eq!((editing.status, editing.is_whole()), (200, false), "{}", editing.text());
    assert!(editing.body.trim_start().starts_with(&format!("<td id=\"{cell}\"")), "it is the cell: {}", editing.body);
    assert_eq!(editing.attribute("form", "hx-patch"), url, "the form saves the cell");
    assert_eq!(editing.attributes("form [autofocus]", "name"), [field], "the input has the focus");
    let form = editing.form("form");
    assert_eq!((form.values(field), form.values("version")), (vec![before.as_str()], vec!["1"]));
    let own = ["back", "leave", "once", "person"];
    let names: Vec<_> = form.pairs().into_iter().map(|(name, _)| name).filter(|name| !own.contains(name)).collect();
    assert_eq!(names, ["version", field], "only this field is sent, with the version");

    let form = form.set(field, &after);
    let saved = admin.htmx(Method::PATCH, &url, &form.pairs()).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    assert!(
        saved.body.trim_start().starts_with(&format!("<td id=\"{cell}\"")),
        "the answer is the cell: {}",
        saved.body
    );
    assert!(saved.text().contains(&after) && !saved.has("form"), "as it is now: {}", saved.body);
    assert_eq!(saved.attribute("a[aria-label^=Edit]", "aria-label"), format!("Edit {label} of {after}"));
    let kept = format!("SELECT count(*) FROM {name} WHERE id = {id} AND {} AND version = 2", entity.untouched);
    assert_eq!(app.database.number(&kept), 1, "nothing else is changed");
    assert_eq!(entity.stored(&app.database, id), after);

    let other = [("version", "2"), (field, "x"), ("description", "y"), ("is_active", "false"), ("permissions", "z")];
    let refused = admin.htmx(Method::PATCH, &url, &other).await;
    assert_eq!(refused.status, 400, "a cell saves its own field alone");
    for unknown in ["nothing", "id", "version", "hashed_password", "password", "created_at", "roles", "permissions"] {
        let page = admin.htmx(Method::GET, &format!("/{name}/{id}/{unknown}/edit"), &[]).await;
        assert_eq!(page.status, 404, "{unknown} is not edited in a cell of {name}");
        let page =
            admin.htmx(Method::PATCH, &format!("/{name}/{id}/{unknown}"), &[("version", "2"), (unknown, "x")]).await;
        assert_eq!(page.status, 404, "{unknown} is not saved in a cell of {name}");
    }
    let gone = admin.htmx(Method::GET, &format!("/{name}/987654321/{field}/edit"), &[]).await;
    assert_eq!(gone.status, 404, "the cell of no record");
    assert_eq!(entity.stored(&app.database, id), after, "none of this changed anything");
}

pub async fn a_save_over_a_newer_change_shows_both(entity: &Entity) {
    let app = entity.app().await;
    let id = entity.row(&app.database, "before", "second", MOMENT);
    let admin = app.admin().await;
    let (name, field) = (entity.name, entity.field);
    let (url, choose) = (format!("/{name}/{id}"), format!("choose.{field}"));
    for (choice, kept) in [("theirs", "theirs1"), ("yours", "yours2")] {
        let (theirs, yours) = if choice == "theirs" { ("theirs1", "yours1") } else { ("theirs2", "yours2") };
        let (theirs, yours, kept) = (entity.call(theirs), entity.call(yours), entity.call(kept));
        let form = admin.get(&url).await.form("form.record").set(field, &yours);
        app.database.execute(&format!("UPDATE {name} SET {} = '{theirs}' WHERE id = {id}", entity.column));
        let refused = admin.post(&url, &form.pairs()).await;
        assert_eq!((refused.status, entity.stored(&app.database, id)), (409, theirs.clone()), "{}", refused.text());
        assert!(refused.has(".summary[role=alert]"), "the page says what happened");
        assert_eq!(refused.form("form.record").values(field), [yours.as_str()], "yours stands as typed");
        assert_eq!(refused.all(".contest q"), [theirs.as_str()], "theirs stands beside, where they differ alone");
        let radios = refused.attributes(&format!("input[type=radio][name='{choose}']"), "value");
        assert_eq!(radios, ["theirs", "yours"], "one of them is to be chosen");
        let decided = refused.form("form.record").set(&choose, choice);
        let saved = admin.post(&url, &decided.pairs()).await;
        assert_eq!((saved.status, entity.stored(&app.database, id)), (303, kept), "{choice}: {}", saved.text());
    }
}

pub async fn the_question_before_a_deletion_counts_what_goes_with_it(entity: &Entity) {
    let app = entity.app().await;
    let admin = app.admin().await;
    let name = entity.name;
    for (own, count, said) in
        [("none", 0, "Nothing else"), ("one", 1, "1 "), ("full", 100, "100 "), ("more", 101, "100+ ")]
    {
        let id = entity.row(&app.database, own, "", MOMENT);
        let said = match entity.depends {
            Some((_, many)) if count > 0 => {
                app.database.execute("DELETE FROM users WHERE email LIKE 'row%'");
                entity.depend(&app.database, id, count);
                format!("{said}{}", if count == 1 { many.trim_end_matches('s') } else { many })
            }
            _ => "Nothing else".to_owned(),
        };
        let page = admin.get(&format!("/{name}/{id}/delete")).await;
        assert_eq!((page.status, page.all("h1")), (200, vec![format!("Delete {}?", entity.call(own))]));
        assert!(page.text().contains(&said), "{count} go with it, so {said:?}: {}", page.text());
        let dialog = admin.htmx(Method::GET, &format!("/{name}/{id}/delete"), &[]).await;
        assert_eq!((dialog.status, dialog.is_whole()), (200, false), "htmx shows it in a dialog");
        assert_eq!(dialog.all("h1"), page.all("h1"));
    }
    let page = admin.get(&format!("/{name}/987654321/delete")).await;
    assert_eq!(page.status, 404, "no record, no question");
}

pub async fn a_deleted_record_is_gone_with_all_that_belongs_to_it(entity: &Entity) {
    let app = entity.app().await;
    let (name, admin) = (entity.name, app.admin().await);
    let ids: Vec<_> = ["one", "two", "three"].map(|own| entity.row(&app.database, own, "", MOMENT)).into();
    if entity.depends.is_some() {
        entity.depend(&app.database, ids[0], 3);
    }
    let belonging = match name {
        "users" => format!("SELECT count(*) FROM items WHERE owner_id = {}", ids[0]),
        _ => format!("SELECT count(*) FROM user_roles WHERE role_id = {} AND 'roles' = '{name}'", ids[0]),
    };
    assert_eq!(app.database.number(&belonging), if entity.depends.is_some() { 3 } else { 0 });
    let page = admin.get(&format!("/{name}/{}", ids[0])).await;
    let question = admin.get(&page.link("Delete").expect("a way to delete it")).await;
    let action = question.attribute("form.actions", "action");
    let deleted = admin.post(&action, &question.form("form.actions").pairs()).await;
    assert_eq!((deleted.status, deleted.location()), (303, format!("/{name}").as_str()), "{}", deleted.text());
    let list = admin.get(deleted.location()).await;
    assert!(list.text().contains(&format!("Deleted {}", entity.call("one"))), "a notice says so: {}", list.text());
    assert!(!list.ids().contains(&ids[0]), "the list has it no more");
    assert_eq!(app.database.number(&belonging), 0, "what belongs to it went with it");
    let by_method = admin.delete(&format!("/{name}/{}", ids[1])).await;
    assert_eq!(by_method.status, 303, "DELETE does the same: {}", by_method.text());
    let left = app.database.numbers(&format!("SELECT id FROM {name} WHERE id IN ({}, {}, {})", ids[0], ids[1], ids[2]));
    assert_eq!(left, [ids[2]], "the third is untouched");
    for path in [format!("/{name}/{}", ids[0]), format!("/{name}/{}/delete", ids[0])] {
        assert_eq!(admin.get(&path).await.status, 404, "{path}");
    }
    let again = admin.post(&action, &question.form("form.actions").pairs()).await;
    assert_eq!((again.status, again.location()), (303, deleted.location()), "the same form is answered as it was");
    let again = admin.post(&action, &question.form("form.actions").without("once").pairs()).await;
    assert_eq!(again.status, 404, "it can't be deleted twice");
    let save = admin.post(&format!("/{name}/{}", ids[0]), &[("version", "1"), (entity.field, &entity.call("x"))]).await;
    assert_eq!(save.status, 404, "it can't be saved");
}
