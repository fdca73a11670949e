//! The record of what was done. An entry is written in the transaction of what it tells, so a crash leaves both or neither,
//! and holds the hash of the one before it, so that a row that is changed or taken away is found ([`verify()`]).

use std::sync::LazyLock;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use crate::db::schema::{audit_chains, audit_entries};
use crate::db::sql::{Piece, Written};
use crate::db::{AnyConnection, Author, Write, many, sql};
use crate::models::AuditEntry;
pub use crate::models::{AuditAction as Action, Change, Value};
use crate::token;

mod verify;
pub use verify::{Verdict, verify};

/// So many events are kept to be written together: much may go with one record.
const MOST: usize = 500;

/// What is to be put on record.
#[derive(Clone, Debug)]
pub struct Event {
    action: Action,
    entity: &'static str,
    record_id: Option<i64>,
    record: String,
    changes: Vec<Change>,
    whole: String,
    reason: String,
    session_id: Option<i64>,
    actor: Option<(Option<i64>, String)>,
    is_from_nowhere: bool,
}

impl Event {
    #[must_use]
    pub fn new(action: Action) -> Self {
        Event {
            action,
            entity: "",
            record_id: None,
            record: String::new(),
            changes: Vec::new(),
            whole: String::new(),
            reason: String::new(),
            session_id: None,
            actor: None,
            is_from_nowhere: false,
        }
    }

    /// The record that it was done to, and what that is called.
    #[must_use]
    pub fn on(mut self, entity: &'static str, id: i64, label: &str) -> Self {
        (self.entity, self.record_id, self.record) = (entity, Some(id), label.to_owned());
        self
    }

    /// The entity that it was done to several records of, and what it was in words.
    #[must_use]
    pub fn about(mut self, entity: &'static str, what: &str) -> Self {
        (self.entity, self.record) = (entity, what.to_owned());
        self
    }

    #[must_use]
    pub fn changes(mut self, changes: Vec<Change>) -> Self {
        self.changes = changes;
        self
    }

    /// The whole row of a record that is deleted; what must stay secret is not in its serialization.
    #[must_use]
    pub fn whole(mut self, row: &impl Serialize) -> Self {
        self.whole = serde_json::to_string(row).unwrap_or_default();
        self
    }

    /// Why it was done, in somebody's own words.
    #[must_use]
    pub fn reason(mut self, reason: &str) -> Self {
        reason.clone_into(&mut self.reason);
        self
    }

    /// The session that it was done in, where that is not the author's: one that begins with it.
    #[must_use]
    pub fn in_session(mut self, id: i64) -> Self {
        self.session_id = Some(id);
        self
    }

    /// Who did it, where that is not the author of the write: somebody who was not logged in yet.
    #[must_use]
    pub fn by(mut self, user_id: Option<i64>, name: &str) -> Self {
        self.actor = Some((user_id, name.to_owned()));
        self
    }

    /// It has nothing to do with where the author of the write asks from.
    #[must_use]
    pub fn from_nowhere(mut self) -> Self {
        self.is_from_nowhere = true;
        self
    }
}

super::entity::entity!(AuditEntry, audit_entries, (), "audit", |_| 0);
super::walk::walk!(AuditEntry, audit_entries);

/// What happened to a record, the newest first.
pub fn of_record(conn: &mut AnyConnection, entity: &str, id: i64, limit: i64) -> QueryResult<Vec<AuditEntry>> {
    static OF_RECORD: LazyLock<Written> = LazyLock::new(|| {
        let of_it = audit_entries::entity.eq("").and(audit_entries::record_id.eq(0).assume_not_null());
        Written::of(&audit_entries::table.filter(of_it).order((audit_entries::at.desc(), audit_entries::id.desc())))
    });
    let newest = OF_RECORD.with::<audit_entries::SqlType>([Piece::Text(entity.to_owned()), Piece::Number(id)]);
    sql::first(newest, limit).load(conn)
}

/// Puts an event on record.
pub fn record(w: &mut Write, event: Event) -> QueryResult<()> {
    record_all(w, vec![event])
}

/// Keeps what `body` puts on record until its end, unless it is very much, and then does so in one go; nothing of it when `body` fails.
pub fn together<T, E: From<diesel::result::Error>>(
    w: &mut Write,
    body: impl FnOnce(&mut Write) -> Result<T, E>,
) -> Result<T, E> {
    let outer = w.later.replace(Box::new(Vec::<Event>::new()));
    let result = body(w);
    let events = std::mem::replace(&mut w.later, outer).and_then(|events| events.downcast::<Vec<Event>>().ok());
    if let (Ok(_), Some(events)) = (&result, events) {
        record_all(w, *events)?;
    }
    result
}

/// Puts events on record, in their order.
pub fn record_all(w: &mut Write, mut events: Vec<Event>) -> QueryResult<()> {
    if let Some(later) = w.later.as_mut().and_then(|later| later.downcast_mut::<Vec<Event>>()) {
        later.append(&mut events);
        if later.len() < MOST {
            return Ok(());
        }
        events = std::mem::take(later);
    }
    if events.is_empty() {
        return Ok(());
    }
    let (chain, mut position, mut hash) = sql::take_chain(w.conn)?;
    let mut entries = Vec::with_capacity(events.len());
    for event in events {
        position += 1;
        let entry = entry(w, event, chain, position, hash.clone());
        hash.clone_from(&entry.hash);
        entries.push(entry);
    }
    many::insert_all!(w.conn, audit_entries::table, entries)?;
    let end = (audit_chains::position.eq(position), audit_chains::hash.eq(hash));
    sql::update(end, audit_chains::chain.eq(chain)).execute(w.conn).map(drop)
}

fn entry(w: &Write, event: Event, chain: i64, position: i64, previous_hash: String) -> AuditEntry {
    let place = if event.is_from_nowhere { &Author::default() } else { w.by };
    let (actor_id, actor) = event.actor.unwrap_or_else(|| (w.by.user_id, w.by.name.clone()));
    let mut entry = AuditEntry {
        id: 0,
        at: w.at,
        change_set: w.change_set.clone(),
        actor_id,
        actor: storable(actor),
        action: event.action.name.to_owned(),
        entity: event.entity.to_owned(),
        record_id: event.record_id,
        record: storable(event.record),
        changes: serde_json::to_string(&event.changes).unwrap_or_default(),
        whole: event.whole,
        reason: storable(event.reason),
        address: place.address.clone(),
        session_id: event.session_id.or(place.session_id),
        request_id: place.request_id.clone(),
        chain,
        position,
        previous_hash,
        hash: String::new(),
    };
    entry.hash = hash_of(&entry);
    entry
}

/// A text that both databases take, however it was typed.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// SHA-256 over all of an entry but its id, which the database gives, and the hash itself: a JSON list, so that no two
/// entries can look alike.
fn hash_of(entry: &AuditEntry) -> String {
    let AuditEntry { at, change_set, actor_id, actor, action, entity, record_id, record, .. } = entry;
    let AuditEntry { changes, whole, reason, address, session_id, request_id, chain, position, previous_hash, .. } =
        entry;
    let what = (spelled(*at), change_set, actor_id, actor, action, entity, record_id, record);
    let how = (changes, whole, reason, address, session_id, request_id, chain, position, previous_hash);
    token::hash_of_bytes(&serde_json::to_vec(&(what, how)).unwrap_or_default())
}

fn spelled(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}
