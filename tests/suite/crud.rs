//! The data layer: the same operations for every entity by one trait, and what users, items and roles have to each other.

mod relations;

use std::fmt::Debug;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use quarterdeck::crud::{Crud, users};
use quarterdeck::db::{AnyConnection, Author, Write};
use quarterdeck::models::{Item, ItemChanges, NewItem, NewRole, NewUser, Role, RoleChanges, User, UserChanges};
use quarterdeck::password::Hasher;

use super::support::{PASSWORD, TestApp, TestDatabase, settings};

/// A moment, later for a higher number.
fn at(number: u32) -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    day.and_hms_micro_opt(10, 0, number, 123_456).expect("a time")
}

fn write<T>(conn: &mut AnyConnection, number: u32, write: impl FnOnce(&mut Write) -> QueryResult<T>) -> T {
    let by = Author::command_line();
    write(&mut Write::new(conn, &by, at(number))).expect("the write succeeds")
}

/// What a test of every entity must know of one.
struct Case<T: Crud> {
    new: fn(name: &str, owner: i64) -> T::New,
    changes: T::Changes,
    /// What is to become of a row by the changes, but for what every change does.
    changed: fn(&mut T),
    /// Version, creation and last change.
    stamp: fn(&mut T) -> (&mut i64, &mut NaiveDateTime, &mut NaiveDateTime),
}

fn user_case() -> Case<User> {
    Case {
        new: |name, _| new_user(&format!("{name}@example.com")),
        changes: UserChanges { is_active: Some(false), ..Default::default() },
        changed: |user| user.is_active = false,
        stamp: |user| (&mut user.version, &mut user.created_at, &mut user.updated_at),
    }
}

fn item_case() -> Case<Item> {
    Case {
        new: |name, owner| new_item(owner, name),
        changes: ItemChanges { description: Some("in brass".into()), ..Default::default() },
        changed: |item| item.description = "in brass".into(),
        stamp: |item| (&mut item.version, &mut item.created_at, &mut item.updated_at),
    }
}

fn role_case() -> Case<Role> {
    Case {
        new: |name, _| NewRole {
            name: name.to_owned(),
            description: "of the watch".into(),
            requires_second_factor: false,
        },
        changes: RoleChanges { name: Some("Bosun".into()), ..Default::default() },
        changed: |role| (role.name, role.name_key) = ("Bosun".into(), "bosun".into()),
        stamp: |role| (&mut role.version, &mut role.created_at, &mut role.updated_at),
    }
}

fn new_user(email: &str) -> NewUser {
    NewUser { email: email.to_owned(), hashed_password: "$none".into(), is_active: true }
}

fn new_item(owner_id: i64, title: &str) -> NewItem {
    NewItem { owner_id, title: title.to_owned(), description: String::new() }
}

/// Each test below runs for users, items and roles.
macro_rules! for_every_entity {
    ($($test:ident => $check:ident;)*) => {$(
        #[test]
        fn $test() {
            $check(&user_case());
            $check(&item_case());
            $check(&role_case());
        }
    )*};
}

for_every_entity! {
    a_created_row_is_got_by_its_id_and_no_other_is => creates_and_gets;
    get_multi_skips_and_limits_by_id => gets_multi;
    an_update_changes_what_is_set_and_nothing_else => updates;
    an_update_of_a_version_refuses_another_version => updates_a_version;
    delete_gives_the_row_back_and_then_none => deletes;
}

/// A database with someone who may own items, and `count` rows of the entity.
fn stored<T: Crud>(case: &Case<T>, count: usize) -> (TestDatabase, AnyConnection, Vec<T>) {
    let database = TestDatabase::migrated();
    let mut conn = database.connect();
    let owner = write(&mut conn, 0, |w| User::create(w, new_user("owner@example.com"))).id;
    let row = |number| {
        let new = (case.new)(&format!("number {number}").replace(' ', "-"), owner);
        write(&mut conn, 1, |w| T::create(w, new))
    };
    let rows = (0..count).map(row).collect();
    (database, conn, rows)
}

fn creates_and_gets<T: Crud + PartialEq + Debug>(case: &Case<T>) {
    let (_database, mut conn, mut rows) = stored(case, 2);
    for row in &rows {
        assert_eq!(T::get(&mut conn, row.id()).expect("an answer").as_ref(), Some(row), "get of {}", T::NAME);
    }
    assert_eq!(T::get(&mut conn, i64::MAX).expect("an answer"), None, "{} has no such row", T::NAME);
    let (version, created, updated) = (case.stamp)(&mut rows[0]);
    assert_eq!((*version, *created, *updated), (1, at(1), at(1)), "how a row of {} begins", T::NAME);
    let many = T::get_many(&mut conn, &[rows[1].id(), i64::MAX, rows[1].id()]).expect("an answer");
    assert_eq!(many, rows[1..], "get_many of {} passes over what is not there", T::NAME);
}

