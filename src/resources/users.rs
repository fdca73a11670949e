use std::collections::HashMap;
use std::sync::LazyLock;

use diesel::prelude::*;

use super::user_roles::{self, keep_an_administrator};
use crate::access::{Action, Actor, Permissions};
use crate::admin::{
    BulkAction, COUNT_CAP, Fault, Field, Known, Link, Look, Moment, Related, Resource, Shown, Through, counted_link,
    record_link,
};
use crate::crud::{
    Entity as _, account_locks, administrators, items, password_links, roles, second_factors, sessions,
    users as accounts,
};
use crate::db::schema::users;
use crate::db::{AnyConnection, Write};
use crate::error::Result;
use crate::models::{AccountLock, Item, Role, User};

/// A user's page lists so many of the user's items.
const SHOWN_ITEMS: i64 = 25;

/// So many items go with a user without being asked twice.
const FEW_ITEMS: i64 = 10;

type UserField = Field<User>;

static FIELDS: LazyLock<Vec<Field<User>>> = LazyLock::new(|| {
    vec![
        UserField::email("email", "Email", |user| &user.email, |changes| &mut changes.email)
            .required()
            .max(254)
            .inline()
            .sort(users::email, |user| user.email.clone())
            .search(users::email)
            .search_start(users::email),
        UserField::password("password", "Password", |changes| &mut changes.hashed_password)
            .help("Leave it blank to have the user choose it, by a link that you make on the user’s account page."),
        UserField::yes_no("is_active", "Active", |user| user.is_active, |changes| &mut changes.is_active)
            .inline()
            .sensitive()
            .starts_yes()
            .help("Who is not active can't log in.")
            .rule(not_oneself)
            .then(|w, id| {
                sessions::delete_all_of_user(w, id, None)?;
                password_links::delete_all_of_user(w, id)?;
                let is_active = User::get(w.conn, id)?.is_some_and(|user| user.is_active);
                if is_active { Ok(()) } else { keep_an_administrator(w, id) }
            })
            .sort(users::is_active, |user| user.is_active)
            .filter(users::is_active),
        UserField::several("roles", "Roles", &user_roles::ROLES)
            .sensitive()
            .foreseen(|conn, user, wanted| {
                let builtin = roles::administrator(conn)?.id.to_string();
                let keeps = !user.is_active || wanted.contains(&builtin);
                Ok(if keeps || !administrators::would_be_last(conn, user.id)? {
                    None
                } else {
                    Some(administrators::LAST_ADMINISTRATOR)
                })
            })
            .filter_through::<Role>(
                "role",
                "Role",
                Through { table: "sorted_user_roles", id: "user_id", key: "role_id" },
            ),
        UserField::count::<Item>("items", "Items", ("items", "owner_id"), "owner"),
        UserField::shown("lock", "Lock", show_locks).unlisted(),
        UserField::time("last_login_at", "Last login", |user| user.last_login_at),
        UserField::time("created_at", "Created", |user| Some(user.created_at))
            .sort(users::created_at, |user| user.created_at)
            .range(["created_from", "created_to"], ["Created from", "Created to"], users::created_at),
    ]
});

impl Resource for User {
    const ONE: &'static str = "user";

    fn label(&self) -> String {
        self.email.clone()
    }

