use crate::support::{PASSWORD, TestApp, Visitor};

const ANN: &str = "ann@example.com";
const REASON: &str = "Her laptop is lost";

async fn scene() -> (TestApp, Visitor, Visitor, String) {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let id = app.db_user(ANN, &[]).await.id;
    let ann = app.logged_in(ANN).await;
    (app, admin, ann, format!("/users/{id}/account"))
}

async fn is_in(visitor: &Visitor) -> bool {
    visitor.get("/account").await.status == 200
}

async fn login(app: &TestApp) -> u16 {
    app.guest().post("/login", &[("email", ANN), ("password", PASSWORD)]).await.status
}

/// The newest entries, as `actor action record reason`, the oldest first.
fn told(app: &TestApp, count: usize) -> Vec<String> {
    let all = "SELECT actor || ' ' || action || ' ' || record || ' ' || reason FROM audit_entries ORDER BY id";
    let all = app.database.texts(all);
    all[all.len() - count..].to_vec()
}

#[actix_web::test]
async fn a_locked_user_is_out_at_the_next_request_and_can_not_log_in_until_unlocked() {
    let (app, admin, ann, page) = scene().await;
    let locked = admin.post(&format!("{page}/lock"), &[("reason", &format!("  {REASON}\r\nat sea "))]).await;
    assert_eq!((locked.status, locked.location()), (303, page.as_str()), "{}", locked.text());
    assert!(!is_in(&ann).await, "out at once");
    assert_eq!((login(&app).await, app.database.number("SELECT count(*) FROM sessions WHERE user_id = 2")), (401, 0));
    let shown = admin.get(&page).await;
    let said = shown.text();
    assert!(said.contains("Her laptop is lost at sea") && said.contains("by admin@example.com"), "{said}");
    assert!(!shown.has("[name=reason]"), "it is locked already");
    let record = admin.get("/users/2").await.text();
    assert!(record.contains("by admin@example.com: Her laptop is lost at sea"), "on the record too: {record}");

    let unlocked = admin.post(&format!("{page}/unlock"), &[]).await;
    assert_eq!((unlocked.status, unlocked.location()), (303, page.as_str()));
    assert!(!is_in(&ann).await, "the old session does not come back");
    assert_eq!(login(&app).await, 303);
    assert_eq!(app.database.number("SELECT count(*) FROM account_locks"), 0);
    let values = admin.get("/users/2").await.all(".values").concat();
    assert!(values.contains("Lock None") && !values.contains(REASON), "the lock is gone from the record: {values}");
}

