//! One active administrator always remains, whatever is tried, and however many try it at once.

use actix_web::rt::spawn;

use crate::support::{TestApp, Visitor};

const ACTIVE: &str = "SELECT count(*) FROM users JOIN user_roles ON user_id = users.id WHERE role_id = 1 AND is_active";

/// A way to end somebody's being an administrator.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    TakeRole,
    Deactivate,
    DeactivateInCell,
    Delete,
    Lock,
}

impl Way {
    /// True when it was done.
    async fn go(self, by: &Visitor, id: i64) -> bool {
        let url = format!("/users/{id}");
        let page = match self {
            Way::TakeRole => by.post(&url, &[("version", "1"), ("roles", "")]).await,
            Way::Deactivate => by.post(&url, &[("version", "1"), ("is_active", "false")]).await,
            Way::DeactivateInCell => {
                by.patch(&format!("{url}/is_active"), &[("version", "1"), ("is_active", "false")]).await
            }
            Way::Lock => by.post(&format!("{url}/account/lock"), &[("reason", "x")]).await,
            Way::Delete => by.post(&format!("{url}/delete"), &[("version", "1")]).await,
        };
        match page.status {
            200 => true,
            303 => !page.location().starts_with("/login"),
            // 409: somebody else was quicker with the same record.
            403 | 404 | 409 | 422 => false,
            other => panic!("{self:?} answers {other}: {}", page.text()),
        }
    }
}

/// Two administrators, and nobody else.
async fn two(app: &TestApp) -> [(Visitor, i64); 2] {
    app.database.execute("DELETE FROM users");
    let mut two = Vec::new();
    for email in ["one@example.com", "other@example.com"] {
        let id = app.db_user(email, &[1]).await.id;
        two.push((app.logged_in(email).await, id));
    }
    two.try_into().unwrap_or_else(|_| unreachable!("two were made"))
}

/// Each of two administrators does this to the other, at once, many times.
async fn both_try(way: Way, others: Way) {
    let app = TestApp::start().await;
    for round in 0..30 {
        let [(one, one_id), (other, other_id)] = two(&app).await;
        let first = spawn(async move { way.go(&one, other_id).await });
        let second = spawn(async move { others.go(&other, one_id).await });
        let done = [first.await.expect("an answer"), second.await.expect("an answer")];
        let left = app.database.number(ACTIVE);
        assert_eq!(left, 1, "administrators left in round {round}: {way:?} and {others:?} {done:?}");
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "one of them succeeds in round {round}: {done:?}");
    }
}

macro_rules! at_once {
    ($($name:ident: $way:ident, $others:ident;)+) => {$(
        #[actix_web::test]
        async fn $name() {
            both_try(Way::$way, Way::$others).await;
        }
    )+};
}

at_once! {
    two_who_take_each_others_role_leave_one_administrator: TakeRole, TakeRole;
    two_who_deactivate_each_other_leave_one_administrator: Deactivate, Deactivate;
    two_who_deactivate_each_other_in_a_cell_leave_one_administrator: DeactivateInCell, DeactivateInCell;
    two_who_delete_each_other_leave_one_administrator: Delete, Delete;
    role_against_deactivation_leaves_one_administrator: TakeRole, Deactivate;
    role_against_deletion_leaves_one_administrator: TakeRole, Delete;
    two_who_lock_each_other_leave_one_administrator: Lock, Lock;
    lock_against_role_leaves_one_administrator: Lock, TakeRole;
    deactivation_against_deletion_leaves_one_administrator: DeactivateInCell, Delete;
}

#[actix_web::test]
async fn many_administrators_who_end_each_other_at_once_leave_one() {
    let app = TestApp::start().await;
    for round in 0..4 {
        app.database.execute("DELETE FROM users");
        let mut all = Vec::new();
        for number in 0..5 {
            let email = format!("admin{number}@example.com");
            let id = app.db_user(&email, &[1]).await.id;
            all.push((app.logged_in(&email).await, id));
        }
        let ids: Vec<_> = all.iter().map(|(_, id)| *id).collect();
        let tries = all.into_iter().enumerate().map(|(number, (visitor, _))| {
            let victim = ids[(number + 1) % ids.len()];
            let way = [Way::TakeRole, Way::Deactivate, Way::Delete][(number + round) % 3];
            spawn(async move { way.go(&visitor, victim).await })
        });
        for done in tries.collect::<Vec<_>>() {
            done.await.expect("an answer");
        }
        assert!(app.database.number(ACTIVE) >= 1, "an administrator is left in round {round}");
    }
}

#[actix_web::test]
async fn the_last_active_administrator_keeps_the_role() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let inactive = app.db_user("inactive@example.com", &[1]).await.id;
    app.database.execute(&format!("UPDATE users SET is_active = FALSE WHERE id = {inactive}"));
    let refused = admin.post("/users/1", &[("version", "1"), ("roles", "")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.all("#field-roles-fault")[0].contains("last active administrator"), "{:?}", refused.all(".fault"));
    assert_eq!(app.database.number(ACTIVE), 1);
    let many = admin.post("/users/1", &[("version", "1"), ("roles", ""), ("email", "changed@example.com")]).await;
    assert_eq!(many.status, 422);
    let changed = app.database.number("SELECT count(*) FROM users WHERE email = 'changed@example.com'");
    assert_eq!(changed, 0, "nothing of a refused form is stored");
}

#[actix_web::test]
async fn an_administrator_may_step_down_when_another_remains() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.db_user("other@example.com", &[1]).await;
    let saved = admin.post("/users/1", &[("version", "1"), ("roles", "")]).await;
    assert_eq!((saved.status, app.database.number(ACTIVE)), (303, 1), "{}", saved.text());
    assert_eq!(admin.get("/users").await.status, 403, "and is none from then on");
}

#[actix_web::test]
async fn while_there_is_no_administrator_others_go_on_with_their_work() {
    let app = TestApp::start().await;
    let clerk = app.user_with(&["users.view", "users.update", "users.delete", "users.create", "roles.view"]).await;
    let role = app.db_role("Crew", &["users.view"]).await.id;
    let (one, two) =
        (app.db_user("one@example.com", &[role]).await.id, app.db_user("two@example.com", &[role]).await.id);
    assert_eq!(app.database.number(ACTIVE), 0);
    let active = |value| [("version", if value == "false" { "1" } else { "2" }), ("is_active", value)];
    for value in ["false", "true"] {
        let saved = clerk.post(&format!("/users/{one}"), &active(value)).await;
        assert_eq!(saved.status, 303, "is_active={value} is nothing to an administrator: {}", saved.text());
    }
    let saved = clerk.post(&format!("/users/{one}"), &[("version", "3"), ("roles", "")]).await;
    assert_eq!(saved.status, 303, "another role: {}", saved.text());
    let deleted = clerk.post(&format!("/users/{two}/delete"), &[("version", "1")]).await;
    assert_eq!(deleted.status, 303, "who is no administrator may be deleted: {}", deleted.text());
}
