use std::sync::LazyLock;

use diesel::prelude::*;

use super::permissions;
use crate::access::{Action, Actor};
use crate::admin::{
    BulkAction, COUNT_CAP, Choice, Fault, Field, Held, Known, Link, Look, Offered, Related, Resource, SetOf, Shown,
    counted, counted_link, record_link,
};
use crate::crud::{Entity as _, password_links, permissions as role_permissions, roles as role_users};
use crate::db::schema::roles;
use crate::db::{AnyConnection, Write};
use crate::error::Result;
use crate::models::{Role, User};

/// A role's page lists so many of its users.
const SHOWN_USERS: i64 = 25;

type RoleField = Field<Role>;

static FIELDS: LazyLock<Vec<Field<Role>>> = LazyLock::new(|| {
    vec![
        RoleField::text("name", "Name", |role| &role.name, |changes| &mut changes.name)
            .required()
            .max(64)
            .inline()
            .sort(roles::name_key, |role| role.name_key.clone())
            .search(roles::name)
            .search_start(roles::name_key),
        RoleField::text("description", "Description", |role| &role.description, |changes| &mut changes.description)
            .max(1000)
            .inline()
            .search(roles::description),
        RoleField::yes_no(
            "requires_second_factor",
            "Requires a second factor",
            |role| role.requires_second_factor,
            |changes| &mut changes.requires_second_factor,
        )
        .unlisted()
        .sensitive()
        .rule(administrators_decide)
        .help("Whoever has this role sets up a second factor before anything else."),
        RoleField::count::<User>("users", "Users", ("user_roles", "role_id"), "role"),
        RoleField::several(
            "permissions",
            "Permissions",
            &SetOf {
                entity: None,
                held: held_permissions,
                offer: offer_permissions,
                give: |w, id, permissions| {
                    // Whoever made a link for one who holds it would get in with more than they could give.
                    password_links::delete_all_of_role(w, id)?;
                    Ok(role_permissions::give(w, id, permissions)?)
                },
                take: |w, id, permissions| Ok(role_permissions::take(w, id, permissions)?),
            },
        )
        .sensitive()
        .listed_as(count_permissions),
        RoleField::time("created_at", "Created", |role| Some(role.created_at))
            .sort(roles::created_at, |role| role.created_at)
            .range(["created_from", "created_to"], ["Created from", "Created to"], roles::created_at),
    ]
});

impl Resource for Role {
    const ONE: &'static str = "role";

    fn label(&self) -> String {
        self.name.clone()
    }

    fn fields() -> &'static [Field<Self>] {
        &FIELDS
    }

    fn bulk() -> &'static [BulkAction] {
        const ACTIONS: &[BulkAction] = &[BulkAction::delete()];
        ACTIONS
    }

    fn look(conn: &mut AnyConnection, actor: &Actor, id: i64) -> QueryResult<Option<Look<Self>>> {
        let Some((role, users, mut held)) = role_users::whole(conn, id, COUNT_CAP + 1)? else { return Ok(None) };
        let is_beyond = held.iter().any(|permission| !actor.permissions.contain(permission));
        let refusal = |action| Some((action, why_not(actor, action, &role, is_beyond)?));
        let refusals = Action::ALL.into_iter().filter_map(refusal).collect();
        if role.is_builtin {
            held.extend(permissions().map(|(_, permission)| permission));
        }
        let held = held.into_iter().map(|permission| (permission.clone(), permission)).collect();
        let users = counted_link::<User>(actor, "role", id, users);
        let known = Known::default().showing("users", users).holding("permissions", held).refusing(refusals);
        Ok(Some(Look::at(role).knowing(known)))
    }

    /// To delete a role is to take all that it permits.
    fn protected(
        conn: &mut AnyConnection,
        actor: &Actor,
        action: Action,
        records: &[Self],
    ) -> QueryResult<Vec<(i64, &'static str)>> {
        let asks = action == Action::Delete && !actor.is_administrator();
        let ids: Vec<_> = records.iter().map(|role| role.id).collect();
        let held = if asks { role_permissions::of_roles(conn, &ids)? } else { Vec::new() };
        let is_beyond =
            |id: i64| held.iter().any(|(role, permission)| *role == id && !actor.permissions.contain(permission));
        let refusal = |role: &Role| Some((role.id, why_not(actor, action, role, is_beyond(role.id))?));
        Ok(records.iter().filter_map(refusal).collect())
    }

    fn related(conn: &mut AnyConnection, actor: &Actor, role: &Self) -> QueryResult<Vec<Related>> {
        if !actor.may(Action::View, "users") {
            return Ok(Vec::new());
        }
        let users = role_users::users_of(conn, role.id, SHOWN_USERS)?;
        Ok(vec![Related {
            heading: "Users",
            links: users.iter().map(|user| record_link(actor, user)).collect(),
            more: (!users.is_empty()).then(|| Link {
                label: "All users with this role".into(),
                href: Some(format!("/users?role={}", role.id)),
            }),
            none: "Nobody has this role.",
        }])
    }

    fn is_grave_to_delete(conn: &mut AnyConnection, role: &Self) -> QueryResult<bool> {
        Ok(!role_users::users_of(conn, role.id, 1)?.is_empty())
    }

    fn before_delete(w: &mut Write, role: &Self) -> Result<(), Fault> {
        Ok(role_users::take_from_all(w, role)?)
    }

    fn goes_with(conn: &mut AnyConnection, role: &Self) -> QueryResult<Vec<String>> {
        let count = role_users::count_users(conn, &[role.id], COUNT_CAP + 1)?;
        let users = count.first().map_or(0, |(_, count)| *count);
        Ok((users > 0)
            .then(|| format!("the role is taken from {}", counted(users, "user", "users")))
            .into_iter()
            .collect())
    }
}

