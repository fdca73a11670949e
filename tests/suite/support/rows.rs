//! What a database holds, to be compared with what it held.

use super::TestDatabase;

/// What people and programs make: all but sessions, which note that they were seen, and what a page of ours may change by being asked.
const TABLES: [&str; 5] = ["users", "items", "roles", "user_roles", "role_permissions"];

impl TestDatabase {
    /// All rows of a table, with all columns, in one order.
    pub fn rows(&self, table: &str) -> Vec<String> {
        let columns = if self.is_postgres() {
            format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' ORDER BY 1")
        } else {
            format!("SELECT name FROM pragma_table_info('{table}') ORDER BY 1")
        };
        let columns = self.texts(&columns);
        assert!(columns.len() > 1, "{table} has columns: {columns:?}");
        let shown = columns.iter().map(|name| format!("coalesce(CAST({name} AS TEXT), 'NULL')")).collect::<Vec<_>>();
        self.texts(&format!("SELECT {} FROM {table} ORDER BY 1", shown.join(" || '|' || ")))
    }

    /// All rows that anybody can have an interest in, but for the time of a last login.
    pub fn everything(&self) -> Vec<Vec<String>> {
        TABLES.iter().map(|table| self.rows(table)).collect()
    }
}
