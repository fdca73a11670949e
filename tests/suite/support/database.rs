//! A database for one test.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use quarterdeck::db::{self, AnyConnection, migrations};

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A migrated database that is gone when this is dropped.
pub struct TestDatabase {
    pub url: String,
    place: Place,
}

enum Place {
    File {
        _folder: tempfile::TempDir,
    },
    Server {
        maintenance: String,
        name: String,
    },
    /// Somebody else's, who keeps it.
    Borrowed {
        is_postgres: bool,
    },
}

/// The PostgreSQL server to test on, if it is to be PostgreSQL.
#[expect(clippy::disallowed_methods, reason = "the test command says so by this variable")]
fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok()
}

impl TestDatabase {
    /// A database with all migrations applied.
    pub fn migrated() -> Self {
        let database = match server() {
            Some(server) => Self::from_template(&server),
            None => Self::empty(),
        };
        migrations::up(&mut database.connect()).expect("the migrations apply");
        database
    }

    /// A database with nothing in it.
    pub fn empty() -> Self {
        if let Some(server) = server() {
            return Self::on_server(&server, "template0");
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        TestDatabase { url, place: Place::File { _folder: folder } }
    }

    /// A connection to it, beside the application's own.
    pub fn connect(&self) -> AnyConnection {
        db::open(&self.url).expect("the test's database opens")
    }

    /// Runs SQL on it, as another program would.
    pub fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Runs SQL that the database may refuse.
    pub fn try_execute(&self, sql: &str) -> QueryResult<()> {
        use diesel::connection::SimpleConnection as _;
        self.connect().batch_execute(sql)
    }

    /// A number from it.
    pub fn number(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let row: Row = sql_query(format!("SELECT ({sql}) AS n"))
            .get_result(&mut self.connect())
            .unwrap_or_else(|error| panic!("{error}: {sql}"));
        row.n
    }

    /// Texts from it: a query of one column.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let texts = diesel::dsl::sql::<Text>(sql).load(&mut self.connect());
        texts.unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// Numbers from it: a query of one column.
    pub fn numbers(&self, sql: &str) -> Vec<i64> {
        let numbers = diesel::dsl::sql::<BigInt>(sql).load(&mut self.connect());
        numbers.unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Server { .. } | Place::Borrowed { is_postgres: true })
    }

    /// The same database for another application beside; it is gone when the first one is dropped.
    pub fn shared(&self) -> Self {
        TestDatabase { url: self.url.clone(), place: Place::Borrowed { is_postgres: self.is_postgres() } }
    }

    /// Runs SQL on PostgreSQL from outside of this database, whose name stands for `$name`.
    pub fn execute_outside(&self, sql: &str) {
        use diesel::connection::SimpleConnection as _;
        let Place::Server { maintenance, name } = &self.place else { panic!("only PostgreSQL has an outside") };
        let mut conn = db::open(maintenance).expect("the test's server answers");
        conn.batch_execute(&sql.replace("$name", name)).unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// A copy of a database that is migrated once for all tests of these migrations.
    fn from_template(server: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
        let migrations = std::fs::read_dir(folder).expect("the migrations");
        let mut migrations: Vec<_> = migrations.map(|migration| migration.expect("a migration").path()).collect();
        migrations.sort();
        for migration in migrations {
            std::fs::read_to_string(migration.join("up.sql")).expect("a migration").hash(&mut hasher);
        }
        let template = format!("template_{:x}", hasher.finish());
        let mut conn = db::open(server).expect("the test's server answers");
        // Programs of the suite start together; one makes the template, the others wait.
        sql_query("SELECT pg_advisory_lock(77)").execute(&mut conn).expect("a lock");
        let known: i64 =
            diesel::dsl::sql::<BigInt>(&format!("SELECT count(*) FROM pg_database WHERE datname = '{template}'"))
                .get_result(&mut conn)
                .expect("the list of databases");
        if known == 0 {
            let making = Self::on_server(server, "template0");
            migrations::up(&mut making.connect()).expect("the migrations apply");
            let Place::Server { name, .. } = &making.place else { unreachable!("it is on the server") };
            sql_query(format!("ALTER DATABASE {name} RENAME TO {template}")).execute(&mut conn).expect("a template");
        }
        sql_query("SELECT pg_advisory_unlock(77)").execute(&mut conn).expect("an unlock");
        Self::on_server(server, &template)
    }

    fn on_server(server: &str, template: &str) -> Self {
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut conn = db::open(server).expect("the test's server answers");
        sql_query(format!("CREATE DATABASE {name} TEMPLATE {template}")).execute(&mut conn).expect("a database");
        let mut url = url::Url::parse(server).expect("the server's address");
        url.set_path(&name);
        TestDatabase { url: url.to_string(), place: Place::Server { maintenance: server.to_owned(), name } }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { maintenance, name } = &self.place
            && let Ok(mut conn) = db::open(maintenance)
        {
            // A test that failed has said why already; what is left goes with the throw-away server.
            let _ = sql_query(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).execute(&mut conn);
        }
    }
}
