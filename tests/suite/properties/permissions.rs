//! No sequence of requests by someone without a permission changes a row of that entity.
//!
//! Whoever lacks one permission and holds all others may still do to an entity what the others permit: without
//! `users.update` a user can be made and deleted. So what is compared goes by the permission: without `create` no record
//! is new, without `delete` none is gone, without `update` those that are left are as they were, in every column and in
//! what they hold. One thing is decided otherwise: an item goes with its owner, for whoever holds `users.delete` (README,
//! "Deleting a user deletes the user's items").

use std::collections::{BTreeMap, BTreeSet};

use super::steps::{ENTITIES, Ids, Step, steps};
use super::{Held, holds_of};
use crate::doors::table::permissions;
use crate::support::{Rows, TestApp, Visitor};
use proptest::prelude::*;

/// All that a sequence could change.
struct Records {
    /// The rows of each entity by id, with what they hold in other tables.
    of: BTreeMap<&'static str, BTreeMap<i64, String>>,
    /// Who holds which role.
    holders: BTreeSet<(i64, i64)>,
    owners: BTreeMap<i64, i64>,
}

impl Records {
    fn of(app: &TestApp) -> Self {
        let mut look = app.database.look();
        let mut of: BTreeMap<_, _> = ENTITIES.map(|entity| (entity, by_id(&mut look, entity))).into();
        for held in look.by("CAST(role_id AS TEXT)", "role_permissions") {
            let (role, held) = keyed(&held);
            of.get_mut("roles").and_then(|roles| roles.get_mut(&role)).expect("the role is there").push_str(held);
        }
        let pairs = |rows: Vec<String>| rows.into_iter().map(|row| pair(&row)).collect::<Vec<_>>();
        Records {
            of,
            holders: pairs(look.by(PAIR, "user_roles")).into_iter().collect(),
            owners: pairs(look.by(OWNED, "items")).into_iter().collect(),
        }
    }

    /// What was done to an entity since: new records, changed ones, and those that are gone.
    fn done(&self, after: &Records, entity: &str) -> BTreeMap<&'static str, Vec<i64>> {
        let (old, new) = (&self.of[entity], &after.of[entity]);
        let users = &after.of["users"];
        let goes_along = |id: &i64| entity == "items" && !users.contains_key(&self.owners[id]);
        let mut changed: Vec<i64> =
            old.iter().filter(|(id, row)| new.get(id).is_some_and(|now| now != *row)).map(|(id, _)| *id).collect();
        if entity == "users" {
            let roles = &after.of["roles"];
            let is_left = |(user, role): &&(i64, i64)| {
                old.contains_key(user) && users.contains_key(user) && roles.contains_key(role)
            };
            changed.extend(self.holders.symmetric_difference(&after.holders).filter(is_left).map(|(user, _)| *user));
        }
        [
            ("create", new.keys().filter(|id| !old.contains_key(id)).copied().collect()),
            ("update", changed),
            ("delete", old.keys().filter(|id| !new.contains_key(id) && !goes_along(id)).copied().collect()),
        ]
        .into()
    }
}

const PAIR: &str = "CAST(user_id AS TEXT) || ':' || CAST(role_id AS TEXT)";
const OWNED: &str = "CAST(id AS TEXT) || ':' || CAST(owner_id AS TEXT)";

fn by_id(look: &mut Rows, entity: &str) -> BTreeMap<i64, String> {
    let rows = look.by("CAST(id AS TEXT)", entity);
    rows.iter().map(|row| keyed(row)).map(|(id, row)| (id, row.to_owned())).collect()
}

fn keyed(row: &str) -> (i64, &str) {
    let (id, row) = row.split_once(' ').expect("an id before the row");
    (id.parse().expect("a number"), row)
}

fn pair(row: &str) -> (i64, i64) {
    let two = row.split_once(' ').and_then(|(key, _)| key.split_once(':')).expect("two ids before the row");
    (two.0.parse().expect("a number"), two.1.parse().expect("a number"))
}

/// Some records that nobody has touched.
fn seed(app: &TestApp) {
    let number = app.database.number("SELECT coalesce(max(id), 0) FROM users");
    app.database.execute(&format!(
        "INSERT INTO users (email, hashed_password) VALUES ('a{number}@example.org', 'x'), ('b{number}@example.org', 'x');
         INSERT INTO roles (name) VALUES ('A{number}'), ('B{number}');
         INSERT INTO items (owner_id, title) SELECT max(id), 'A' FROM users;
         INSERT INTO items (owner_id, title) SELECT max(id), 'B' FROM users;
         INSERT INTO user_roles (user_id, role_id) SELECT max(users.id), max(roles.id) FROM users, roles;"
    ));
}

