//! What happened to a record, on its page.

use url::form_urlencoded;

use crate::access::{Action, Actor};
use crate::admin::difference::{Difference, differences};
use crate::admin::resource::Resource;
use crate::admin::shown::{Link, Moment};
use crate::crud::{Entity, audit};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::models::AuditEntry;

/// A record's page shows so many of its entries.
const SHOWN: i64 = 10;

/// What happened to a record, the newest first.
#[derive(Clone, Debug)]
pub struct HistoryView {
    pub entries: Vec<HistoryEntry>,
    /// All of it, in the audit log.
    pub all: String,
}

#[derive(Clone, Debug)]
pub struct HistoryEntry {
    pub at: Moment,
    /// Who did it, and the way to the entry.
    pub actor: Link,
    pub action: String,
    pub reason: String,
    pub differences: Vec<Difference>,
}

impl HistoryView {
    /// The history of a record, for those who may see the audit log.
    pub fn of<R: Resource>(conn: &mut AnyConnection, actor: &Actor, record: &R) -> Result<Option<Self>> {
        // What nobody changes has no history.
        if !actor.may(Action::View, AuditEntry::NAME) || !R::ACTIONS.contains(&Action::Update) {
            return Ok(None);
        }
        let entries = audit::of_record(conn, R::NAME, record.id(), SHOWN)?;
        let label = |name: &str| R::fields().iter().find(|field| field.name == name).map(|field| field.label);
        let entry = |entry: AuditEntry| HistoryEntry {
            at: Moment(entry.at),
            differences: differences(&entry.changes, label),
            action: audit::Action::label_of(&entry.action),
            actor: Link { href: Some(format!("/{}/{}", AuditEntry::NAME, entry.id)), label: entry.actor },
            reason: entry.reason,
        };
        let pairs = [("entity", R::NAME.to_owned()), ("record", record.id().to_string())];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let all = format!("/{}?{query}", AuditEntry::NAME);
        Ok(Some(HistoryView { entries: entries.into_iter().map(entry).collect(), all }))
    }
}
