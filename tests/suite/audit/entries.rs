use serde_json::json;

use super::{changes, entries, last};
use crate::support::{PASSWORD, Program, TestApp};

#[actix_web::test]
async fn a_new_record_is_on_record_with_its_values_and_by_whom() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let from = last(&app);
    let form = [("title", "Anchor"), ("owner", "1"), ("description", "")];
    let made = admin.post("/items", &form).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let owner = r#"{"field":"owner","new":[{"id":"1","name":"admin@example.com"}]}"#;
    let expected = format!(r#"admin@example.com create items/1 Anchor [{{"field":"title","new":["Anchor"]}},{owner}]"#);
    assert_eq!(entries(&app, from), [expected]);
    let number = made.header("x-request-id").to_owned();
    let of = "SELECT address || ' ' || request_id || ' ' || session_id || ' ' || actor_id FROM audit_entries ORDER BY id DESC LIMIT 1";
    let session = app.database.number("SELECT id FROM sessions");
    assert_eq!(app.database.texts(of), [format!("127.0.0.1 {number} {session} 1")], "from where, in which request");
}

#[actix_web::test]
async fn a_change_is_on_record_with_old_and_new_and_only_what_changed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.db_user("ann@example.com", &[]).await.id;
    let role = app.db_role("Crew", &["items.view"]).await.id;
    let from = last(&app);
    let form = admin.get(&format!("/users/{ann}")).await.form("form.record");
    let form = form.set("email", "anna@example.com").and("roles", &role.to_string());
    let saved = admin.post(&format!("/users/{ann}"), &form.pairs()).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(entries(&app, from).len(), 1);
    assert_eq!(
        changes(&app, "update"),
        json!([
            {"field": "email", "old": ["ann@example.com"], "new": ["anna@example.com"]},
            {"field": "roles", "new": [{"id": role.to_string(), "name": "Crew"}]},
        ])
    );
    let again = admin.get(&format!("/users/{ann}")).await.form("form.record");
    assert_eq!(admin.post(&format!("/users/{ann}"), &again.pairs()).await.status, 303);
    assert_eq!(entries(&app, from).len(), 1, "what is stored so already is no change");
    let form = admin.get(&format!("/roles/{role}")).await.form("form.record").and("permissions", "users.view");
    assert_eq!(admin.post(&format!("/roles/{role}"), &form.pairs()).await.status, 303);
    assert_eq!(
        changes(&app, "update"),
        json!([{"field": "permissions", "old": ["items.view"], "new": ["items.view", "users.view"]}])
    );
    let refused = admin.patch(&format!("/users/{ann}/email"), &[("version", "2"), ("email", "no address")]).await;
    assert_eq!((refused.status, entries(&app, from).len()), (422, 2), "what was refused has changed nothing");
}

#[actix_web::test]
async fn a_deletion_is_on_record_with_every_row_that_goes_with_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &["items.view"]).await.id;
    let ann = app.db_user("ann@example.com", &[role]).await.id;
    for number in 0..3 {
        app.db_item(ann, &format!("Rope {number}")).await;
    }
    app.logged_in("ann@example.com").await;
    let from = last(&app);
    assert_eq!(admin.post(&format!("/users/{ann}/delete"), &[("version", "1")]).await.status, 303);
    let actions = app.database.texts(&format!(
        "SELECT action || ' ' || entity || ' ' || record FROM audit_entries WHERE id > {from} ORDER BY id"
    ));
    let gone: Vec<_> = (0..3).map(|number| format!("delete items Rope {number}")).collect();
    assert_eq!(actions[..2], ["session_end users ann@example.com", "delete users ann@example.com"]);
    assert_eq!(actions[2..], gone);
    let sets = format!("SELECT count(DISTINCT change_set) FROM audit_entries WHERE id > {from}");
    assert_eq!(app.database.number(&sets), 1, "they are one action");
    let whole = "SELECT whole FROM audit_entries WHERE action = 'delete' ORDER BY id";
    let whole: Vec<serde_json::Value> =
        app.database.texts(whole).iter().map(|row| serde_json::from_str(row).expect("JSON")).collect();
    assert_eq!((&whole[0]["id"], &whole[0]["email"]), (&json!(ann), &json!("ann@example.com")));
    assert!(whole[0]["created_at"].is_string() && whole[0]["is_active"] == json!(true), "{}", whole[0]);
    assert_eq!((&whole[1]["title"], &whole[1]["owner_id"]), (&json!("Rope 0"), &json!(ann)));
    let roles = format!(r#"{{"field":"roles","old":[{{"id":"{role}","name":"Crew"}}]}}"#);
    let told = app.database.texts("SELECT changes FROM audit_entries WHERE action = 'delete' AND entity = 'users'");
    assert!(told[0].contains(&roles), "{told:?}");
    let all = app.database.texts("SELECT whole || changes FROM audit_entries").concat();
    assert!(!all.contains("$argon2"), "no hash is on record");
}

