//! Requests to the routes of the entities, made up.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use reqwest::Method;

use crate::doors::table::ROUTES;
use crate::support::{PASSWORD, Visitor};

pub const ENTITIES: [&str; 3] = ["users", "items", "roles"];

/// The records that a request can be about, by entity.
pub type Ids = BTreeMap<&'static str, Vec<i64>>;

/// A request, but for the records that are there when it is sent.
#[derive(Clone, Debug)]
pub struct Step {
    method: Method,
    path: &'static str,
    record: Index,
    other: Index,
    is_nobodys: bool,
    field: &'static str,
    version: &'static str,
    number: u32,
    left_out: Index,
    more: Option<(&'static str, &'static str)>,
    is_htmx: bool,
}

fn routes() -> Vec<(Method, &'static str)> {
    let of_entities = ROUTES.iter().filter(|route| {
        let mut parts = route.path.split('/').skip(1);
        parts.any(|part| ENTITIES.contains(&part))
    });
    let known = of_entities.flat_map(|route| route.methods().into_iter().map(|method| (method, route.path)));
    // Mostly those that change something, and a method that there is not.
    let changes = known.clone().filter(|(method, _)| *method != Method::GET);
    let wrong = known.clone().step_by(6).map(|(_, path)| (Method::PUT, path));
    known.clone().chain(changes.clone()).chain(changes.clone()).chain(changes).chain(wrong).collect()
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fields = [
        "email",
        "password",
        "is_active",
        "roles",
        "title",
        "description",
        "owner",
        "name",
        "permissions",
        "hashed_password",
        "id",
    ];
    let more = vec![
        ("_method", "DELETE"),
        ("leave", "true"),
        ("find", "owner"),
        ("choose.title", "yours"),
        ("is_active", "false"),
        ("permissions", "users.delete"),
        ("roles", "1"),
        ("owner", "1"),
        ("id", "1"),
    ];
    let what = (
        select(routes()),
        select(fields.to_vec()),
        select(vec!["1", "1", "1", "1", "1", "2", "x"]),
        prop::option::weighted(0.2, select(more)),
    );
    let which =
        (any::<Index>(), any::<Index>(), prop::bool::weighted(0.05), any::<u32>(), any::<Index>(), any::<bool>());
    let step = (what, which).prop_map(
        |(((method, path), field, version, more), (record, other, is_nobodys, number, left_out, is_htmx))| Step {
            method,
            path,
            record,
            other,
            is_nobodys,
            field,
            version,
            number,
            left_out,
            more,
            is_htmx,
        },
    );
    prop::collection::vec(step, 1..12)
}

impl Step {
    fn entity(&self) -> &'static str {
        let mut parts = self.path.split('/').skip(1);
        parts.find_map(|part| ENTITIES.into_iter().find(|entity| *entity == part)).expect("a route of an entity")
    }

    /// A form that is taken as it is by whoever may do this, but that one part may be left out and another put in.
    fn form(&self, ids: &Ids, field: &str) -> Vec<(&'static str, String)> {
        let number = self.number;
        let other = |entity: &str| self.other.get(&ids[entity]).to_string();
        let mut form = match self.entity() {
            "users" => vec![
                ("email", format!("p{number}@example.com")),
                ("is_active", "true".into()),
                ("roles", other("roles")),
            ],
            "items" => {
                vec![("title", format!("Item {number}")), ("owner", other("users")), ("description", "Whatever".into())]
            }
            _ => vec![
                ("name", format!("Role {number}")),
                ("description", "Whatever".into()),
                ("permissions", "items.view".into()),
            ],
        };
        if self.path.matches('/').count() == 1 && self.entity() == "users" {
            form.push(("password", PASSWORD.into()));
        }
        if self.path.contains("{field}") {
            form.retain(|(name, _)| *name == field);
        }
        if self.path.contains("{id}") {
            form.push(("version", self.version.into()));
        }
        if self.number.is_multiple_of(4) && !form.is_empty() {
            form.remove(self.left_out.index(form.len()));
        }
        form.extend(self.more.map(|(name, value)| (name, value.to_owned())));
        form
    }

    /// Sends it, and gives the status of the answer.
    pub async fn take(&self, ids: &Ids, visitor: &Visitor) -> u16 {
        let id = if self.is_nobodys { 987_654_321 } else { *self.record.get(&ids[self.entity()]) };
        // Mostly a field that the entity has.
        let usual = match self.entity() {
            "users" => "email",
            "items" => "title",
            _ => "name",
        };
        let field = if self.number.is_multiple_of(3) { self.field } else { usual };
        let path = self.path.replace("{id}", &id.to_string()).replace("{field}", field).replace("{session}", "1");
        let form = self.form(ids, field);
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let request = if self.method == Method::GET {
            visitor.request(Method::GET, &path)
        } else {
            visitor.with_form(self.method.clone(), &path, &form)
        };
        let request = if self.is_htmx {
            request.header("HX-Request", "true").header("HX-Request-Type", "partial")
        } else {
            request
        };
        visitor.send(request).await.status
    }
}
