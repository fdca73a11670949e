//! Every list, filter, order, picker and count that the declarations allow is led by an index: the database's own plan says so.

mod fill;
mod verdict;

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use quarterdeck::admin::{Plan, Registered, Samples};
use quarterdeck::resources::REGISTRY;

use crate::support::TestDatabase;

/// All that the declarations allow, and how the database would answer it.
fn plans(database: &TestDatabase) -> Vec<Plan> {
    let samples = Samples { values: fill::values, searches: fill::SEARCHES };
    let conn = &mut database.connect();
    if database.is_postgres() {
        // Of tables of this size it would rightly read all rather than look up a hundred; a plan that still does has no other.
        conn.batch_execute("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off")
            .expect("settings");
    }
    let mut plans = Vec::new();
    for Registered { name, plans: of, .. } in REGISTRY.0 {
        plans.extend(of(conn, &samples).unwrap_or_else(|error| panic!("{name}: {error}")));
    }
    assert!(plans.len() > 1000, "each order is asked for with each filter and search: {}", plans.len());
    plans
}

fn faults(database: &TestDatabase) -> Vec<String> {
    plans(database).iter().filter_map(|plan| verdict::fault(plan, database.is_postgres())).collect()
}

fn assert_led(database: &TestDatabase, when: &str) {
    let faults = faults(database);
    assert!(faults.is_empty(), "{when}, {} are not led by an index:\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn an_index_leads_to_all_that_the_declarations_allow() {
    let database = TestDatabase::migrated();
    fill::rows(&database);
    if !database.is_postgres() {
        assert_led(&database, "as long as nothing is known of the tables");
    }
    fill::take_stock(&database);
    assert_led(&database, "once stock is taken of the tables");
}

#[test]
fn a_missing_index_is_named() {
    let database = TestDatabase::migrated();
    let missing = [
        ("users_by_created_at", "users (created_at, id)"),
        ("users_by_is_active_email", "users (is_active, email, id)"),
        ("items_by_owner_title", "items (owner_id, title_key, id)"),
        ("sorted_user_roles_by_email", "sorted_user_roles (role_id, email, user_id)"),
        ("audit_entries_by_action", "audit_entries (action, at, id)"),
    ];
    fill::rows(&database);
    for (name, _) in missing {
        database.execute(&format!("DROP INDEX {name}"));
    }
    fill::take_stock(&database);
    let faults = faults(&database);
    let named: BTreeSet<_> = faults.iter().filter_map(|fault| Some(fault.split_once("Add an index on ")?.1)).collect();
    let named: BTreeSet<_> = named.iter().filter_map(|rest| Some(rest.split_once(" in a migration")?.0)).collect();
    assert_eq!(named, missing.map(|(_, index)| index).into_iter().collect(), "each is named, and no other");
    let told = faults
        .iter()
        .find(|fault| fault.starts_with("The list of items sorted by title, filtered by owner=1, after a place: "));
    assert!(told.is_some(), "with what is asked for: {}", faults.join("\n\n"));
}
