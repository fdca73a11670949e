use reqwest::Method;

use super::{answered, borrowed, is_question, later};
use crate::support::{PASSWORD, TestApp, Visitor};

const NEW: &str = "another horse battery";

/// A role that may be given, and an administrator who logged in.
async fn scene() -> (TestApp, Visitor) {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.db_role("Crew", &["items.view"]).await;
    app.db_role("Mates", &["items.view"]).await;
    (app, admin)
}

fn actions(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT action FROM audit_entries ORDER BY id")
}

#[actix_web::test]
async fn all_that_was_sent_is_sent_again_in_its_order_and_stored_as_it_was_typed() {
    let (app, admin) = scene().await;
    let late = later(&app, 16);
    let visitor = admin.at(&late);
    let description = "\"Quoted\" <b>&amp;</b> 'single' é\u{1f980} & more";
    let sent = [
        ("back", "/roles?sort=-name"),
        ("name", "Bo'sun & <mate>"),
        ("description", description),
        ("permissions", ""),
        ("permissions", "users.view"),
        ("permissions", "items.view"),
        ("find.permissions", ""),
    ];
    let asked = visitor.post("/roles?x=1&y=%22%3E", &sent).await;
    let again = answered(&asked, PASSWORD);
    let mut expected: Vec<_> = sent.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    expected.push(("confirm_password".into(), PASSWORD.into()));
    assert_eq!(again, expected, "every pair, repeated ones too, in order");
    assert_eq!(asked.attribute(".question form", "action"), "/roles?x=1&y=%22%3E", "to the same address");
    let done = visitor.post("/roles?x=1&y=%22%3E", &borrowed(&again)).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let stored = app.database.texts("SELECT name || '|' || description FROM roles WHERE name LIKE 'Bo%'");
    assert_eq!(stored, [format!("Bo'sun & <mate>|{description}")]);
    assert_eq!(
        app.database
            .number("SELECT count(*) FROM role_permissions JOIN roles ON roles.id = role_id WHERE name LIKE 'Bo%'"),
        2
    );
    let lines = "one\r\n\r\ntwo  \r\n three";
    let page = visitor.at(&later(&app, 60)).post("/users/1/account/lock", &[("reason", lines)]).await;
    assert!(page.text().contains("yourself"), "{}", page.text());
    let user = app.db_user("ann@example.com", &[]).await.id;
    let much_later = later(&app, 60);
    let asked = visitor.at(&much_later).post(&format!("/users/{user}/account/lock"), &[("reason", lines)]).await;
    let again = answered(&asked, PASSWORD);
    assert_eq!(
        visitor.at(&much_later).post(&asked.attribute(".question form", "action"), &borrowed(&again)).await.status,
        303
    );
    assert_eq!(app.database.texts("SELECT reason FROM account_locks"), ["one\n\ntwo  \n three"], "lines stay lines");
}

#[actix_web::test]
async fn a_wrong_password_is_told_at_its_field_put_on_record_and_never_shown() {
    let (app, admin) = scene().await;
    let late = later(&app, 16);
    let visitor = admin.at(&late);
    let user = app.db_user("ann@example.com", &[]).await.id;
    let path = format!("/users/{user}");
    let asked = visitor.post(&path, &[("version", "1"), ("roles", "2")]).await;
    assert!(!asked.has("[aria-invalid]"), "nothing is wrong yet: {}", asked.body);
    let apps = [later(&app, 17), later(&app, 18)];
    for (late, wrong) in apps.iter().zip(["wrong wrong wrong", NEW]) {
        let refused = visitor.at(late).post(&path, &borrowed(&answered(&asked, wrong))).await;
        assert!(is_question(&refused), "{}: {}", refused.status, refused.text());
        assert_eq!(refused.attributes("[aria-invalid=true]", "name"), ["confirm_password"]);
        assert!(refused.all(".fault")[0].contains("not your password"), "{}", refused.text());
        assert!(!refused.body.contains(wrong), "what was typed as a password is nowhere: {}", refused.body);
        let again = refused.form(".question form");
        assert_eq!(again.values("roles"), ["2"], "the rest is kept: {again:?}");
    }
    let mut held = visitor.at(&apps[1]).post(&path, &borrowed(&answered(&asked, NEW))).await;
    for _ in 0..20 {
        if held.status == 429 {
            break;
        }
        held = visitor.at(&apps[1]).post(&path, &borrowed(&answered(&asked, NEW))).await;
    }
    assert_eq!((held.status, held.all("h1")), (429, vec!["Confirm that it is you".to_owned()]), "{}", held.text());
    assert!(!held.header("retry-after").is_empty() && held.form(".question form").values("roles") == ["2"]);
    assert_eq!(app.database.number("SELECT count(*) FROM user_roles WHERE role_id = 2"), 0, "nothing is stored");
    let told = "SELECT count(*) FROM audit_entries WHERE action = 'login_refused' AND reason = 'wrong password, asked for again'";
    assert!(app.database.number(told) >= 2, "{:?}", actions(&app));
    assert!(!actions(&app).contains(&"confirm".into()));
    let twice = [("version", "1"), ("roles", "2"), ("confirm_password", "wrong"), ("confirm_password", PASSWORD)];
    assert_eq!(visitor.post(&path, &twice).await.status, 400, "two passwords are one too many");
    let empty = visitor.post(&path, &borrowed(&answered(&asked, ""))).await;
    assert!(is_question(&empty), "no password is none: {}", empty.text());
    let done = visitor.at(&later(&app, 40)).post(&path, &borrowed(&answered(&asked, PASSWORD))).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(actions(&app).contains(&"confirm".into()), "{:?}", actions(&app));
    let record = app.database.texts("SELECT changes || record || reason FROM audit_entries").concat();
    assert!(!record.contains(PASSWORD) && !record.contains("wrong wrong"), "no password is on record");
}

