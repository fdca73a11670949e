//! Rows in text. The columns come from the declaration: the id, and every field that is shown to somebody.

use super::Format;
use super::value::Value;
use crate::access::Actor;
use crate::admin::Field;
use crate::admin::control::{Control, Input};
use crate::admin::resource::Resource;
use crate::db::AnyConnection;
use crate::error::{Error, Result};

/// A spreadsheet takes a text that begins so for a formula (OWASP, CSV Injection).
const BEGINS_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A column of the file.
struct Column<R: Resource> {
    name: String,
    holds: Holds<R>,
}

enum Holds<R: Resource> {
    Id,
    /// What a field shows.
    Shown(&'static Field<R>),
    /// The number of the one record that a field points to.
    IdOf(&'static Input<R>),
}

fn columns<R: Resource>() -> Vec<Column<R>> {
    let mut columns = vec![Column { name: "id".to_owned(), holds: Holds::Id }];
    for field in R::fields() {
        match &field.input {
            Some(input) if input.control == Control::Password => continue,
            Some(input) if matches!(input.control, Control::One { .. }) => {
                columns.push(Column { name: format!("{}_id", field.name), holds: Holds::IdOf(input) });
            }
            _ => {}
        }
        columns.push(Column { name: field.name.to_owned(), holds: Holds::Shown(field) });
    }
    columns
}

impl<R: Resource> Column<R> {
    /// What the column holds in each of these rows; in one query for all of them where it takes one.
    fn values(&self, conn: &mut AnyConnection, actor: &Actor, rows: &[R]) -> Result<Vec<Value>> {
        Ok(match self.holds {
            Holds::Id => rows.iter().map(|row| Value::Number(row.id())).collect(),
            Holds::Shown(field) => (field.show)(conn, actor, rows)?.into_iter().map(Value::from).collect(),
            Holds::IdOf(input) => {
                let id = |row| {
                    let stored = (input.stored)(conn, row)?.pop();
                    Ok(stored.and_then(|id| id.parse().ok()).map_or(Value::Nothing, Value::Number))
                };
                rows.iter().map(id).collect::<Result<_>>()?
            }
        })
    }
}

/// What stands before the first row.
pub fn head<R: Resource>(format: Format) -> String {
    let mut text = String::new();
    if format == Format::Csv {
        let names = columns::<R>().into_iter().map(|column| Value::Text(column.name)).collect::<Vec<_>>();
        csv(&mut text, &names);
    }
    text
}

/// These rows, each in a line.
pub fn lines<R: Resource>(conn: &mut AnyConnection, actor: &Actor, format: Format, rows: &[R]) -> Result<String> {
    let columns = columns::<R>();
    let values = columns.iter().map(|column| Ok(column.values(conn, actor, rows)?.into_iter()));
    let mut values = values.collect::<Result<Vec<_>>>()?;
    let mut text = String::with_capacity(rows.len() * 128);
    for _ in rows {
        let row: Vec<_> = values.iter_mut().map(|column| column.next().unwrap_or(Value::Nothing)).collect();
        match format {
            Format::Csv => csv(&mut text, &row),
            Format::JsonLines => json(&mut text, &columns, &row)?,
        }
    }
    Ok(text)
}

fn json<R: Resource>(text: &mut String, columns: &[Column<R>], row: &[Value]) -> Result<()> {
    for (place, (column, value)) in columns.iter().zip(row).enumerate() {
        text.push(if place == 0 { '{' } else { ',' });
        text.push_str(&serde_json::to_string(&column.name).map_err(Error::internal)?);
        text.push(':');
        text.push_str(&serde_json::to_string(value).map_err(Error::internal)?);
    }
    text.push_str("}\n");
    Ok(())
}

fn csv(text: &mut String, row: &[Value]) {
    for (place, value) in row.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        match value {
            Value::Nothing => {}
            Value::Number(number) => text.push_str(&number.to_string()),
            Value::YesNo(is) => text.push_str(if *is { "true" } else { "false" }),
            Value::Text(value) => cell(text, value),
            Value::Several(values) => cell(text, &values.join("; ")),
            Value::Changes(changes) => cell(text, &serde_json::to_string(changes).unwrap_or_default()),
        }
    }
    text.push_str("\r\n");
}

fn cell(text: &mut String, value: &str) {
    let apostrophe = if value.starts_with(BEGINS_FORMULA) { "'" } else { "" };
    if value.contains([',', '"', '\r', '\n']) {
        text.push('"');
        text.push_str(apostrophe);
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(apostrophe);
        text.push_str(value);
    }
}
