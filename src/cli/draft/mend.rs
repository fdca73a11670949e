//! What Diesel's difference gets wrong and a rule can mend; what none can becomes a note at the head of the draft.

use super::triggers;
use crate::db::Engine;

const LOSES_VALUES: &str =
    "dropped and added, it loses its values; in PostgreSQL use ALTER COLUMN, in SQLite make the table anew";
const STAYS_IN_SQLITE: &str = "SQLite refuses while an index, trigger, CHECK, UNIQUE or foreign key uses it";
const CASCADES: &str = "and rows elsewhere that refer to it must go or be changed first";
const UNKNOWN: &str = "Diesel knows no CHECK, UNIQUE, DEFAULT or index; add them, alike in both databases";

/// The files of a migration, mended.
#[derive(Default)]
pub struct Draft {
    pub up: String,
    pub down: String,
    /// What failed when it was tried.
    pub trial: Option<String>,
}

/// The schema as Diesel must read it for one database. On PostgreSQL it compares the names of types, and `Binary` is not
/// `bytea` to it; it reads the file and never compiles it.
pub fn schema_for(engine: Engine, schema: &str) -> String {
    let theirs = [("Binary", "Bytea"), ("Double", "Float8"), ("Float", "Float4")];
    let mut schema = schema.to_owned();
    for (portable, theirs) in theirs.iter().filter(|_| engine == Engine::Postgres) {
        for (before, after) in [("-> ", ","), ("Nullable<", ">")] {
            schema = schema.replace(&format!("{before}{portable}{after}"), &format!("{before}{theirs}{after}"));
        }
    }
    schema
}

/// Diesel's draft in an order that applies, with the types and defaults that our migrations use.
pub fn mend(engine: Engine, schema: &str, up: &str, down: &str) -> Draft {
    let (up, down) = (statements(up), statements(down));
    let (created, recreated) = (creation_order(&up, schema), creation_order(&down, schema));
    let finish = |mut statements: Vec<String>, creates: &[String], drops: &[String]| -> String {
        // New tables, then columns, then tables to drop: what is referred to is there as long as it is needed.
        statements.sort_by_cached_key(|statement| {
            let table = quoted(statement, 0);
            let place = |order: &[String]| order.iter().position(|known| *known == table).unwrap_or(0);
            match statement.split(' ').next() {
                Some("CREATE") => (0, place(creates), false, 0),
                Some("DROP") => (2, drops.len() - place(drops), false, 0),
                _ => {
                    let column = place_of(schema, &table, &quoted(statement, 1));
                    (1, place_of(schema, &table, ""), statement.contains(" ADD COLUMN "), column)
                }
            }
        });
        let whole = |statement: &String| types(engine, statement) + ";\n" + &triggers::of(engine, statement);
        statements.iter().map(whole).collect()
    };
    Draft { up: finish(up, &created, &recreated), down: finish(down, &recreated, &created), trial: None }
}

