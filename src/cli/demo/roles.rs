//! The roles: what they permit, and who has them.

use std::collections::HashSet;

use super::people::People;
use super::plan::{Plan, Stream};
use super::random::shuffled_below;
use super::words;
use crate::db::load::{GrantRow, PermissionRow, RoleRow, SortedGrantRow, UserRow};
use crate::resources;

/// A role as it is planned.
pub struct Planned {
    id: i64,
    name: String,
    description: String,
    permissions: Vec<String>,
}

/// The roles of a plan, by names that none of `known` has.
pub fn planned(plan: &Plan, known: &HashSet<String>) -> Vec<Planned> {
    let names: Vec<_> = words::ROLES.split('|').collect();
    let count = names.len() as u64;
    let numbered = (0_u64..).map(|number| {
        let name = names[shuffled_below(plan.seed, count, number % count) as usize];
        if number < count { name.to_owned() } else { format!("{name} {}", number / count + 1) }
    });
    let free = numbered.filter(|name| !known.contains(name)).take(plan.roles as usize);
    free.enumerate().map(|(place, name)| role(plan, place as u64, name)).collect()
}

fn role(plan: &Plan, place: u64, name: String) -> Planned {
    let mut random = plan.random(Stream::Roles, place);
    let duties: Vec<_> = words::DUTIES.split('|').collect();
    let description = if random.is(200) { String::new() } else { format!("{}.", random.of_list(&duties)) };
    let mut permissions = Vec::new();
    let mut entity = "";
    let mut level = 0;
    for (of, permission) in resources::permissions() {
        if of != entity {
            // The first role, which half of all users have, is to look around.
            (entity, level) = (of, if place == 0 { 1 } else { random.below(5) });
        }
        let action = permission.rsplit_once('.').map_or("", |(_, action)| action);
        let is_held = match level {
            0 => false,
            1 => action == "view",
            2 => ["view", "update"].contains(&action),
            3 => action != "delete",
            _ => true,
        };
        // To know all that happened is for few.
        if is_held && (of != "audit" || place % 7 == 1) {
            permissions.push(permission);
        }
    }
    Planned { id: plan.first_role + place as i64, name, description, permissions }
}

impl Planned {
    /// Its row.
    pub fn row(&self, plan: &Plan) -> RoleRow<'_> {
        let begin = plan.begin();
        RoleRow { id: self.id, name: &self.name, description: &self.description, created_at: begin, updated_at: begin }
    }

    /// The rows of its permissions.
    pub fn permissions(&self) -> impl Iterator<Item = PermissionRow<'_>> {
        self.permissions.iter().map(|permission| PermissionRow { role_id: self.id, permission })
    }
}

/// The roles of the user at a position: the first one for every other, the last one for nobody, two for a few hundred in all, the
/// others for many or few; one and a half on average.
pub fn grants(plan: &Plan, position: u64) -> Vec<GrantRow> {
    let mut random = plan.random(Stream::Grants, position);
    let mut places = Vec::with_capacity(4);
    if plan.roles > 0 && random.is(500) {
        places.push(0);
    }
    // Without the first, the last, and from six on the two of few.
    let few = if plan.roles >= 6 { 2 } else { 0 };
    let many = plan.roles.saturating_sub(2 + few);
    if many > 0 {
        let count = match random.below(100) {
            0..33 => 0,
            33..70 => 1,
            70..90 => 2,
            _ => 3,
        };
        places.extend((0..count).map(|_| 1 + random.low(many)));
    }
    for place in 1 + many..1 + many + few {
        if random.below(plan.users.max(3_000)) < 300 {
            places.push(place);
        }
    }
    places.sort_unstable();
    places.dedup();
    let (user_id, first) = (plan.first_user + position as i64, plan.first_role);
    places.into_iter().map(|place| GrantRow { user_id, role_id: first + place as i64 }).collect()
}

/// The same beside what is known of the user.
pub fn sorted<'a>(
    plan: &Plan,
    people: &People<'a>,
    position: u64,
    taken: &HashSet<String>,
) -> impl Iterator<Item = SortedGrantRow> + use<'a> {
    let grants = grants(plan, position);
    let user = (!grants.is_empty()).then(|| people.user(position, taken));
    let sorted = move |GrantRow { user_id, role_id }| {
        let UserRow { email, is_active, created_at, .. } = user.clone()?;
        Some(SortedGrantRow { user_id, role_id, email, is_active, created_at })
    };
    grants.into_iter().filter_map(sorted)
}
