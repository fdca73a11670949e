use std::sync::LazyLock;

use chrono::{Duration, NaiveDateTime, Timelike as _};
use diesel::prelude::*;
use url::form_urlencoded;

use super::REGISTRY;
use crate::access::{Action, Actor};
use crate::admin::{Field, Link, Related, Resource, Shown, differences};
use crate::crud::Entity as _;
use crate::crud::audit::Action as Done;
use crate::db::AnyConnection;
use crate::db::schema::audit_entries;
use crate::models::{AuditEntry, User};

type AuditField = Field<AuditEntry>;

static FIELDS: LazyLock<Vec<Field<AuditEntry>>> = LazyLock::new(|| {
    vec![
        AuditField::time("at", "Time", |entry| Some(entry.at))
            .sort(audit_entries::at, |entry| entry.at)
            .newest_first()
            .range_of_minutes(["at_from", "at_to"], ["From", "To"], audit_entries::at),
        AuditField::shown("actor", "Actor", |_, _, entries| {
            Ok(entries
                .iter()
                .map(|entry| Shown::Link(Link { label: entry.actor.clone(), href: same_actor(entry) }))
                .collect())
        })
        .filter_by::<User, _>("actor", "Actor", audit_entries::actor_id),
        text("action", "Action", |entry| Done::label_of(&entry.action)).filter_among(
            "action",
            "Action",
            || Done::ALL.iter().map(|action| (action.name, action.label.to_owned())).collect(),
            audit_entries::action,
        ),
        AuditField::shown("record", "Record", |_, _, entries| {
            Ok(entries
                .iter()
                .map(|entry| Shown::Link(Link { label: record(entry), href: same_record(entry) }))
                .collect())
        })
        .filter_among(
            "entity",
            "Entity",
            || {
                REGISTRY
                    .0
                    .iter()
                    .filter(|entity| entity.name != AuditEntry::NAME)
                    .map(|entity| (entity.name, (entity.heading)()))
                    .collect()
            },
            audit_entries::entity,
        )
        .filter_number("record", "Record’s number", audit_entries::record_id),
        AuditField::shown("changes", "Changes", |_, _, entries| Ok(entries.iter().map(changes).collect()))
            .listed_as(|_, _, entries| Ok(entries.iter().map(changed_fields).collect())),
        text("reason", "Reason", |entry| entry.reason.clone()).unlisted(),
        text("address", "Address", |entry| entry.address.clone()).filter_text(
            "address",
            "Address",
            audit_entries::address,
        ),
        text("session", "Session", |entry| entry.session_id.map(|id| id.to_string()).unwrap_or_default()).unlisted(),
        text("request", "Request", |entry| entry.request_id.clone()).unlisted(),
        text("change_set", "Change set", |entry| entry.change_set.clone()).unlisted().filter_text(
            "change_set",
            "Change set",
            audit_entries::change_set,
        ),
        text("chain", "Place in its chain", |entry| format!("{} of chain {}", entry.position, entry.chain)).unlisted(),
        text("hash", "Hash", |entry| entry.hash.clone()).unlisted(),
    ]
});

impl Resource for AuditEntry {
    const ONE: &'static str = "entry";
    const MANY: &'static str = "entries";
    const ACTIONS: &'static [Action] = &[Action::View, Action::Export];

    fn heading() -> String {
        "Audit log".into()
    }

    fn label(&self) -> String {
        format!("{}: {} {}", self.actor, Done::label_of(&self.action).to_lowercase(), self.record).trim_end().to_owned()
    }

    fn fields() -> &'static [Field<Self>] {
        &FIELDS
    }

    fn related(_: &mut AnyConnection, actor: &Actor, entry: &Self) -> QueryResult<Vec<Related>> {
        let way =
            |label: &str, href: Option<String>| href.map(|href| Link { label: label.to_owned(), href: Some(href) });
        let page = entry.record_id.filter(|_| actor.may(Action::View, &entry.entity) && entry.whole.is_empty());
        let links = [
            way("The record", page.map(|id| format!("/{}/{id}", entry.entity))),
            way("Same actor", same_actor(entry)),
            way("Same record", same_record(entry)),
            way("Same hour", Some(same_hour(entry.at))),
            way("Same action", Some(list(&[("change_set", &entry.change_set)]))),
        ];
        let links = links.into_iter().flatten().collect();
        Ok(vec![Related { heading: "See also", links, more: None, none: "" }])
    }
}

fn text(name: &'static str, label: &'static str, read: fn(&AuditEntry) -> String) -> AuditField {
    AuditField::shown(name, label, move |_, _, entries| {
        Ok(entries.iter().map(|entry| Shown::Text(read(entry))).collect())
    })
}

/// The log, narrowed by these filters.
fn list(filters: &[(&str, &str)]) -> String {
    format!("/{}?{}", AuditEntry::NAME, form_urlencoded::Serializer::new(String::new()).extend_pairs(filters).finish())
}

fn same_actor(entry: &AuditEntry) -> Option<String> {
    entry.actor_id.map(|id| list(&[("actor", &id.to_string())]))
}

fn same_record(entry: &AuditEntry) -> Option<String> {
    entry.record_id.map(|id| list(&[("entity", &entry.entity), ("record", &id.to_string())]))
}

fn same_hour(at: NaiveDateTime) -> String {
    let start = at - Duration::minutes(at.minute().into());
    let minute = |time: NaiveDateTime| time.format("%Y-%m-%dT%H:%M").to_string();
    list(&[("at_from", &minute(start)), ("at_to", &minute(start + Duration::minutes(59)))])
}

fn record(entry: &AuditEntry) -> String {
    match entry.record_id {
        Some(id) if entry.record.is_empty() => format!("{}/{id}", entry.entity),
        _ => entry.record.clone(),
    }
}

fn changes(entry: &AuditEntry) -> Shown {
    let entity = REGISTRY.0.iter().find(|entity| entity.name == entry.entity);
    Shown::Changes(differences(&entry.changes, |name| entity.and_then(|entity| (entity.field_label)(name))))
}

fn changed_fields(entry: &AuditEntry) -> Shown {
    let Shown::Changes(differences) = changes(entry) else { return Shown::Text(String::new()) };
    let labels: Vec<_> = differences.into_iter().map(|difference| difference.label).collect();
    Shown::Text(labels.join(", "))
}
