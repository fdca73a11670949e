//! What a database holds, to be compared with what it held.

use diesel::RunQueryDsl as _;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use quarterdeck::db::AnyConnection;

use super::TestDatabase;

/// What people and programs make. Sessions note that they were seen, and the audit log that somebody logged in.
const TABLES: [&str; 5] = ["users", "items", "roles", "user_roles", "role_permissions"];

/// Reads whole tables over one connection.
pub struct Rows {
    conn: AnyConnection,
    is_postgres: bool,
}

impl TestDatabase {
    /// A look at whole tables.
    pub fn look(&self) -> Rows {
        Rows { conn: self.connect(), is_postgres: self.is_postgres() }
    }

    /// All rows of a table, with all columns, in one order.
    pub fn rows(&self, table: &str) -> Vec<String> {
        self.look().by("''", table)
    }

    /// All rows that people and programs made.
    pub fn everything(&self) -> Vec<Vec<String>> {
        let mut look = self.look();
        TABLES.iter().map(|table| look.by("''", table)).collect()
    }
}

impl Rows {
    /// All rows of a table, each with a key and a space before it.
    pub fn by(&mut self, key: &str, table: &str) -> Vec<String> {
        let columns = self.texts(&if self.is_postgres {
            format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' ORDER BY 1")
        } else {
            format!("SELECT name FROM pragma_table_info('{table}') ORDER BY 1")
        });
        assert!(columns.len() > 1, "{table} has columns: {columns:?}");
        let shown = columns.iter().map(|name| format!("coalesce(CAST({name} AS TEXT), 'NULL')")).collect::<Vec<_>>();
        self.texts(&format!("SELECT {key} || ' ' || {} FROM {table} ORDER BY 1", shown.join(" || '|' || ")))
    }

    fn texts(&mut self, query: &str) -> Vec<String> {
        sql::<Text>(query).load(&mut self.conn).unwrap_or_else(|error| panic!("{error}: {query}"))
    }
}
