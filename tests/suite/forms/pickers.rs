//! Choices: few of them as boxes, many of them by a search that needs no scripts.

use reqwest::Method;

use crate::support::TestApp;

fn roles(app: &TestApp, user: i64) -> Vec<i64> {
    app.database.numbers(&format!("SELECT role_id FROM user_roles WHERE user_id = {user} ORDER BY role_id"))
}

#[actix_web::test]
async fn boxes_that_are_all_unticked_take_all_and_a_field_that_is_not_sent_stays() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (crew, mates) = (app.db_role("Crew", &[]).await.id, app.db_role("Mates", &[]).await.id);
    let user = app.db_user("ann@example.com", &[crew, mates]).await.id;
    let url = format!("/users/{user}");
    let page = admin.get(&url).await;
    assert_eq!(page.attributes("input[name=roles][checked]", "value"), [crew.to_string(), mates.to_string()]);
    assert_eq!(page.attributes("input[type=hidden][name=roles]", "value"), [""], "what says that none is ticked");
    assert_eq!(page.attributes("input[type=checkbox][name=roles]", "value").len(), 3, "all roles, while they are few");
    let saved = admin.post(&url, &[("version", "1"), ("email", "bea@example.com")]).await;
    assert_eq!((saved.status, roles(&app, user)), (303, vec![crew, mates]), "not sent is untouched");
    let saved = admin.post(&url, &[("version", "2"), ("roles", ""), ("roles", &mates.to_string())]).await;
    assert_eq!((saved.status, roles(&app, user)), (303, vec![mates]), "one is unticked");
    let saved = admin.post(&url, &[("version", "3"), ("roles", "")]).await;
    assert_eq!((saved.status, roles(&app, user)), (303, vec![]), "all are unticked");
    let both = [("version", "4"), ("roles", ""), ("roles", &crew.to_string()), ("roles", &crew.to_string())];
    assert_eq!((admin.post(&url, &both).await.status, roles(&app, user)), (303, vec![crew]), "twice is once");
    let gone = [("version", "5"), ("roles", &crew.to_string()), ("roles", "987654321")];
    let refused = admin.post(&url, &gone).await;
    assert_eq!((refused.status, roles(&app, user)), (422, vec![crew]), "a role that is not there: {}", refused.text());
}

#[actix_web::test]
async fn permissions_are_ticked_by_entity() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let page = admin.get("/roles/new").await;
    let offered = page.attributes("input[type=checkbox][name=permissions]", "value");
    for entity in ["users", "items", "roles"] {
        for action in ["view", "create", "update", "delete"] {
            assert!(offered.contains(&format!("{entity}.{action}")), "{entity}.{action} is offered: {offered:?}");
        }
    }
    let form =
        page.form("form.record").set("name", "Crew").and("permissions", "items.view").and("permissions", "users.view");
    let made = admin.post("/roles", &form.pairs()).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let page = admin.get(made.location()).await;
    let mut ticked = page.attributes("input[name=permissions][checked]", "value");
    ticked.sort();
    assert_eq!(ticked, ["items.view", "users.view"]);
    let form = page.form("form.record").set("permissions", "").and("permissions", "users.view");
    assert_eq!(admin.post(made.location(), &form.pairs()).await.status, 303);
    assert_eq!(app.database.texts("SELECT permission FROM role_permissions"), ["users.view"]);
}

/// Forty users besides the administrator.
fn crowd(app: &TestApp) {
    app.database.execute(
        "WITH RECURSIVE numbers(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM numbers WHERE n < 49) \
         INSERT INTO users (email, hashed_password) SELECT 'sailor' || n || '@example.com', 'x' FROM numbers",
    );
}

