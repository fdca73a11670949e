//! An application for one test, in this process, on a port of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use chrono::TimeDelta;
use clap::Parser;
use diesel::prelude::*;
use quarterdeck::app;
use quarterdeck::crud::{Crud as _, permissions, roles, users};
use quarterdeck::db::{AnyConnection, Author, Clock, Db};
use quarterdeck::error::Error;
use quarterdeck::models::{Item, NewItem, NewRole, Role, User};
use quarterdeck::password::Hasher;
use quarterdeck::settings::Settings;

use super::{TestDatabase, Visitor};

/// The password of everyone whom the tests make.
pub const PASSWORD: &str = "correct horse battery";

/// The secret of every application of the tests; without one PostgreSQL has none.
const SECRET: &str = "a secret of thirty-two characters";

/// A running application with a database of its own.
pub struct TestApp {
    pub url: String,
    pub database: TestDatabase,
    pub db: Db,
    pub hasher: Hasher,
    count: AtomicUsize,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// What a test sets differently: arguments as on the command line, and how far the clock is ahead.
#[derive(Default)]
pub struct Options {
    pub arguments: Vec<String>,
    pub ahead: TimeDelta,
}

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

/// The settings of a test: a port of its own and hashes that cost nothing.
pub fn settings(database: &TestDatabase, more: &[String]) -> Settings {
    let usual =
        ["test", "--bind", "127.0.0.1:0", "--argon2-memory-kib", "8", "--argon2-iterations", "1", "--secret", SECRET];
    let usual = usual.into_iter().map(ToOwned::to_owned);
    let url = ["--database-url".to_owned(), database.url.clone()];
    let arguments = usual.chain(url).chain(more.iter().cloned());
    // A later argument stands for an earlier one.
    let command = <Arguments as clap::CommandFactory>::command().args_override_self(true);
    let matches = command.get_matches_from(arguments);
    <Arguments as clap::FromArgMatches>::from_arg_matches(&matches).expect("the settings of a test").settings
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    #[expect(clippy::unused_async, reason = "an application starts, and is waited for, in one way")]
    pub async fn start_with(options: Options) -> Self {
        Self::start_on(TestDatabase::migrated(), options)
    }

    /// Starts on a database that is there already.
    #[expect(clippy::needless_pass_by_value, reason = "options are made for one application")]
    pub fn start_on(database: TestDatabase, options: Options) -> Self {
        let settings = settings(&database, &options.arguments);
        Self::start_as(database, settings, Clock::ahead(options.ahead))
    }

    /// Starts with settings that no argument can say.
    pub fn start_as(database: TestDatabase, settings: Settings, clock: Clock) -> Self {
        let (send, receive) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let application = app::build(&settings, clock, Some(1)).expect("the application builds");
                let parts =
                    (application.address, application.db.clone(), application.hasher.clone(), application.handle());
                send.send(parts).expect("the test waits");
                application.run().await.expect("the application runs");
            });
        });
        let (address, db, hasher, handle) = receive.recv().expect("the application starts");
        let (url, count, thread) = (format!("http://{address}"), AtomicUsize::new(0), Some(thread));
        TestApp { url, database, db, hasher, count, handle, thread }
    }

    /// Someone who is not logged in.
    pub fn guest(&self) -> Visitor {
        Visitor::new(&self.url)
    }

    /// `admin@example.com`, an administrator, logged in.
    pub async fn admin(&self) -> Visitor {
        let email = self.admin_account().await;
        self.logged_in(email).await
    }

    /// The account of `admin@example.com`, an administrator, made when it is not there.
    pub async fn admin_account(&self) -> &'static str {
        let email = "admin@example.com";
        let role = self.db_read(roles::administrator).await;
        if self.db_read(|conn| users::get_by_email(conn, email)).await.is_none() {
            self.db_user(email, &[role.id]).await;
        }
        email
    }

    /// Someone who holds just these permissions, logged in.
    pub async fn user_with(&self, permissions: &[&str]) -> Visitor {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let role = self.db_role(&format!("Role of visitor {number}"), permissions).await;
        let user = self.db_user(&format!("visitor{number}@example.com"), &[role.id]).await;
        self.logged_in(&user.email).await
    }

    /// This user, logged in.
    pub async fn logged_in(&self, email: &str) -> Visitor {
        let visitor = self.guest();
        let page = visitor.post("/login", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{email} logs in: {}", page.text());
        visitor
    }

    /// Reads from the database.
    pub async fn db_read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.db.read(move |conn| Ok::<_, Error>(read(conn)?)).await.expect("the database answers")
    }

    /// Forgets every failed try to log in, so that the next one need not wait.
    pub fn db_forget_failures(&self) {
        self.database.execute("DELETE FROM login_throttles");
    }

    /// Stores a user with the tests' password and these roles.
    pub async fn db_user(&self, email: &str, role_ids: &[i64]) -> User {
        let by = Author::command_line();
        let made = users::create(&self.db, &self.hasher, by, email, PASSWORD.to_owned(), role_ids.to_vec());
        made.await.expect("a user")
    }

    /// Stores a role with these permissions.
    pub async fn db_role(&self, name: &str, held: &[&str]) -> Role {
        let new = NewRole { name: name.to_owned(), description: String::new(), requires_second_factor: false };
        let held: Vec<_> = held.iter().map(|permission| (*permission).to_owned()).collect();
        let made = self.db.write(Author::command_line(), move |w| {
            let role = Role::create(w, new)?;
            permissions::give(w, role.id, &held)?;
            Ok::<_, Error>(role)
        });
        made.await.expect("a role")
    }

    /// Stores an item.
    pub async fn db_item(&self, owner_id: i64, title: &str) -> Item {
        let new = NewItem { owner_id, title: title.to_owned(), description: String::new() };
        let made = self.db.write(Author::command_line(), move |w| Ok::<_, Error>(Item::create(w, new)?));
        made.await.expect("an item")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        // The pool must outlive the server: its connections close on a runtime, and the server's is gone by then.
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(std::thread::panicking() || matches!(ended, Some(Ok(()))), "the application ended in a panic");
    }
}
