//! Numbers that are none, or nobody's.

use reqwest::Method;

use super::scene;

const NOBODYS: [&str; 14] = [
    "-1",
    "0",
    "987654321",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "99999999999999999999",
    "1e3",
    "0x1",
    "1.0",
    "%D9%A1",
    "1%00",
    "1,2",
    "NaN",
];

#[actix_web::test]
async fn a_number_in_an_address_that_is_nobodys_is_not_found() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for (entity, field) in [("users", "email"), ("items", "title"), ("roles", "name")] {
        for id in NOBODYS {
            let form = [("version", "1"), (field, "x@example.com")];
            for (method, path) in [
                (Method::GET, format!("/{entity}/{id}")),
                (Method::POST, format!("/{entity}/{id}")),
                (Method::PATCH, format!("/{entity}/{id}")),
                (Method::DELETE, format!("/{entity}/{id}")),
                (Method::GET, format!("/{entity}/{id}/{field}")),
                (Method::PATCH, format!("/{entity}/{id}/{field}")),
                (Method::GET, format!("/{entity}/{id}/{field}/edit")),
                (Method::GET, format!("/{entity}/{id}/delete")),
                (Method::POST, format!("/{entity}/{id}/delete")),
            ] {
                let request = if method == Method::GET {
                    admin.request(method.clone(), &path)
                } else {
                    admin.with_form(method.clone(), &path, if method == Method::DELETE { &[] } else { &form })
                };
                let page = admin.send(request).await;
                let is_other = path.ends_with("delete") && page.status == 400;
                assert!(page.status == 404 || is_other, "{method} {path}: {} {}", page.status, page.text());
            }
        }
    }
    assert_eq!(app.database.everything(), before, "nothing is changed");
}

#[actix_web::test]
async fn a_number_in_a_form_that_is_nobodys_is_refused() {
    let app = scene().await;
    let admin = app.admin().await;
    let before = app.database.everything();
    for number in NOBODYS.map(|number| number.replace("%00", "\0").replace("%D9%A1", "\u{661}")) {
        let owner = admin.post("/items", &[("title", "x"), ("owner", &number)]).await;
        assert!(matches!(owner.status, 400 | 422), "owner {number:?}: {} {}", owner.status, owner.text());
        let owner = admin.patch("/items/1/owner", &[("version", "1"), ("owner", &number)]).await;
        assert!(matches!(owner.status, 400 | 404 | 422), "owner {number:?}: {} {}", owner.status, owner.text());
        let roles = admin.post("/users/2", &[("version", "1"), ("roles", ""), ("roles", &number)]).await;
        assert!(matches!(roles.status, 400 | 422), "role {number:?}: {} {}", roles.status, roles.text());
        let version = admin.post("/items/1", &[("version", &number), ("title", "Bell")]).await;
        assert!(matches!(version.status, 400 | 409), "version {number:?}: {} {}", version.status, version.text());
        let end = admin.post(&format!("/account/sessions/{}/end", number.replace('\0', "%00")), &[]).await;
        assert_eq!(end.status, 404, "session {number:?}: {}", end.text());
    }
    for number in NOBODYS {
        for path in [
            format!("/items?owner={number}"),
            format!("/users?role={number}"),
            format!("/users?limit={number}"),
            format!("/options/users?chosen={number}"),
        ] {
            let page = admin.get(&path).await;
            assert!(matches!(page.status, 200 | 400), "{path}: {} {}", page.status, page.text());
        }
    }
    assert_eq!(app.database.everything(), before, "nothing is changed");
}