#[actix_web::test]
async fn an_owner_is_found_in_the_form_without_scripts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    crowd(&app);
    let page = admin.get("/items/new").await;
    assert!(page.attributes("input[type=radio][name=owner]", "value").is_empty(), "41 users are too many to show");
    assert_eq!(page.attributes("button[name=find]", "value"), ["owner"], "so they are searched");
    let form =
        page.form("form.record").set("title", "Typed <already>").set("description", "too").set("find.owner", "sailor4");
    let found = admin.post("/items", &form.clone().set("find", "owner").pairs()).await;
    assert_eq!(found.status, 200, "{}", found.text());
    assert_eq!(found.attributes("input[type=radio][name=owner]", "value").len(), 10, "sailor40 to sailor49");
    let form = found.form("form.record");
    assert_eq!((form.values("title"), form.values("description")), (vec!["Typed <already>"], vec!["too"]), "as typed");
    assert_eq!(form.values("find.owner"), ["sailor4"]);
    assert!(!found.has(".fault") && !found.has(".summary"), "nothing is wrong yet");
    assert_eq!(app.database.number("SELECT count(*) FROM items"), 0, "nothing is stored");
    let chosen = app.database.number("SELECT id FROM users WHERE email = 'sailor42@example.com'").to_string();
    let again = form.set("owner", &chosen).set("find.owner", "nobody").set("find", "owner");
    let none = admin.post("/items", &again.pairs()).await;
    assert_eq!(
        none.attributes("input[type=radio][name=owner][checked]", "value"),
        [chosen.as_str()],
        "what is chosen stays shown"
    );
    let made = admin.post("/items", &none.form("form.record").pairs()).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert_eq!(app.database.number("SELECT owner_id FROM items").to_string(), chosen);

    let url = made.location().to_owned();
    let page = admin.get(&url).await;
    assert_eq!(
        page.attributes("input[name=owner][checked]", "value"),
        [chosen.as_str()],
        "the owner there is, is shown"
    );
    let form = page.form("form.record").set("title", "Changed").set("find.owner", "sailor11").set("find", "owner");
    let found = admin.post(&url, &form.pairs()).await;
    assert_eq!((found.status, found.form("form.record").values("title")), (200, vec!["Changed"]));
    assert_eq!(app.database.texts("SELECT title FROM items"), ["Typed <already>"], "nothing is stored");
    let eleven = app.database.number("SELECT id FROM users WHERE email = 'sailor11@example.com'").to_string();
    assert_eq!(admin.post(&url, &found.form("form.record").set("owner", &eleven).pairs()).await.status, 303);
    assert_eq!(app.database.number("SELECT owner_id FROM items").to_string(), eleven);
    let odd = form.clone().set("find", "title");
    let page = admin.post(&url, &odd.pairs()).await;
    assert!(page.status < 500, "a search in what has no choices: {}", page.status);
    for wrong in ["987654321", "-1", "x", "1.0", "99999999999999999999"] {
        let refused = admin.post("/items", &[("title", "x"), ("owner", wrong)]).await;
        assert_eq!((refused.status, refused.all("#field-owner-fault").len()), (422, 1), "owner {wrong}");
    }
}

#[actix_web::test]
async fn an_owner_is_found_in_the_cell() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    crowd(&app);
    let item = app.db_item(1, "Anchor").await.id;
    let url = format!("/items/{item}/owner");
    let cell = admin.htmx(Method::GET, &format!("{url}/edit"), &[]).await;
    let form = cell.form("form").set("find.owner", "sailor1").set("find", "owner");
    let found = admin.htmx(Method::PATCH, &url, &form.pairs()).await;
    assert_eq!(found.status, 200, "{}", found.text());
    assert_eq!(found.attributes("input[type=radio][name=owner]", "value").len(), 11, "ten found, and the one there is");
    assert_eq!(app.database.number("SELECT owner_id FROM items"), 1, "nothing is stored");
}

#[actix_web::test]
async fn options_are_at_most_twenty_and_need_the_permission() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    crowd(&app);
    let values = |page: &crate::support::Page| page.attributes("input", "value");
    assert_eq!(values(&admin.get("/options/users?q=sailor").await).len(), 20, "of forty");
    assert_eq!(values(&admin.get("/options/users?q=").await).len(), 20, "of all");
    let one = admin.get("/options/users?q=SAILOR42&name=owner").await;
    assert_eq!((one.status, values(&one).len()), (200, 1));
    assert!(!one.is_whole(), "they are a part of a page");
    assert_eq!(one.attribute("input", "name"), "owner");
    assert_eq!(one.attribute("input", "type"), "radio");
    assert!(one.text().contains("sailor42@example.com"));
    let several = admin.get("/options/users?q=sailor42&name=owner&several=true").await;
    assert_eq!(several.attribute("input", "type"), "checkbox");
    let kept = admin.get("/options/users?q=sailor42&name=owner&owner=1").await;
    assert_eq!(kept.attributes("input[checked]", "value"), ["1"], "what is chosen stays");
    let none = admin.get("/options/users?q=nobody").await;
    assert!(none.text().contains("Nothing found"), "{}", none.text());
    let without = app.user_with(&["items.view", "items.create", "items.update"]).await;
    assert_eq!(without.get("/options/users?q=sailor").await.status, 403);
    for evil in ["\"><script>", "x y", "", "é"] {
        let name: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        let page = admin.get(&format!("/options/users?name={name}")).await;
        assert!(!page.body.contains("<script>"), "{evil:?}: {}", page.body);
        assert!(page.status == 200 || page.status == 400, "{evil:?}: {}", page.status);
    }
}

