//! The entities that the desk administers: a declaration each, and a line each in the registry.

mod audit;
mod items;
mod roles;
mod user_roles;
mod users;

use actix_web::web;

use crate::access::Action;
use crate::admin::{Registered, Registry};
use crate::html::{Menu, MenuEntry};
use crate::models::{AuditEntry, Item, Role, User};

/// Every entity, in the order of the navigation.
pub const REGISTRY: Registry = Registry(&[
    Registered::of::<User>(),
    Registered::of::<Item>(),
    Registered::of::<Role>(),
    Registered::read_only::<AuditEntry>(),
]);

/// Mounts the routes of every entity.
pub fn mount(config: &mut web::ServiceConfig) {
    for entity in REGISTRY.0 {
        (entity.mount)(config);
    }
}

/// The navigation.
#[must_use]
pub fn menu() -> Menu {
    let entry = |entity: &Registered| MenuEntry {
        label: (entity.heading)(),
        href: format!("/{}", entity.name),
        permission: Some(Action::View.permission(entity.name)),
    };
    let dashboard = MenuEntry { label: "Dashboard".into(), href: "/".into(), permission: None };
    Menu(std::iter::once(dashboard).chain(REGISTRY.0.iter().map(entry)).collect())
}

/// Every permission there is, each with the entity it belongs to.
pub fn permissions() -> impl Iterator<Item = (&'static str, String)> {
    let of = |entity: &Registered| {
        let name = entity.name;
        entity.actions.iter().map(move |action| (name, action.permission(name)))
    };
    REGISTRY.0.iter().flat_map(of).collect::<Vec<_>>().into_iter()
}
