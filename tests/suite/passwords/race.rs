//! Two at once: one wins.

use actix_web::rt::spawn;
use quarterdeck::crud::password_links;
use quarterdeck::db::{Author, Write};

use crate::support::TestApp;

const ANN: &str = "ann@example.com";

async fn token(app: &TestApp, id: i64) -> String {
    let make = move |w: &mut Write| password_links::create(w, id);
    app.db.write(Author::command_line(), make).await.expect("an answer").expect("a link")
}

#[actix_web::test]
async fn of_two_browsers_that_use_a_link_at_once_one_wins() {
    let app = TestApp::start().await;
    let user = app.db_user(ANN, &[]).await;
    for round in 0..8 {
        let token = token(&app, user.id).await;
        let passwords = [format!("chosen here {round}"), format!("chosen there {round}")];
        let tries = passwords.clone().map(|password| {
            let (guest, token) = (app.guest(), token.clone());
            spawn(async move {
                guest.post("/password", &[("token", token.as_str()), ("password", password.as_str())]).await
            })
        });
        let mut won = Vec::new();
        for (answer, password) in tries.into_iter().zip(&passwords) {
            let page = answer.await.expect("an answer");
            assert!(matches!(page.status, 303 | 404), "round {round}: {} {}", page.status, page.text());
            won.extend((page.status == 303).then_some(password));
        }
        assert_eq!(won.len(), 1, "round {round}: one wins");
        for password in &passwords {
            app.db_forget_failures();
            let login = app.guest().post("/login", &[("email", ANN), ("password", password)]).await;
            assert_eq!(login.status == 303, password == won[0], "round {round}: the winner's password is the password");
        }
    }
}

#[actix_web::test]
async fn of_links_that_are_made_at_once_one_is_valid() {
    let app = TestApp::start().await;
    let user = app.db_user(ANN, &[]).await;
    let made = [(); 4].map(|()| {
        let (db, id) = (app.db.clone(), user.id);
        spawn(async move { db.write(Author::command_line(), move |w| password_links::create(w, id)).await })
    });
    for made in made {
        assert!(made.await.expect("an answer").expect("no error").is_some());
    }
    assert_eq!(app.database.number("SELECT count(*) FROM password_links"), 1);
}
