//! Texts and addresses: needed, not too long, nothing that can't be shown, and stored as they are meant.

use crate::support::{PASSWORD, TestApp, Visitor};

/// Saves one field of the record at an address, whatever its version is; the status and what is said at the field.
async fn save(app: &TestApp, visitor: &Visitor, url: &str, field: &str, value: &str) -> (u16, String) {
    let (table, id) = url[1..].split_once('/').expect("an address of a record");
    let version = app.database.number(&format!("SELECT version FROM {table} WHERE id = {id}")).to_string();
    let page = visitor.post(url, &[("version", &version), (field, value)]).await;
    (page.status, page.all(&format!("#field-{field}-fault")).join(" "))
}

/// What stands in a column.
fn stored(app: &TestApp, url: &str, column: &str) -> String {
    let (table, id) = url[1..].split_once('/').expect("an address of a record");
    app.database.texts(&format!("SELECT {column} FROM {table} WHERE id = {id}")).remove(0)
}

struct Scene {
    app: TestApp,
    admin: Visitor,
    user: String,
    item: String,
    role: String,
}

async fn scene() -> Scene {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    let item = app.db_item(user, "Anchor").await.id;
    let role = app.db_role("Crew", &[]).await.id;
    Scene { app, admin, user: format!("/users/{user}"), item: format!("/items/{item}"), role: format!("/roles/{role}") }
}

#[actix_web::test]
async fn a_text_is_as_long_as_it_may_be_in_characters_and_no_longer() {
    let Scene { app, admin, item, role, .. } = scene().await;
    for (url, field, most) in
        [(&item, "title", 200), (&item, "description", 10_000), (&role, "name", 64), (&role, "description", 1000)]
    {
        for letter in ["x", "é", "漢", "😀"] {
            let (longest, longer) = (letter.repeat(most), letter.repeat(most + 1));
            assert_eq!(
                save(&app, &admin, url, field, &longest).await,
                (303, String::new()),
                "{most} times {letter} in {field}"
            );
            assert_eq!(stored(&app, url, field), longest, "{most} times {letter} in {field} of {url}");
            let (status, said) = save(&app, &admin, url, field, &longer).await;
            assert_eq!(
                (status, said),
                (422, format!("Use at most {most} characters; these are {}.", most + 1)),
                "{letter} in {field}"
            );
            assert_eq!(stored(&app, url, field), longest, "a refused text is not stored");
        }
        let page = admin.get(url).await;
        assert_eq!(
            page.attribute(&format!("#field-{field}"), "maxlength"),
            most.to_string(),
            "the browser knows the limit of {field}"
        );
    }
}

#[actix_web::test]
async fn what_is_needed_can_not_be_left_out_or_empty() {
    let Scene { app, admin, user, item, role } = scene().await;
    for (url, field) in [(&user, "email"), (&item, "title"), (&item, "owner"), (&role, "name")] {
        for empty in ["", " ", "\t", "\u{a0}\u{2003}"] {
            let (status, said) = save(&app, &admin, url, field, empty).await;
            assert_eq!((status, said.as_str()), (422, "This is needed."), "{field} as {empty:?}");
        }
    }
    for (list, fields) in [("/users", vec!["email"]), ("/items", vec!["title", "owner"]), ("/roles", vec!["name"])] {
        let page = admin.post(list, &[]).await;
        let at: Vec<_> = fields.iter().map(|field| format!("#field-{field}")).collect();
        assert_eq!((page.status, page.attributes(".summary a", "href")), (422, at), "nothing was sent to {list}");
    }
    for (url, field) in [(&item, "description"), (&role, "description")] {
        assert_eq!(save(&app, &admin, url, field, "").await.0, 303, "{field} may be empty");
        assert_eq!(stored(&app, url, field), "");
    }
}

#[actix_web::test]
async fn an_address_is_a_whole_one() {
    let Scene { app, admin, user, .. } = scene().await;
    for wrong in [
        "ann",
        "ann@",
        "@example.com",
        "ann@@example.com",
        "ann example@x.com",
        "ann@exam ple.com",
        "ann@example..com",
        ".ann@example.com",
        "ann.@example.com",
        "Ann <ann@example.com>",
        "<ann@example.com>",
        "ann@example.com, bea@example.com",
        "ann@-example.com",
        "ann@example.com\u{200b}\u{0}",
        "mailto:ann@@example.com",
        "ann@[",
        "\"ann@example.com",
        "ann(comment@example.com",
    ] {
        let (status, said) = save(&app, &admin, &user, "email", wrong).await;
        assert!(status == 422 && !said.is_empty(), "{wrong:?} is refused: {status} {said}");
        let new = admin.post("/users", &[("email", wrong), ("password", PASSWORD)]).await;
        assert_eq!(new.status, 422, "{wrong:?} is refused for somebody new");
    }
    assert_eq!(stored(&app, &user, "email"), "ann@example.com");
    let local = "a".repeat(64);
    let longest = format!("{local}@{}.{}.{}.{}", "b".repeat(63), "c".repeat(63), "d".repeat(58), "ee");
    assert_eq!(longest.len(), 254, "the longest address there is");
    for right in [
        "o'neill+tag@example.co.uk",
        "x_y-z@sub.example.com",
        "1@2.de",
        "josé@example.com",
        "δοκιμή@παράδειγμα.ελ",
        &longest,
    ] {
        assert_eq!(save(&app, &admin, &user, "email", right).await, (303, String::new()), "{right}");
        assert_eq!(stored(&app, &user, "email"), right);
    }
    let (status, _) = save(&app, &admin, &user, "email", &format!("x{longest}")).await;
    assert_eq!(status, 422, "255 characters");
}

