//! The walk over every route: as a guest, as somebody without the permission, as somebody with it.

mod headers;
mod numbers;
mod revoked;
pub mod table;

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

use crate::support::{Page, TestApp, Visitor};
use table::{Need, ROUTES, Route};

/// The records that the walk is about.
struct Scene {
    app: TestApp,
    user: i64,
    item: i64,
    role: i64,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        app.admin().await;
        let user = app.db_user("ann@example.com", &[]).await.id;
        let item = app.db_item(user, "Anchor").await.id;
        let role = app.db_role("Crew", &[]).await.id;
        Scene { app, user, item, role }
    }

    fn path(&self, route: &Route) -> String {
        let id = match route.path.split('/').nth(1) {
            Some("users") => self.user,
            Some("items") => self.item,
            Some("roles") => self.role,
            Some("audit") => 1,
            _ => 987_654_321,
        };
        let field = match route.path.split('/').nth(1) {
            Some("users") => "email",
            Some("items") => "title",
            _ => "name",
        };
        let path =
            if route.path.ends_with("/export") { format!("{}?format=csv", route.path) } else { route.path.into() };
        path.replace("{id}", &id.to_string())
            .replace("{field}", field)
            .replace("{session}", "987654321")
            .replace("{checksum}/{name}", "0/none")
    }
}

async fn ask(visitor: &Visitor, method: &Method, path: &str, is_htmx: bool) -> Page {
    // A version that is nobody's: who gets in changes nothing, and the walk goes on over the same records.
    let form: &[(&str, &str)] = if *method == Method::GET { &[] } else { &[("version", "987654321")] };
    if is_htmx {
        return visitor.htmx(method.clone(), path, form).await;
    }
    let request = if *method == Method::GET {
        visitor.request(Method::GET, path)
    } else {
        visitor.with_form(method.clone(), path, form)
    };
    visitor.send(request).await
}

#[actix_web::test]
async fn a_guest_gets_to_the_login_from_every_guarded_route() {
    let scene = Scene::set().await;
    let guest = scene.app.guest();
    for route in ROUTES.iter().filter(|route| !matches!(route.need, Need::Nothing)) {
        for method in route.methods() {
            let path = scene.path(route);
            let page = ask(&guest, &method, &path, false).await;
            // A form is not sent again after the login, and its address may be no page.
            let back = if method == Method::GET { path.as_str() } else { "/" };
            let next: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
            assert_eq!(
                (page.status, page.location()),
                (303, format!("/login?next={next}").as_str()),
                "{method} {path}"
            );
            assert_eq!(page.body, "", "{method} {path} says nothing else");
            let block = ask(&guest, &method, &path, true).await;
            assert_eq!(block.status, 401, "{method} {path} with htmx");
            assert!(!block.is_whole() && block.link("Log in").is_some(), "{method} {path} with htmx: {}", block.body);
        }
    }
}

#[actix_web::test]
async fn a_cookie_that_nobody_was_given_is_a_guests() {
    let scene = Scene::set().await;
    for cookie in ["quarterdeck=x", "quarterdeck=", "quarterdeck=AAAA%3D%3D; quarterdeck=%00"] {
        let visitor = scene.app.guest();
        let request = visitor.request(Method::GET, "/users");
        let request = request.header(HeaderName::from_static("cookie"), HeaderValue::from_static(cookie));
        assert_eq!(visitor.send(request).await.status, 303, "{cookie}");
    }
}

#[actix_web::test]
async fn a_guest_may_use_the_public_routes() {
    let scene = Scene::set().await;
    let guest = scene.app.guest();
    for route in ROUTES.iter().filter(|route| matches!(route.need, Need::Nothing)) {
        for method in route.methods() {
            let page = ask(&guest, &method, &scene.path(route), false).await;
            // A login without a password is wrong, a setup without a token not found.
            let expected: &[u16] = match route.path {
                "/login" | "/login/passkey" => &[200, 401],
                "/setup" | "/password" | "/static/{checksum}/{name}" => &[404],
                _ => &[200],
            };
            assert!(expected.contains(&page.status), "{method} {}: {}", route.path, page.status);
            assert!(!page.location().starts_with("/login"), "{method} {} needs no login", route.path);
        }
    }
}

