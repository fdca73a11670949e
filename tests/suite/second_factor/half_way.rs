//! A session whose second factor is still to come opens nothing.

use chrono::TimeDelta;
use reqwest::Method;

use crate::doors::table::{Need, ROUTES};
use crate::support::{Options, TestApp};

const ANN: &str = "ann@example.com";
const STEP: &str = "/login/second-factor";

#[actix_web::test]
async fn a_half_way_session_opens_no_route_but_its_own() {
    let app = TestApp::start().await;
    let administrator = app.db_read(quarterdeck::crud::roles::administrator).await.id;
    app.with_phone(ANN).await;
    app.database.execute(&format!("INSERT INTO user_roles SELECT id, {administrator} FROM users"));
    let half = app.half_in(ANN).await;
    let before = app.database.numbers("SELECT version FROM users UNION ALL SELECT version FROM roles");
    for route in ROUTES.iter().filter(|route| !matches!(route.need, Need::Nothing) && route.path != "/logout") {
        let path = route.path.replace("{id}", "1").replace("{field}", "email");
        for method in route.methods() {
            let form: &[(&str, &str)] =
                if method == Method::GET { &[] } else { &[("version", "1"), ("email", "x@example.com")] };
            let request = if method == Method::GET {
                half.request(method.clone(), &path)
            } else {
                half.with_form(method.clone(), &path, form)
            };
            let page = half.send(request).await;
            if path.starts_with(STEP) {
                assert!(matches!(page.status, 200 | 401 | 404), "{method} {path} is its own: {}", page.status);
                continue;
            }
            assert_eq!((page.status, page.body.as_str()), (303, ""), "{method} {path}");
            assert!(page.location().starts_with("/login/second-factor?next="), "{method} {path}: {}", page.location());
            let block = half.htmx(method.clone(), &path, form).await;
            assert_eq!(block.status, 401, "{method} {path} with htmx");
            assert!(block.link("Give the second factor").is_some(), "{method} {path} with htmx: {}", block.body);
        }
    }
    let after = app.database.numbers("SELECT version FROM users UNION ALL SELECT version FROM roles");
    assert_eq!(after, before, "nothing was changed");
    let login = half.get("/login").await;
    assert_eq!(login.status, 200, "it is no login: another can begin");
}

#[actix_web::test]
async fn a_half_way_session_ends_after_ten_minutes_by_a_logout_and_with_the_account() {
    let app = TestApp::start().await;
    let (ann, phone, codes) = app.with_phone(ANN).await;
    let later = |minutes| {
        TestApp::start_on(app.database.shared(), Options { ahead: TimeDelta::minutes(minutes), ..Default::default() })
    };
    let half = app.half_in(ANN).await;
    let (nine, eleven) = (later(9), later(11));
    assert_eq!(half.at(&nine).get(STEP).await.status, 200, "after nine minutes it waits");
    let late = half.at(&eleven).post(STEP, &[("code", &codes[0])]).await;
    assert!(
        late.status == 303 && late.location().starts_with("/login?"),
        "after eleven it is over: {}",
        late.location()
    );
    assert!(ann.at(&eleven).get("/account").await.status == 200, "a whole one goes on");
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 2);

    let left = half.post("/logout", &[]).await;
    assert_eq!((left.status, left.location()), (303, "/login"));
    assert_eq!(app.database.number("SELECT count(*) FROM sessions"), 1, "logging out ends it");
    assert!(half.get(STEP).await.location().starts_with("/login?"));

    let half = app.half_in(ANN).await;
    app.database.execute("UPDATE users SET is_active = FALSE");
    let locked = half.post(STEP, &[("code", &phone.code(1))]).await;
    assert!(locked.location().starts_with("/login?"), "who is locked meanwhile does not get in");
    app.database.execute("UPDATE users SET is_active = TRUE");
    let half = app.half_in(ANN).await;
    assert!(!ann.get("/account").await.text().contains("11 sessions"), "a login that waits is no session yet");
    assert_eq!(ann.get("/account").await.all("tbody tr").len(), 1);
    ann.post("/account/sessions/end", &[]).await;
    assert!(half.get(STEP).await.location().starts_with("/login?"), "ending all others ends it too");
}
