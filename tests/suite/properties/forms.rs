//! A form of any pairs, and a body of any bytes: taken, or refused; never an error of ours.

use proptest::prelude::*;
use proptest::sample::select;
use reqwest::Method;

use super::{holds_of, text};
use crate::doors::table::ROUTES;
use crate::support::TestApp;

async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    app.db_item(user, "Anchor").await;
    app.db_role("Crew", &[]).await;
    app
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = vec![
        "email",
        "password",
        "is_active",
        "roles",
        "title",
        "description",
        "owner",
        "name",
        "permissions",
        "version",
        "back",
        "leave",
        "find",
        "find.owner",
        "find.roles",
        "choose.title",
        "choose.email",
        "current_password",
        "token",
        "next",
        "reason",
    ];
    let name = prop_oneof![9 => select(names).prop_map(ToOwned::to_owned), 1 => text()];
    let meant = select(vec![
        "1",
        "2",
        "true",
        "false",
        "ann@example.com",
        "bea@example.com",
        "a long enough one",
        "users.view",
        "/users",
        "theirs",
        "yours",
    ]);
    prop::collection::vec((name, prop_oneof![2 => meant.prop_map(ToOwned::to_owned), 1 => text()]), 0..7)
}

/// Where a form goes. Not the logout and the end of sessions, after which the rest would ask as a guest.
fn place() -> impl Strategy<Value = (Method, String)> {
    let mut places = Vec::new();
    for route in ROUTES.iter().filter(|route| !route.path.contains("session") && route.path != "/logout") {
        for method in route.methods().into_iter().filter(|method| *method != Method::GET) {
            for (field, id) in [("email", "1"), ("title", "1"), ("name", "2"), ("owner", "2"), ("is_active", "3")] {
                places.push((method.clone(), route.path.replace("{id}", id).replace("{field}", field)));
            }
        }
    }
    places.dedup();
    select(places)
}

#[test]
fn a_form_of_any_pairs_is_taken_or_refused() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(scene());
    let admin = system.block_on(app.admin());
    holds_of(&system, 250, &(place(), pairs(), any::<bool>()), async |((method, path), pairs, is_htmx)| {
        let form: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = admin.with_form(method.clone(), &path, &form);
        let request =
            if is_htmx { request.header("HX-Request", "true").header("HX-Request-Type", "partial") } else { request };
        let page = admin.send(request).await;
        let is_answer = matches!(page.status, 200 | 303 | 400 | 401 | 403 | 404 | 409 | 422 | 429);
        prop_assert!(is_answer, "{} {} with {:?}: {} {}", method, path, pairs, page.status, page.text());
        Ok(())
    });
    for table in ["users", "items", "roles"] {
        let rows = app.database.rows(table);
        assert!(rows.iter().all(|row| !row.contains('\0')), "nothing odd is stored: {rows:?}");
    }
}

#[test]
fn a_body_of_any_bytes_is_taken_or_refused() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(scene());
    let admin = system.block_on(app.admin());
    let bytes =
        prop::collection::vec(prop_oneof![3 => select(b"version=1&title%0a2+;".to_vec()), 1 => any::<u8>()], 0..200);
    let kind = prop_oneof![4 => Just("application/x-www-form-urlencoded".to_owned()), 1 => "[ -~]{0,40}"];
    let coding = prop_oneof![9 => Just("identity".to_owned()), 1 => "[ -~]{0,20}"];
    holds_of(&system, 250, &(place(), bytes, kind, coding), async |((method, path), bytes, kind, coding)| {
        let request = admin.request(method.clone(), &path).header("Sec-Fetch-Site", "same-origin");
        let page =
            admin.send(request.header("Content-Type", kind).header("Content-Encoding", coding).body(bytes)).await;
        let is_answer = matches!(page.status, 200 | 303 | 400 | 401 | 403 | 404 | 409 | 415 | 422 | 429);
        prop_assert!(is_answer, "{} {}: {} {}", method, path, page.status, page.text());
        Ok(())
    });
}
