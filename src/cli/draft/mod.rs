//! `quarterdeck migrate new`: the files of a migration for both databases, empty or filled with Diesel's own difference
//! between `schema.rs` and the migrations.
//!
//! Both sides of the comparison are files of the source tree: the migrations are applied to a scratch database of each
//! kind, and `diesel migration generate --diff-schema` compares that with `schema.rs`. No real database is read.

mod mend;
mod triggers;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use self::mend::Draft;
use crate::db::Engine;
use crate::db::scratch::{Folder, Scratch};
use crate::error::{Error, Result};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];
const SCHEMA: &str = "src/db/schema.rs";
/// SQLite's `INTEGER PRIMARY KEY` holds 64 bits; PostgreSQL ignores the line.
const CONFIG: &str = "[print_schema]\nsqlite_integer_primary_key_is_bigint = true\n";
const INSTALL: &str =
    "cargo install diesel_cli@2.3.14 --no-default-features --features \"sqlite-bundled postgres-bundled\"";

/// Writes `migrations/{sqlite,postgres}/NNNN_name/{up,down}.sql` below `root` and returns what is to be told of it.
///
/// Fails, with nothing written, when the name is no name, when this is not the folder of the source, and, from the
/// schema, when Diesel's command line or a PostgreSQL server is missing or can't compare.
pub fn new(root: &Path, name: &str, from_schema: bool, server: Option<&str>) -> Result<Vec<String>> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(refused(format!("NAME: small letters, digits and _ are allowed, not {name:?}")));
    }
    let schema = fs::read_to_string(root.join(SCHEMA))
        .map_err(|cause| refused(format!("{SCHEMA}: {cause}; run this in the folder of the source")))?;
    let number = next_number(root)?;
    if !from_schema {
        return write(root, &number, name, &ENGINES.map(|engine| (engine, Draft::default())));
    }
    let server = server.ok_or_else(|| {
        refused(
            "--from-schema needs a PostgreSQL server, for a scratch database that is dropped again; give it as \
                 --postgres-url postgres://USER@HOST/DATABASE, with a USER who may create databases"
                .into(),
        )
    })?;
    require_diesel()?;
    let mut drafts = Vec::new();
    for engine in ENGINES {
        let (up, down) = difference(root, engine, server, &schema)?;
        let mut draft = mend::mend(engine, &schema, &up, &down);
        if !draft.is_empty() {
            draft.trial = Scratch::migrated(engine, root, server)?.try_out(&draft.up, &draft.down)?;
        }
        drafts.push((engine, draft));
    }
    if drafts.iter().all(|(_, draft)| draft.is_empty()) {
        return Ok(vec![format!("{SCHEMA} and the migrations agree on both databases: nothing to draft")]);
    }
    write(root, &number, name, &drafts)
}

/// Diesel's difference, `up` and `down`. It runs in a folder of its own, so that no `.env`, `diesel.toml` or lock file of
/// the project plays a part.
fn difference(root: &Path, engine: Engine, server: &str, schema: &str) -> Result<(String, String)> {
    let mut scratch = Scratch::migrated(engine, root, server)?;
    scratch.drop_virtual_tables()?;
    let folder = Folder::new("diff")?;
    let at = |file: &str| folder.path.join(file);
    fs::write(at("diesel.toml"), CONFIG).map_err(Error::internal)?;
    fs::write(at("schema.rs"), mend::schema_for(engine, schema)).map_err(Error::internal)?;
    fs::create_dir(at("out")).map_err(Error::internal)?;
    let run = Command::new("diesel")
        .args(["migration", "--config-file", "diesel.toml", "--migration-dir", "out"])
        .args(["generate", "draft", "--version", "1", "--diff-schema=schema.rs"])
        .current_dir(&folder.path)
        // Not an argument: those are seen by everybody on the machine.
        .env("DATABASE_URL", &scratch.url)
        .env_remove("DIESEL_LOG")
        .output()
        .map_err(Error::internal)?;
    if !run.status.success() {
        let said = String::from_utf8_lossy(&run.stderr);
        return Err(refused(format!("{}: diesel can't compare {SCHEMA}: {}", engine.name(), said.trim())));
    }
    let read = |file: &str| fs::read_to_string(at("out/1_draft").join(file)).map_err(Error::internal);
    Ok((read("up.sql")?, read("down.sql")?))
}

fn require_diesel() -> Result<()> {
    let run = match Command::new("diesel").arg("--version").output() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            return Err(refused(format!(
                "--from-schema needs Diesel's command line, and there is no diesel in PATH: {INSTALL}"
            )));
        }
        other => other.map_err(|cause| refused(format!("diesel does not start: {cause}")))?,
    };
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let is_fit = ["Version: 2.3.", "sqlite", "postgres"].iter().all(|part| said.contains(part));
    let reason = || {
        refused(format!("the diesel in PATH is {said:?}; 2.3 with sqlite and postgres is needed: {INSTALL} --force"))
    };
    if is_fit { Ok(()) } else { Err(reason()) }
}

/// One above the highest number in either folder, so that both keep the same.
fn next_number(root: &Path) -> Result<String> {
    let mut last = 0;
    for engine in ENGINES {
        for entry in fs::read_dir(root.join(engine.migrations())).map_err(Error::internal)? {
            let name = entry.map_err(Error::internal)?.file_name().to_string_lossy().into_owned();
            let number = name.split_once('_').and_then(|(number, _)| number.parse::<u32>().ok());
            last = last.max(number.unwrap_or(0));
        }
    }
    Ok(format!("{:04}", last + 1))
}

fn write(root: &Path, number: &str, name: &str, drafts: &[(Engine, Draft)]) -> Result<Vec<String>> {
    let mut said = Vec::new();
    for (engine, draft) in drafts {
        let folder = PathBuf::from(engine.migrations()).join(format!("{number}_{name}"));
        fs::create_dir(root.join(&folder)).map_err(|cause| refused(format!("{}: {cause}", folder.display())))?;
        for (file, sql) in [("up.sql", &draft.up), ("down.sql", &draft.down)] {
            let path = folder.join(file);
            fs::write(root.join(&path), format!("{}{sql}", draft.head(file))).map_err(Error::internal)?;
            said.push(format!("wrote {}", path.display()));
        }
        said.extend(draft.points("").iter().map(|point| format!("  {}: {point}", engine.name())));
    }
    said.push("Write or finish them, then build the program anew and run: quarterdeck migrate up".into());
    Ok(said)
}

fn refused(message: String) -> Error {
    Error::internal(message)
}
