//! Cells that are saved: each connection has rows of its own, so nobody is told of a conflict.

use std::fmt::Write as _;

use anyhow::{Result, ensure};

use super::data::Data;
use super::http::Sender;
use super::load::Requests;

/// So many rows are saved again and again on each connection.
const ROWS: usize = 500;

/// More connections than there are.
const STRIDE: usize = 1009;

/// A field whose cell is saved.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    entity: &'static str,
    field: &'static str,
    /// What is typed, encoded for a form, after which the row's number and version follow.
    begin: &'static str,
    end: &'static str,
}

pub const EMAIL: Cell = Cell { entity: "users", field: "email", begin: "moved", end: "%40example.com" };
pub const TITLE: Cell = Cell { entity: "items", field: "title", begin: "Tarred+rope+", end: "" };

/// The requests of a connection: what htmx sends when somebody types another value into a cell.
pub fn requests(data: &Data, sender: &Sender, cell: Cell, connection: usize) -> Result<Requests> {
    let Cell { entity, field, begin, end } = cell;
    let connections = STRIDE.min(data.size as usize / 10);
    let rows = format!(
        "SELECT id, version FROM {entity} WHERE id <= {} AND id % {connections} = {connection} ORDER BY id LIMIT {ROWS}",
        data.size
    );
    let mut rows = data.pairs(&rows)?;
    ensure!(!rows.is_empty(), "there are not rows enough for so many connections");
    let (sender, mut place) = (sender.clone(), 0);
    let next = move |to: &mut Vec<u8>| {
        let count = rows.len();
        let Some((id, version)) = rows.get_mut(place % count) else { return };
        place += 1;
        let mut form = format!("version={version}&back=%2F{entity}&leave=true");
        let _ = write!(form, "&once=benchmark-{entity}-{id}-{version}&{field}={begin}{id}-{version}{end}");
        *version += 1;
        let htmx = "HX-Request: true\r\nHX-Request-Type: partial\r\n";
        to.extend(sender.form("PATCH", &format!("/{entity}/{id}/{field}"), htmx, &form));
    };
    Ok(Box::new(next))
}