#[actix_web::test]
async fn all_other_permissions_do_not_open_a_route() {
    let scene = Scene::set().await;
    for permission in table::permissions() {
        let others: Vec<_> = table::permissions().into_iter().filter(|other| *other != permission).collect();
        let visitor = scene.app.user_with(&others.iter().map(String::as_str).collect::<Vec<_>>()).await;
        for route in ROUTES.iter().filter(|route| route.need.permissions().contains(&permission.as_str())) {
            for method in route.methods() {
                let path = scene.path(route);
                for is_htmx in [false, true] {
                    let page = ask(&visitor, &method, &path, is_htmx).await;
                    assert_eq!(page.status, 403, "{method} {path} without {permission}: {}", page.text());
                    assert_eq!(page.is_whole(), !is_htmx, "{method} {path}: a page, or with htmx a part of one");
                }
            }
        }
    }
    let counts =
        ["users", "items", "roles"].map(|name| scene.app.database.number(&format!("SELECT count(*) FROM {name}")));
    let visitors = i64::try_from(table::permissions().len()).expect("a dozen");
    assert_eq!(counts, [2 + visitors, 1, 2 + visitors], "nothing was made or deleted");
    let changed = "SELECT count(*) FROM users WHERE version <> 1 UNION ALL SELECT count(*) FROM items WHERE version <> 1 \
                   UNION ALL SELECT count(*) FROM roles WHERE version <> 1";
    assert_eq!(scene.app.database.numbers(changed), [0, 0, 0], "nothing was changed");
}

#[actix_web::test]
async fn each_permission_opens_its_routes() {
    let scene = Scene::set().await;
    let nobody = scene.app.user_with(&[]).await;
    for route in ROUTES.iter().filter(|route| matches!(route.need, Need::Login)) {
        for method in route.methods().into_iter().filter(|_| route.path != "/logout") {
            let path = scene.path(route);
            let page = ask(&nobody, &method, &path, false).await;
            let asks_first = page.has("[name=confirm_password]");
            assert!(
                asks_first || !matches!(page.status, 401 | 403),
                "{method} {path} for anybody logged in: {}",
                page.status
            );
            assert!(!page.location().starts_with("/login"), "{method} {path} for anybody logged in");
        }
    }
    let mut needs: Vec<_> =
        ROUTES.iter().map(|route| route.need.permissions()).filter(|held| !held.is_empty()).collect();
    needs.sort();
    needs.dedup();
    for held in needs {
        let visitor = scene.app.user_with(&held).await;
        for route in ROUTES.iter().filter(|route| route.need.permissions() == held) {
            for method in route.methods() {
                let path = scene.path(route);
                let page = ask(&visitor, &method, &path, false).await;
                let refused = matches!(page.status, 401 | 403 | 405) || page.location().starts_with("/login");
                assert!(!refused, "{method} {path} with {held:?}: {} {}", page.status, page.text());
                let is_there = page.status < 400 || matches!(page.status, 409 | 422);
                // DELETE sends no version, so the record is gone before the POST that does the same.
                assert!(
                    is_there || page.status == 404,
                    "{method} {path} with {held:?}: {} {}",
                    page.status,
                    page.text()
                );
            }
        }
    }
}

#[actix_web::test]
async fn no_route_takes_another_method() {
    let scene = Scene::set().await;
    let admin = scene.app.admin().await;
    for route in ROUTES {
        let taken: Vec<_> = ROUTES.iter().filter(|other| other.path == route.path).flat_map(Route::methods).collect();
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if taken.contains(&method) {
                continue;
            }
            let path = scene.path(route);
            let page = ask(&admin, &method, &path, false).await;
            assert_eq!(page.status, 405, "{method} {path} is not in the table of this test");
        }
    }
}

/// What stands in quotes in a source and begins with a slash: the paths of its routes.
fn paths(source: &str) -> Vec<String> {
    let quoted = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2));
    quoted.filter(|text| text.starts_with('/')).map(|text| text.replace("{{", "{").replace("}}", "}")).collect()
}

#[test]
fn the_walk_knows_every_route_of_the_program() {
    let mut expected = paths(include_str!("../../src/routes.rs"));
    for path in paths(include_str!("../../src/admin/mount.rs")) {
        expected.extend(["users", "items", "roles"].map(|entity| {
            if path.starts_with("/options") { format!("/options/{entity}") } else { path.replacen("{name}", entity, 1) }
        }));
    }
    expected.extend(["/audit", "/audit/export", "/audit/{id}"].map(ToOwned::to_owned));
    let registry = include_str!("../../src/resources/mod.rs");
    let entities = ["Registered::of::<", "Registered::read_only::<"].map(|kind| registry.matches(kind).count());
    assert_eq!(entities, [3, 1], "the walk knows users, items and roles, and the audit log");
    let mut known: Vec<String> = ROUTES.iter().map(|route| route.path.to_owned()).collect();
    for list in [&mut expected, &mut known] {
        list.sort();
        list.dedup();
    }
    assert_eq!(known, expected, "the table of this test, and the routes of the program");
}
