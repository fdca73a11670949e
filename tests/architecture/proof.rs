//! That the rules can fail: each against made-up text.

use super::rules::{Breach, check, is_known, length};

fn lines(path: &str, text: &str) -> Vec<String> {
    check(path, text).iter().map(Breach::to_string).collect()
}

#[test]
fn an_import_against_the_order_is_found_with_file_and_line() {
    let found =
        lines("src/crud/users.rs", "use crate::db::Db;\nuse crate::models::User;\n\nuse crate::admin::Field;\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("src/crud/users.rs:4: crud may not import admin"), "{found:?}");
}

#[test]
fn imports_are_found_however_they_are_written() {
    let against = [
        ("src/models/user.rs", "use crate::{db::Db, html};"),
        ("src/models/user.rs", "use crate::{\n    db::{Db, html},\n    error::Error,\n    crud::Crud,\n};"),
        ("src/models/user.rs", "    fn f() -> crate::html::Shell {"),
        ("src/models/user.rs", "pub(crate) use crate::crud;"),
        ("src/models/user.rs", "use super::super::crud::Crud;"),
        ("src/models/mod.rs", "use super::crud::Crud;"),
        ("src/html.rs", "use super::access::Actor;"),
        ("src/db/mod.rs", "let a: crate::error::Error; let b: crate::models::User;"),
        ("src/crud/entity.rs", "            type A = $crate::access::Actor;"),
        ("src/db/sql.rs", "use quarterdeck::crud::Crud;"),
        ("src/token.rs", "use crate::settings::Settings;"),
        ("src/error.rs", "use crate::html;"),
        ("src/same_origin.rs", "use crate::settings::Web;"),
        ("src/pages/login.rs", "use crate::nowhere::Thing;"),
        ("src/nowhere.rs", "use crate::error::Error;\nuse crate::db::Db;"),
    ];
    for (path, text) in against {
        assert_eq!(lines(path, text).len(), 1, "{path}: {text}: {:?}", lines(path, text));
    }
}

#[test]
fn imports_along_the_order_are_none_of_our_business() {
    let along = [
        ("src/main.rs", "    quarterdeck::cli::run()"),
        ("src/admin/views/cell.rs", "use crate::admin::field::Field;\nuse super::super::handlers;\nuse super::record;"),
        ("src/html.rs", "use crate::error::{Error, Result};\nuse super::token;"),
        ("src/pages/login.rs", "use crate::{\n    admin::{Moment, pages},\n    html::{self, Shell},\n};"),
        ("src/crud/users.rs", "//! Not like crate::html::Shell.\n    // crate::app\nuse crate::token;"),
        ("src/crud/entity.rs", "use some_crate::html::Shell; use other::crate_::app;"),
        ("src/lib.rs", "pub mod app;"),
    ];
    for (path, text) in along {
        assert_eq!(lines(path, text), [""; 0], "{path}: {text}");
    }
}

#[test]
fn words_out_of_place_are_found() {
    let out_of_place = [
        ("src/models/user.rs", "use actix_web::HttpResponse;"),
        ("src/crud/users.rs", "use actix_web::web;"),
        ("src/pages/login.rs", "use diesel::prelude::*;"),
        ("src/admin/handlers/list.rs", "diesel::select(1)"),
        ("src/admin/views/list.rs", "use diesel::QueryResult;"),
        ("src/access/doors.rs", "        AnyConnection::Postgres(conn) => {}"),
        ("src/crud/users.rs", "let now = chrono::Utc::now();"),
        ("src/admin/listing.rs", "R::update_version(w, 1, 1, &changes)"),
        ("src/pages/account.rs", "User::update(w, id, &changes)"),
        ("src/resources/users.rs", "diesel::delete(users::table)"),
        ("src/pages/setup.rs", "let db = Db::new(&settings, clock);"),
        ("src/html.rs", "#[allow(dead_code)]"),
        ("src/app.rs", "    todo!()"),
        ("src/app.rs", "    unimplemented!(\"later\")"),
        ("src/app.rs", "std::env::var(\"HOME\")"),
    ];
    for (path, text) in out_of_place {
        let found = lines(path, text);
        assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
        assert!(found[0].starts_with(&format!("{path}:1: ")), "{found:?}");
    }
    let in_place = [
        ("src/db/clock.rs", "Utc::now()"),
        ("src/db/mod.rs", "AnyConnection::Sqlite(conn) => diesel::delete(x)"),
        ("src/admin/store.rs", "R::delete(w, id)"),
        ("src/crud/users.rs", "User::create(w, new)"),
        ("src/pages/login.rs", "// no diesel here\n/// nor #[allow(..)]"),
    ];
    for (path, text) in in_place {
        assert_eq!(lines(path, text), [""; 0], "{path}: {text}");
    }
}

#[test]
fn a_file_that_is_too_long_is_found() {
    assert_eq!(length("src/a.rs", &"x\n".repeat(250)), None);
    let found = length("src/a.rs", &"x\n".repeat(251)).expect("a breach").to_string();
    assert_eq!(found, "src/a.rs:251: it has 251 lines; 250 are the most");
}

#[test]
fn a_module_that_no_rule_knows_is_found() {
    assert!(is_known("crud") && is_known("token") && !is_known("nowhere"));
}
