//! No page costs more because the table grew: the comparison with a place is answered by an index.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use quarterdeck::db::AnyConnection;

use crate::contract::{Entity, ITEMS, ROLES, USERS};
use crate::support::TestApp;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    postgres: String,
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How the database would answer a query.
fn plan(conn: &mut AnyConnection, sql: &str) -> String {
    if let AnyConnection::Sqlite(_) = conn {
        let steps: Vec<Detail> = sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn).expect("a plan");
        return steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("\n");
    }
    let steps: Vec<Step> = sql_query(format!("EXPLAIN {sql}")).load(conn).expect("a plan");
    steps.into_iter().map(|step| step.postgres).collect::<Vec<_>>().join("\n")
}

/// The query that the list makes for the page at a place, by a column of the table.
fn page_at(entity: &Entity, filter: &str, column: &str, descending: bool) -> String {
    let (sign, way) = if descending { ("<", "DESC") } else { (">", "ASC") };
    let key = match column {
        "is_active" => "FALSE",
        "created_at" | "updated_at" => "'2026-01-02 03:04:05'",
        _ => "'m'",
    };
    let name = entity.name;
    format!(
        "SELECT * FROM {name} WHERE {filter} ({column}, id) {sign} ({key}, 42) ORDER BY {column} {way}, id {way} LIMIT 51"
    )
}

/// True when an index leads to the place, by column and id at once, and the rows need no sorting after it. Where no two
/// rows are equal in the column, PostgreSQL finds the place by the column alone.
fn is_led_by_an_index(plan: &str, is_postgres: bool, is_unique: bool) -> bool {
    if is_postgres {
        let is_sorted = plan.lines().any(|line| line.trim_start_matches([' ', '-', '>']).starts_with("Sort  ("));
        let condition = if is_unique { "Index Cond: (" } else { "Index Cond: (ROW(" };
        let owned = plan.contains("Index Cond: ((owner_id = 7) AND (ROW(");
        (plan.contains(condition) || owned) && !is_sorted && (is_unique || !plan.contains("Sort"))
    } else {
        plan.contains("SEARCH")
            && plan.contains("USING INDEX")
            && !plan.contains("TEMP B-TREE")
            && !plan.contains("SCAN")
    }
}

#[actix_web::test]
async fn a_place_in_each_order_is_found_by_an_index() {
    let app = TestApp::start().await;
    let mut conn = app.database.connect();
    let is_postgres = app.database.is_postgres();
    if is_postgres {
        conn.batch_execute("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off")
            .expect("a setting");
    }
    for (entity, filter) in [(USERS, ""), (ITEMS, ""), (ROLES, ""), (ITEMS, "owner_id = 7 AND")] {
        for (_, column) in entity.sorts {
            // What is sorted by in lower case is a column of its own.
            let column = match *column {
                "lower(title)" => "title_key",
                "lower(name)" => "name_key",
                column => column,
            };
            for descending in [false, true] {
                let sql = page_at(&entity, filter, column, descending);
                let plan = plan(&mut conn, &sql);
                assert!(
                    is_led_by_an_index(&plan, is_postgres, column == "email"),
                    "no index on ({column}, id) leads through {sql}:\n{plan}"
                );
            }
        }
    }
}

#[actix_web::test]
async fn each_filter_of_the_audit_log_is_led_by_an_index() {
    let app = TestApp::start().await;
    let mut conn = app.database.connect();
    if app.database.is_postgres() {
        // Which of two indexes is the better one is known of a table that holds something.
        app.database.execute(
            "INSERT INTO audit_entries (at, change_set, actor_id, actor, action, entity, record_id, record, changes, whole,
                 reason, address, request_id, chain, position, previous_hash, hash)
             SELECT TIMESTAMP '2026-01-01' + n * INTERVAL '1 minute', n::TEXT, n % 100, 'ann',
                 CASE n % 100 WHEN 7 THEN 'login' ELSE 'update' END, CASE n % 100 WHEN 7 THEN 'users' ELSE 'items' END,
                 n % 1000, '', '', '', '', '192.0.2.' || n % 100, '', 1, n, '', '' FROM generate_series(1, 10000) AS n;
             ANALYZE audit_entries",
        );
        conn.batch_execute("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off")
            .expect("a setting");
    }
    for (filter, index) in [
        ("", "audit_entries_by_at"),
        ("actor_id = 7 AND", "audit_entries_by_actor"),
        ("entity = 'users' AND", "audit_entries_by_entity"),
        ("entity = 'users' AND record_id = 7 AND", "audit_entries_by_record"),
        ("action = 'login' AND", "audit_entries_by_action"),
        ("address = '192.0.2.1' AND", "audit_entries_by_address"),
        ("change_set = 'x' AND", "audit_entries_by_change_set"),
    ] {
        let sql = format!(
            "SELECT * FROM audit_entries WHERE {filter} (at, id) < ('2026-01-02 03:04:05', 42) \
             ORDER BY at DESC, id DESC LIMIT 51"
        );
        let plan = plan(&mut conn, &sql);
        assert!(plan.contains(index), "{index} leads through {sql}:\n{plan}");
        assert!(!plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "nothing is sorted in {sql}:\n{plan}");
    }
}

#[actix_web::test]
async fn a_plan_without_an_index_would_be_noticed() {
    let app = TestApp::start().await;
    let mut conn = app.database.connect();
    let is_postgres = app.database.is_postgres();
    if is_postgres {
        conn.batch_execute("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off")
            .expect("a setting");
    }
    for column in ["hashed_password", "updated_at"] {
        let plan = plan(&mut conn, &page_at(&USERS, "", column, false));
        assert!(!is_led_by_an_index(&plan, is_postgres, false), "no index has {column}:\n{plan}");
    }
}