#[actix_web::test]
async fn a_password_that_is_to_be_set_is_not_in_the_page_and_is_typed_once_more() {
    let (app, admin) = scene().await;
    let late = later(&app, 16);
    let visitor = admin.at(&late);
    let new = [("email", "ann@example.com"), ("password", NEW), ("roles", "2")];
    let asked = visitor.post("/users", &new).await;
    assert!(is_question(&asked) && !asked.body.contains(NEW), "{}", asked.body);
    assert_eq!(asked.attributes("input[type=password]", "name"), ["confirm_password", "password"]);
    let sent = asked.form(".question form").set("confirm_password", PASSWORD).set("password", NEW);
    let made = visitor.post("/users", &sent.pairs()).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let login = app.guest().post("/login", &[("email", "ann@example.com"), ("password", NEW)]).await;
    assert_eq!(login.status, 303, "with the password that was typed again: {}", login.text());
}

#[actix_web::test]
async fn once_confirmed_the_session_goes_on_with_another_key_and_is_not_asked_for_fifteen_minutes() {
    let (app, admin) = scene().await;
    let late = later(&app, 16);
    let visitor = admin.at(&late);
    let new = |name: &'static str| [("name", name), ("permissions", "users.view")];
    let before = app.database.texts("SELECT id || ' ' || created_at || ' ' || key_hash FROM sessions");
    let asked = visitor.post("/roles", &new("One")).await;
    assert_eq!(visitor.post("/roles", &borrowed(&answered(&asked, PASSWORD))).await.status, 303);
    let after = app.database.texts("SELECT id || ' ' || created_at || ' ' || key_hash FROM sessions");
    assert_eq!(after.len(), 1, "the session is the same: {after:?}");
    let parts = |row: &str| row.rsplit_once(' ').map(|(rest, key)| (rest.to_owned(), key.to_owned())).expect("a key");
    assert_eq!(parts(&before[0]).0, parts(&after[0]).0);
    assert_ne!(parts(&before[0]).1, parts(&after[0]).1, "its key is not: a copy of the cookie opens nothing");
    assert_eq!(visitor.post("/roles", &new("Two")).await.status, 303, "another action right after");
    assert_eq!(visitor.at(&later(&app, 30)).post("/roles", &new("Three")).await.status, 303, "14 minutes after");
    assert!(is_question(&visitor.at(&later(&app, 32)).post("/roles", &new("Four")).await), "16 minutes after");
}

#[actix_web::test]
async fn a_confirmation_holds_in_its_own_session_alone() {
    let (app, here) = scene().await;
    let there = app.logged_in("admin@example.com").await;
    let late = later(&app, 16);
    let (here, there) = (here.at(&late), there.at(&late));
    let new = |name: &'static str| [("name", name), ("permissions", "users.view")];
    let asked = here.post("/roles", &new("One")).await;
    assert_eq!(here.post("/roles", &borrowed(&answered(&asked, PASSWORD))).await.status, 303);
    assert!(is_question(&there.post("/roles", &new("Two")).await), "the other session is asked all the same");
    let ann = app.db_user("ann@example.com", &[1]).await;
    let ann = app.logged_in(&ann.email).await.at(&late);
    app.database.execute("UPDATE users SET hashed_password = 'none' WHERE email = 'ann@example.com'");
    let asked = ann.post("/roles", &new("Three")).await;
    let sent = answered(&asked, PASSWORD);
    assert!(is_question(&ann.post("/roles", &borrowed(&sent)).await), "somebody else's password confirms nothing");
}

