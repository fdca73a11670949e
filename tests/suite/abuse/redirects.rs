//! No answer leads to another site.

use reqwest::Method;
use url::Url;

use super::scene;
use crate::support::{PASSWORD, Page, TestApp};

const ELSEWHERE: [&str; 36] = [
    "//evil.example",
    "///evil.example",
    "////evil.example/",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/\u{a0}/evil.example",
    "/\u{0}/evil.example",
    "https://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "https:/evil.example",
    "http://desk.example.com@evil.example/",
    "//desk.example.com@evil.example/",
    "//evil.example\\@desk.example.com",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "/\u{ff0f}evil.example",
    "/\u{2215}/evil.example",
    "//evil\u{3002}example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "%2f%2fevil.example",
    "/%252f/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/users/..//evil.example",
    "/users\r\nLocation: //evil.example",
];

/// True when a browser that is at `app` stays there.
fn stays(app: &TestApp, page: &Page) -> bool {
    let base = Url::parse(&app.url).expect("an address");
    let next = base.join(page.location()).expect("an address");
    next.origin() == base.origin() && page.location().starts_with('/') && page.location().is_ascii()
}

#[actix_web::test]
async fn a_login_leads_to_no_other_site() {
    let app = scene().await;
    let admin = app.admin().await;
    for next in ELSEWHERE {
        let page =
            app.guest().post("/login", &[("email", "ann@example.com"), ("password", PASSWORD), ("next", next)]).await;
        assert!(page.status == 303 && stays(&app, &page), "{next:?}: {} {}", page.status, page.location());
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let again = admin.get(&format!("/login?next={query}")).await;
        assert!(again.status == 303 && stays(&app, &again), "{next:?}: {} {}", again.status, again.location());
        let form = app.guest().get(&format!("/login?next={query}")).await;
        let shown = form.attribute("input[name=next]", "value");
        let base = Url::parse(&app.url).expect("an address");
        assert_eq!(base.join(&shown).expect("an address").origin(), base.origin(), "{next:?} in the form: {shown}");
    }
}

#[actix_web::test]
async fn a_saved_made_or_deleted_record_leads_to_no_other_site() {
    let app = scene().await;
    let admin = app.admin().await;
    let lists = ["/roles", "/roles?q=x"].map(ToOwned::to_owned);
    let hostile = ELSEWHERE.iter().map(|back| (*back).to_owned());
    let near = [
        "/rolesx",
        "/roles\r\n",
        "/roles/../..//evil.example",
        "/roles@evil.example",
        "/roles\\evil.example",
        "/roles.evil.example",
    ];
    let bent = ["/roles?\r\nX-Injected: 1", "/roles?\u{0}", "/roles?\u{e9}"];
    for back in hostile.chain(near.iter().chain(&bent).map(|back| (*back).to_owned())).chain(lists.clone()) {
        let is_list = lists.contains(&back);
        let new = app.db_role(&format!("Role {}", app.database.number("SELECT count(*) FROM roles")), &[]).await.id;
        let made = admin.post("/roles", &[("name", &format!("Made beside {new}")), ("back", &back)]).await;
        let saved = [("version", "1"), ("name", &format!("Changed {new}")), ("back", &back), ("leave", "true")];
        let saved = admin.post(&format!("/roles/{new}"), &saved).await;
        let deleted = admin.post(&format!("/roles/{new}/delete"), &[("version", "2"), ("back", &back)]).await;
        let query: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
        for (what, page) in [("made", &made), ("saved", &saved), ("deleted", &deleted)] {
            assert_eq!(page.status, 303, "{what} with {back:?}: {}", page.text());
            assert!(
                stays(&app, page) && page.location().starts_with("/roles"),
                "{what} with {back:?}: {}",
                page.location()
            );
            assert!(is_list || !page.location().contains(&query), "{what}: {back:?} is forgotten: {}", page.location());
        }
        let shown = admin.get(&format!("/roles/2?back={query}")).await;
        let links =
            shown.attributes("main a, main form", "href").into_iter().chain(shown.attributes("main form", "action"));
        for link in links {
            let base = Url::parse(&app.url).expect("an address");
            let origin = base.join(&link).expect("an address").origin();
            assert_eq!(origin, base.origin(), "{back:?} in a link: {link}");
        }
    }
}

#[actix_web::test]
async fn what_a_browser_says_of_the_page_it_is_on_leads_to_no_other_site() {
    let app = scene().await;
    let guest = app.guest();
    for page in [
        "http://evil.example//evil.example/",
        "http://evil.example/\\evil.example",
        "https://desk@evil.example//x",
        "javascript:alert(1)",
        "//evil.example",
    ] {
        let save = guest.with_form(Method::POST, "/users/1", &[]).header("Referer", page);
        let save = guest.send(save).await;
        assert!(save.status == 303 && stays(&app, &save), "Referer {page}: {} {}", save.status, save.location());
        let part = guest.request(Method::GET, "/users").header("HX-Request", "true").header("HX-Current-URL", page);
        let part = guest.send(part).await;
        let login = part.link("Log in").expect("the way to log in");
        assert!(part.status == 401 && login.starts_with("/login?next="), "HX-Current-URL {page}: {login}");
        let onward = app.admin().await.get(&login).await;
        assert!(onward.status == 303 && stays(&app, &onward), "and then: {}", onward.location());
    }
    for path in ["//evil.example/", "//evil.example/%2f..", "/\\evil.example", "/%5cevil.example"] {
        let answer = super::raw(
            &app,
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", super::address(&app)),
        );
        assert!(matches!(super::status(&answer), 400 | 404), "{path}: {answer}");
        assert!(!answer.to_lowercase().contains("\r\nlocation:"), "{path}: {answer}");
    }
}
