//! The pages: every address of the program that is asked for by GET, in each of its forms.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use quarterdeck::admin::Resource;
use quarterdeck::models::{AuditEntry, Item, Role, User};
use reqwest::Method;
use url::form_urlencoded::byte_serialize;

use super::{CELL, LIST, OTHER, RECORD};
use crate::doors::table::{Need, ROUTES};
use crate::support::{TestApp, Visitor};

/// The records that the pages are about.
pub struct Scene {
    /// A user whom everybody may change, and one who may do more.
    user: i64,
    superior: i64,
    item: i64,
    role: i64,
}

impl Scene {
    pub async fn set(app: &TestApp) -> Self {
        app.admin_account().await;
        let role = app.db_role("Crew", &[]).await.id;
        let mates = app.db_role("Mates", &["another.program"]).await.id;
        let user = app.db_user("ann@example.com", &[role]).await.id;
        let superior = app.db_user("bea@example.com", &[role, mates]).await.id;
        let item = app.db_item(user, "Anchor").await.id;
        Scene { user, superior, item, role }
    }

    /// What somebody with these permissions may see, each with the most queries that it may take.
    pub async fn pages(&self, visitor: &Visitor, permissions: &[&str]) -> Vec<(String, u64)> {
        let is_open = |need: &Need| match need {
            Need::Login => true,
            Need::Permission(permission) => permissions == ["*"] || permissions.contains(permission),
            Need::Both(..) => {
                permissions == ["*"] || need.permissions().iter().all(|needed| permissions.contains(needed))
            }
            _ => false,
        };
        let routes = ROUTES.iter().filter(|route| is_open(&route.need) && route.methods().contains(&Method::GET));
        let mut pages = Vec::new();
        for route in routes {
            let (path, most) = (route.path, most(route.path));
            let entity = path.split('/').find(|part| ["users", "items", "roles", "audit"].contains(part));
            let id = match entity {
                Some("users") => self.user,
                Some("items") => self.item,
                Some("roles") => self.role,
                _ => 1,
            };
            if path.starts_with("/users/{id}") {
                pages.push((path.replace("{id}", &self.superior.to_string()).replace("{field}", "email"), most));
            }
            let path = path.replace("{id}", &id.to_string());
            match entity {
                Some(entity) if path == format!("/{entity}") => {
                    pages.extend(lists(visitor, entity).await.into_iter().map(|list| (list, most)));
                }
                Some(entity) if path.contains("{field}") => {
                    let cells = fields(entity).into_iter().map(|field| path.replace("{field}", field));
                    pages.extend(cells.map(|cell| (cell, most)));
                }
                Some(_) if path.ends_with("/export") => pages.push((format!("{path}?format=csv"), most)),
                Some(_) if path.starts_with("/options") => {
                    pages.extend(
                        ["", "?q=1", "?several=true&name=some&some=1"].map(|query| (format!("{path}{query}"), most)),
                    );
                }
                _ => pages.push((path, most)),
            }
        }
        pages
    }
}

/// The most queries of a route.
fn most(path: &str) -> u64 {
    let parts: Vec<_> = path.split('/').skip(1).collect();
    match parts[..] {
        [_] if path != "/" && !matches!(path, "/account" | "/kept" | "/throttles") => LIST,
        ["options", _] => LIST,
        [_, "{id}" | "new"] | [_, "{id}", "delete"] => RECORD,
        [_, "{id}", "{field}"] | [_, "{id}", "{field}", "edit"] => CELL,
        _ => OTHER,
    }
}

fn fields(entity: &str) -> Vec<&'static str> {
    fn of<R: Resource>() -> Vec<&'static str> {
        R::fields().iter().map(|field| field.name).collect()
    }
    match entity {
        "users" => of::<User>(),
        "items" => of::<Item>(),
        "roles" => of::<Role>(),
        _ => of::<AuditEntry>(),
    }
}

/// A list in each order, with each filter, with a search, and at places in it, as far as it has them.
async fn lists(visitor: &Visitor, entity: &str) -> Vec<String> {
    let page = visitor.get(&format!("/{entity}")).await;
    let mut lists = vec![format!("/{entity}"), format!("/{entity}?limit=100")];
    if page.has("#search") {
        lists.extend(["1", "user item", "nothing like it"].map(|q| format!("/{entity}?q={}", encoded(q))));
    }
    lists.extend(page.attributes("a[id^=sort-]", "href"));
    for (name, value) in filters(&page) {
        lists.push(format!("/{entity}?{name}={}", encoded(&value)));
        lists.push(format!("/{entity}?{name}={}&sort=-created_at&limit=25", encoded(&value)));
    }
    lists.retain(|list| entity != "audit" || !list.contains("created_at"));
    // Between the first row and the others, whatever there is.
    let sort = match entity {
        "users" => "email",
        "items" => "title",
        "roles" => "name",
        _ => "-at",
    };
    let key = if entity == "audit" { "2999-01-02T03:04:05" } else { "b" };
    let cursor = URL_SAFE_NO_PAD.encode(format!(r#"{{"s":"{sort}","k":"{key}","i":3}}"#));
    lists.push(format!("/{entity}?sort={sort}&after={cursor}"));
    lists.push(format!("/{entity}?before=end"));
    lists
}

fn filters(page: &crate::support::Page) -> Vec<(String, String)> {
    let mut filters: Vec<_> = Vec::new();
    for name in page.attributes(".filters [name]", "name") {
        let of = |element: &str| format!(".filters {element}[name='{name}']");
        let value = match page.attributes(&of("input"), "type").first().map(String::as_str) {
            _ if name.starts_with("find.") => Some("1".to_owned()),
            Some("date") => Some("2026-01-02".to_owned()),
            Some("datetime-local") => Some("2026-01-02T03:04".to_owned()),
            Some("number" | "text") => Some("1".to_owned()),
            Some("radio") => page.attributes(&of("input"), "value").pop(),
            _ => page.attributes(&format!("{} option", of("select")), "value").pop(),
        };
        filters.push((name, value.expect("a value")));
    }
    filters.sort();
    filters.dedup();
    filters.retain(|(_, value)| !value.is_empty());
    filters
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
