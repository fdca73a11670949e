//! Who asks, and what they may do.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::crud::sessions::Found;
use crate::crud::users::Held;
use crate::db::Author;

/// What can be done to an entity; the second half of a permission's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    View,
    Create,
    Update,
    Delete,
    /// To take a whole list away as a file; who does must be permitted to view it too.
    Export,
}

impl Action {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Action; 5] = [Action::View, Action::Create, Action::Update, Action::Delete, Action::Export];

    /// The word in a permission's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Action::View => "view",
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
            Action::Export => "export",
        }
    }

    /// The permission to do this to an entity, like `users.view`.
    #[must_use]
    pub fn permission(self, entity: &str) -> String {
        format!("{entity}.{}", self.name())
    }
}

/// The union of the permissions of someone's roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Permissions {
    /// All there are and will be: the built-in role's.
    All,
    Some(BTreeSet<String>),
}

impl Permissions {
    /// The union of what single roles permit.
    #[must_use]
    pub fn of(held: Vec<Held>) -> Self {
        held.into_iter().collect::<Option<BTreeSet<_>>>().map_or(Permissions::All, Permissions::Some)
    }

    #[must_use]
    pub fn contain(&self, permission: &str) -> bool {
        match self {
            Permissions::All => true,
            Permissions::Some(held) => held.contains(permission),
        }
    }
}

/// The person who asks, with the permissions of this very moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Actor {
    pub user_id: i64,
    pub session_id: i64,
    pub email: String,
    /// When the own password, or a passkey, was last given in this session.
    pub confirmed_at: Option<NaiveDateTime>,
    pub permissions: Permissions,
    /// A role requires a second factor, and there is none: that is to be mended before anything else.
    pub lacks_factor: bool,
}

impl Actor {
    /// The holder of a session that owes nothing.
    #[must_use]
    pub(super) fn of(found: Found) -> Self {
        let Found { session, user, held, lacks_factor } = found;
        Actor {
            user_id: user.id,
            session_id: session.id,
            email: user.email,
            confirmed_at: session.confirmed_at,
            permissions: Permissions::of(held),
            lacks_factor,
        }
    }

    #[must_use]
    pub fn may(&self, action: Action, entity: &str) -> bool {
        match &self.permissions {
            Permissions::All => true,
            held @ Permissions::Some(_) => held.contain(&action.permission(entity)),
        }
    }

    /// True when the person holds the built-in role.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.permissions == Permissions::All
    }

    /// The person as the author of a change, asking from where `guest` does.
    #[must_use]
    pub fn author(&self, guest: Author) -> Author {
        Author { user_id: Some(self.user_id), name: self.email.clone(), session_id: Some(self.session_id), ..guest }
    }
}
