//! `quarterdeck migrate`

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use super::{draft, open};
use crate::crud::audit::{self, Change, Event, Value};
use crate::db::{AnyConnection, Author, Clock, Write, migrations};
use crate::error::Result;
use crate::settings::Settings;

/// The migration that makes the record of what was done: before it there is none.
const AUDIT: &str = "0005_audit";

#[derive(Subcommand)]
pub enum Command {
    /// Apply what is pending, all of it or nothing
    #[command(after_help = "Example:\n  quarterdeck migrate up")]
    Up,
    /// Roll back the newest migration, or several
    #[command(after_help = "Example:\n  quarterdeck migrate down --steps 2")]
    Down {
        /// How many
        #[arg(long, default_value = "1", value_name = "N", value_parser = steps)]
        steps: usize,
    },
    /// List the migrations and when each was applied (UTC)
    #[command(after_help = "Example:\n  quarterdeck migrate history")]
    History,
    /// Begin a migration: its up and down files, for both databases
    #[command(
        after_help = "Examples:\n  quarterdeck migrate new add_teams\n  quarterdeck migrate new add_teams --from-schema\n\n\
        Run it in the folder of the source. --from-schema needs Diesel's command line in PATH and a PostgreSQL server\n\
        for a scratch database, which is dropped again."
    )]
    New {
        /// What it does, like add_teams: small letters, digits and _
        name: String,
        /// Fill the files with the difference between src/db/schema.rs and the migrations
        #[arg(long)]
        from_schema: bool,
        /// The PostgreSQL server for the scratch database [default: DATABASE_URL if it is one]
        #[arg(long, value_name = "URL", requires = "from_schema")]
        postgres_url: Option<String>,
    },
}

pub fn run(settings: &Settings, command: Command) -> Result<ExitCode> {
    match command {
        Command::Up => {
            let names = up(&mut open(settings)?)?;
            report("applied", &names, "nothing is pending");
        }
        Command::Down { steps } => {
            let begin = |conn: &mut AnyConnection, applied: &[migrations::Entry], names: &[String]| {
                let is_kept = applied.iter().any(|entry| entry.name == AUDIT);
                if is_kept { record(conn, &[], names) } else { Ok(()) }
            };
            let names = migrations::down_after(&mut open(settings)?, steps, begin)?;
            report("rolled back", &names, "nothing is applied");
        }
        Command::History => {
            for entry in migrations::history(&mut open(settings)?)? {
                let applied =
                    entry.applied_at.map_or("pending".to_owned(), |at| at.format("%Y-%m-%d %H:%M:%S").to_string());
                println!("{applied:<19}  {}", entry.name);
            }
        }
        Command::New { name, from_schema, postgres_url } => {
            let own = Some(settings.database.url.clone()).filter(|url| !url.starts_with("sqlite:"));
            let server = postgres_url.or(own);
            for line in draft::new(Path::new("."), &name, from_schema, server.as_deref())? {
                println!("{line}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Applies what is pending, and puts that on record.
pub fn up(conn: &mut AnyConnection) -> Result<Vec<String>> {
    migrations::up_and(conn, |conn, names| record(conn, names, &[]))
}

fn record(conn: &mut AnyConnection, applied: &[String], rolled_back: &[String]) -> Result<()> {
    let values = |names: &[String]| names.iter().cloned().map(Value::Plain).collect();
    let change = Change::new("migrations", values(rolled_back), values(applied));
    let by = Author::command_line();
    let mut w = Write::new(conn, &by, Clock::default().now());
    Ok(audit::record(&mut w, Event::new(audit::Action::MIGRATE).changes(vec![change]))?)
}

fn steps(text: &str) -> Result<usize, String> {
    let steps = text.parse().ok().filter(|steps| *steps > 0);
    steps.ok_or_else(|| "a whole number from 1 on is allowed".into())
}

fn report(done: &str, names: &[String], nothing: &str) {
    if names.is_empty() {
        println!("{nothing}");
    }
    for name in names {
        println!("{done} {name}");
    }
}
