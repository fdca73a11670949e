//! The triggers of a new table that has a version and the two times, as our tables have them: they raise the version of a
//! row that another program changed, and give each moment one spelling where times are compared as text.

use crate::db::Engine;

/// Columns that no change of a record is about.
const KEPT: [&str; 4] = ["id", "version", "created_at", "updated_at"];

/// The triggers for a `CREATE TABLE` of Diesel's, or nothing when the table has no version or not both times.
pub fn of(engine: Engine, statement: &str) -> String {
    let Some(body) = statement.strip_prefix("CREATE TABLE ") else { return String::new() };
    let names = |line: &str| line.trim_start().split(['`', '"']).nth(1).map(ToOwned::to_owned);
    let mut lines = body.lines();
    let table = lines.next().and_then(names).unwrap_or_default();
    let columns: Vec<_> = lines.filter(|line| line.trim_start().starts_with(['`', '"'])).filter_map(names).collect();
    if !KEPT.iter().all(|kept| columns.iter().any(|column| column == kept)) {
        return String::new();
    }
    let columns: Vec<_> = columns.into_iter().filter(|column| !KEPT.contains(&column.as_str())).collect();
    let is_key =
        |column: &String| column.strip_suffix("_key").is_some_and(|of| columns.iter().any(|other| other == of));
    let (keys, columns): (Vec<_>, Vec<_>) = columns.iter().cloned().partition(is_key);
    match engine {
        Engine::Sqlite => sqlite(&table, &columns),
        Engine::Postgres => {
            let keys: Vec<_> = keys.iter().map(|key| format!("'{key}'")).collect();
            let keys = keys.join(", ");
            format!(
                "CREATE TRIGGER {table}_version BEFORE UPDATE ON {table}\n\
                 FOR EACH ROW EXECUTE FUNCTION raise_version({keys});\n"
            )
        }
    }
}

fn sqlite(table: &str, columns: &[String]) -> String {
    let of = |row: &str| columns.iter().map(|column| format!("{row}.{column}")).collect::<Vec<_>>().join(", ");
    let (new, old, columns) = (of("NEW"), of("OLD"), columns.join(", "));
    let version = format!(
        "CREATE TRIGGER {table}_version AFTER UPDATE OF {columns} ON {table}\n\
         WHEN NEW.version = OLD.version AND ({new}) IS NOT ({old})\nBEGIN\n    \
         UPDATE {table} SET version = OLD.version + 1,\n        \
         updated_at = iif(NEW.updated_at = OLD.updated_at, CURRENT_TIMESTAMP, NEW.updated_at)\n    \
         WHERE id = NEW.id;\nEND;\n"
    );
    let times = |name: &str, event: &str| {
        format!(
            "CREATE TRIGGER {table}_{name} AFTER {event} ON {table}\n\
             WHEN NEW.created_at GLOB '*.*' AND (length(NEW.created_at) NOT IN (23, 26) OR NEW.created_at GLOB '*000')\n    \
             OR NEW.updated_at GLOB '*.*' AND (length(NEW.updated_at) NOT IN (23, 26) OR NEW.updated_at GLOB '*000')\n\
             BEGIN\n    UPDATE {table} SET (created_at, updated_at) = (\n        \
             SELECT created || iif(c = '000000', '', '.' || iif(c GLOB '*000', substr(c, 1, 3), c)),\n               \
             updated || iif(u = '000000', '', '.' || iif(u GLOB '*000', substr(u, 1, 3), u))\n        \
             FROM (SELECT substr(NEW.created_at, 1, 19) AS created, \
             substr(substr(NEW.created_at, 21) || '000000', 1, 6) AS c,\n                     \
             substr(NEW.updated_at, 1, 19) AS updated, \
             substr(substr(NEW.updated_at, 21) || '000000', 1, 6) AS u)\n    ) WHERE id = NEW.id;\nEND;\n"
        )
    };
    version + &times("times", "INSERT") + &times("times_changed", "UPDATE OF created_at, updated_at")
}
