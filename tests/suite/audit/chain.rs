use crate::support::{Outcome, Program, TestApp, Visitor};

async fn with_entries() -> (TestApp, Program) {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for number in 0..5 {
        let made = admin.post("/items", &[("title", &format!("Rope {number}")), ("owner", "1")]).await;
        assert_eq!(made.status, 303, "{}", made.text());
    }
    let program = Program::on(&app.database);
    (app, program)
}

fn verify(program: &Program) -> Outcome {
    program.run(&["audit", "verify"])
}

/// Asserts that the record is broken, and that the first broken row is said to be this one.
fn is_broken_at(program: &Program, what: &str) {
    let found = verify(program);
    assert_eq!(found.code, Some(1), "{}", found.printed());
    assert!(found.stdout.contains(what) && found.stdout.lines().count() == 1, "{what:?} in {}", found.printed());
}

#[actix_web::test]
async fn a_record_that_nobody_touched_is_whole() {
    let (app, program) = with_entries().await;
    let count = app.database.number("SELECT count(*) FROM audit_entries");
    assert_eq!(verify(&program).success(), format!("{count} entries, all as they were written\n"));
    let linked = "SELECT count(*) FROM audit_entries AS later JOIN audit_entries AS earlier
        ON earlier.chain = later.chain AND earlier.position = later.position - 1
        WHERE later.previous_hash = earlier.hash";
    let firsts = app.database.number("SELECT count(*) FROM audit_entries WHERE position = 1");
    assert_eq!(app.database.number(linked) + firsts, count, "each holds the hash of the one before");
}

#[actix_web::test]
async fn a_row_that_was_changed_is_named() {
    for column in
        ["actor", "record", "changes", "whole", "reason", "address", "request_id", "action", "entity", "change_set"]
    {
        let (app, program) = with_entries().await;
        let id = app.database.number("SELECT max(id) - 2 FROM audit_entries");
        for id in [id, id + 1] {
            app.database.execute(&format!("UPDATE audit_entries SET {column} = {column} || 'x' WHERE id = {id}"));
        }
        is_broken_at(&program, &format!("entry {id} "));
    }
    for change in ["actor_id = 99", "record_id = 99", "session_id = NULL", "at = '2020-01-01 00:00:00'", "hash = 'x'"] {
        let (app, program) = with_entries().await;
        let id = app.database.number("SELECT max(id) - 2 FROM audit_entries");
        app.database.execute(&format!("UPDATE audit_entries SET {change} WHERE id = {id}"));
        is_broken_at(&program, &format!("entry {id} "));
    }
}

#[actix_web::test]
async fn a_row_that_was_removed_is_missed() {
    let (app, program) = with_entries().await;
    let id = app.database.number("SELECT max(id) - 2 FROM audit_entries");
    app.database.execute(&format!("DELETE FROM audit_entries WHERE id = {id}"));
    is_broken_at(&program, &format!("before entry {} ", id + 1));
    let (app, program) = with_entries().await;
    let id = app.database.number("SELECT max(id) FROM audit_entries");
    app.database.execute(&format!("DELETE FROM audit_entries WHERE id = {id}"));
    is_broken_at(&program, &format!("after entry {} ", id - 1));
    let (app, program) = with_entries().await;
    app.database.execute("DELETE FROM audit_entries");
    is_broken_at(&program, "after entry 0 ");
}

#[actix_web::test]
async fn a_chain_that_was_removed_is_missed() {
    let (app, program) = with_entries().await;
    app.database.execute("DELETE FROM audit_entries WHERE chain = 1");
    app.database.execute("DELETE FROM audit_chains WHERE chain = 1");
    is_broken_at(&program, "chain 1 is missing");
}

#[actix_web::test]
async fn writers_at_the_same_time_leave_whole_chains() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let write = async |admin: Visitor, number: usize| {
        let title = format!("Rope {number}");
        assert_eq!(admin.post("/items", &[("title", &title), ("owner", "1")]).await.status, 303);
    };
    let writers: Vec<_> = (0..40).map(|number| actix_web::rt::spawn(write(admin.clone(), number))).collect();
    for writer in writers {
        writer.await.expect("a writer");
    }
    assert_eq!(
        app.database.number("SELECT count(*) FROM audit_entries WHERE action = 'create' AND entity = 'items'"),
        40
    );
    verify(&Program::on(&app.database)).success();
}
