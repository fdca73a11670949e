use super::Entity;
use super::entity::MOMENT;

/// A form as a visitor sends it.
fn pairs<'a>(form: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

pub async fn a_new_record_is_stored_and_shown(entity: &Entity) {
    let app = entity.app().await;
    let admin = app.admin().await;
    let (name, label) = (entity.name, entity.call("brandnew"));
    let page = admin.get(&format!("/{name}/new")).await;
    assert_eq!((page.status, page.all("h1")), (200, vec![format!("New {}", entity.one)]));
    let created = admin.post(&format!("/{name}"), &pairs(&entity.valid("brandnew"))).await;
    assert_eq!(created.status, 303, "{}", created.text());
    let id = app.database.number(&format!("SELECT max(id) FROM {name}"));
    assert_eq!(created.location(), format!("/{name}/{id}"));
    let shown = admin.get(created.location()).await;
    assert_eq!((shown.status, shown.all("h1")), (200, vec![label.clone()]));
    assert_eq!(shown.attribute(&format!("#field-{}", entity.field), "value"), label);
    assert!(shown.text().contains(&format!("Created {label}")), "a notice says so: {}", shown.text());
    let again = admin.get(created.location()).await;
    assert!(!again.text().contains("Created brandnew"), "the notice is shown once");
    assert!(admin.get(&format!("/{name}?q=brandnew")).await.ids().contains(&id), "the list finds it");
    let times = app
        .database
        .number(&format!("SELECT count(*) FROM {name} WHERE id = {id} AND version = 1 AND created_at = updated_at"));
    assert_eq!(times, 1, "a new record has the version 1 and one time");
}

pub async fn a_refused_form_comes_back_as_typed(entity: &Entity) {
    let app = entity.app().await;
    let id = entity.row(&app.database, "stored", "second", MOMENT);
    let admin = app.admin().await;
    let before = entity.count(&app.database);
    let version = app.database.number(&format!("SELECT version FROM {} WHERE id = {id}", entity.name)).to_string();
    let mut of_stored = entity.invalid.to_vec();
    of_stored.push(("version", &version));
    let new = admin.post(&format!("/{}", entity.name), entity.invalid).await;
    let stored = admin.post(&format!("/{}/{id}", entity.name), &of_stored).await;
    for page in [new, stored] {
        assert_eq!(page.status, 422, "{}", page.text());
        assert!(page.is_whole() && page.has("form.record"), "it is the form's page");
        assert!(page.all("title")[0].starts_with("Not saved"), "the title says so first: {:?}", page.all("title"));
        let at_fault: Vec<_> = entity.faulty.iter().map(|field| format!("#field-{field}")).collect();
        assert_eq!(
            page.attributes(".summary[role=alert] a", "href"),
            at_fault,
            "the summary leads to each wrong field"
        );
        for field in &at_fault {
            assert_eq!(page.all(&format!("{field}-fault")).len(), 1, "a message at {field}");
            assert_eq!(page.attribute(field, "aria-invalid"), "true", "{field} is marked");
            let described = page.attribute(field, "aria-describedby");
            assert!(described.contains(&format!("{}-fault", &field[1..])), "{field} is described by {described:?}");
        }
        let focused = page.attributes("main form [autofocus], main form [data-focus]", "id");
        assert_eq!(focused, [&at_fault[0][1..]], "the first wrong field has the focus and no other");
        let (field, typed) = entity.typed;
        assert_eq!(page.form("form.record").values(field), [typed], "{field} is kept as typed");
    }
    assert_eq!(entity.count(&app.database), before, "nothing is stored");
    assert_eq!(entity.stored(&app.database, id), entity.call("stored"), "nothing is changed");
}

