//! A database to try things in: an SQLite file, or a database beside the one that a URL names. Gone when dropped.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use url::Url;

use super::connection::open;
use super::{AnyConnection, Engine};
use crate::error::{Error, Result};

/// A folder that is gone when this is dropped.
pub struct Folder {
    pub path: PathBuf,
}

impl Folder {
    /// A new folder, for whoever runs this alone.
    pub fn new(purpose: &str) -> Result<Self> {
        let path = env::temp_dir().join(format!("quarterdeck-{purpose}-{}", process::id()));
        fs::create_dir(&path).map_err(|cause| Error::internal(format!("{}: {cause}", path.display())))?;
        Ok(Folder { path })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A scratch database.
pub struct Scratch {
    pub url: String,
    /// Closed before the database goes.
    conn: Option<AnyConnection>,
    place: Place,
}

enum Place {
    File { _folder: Folder },
    Server { maintenance: Box<PgConnection>, name: String },
}

impl Scratch {
    /// A database with the migrations of a source tree applied: those compiled in may be older.
    pub fn migrated(engine: Engine, root: &Path, server: &str) -> Result<Self> {
        let mut scratch = match engine {
            Engine::Sqlite => Self::file()?,
            Engine::Postgres => Self::on_server(server)?,
        };
        let folder = root.join(engine.migrations());
        let failed = |cause: String| Error::internal(format!("{}: {cause}", folder.display()));
        let files = FileBasedMigrations::from_path(&folder).map_err(|cause| failed(cause.to_string()))?;
        scratch.conn()?.run_pending_migrations(files).map_err(|cause| failed(cause.to_string()))?;
        Ok(scratch)
    }

    fn file() -> Result<Self> {
        let folder = Folder::new("scratch")?;
        let path = folder.path.join("scratch.db").display().to_string();
        let conn = open(&format!("sqlite://{path}")).map_err(Error::internal)?;
        Ok(Scratch { url: path, conn: Some(conn), place: Place::File { _folder: folder } })
    }

    fn on_server(server: &str) -> Result<Self> {
        let mut url = Url::parse(server).map_err(Error::internal)?;
        let mut shown = url.clone();
        let _ = shown.set_password(None);
        let failed = |cause: String| Error::internal(format!("{shown}: {cause}"));
        let mut maintenance = PgConnection::establish(server).map_err(|cause| failed(cause.to_string()))?;
        let name = format!("quarterdeck_draft_{}", process::id());
        // template0: what somebody put into template1 is not ours.
        maintenance.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).map_err(|cause| {
            failed(format!("{cause}. A scratch database is needed: ALTER ROLE .. CREATEDB, or another --postgres-url"))
        })?;
        url.set_path(&name);
        let place = Place::Server { maintenance: Box::new(maintenance), name: name.clone() };
        let mut scratch = Scratch { url: url.to_string(), conn: None, place };
        let mut conn = open(&scratch.url).map_err(|cause| failed(cause.to_string()))?;
        // `?dbname=` wins over the path: never migrate a database that is not ours.
        let opened: String = diesel::select(diesel::dsl::sql::<Text>("current_database()")).get_result(&mut conn)?;
        if opened != name {
            return Err(failed("name the database in the path, not as ?dbname=".into()));
        }
        scratch.conn = Some(conn);
        Ok(scratch)
    }

    fn conn(&mut self) -> Result<&mut AnyConnection> {
        self.conn.as_mut().ok_or_else(|| Error::internal("the scratch database is closed"))
    }

    /// SQLite lists a search index and its parts as tables; the schema knows none of them.
    pub fn drop_virtual_tables(&mut self) -> Result<()> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            name: String,
        }
        if let AnyConnection::Sqlite(conn) = self.conn()? {
            let virtuals = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL %'";
            for Row { name } in sql_query(virtuals).load::<Row>(conn)? {
                conn.batch_execute(&format!("DROP TABLE \"{name}\""))?;
            }
        }
        Ok(())
    }

    /// Runs `up`, `down` and `up` again, and tells what fails of it.
    pub fn try_out(mut self, up: &str, down: &str) -> Result<Option<String>> {
        let conn = self.conn()?;
        for (what, sql) in [("up", up), ("down after it", down), ("up again", up)] {
            if let Err(cause) = super::transaction(conn, |conn| conn.batch_execute(sql)) {
                return Ok(Some(format!("tried on an empty database, {what} fails: {cause}")));
            }
        }
        Ok(None)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.conn = None;
        if let Place::Server { maintenance, name } = &mut self.place
            && let Err(cause) = maintenance.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        {
            eprintln!("quarterdeck: the scratch database {name} is left over: {cause}");
        }
    }
}
