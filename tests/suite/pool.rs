//! The pool: kept connections, an overflow, the wait for one, and connections that died.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use actix_web::rt::spawn;
use quarterdeck::db::Clock;
use quarterdeck::error::Error;

use super::support::{TestApp, TestDatabase, Visitor, eventually, settings};

/// Keeps a connection busy until it is dropped.
type Hold = Sender<()>;

/// An application with a pool of this size that waits for a moment only.
fn started(size: usize, overflow: usize) -> TestApp {
    let database = TestDatabase::migrated();
    let arguments = [
        "--database-pool-size",
        &size.to_string(),
        "--database-max-overflow",
        &overflow.to_string(),
        "--database-timeout",
        "300ms",
    ];
    let mut settings = settings(&database, &arguments.map(ToOwned::to_owned));
    settings.database.overflow_idle = Duration::from_millis(100);
    TestApp::start_as(database, settings, Clock::default())
}

/// Takes so many connections and keeps them busy, each from a thread of its own.
fn hold(app: &TestApp, count: usize) -> Vec<Hold> {
    let take = |_| {
        let (hold, end): (Hold, Receiver<()>) = channel();
        let (tell, heard) = channel();
        let db = app.db.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let lent = db.read(move |_| {
                    tell.send(()).expect("the test waits");
                    // Ends with an error when the hold is dropped.
                    let _ = end.recv();
                    Ok::<_, Error>(())
                });
                lent.await.expect("a connection");
            });
        });
        heard.recv().expect("a connection");
        hold
    };
    (0..count).map(take).collect()
}

async fn assert_busy(visitor: &Visitor, path: &str) {
    let page = visitor.get(path).await;
    assert_eq!(page.status, 503, "{path} while all connections are taken: {}", page.text());
    assert_eq!(page.header("retry-after"), "1", "when to come again");
    assert!(page.has("h1") && page.text().contains("busy"), "the error page: {}", page.body);
    let fragment = visitor.htmx(reqwest::Method::GET, path, &[]).await;
    assert_eq!((fragment.status, fragment.header("retry-after")), (503, "1"), "as a fragment");
    assert!(!fragment.has("html > head > title"), "no whole page: {}", fragment.body);
}

#[actix_web::test]
async fn more_connections_are_opened_under_load_and_closed_again_when_idle() {
    let app = started(2, 3);
    let holds = hold(&app, 5);
    assert_eq!(app.db.connections(), (5, 0), "size and overflow, all in use");
    let sixth = app.db.read(|_| Ok::<_, Error>(())).await;
    assert!(matches!(sixth, Err(Error::Unavailable(_))), "there is no sixth: {sixth:?}");
    drop(holds);
    eventually("the overflow is closed and the size is kept", || (app.db.connections() == (2, 2)).then_some(()));
    let _holds = hold(&app, 5);
    assert_eq!(app.db.connections(), (5, 0), "opened again when needed again");
}

#[actix_web::test]
async fn when_no_connection_is_free_in_time_the_answer_is_busy_until_there_is_one() {
    let app = started(1, 1);
    let admin = app.admin().await;
    assert_eq!(admin.get("/users").await.status, 200);
    let holds = hold(&app, 2);
    assert_busy(&admin, "/users").await;
    assert_busy(&admin, "/account").await;
    assert_busy(&app.guest(), "/readyz").await;
    let login = app.guest().post("/login", &[("email", "admin@example.com"), ("password", "whatever it is")]).await;
    assert_eq!((login.status, login.header("retry-after")), (503, "1"), "a login: {}", login.text());
    assert_eq!(app.guest().get("/healthz").await.status, 200, "the process lives all the same");
    drop(holds);
    for path in ["/users", "/account", "/readyz"] {
        let page = admin.get(path).await;
        assert_eq!(page.status, 200, "{path} as soon as there is one: {}", page.text());
    }
}

#[actix_web::test]
async fn more_than_the_cores_can_do_work_beside_each_other_when_it_takes_long() {
    let count = 2 * std::thread::available_parallelism().map_or(1, std::num::NonZero::get) + 2;
    let app = started(count, 0);
    let holds = hold(&app, count);
    assert_eq!(app.db.connections(), (count, 0), "all at work");
    drop(holds);
    eventually("all rest", || (app.db.connections() == (count, count)).then_some(()));
}

