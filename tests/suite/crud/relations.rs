//! What users, items and roles have to each other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use diesel::connection::{Connection as _, InstrumentationEvent};
use diesel::prelude::*;
use quarterdeck::crud::{Crud as _, Entity as _, items, permissions, roles, users};
use quarterdeck::db::AnyConnection;
use quarterdeck::db::schema::{role_permissions, user_roles};
use quarterdeck::models::{Item, Role, User, UserChanges};

use super::super::support::TestDatabase;
use super::{new_item, new_user, role_case, write};

#[test]
fn items_and_grants_go_with_their_user_and_grants_with_their_role() {
    let database = TestDatabase::migrated();
    let conn = &mut database.connect();
    let [ann, bob] = ["ann@x.org", "bob@x.org"].map(|email| write(conn, 1, |w| User::create(w, new_user(email))));
    let [anchor, _, kept] = [(ann.id, "Anchor"), (ann.id, "Buoy"), (bob.id, "Compass")]
        .map(|(owner, title)| write(conn, 1, |w| Item::create(w, new_item(owner, title))));
    let [mate, cook] = ["Mate", "Cook"].map(|name| write(conn, 1, |w| Role::create(w, (role_case().new)(name, 0))));
    write(conn, 1, |w| roles::give(w, ann.id, &[mate.id, cook.id]));
    write(conn, 1, |w| roles::give(w, bob.id, &[mate.id]));
    write(conn, 1, |w| permissions::give(w, mate.id, &["users.view".into(), "items.view".into()]));

    let owned = items::of_owner(conn, ann.id, 10).expect("an answer");
    assert_eq!(owned.iter().map(|item| &*item.title).collect::<Vec<_>>(), ["Anchor", "Buoy"], "a user's items");
    assert_eq!(User::get(conn, anchor.owner_id).expect("an answer"), Some(ann.clone()), "an item's owner");
    let held = roles::of_users(conn, &[ann.id, bob.id]).expect("an answer");
    let mut held: Vec<_> = held.into_iter().map(|(user, role)| (user, role.name)).collect();
    held.sort();
    let expected = [(ann.id, "Cook".to_owned()), (ann.id, "Mate".into()), (bob.id, "Mate".into())];
    assert_eq!(held, expected, "the roles of users");
    assert_eq!(roles::users_of(conn, mate.id, 10).expect("an answer"), [ann.clone(), bob.clone()], "a role's users");

    write(conn, 2, |w| User::delete(w, ann.id));
    assert_eq!(Item::get_multi(conn, 0, 100).expect("an answer"), [kept], "items go with their owner");
    assert_eq!(roles::users_of(conn, mate.id, 10).expect("an answer"), [bob], "grants go with their user");
    write(conn, 2, |w| Role::delete(w, mate.id));
    let left: i64 = user_roles::table.count().get_result(conn).expect("an answer");
    assert_eq!(left, 0, "grants go with their role");
    let left: i64 = role_permissions::table.count().get_result(conn).expect("an answer");
    assert_eq!(left, 0, "permissions go with their role");
}