#[actix_web::test]
async fn an_address_is_stored_trimmed_and_in_small_letters() {
    let Scene { app, admin, user, .. } = scene().await;
    for (sent, kept) in [("  Bea@Example.COM\t", "bea@example.com"), ("\u{a0}ÉVA@Example.com ", "éva@example.com")] {
        assert_eq!(save(&app, &admin, &user, "email", sent).await, (303, String::new()), "{sent:?}");
        assert_eq!(stored(&app, &user, "email"), kept);
    }
    let taken = admin.post("/users", &[("email", " ÉVA@example.com"), ("password", PASSWORD)]).await;
    assert_eq!((taken.status, taken.all(".fault")[0].as_str()), (422, "This email is already taken."));
    assert!(taken.all(".fault")[1].starts_with("Type the password again"), "it is not sent back: {}", taken.text());
    let made = admin.post("/users", &[("email", " New@Example.com "), ("password", PASSWORD)]).await;
    assert_eq!(made.status, 303);
    app.logged_in("new@example.com").await;
}

#[actix_web::test]
async fn the_space_around_a_line_is_dropped_and_the_lines_of_an_area_are_kept() {
    let Scene { app, admin, item, role, .. } = scene().await;
    assert_eq!(save(&app, &admin, &item, "title", "  Two  words \t").await.0, 303);
    assert_eq!(stored(&app, &item, "title"), "Two  words");
    assert_eq!(save(&app, &admin, &role, "description", " x ").await.0, 303);
    assert_eq!(stored(&app, &role, "description"), "x");
    assert_eq!(save(&app, &admin, &item, "description", "  one\r\n\r\n\ttwo\nthree \r\n").await.0, 303);
    assert_eq!(stored(&app, &item, "description"), "  one\n\n\ttwo\nthree");
    let page = admin.get(&item).await;
    assert_eq!(page.form("form.record").values("description"), ["  one\n\n\ttwo\nthree"], "and shown as they were");
    let version = app.database.number("SELECT version FROM items");
    let again = page.form("form.record").set("description", "  one\r\n\r\n\ttwo\r\nthree");
    assert_eq!(admin.post(&item, &again.pairs()).await.status, 303);
    assert_eq!(app.database.number("SELECT version FROM items"), version, "a browser's ends of lines are no change");
    assert_eq!(save(&app, &admin, &item, "description", "\nbegins with an empty line").await.0, 303);
    let form = admin.get(&item).await.form("form.record");
    assert_eq!(
        form.values("description"),
        ["\nbegins with an empty line"],
        "an empty first line is not lost on the page"
    );
}

#[actix_web::test]
async fn what_can_not_be_shown_is_refused() {
    let Scene { app, admin, user, item, role } = scene().await;
    for (url, field, is_area) in [
        (&user, "email", false),
        (&item, "title", false),
        (&item, "description", true),
        (&role, "name", false),
        (&role, "description", false),
    ] {
        let column = field;
        let before = stored(&app, url, column);
        for odd in ["\0", "\u{1}", "\u{7}", "\u{8}", "\u{b}", "\u{1b}", "\u{7f}", "\u{85}", "\r", "\n", "\t"] {
            if is_area && matches!(odd, "\n" | "\t") {
                continue;
            }
            let (status, said) = save(&app, &admin, url, field, &format!("a{odd}b@example.com")).await;
            assert!(status == 422 && !said.is_empty(), "{odd:?} in {field}: {status} {said}");
        }
        assert_eq!(stored(&app, url, column), before);
    }
    let owner = save(&app, &admin, &item, "owner", "1\0").await;
    assert_eq!(owner.0, 422, "an owner with a NUL: {}", owner.1);
    let roles = save(&app, &admin, &user, "roles", "1\0").await;
    assert_eq!(roles.0, 422, "a role with a NUL: {}", roles.1);
    let permissions = save(&app, &admin, &role, "permissions", "users.view\0").await;
    assert_eq!(permissions.0, 422, "a permission with a NUL: {}", permissions.1);
}

#[actix_web::test]
async fn what_people_write_is_shown_as_text_and_never_as_markup() {
    let Scene { app, admin, item, .. } = scene().await;
    let evil = "<script>alert('x')</script> & \"quotes\" 'too'";
    assert_eq!(save(&app, &admin, &item, "title", evil).await.0, 303);
    for path in [
        "/items".to_owned(),
        item.clone(),
        format!("{item}/delete"),
        format!("{item}/title/edit"),
        "/".into(),
        "/users/2".into(),
    ] {
        let page = admin.get(&path).await;
        assert!(page.status == 200 && !page.body.contains("<script>alert"), "{path}");
        let title = page.text().contains("<script>alert('x')</script> & \"quotes\" 'too'");
        let value = page.attributes("input[name=title]", "value").iter().any(|value| value == evil);
        assert!(title || value, "{path} shows it: {}", page.text());
    }
    let list = admin
        .get(&format!("/items?q={}", url::form_urlencoded::byte_serialize(evil.as_bytes()).collect::<String>()))
        .await;
    assert!(!list.body.contains("<script>alert"), "nor in the search box");
}
