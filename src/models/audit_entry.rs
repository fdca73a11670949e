use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::Stamp;
use crate::db::schema::audit_entries;

/// What happened once, for good: nothing of it is ever changed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
pub struct AuditEntry {
    /// Given by the database.
    #[diesel(skip_insertion)]
    pub id: i64,
    #[diesel(deserialize_as = Stamp)]
    pub at: NaiveDateTime,
    /// What the entries of one action have in common.
    pub change_set: String,
    /// Who did it; none for the command line and for someone not logged in.
    pub actor_id: Option<i64>,
    /// The name as text, which survives the user.
    pub actor: String,
    /// The name of an [`AuditAction`].
    pub action: String,
    /// The entity of the record that it was done to, like `users`; empty for none.
    pub entity: String,
    pub record_id: Option<i64>,
    /// What the record was called.
    pub record: String,
    /// A list of [`Change`]s in JSON.
    pub changes: String,
    /// The row that was deleted, in JSON, without its secrets; empty for all else.
    pub whole: String,
    pub reason: String,
    pub address: String,
    pub session_id: Option<i64>,
    pub request_id: String,
    pub chain: i64,
    /// The entry's number in its chain, counted from 1.
    pub position: i64,
    /// The hash of the entry before it in its chain; empty for the first.
    pub previous_hash: String,
    pub hash: String,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditAction {
    /// Its name in the table and in URLs.
    pub name: &'static str,
    /// What a person reads: `Logged in`.
    pub label: &'static str,
}

macro_rules! actions {
    ($($constant:ident $name:literal $label:literal,)*) => {
        impl AuditAction {
            $(pub const $constant: AuditAction = AuditAction { name: $name, label: $label };)*

            /// All of them, in the order in which they are offered.
            pub const ALL: &[AuditAction] = &[$(AuditAction::$constant),*];

            /// What a person reads for a stored name; the name itself where another version of the program wrote it.
            #[must_use]
            pub fn label_of(name: &str) -> String {
                Self::ALL.iter().find(|action| action.name == name).map_or(name, |action| action.label).to_owned()
            }
        }
    };
}
actions! {
    CREATE "create" "Created",
    UPDATE "update" "Updated",
    DELETE "delete" "Deleted",
    BULK_START "bulk_start" "Bulk action started",
    BULK_END "bulk_end" "Bulk action ended",
    LOGIN "login" "Logged in",
    LOGIN_BEGUN "login_begun" "Password right, second factor owed",
    LOGIN_REFUSED "login_refused" "Login refused",
    LOGOUT "logout" "Logged out",
    SESSION_END "session_end" "Session ended",
    LOCK "lock" "Locked",
    UNLOCK "unlock" "Unlocked",
    CONFIRM "confirm" "Confirmed by password",
    PASSWORD_CHANGE "password_change" "Password changed",
    LINK_CREATE "link_create" "Password link made",
    SECOND_FACTOR_ADD "second_factor_add" "Second factor added",
    SECOND_FACTOR_REMOVE "second_factor_remove" "Second factor removed",
    SECOND_FACTOR_RESET "second_factor_reset" "Second factor reset",
    RECOVERY_CODES_RENEW "recovery_codes_renew" "Recovery codes renewed",
    RECOVERY_CODE_USE "recovery_code_use" "Recovery code used",
    SETUP "setup" "Set up",
    HOLD_CLEAR "hold_clear" "Hold cleared",
    EXPORT "export" "Export begun",
    EXPORT_END "export_end" "Export ended",
    MIGRATE "migrate" "Migrated",
    DEMO "demo" "Demo data added",
}

/// What changed of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub old: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new: Vec<Value>,
    /// True for what nobody may read, like a password: that it changed is all that is on record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// A value as it was stored, and for one that points to something else also what that was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Plain(String),
    Named { id: String, name: String },
}

impl Value {
    /// Another record, by id and name.
    pub fn named(id: &impl ToString, name: &str) -> Self {
        Value::Named { id: id.to_string(), name: name.to_owned() }
    }

    /// What a person reads.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Value::Plain(text) | Value::Named { name: text, .. } => text,
        }
    }
}

impl Change {
    /// From some values to others.
    #[must_use]
    pub fn new(field: &str, old: Vec<Value>, new: Vec<Value>) -> Self {
        Change { field: field.to_owned(), old, new, secret: false }
    }

    /// From one text to another; empty for nothing.
    #[must_use]
    pub fn text(field: &str, old: &str, new: &str) -> Self {
        let values = |text: &str| Some(text).filter(|text| !text.is_empty()).map(|text| Value::Plain(text.to_owned()));
        Change::new(field, values(old).into_iter().collect(), values(new).into_iter().collect())
    }

    /// Of something that nobody may read.
    #[must_use]
    pub fn secret(field: &str) -> Self {
        Change { field: field.to_owned(), secret: true, ..Self::default() }
    }
}