    fn fields() -> &'static [Field<Self>] {
        &FIELDS
    }

    fn bulk() -> &'static [BulkAction] {
        const ACTIONS: &[BulkAction] = &[
            BulkAction::set("activate", "Activate", "Activate {rows}", "is_active", "true").counted_by("is_active"),
            BulkAction::set("deactivate", "Deactivate", "Deactivate {rows}", "is_active", "false")
                .counted_by("is_active"),
            BulkAction::add("give_role", "Give a role", "Give the role {value} to {rows}", "roles").counted_by("role"),
            BulkAction::remove("take_role", "Take a role", "Take the role {value} from {rows}", "roles")
                .counted_by("role"),
            BulkAction::delete(),
        ];
        ACTIONS
    }

    fn look(conn: &mut AnyConnection, actor: &Actor, id: i64) -> QueryResult<Option<Look<Self>>> {
        let held = held_by(actor).unwrap_or_default();
        let Some(whole) = accounts::whole(conn, id, &held, COUNT_CAP + 1)? else { return Ok(None) };
        let holds_more = !actor.is_administrator() && whole.holds_more;
        let refusal = |action| Some((action, why_not(actor, action, id, holds_more)?));
        let roles = whole.roles.into_iter().map(|role| (role.id.to_string(), role.name)).collect();
        let known = Known::default()
            .showing("items", counted_link::<Item>(actor, "owner", id, whole.items))
            .showing("lock", shown_lock(whole.lock.as_ref()))
            .holding("roles", roles)
            .refusing(Action::ALL.into_iter().filter_map(refusal).collect());
        Ok(Some(Look::at(whole.user).knowing(known)))
    }

    fn known(conn: &mut AnyConnection, actor: &Actor, rows: &[Self]) -> QueryResult<Vec<Known>> {
        let ids: Vec<_> = rows.iter().map(|user| user.id).collect();
        let mut held: HashMap<i64, (Vec<(String, String)>, bool)> = HashMap::new();
        for (user, role, name, is_more) in roles::of_users_against(conn, &ids, held_by(actor).as_deref())? {
            let (roles, holds_more) = held.entry(user).or_default();
            roles.push((role.to_string(), name));
            *holds_more |= is_more;
        }
        let known = |id: i64| {
            let (roles, holds_more) = held.remove(&id).unwrap_or_default();
            let refusal = |action| Some((action, why_not(actor, action, id, holds_more)?));
            Known::default().holding("roles", roles).refusing(Action::ALL.into_iter().filter_map(refusal).collect())
        };
        Ok(ids.into_iter().map(known).collect())
    }

    /// Whoever could make a password link for someone with more permissions could take them.
    fn protected(
        conn: &mut AnyConnection,
        actor: &Actor,
        action: Action,
        records: &[Self],
    ) -> QueryResult<Vec<(i64, &'static str)>> {
        let ids: Vec<_> = records.iter().map(|user| user.id).collect();
        let more =
            held_by(actor).map(|held| accounts::holding_more(conn, &ids, &held)).transpose()?.unwrap_or_default();
        let refusal = |id: i64| Some((id, why_not(actor, action, id, more.contains(&id))?));
        Ok(ids.into_iter().filter_map(refusal).collect())
    }

    fn related(conn: &mut AnyConnection, actor: &Actor, user: &Self) -> QueryResult<Vec<Related>> {
        let account =
            Link { label: "Sessions, lock and links".into(), href: Some(format!("/users/{}/account", user.id)) };
        let account = Related { heading: "Account", links: vec![account], more: None, none: "" };
        if !actor.may(Action::View, "items") {
            return Ok(vec![account]);
        }
        let owned = items::of_owner(conn, user.id, SHOWN_ITEMS)?;
        let items = Related {
            heading: "Items",
            links: owned.iter().map(|item| record_link(actor, item)).collect(),
            more: (!owned.is_empty()).then(|| Link {
                label: "All items of this user".into(),
                href: Some(format!("/items?owner={}", user.id)),
            }),
            none: "This user owns no items.",
        };
        Ok(vec![account, items])
    }

    fn is_grave_to_delete(conn: &mut AnyConnection, user: &Self) -> QueryResult<bool> {
        let counts = items::count_by_owner(conn, &[user.id], FEW_ITEMS + 1)?;
        Ok(counts.iter().any(|(_, count)| *count > FEW_ITEMS))
    }

    fn before_delete(w: &mut Write, user: &Self) -> Result<(), Fault> {
        accounts::decide_administrators(w)?;
        // Read after the turn is had: what was read before may have changed.
        let is_active = User::get(w.conn, user.id)?.is_some_and(|user| user.is_active);
        if is_active {
            keep_an_administrator(w, user.id)?;
        }
        account_locks::record_end(w, user)?;
        second_factors::reset(w, user.id)?;
        Ok(sessions::delete_all_of_user(w, user.id, None)?)
    }
}

/// The permissions of whoever is no administrator.
fn held_by(actor: &Actor) -> Option<Vec<String>> {
    if let Permissions::Some(held) = &actor.permissions { Some(held.iter().cloned().collect()) } else { None }
}

fn why_not(actor: &Actor, action: Action, id: i64, holds_more: bool) -> Option<&'static str> {
    let is_own_end = action == Action::Delete && id == actor.user_id;
    match (holds_more, is_own_end) {
        (true, _) => Some("This user holds permissions that you do not."),
        (_, true) => Some("You can't delete yourself."),
        _ => None,
    }
}

fn not_oneself(actor: &Actor, user: Option<&User>, value: &[String]) -> Option<&'static str> {
    let is_self = user.is_some_and(|user| user.id == actor.user_id);
    (is_self && value.first().is_some_and(|value| value == "false")).then_some("You can't deactivate yourself.")
}

fn show_locks(conn: &mut AnyConnection, _: &Actor, rows: &[User]) -> QueryResult<Vec<Shown>> {
    let ids: Vec<_> = rows.iter().map(|user| user.id).collect();
    let locks = account_locks::of_users(conn, &ids)?;
    let locks: HashMap<_, _> = locks.into_iter().map(|lock| (lock.user_id, lock)).collect();
    Ok(ids.iter().map(|id| shown_lock(locks.get(id))).collect())
}

fn shown_lock(lock: Option<&AccountLock>) -> Shown {
    let words = |lock: &AccountLock| format!("{} by {}: {}", Moment(lock.at), lock.by_name, lock.reason);
    Shown::Text(lock.map_or_else(|| "None".to_owned(), words))
}
