//! The roles of a user: held, offered, given and taken.

use diesel::prelude::*;

use crate::access::Actor;
use crate::admin::{Fault, Held, Offered, SetOf, offered};
use crate::crud::{Entity as _, administrators, password_links, roles};
use crate::db::{AnyConnection, Write};
use crate::error::Result;
use crate::models::{Role, User};

pub(super) const ROLES: SetOf = SetOf { entity: Some("roles"), held, offer, give, take };

/// Refuses to take the built-in role, or its use, from the last active one who has it.
pub(super) fn keep_an_administrator(w: &mut Write, id: i64) -> Result<(), Fault> {
    if administrators::is_last(w, id)? { Err(administrators::LAST_ADMINISTRATOR.into()) } else { Ok(()) }
}

fn held(conn: &mut AnyConnection, ids: &[i64]) -> QueryResult<Vec<Held>> {
    let held = roles::of_users(conn, ids)?;
    Ok(held.into_iter().map(|(user, role)| (user, role.id.to_string(), role.name)).collect())
}

/// Roles to choose from. Who is no administrator gives and takes only what they hold themselves: a role may mean more to
/// another program than its permissions here.
fn offer(conn: &mut AnyConnection, actor: &Actor, query: Option<&str>, chosen: &[String]) -> Result<Offered> {
    let Offered { mut choices, is_partial } = offered::<Role>(conn, actor, query, chosen)?;
    if !actor.is_administrator() {
        let own: Vec<_> =
            roles::of_users(conn, &[actor.user_id])?.into_iter().map(|(_, role)| role.id.to_string()).collect();
        for choice in choices.iter_mut().filter(|choice| !own.contains(&choice.value)) {
            choice.fixed = Some("You can't give or take a role that you do not hold.");
        }
    }
    Ok(Offered { choices, is_partial })
}

fn give(w: &mut Write, id: i64, values: &[String]) -> Result<(), Fault> {
    // Whoever made a link for the user as it was would get in as what the user becomes.
    if !values.is_empty() {
        password_links::delete_all_of_user(w, id)?;
    }
    Ok(roles::give(w, id, &numbers(values))?)
}

fn take(w: &mut Write, id: i64, values: &[String]) -> Result<(), Fault> {
    if values.is_empty() {
        return Ok(());
    }
    let ids = numbers(values);
    let builtin = roles::administrator(w.conn)?.id;
    if ids.contains(&builtin) && User::get(w.conn, id)?.is_some_and(|user| user.is_active) {
        keep_an_administrator(w, id)?;
    }
    Ok(roles::take(w, id, &ids)?)
}

fn numbers(values: &[String]) -> Vec<i64> {
    values.iter().filter_map(|value| value.parse().ok()).collect()
}
