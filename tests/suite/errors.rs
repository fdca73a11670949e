//! Every error in the product's look, as a page and as a part of one, with the number that the log has too.

mod lead;
mod ours;

use reqwest::{Method, RequestBuilder};

use crate::support::{Page, TestApp, Visitor};

/// Words that only the inside of the program knows.
const INTERNAL: [&str; 14] = [
    "diesel",
    "sqlite",
    "postgres",
    "SELECT",
    "no such table",
    "relation \"",
    "panicked",
    "src/",
    ".rs:",
    "RUST_BACKTRACE",
    "actix",
    "serde",
    "deadpool",
    "DatabaseError",
];

/// The same request as a browser sends it, or as htmx does.
fn by_htmx(request: RequestBuilder) -> RequestBuilder {
    request
        .header("HX-Request", "true")
        .header("HX-Request-Type", "partial")
        .header("HX-Current-URL", "http://localhost/users?q=x")
}

/// An error page, or a part of one: what it must have in any case.
fn is_shown(page: &Page, status: u16, is_whole: bool, title: &str) {
    let context = format!("{status} {title:?}: {}", page.body);
    assert_eq!(page.status, status, "{context}");
    assert!(page.header("content-type").starts_with("text/html"), "{context}");
    assert_eq!(page.is_whole(), is_whole, "{context}");
    assert_eq!(page.all("h1"), [title], "{context}");
    if is_whole {
        assert!(page.has(".brand") && page.has("link[rel=stylesheet]"), "it is one of ours: {context}");
        assert!(page.all("title")[0].contains("Quarterdeck"), "{context}");
    }
    let id = page.header("x-request-id");
    assert!(id.len() == 16 && id.chars().all(|c| c.is_ascii_hexdigit()), "a number of the request: {id:?}");
    assert!(page.text().contains(id), "and the page says it: {context}");
    for word in INTERNAL {
        assert!(!page.body.to_lowercase().contains(&word.to_lowercase()), "{word:?} is nobody's business: {context}");
    }
    assert!(page.header("vary").to_lowercase().contains("hx-request"), "{:?}", page.headers);
    assert!(page.header("cache-control").contains("no-store"), "{:?}", page.headers);
    assert!(page.header("content-security-policy").contains("default-src 'none'"), "{:?}", page.headers);
}

/// Asks twice, without htmx and with it.
async fn both(visitor: &Visitor, ask: impl Fn() -> RequestBuilder, status: u16, title: &str) -> [Page; 2] {
    let page = visitor.send(ask()).await;
    is_shown(&page, status, true, title);
    let block = visitor.send(by_htmx(ask())).await;
    is_shown(&block, status, false, title);
    assert_ne!(page.header("x-request-id"), block.header("x-request-id"), "each request has a number of its own");
    [page, block]
}

#[actix_web::test]
async fn nonsense_is_answered_with_400() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    both(&admin, || admin.request(Method::GET, "/users?sort=nothing"), 400, "This request makes no sense").await;
    let unknown = [("version", "1"), ("nothing", "x")];
    both(&admin, || admin.with_form(Method::POST, "/users/1", &unknown), 400, "This request makes no sense").await;
}

#[actix_web::test]
async fn a_guest_is_sent_to_the_login_or_shown_the_way_there() {
    let app = TestApp::start().await;
    let guest = app.guest();
    let page = guest.get("/users?q=a&sort=-email").await;
    assert_eq!((page.status, page.location()), (303, "/login?next=%2Fusers%3Fq%3Da%26sort%3D-email"));
    assert_eq!(page.header("x-request-id").len(), 16);
    let block = guest.send(by_htmx(guest.request(Method::GET, "/users/1/email/edit"))).await;
    is_shown(&block, 401, false, "You are not logged in");
    let login = block.link("Log in").expect("the way to log in");
    assert_eq!(login, "/login?next=%2Fusers%3Fq%3Dx", "and back to the page that one looks at");
    let save = guest.with_form(Method::PATCH, "/users/1/email", &[("version", "1"), ("email", "x@example.com")]);
    is_shown(&guest.send(by_htmx(save)).await, 401, false, "You are not logged in");
    let wrong = guest.post("/login", &[("email", "nobody@example.com"), ("password", "wrong")]).await;
    assert!(
        wrong.status == 401 && wrong.is_whole() && wrong.has("form[action='/login']"),
        "a wrong login shows the form again"
    );
}