#[actix_web::test]
async fn the_wait_for_a_connection_is_served_in_turn_when_one_comes_free() {
    let app = started(1, 0);
    let admin = app.admin().await;
    let holds = hold(&app, 1);
    let waiting = spawn(async move { admin.get("/users").await.status });
    for _ in 0..100 {
        actix_web::rt::task::yield_now().await;
    }
    drop(holds);
    assert_eq!(waiting.await.expect("an answer"), 200, "waited for, within the time-out");
}

#[actix_web::test]
async fn the_overflow_is_closed_under_a_light_load_too() {
    let app = started(2, 3);
    let admin = app.admin().await;
    drop(hold(&app, 5));
    assert_eq!(app.db.connections().0, 5, "size and overflow");
    let start = std::time::Instant::now();
    // One request after the other: each needs one connection, and never do all of them rest.
    while app.db.connections().0 > 2 {
        assert_eq!(admin.get("/users").await.status, 200);
        let size = app.db.connections().0;
        assert!(start.elapsed() < Duration::from_secs(20), "of {size} connections two are needed at most");
    }
    assert_eq!(admin.get("/users").await.status, 200, "the others serve on");
    assert_eq!(app.db.connections().0, 2, "the size is kept");
}

#[actix_web::test]
async fn what_is_public_needs_no_connection_even_with_the_cookie_of_a_session() {
    let arguments =
        ["--database-pool-size=1", "--database-max-overflow=0", "--database-timeout=2m"].map(ToOwned::to_owned);
    let app = TestApp::start_with(super::support::Options { arguments: arguments.into(), ..Default::default() }).await;
    let admin = app.admin().await;
    let _holds = hold(&app, 1);
    for path in ["/healthz", quarterdeck::assets::url("app.css"), "/static/0/none"] {
        let request = admin.request(reqwest::Method::GET, path).timeout(Duration::from_secs(20));
        let answer = request.send().await.unwrap_or_else(|error| panic!("{path} waits for the database: {error}"));
        let expected = if path.ends_with("none") { 404 } else { 200 };
        assert_eq!(answer.status(), expected, "{path}");
    }
}

// The two tests below are about a server that ends connections; SQLite's is the file itself, so there they pass at once.

#[actix_web::test]
async fn connections_that_the_server_ended_are_not_handed_out() {
    let app = started(4, 0);
    if !app.database.is_postgres() {
        return;
    }
    let admin = app.admin().await;
    for round in 0..3 {
        drop(hold(&app, 4));
        eventually("all connections are idle", || (app.db.connections() == (4, 4)).then_some(()));
        app.database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        for path in ["/users", "/account", "/items", "/roles"] {
            let page = admin.get(path).await;
            assert_eq!(
                page.status,
                200,
                "{path} in round {round}, right after all backends were ended: {}",
                page.text()
            );
        }
    }
}

#[actix_web::test]
async fn a_database_that_is_away_is_busy_and_comes_back_by_itself() {
    let app = started(2, 0);
    if !app.database.is_postgres() {
        return;
    }
    let admin = app.admin().await;
    app.database.execute_outside(
        "ALTER DATABASE $name ALLOW_CONNECTIONS false;
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$name'",
    );
    assert_busy(&admin, "/users").await;
    assert_busy(&app.guest(), "/readyz").await;
    app.database.execute_outside("ALTER DATABASE $name ALLOW_CONNECTIONS true");
    assert_eq!(admin.get("/users").await.status, 200, "it is back, and nobody had to do anything");
}

#[test]
fn connections_are_closed_with_the_pool_though_the_runtime_that_used_them_has_ended() {
    let database = TestDatabase::migrated();
    let db = quarterdeck::db::Db::new(&settings(&database, &[]).database, Clock::default());
    let asked = || {
        let number = db.read(|_| Ok::<_, Error>(7));
        actix_web::rt::System::new().block_on(number).expect("an answer")
    };
    assert_eq!((asked(), asked()), (7, 7), "a connection serves another runtime too");
    assert_eq!(db.connections().0, 1);
    drop(db);
    if database.is_postgres() {
        let others =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        eventually("nobody is connected any more", || (database.number(others) == 0).then_some(()));
    }
}

#[actix_web::test]
async fn a_connection_with_which_somebody_panicked_serves_nobody_again() {
    let app = started(1, 0);
    let broken = app.db.read(|_| -> Result<(), Error> { panic!("a fault of ours") }).await;
    assert!(broken.is_err(), "whoever asked is told");
    assert_eq!(app.db.read(|_| Ok::<_, Error>(7)).await.expect("another connection"), 7);
    assert_eq!(app.db.connections().0, 1);
}