fn gets_multi<T: Crud + PartialEq + Debug>(case: &Case<T>) {
    let (_database, mut conn, rows) = stored(case, 5);
    let all = T::get_multi(&mut conn, 0, 100).expect("an answer");
    assert!(all.is_sorted_by_key(T::id), "{} come by id", T::NAME);
    assert!(all.ends_with(&rows), "{} are all there", T::NAME);
    let before = i64::try_from(all.len()).expect("a small number") - 5;
    let mut get = |skip, limit| T::get_multi(&mut conn, skip, limit).expect("an answer");
    assert_eq!(get(before + 1, 2), rows[1..3], "one of {} skipped, two taken", T::NAME);
    assert_eq!(get(before + 4, 100), rows[4..], "the last of {}", T::NAME);
    assert_eq!(get(before + 5, 100), [], "nothing after the last of {}", T::NAME);
    assert_eq!(get(0, 0), [], "none asked, none given");
}

fn updates<T: Crud + PartialEq + Debug>(case: &Case<T>) {
    let (_database, mut conn, rows) = stored(case, 2);
    let id = rows[0].id();
    let updated = write(&mut conn, 2, |w| T::update(w, id, &case.changes));
    let mut expected = rows[0].clone();
    (case.changed)(&mut expected);
    let (version, _, updated_at) = (case.stamp)(&mut expected);
    (*version, *updated_at) = (2, at(2));
    assert!(
        updated.as_ref() == Some(&expected),
        "{}: got {:?}",
        T::NAME,
        updated.map(|mut row| stamped(case, &mut row))
    );
    assert!(
        T::get(&mut conn, id).expect("an answer") == Some(expected),
        "{} are stored as they are given back",
        T::NAME
    );
    assert!(T::get(&mut conn, rows[1].id()).expect("an answer").as_ref() == Some(&rows[1]), "other {} stay", T::NAME);
    let nobody = write(&mut conn, 3, |w| T::update(w, i64::MAX, &case.changes));
    assert!(nobody.is_none(), "{} has no such row", T::NAME);
}

fn updates_a_version<T: Crud + PartialEq + Debug>(case: &Case<T>) {
    let (_database, mut conn, rows) = stored(case, 1);
    let id = rows[0].id();
    for wrong in [0, 2, -1] {
        let refused = write(&mut conn, 2, |w| T::update_version(w, id, wrong, &case.changes));
        assert!(refused.is_none(), "{} has another version than {wrong}", T::NAME);
    }
    assert_eq!(T::get(&mut conn, id).expect("an answer").as_ref(), Some(&rows[0]), "a refused change changes nothing");
    let mut updated = write(&mut conn, 3, |w| T::update_version(w, id, 1, &case.changes)).expect("the right version");
    assert_eq!(stamped(case, &mut updated), (2, at(1), at(3)), "{}: version, creation, last change", T::NAME);
    let again = write(&mut conn, 4, |w| T::update_version(w, id, 1, &case.changes));
    assert!(again.is_none(), "the second of two who saw the same version of {} is refused", T::NAME);
}

fn deletes<T: Crud + PartialEq + Debug>(case: &Case<T>) {
    let (_database, mut conn, rows) = stored(case, 2);
    let id = rows[0].id();
    assert_eq!(write(&mut conn, 2, |w| T::delete(w, id)).as_ref(), Some(&rows[0]), "the deleted row of {}", T::NAME);
    assert_eq!(write(&mut conn, 2, |w| T::delete(w, id)), None, "{} has it no more", T::NAME);
    assert_eq!(T::get(&mut conn, id).expect("an answer"), None, "{} has it no more", T::NAME);
    assert_eq!(T::get(&mut conn, rows[1].id()).expect("an answer").as_ref(), Some(&rows[1]), "other {} stay", T::NAME);
}

fn stamped<T: Crud>(case: &Case<T>, row: &mut T) -> (i64, NaiveDateTime, NaiveDateTime) {
    let (version, created, updated) = (case.stamp)(row);
    (*version, *created, *updated)
}

#[actix_web::test]
async fn a_user_is_made_with_the_hash_of_the_password_and_found_by_the_address_however_written() {
    let database = TestDatabase::migrated();
    let dear = ["--argon2-memory-kib", "24", "--argon2-iterations", "3"].map(ToOwned::to_owned);
    let hasher = Hasher::new(settings(&database, &dear).passwords);
    let app = TestApp::start_on(database, super::support::Options::default());
    let by = Author::command_line();
    let made =
        users::create(&app.db, &hasher, by, "  Ann@Example.COM ", PASSWORD.into(), vec![]).await.expect("a user");
    assert_eq!(made.email, "ann@example.com", "stored trimmed and in lower case");
    let hash = &made.hashed_password;
    assert!(hash.starts_with("$argon2id$v=19$m=24,t=3,p=1$"), "a PHC string with the settings' costs: {hash}");
    assert!(!hash.contains(PASSWORD), "not the password itself");
    for spelling in ["ann@example.com", "ANN@example.com", " ann@example.com\t"] {
        let found = app.db_read(move |conn| users::get_by_email(conn, spelling)).await;
        assert_eq!(found.as_ref(), Some(&made), "found as {spelling:?}");
    }
    assert_eq!(app.db_read(|conn| users::get_by_email(conn, "an_@example.com")).await, None, "no pattern, no guess");
    let other = app.db_user("bob@example.com", &[]).await;
    assert_ne!(other.hashed_password.rsplit('$').next(), hash.rsplit('$').next(), "each hash has its own salt");
}
