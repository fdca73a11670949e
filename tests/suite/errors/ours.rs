//! What is our fault: too busy, or broken.

use std::sync::mpsc;

use actix_web::rt::spawn;
use reqwest::Method;

use super::both;
use crate::support::{Options, PASSWORD, TestApp};

#[actix_web::test]
async fn while_the_database_is_busy_everything_is_answered_with_503_and_then_goes_on() {
    let limits = ["--database-pool-size=1", "--database-max-overflow=0", "--database-timeout=200ms"];
    let arguments = limits.map(ToOwned::to_owned).into();
    let app = TestApp::start_with(Options { arguments, ..Options::default() }).await;
    let admin = app.admin().await;
    let guest = app.guest();
    let (held, is_held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let db = app.db.clone();
    let holding = spawn(async move {
        let hold = move |_: &mut quarterdeck::db::AnyConnection| {
            held.send(()).expect("the test waits");
            released.recv().expect("the test lets go");
            Ok::<_, quarterdeck::error::Error>(())
        };
        db.read(hold).await
    });
    // The holder runs on this thread until it has the connection.
    while is_held.try_recv().is_err() {
        actix_web::rt::task::yield_now().await;
    }
    for page in both(&admin, || admin.request(Method::GET, "/users"), 503, "Busy").await {
        assert_eq!(page.header("retry-after"), "1", "{:?}", page.headers);
    }
    let form = [("version", "1"), ("email", "x@example.com")];
    for page in both(&admin, || admin.with_form(Method::POST, "/users/1", &form), 503, "Busy").await {
        assert_eq!(page.header("retry-after"), "1", "{:?}", page.headers);
    }
    let login = [("email", "admin@example.com"), ("password", PASSWORD)];
    both(&guest, || guest.with_form(Method::POST, "/login", &login), 503, "Busy").await;
    assert_eq!(guest.get("/healthz").await.status, 200, "the process lives");
    assert_eq!(guest.get("/readyz").await.status, 503, "but is not ready");
    release.send(()).expect("it is held");
    holding.await.expect("it ends").expect("it was a connection");
    assert_eq!(admin.get("/users").await.status, 200, "then all is well again");
    assert_eq!(guest.get("/readyz").await.status, 200);
}

#[actix_web::test]
async fn our_own_faults_tell_nothing_but_their_number() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.database.execute("ALTER TABLE items RENAME TO elsewhere");
    both(&admin, || admin.request(Method::GET, "/items"), 500, "Something went wrong").await;
    both(&admin, || admin.request(Method::GET, "/items/1"), 500, "Something went wrong").await;
    let form = [("title", "x"), ("owner", "1")];
    both(&admin, || admin.with_form(Method::POST, "/items", &form), 500, "Something went wrong").await;
    app.database.execute("ALTER TABLE sessions RENAME TO nowhere");
    both(&admin, || admin.request(Method::GET, "/users"), 500, "Something went wrong").await;
}
