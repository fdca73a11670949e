//! Writes at the same time: SQLite's go into one transaction where they can, and nobody may see that.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use actix_web::rt::spawn;
use actix_web::rt::task::JoinHandle;
use diesel::connection::SimpleConnection as _;
use quarterdeck::crud::Crud as _;
use quarterdeck::db::{Author, Clock, Db, Write};
use quarterdeck::error::{Error, Result};
use quarterdeck::models::{NewRole, Role};

use super::support::{TestApp, TestDatabase, eventually, settings};

/// More than are written together.
const MANY: usize = 100;

fn named(w: &mut Write, name: &str) -> Result<()> {
    Role::create(w, NewRole { name: name.to_owned(), description: String::new(), requires_second_factor: false })?;
    Ok(())
}

async fn add(db: &Db, name: &str) -> Result<()> {
    let name = name.to_owned();
    db.write(Author::command_line(), move |w| named(w, &name)).await
}

/// A write that has begun, and ends when what comes with it is dropped.
async fn begun(db: &Db, name: &'static str) -> (Sender<()>, JoinHandle<Result<()>>) {
    let ((hold, wait), (say, said), db) = (channel(), channel(), db.clone());
    let write = spawn(async move {
        let write = move |w: &mut Write| {
            named(w, name)?;
            say.send(()).expect("the test waits");
            let _ = wait.recv();
            Ok::<_, Error>(())
        };
        db.write(Author::command_line(), write).await
    });
    while said.try_recv().is_err() {
        actix_web::rt::time::sleep(Duration::from_millis(1)).await;
    }
    (hold, write)
}

fn named_so(app: &TestApp, name: &str) -> i64 {
    app.database.number(&format!("SELECT count(*) FROM roles WHERE name LIKE '{name}'"))
}

#[actix_web::test]
async fn each_of_many_is_done_or_undone_alone() {
    let app = TestApp::start().await;
    let write = |n: usize| {
        let db = app.db.clone();
        spawn(async move {
            let write = move |w: &mut Write| {
                named(w, &format!("many {n}"))?;
                if n.is_multiple_of(3) { Err(Error::NotFound) } else { Ok(n) }
            };
            db.write(Author::command_line(), write).await
        })
    };
    let writes: Vec<_> = (0..MANY).map(write).collect();
    for (n, write) in writes.into_iter().enumerate() {
        match write.await.expect("an answer") {
            Ok(done) => assert!(done == n && !n.is_multiple_of(3), "{n} is told of {done}"),
            Err(Error::NotFound) => assert!(n.is_multiple_of(3), "{n} is told of another's refusal"),
            Err(cause) => panic!("{n}: {cause}"),
        }
        let stored = named_so(&app, &format!("many {n}"));
        assert_eq!(stored, i64::from(!n.is_multiple_of(3)), "{n} is stored if it was told so");
    }
}

#[actix_web::test]
async fn a_taken_name_is_told_to_who_came_second_alone() {
    let app = TestApp::start().await;
    let add = |n: usize| {
        let db = app.db.clone();
        spawn(
            async move { add(&db, if n.is_multiple_of(2) { "The same" } else { ["One", "Two", "Three"][n / 2] }).await },
        )
    };
    let mut refused = 0;
    for write in (0..6).map(add).collect::<Vec<_>>() {
        refused += usize::from(write.await.expect("an answer").is_err());
    }
    assert_eq!((refused, named_so(&app, "The same")), (2, 1), "of three with one name");
    assert_eq!(named_so(&app, "One") + named_so(&app, "Two") + named_so(&app, "Three"), 3, "the others are stored");
}

#[actix_web::test]
async fn who_waits_too_long_is_told_so_and_nothing_is_written_later() {
    let database = TestDatabase::migrated();
    let settings = settings(&database, &["--database-timeout=300ms".to_owned()]);
    let app = TestApp::start_as(database, settings, Clock::default());
    if app.database.is_postgres() {
        // Where many write at a time nobody waits.
        return;
    }
    let (hold, first) = begun(&app.db, "first").await;
    let second = add(&app.db, "second").await;
    assert!(matches!(second, Err(Error::Unavailable(_))), "while another writes: {second:?}");
    drop(hold);
    first.await.expect("an answer").expect("the first is written, however long it took");
    eventually("no connection is kept for who waits no more", || {
        let (open, idle) = app.db.connections();
        (open == idle).then_some(())
    });
    add(&app.db, "third").await.expect("the line goes on");
    assert_eq!((named_so(&app, "first"), named_so(&app, "second"), named_so(&app, "third")), (1, 0, 1));
}

#[actix_web::test]
async fn many_write_and_read_whatever_the_size_of_the_pool() {
    for overflow in 0..=1 {
        let database = TestDatabase::migrated();
        let pool = ["--database-pool-size=1".to_owned(), format!("--database-max-overflow={overflow}")];
        let settings = settings(&database, &pool);
        let app = TestApp::start_as(database, settings, Clock::default());
        let names: Vec<_> = (0..20).map(|number| format!("name {number}")).collect();
        let writes = names.iter().cloned().map(|name| {
            let db = app.db.clone();
            spawn(async move { (add(&db, &name).await, db.read(|_| Ok::<_, Error>(())).await) })
        });
        for done in writes.collect::<Vec<_>>() {
            let (written, read) = done.await.expect("an answer");
            written.expect("a write");
            read.expect("a read");
        }
        assert!(names.iter().all(|name| named_so(&app, name) == 1), "each is stored once");
        let open = overflow + 1;
        eventually("all connections rest", || {
            let (size, idle) = app.db.connections();
            (size == idle && size <= open).then_some(())
        });
    }
}

#[actix_web::test]
async fn what_ends_the_transaction_of_others_takes_nobody_else_with_it() {
    let app = TestApp::start().await;
    let (hold, first) = begun(&app.db, "first").await;
    // These wait, on SQLite, and are done together.
    let db = app.db.clone();
    let before = spawn(async move { add(&db, "before").await });
    actix_web::rt::task::yield_now().await;
    let db = app.db.clone();
    let full = spawn(async move {
        // As a full disk does.
        let write = |w: &mut Write| {
            w.conn.batch_execute("ROLLBACK")?;
            Err::<(), _>(Error::NotFound)
        };
        db.write(Author::command_line(), write).await
    });
    actix_web::rt::task::yield_now().await;
    let db = app.db.clone();
    let after = spawn(async move { add(&db, "after").await });
    actix_web::rt::task::yield_now().await;
    drop(hold);
    first.await.expect("an answer").expect("what was written before");
    assert!(matches!(full.await.expect("an answer"), Err(Error::NotFound)), "it is told its own reason");
    for (name, write) in [("before", before), ("after", after)] {
        let is_told = write.await.expect("an answer").is_ok();
        assert_eq!(named_so(&app, name), i64::from(is_told), "{name} is stored if it was told so");
    }
    assert_eq!(named_so(&app, "after"), 1, "who comes after it is written");
    add(&app.db, "later").await.expect("the line goes on");
}

#[actix_web::test]
async fn a_write_that_breaks_leaves_nothing_locked() {
    let app = TestApp::start().await;
    let broken = app.db.write(Author::command_line(), |w| {
        named(w, "broken")?;
        assert!(w.change_set.is_empty(), "no write is without a change set, so this one breaks");
        Ok::<_, Error>(())
    });
    assert!(broken.await.is_err(), "it is told");
    add(&app.db, "after").await.expect("another is written");
    assert_eq!((named_so(&app, "broken"), named_so(&app, "after")), (0, 1));
}
