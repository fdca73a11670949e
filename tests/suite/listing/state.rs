//! The state of a list stands in its address: kept by every link, left by none but the one that changes it.

use std::collections::BTreeMap;

use reqwest::Method;

use crate::support::{Page, TestApp};

/// The query of an address.
fn query(href: &str) -> BTreeMap<String, String> {
    let (_, query) = href.split_once('?').unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn app() -> TestApp {
    let app = TestApp::start().await;
    let role = app.db_role("Crew", &[]).await;
    for number in 0..60 {
        app.db_user(&format!("sailor{number}@example.com"), &[role.id]).await;
    }
    app
}

const STATE: [(&str, &str); 5] =
    [("q", "sailor"), ("sort", "-created_at"), ("is_active", "true"), ("created_from", "2020-01-01"), ("limit", "25")];

fn path() -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(STATE).finish();
    format!("/users?{query}")
}

fn without(name: &str) -> BTreeMap<String, String> {
    STATE
        .iter()
        .filter(|(kept, _)| *kept != name)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[actix_web::test]
async fn the_pager_keeps_search_order_filters_and_size() {
    let app = app().await;
    let admin = app.admin().await;
    let page = admin.get(&path()).await;
    assert_eq!(page.all(".range"), ["1–25 of 60"]);
    for link in ["Next", "Last"] {
        let mut there = query(&page.link(link).expect("a link"));
        assert!(there.remove("after").or(there.remove("before")).is_some(), "{link} leads to a place");
        assert_eq!(there, pairs(&STATE), "{link} keeps the rest");
    }
    let next = admin.get(&page.link("Next").expect("a link")).await;
    assert_eq!(query(&next.link("First").expect("a link")), pairs(&STATE), "First is the list without a place");
}

#[actix_web::test]
async fn a_change_of_the_list_starts_at_its_first_page_and_keeps_the_rest() {
    let app = app().await;
    let admin = app.admin().await;
    let second = admin.get(&admin.get(&path()).await.link("Next").expect("a link")).await;
    let sorted = query(&second.link("Active").expect("the heading is a link"));
    let mut expected = without("sort");
    expected.insert("sort".into(), "is_active".into());
    assert_eq!(sorted, expected, "another order");
    let turned = query(&second.link("Created").expect("the heading is a link"));
    expected.insert("sort".into(), "created_at".into());
    assert_eq!(turned, expected, "the other way round");
    let larger = query(&second.link("100").expect("a link to more rows"));
    let mut expected = without("limit");
    expected.insert("limit".into(), "100".into());
    assert_eq!(larger, expected, "more rows");

    let search: BTreeMap<_, _> = second
        .attributes("input[type=hidden][form=search]", "name")
        .into_iter()
        .zip(second.attributes("input[type=hidden][form=search]", "value"))
        .collect();
    assert_eq!(search, without("q"), "another search");
    let filters = second.form("details form");
    for (name, value) in STATE {
        assert_eq!(filters.values(name), [value], "other filters keep {name}, or show it to be changed");
    }
    assert_eq!(filters.values("after"), [""; 0]);
}

#[actix_web::test]
async fn each_filter_that_is_set_can_be_removed_alone() {
    let app = app().await;
    let admin = app.admin().await;
    let page = admin.get(&path()).await;
    let pills: BTreeMap<_, _> = page
        .attributes("a[aria-label^='Remove filter']", "aria-label")
        .into_iter()
        .zip(page.attributes("a[aria-label^='Remove filter']", "href"))
        .collect();
    assert_eq!(pills.len(), 2, "{pills:?}");
    assert_eq!(query(&pills["Remove filter Active"]), without("is_active"));
    assert_eq!(query(&pills["Remove filter Created from"]), without("created_from"));
    let by_role = admin.get("/users?role=2").await;
    assert_eq!(by_role.ids().len(), 50);
    assert!(by_role.text().contains("Crew"), "a filter is called by the record's name: {}", by_role.text());
    assert_eq!(by_role.attributes("a[aria-label='Remove filter Role']", "href"), ["/users"]);
}

#[actix_web::test]
async fn the_way_back_from_a_record_leads_to_the_same_list() {
    let app = app().await;
    let admin = app.admin().await;
    let second = admin.get(&admin.get(&path()).await.link("Next").expect("a link")).await;
    let shown = second.ids();
    let row = format!("#users-{}", shown[0]);
    let record = admin.get(&second.attribute(&format!("{row} td a"), "href")).await;
    let same = |page: &Page| page.ids() == shown;
    let back = record.attribute(".crumbs a", "href");
    assert!(same(&admin.get(&back).await), "the way back leads to {back}");
    let cancel = record.link("Cancel").expect("a way to leave the form");
    assert!(same(&admin.get(&cancel).await), "Cancel leads to {cancel}");
    let form = record.form("form.record");
    let saved = admin.post(&record.attribute("form.record", "action"), &form.pairs()).await;
    let again = admin.get(saved.location()).await;
    assert!(same(&admin.get(&again.attribute(".crumbs a", "href")).await), "after a save: {}", saved.location());
    let refused = form.clone().set("email", "nonsense");
    let refused = admin.post(&record.attribute("form.record", "action"), &refused.pairs()).await;
    assert_eq!(refused.status, 422);
    assert!(same(&admin.get(&refused.attribute(".crumbs a", "href")).await), "after a refusal");

    let edit = admin.get(&second.attribute(&format!("{row} a[aria-label^=Edit]"), "href")).await;
    assert!(edit.is_whole(), "without scripts a cell is a page of its own");
    assert!(same(&admin.get(&edit.link("Cancel").expect("a way out")).await), "Cancel of a cell");
    let form = edit.form("main form:not(.search)");
    let saved = admin.post(&edit.attribute("main form", "action"), &form.pairs()).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert!(same(&admin.get(saved.location()).await), "a saved cell leads to {}", saved.location());

    let question = admin.get(&record.link("Delete").expect("a way to delete")).await;
    let deleted =
        admin.post(&question.attribute("form.actions", "action"), &question.form("form.actions").pairs()).await;
    let expected = &shown[1..];
    let list = admin.get(deleted.location()).await.ids();
    assert_eq!(&list[..expected.len()], expected, "after a deletion: {}", deleted.location());
}

#[actix_web::test]
async fn the_way_back_leads_to_a_list_of_this_entity_and_nowhere_else() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for evil in [
        "https://evil.example/?",
        "//evil.example/?x",
        "/\\evil.example?x",
        "javascript:alert(1)?",
        "/items?q=x",
        "/users/1?x",
        "/usersx?x",
        "/users?q=x\r\nSet-Cookie: a=b",
        "/users?q=é",
        "users?q=x",
    ] {
        let encoded: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        let record = admin.get(&format!("/users/1?back={encoded}")).await;
        assert_eq!(record.attribute(".crumbs a", "href"), "/users", "for {evil:?}");
        let saved = admin.post("/users/1", &[("version", "1"), ("back", evil), ("leave", "true")]).await;
        assert_eq!((saved.status, saved.location()), (303, "/users/1"), "for {evil:?}");
        let user = app.db_user("gone@example.com", &[]).await;
        let deleted = admin.post(&format!("/users/{}/delete", user.id), &[("version", "1"), ("back", evil)]).await;
        assert_eq!((deleted.status, deleted.location()), (303, "/users"), "for {evil:?}");
    }
}

