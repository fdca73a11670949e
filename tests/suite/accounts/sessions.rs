use reqwest::Method;

use crate::support::{PASSWORD, TestApp, Visitor};

const ANN: &str = "ann@example.com";

/// Ann, logged in with two browsers, and an administrator.
async fn scene() -> (TestApp, [Visitor; 2], Visitor, i64) {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.db_user(ANN, &[]).await.id;
    let mut visitors = Vec::new();
    for browser in ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Lynx/2.9"] {
        let visitor = app.guest();
        let login = visitor.with_form(Method::POST, "/login", &[("email", ANN), ("password", PASSWORD)]);
        assert_eq!(visitor.send(login.header("user-agent", browser)).await.status, 303);
        visitors.push(visitor);
    }
    (app, visitors.try_into().unwrap_or_else(|_| unreachable!("two were made")), admin, ann)
}

async fn is_in(visitor: &Visitor) -> bool {
    visitor.get("/account").await.status == 200
}

#[actix_web::test]
async fn an_administrator_sees_a_users_sessions_with_readable_browsers() {
    let (_app, _ann, admin, id) = scene().await;
    let record = admin.get(&format!("/users/{id}")).await;
    let link = record.link("Sessions, lock and links").expect("the record leads there");
    let page = admin.get(&link).await;
    assert_eq!((page.status, link), (200, format!("/users/{id}/account")));
    let rows = page.all("tbody tr");
    assert_eq!(rows.len(), 2, "ann's and nobody else's: {rows:?}");
    assert!(rows[0].starts_with("Lynx 127.0.0.1") && rows[1].starts_with("Firefox 140 on Linux 127.0.0.1"), "{rows:?}");
    assert!(page.attribute("tbody tr:last-child [title]", "title").contains("Gecko/20100101"), "the raw text is there");
    assert!(!page.text().contains("this one"), "none of them is the administrator's own");
    assert_eq!(admin.get("/users/987654321/account").await.status, 404);
}

#[actix_web::test]
async fn an_administrator_ends_one_session_of_a_user_or_all_of_them() {
    let (app, [first, second], admin, id) = scene().await;
    let page = admin.get(&format!("/users/{id}/account")).await;
    let ends = page.attributes("tbody form", "action");
    let ended = admin.post(&ends[0], &[]).await;
    assert_eq!((ended.status, ended.location()), (303, format!("/users/{id}/account").as_str()));
    assert!(!is_in(&second).await && is_in(&first).await, "the newest is listed first, and no other has ended");
    assert_eq!(admin.post(&ends[0], &[]).await.status, 404, "it is gone already");
    let third = app.logged_in(ANN).await;
    assert_eq!(admin.post(&format!("/users/{id}/account/sessions/end"), &[]).await.status, 303);
    assert!(!is_in(&first).await && !is_in(&third).await, "all have ended");
    assert!(is_in(&admin).await, "nobody else's");
    let told = "SELECT actor FROM audit_entries WHERE action = 'session_end' AND record = 'ann@example.com'";
    assert_eq!(app.database.texts(told), ["admin@example.com"; 3]);
    assert!(admin.get(&format!("/users/{id}/account")).await.text().contains("Nobody is logged in"));
}

#[actix_web::test]
async fn a_session_is_ended_at_its_own_user_only() {
    let (app, [first, second], admin, id) = scene().await;
    let bob = app.db_user("bob@example.com", &[]).await.id;
    let session = app.database.number(&format!("SELECT max(id) FROM sessions WHERE user_id = {id}"));
    for path in [
        format!("/users/{bob}/account/sessions/{session}/end"),
        format!("/users/987654321/account/sessions/{session}/end"),
    ] {
        assert_eq!(admin.post(&path, &[]).await.status, 404, "{path}");
    }
    admin.post(&format!("/users/{bob}/account/sessions/end"), &[]).await;
    assert!(is_in(&first).await && is_in(&second).await);
}

#[actix_web::test]
async fn the_sessions_of_whoever_holds_more_are_out_of_reach_and_who_only_looks_ends_nothing() {
    let (app, _, admin, id) = scene().await;
    let clerk = app.user_with(&["users.view", "users.update"]).await;
    let looker = app.user_with(&["users.view"]).await;
    let page = clerk.get("/users/1/account").await;
    assert!(page.status == 200 && page.text().contains("holds permissions that you do not"), "{}", page.text());
    assert!(!page.has("main form"), "nothing is offered: {}", page.body);
    let session = app.database.number("SELECT min(id) FROM sessions WHERE user_id = 1");
    for path in ["/users/1/account/sessions/end".to_owned(), format!("/users/1/account/sessions/{session}/end")] {
        let refused = clerk.post(&path, &[]).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.text());
        assert_eq!(looker.post(&path, &[]).await.status, 403, "{path}");
    }
    assert!(is_in(&admin).await, "the session goes on");
    let page = looker.get(&format!("/users/{id}/account")).await;
    assert_eq!((page.status, page.all("tbody tr").len(), page.has("main form")), (200, 2, false), "{}", page.body);
    assert_eq!(clerk.post(&format!("/users/{id}/account/sessions/end"), &[]).await.status, 303, "ann holds no more");
}

#[actix_web::test]
async fn at_the_own_account_all_but_this_session_end() {
    let (app, _, admin, _) = scene().await;
    let other = app.logged_in("admin@example.com").await;
    assert!(admin.get("/users/1/account").await.text().contains("this one"));
    assert_eq!(admin.post("/users/1/account/sessions/end", &[]).await.status, 303);
    assert!(is_in(&admin).await && !is_in(&other).await);
}

#[actix_web::test]
async fn a_hundred_logins_that_wait_for_the_second_factor_hide_no_session() {
    let (app, _, admin, id) = scene().await;
    for number in 0..101 {
        app.database.execute(&format!(
            "INSERT INTO sessions (key_hash, user_id, address, user_agent, created_at, last_seen_at, owes_factor)
            SELECT 'waiting{number}', user_id, address, user_agent, created_at, last_seen_at, TRUE
            FROM sessions WHERE user_id = {id} ORDER BY id LIMIT 1"
        ));
    }
    assert_eq!(admin.get(&format!("/users/{id}/account")).await.all("tbody tr").len(), 2);
    assert_eq!(admin.post(&format!("/users/{id}/account/sessions/end"), &[]).await.status, 303);
    let ended = "SELECT count(*) FROM audit_entries WHERE action = 'session_end'";
    assert_eq!(app.database.number(ended), 2, "what had not begun has not ended");
}
