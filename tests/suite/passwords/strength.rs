//! How strong a password is, said while it is typed.

use reqwest::Method;

use crate::support::{Page, TestApp};

async fn strength(app: &TestApp, password: &str, email: &str) -> Page {
    app.guest().htmx(Method::POST, "/password/strength", &[("password", password), ("email", email)]).await
}

#[actix_web::test]
async fn the_better_a_password_the_fuller_the_meter_and_words_say_the_same() {
    let app = TestApp::start().await;
    for (password, score, words) in [
        ("abcabcabcabc", "0", "Very weak"),
        ("monkeydragon", "1", "Weak"),
        ("football2026!", "2", "Fair"),
        ("yellow horses", "3", "Good"),
        ("correct horse battery staple", "4", "Strong"),
        ("x7#Kq9!mZ2$", "1", "Not accepted"),
        ("short", "0", "Not accepted"),
    ] {
        let page = strength(&app, password, "").await;
        assert_eq!((page.status, page.is_whole()), (200, false), "a part of a page: {}", page.body);
        let found = (page.attribute("meter", "value"), page.all("b").concat());
        assert_eq!(found, (score.to_owned(), words.to_owned()), "{password:?}: {}", page.text());
    }
}

#[actix_web::test]
async fn it_says_why_a_password_would_be_refused_and_else_what_would_make_it_better() {
    let app = TestApp::start().await;
    for (password, said) in [
        ("short", "Use at least 12 characters."),
        ("1q2w3e4r5t6y", "most common"),
        ("extraordinarily", "single word"),
        ("hornblower12", "too much like the email address"),
        ("abcabcabcabc", "Repeats like"),
    ] {
        let page = strength(&app, password, "hornblower@example.com").await;
        assert!(page.text().contains(said), "{password:?}: {}", page.text());
    }
    let good = strength(&app, "correct horse battery staple", "").await;
    assert_eq!(good.all("p"), ["Strong"], "nothing else is to be said");
}

#[actix_web::test]
async fn nothing_typed_is_no_strength_and_what_is_too_long_is_not_looked_at() {
    let app = TestApp::start().await;
    assert_eq!(strength(&app, "", "").await.text(), "");
    assert_eq!(app.guest().post("/password/strength", &[]).await.status, 200);
    for long in ["x".repeat(129), "4@8({[<369!1/|0$5+7%2".repeat(1000)] {
        let page = strength(&app, &long, &long).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("Use at most 128 characters."), "{}", page.text());
    }
    let most = strength(&app, &"4@8({[<369!1/|0$5+7%2".repeat(7)[..128], "").await;
    assert_eq!((most.status, most.all("b")), (200, vec!["Strong".to_owned()]), "{}", most.text());
}

#[actix_web::test]
async fn a_password_stands_in_no_address_and_nothing_of_it_is_stored() {
    let app = TestApp::start().await;
    let guest = app.guest();
    assert_eq!(guest.get("/password/strength?password=abc").await.status, 405, "it is sent in a body");
    let foreign = guest.request(Method::POST, "/password/strength").header("sec-fetch-site", "cross-site");
    assert_eq!(guest.send(foreign).await.status, 403, "only our own pages ask");
    let page = strength(&app, "correct horse battery staple", "").await;
    assert!(!page.body.contains("horse"), "it does not come back: {}", page.body);
    assert_eq!((page.header("cache-control"), page.header("set-cookie")), ("no-store", ""));
}

#[actix_web::test]
async fn each_input_of_a_new_password_has_its_meter() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (path, input) in [("/account", "password"), ("/users/new", "field-password")] {
        let page = admin.get(path).await;
        let meter = format!("#{input}-strength[aria-live=polite]");
        assert_eq!(page.attribute(&meter, "hx-post"), "/password/strength", "{path}");
        assert_eq!(page.attribute(&meter, "hx-trigger"), format!("input changed delay:300ms from:#{input}"), "{path}");
        let described = page.attribute(&format!("#{input}"), "aria-describedby");
        assert!(described.contains(&format!("{input}-strength")), "{path}: {described}");
        assert_eq!(page.form("form.record").values("email").len(), 1, "{path} sends the address with it");
    }
    assert!(!app.guest().get("/login").await.has(".strength"), "a password that is there is not judged");
}
