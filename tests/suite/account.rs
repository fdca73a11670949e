//! One's own account: the password, and where one is logged in.

use reqwest::Method;

use super::support::{PASSWORD, Page, TestApp, Visitor};

const ANN: &str = "ann@example.com";
const NEW: &str = "another horse battery";

/// Ann with a browser of this name, logged in.
async fn ann_with(app: &TestApp, browser: &str) -> Visitor {
    let visitor = app.guest();
    let login = visitor.with_form(Method::POST, "/login", &[("email", ANN), ("password", PASSWORD)]);
    assert_eq!(visitor.send(login.header("user-agent", browser)).await.status, 303, "{browser} logs in");
    visitor
}

async fn is_in(visitor: &Visitor) -> bool {
    visitor.get("/account").await.status == 200
}

/// The way to end the session of the browser of this name.
fn end_of(page: &Page, browser: &str) -> String {
    let rows = page.all("tbody tr");
    let place = rows.iter().position(|row| row.contains(browser)).unwrap_or_else(|| panic!("{browser} among {rows:?}"));
    page.attributes("tbody tr form", "action")[place].clone()
}

async fn with_ann() -> TestApp {
    let app = TestApp::start().await;
    app.db_user(ANN, &[]).await;
    app
}

#[actix_web::test]
async fn a_new_password_takes_the_old_one_and_ends_all_other_sessions() {
    let app = with_ann().await;
    let (here, there) = (ann_with(&app, "Here").await, ann_with(&app, "There").await);
    app.db_user("bob@example.com", &[]).await;
    let bob = app.logged_in("bob@example.com").await;
    let change = [("current_password", PASSWORD), ("password", NEW)];
    let page = here.post("/account/password", &change).await;
    assert_eq!((page.status, page.location()), (303, "/account"), "{}", page.text());
    assert!(is_in(&here).await, "this session goes on");
    assert!(!is_in(&there).await, "the other one has ended");
    assert!(is_in(&bob).await, "somebody else's goes on");
    let old = app.guest().post("/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(old.status, 401, "the old password is out");
    app.db_forget_failures();
    let new = app.guest().post("/login", &[("email", ANN), ("password", NEW)]).await;
    assert_eq!(new.status, 303, "the new one is in: {}", new.text());
}

#[actix_web::test]
async fn without_the_old_password_or_with_a_poor_new_one_nothing_changes() {
    let app = with_ann().await;
    let (here, there) = (ann_with(&app, "Here").await, ann_with(&app, "There").await);
    let hash = app.database.texts("SELECT hashed_password FROM users");
    let long = "x".repeat(129);
    let refused = [
        ("a wrong old one", "wrong", NEW),
        ("no old one", "", NEW),
        ("a short new one", PASSWORD, "eleven char"),
        ("a long new one", PASSWORD, &long),
        ("no new one", PASSWORD, ""),
        ("both wrong", "wrong", "short"),
    ];
    for (what, old, new) in refused {
        let page = here.post("/account/password", &[("current_password", old), ("password", new)]).await;
        assert_eq!(page.status, 422, "{what}: {}", page.text());
        let wrong = page.attributes("input[aria-invalid=true]", "name");
        let mut expected = Vec::new();
        expected.extend((old != PASSWORD).then_some("current_password"));
        expected.extend((new != NEW).then_some("password"));
        assert_eq!(wrong, expected, "the message stands at what is wrong: {what}");
        assert_eq!(page.attributes("input[type=password]", "value"), [""; 0], "{what}: no password comes back");
    }
    let empty = here.post("/account/password", &[]).await;
    assert_eq!(empty.status, 422, "an empty form: {}", empty.text());
    assert_eq!(app.database.texts("SELECT hashed_password FROM users"), hash, "the password is the old one");
    assert!(is_in(&there).await, "no session has ended");
    let guest = app.guest().post("/account/password", &[("current_password", PASSWORD), ("password", NEW)]).await;
    assert_eq!((guest.status, &guest.location()[..6]), (303, "/login"), "a guest has no account");
}

#[actix_web::test]
async fn the_own_sessions_are_listed_and_this_one_is_marked() {
    let app = with_ann().await;
    let (here, there) = (ann_with(&app, "Here <b>1</b>").await, ann_with(&app, "There").await);
    app.admin().await;
    for (visitor, this, other) in [(&here, "Here", "There"), (&there, "There", "Here")] {
        let rows = visitor.get("/account").await.all("tbody tr");
        assert_eq!(rows.len(), 2, "the own sessions and nobody else's: {rows:?}");
        let row =
            |name: &str| rows.iter().find(|row| row.contains(name)).unwrap_or_else(|| panic!("{name} in {rows:?}"));
        assert!(row(this).contains("this one"), "this one is marked: {rows:?}");
        assert!(!row(other).contains("this one"), "the other is not: {rows:?}");
        assert!(row(other).contains("127.0.0.1"), "with the address: {rows:?}");
    }
    assert!(
        here.get("/account").await.body.contains("&lt;b&gt;") || here.get("/account").await.body.contains("&#60;b"),
        "a browser's name is text"
    );
}

#[actix_web::test]
async fn one_ends_one_other_session_or_all_of_them_or_this_one() {
    let app = with_ann().await;
    let (here, there) = (ann_with(&app, "Here").await, ann_with(&app, "There").await);
    let (third, fourth) = (ann_with(&app, "Third").await, ann_with(&app, "Fourth").await);
    let end = end_of(&here.get("/account").await, "There");
    let page = here.post(&end, &[]).await;
    assert_eq!((page.status, page.location()), (303, "/account"));
    assert!(!is_in(&there).await, "the chosen one has ended");
    assert!(is_in(&third).await, "no other has");
    assert_eq!(here.post(&end, &[]).await.status, 404, "it is gone already");

    let page = here.post("/account/sessions/end", &[]).await;
    assert_eq!((page.status, page.location()), (303, "/account"));
    assert!(!is_in(&third).await && !is_in(&fourth).await, "all others have ended");
    assert!(is_in(&here).await, "this one has not");

    let end = end_of(&here.get("/account").await, "Here");
    let page = here.post(&end, &[]).await;
    assert_eq!((page.status, page.location()), (303, "/login"), "to end this one is to log out");
    assert!(!is_in(&here).await);
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 0);
}

