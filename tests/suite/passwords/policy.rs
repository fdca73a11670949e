//! The policy holds wherever a password is chosen.

use quarterdeck::crud::{password_links, setup_tokens};
use quarterdeck::db::{Author, Write};

use crate::support::{Page, Program, TestApp};

const ADDRESS: &str = "horatio.hornblower@example.com";

/// What is refused, with a word of the sentence that says why.
const REFUSED: [(&str, &str); 11] = [
    ("eleven char", "at least 12"),
    ("1q2w3e4r5t6y", "common"),
    ("QWERTY123456", "common"),
    ("  JustinBieber ", "common"),
    ("password    ", "common"),
    ("extraordinarily", "single word"),
    ("rotartsinimda", "single word"),
    ("horatio.hornblower@example.com", "address"),
    ("Hornblower123", "address"),
    ("my HORATIO.HORNBLOWER", "address"),
    ("at example.com", "address"),
];
/// What is not: no rule of composition, no word too many.
const TAKEN: [&str; 3] = ["aaaa bbbb cccc", "éééééééééééé", "123 horses run by"];

fn faults(page: &Page) -> String {
    assert_eq!(page.status, 422, "{}", page.text());
    page.all(".fault").join(" ")
}

async fn link_of(app: &TestApp, id: i64) -> String {
    let make = move |w: &mut Write| password_links::create(w, id);
    app.db.write(Author::command_line(), make).await.expect("an answer").expect("a link")
}

#[actix_web::test]
async fn a_new_user_gets_no_poor_password() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (password, why) in REFUSED {
        let said = faults(&admin.post("/users", &[("email", ADDRESS), ("password", password)]).await);
        assert!(said.contains(why), "{password:?}: {said}");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 1, "nobody is made");
    for (number, password) in TAKEN.iter().enumerate() {
        let email = format!("{number}@example.com");
        let made = admin.post("/users", &[("email", &email), ("password", password)]).await;
        assert_eq!(made.status, 303, "{password:?}: {}", made.text());
    }
}

#[actix_web::test]
async fn nobody_changes_the_own_password_to_a_poor_one() {
    let app = TestApp::start().await;
    app.db_user(ADDRESS, &[]).await;
    let visitor = app.logged_in(ADDRESS).await;
    let mut current = crate::support::PASSWORD;
    for (password, why) in REFUSED {
        // The address is the account's own, whatever is sent as one.
        let form = [("current_password", current), ("password", password), ("email", "x@y.example")];
        let said = faults(&visitor.post("/account/password", &form).await);
        assert!(said.contains(why), "{password:?}: {said}");
    }
    for password in TAKEN {
        let form = [("current_password", current), ("password", password)];
        let changed = visitor.post("/account/password", &form).await;
        assert_eq!(changed.status, 303, "{password:?}: {}", changed.text());
        current = password;
    }
}

#[actix_web::test]
async fn the_first_administrator_gets_no_poor_password() {
    let app = TestApp::start().await;
    let token = app.db.write(Author::command_line(), setup_tokens::create).await.expect("a token");
    for (password, why) in REFUSED {
        let form = [("token", &*token), ("email", ADDRESS), ("password", password)];
        let said = faults(&app.guest().post("/setup", &form).await);
        assert!(said.contains(why), "{password:?}: {said}");
    }
    assert_eq!(app.database.number("SELECT count(*) FROM users"), 0);
}

#[actix_web::test]
async fn no_link_sets_a_poor_password_and_it_stays_valid_for_a_better_one() {
    let app = TestApp::start().await;
    let user = app.db_user(ADDRESS, &[]).await;
    let token = link_of(&app, user.id).await;
    for (password, why) in REFUSED {
        let form = [("token", &*token), ("password", password), ("email", "x@y.example")];
        let page = app.guest().post("/password", &form).await;
        let said = faults(&page);
        assert!(said.contains(why), "{password:?}: {said}");
        assert_eq!(page.attribute("#password", "aria-invalid"), "true");
        assert!(page.has("#password[autofocus]") && page.attributes("#password", "value").is_empty());
    }
    let form = [("token", &*token), ("password", TAKEN[0])];
    assert_eq!(app.guest().post("/password", &form).await.status, 303);
}

#[actix_web::test]
async fn the_command_line_takes_no_poor_password() {
    let app = TestApp::start().await;
    app.db_user(ADDRESS, &[]).await;
    let program = Program::on(&app.database);
    for (password, why) in [REFUSED[1], REFUSED[5], REFUSED[8]] {
        for command in [["user", "create", "horatio.hornblower@example.org"], ["user", "set-password", ADDRESS]] {
            let outcome = program.run_with_input(&command, password);
            let line = outcome.refusal();
            assert!(line.contains(why), "{command:?} {password:?}: {line}");
            assert!(!line.contains(password), "it is not shown: {line}");
        }
    }
}

#[actix_web::test]
async fn a_password_is_the_same_however_its_accents_are_spelled() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (composed, decomposed) = ("caf\u{e9} \u{fc}ber alles", "cafe\u{301} u\u{308}ber alles");
    for (email, set, typed) in [
        ("a@example.com", composed, decomposed),
        ("b@example.com", decomposed, composed),
        ("c@example.com", decomposed, decomposed),
    ] {
        let made = admin.post("/users", &[("email", email), ("password", set)]).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let before = app.hasher.verifications();
        let login = app.guest().post("/login", &[("email", email), ("password", typed)]).await;
        assert_eq!(login.status, 303, "{email}: {}", login.text());
        assert_eq!(app.hasher.verifications() - before, 1, "one hash, whatever the spelling");
    }
    let other = app.guest().post("/login", &[("email", "a@example.com"), ("password", "cafe uber alles")]).await;
    assert_eq!(other.status, 401, "an accent is a difference");
    let hash = app.hasher.hash(decomposed.to_owned()).await.expect("a hash");
    assert!(app.hasher.verify(composed.to_owned(), Some(hash)).await.expect("an answer"));
}