#[test]
fn what_is_read_of_a_record_at_once_is_what_is_read_one_by_one() {
    let database = TestDatabase::migrated();
    let conn = &mut database.connect();
    let admin = roles::administrator(conn).expect("an answer");
    let [mate, cook] = ["Mate", "Cook"].map(|name| write(conn, 1, |w| Role::create(w, (role_case().new)(name, 0))));
    write(conn, 1, |w| permissions::give(w, mate.id, &["users.view".into(), "items.view".into()]));
    let held: [&[i64]; 5] = [&[], &[cook.id], &[mate.id, cook.id], &[admin.id], &[admin.id, mate.id]];
    for (number, held) in held.into_iter().enumerate() {
        let user = write(conn, 1, |w| User::create(w, new_user(&format!("u{number}@x.org"))));
        write(conn, 1, |w| roles::give(w, user.id, held));
        for title in (0..number).map(|title| title.to_string()) {
            write(conn, 1, |w| Item::create(w, new_item(user.id, &title)));
        }
        for permissions in [&[][..], &["users.view"], &["users.view", "items.view", "roles.view"]] {
            let permissions: Vec<_> = permissions.iter().map(|permission| (*permission).to_owned()).collect();
            let whole = users::whole(conn, user.id, &permissions, 3).expect("an answer").expect("the user");
            let more = users::holding_more(conn, &[user.id], &permissions).expect("an answer");
            assert_eq!(whole.holds_more, more == [user.id], "{held:?} is more than {permissions:?}");
            let one_by_one = roles::of_users(conn, &[user.id]).expect("an answer");
            assert_eq!(whole.roles, one_by_one.into_iter().map(|(_, role)| role).collect::<Vec<_>>());
            assert_eq!(vec![(user.id, whole.items)], items::count_by_owner(conn, &[user.id], 3).expect("an answer"));
            assert_eq!((whole.user, whole.lock.is_none()), (user.clone(), true));
        }
    }
    for id in [mate.id, cook.id, admin.id] {
        let (role, users, held) = roles::whole(conn, id, 100).expect("an answer").expect("the role");
        assert_eq!(Some(role), Role::get(conn, id).expect("an answer"));
        assert_eq!(vec![(id, users)], roles::count_users(conn, &[id], 100).expect("an answer"));
        let one_by_one = permissions::of_roles(conn, &[id]).expect("an answer");
        assert_eq!(held, one_by_one.into_iter().map(|(_, permission)| permission).collect::<Vec<_>>());
    }
    assert!(users::whole(conn, 987_654_321, &[], 3).expect("an answer").is_none(), "there is no such user");
    assert!(roles::whole(conn, 987_654_321, 3).expect("an answer").is_none(), "there is no such role");
}

#[test]
fn relations_of_many_rows_take_one_query() {
    let database = TestDatabase::migrated();
    let conn = &mut database.connect();
    let role = write(conn, 1, |w| Role::create(w, (role_case().new)("Mate", 0)));
    let ids: Vec<_> = (0..40)
        .map(|number| {
            let user = write(conn, 1, |w| User::create(w, new_user(&format!("u{number}@x.org"))));
            write(conn, 1, |w| roles::give(w, user.id, &[role.id]));
            write(conn, 1, |w| Item::create(w, new_item(user.id, "Rope")));
            user.id
        })
        .collect();
    let queries = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&queries);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    let mut one_query = |what: &str, rows: usize, ask: &dyn Fn(&mut AnyConnection) -> QueryResult<usize>| {
        queries.store(0, Ordering::Relaxed);
        assert_eq!(ask(conn).expect("an answer"), rows, "rows of {what}");
        assert_eq!(queries.load(Ordering::Relaxed), 1, "queries for {what}");
    };
    for ids in [&ids[..2], &ids] {
        one_query("roles of users", ids.len(), &|conn| Ok(roles::of_users(conn, ids)?.len()));
        one_query("items counted", ids.len(), &|conn| Ok(items::count_by_owner(conn, ids, 101)?.len()));
        one_query("rows by id", ids.len(), &|conn| Ok(User::get_many(conn, ids)?.len()));
    }
    one_query("users of a role", 40, &|conn| Ok(roles::users_of(conn, role.id, 100)?.len()));
    one_query("users counted", 1, &|conn| Ok(roles::count_users(conn, &[role.id], 100)?.len()));
    one_query("permissions of roles", 0, &|conn| Ok(permissions::of_roles(conn, &[role.id])?.len()));
}

#[test]
fn an_update_is_prepared_once_for_a_connection() {
    let database = TestDatabase::migrated();
    let conn = &mut database.connect();
    let user = write(conn, 1, |w| User::create(w, new_user("ann@x.org")));
    let kept = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&kept);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::CacheQuery { sql, .. } = event {
            heard.lock().expect("one thread").push(sql.to_owned());
        }
    });
    for version in 1..=3 {
        let changes = UserChanges { email: Some(format!("ann{version}@x.org")), ..Default::default() };
        let row = write(conn, 2, |w| User::update_version(w, user.id, version, &changes)).expect("the row");
        assert_eq!((row.version, row.email), (version + 1, format!("ann{version}@x.org")));
    }
    let kept = kept.lock().expect("one thread");
    assert_eq!(kept.iter().filter(|sql| sql.starts_with("UPDATE ")).count(), 1, "{kept:?}");
}