/// Diesel ends every statement with `;` and a line; its first line is a comment.
fn statements(sql: &str) -> Vec<String> {
    let sql: Vec<_> = sql.lines().filter(|line| !line.starts_with("--")).collect();
    let statements = sql.join("\n") + "\n";
    statements.split(";\n").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

/// The nth name in quotes.
fn quoted(statement: &str, nth: usize) -> String {
    statement.split(['`', '"']).nth(2 * nth + 1).unwrap_or_default().to_owned()
}

/// Where a table or one of its columns stands in the schema: Diesel's own order changes from run to run.
fn place_of(schema: &str, table: &str, column: &str) -> usize {
    let start = schema.find(&format!(" {table} (")).unwrap_or(0);
    if column.is_empty() { start } else { schema[start..].find(&format!(" {column} -> ")).unwrap_or(usize::MAX) }
}

/// The new tables, each after those it refers to.
fn creation_order(statements: &[String], schema: &str) -> Vec<String> {
    let creates = statements.iter().filter(|statement| statement.starts_with("CREATE TABLE "));
    let mut left: Vec<_> = creates.map(|statement| (quoted(statement, 0), statement)).collect();
    left.sort_by_key(|(table, _)| (place_of(schema, table, ""), table.clone()));
    let refers = |statement: &str, to: &str| {
        ['`', '"'].iter().any(|quote| statement.contains(&format!("REFERENCES {quote}{to}{quote}")))
    };
    let mut order = Vec::new();
    while !left.is_empty() {
        let is_free = |(table, statement): &(String, &String)| {
            !left.iter().any(|(other, _)| other != table && refers(statement, other))
        };
        let next = left.iter().position(is_free).unwrap_or(0);
        order.push(left.remove(next).0);
    }
    order
}

const SQLITE_TYPES: [(&str, &str); 5] = [
    ("`id` INTEGER NOT NULL PRIMARY KEY", "`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"),
    ("` BOOL", "` BOOLEAN"),
    ("` BINARY", "` BLOB"),
    ("`version` BIGINT NOT NULL", "`version` BIGINT NOT NULL DEFAULT 1"),
    ("ed_at` TIMESTAMP NOT NULL", "ed_at` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP"),
];

const POSTGRES_TYPES: [(&str, &str); 10] = [
    ("\" INT8", "\" BIGINT"),
    ("\" INT4", "\" INTEGER"),
    ("\" INT2", "\" SMALLINT"),
    ("\" BOOL", "\" BOOLEAN"),
    ("\" FLOAT8", "\" DOUBLE PRECISION"),
    ("\" FLOAT4", "\" REAL"),
    ("\" TEXT", "\" TEXT COLLATE \"C\""),
    ("\"id\" BIGINT NOT NULL PRIMARY KEY", "\"id\" BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
    ("\"version\" BIGINT NOT NULL", "\"version\" BIGINT NOT NULL DEFAULT 1"),
    ("ed_at\" TIMESTAMP NOT NULL", "ed_at\" TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'utc')"),
];

fn types(engine: Engine, statement: &str) -> String {
    let rules = if engine == Engine::Sqlite { &SQLITE_TYPES[..] } else { &POSTGRES_TYPES[..] };
    // SQLite adds no column whose default is computed.
    let is_constant_only = statement.starts_with("ALTER");
    let rules = rules.iter().filter(|(from, _)| !(is_constant_only && from.starts_with("ed_at")));
    let sql = rules.fold(statement.to_owned(), |sql, (from, to)| sql.replace(from, to));
    if is_constant_only { sql } else { keys(engine, &times(engine, sql)) }
}

/// SQLite keeps times as text: what is no time is refused where it is written.
fn times(engine: Engine, sql: String) -> String {
    let columns = ["created_at", "updated_at"].iter().filter(|_| engine == Engine::Sqlite);
    columns.fold(sql, |sql, at| {
        let default = format!("`{at}` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP");
        let check = format!(
            "{default}\n\t\tCHECK ({at} IS strftime('%Y-%m-%d %H:%M:%S', {at}) || substr({at}, 20)\n\t\t\t\
             AND substr({at}, 20) NOT GLOB '*[^.0-9]*' AND length({at}) <> 20)"
        );
        sql.replace(&default, &check)
    })
}

/// A text `x_key` beside a text `x` is what `x` is sorted by.
fn keys(engine: Engine, sql: &str) -> String {
    let names: Vec<_> = sql.lines().skip(1).map(|line| quoted(line, 0)).collect();
    let of_key = |name: &String| {
        name.strip_suffix("_key").filter(|of| names.iter().any(|other| other == of)).map(ToOwned::to_owned)
    };
    let lines = sql.lines().map(|line| {
        let Some(of) = of_key(&quoted(line, 0)) else { return line.to_owned() };
        let kind = if engine == Engine::Sqlite { "VIRTUAL" } else { "STORED" };
        let end = if line.ends_with(',') { "," } else { "" };
        format!("{} GENERATED ALWAYS AS (lower({of})) {kind}{end}", line.trim_end_matches(','))
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl Draft {
    pub fn is_empty(&self) -> bool {
        self.up.is_empty() && self.down.is_empty()
    }

    /// The comment at the head of a file. An empty file would be refused as an empty migration.
    pub fn head(&self, file: &str) -> String {
        if self.is_empty() {
            let what = if file == "up.sql" { "What changes" } else { "How it is undone" };
            return format!("-- {what}. The same for both databases, as far as they allow.\n");
        }
        let points = self.points(file).into_iter().map(|point| format!("-- * {point}\n"));
        format!("-- Drafted by `migrate new --from-schema`. Read it before you use it:\n{}", points.collect::<String>())
    }

    /// What is left to do by hand, in one file or, without a name, in both.
    pub fn points(&self, file: &str) -> Vec<String> {
        let mut points: Vec<String> = self.trial.iter().cloned().collect();
        for (name, sql) in [("up.sql", &self.up), ("down.sql", &self.down)] {
            if file.is_empty() || file == name {
                points.extend(points_of(name, sql));
            }
        }
        points
    }
}

fn points_of(name: &str, sql: &str) -> Vec<String> {
    let mut points = Vec::new();
    let mut point = |what: String, why: &str| points.push(format!("{name}: {what}: {why}"));
    let also = |what: &str, table: &str, column: &str| {
        sql.lines().any(|line| line.contains(what) && quoted(line, 0) == table && quoted(line, 1) == column)
    };
    let is_up = name == "up.sql";
    for line in sql.lines() {
        let (table, column) = (quoted(line, 0), quoted(line, 1));
        if line.contains(" ADD COLUMN ") {
            if also(" DROP COLUMN ", &table, &column) {
                point(format!("{table}.{column} changes"), LOSES_VALUES);
            }
            if line.contains("NOT NULL") && !line.contains("DEFAULT") {
                point(format!("{table}.{column} is NOT NULL"), "a table with rows refuses it without a DEFAULT");
            }
        } else if is_up && line.contains(" DROP COLUMN ") && !also(" ADD COLUMN ", &table, &column) {
            point(format!("{table}.{column} goes with its values"), STAYS_IN_SQLITE);
        } else if is_up && line.starts_with("DROP TABLE") {
            point(format!("{table} goes with its rows"), CASCADES);
        }
    }
    if sql.contains("CREATE TABLE") {
        point("new tables".into(), UNKNOWN);
    }
    if sql.contains("REFERENCES") {
        point("REFERENCES".into(), "choose ON DELETE for each");
    }
    points
}