#[actix_web::test]
async fn to_change_the_own_password_confirms_too() {
    let (app, admin) = scene().await;
    let late = later(&app, 16);
    let visitor = admin.at(&late);
    let change = [("current_password", PASSWORD), ("password", NEW)];
    assert_eq!(visitor.post("/account/password", &change).await.status, 303);
    let made = visitor.post("/roles", &[("name", "One"), ("permissions", "users.view")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert!(!actions(&app).contains(&"confirm".into()), "the change itself tells of it: {:?}", actions(&app));
}

#[actix_web::test]
async fn the_question_leads_nowhere_but_where_it_was_asked() {
    let (app, admin) = scene().await;
    let late = later(&app, 16);
    let visitor = admin.at(&late);
    let user = app.db_user("ann@example.com", &[]).await.id;
    let path = format!("/users/{user}/account/lock");
    for sent in [("next", "https://evil.example"), ("action", "/users/1/delete"), ("formaction", "//evil.example")] {
        let asked = visitor.post(&path, &[("reason", "x"), sent]).await;
        assert_eq!(asked.attributes("form", "action"), [path.as_str()], "{sent:?} is a value like any other");
        assert!(!asked.has("[formaction]"), "{}", asked.body);
    }
    let direct = visitor.delete(&format!("/users/{user}")).await;
    assert_eq!(direct.status, 303, "nothing dangerous");
    let asked = visitor.with_form(Method::DELETE, "/roles/2", &[]);
    assert_eq!(visitor.send(asked).await.status, 303, "nobody holds it");
    let held = app.db_role("Held", &[]).await.id;
    app.db_user("bob@example.com", &[held]).await;
    let much_later = later(&app, 60);
    let asked = visitor.at(&much_later).delete(&format!("/roles/{held}")).await;
    assert!(
        is_question(&asked) && !asked.has("form"),
        "no form sends DELETE, least of all one that would save: {}",
        asked.body
    );
}

#[actix_web::test]
async fn htmx_gets_the_question_as_a_dialog_that_sends_the_same_to_the_same_place() {
    let (app, admin) = scene().await;
    let late = later(&app, 16);
    let visitor = admin.at(&late);
    let user = app.db_user("ann@example.com", &[]).await.id;
    let path = format!("/users/{user}");
    let ask = |target: &'static str| {
        let request = visitor.with_form(Method::PATCH, &path, &[("version", "1"), ("roles", "2"), ("roles", "3")]);
        request.header("HX-Request", "true").header("HX-Request-Type", "partial").header("HX-Target", target)
    };
    let asked = visitor.send(ask("td#users-2-roles")).await;
    assert_eq!((asked.status, asked.is_whole()), (403, false), "{}", asked.body);
    assert_eq!((asked.header("hx-retarget"), asked.header("hx-reswap")), ("#dialog", "innerHTML"));
    let form = |name| asked.attribute("form", name);
    assert_eq!(
        (form("hx-patch"), form("hx-target"), form("hx-swap")),
        (path.clone(), "td#users-2-roles".into(), "outerHTML".into())
    );
    let sent = answered(&asked, PASSWORD);
    assert_eq!(sent.iter().filter(|(name, _)| name == "roles").count(), 2, "{sent:?}");
    let done = visitor.patch(&path, &borrowed(&sent)).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let late = later(&app, 60);
    let visitor = visitor.at(&late);
    let cell = format!("{path}/is_active");
    let sent = [("version", "2"), ("is_active", "false")];
    let asked = visitor.htmx(Method::PATCH, &cell, &sent).await;
    assert!(is_question(&asked) && !asked.has("form"), "without a place to put it: {}", asked.body);
    let request = visitor.with_form(Method::PATCH, &cell, &sent).header("HX-Request", "true");
    let asked = visitor.send(request.header("HX-Target", "td#users-2-is_active")).await;
    assert_eq!(asked.attribute("form", "hx-patch"), cell);
    let saved = visitor.htmx(Method::PATCH, &cell, &borrowed(&answered(&asked, PASSWORD))).await;
    assert_eq!((saved.status, saved.has("td#users-2-is_active")), (200, true), "{}", saved.body);
    let much_later = later(&app, 120);
    let visitor = visitor.at(&much_later);
    let evil = visitor.with_form(Method::PATCH, &path, &[("version", "3"), ("roles", "")]);
    let evil = evil.header("HX-Request", "true").header("HX-Target", "x\" hx-get=\"/x");
    assert!(!visitor.send(evil).await.body.contains("hx-get"), "a target is a plain selector or none");
}
