//! What a database holds, to be compared with what it held.

use diesel::RunQueryDsl as _;
use diesel::dsl::sql;
use diesel::sql_types::Text;

use super::TestDatabase;

/// What people and programs make. Sessions note that they were seen, and the audit log that somebody logged in.
const TABLES: [&str; 5] = ["users", "items", "roles", "user_roles", "role_permissions"];

impl TestDatabase {
    /// All rows of a table, with all columns, in one order.
    pub fn rows(&self, table: &str) -> Vec<String> {
        self.rows_by(table, "''")
    }

    /// The same, each with a key and a space before it.
    pub fn rows_by(&self, table: &str, key: &str) -> Vec<String> {
        let columns = if self.is_postgres() {
            format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' ORDER BY 1")
        } else {
            format!("SELECT name FROM pragma_table_info('{table}') ORDER BY 1")
        };
        let mut conn = self.connect();
        let mut texts = |query: &str| -> Vec<String> { sql::<Text>(query).load(&mut conn).expect("texts") };
        let columns = texts(&columns);
        assert!(columns.len() > 1, "{table} has columns: {columns:?}");
        let shown = columns.iter().map(|name| format!("coalesce(CAST({name} AS TEXT), 'NULL')")).collect::<Vec<_>>();
        texts(&format!("SELECT CAST({key} AS TEXT) || ' ' || {} FROM {table} ORDER BY 1", shown.join(" || '|' || ")))
    }

    /// All rows that people and programs made.
    pub fn everything(&self) -> Vec<Vec<String>> {
        TABLES.iter().map(|table| self.rows(table)).collect()
    }
}
