//! A password is set for a new account or left to its user, and never shown.

use crate::support::{PASSWORD, Page, TestApp};

async fn can_log_in(app: &TestApp, email: &str, password: &str) -> bool {
    app.db_forget_failures();
    app.guest().post("/login", &[("email", email), ("password", password)]).await.status == 303
}

fn fault(page: &Page) -> (u16, Vec<String>) {
    (page.status, page.all("#field-password-fault"))
}

#[actix_web::test]
async fn a_new_account_takes_a_password_of_twelve_to_128_characters() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let make = |email: &'static str, password: String| {
        let admin = admin.clone();
        async move { admin.post("/users", &[("email", email), ("password", &password)]).await }
    };
    let said = |text: &str| (422, vec![text.to_owned()]);
    assert_eq!(fault(&make("a@example.com", "é".repeat(11)).await), said("Use at least 12 characters."));
    assert_eq!(fault(&make("a@example.com", "e\u{301}".repeat(11)).await), said("Use at least 12 characters."));
    assert_eq!(fault(&make("a@example.com", "x".repeat(129)).await), said("Use at most 128 characters."));
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 1);
    for (email, password) in [
        ("a@example.com", "é".repeat(12)),
        ("b@example.com", "漢".repeat(128)),
        ("c@example.com", "  spaces are kept  ".to_owned()),
        ("d@example.com", "a\u{0}b and & = + % \"quotes\"".to_owned()),
    ] {
        let page = make(email, password.clone()).await;
        assert_eq!(page.status, 303, "{password:?}: {}", page.text());
        assert!(can_log_in(&app, email, &password).await, "{password:?} is the password");
        assert!(!can_log_in(&app, email, &format!("{password} ")).await, "and nothing else is");
    }
}

#[actix_web::test]
async fn a_new_account_without_a_password_is_made_and_no_password_opens_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let page = admin.get("/users/new").await;
    assert_eq!(page.attributes("#field-password", "required"), [""; 0], "it may stay blank");
    let form = page.form("form.record").set("email", "a@example.com");
    assert_eq!(form.values("password"), [""], "a form of which nothing else is filled");
    assert_eq!(admin.post("/users", &form.pairs()).await.status, 303);
    assert_eq!(admin.post("/users", &[("email", "b@example.com")]).await.status, 303, "it need not be sent");
    let hashes = app.database.texts("SELECT hashed_password FROM users WHERE email <> 'admin@example.com'");
    for hash in &hashes {
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "any Argon2 library can read it: {hash}");
    }
    for (email, password) in [("a@example.com", ""), ("b@example.com", ""), ("a@example.com", PASSWORD)] {
        let before = app.hasher.verifications();
        assert!(!can_log_in(&app, email, password).await, "{email} with {password:?}");
        assert_eq!(app.hasher.verifications() - before, 1, "at the cost of any login");
    }
    assert!(!can_log_in(&app, "a@example.com", &hashes[0]).await);
}

#[actix_web::test]
async fn the_password_of_a_stored_account_is_not_set_by_somebody_else() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    let url = format!("/users/{user}");
    let page = admin.get(&url).await;
    assert!(!page.has("[type=password]") && !page.body.contains("name=\"password\""), "the form has none");
    for password in ["", "short", "a whole new password"] {
        let form = [("version", "1"), ("email", "bea@example.com"), ("password", password)];
        for refused in [
            admin.post(&url, &form).await,
            admin.patch(&url, &form).await,
            admin.patch(&format!("{url}/email"), &form).await,
        ] {
            assert_eq!(refused.status, 400, "{password:?}: {}", refused.text());
            assert!(refused.text().contains("password"), "it says what: {}", refused.text());
        }
    }
    for name in ["find.password", "choose.password"] {
        assert_eq!(admin.post(&url, &[("version", "1"), (name, "yours")]).await.status, 400, "{name}");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users WHERE version <> 1"), 0, "nothing is saved");
    assert!(can_log_in(&app, "ann@example.com", PASSWORD).await, "the old one holds");
}

#[actix_web::test]
async fn no_answer_ever_shows_a_password_or_its_hash() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let secret = "my secret pass phrase";
    let made = admin.post("/users", &[("email", "ann@example.com"), ("password", secret)]).await;
    let url = made.location().to_owned();
    let mut answers = vec![made];
    // Refused for another reason, for its length, for a taken address, while looking for something, and for a wrong name.
    answers.push(admin.post("/users", &[("email", "ann"), ("password", secret)]).await);
    answers.push(admin.post("/users", &[("email", "b@example.com"), ("password", &secret.repeat(10))]).await);
    answers.push(admin.post("/users", &[("email", "ann@example.com"), ("password", secret)]).await);
    answers.push(admin.post("/users", &[("email", "b@example.com"), ("password", secret), ("find", "roles")]).await);
    answers.push(admin.post("/users", &[("email", "b@example.com"), ("password", secret), ("nonsense", "x")]).await);
    answers.push(admin.post(&url, &[("version", "1"), ("password", secret)]).await);
    answers.push(admin.post("/password/strength", &[("password", secret)]).await);
    let statuses: Vec<_> = answers.iter().map(|page| page.status).collect();
    assert_eq!(statuses, [303, 422, 422, 422, 200, 400, 400, 200]);
    for path in ["/users", &url, &format!("{url}/account"), &format!("{url}/delete"), "/", "/account"] {
        answers.push(admin.get(path).await);
    }
    let hash = app.database.texts("SELECT hashed_password FROM users WHERE email = 'ann@example.com'").remove(0);
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    for (number, page) in answers.iter().enumerate() {
        for told in [secret, "$argon2", &hash, "hashed_password"] {
            assert!(!page.body.contains(told), "answer {number} shows {told}: {}", page.text());
            assert!(!format!("{:?}", page.headers).contains(told), "answer {number} has {told} in a header");
        }
    }
    for path in ["/users/2/password", "/users/2/password/edit", "/users/2/hashed_password"] {
        assert_eq!(admin.get(path).await.status, 404, "{path}");
    }
    assert_eq!(
        app.database.number("SELECT count(*) FROM users WHERE hashed_password LIKE '%secret%'"),
        0,
        "only a hash is stored"
    );
}

#[actix_web::test]
async fn a_password_in_a_form_that_was_refused_is_asked_for_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let secret = "a whole new password";
    let refused = admin.post("/users", &[("email", "ann"), ("password", secret)]).await;
    let (status, said) = fault(&refused);
    assert_eq!((status, said.len()), (422, 1), "{}", refused.text());
    assert!(said[0].starts_with("Type the password again"), "it says so at the field: {said:?}");
    assert_eq!(refused.attributes(".summary a", "href"), ["#field-email", "#field-password"], "and on top");
    assert!(refused.all(".summary li")[1].contains("Type the password again"), "{:?}", refused.all(".summary li"));
    assert_eq!(refused.attribute("#field-password", "aria-invalid"), "true");
    assert!(!refused.body.contains(secret), "it is not sent back");
    let without = admin.post("/users", &[("email", "ann"), ("password", "")]).await;
    assert_eq!(fault(&without), (422, vec![]), "nothing was typed, so nothing is missing: {}", without.text());
    assert_eq!(without.attributes(".summary a", "href"), ["#field-email"]);
    let short = admin.post("/users", &[("email", "ann"), ("password", "too short")]).await;
    assert_eq!(fault(&short), (422, vec!["Use at least 12 characters.".to_owned()]), "what is wrong comes first");
}