#[actix_web::test]
async fn a_role_that_is_deleted_is_on_record_at_each_who_held_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = app.db_role("Crew", &["items.view"]).await.id;
    for name in ["ann", "bob"] {
        app.db_user(&format!("{name}@example.com"), &[role]).await;
    }
    let from = last(&app);
    assert_eq!(admin.post(&format!("/roles/{role}/delete"), &[("version", "1")]).await.status, 303);
    let taken = format!(r#"[{{"field":"roles","old":[{{"id":"{role}","name":"Crew"}}]}}]"#);
    let told = entries(&app, from);
    assert_eq!(told[0], format!("admin@example.com update users/2 ann@example.com {taken}"));
    assert_eq!(told[1], format!("admin@example.com update users/3 bob@example.com {taken}"));
    assert!(told[2].starts_with(&format!("admin@example.com delete roles/{role} Crew")), "{told:?}");
}

#[actix_web::test]
async fn logins_refusals_and_logouts_are_on_record() {
    let app = TestApp::start().await;
    app.db_user("ann@example.com", &[]).await;
    let from = last(&app);
    let ann = app.logged_in("ann@example.com").await;
    assert_eq!(ann.post("/logout", &[]).await.status, 303);
    for (email, password) in [("Ann@example.com", "wrong"), ("nobody@example.com", PASSWORD), (PASSWORD, "")] {
        assert_eq!(app.guest().post("/login", &[("email", email), ("password", password)]).await.status, 401);
    }
    let told: Vec<_> = entries(&app, from).iter().map(|entry| entry.replace(" []", "")).collect();
    let expected = [
        r#"ann@example.com login users/1 ann@example.com [{"field":"way","new":["password"]}]"#,
        "ann@example.com logout users/1 ann@example.com",
        "ann@example.com login_refused users/1 ann@example.com",
        "nobody@example.com login_refused /0 ",
        "somebody login_refused /0 ",
    ];
    assert_eq!(told, expected, "what was typed in place of an address may be a password");
    let sessions = format!("SELECT count(*) FROM audit_entries WHERE id > {from} AND session_id = 1");
    assert_eq!(app.database.number(&sessions), 2, "login and logout name their session");
}

#[actix_web::test]
async fn the_own_password_and_the_end_of_other_sessions_are_on_record() {
    let app = TestApp::start().await;
    app.db_user("ann@example.com", &[]).await;
    let (here, _there) = (app.logged_in("ann@example.com").await, app.logged_in("ann@example.com").await);
    let from = last(&app);
    let form = [("current_password", PASSWORD), ("password", "another horse battery")];
    assert_eq!(here.post("/account/password", &form).await.status, 303);
    let told = entries(&app, from);
    assert_eq!(
        told[0],
        r#"ann@example.com password_change users/1 ann@example.com [{"field":"password","secret":true}]"#
    );
    assert!(told[1].starts_with("ann@example.com session_end users/1 ann@example.com"), "{told:?}");
}

#[actix_web::test]
async fn what_the_command_line_does_is_on_record() {
    let app = TestApp::start().await;
    let from = last(&app);
    let program = Program::on(&app.database);
    let create = ["user", "create", "ann@example.com"];
    program.run_with_input(&create, PASSWORD).success();
    program.run(&["user", "give-role", "ann@example.com", "Administrator"]).success();
    program.run_with_input(&["user", "set-password", "ann@example.com"], "another horse battery").success();
    let told = entries(&app, from);
    let actions: Vec<_> = told.iter().map(|entry| entry.split(" users").next().unwrap_or_default()).collect();
    assert_eq!(actions, ["command line create", "command line update", "command line password_change"], "{told:?}");
    program.run(&["migrate", "down"]).success();
}

#[actix_web::test]
async fn what_can_not_be_recorded_is_not_done() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.database.execute("ALTER TABLE audit_entries RENAME TO elsewhere");
    let made = admin.post("/items", &[("title", "Anchor"), ("owner", "1")]).await;
    assert_eq!(made.status, 500, "{}", made.text());
    assert_eq!(app.database.number("SELECT count(*) FROM items"), 0, "both or neither");
}