async fn run(app: &TestApp, visitor: &Visitor, steps: &[Step]) -> Result<(Records, Records), TestCaseError> {
    let before = Records::of(app);
    let ids: Ids = before.of.iter().map(|(entity, records)| (*entity, records.keys().copied().collect())).collect();
    for step in steps {
        let status = step.take(&ids, visitor).await;
        prop_assert!(status < 500, "{:?}: {}", step, status);
    }
    Ok((before, Records::of(app)))
}

/// Without this permission and with all others.
fn without(entity: &str, action: &str) {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    system.block_on(app.admin());
    let lacking = format!("{entity}.{action}");
    let held: Vec<_> = permissions().into_iter().filter(|permission| *permission != lacking).collect();
    let held: Vec<_> = held.iter().map(String::as_str).collect();
    holds_of(&system, 8, &steps(), async |steps| -> Held {
        // Somebody new each time: the sequence before may have taken permissions away.
        let visitor = app.user_with(&held).await;
        seed(&app);
        let (before, after) = run(&app, &visitor, &steps).await?;
        let done = &before.done(&after, entity)[action];
        prop_assert!(done.is_empty(), "without {} this was done to {:?}", lacking, done);
        Ok(())
    });
}

#[test]
fn without_a_permission_no_sequence_of_requests_does_to_users_what_it_permits() {
    for action in ["create", "update", "delete"] {
        without("users", action);
    }
}

#[test]
fn without_a_permission_no_sequence_of_requests_does_to_items_what_it_permits() {
    for action in ["create", "update", "delete"] {
        without("items", action);
    }
}

#[test]
fn without_a_permission_no_sequence_of_requests_does_to_roles_what_it_permits() {
    for action in ["create", "update", "delete"] {
        without("roles", action);
    }
}

#[test]
fn without_any_permission_of_an_entity_no_sequence_of_requests_changes_a_row_of_it() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    system.block_on(app.admin());
    for entity in ENTITIES {
        let held: Vec<_> = permissions().into_iter().filter(|permission| !permission.starts_with(entity)).collect();
        let held: Vec<_> = held.iter().map(String::as_str).collect();
        holds_of(&system, 8, &steps(), async |steps| -> Held {
            let visitor = app.user_with(&held).await;
            seed(&app);
            let (before, after) = run(&app, &visitor, &steps).await?;
            for (action, done) in before.done(&after, entity) {
                prop_assert!(done.is_empty(), "{} of {}: {:?}", action, entity, done);
            }
            Ok(())
        });
    }
}

#[test]
fn who_has_no_permission_and_who_is_not_logged_in_changes_no_row_at_all() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    system.block_on(app.admin());
    let visitors = [system.block_on(app.user_with(&[])), app.guest()];
    seed(&app);
    for visitor in &visitors {
        holds_of(&system, 10, &steps(), async |steps| -> Held {
            let before = app.database.everything();
            run(&app, visitor, &steps).await?;
            prop_assert_eq!(app.database.everything(), before);
            Ok(())
        });
    }
}

#[test]
fn with_all_permissions_such_sequences_do_everything() {
    let system = actix_web::rt::System::new();
    let app = system.block_on(TestApp::start());
    let seen = std::cell::RefCell::new(BTreeSet::new());
    holds_of(&system, 40, &steps(), async |steps| -> Held {
        seed(&app);
        // Among what such a sequence does is to end the own session.
        let admin = app.admin().await;
        let (before, after) = run(&app, &admin, &steps).await?;
        for entity in ENTITIES {
            let done = before.done(&after, entity).into_iter().filter(|(_, done)| !done.is_empty());
            seen.borrow_mut().extend(done.map(|(action, _)| format!("{entity}.{action}")));
        }
        Ok(())
    });
    let is_change = |permission: &String| !permission.contains(".view") && !permission.contains(".export");
    let changes = permissions().into_iter().filter(is_change);
    let unseen: Vec<_> = changes.filter(|permission| !seen.borrow().contains(permission)).collect();
    assert!(unseen.is_empty(), "so the sequences above could have done this too: {unseen:?}");
}
