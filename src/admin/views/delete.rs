//! The question before a record is deleted.

use askama::Template;

use super::Entity;
use crate::html::Shell;

#[derive(Template)]
#[template(path = "admin/delete.html", blocks = ["question"])]
pub struct DeletePage {
    pub shell: Shell,
    pub entity: Entity,
    pub id: i64,
    pub label: String,
    pub version: i64,
    /// What goes with it, in words.
    pub goes_with: Vec<String>,
    /// True when somebody changed the record since the question was put.
    pub is_stale: bool,
    pub back: String,
    pub record_url: String,
}