#[actix_web::test]
async fn nobody_ends_a_session_of_somebody_else() {
    let app = with_ann().await;
    let ann = ann_with(&app, "Here").await;
    let admin = app.admin().await;
    let end = end_of(&ann.get("/account").await, "Here");
    assert_eq!(admin.post(&end, &[]).await.status, 404, "not even an administrator, from the own account");
    assert_eq!(app.guest().post(&end, &[]).await.status, 303, "a guest is sent to the login");
    admin.post("/account/sessions/end", &[]).await;
    assert!(is_in(&ann).await, "the session goes on");
    for nonsense in ["0", "-1", "x", "99999999999999999999"] {
        let page = ann.post(&format!("/account/sessions/{nonsense}/end"), &[]).await;
        assert_eq!(page.status, 404, "there is no session {nonsense}");
    }
}

#[actix_web::test]
async fn under_https_the_notice_after_a_change_is_secure_and_bound_to_the_host() {
    for (public, name) in
        [("https://desk.example.com", "__Host-quarterdeck_notice"), ("http://desk.example.com", "quarterdeck_notice")]
    {
        let arguments = vec!["--public-url".to_owned(), public.to_owned()];
        let app = TestApp::start_with(super::support::Options { arguments, ..Default::default() }).await;
        app.db_user(ANN, &[]).await;
        // A client would not send secure cookies back over http, so they are sent by hand.
        let login = app.guest().post("/login", &[("email", ANN), ("password", PASSWORD)]).await;
        let session = login.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        let guest = app.guest();
        let form = [("current_password", PASSWORD), ("password", NEW)];
        let change = guest.with_form(Method::POST, "/account/password", &form).header("cookie", &session);
        let notice = |page: &Page| {
            let set = page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
            let found = set.filter(|set| set.contains("notice")).map(ToOwned::to_owned).collect::<Vec<_>>();
            assert_eq!(found.len(), 1, "one notice of {public}: {found:?}");
            found[0].clone()
        };
        let check = |set: &str| {
            assert!(set.starts_with(&format!("{name}=")), "{set}");
            let flags: Vec<_> = set.split(';').skip(1).map(|flag| flag.trim().to_lowercase()).collect();
            assert_eq!(flags.contains(&"secure".to_owned()), public.starts_with("https"), "{set}");
            assert!(flags.contains(&"path=/".to_owned()) && flags.contains(&"httponly".to_owned()), "{set}");
            assert!(!flags.iter().any(|flag| flag.starts_with("domain")), "{set}");
        };
        let changed = guest.send(change).await;
        assert_eq!(changed.status, 303, "{}", changed.text());
        // With the password the session has another key.
        let renewed = changed.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let renewed = renewed.filter(|set| !set.contains("notice")).collect::<Vec<_>>();
        let renewed = renewed[0].split(';').next().expect("a cookie").to_owned();
        assert_ne!(session, renewed, "the old key is of no use any more");
        let session = renewed;
        let set = notice(&changed);
        check(&set);
        let both = format!("{session}; {}", set.split(';').next().expect("a cookie"));
        let page = app.guest();
        let page = page.send(page.request(Method::GET, "/account").header("cookie", both)).await;
        assert!(page.text().contains("Your password is changed"), "the notice is shown: {}", page.text());
        let gone = notice(&page);
        check(&gone);
        assert!(gone.to_lowercase().contains("max-age=0"), "once: {gone}");
        let plain = format!("{session}; quarterdeck_notice={}", set.split(['=', ';']).nth(1).expect("a value"));
        let page = app.guest();
        let page = page.send(page.request(Method::GET, "/account").header("cookie", plain)).await;
        let is_shown = page.text().contains("Your password is changed");
        assert_eq!(is_shown, public.starts_with("http:"), "under https no other cookie is one: {}", page.text());
    }
}
