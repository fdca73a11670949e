//! Roles that require a second factor lead their holders through setting one up.

use reqwest::Method;

use crate::doors::table::{Need, ROUTES};
use crate::support::{PASSWORD, Phone, Program, TestApp};

const PAGE: &str = "/account/second-factor";

fn program(app: &TestApp) -> Program {
    Program::on(&app.database).with("QUARTERDECK_SECRET", "a secret of thirty-two characters")
}

/// An application whose administrators must have a second factor.
async fn strict() -> TestApp {
    let app = TestApp::start().await;
    let program = program(&app);
    let done = program.run(&["role", "require-second-factor", "Administrator"]);
    assert_eq!(done.success(), "Administrator requires a second factor\n");
    app
}

#[actix_web::test]
async fn whoever_lacks_a_required_factor_is_led_to_it_from_every_route() {
    let app = strict().await;
    let admin = app.admin().await;
    for route in ROUTES.iter().filter(|route| matches!(route.need, Need::Login | Need::Permission(_) | Need::Both(..)))
    {
        if route.path.starts_with(PAGE) || route.path == "/logout" {
            continue;
        }
        let path = route.path.replace("{id}", "1").replace("{field}", "email");
        for method in route.methods() {
            let form: &[(&str, &str)] =
                if method == Method::GET { &[] } else { &[("version", "1"), ("email", "x@example.com")] };
            let request = if method == Method::GET {
                admin.request(method.clone(), &path)
            } else {
                admin.with_form(method.clone(), &path, form)
            };
            let page = admin.send(request).await;
            assert_eq!((page.status, page.location(), page.body.as_str()), (303, PAGE, ""), "{method} {path}");
            let block = admin.htmx(method.clone(), &path, form).await;
            assert_eq!(block.status, 403, "{method} {path} with htmx");
            assert_eq!(block.link("Set up a second factor").as_deref(), Some(PAGE), "{method} {path}: {}", block.body);
        }
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE email = 'x@example.com'"), 0, "nothing was done");
    let page = admin.get(PAGE).await;
    assert!(page.status == 200 && page.text().contains("requires a second factor"), "{}", page.text());
    assert!(page.link("Users").is_none(), "nothing else is offered");
    Phone::set_up(&admin).await;
    assert_eq!(admin.get("/users").await.status, 200, "then the way is free");
}

#[actix_web::test]
async fn a_required_factor_can_not_be_removed() {
    let app = strict().await;
    let admin = app.admin().await;
    Phone::set_up(&admin).await;
    let refused = admin.post("/account/second-factor/app/remove", &[("confirm_password", PASSWORD)]).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    assert!(refused.text().contains("requires a second factor"), "{}", refused.text());
    assert_eq!(app.database.number("SELECT count(*) FROM totp_secrets"), 1);
    program(&app).run(&["role", "require-second-factor", "Administrator", "--off"]).success();
    let removed = admin.post("/account/second-factor/app/remove", &[("confirm_password", PASSWORD)]).await;
    assert_eq!(removed.status, 303, "once it is not required it can");
}

#[actix_web::test]
async fn a_role_is_made_to_require_a_factor_in_its_form_and_its_holders_are_asked_at_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let visitor = app.user_with(&["items.view"]).await;
    let role = app.database.number("SELECT max(id) FROM roles");
    assert_eq!(visitor.get("/items").await.status, 200);
    let form = admin.get(&format!("/roles/{role}")).await.form("form.record");
    let saved = admin.post(&format!("/roles/{role}"), &form.set("requires_second_factor", "true").pairs()).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(visitor.get("/items").await.location(), PAGE);
    assert_eq!(app.guest().get(PAGE).await.location(), "/login?next=%2Faccount%2Fsecond-factor");
    assert_eq!(admin.get("/items").await.status, 200, "nobody else is");
}

#[actix_web::test]
async fn the_command_refuses_a_role_that_is_not_there() {
    let app = TestApp::start().await;
    let program = program(&app);
    assert!(program.run(&["role", "require-second-factor", "Cook"]).refusal().contains("no role \"Cook\""));
    let version = "SELECT version FROM roles WHERE name = 'Administrator'";
    program.run(&["role", "require-second-factor", "Administrator", "--off"]).success();
    assert_eq!(app.database.number(version), 1, "what is so already is no change");
    program.run(&["role", "require-second-factor", "Administrator"]).success();
    assert_eq!(app.database.number(version), 2);
    app.database.execute("UPDATE roles SET requires_second_factor = FALSE");
    assert_eq!(app.database.number(version), 3, "another program's change is one too");
    let entry = "SELECT changes FROM audit_entries WHERE entity = 'roles'";
    assert!(app.database.texts(entry)[0].contains("requires_second_factor"), "it is on record");
}

#[actix_web::test]
async fn nobody_is_asked_for_a_factor_that_can_not_be_set_up() {
    let app = TestApp::start().await;
    let bare = Program::on(&app.database);
    let required = "SELECT count(*) FROM roles WHERE requires_second_factor";
    let asked = bare.run(&["role", "require-second-factor", "Administrator"]);
    if app.database.is_postgres() {
        assert!(asked.refusal().contains("QUARTERDECK_SECRET"), "{}", asked.printed());
        assert_eq!(app.database.number(required), 0);
    } else {
        asked.success();
        assert_eq!(app.database.number(required), 1, "beside a file there is a secret");
    }
    bare.run(&["role", "require-second-factor", "Administrator", "--off"]).success();
}