pub async fn the_form_tells_that_a_name_is_taken(entity: &Entity) {
    let app = entity.app().await;
    let admin = app.admin().await;
    let (name, valid) = (entity.name, entity.valid("taken"));
    assert_eq!(admin.post(&format!("/{name}"), &pairs(&valid)).await.status, 303);
    let again = admin.post(&format!("/{name}"), &pairs(&valid)).await;
    if !entity.is_unique {
        assert_eq!(again.status, 303, "two {name} may be called the same: {}", again.text());
        return;
    }
    let fault = format!("#field-{}-fault", entity.field);
    let said = format!("This {} is already taken.", entity.label.to_lowercase());
    assert_eq!((again.status, again.all(&fault)), (422, vec![said.clone()]));
    let other = entity.row(&app.database, "other", "", MOMENT);
    let taken = entity.call("taken");
    let form = [("version", "1"), (entity.field, taken.as_str())];
    let page = admin.post(&format!("/{name}/{other}"), &form).await;
    assert_eq!((page.status, page.all(&fault)), (422, vec![said.clone()]), "in the form of another record");
    let cell = admin.patch(&format!("/{name}/{other}/{}", entity.field), &form).await;
    assert_eq!((cell.status, cell.all(".fault")), (422, vec![said]), "in the cell of another record");
    assert_eq!(entity.stored(&app.database, other), entity.call("other"), "nothing is changed");
}

pub async fn a_save_changes_only_what_was_sent(entity: &Entity) {
    let app = entity.app().await;
    let id = entity.row(&app.database, "before", "second", MOMENT);
    let admin = app.admin().await;
    let (name, field, after) = (entity.name, entity.field, entity.call("after"));
    let page = admin.post(&format!("/{name}/{id}"), &[("version", "1"), (field, &after)]).await;
    assert_eq!((page.status, page.location()), (303, format!("/{name}/{id}").as_str()), "{}", page.text());
    let kept = format!(
        "SELECT count(*) FROM {name} WHERE id = {id} AND {column} = '{after}' AND {untouched} AND version = 2 \
         AND created_at = '{MOMENT}' AND updated_at > created_at",
        column = entity.column,
        untouched = entity.untouched
    );
    assert_eq!(app.database.number(&kept), 1, "only {field}, the version and the time of change are new");
    let patched = admin.patch(&format!("/{name}/{id}"), &[("version", "2"), (field, &entity.call("patched"))]).await;
    assert_eq!(patched.status, 303, "PATCH saves too: {}", patched.text());
    assert_eq!(entity.stored(&app.database, id), entity.call("patched"));
    let same = admin.post(&format!("/{name}/{id}"), &[("version", "3"), (field, &entity.call("patched"))]).await;
    let version = app.database.number(&format!("SELECT version FROM {name} WHERE id = {id}"));
    assert_eq!((same.status, version), (303, 3), "what is stored so already is no change");
}

pub async fn the_form_of_a_record_saves_it_without_scripts(entity: &Entity) {
    let app = entity.app().await;
    let id = entity.row(&app.database, "before", "second", MOMENT);
    let admin = app.admin().await;
    let (name, after) = (entity.name, entity.call("after"));
    let page = admin.get(&format!("/{name}/{id}")).await;
    assert_eq!(page.attribute("form.record", "action"), format!("/{name}/{id}"));
    assert_eq!(page.attribute("form.record", "method"), "post");
    let form = page.form("form.record").set(entity.field, &after);
    let saved = admin.post(&format!("/{name}/{id}"), &form.pairs()).await;
    assert_eq!((saved.status, saved.location()), (303, format!("/{name}/{id}").as_str()), "{}", saved.text());
    let shown = admin.get(saved.location()).await;
    assert_eq!(shown.all("h1"), [after.as_str()]);
    assert!(shown.text().contains(&format!("Saved {after}")), "a notice says so: {}", shown.text());
    let kept = format!("SELECT count(*) FROM {name} WHERE id = {id} AND {} AND version = 2", entity.untouched);
    assert_eq!(app.database.number(&kept), 1, "a form that was sent whole changed what was typed and nothing else");
    let new = admin.get(&format!("/{name}/new")).await;
    let mut form = new.form("form.record");
    for (field, value) in entity.valid("from the new form").into_iter().map(|(f, v)| (f, v.replace(' ', "-"))) {
        form = if field == "permissions" { form.and(field, &value) } else { form.set(field, &value) };
    }
    let created = admin.post(&new.attribute("form.record", "action"), &form.pairs()).await;
    assert_eq!(created.status, 303, "the form for a new record makes one: {}", created.text());
}