/// Why somebody may not do this to a role, which permits something beyond what they hold or does not.
fn why_not(actor: &Actor, action: Action, role: &Role, is_beyond: bool) -> Option<&'static str> {
    let is_taking = action == Action::Delete && !actor.is_administrator();
    match (is_taking && (is_beyond || role.is_builtin), role.is_builtin) {
        (true, _) => Some("This role permits what you may not do."),
        (_, true) => Some("The built-in role holds every permission. It can't be changed or deleted."),
        _ => None,
    }
}

/// Whoever could switch it off could do without.
fn administrators_decide(actor: &Actor, role: Option<&Role>, value: &[String]) -> Option<&'static str> {
    let is_change = role.is_some() || value.first().is_some_and(|value| value == "true");
    (is_change && !actor.is_administrator()).then_some("Only an administrator decides that.")
}

fn count_permissions(conn: &mut AnyConnection, _: &Actor, rows: &[Role]) -> QueryResult<Vec<Shown>> {
    let ids: Vec<_> = rows.iter().map(|role| role.id).collect();
    let held = role_permissions::of_roles(conn, &ids)?;
    let shown = |role: &Role| {
        let count = held.iter().filter(|(id, _)| *id == role.id).count();
        let label = if role.is_builtin { "All".to_owned() } else { count.to_string() };
        Shown::Count(Link { label, href: None })
    };
    Ok(rows.iter().map(shown).collect())
}

fn held_permissions(conn: &mut AnyConnection, ids: &[i64]) -> QueryResult<Vec<Held>> {
    let mut held = role_permissions::of_roles(conn, ids)?;
    // The built-in role's permissions are all there are; none of them is stored.
    for role in Role::get_many(conn, ids)?.iter().filter(|role| role.is_builtin) {
        held.extend(permissions().map(|(_, permission)| (role.id, permission)));
    }
    Ok(held.into_iter().map(|(id, permission)| (id, permission.clone(), permission)).collect())
}

/// All permissions that the program knows, in a group an entity. Those that a role holds and the program does not know
/// are another program's, and stay.
#[expect(clippy::unnecessary_wraps, reason = "the type of an offer, which may ask the database")]
fn offer_permissions(_: &mut AnyConnection, actor: &Actor, _: Option<&str>, held: &[String]) -> Result<Offered> {
    let choice = |(group, permission): (&str, String)| Choice {
        fixed: (!actor.permissions.contain(&permission))
            .then_some("You can't give or take a permission that you do not hold."),
        label: permission.clone(),
        value: permission,
        group: group.to_owned(),
    };
    let mut choices: Vec<_> = permissions().map(choice).collect();
    let unknown: Vec<_> = held.iter().filter(|value| !choices.iter().any(|choice| choice.value == **value)).collect();
    choices.extend(unknown.into_iter().map(|permission| Choice {
        value: permission.clone(),
        label: permission.clone(),
        group: "other".into(),
        fixed: Some("This permission is not one of this program's."),
    }));
    Ok(Offered { choices, is_partial: false })
}
