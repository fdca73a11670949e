//! PostgreSQL: COPY.

use std::cell::RefCell;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::rows::{Row, Value};
use super::text;

/// Memory of the server for making an index.
const INDEX_MEMORY: &str = "256MB";

/// Locks all at once: one after the other, two that load could wait for each other.
pub fn prepare(conn: &mut PgConnection, tables: &[&str]) -> QueryResult<()> {
    conn.batch_execute(&format!(
        "SET LOCAL maintenance_work_mem = '{INDEX_MEMORY}'; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
        tables.join(", ")
    ))
}

/// What is known of the rows, for the planner, and which pages all may see, for scans of an index alone.
pub fn settle(conn: &mut PgConnection, tables: &[&str]) -> QueryResult<()> {
    tables.iter().try_for_each(|table| conn.batch_execute(&format!("VACUUM (ANALYZE) {table}")))
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    away: String,
    #[diesel(sql_type = Text)]
    back: String,
}

/// Puts indexes, triggers, references and unique keys away, and gives the statements that bring them back. What is made anew
/// is verified in one go. Primary keys stay: rows come in their order.
pub fn put_away(conn: &mut PgConnection, tables: &[&str]) -> QueryResult<Vec<String>> {
    let tables = tables.iter().map(|table| format!("'{table}'::regclass")).collect::<Vec<_>>().join(", ");
    let constraints = format!(
        "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS away,
                format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS back
         FROM pg_constraint WHERE contype IN ('f', 'u') AND conrelid IN ({tables}) ORDER BY contype, conrelid, conname"
    );
    let triggers = format!(
        "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) AS away,
                format('ALTER TABLE %s ENABLE TRIGGER %I', tgrelid::regclass, tgname) AS back
         FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' AND tgrelid IN ({tables}) ORDER BY tgrelid, tgname"
    );
    let indexes = format!(
        "SELECT format('DROP INDEX %s', indexrelid::regclass) AS away, pg_get_indexdef(indexrelid) AS back
         FROM pg_index WHERE indrelid IN ({tables})
             AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
         ORDER BY indrelid, indexrelid"
    );
    let mut back = Vec::new();
    // What belongs to a trigger or refers to an index goes first, and comes back last.
    for query in [constraints, triggers, indexes] {
        for kept in diesel::sql_query(query).load::<Kept>(conn)? {
            conn.batch_execute(&kept.away)?;
            back.push(kept.back);
        }
    }
    back.reverse();
    // The numbers that were given out here are not to be given out again.
    for table in ["users", "items", "roles"] {
        back.push(format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) IS NOT NULL"
        ));
    }
    Ok(back)
}

pub fn load<R: Row>(conn: &mut PgConnection, batches: impl Iterator<Item = Vec<R>>) -> QueryResult<()> {
    // Diesel lends its writer to a function that may change nothing.
    let batches = RefCell::new(batches);
    R::copy(conn, |out| {
        let mut lines = String::new();
        while let Some(batch) = batches.borrow_mut().next() {
            lines.clear();
            for row in &batch {
                let mut values: Vec<Value> = Vec::with_capacity(R::COLUMNS.len());
                row.values(&mut values);
                text::copy_line(&values, &mut lines);
            }
            out.write_all(lines.as_bytes())?;
        }
        Ok(())
    })
}
