//! SQLite: many rows a statement, prepared once.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::sqlite::Sqlite;

use super::rows::{Row, Value};
use super::text;

/// So many rows a statement; more are not quicker.
const TOGETHER: usize = 50;

/// Pages in memory, in KiB: while rows come, all of the index that keeps addresses unique; then, as each of three threads sorts as
/// much, little.
const LOADING: &str = "PRAGMA cache_size = -40000";
const INDEXING: &str = "PRAGMA cache_size = -10000";

/// What only helps a load: none of the file mapped into memory, and a journal of what was there instead of one of what is new, where
/// nobody else has the database open. References and CHECKs would be tried row by row; what is loaded is known to keep them.
pub fn prepare(conn: &mut SqliteConnection) -> QueryResult<()> {
    conn.batch_execute(LOADING)?;
    conn.batch_execute(
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA mmap_size = 0; PRAGMA threads = 2",
    )?;
    // Refused while somebody else has it open: then it stays as it is, and takes longer.
    let _ = conn.batch_execute("PRAGMA journal_mode = DELETE");
    Ok(())
}

/// Undoes [`prepare`], and after a load tells the planner what is there.
pub fn settle(conn: &mut SqliteConnection, is_loaded: bool) -> QueryResult<()> {
    if is_loaded {
        conn.batch_execute("PRAGMA analysis_limit = 1000; ANALYZE")?;
    }
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA threads = 0; PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON")
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Puts indexes and triggers away, and gives the statements that bring them back, after those that fill the search indexes.
pub fn put_away(conn: &mut SqliteConnection, tables: &[&str]) -> QueryResult<Vec<String>> {
    let tables = tables.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
    // What a constraint made has no text.
    let kept: Vec<Kept> = diesel::sql_query(format!(
        "SELECT type AS kind, name, sql FROM sqlite_master
         WHERE type IN ('index', 'trigger') AND tbl_name IN ({tables}) AND sql IS NOT NULL ORDER BY rowid"
    ))
    .load(conn)?;
    for Kept { kind, name, .. } in &kept {
        conn.batch_execute(&format!("DROP {kind} \"{name}\""))?;
    }
    let mut back = vec![INDEXING.to_owned()];
    back.extend(kept.into_iter().map(|kept| kept.sql));
    for search in searches(conn)? {
        back.extend(search.refill());
    }
    Ok(back)
}

/// An FTS5 index whose text is in another table.
struct Search {
    name: String,
    content: String,
    rowid: String,
    columns: String,
}

impl Search {
    /// Empties and fills it. Its own `rebuild` reads the table in the order of whichever index has all it needs, and the search
    /// index is written out whenever a row comes after a later one: that takes minutes where this takes seconds.
    fn refill(&self) -> [String; 3] {
        let Search { name, content, rowid, columns } = self;
        [
            format!("INSERT INTO \"{name}\" (\"{name}\") VALUES ('delete-all')"),
            format!(
                "INSERT INTO \"{name}\" (rowid, {columns}) SELECT {rowid}, {columns} FROM \"{content}\" ORDER BY {rowid}"
            ),
            // In one piece each search looks once for each of its parts.
            format!("INSERT INTO \"{name}\" (\"{name}\") VALUES ('optimize')"),
        ]
    }
}

fn searches(conn: &mut SqliteConnection) -> QueryResult<Vec<Search>> {
    #[derive(QueryableByName)]
    struct Declared {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Text)]
        sql: String,
        #[diesel(sql_type = Text)]
        columns: String,
    }
    let declared: Vec<Declared> = diesel::sql_query(
        "SELECT name, sql, (SELECT group_concat(name, ', ') FROM pragma_table_info(sqlite_master.name)) AS columns
         FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%' ORDER BY rowid",
    )
    .load(conn)?;
    let searches = declared.into_iter().filter_map(|Declared { name, sql, columns }| {
        let rowid = option(&sql, "content_rowid").unwrap_or_else(|| "rowid".into());
        Some(Search { name, content: option(&sql, "content")?, rowid, columns })
    });
    Ok(searches.collect())
}

/// What an option of an FTS5 table is set to, if it is set to anything.
fn option(sql: &str, name: &str) -> Option<String> {
    let set =
        sql.split([',', '(', ')']).find_map(|part| part.trim().strip_prefix(name)?.trim_start().strip_prefix('='))?;
    Some(set.trim().trim_matches(['\'', '"']).to_owned()).filter(|value| !value.is_empty())
}

pub fn load<R: Row>(conn: &mut SqliteConnection, batches: impl Iterator<Item = Vec<R>>) -> QueryResult<()> {
    for batch in batches {
        for rows in batch.chunks(TOGETHER) {
            let mut values = Vec::with_capacity(rows.len() * R::COLUMNS.len());
            for row in rows {
                row.values(&mut values);
            }
            let values = values.into_iter().map(Bound::from).collect();
            Insert { table: R::TABLE, columns: R::COLUMNS, values }.execute(conn)?;
        }
    }
    Ok(())
}

/// `INSERT INTO table (..) VALUES (..), (..)`.
struct Insert<'a> {
    table: &'static str,
    columns: &'static [&'static str],
    values: Vec<Bound<'a>>,
}

/// A value as Diesel binds it.
enum Bound<'a> {
    Null,
    Bool(bool),
    Number(i64),
    Text(&'a str),
    Time(String),
}

impl<'a> From<Value<'a>> for Bound<'a> {
    fn from(value: Value<'a>) -> Self {
        match value {
            Value::Null => Bound::Null,
            Value::Bool(value) => Bound::Bool(value),
            Value::Number(value) => Bound::Number(value),
            Value::Text(value) => Bound::Text(value),
            Value::Time(value) => {
                let mut spelled = String::with_capacity(19);
                text::time(value, &mut spelled);
                Bound::Time(spelled)
            }
        }
    }
}

impl QueryId for Insert<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Insert<'_> {
    type SqlType = ();
}

impl RunQueryDsl<SqliteConnection> for Insert<'_> {}

impl QueryFragment<Sqlite> for Insert<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT INTO ");
        out.push_identifier(self.table)?;
        out.push_sql(" (");
        for (place, column) in self.columns.iter().enumerate() {
            out.push_sql(if place > 0 { ", " } else { "" });
            out.push_identifier(column)?;
        }
        out.push_sql(") VALUES ");
        for (place, value) in self.values.iter().enumerate() {
            let is_first = place % self.columns.len() == 0;
            out.push_sql(match (place, is_first) {
                (0, _) => "(",
                (_, true) => "), (",
                _ => ", ",
            });
            match value {
                Bound::Null => out.push_bind_param::<Nullable<Text>, _>(&None::<&str>)?,
                Bound::Bool(value) => out.push_bind_param::<Bool, _>(value)?,
                Bound::Number(value) => out.push_bind_param::<BigInt, _>(value)?,
                Bound::Text(value) => out.push_bind_param::<Text, _>(value)?,
                Bound::Time(value) => out.push_bind_param::<Text, _>(value)?,
            }
        }
        out.push_sql(")");
        Ok(())
    }
}