#[actix_web::test]
async fn who_may_not_see_users_is_not_shown_them_in_a_form() {
    let app = TestApp::start().await;
    app.db_user("hidden@example.com", &[]).await;
    let visitor = app.user_with(&["items.view", "items.create", "items.update"]).await;
    for page in [
        visitor.get("/items/new").await,
        visitor.post("/items", &[("find", "owner"), ("find.owner", "hidden"), ("title", "x")]).await,
        visitor.get("/items").await,
    ] {
        assert!(page.status == 200 && !page.text().contains("hidden@example.com"), "{}", page.text());
    }
}

#[actix_web::test]
async fn more_than_thirty_roles_are_searched() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (count, is_searched) in [(29, false), (1, true)] {
        let first = app.database.number("SELECT count(*) FROM roles");
        for number in first..first + count {
            app.db_role(&format!("Role {number}"), &[]).await;
        }
        let page = admin.get("/users/new").await;
        assert_eq!(page.has("button[name=find][value=roles]"), is_searched, "of {} roles", first + count);
        let shown = page.attributes("input[type=checkbox][name=roles]", "value").len() as i64;
        assert_eq!(shown, if is_searched { 0 } else { first + count });
    }
    let user = app.db_user("ann@example.com", &[5, 6]).await.id;
    let url = format!("/users/{user}");
    let page = admin.get(&url).await;
    assert_eq!(page.attributes("input[name=roles][checked]", "value"), ["5", "6"], "what is held is shown");
    let form = page.form("form.record").set("find.roles", "Role 2").set("find", "roles");
    let found = admin.post(&url, &form.pairs()).await;
    let offered = found.attributes("input[type=checkbox][name=roles]", "value");
    assert!(found.status == 200 && offered.len() >= 11, "{offered:?}");
    let saved = admin.post(&url, &found.form("form.record").and("roles", "22").pairs()).await;
    assert_eq!((saved.status, roles(&app, user)), (303, vec![5, 6, 22]), "{}", saved.text());
}

#[actix_web::test]
async fn the_filter_of_a_list_finds_its_record_without_scripts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    crowd(&app);
    let page = admin.get("/items").await;
    let form = page.form("details form").set("find.owner", "sailor42");
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form.pairs()).finish();
    let found = admin.get(&format!("/items?{query}")).await;
    assert_eq!(found.status, 200, "{}", found.text());
    assert!(found.has("details[open]"), "the filters stay open while one looks for something among them");
    let id = app.database.number("SELECT id FROM users WHERE email = 'sailor42@example.com'").to_string();
    let offered = found.attributes("details input[type=radio][name=owner]", "value");
    assert_eq!(offered, [String::new(), id], "any, and the one that was found");
}

#[actix_web::test]
async fn what_is_all_there_is_needs_no_search_whatever_is_chosen() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let own = app.database.number("SELECT min(id) FROM users");
    let offered = async || {
        let page = admin.get(&format!("/users/{own}")).await;
        let boxes = page.attributes("input[type=checkbox][name=roles]", "value").len();
        (page.has("button[name=find][value=roles]"), boxes)
    };
    assert_eq!(offered().await, (false, 1), "the one role there is, which is held");
    for number in 1..30 {
        app.db_role(&format!("Role {number}"), &[]).await;
    }
    app.database.execute(&format!("INSERT INTO user_roles SELECT {own}, id FROM roles WHERE id > 1"));
    assert_eq!(offered().await, (false, 30), "all of them are held");
    app.db_role("Role 30", &[]).await;
    assert_eq!(offered().await, (true, 30), "one is not, and is searched");
    app.database.execute(&format!("DELETE FROM user_roles WHERE user_id = {own} AND role_id > 2"));
    assert_eq!(offered().await, (true, 2));
}