#[actix_web::test]
async fn an_empty_list_says_what_to_do_and_an_empty_result_how_to_widen_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let looker = app.user_with(&["items.view"]).await;
    let empty = admin.get("/items").await;
    assert!(empty.text().contains("There are no items yet"), "{}", empty.text());
    assert_eq!(empty.link("Make the first item").as_deref(), Some("/items/new"));
    let empty = looker.get("/items").await;
    assert!(
        empty.text().contains("There are no items yet") && empty.link("Make the first item").is_none(),
        "{}",
        empty.text()
    );
    for narrowed in ["/items?q=nothing", "/items?owner=1", "/items?created_from=2999-01-01"] {
        let page = admin.get(narrowed).await;
        assert!(page.text().contains("Nothing matches"), "{narrowed}: {}", page.text());
        assert_eq!(page.link("Show all items").as_deref(), Some("/items"), "{narrowed}");
    }
}

#[actix_web::test]
async fn htmx_gets_the_list_alone_and_a_browser_that_goes_back_the_page() {
    let app = app().await;
    let admin = app.admin().await;
    let page = admin.get("/users").await;
    let block = admin.htmx(Method::GET, "/users?q=sailor1", &[]).await;
    assert!(page.is_whole() && page.has("nav"), "a page without htmx");
    assert!(!block.is_whole() && block.body.trim_start().starts_with("<div id=\"list\""), "{}", block.body);
    assert!(!block.has(".nav"), "no navigation in the block");
    assert_eq!(block.ids().len(), 11);
    let list = |page: &Page| page.body[page.body.find("<div id=\"list\"").expect("a list")..].len();
    assert!(list(&page) > 0);
    for (name, page) in [("page", &page), ("block", &block)] {
        let vary = page.header("vary").to_lowercase();
        assert!(vary.contains("hx-request") && vary.contains("hx-request-type"), "the {name} varies: {vary:?}");
        assert!(page.header("cache-control").contains("no-store"), "the {name} is kept nowhere");
        assert!(page.header("content-type").starts_with("text/html"), "the {name} is HTML");
    }
    let restore = admin.request(Method::GET, "/users?q=sailor1").header("HX-Request", "true");
    let full = admin.send(restore.header("HX-Request-Type", "full")).await;
    assert!(full.is_whole(), "htmx asks for a whole page");
    let restore = admin.request(Method::GET, "/users?q=sailor1").header("HX-Request", "true");
    let restore = restore.header("HX-Request-Type", "partial").header("HX-History-Restore-Request", "true");
    assert!(admin.send(restore).await.is_whole(), "a browser that goes back gets the whole page");
}