#[actix_web::test]
async fn a_lock_is_one_action_on_record_with_its_reason_and_so_is_its_end() {
    let (app, admin, _ann, page) = scene().await;
    admin.post(&format!("{page}/lock"), &[("reason", REASON)]).await;
    let expected = [format!("admin@example.com lock {ANN} {REASON}"), format!("admin@example.com session_end {ANN} ")];
    assert_eq!(told(&app, 2), expected);
    let sets = "SELECT count(DISTINCT change_set) FROM audit_entries WHERE action IN ('lock', 'session_end')";
    assert_eq!(app.database.number(sets), 1, "they are one action");
    let changes = "SELECT changes FROM audit_entries WHERE action IN ('lock', 'unlock') ORDER BY id";
    admin.post(&format!("{page}/unlock"), &[]).await;
    assert_eq!(told(&app, 1), [format!("admin@example.com unlock {ANN} ")]);
    let changed = |old: &str, new: &str| format!(r#"[{{"field":"is_active","old":["{old}"],"new":["{new}"]}}]"#);
    assert_eq!(app.database.texts(changes), [changed("true", "false"), changed("false", "true")]);
    admin.post(&format!("{page}/unlock"), &[]).await;
    assert_eq!(app.database.texts(changes).len(), 2, "what is unlocked already is no change");
}

#[actix_web::test]
async fn without_a_reason_that_can_be_read_nobody_is_locked_and_what_was_typed_stays() {
    let (app, admin, ann, page) = scene().await;
    let (long, longest) = ("é".repeat(501), "é".repeat(500));
    for (reason, said) in [("", "Say why"), (" \r\n ", "Say why"), (&long, "at most 500"), ("a\0b", "can't be shown")] {
        let refused = admin.post(&format!("{page}/lock"), &[("reason", reason)]).await;
        assert_eq!(refused.status, 422, "{reason:?}: {}", refused.text());
        assert_eq!(refused.attributes("[aria-invalid=true]", "name"), ["reason"]);
        assert!(refused.all("#reason-fault")[0].contains(said), "{reason:?}: {:?}", refused.all(".fault"));
        assert_eq!(
            refused.form("#lock form.record").values("reason").concat().trim(),
            reason.trim().replace('\0', "\u{fffd}")
        );
        assert!(is_in(&ann).await, "{reason:?} locks nobody");
    }
    assert_eq!(admin.post(&format!("{page}/lock"), &[]).await.status, 422, "no reason at all");
    assert_eq!(admin.post(&format!("{page}/lock"), &[("reason", &longest)]).await.status, 303, "500 are taken");
    assert_eq!(app.database.texts("SELECT reason FROM account_locks"), [longest]);
}

#[actix_web::test]
async fn nobody_locks_themselves_or_whoever_holds_more_or_the_last_administrator() {
    let (app, admin, ann, page) = scene().await;
    let reason = [("reason", REASON)];
    let oneself = admin.post("/users/1/account/lock", &reason).await;
    assert!(oneself.status == 403 && oneself.text().contains("lock yourself"), "{}", oneself.text());
    assert!(!admin.get("/users/1/account").await.has("[name=reason]"), "nor is it offered");
    let clerk = app.user_with(&["users.view", "users.update"]).await;
    let more = clerk.post("/users/1/account/lock", &reason).await;
    assert!(more.status == 403 && more.text().contains("holds permissions that you do not"), "{}", more.text());
    assert_eq!(clerk.post("/users/1/account/unlock", &[]).await.status, 403);
    assert!(is_in(&admin).await);
    for path in ["lock", "unlock"] {
        let looker = app.user_with(&["users.view"]).await;
        assert_eq!(looker.post(&format!("{page}/{path}"), &reason).await.status, 403, "{path}");
        assert_eq!(admin.post(&format!("/users/987654321/account/{path}"), &reason).await.status, 404, "{path}");
    }
    assert!(is_in(&ann).await, "ann goes on");
}

#[actix_web::test]
async fn the_lock_ends_with_whatever_makes_the_account_active_and_what_is_not_active_can_be_unlocked() {
    let (app, admin, _ann, page) = scene().await;
    let locks = "SELECT count(*) FROM account_locks";
    for activate in ["field", "another program"] {
        assert_eq!(admin.post(&format!("{page}/lock"), &[("reason", REASON)]).await.status, 303);
        assert_eq!(app.database.number(locks), 1);
        if activate == "field" {
            let form = admin.get("/users/2").await.form("form.record").set("is_active", "true");
            assert_eq!(admin.post("/users/2", &form.pairs()).await.status, 303);
        } else {
            app.database.execute("UPDATE users SET is_active = TRUE WHERE id = 2");
        }
        assert_eq!(app.database.number(locks), 0, "made active by {activate}");
        assert_eq!(login(&app).await, 303);
    }
    app.database.execute("UPDATE users SET is_active = FALSE WHERE id = 2");
    let shown = admin.get(&page).await;
    assert!(shown.text().contains("not active") && !shown.text().contains(REASON), "{}", shown.text());
    assert_eq!(admin.post(&format!("{page}/unlock"), &[]).await.status, 303);
    assert_eq!(login(&app).await, 303, "by whatever it was not active");
    app.database.execute("UPDATE users SET is_active = FALSE WHERE id = 2");
    assert_eq!(admin.post(&format!("{page}/lock"), &[("reason", REASON)]).await.status, 303, "with a reason after all");
    assert_eq!(admin.delete("/users/2").await.status, 303);
    assert_eq!(app.database.number(locks), 0, "the lock goes with its user");
}

#[actix_web::test]
async fn a_lock_spoils_the_links_by_which_a_password_could_be_chosen() {
    let (app, admin, _ann, page) = scene().await;
    let made = admin.post(&format!("{page}/link"), &[]).await;
    let link = made.attribute("#password-link", "value");
    let link = link.strip_prefix(&app.url).expect("a link to the application");
    assert_eq!(app.guest().get(link).await.status, 200);
    assert_eq!(admin.post(&format!("{page}/lock"), &[("reason", REASON)]).await.status, 303);
    assert_eq!(app.guest().get(link).await.status, 404, "of no use while it is locked");
    assert_eq!(admin.post(&format!("{page}/unlock"), &[]).await.status, 303);
    assert_eq!(app.guest().get(link).await.status, 404, "nor afterwards");
    assert_eq!(app.database.number("SELECT count(*) FROM password_links"), 0);
}
