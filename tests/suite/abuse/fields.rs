//! Fields that hold what no field holds: null characters, too much, or two values where one counts.

use reqwest::Method;

use super::scene;
use crate::support::Visitor;

/// Forms that are taken, each with the fields that hold one value, and none that it can do without.
type Sent = (&'static str, &'static [(&'static str, &'static str)]);
const FORMS: [Sent; 9] = [
    (
        "/users",
        &[("email", "x@example.com"), ("password", "a long enough one"), ("is_active", "true"), ("back", "/users")],
    ),
    (
        "/users/2",
        &[("version", "1"), ("email", "x@example.com"), ("is_active", "false"), ("back", "/users"), ("leave", "true")],
    ),
    ("/items", &[("title", "Bell"), ("description", "Brass"), ("owner", "2")]),
    (
        "/items/1",
        &[("version", "1"), ("title", "Bell"), ("description", "Brass"), ("owner", "1"), ("choose.title", "yours")],
    ),
    ("/items/1/delete", &[("version", "1"), ("back", "/items")]),
    ("/roles", &[("name", "Mates"), ("description", "All"), ("permissions", "users.view")]),
    ("/roles/2", &[("version", "1"), ("name", "Mates"), ("permissions", "users.view")]),
    ("/account/password", &[("current_password", "correct horse battery"), ("password", "another horse battery")]),
    ("/login", &[("email", "ann@example.com"), ("password", "correct horse battery"), ("next", "/items")]),
];

async fn with(admin: &Visitor, (path, form): Sent, name: &str, value: &str) -> (u16, String) {
    let form: Vec<_> = form.iter().map(|(sent, usual)| (*sent, if *sent == name { value } else { *usual })).collect();
    let page = admin.post(path, &form).await;
    (page.status, page.text())
}

#[actix_web::test]
async fn a_null_character_is_stored_nowhere() {
    let app = scene().await;
    let admin = app.admin().await;
    for sent in FORMS {
        for (name, usual) in sent.1 {
            for value in ["\0".to_owned(), format!("{usual}\0"), format!("\0{usual}"), format!("{usual}\0{usual}")] {
                let (status, text) = with(&admin, sent, name, &value).await;
                assert!(status < 500, "{name}={value:?} at {}: {status} {text}", sent.0);
                // The first four only say where to go next, and go to the usual place. A password may be of any characters:
                // only its hash is stored.
                let is_lenient = matches!(*name, "back" | "next" | "leave" | "choose.title" | "password");
                assert!(is_lenient || status >= 400, "{name}={value:?} at {}: {status} {text}", sent.0);
            }
        }
    }
    for table in ["users", "items", "roles", "role_permissions"] {
        let rows = app.database.rows(table);
        assert!(rows.iter().all(|row| !row.contains('\0')), "{table}: {rows:?}");
    }
}

#[actix_web::test]
async fn a_hundred_thousand_characters_are_too_many_for_every_field() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for sent in FORMS {
        for (name, _) in sent.1.iter().filter(|(name, _)| !matches!(*name, "back" | "next" | "leave" | "choose.title"))
        {
            for character in ["a", "\u{e9}", "9"] {
                let (status, text) = with(&admin, sent, name, &character.repeat(100_000)).await;
                let shown: String = text.chars().take(300).collect();
                assert!(
                    matches!(status, 400 | 401 | 413 | 422 | 429),
                    "{name} of {character} at {}: {status} {shown}",
                    sent.0
                );
            }
        }
    }
    for path in [
        "/users?q=",
        "/users?sort=",
        "/items?owner=",
        "/users?after=",
        "/users?created_from=",
        "/options/users?q=",
        "/options/users?chosen=",
    ] {
        let page = admin.get(&format!("{path}{}", "a".repeat(50_000))).await;
        assert!(page.status == 400 || path.ends_with("chosen="), "{path}: {}", page.status);
    }
    assert_eq!(app.database.everything(), before, "nothing is stored");
}

#[actix_web::test]
async fn a_value_that_is_sent_twice_is_refused() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for (path, form) in FORMS {
        for (name, usual) in form.iter().filter(|(name, _)| *name != "permissions") {
            for again in [usual, "another"] {
                let mut sent = form.to_vec();
                sent.push((name, again));
                let page = admin.post(path, &sent).await;
                assert_eq!(page.status, 400, "{name} twice at {path}, {again:?} the second time: {}", page.text());
            }
        }
    }
    for (path, name) in [("/items/1/title", "title"), ("/users/2/email", "email"), ("/users/2/is_active", "is_active")]
    {
        let page = admin.patch(path, &[("version", "1"), (name, "x@example.com"), (name, "y@example.com")]).await;
        assert_eq!(page.status, 400, "{path}: {}", page.text());
    }
    assert_eq!(app.database.everything(), before, "nothing is stored");
    let ticked = [("version", "1"), ("is_active", "false"), ("is_active", "true"), ("roles", ""), ("roles", "2")];
    assert_eq!(admin.post("/users/2", &ticked).await.status, 303, "a box that is ticked, and choices, are sent so");
}

#[actix_web::test]
async fn an_address_that_says_something_twice_is_refused() {
    let app = scene().await;
    let admin = app.admin().await;
    for path in [
        "/users?q=a&q=b",
        "/users?q=a&q=a",
        "/users?q=&q=",
        "/users?sort=email&sort=-email",
        "/users?limit=25&limit=50",
        "/users?is_active=true&is_active=false",
        "/users?role=1&role=2",
        "/users?created_from=2026-01-01&created_from=2026-01-02",
        "/users?before=end&before=end",
        "/items?owner=1&owner=2",
        "/items?find.owner=a&find.owner=b",
        "/options/users?q=a&q=b",
        "/options/users?name=owner&name=roles",
        "/login?next=/users&next=/items",
        "/setup?token=a&token=b",
    ] {
        let page = admin.send(admin.request(Method::GET, path)).await;
        assert_eq!(page.status, 400, "{path}: {}", page.text());
    }
    assert_eq!(
        admin.get("/options/roles?several=true&name=roles&roles=1&roles=2").await.status,
        200,
        "choices may be many"
    );
}
