//! A password is set, kept or changed, and never shown.

use crate::support::{PASSWORD, Page, TestApp};

async fn can_log_in(app: &TestApp, email: &str, password: &str) -> bool {
    app.guest().post("/login", &[("email", email), ("password", password)]).await.status == 303
}

fn fault(page: &Page) -> (u16, Vec<String>) {
    (page.status, page.all("#field-password-fault"))
}

#[actix_web::test]
async fn a_new_account_needs_a_password_of_twelve_to_128_characters() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let make = |email: &'static str, password: String| {
        let admin = admin.clone();
        async move { admin.post("/users", &[("email", email), ("password", &password)]).await }
    };
    let said = |text: &str| (422, vec![text.to_owned()]);
    assert_eq!(fault(&make("a@example.com", String::new()).await), said("A password is needed."));
    assert_eq!(fault(&admin.post("/users", &[("email", "a@example.com")]).await), said("A password is needed."));
    assert_eq!(fault(&make("a@example.com", "é".repeat(11)).await), said("Use at least 12 characters."));
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
async fn a_blank_password_keeps_the_one_there_is() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.db_user("ann@example.com", &[]).await.id;
    let url = format!("/users/{user}");
    let page = admin.get(&url).await;
    assert_eq!(page.attribute("#field-password", "value"), "", "the form never holds it");
    assert!(!page.attributes("#field-password", "required").iter().any(|_| true), "it may stay blank");
    let saved = admin.post(&url, &page.form("form.record").set("email", "bea@example.com").pairs()).await;
    assert_eq!(saved.status, 303);
    assert!(can_log_in(&app, "bea@example.com", PASSWORD).await, "the old one holds");
    let short = admin.post(&url, &[("version", "2"), ("password", "too short")]).await;
    assert_eq!(fault(&short), (422, vec!["Use at least 12 characters.".to_owned()]));
    let changed = admin.post(&url, &[("version", "2"), ("password", "a whole new password")]).await;
    assert_eq!(changed.status, 303);
    assert!(can_log_in(&app, "bea@example.com", "a whole new password").await, "the new one holds");
    assert!(!can_log_in(&app, "bea@example.com", PASSWORD).await, "the old one no more");
}

#[actix_web::test]
async fn no_answer_ever_shows_a_password_or_its_hash() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let secret = "my secret pass phrase";
    let made = admin.post("/users", &[("email", "ann@example.com"), ("password", secret)]).await;
    let url = made.location().to_owned();
    let mut answers = vec![made];
    // Refused for another reason, for its length, for a conflict, and while looking for something.
    answers.push(admin.post("/users", &[("email", "ann"), ("password", secret)]).await);
    answers.push(admin.post("/users", &[("email", "b@example.com"), ("password", &secret.repeat(10))]).await);
    answers.push(admin.post(&url, &[("version", "9"), ("password", secret), ("email", "c@example.com")]).await);
    answers.push(admin.post(&url, &[("version", "1"), ("password", secret), ("find", "roles")]).await);
    answers.push(admin.post(&url, &[("version", "1"), ("password", secret), ("nonsense", "x")]).await);
    answers.push(admin.post(&url, &[("version", "1"), ("password", secret)]).await);
    let statuses: Vec<_> = answers.iter().map(|page| page.status).collect();
    assert_eq!(statuses, [303, 422, 422, 409, 200, 400, 303]);
    for path in ["/users", &url, &format!("{url}/delete"), "/", "/account", "/options/users?q=ann"] {
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
    let url = format!("/users/{}", app.db_user("ann@example.com", &[]).await.id);
    let secret = "a whole new password";
    for (path, version) in [(url.as_str(), Some(("version", "1"))), ("/users", None)] {
        let form: Vec<_> = [("email", "ann"), ("password", secret)].into_iter().chain(version).collect();
        let refused = admin.post(path, &form).await;
        let (status, said) = fault(&refused);
        assert_eq!((status, said.len()), (422, 1), "{path}: {}", refused.text());
        assert!(said[0].starts_with("Type the password again"), "{path} says so at the field: {said:?}");
        assert_eq!(refused.attributes(".summary a", "href"), ["#field-email", "#field-password"], "and on top: {path}");
        assert!(refused.all(".summary li")[1].contains("Type the password again"), "{:?}", refused.all(".summary li"));
        assert_eq!(refused.attribute("#field-password", "aria-invalid"), "true", "{path}");
        assert!(!refused.body.contains(secret), "it is not sent back");
    }
    let without = admin.post(&url, &[("version", "1"), ("email", "ann"), ("password", "")]).await;
    assert_eq!(fault(&without), (422, vec![]), "nothing was typed, so nothing is missing: {}", without.text());
    assert_eq!(without.attributes(".summary a", "href"), ["#field-email"]);
    let short = admin.post(&url, &[("version", "1"), ("email", "ann"), ("password", "too short")]).await;
    assert_eq!(fault(&short), (422, vec!["Use at least 12 characters.".to_owned()]), "what is wrong comes first");
    assert!(can_log_in(&app, "ann@example.com", PASSWORD).await, "the old one holds");
}