#[actix_web::test]
async fn what_one_may_not_do_is_answered_with_403() {
    let app = TestApp::start().await;
    let nobody = app.user_with(&[]).await;
    let [page, _] = both(&nobody, || nobody.request(Method::GET, "/users"), 403, "You may not do this").await;
    assert!(page.text().contains("users.view"), "it says what is missing: {}", page.text());
    let cell = || nobody.with_form(Method::PATCH, "/users/1/email", &[("version", "1")]);
    both(&nobody, cell, 403, "You may not do this").await;
    let stranger = || nobody.request(Method::POST, "/users/1").header("Sec-Fetch-Site", "cross-site");
    both(&nobody, stranger, 403, "You may not do this").await;
}

#[actix_web::test]
async fn what_is_not_there_is_answered_with_404() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in [
        "/nothing",
        "/users/987654321",
        "/users/x",
        "/users/1/nothing",
        "/users/1/email/edit/more",
        "/nothing.php",
        "/login/x",
        "/USERS",
    ] {
        both(&admin, || admin.request(Method::GET, path), 404, "Not found").await;
    }
    let guest = app.guest();
    both(&guest, || guest.request(Method::GET, "/nothing"), 404, "Not found").await;
    both(&guest, || guest.with_form(Method::POST, "/nothing", &[]), 404, "Not found").await;
    both(&guest, || guest.request(Method::GET, "/setup?token=wrong"), 404, "Not found").await;
}

#[actix_web::test]
async fn another_method_is_answered_with_405() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    both(&admin, || admin.with_form(Method::PUT, "/users/1", &[]), 405, "This can't be done here").await;
    both(&admin, || admin.with_form(Method::POST, "/users/1/email", &[]), 405, "This can't be done here").await;
    let guest = app.guest();
    both(&guest, || guest.with_form(Method::DELETE, "/login", &[]), 405, "This can't be done here").await;
}

#[actix_web::test]
async fn too_large_a_body_is_answered_with_413() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &[]).await.id;
    let large = "x".repeat(300 * 1024);
    let form = [("version", "1"), ("description", large.as_str())];
    let path = format!("/roles/{role}");
    both(&admin, || admin.with_form(Method::POST, &path, &form), 413, "Too much at once").await;
    let login = [("email", large.as_str())];
    let guest = app.guest();
    both(&guest, || guest.with_form(Method::POST, "/login", &login), 413, "Too much at once").await;
    assert_eq!(app.database.number(&format!("SELECT version FROM roles WHERE id = {role}")), 1, "nothing is stored");
    let fits = [("version", "1"), ("description", &large[..200 * 1024])];
    assert_eq!(admin.post(&path, &fits).await.status, 422, "what can be read is told why it is too long");
}

#[actix_web::test]
async fn input_that_is_wrong_or_late_is_answered_with_the_form_itself() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &[]).await.id;
    for (version, status, name) in [("1", 422, ""), ("9", 409, "Mates")] {
        let form = [("version", version), ("name", name)];
        let page = admin.post(&format!("/roles/{role}"), &form).await;
        assert!(page.status == status && page.is_whole() && page.has("form.record"), "{status}: {}", page.text());
        assert!(page.all("title")[0].starts_with("Not saved"), "{:?}", page.all("title"));
        assert_eq!(page.header("x-request-id").len(), 16);
        let cell = admin.htmx(Method::PATCH, &format!("/roles/{role}/name"), &form).await;
        assert!(cell.status == status && !cell.is_whole() && cell.has("td form"), "{status}: {}", cell.body);
        assert_eq!(cell.header("hx-retarget"), "", "the cell answers in its own place");
    }
}

#[actix_web::test]
async fn what_stands_in_an_address_is_not_repeated_as_markup() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in [
        "/users?sort=<script>x</script>",
        "/users?<script>x</script>=1",
        "/options/users?<script>x</script>=1",
        "/<script>x</script>",
    ] {
        let page = admin.get(path).await;
        assert!(page.status >= 400 && !page.body.contains("<script>x"), "{path}: {}", page.body);
    }
}

#[actix_web::test]
async fn every_answer_has_a_number_of_its_own_and_not_the_askers() {
    let app = TestApp::start().await;
    let guest = app.guest();
    let mut seen = Vec::new();
    for path in ["/login", "/healthz", "/users", "/nothing"] {
        let page = guest.send(guest.request(Method::GET, path).header("X-Request-Id", "mine")).await;
        let id = page.header("x-request-id").to_owned();
        assert!(id.len() == 16 && !seen.contains(&id), "{path}: {id:?}");
        seen.push(id);
    }
}
