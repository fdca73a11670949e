//! The command line.

mod audit;
mod check;
mod demo;
mod draft;
mod migrate;
mod role;
mod serve;
mod user;

use std::error::Error as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use crate::db::{self, AnyConnection, migrations};
use crate::error::{Error, Result};
use crate::settings::{DEFAULT_DATABASE_URL, Settings};

/// What was set or asked for can't be.
const REFUSED: u8 = 2;

/// The desk from which administrators run an application's users, items and roles.
#[derive(Parser)]
#[command(
    name = "quarterdeck",
    version,
    after_help = "Example:\n  quarterdeck --bind 127.0.0.1:9000\n\nEach option is also the environment variable named beside it."
)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the application; what no command does too. Pending migrations are applied first
    #[command(
        after_help = "Example:\n  DATABASE_URL=postgres://quarterdeck@db.example.com/quarterdeck quarterdeck serve"
    )]
    Serve,
    /// Apply, roll back, list or begin migrations
    #[command(subcommand, after_help = "Example:\n  quarterdeck migrate history")]
    Migrate(migrate::Command),
    /// Make accounts, set their passwords, lock and unlock them
    #[command(subcommand, after_help = "Example:\n  quarterdeck user create ann@example.com --role Administrator")]
    User(user::Command),
    /// Verify the record of what was done
    #[command(subcommand, after_help = "Example:\n  quarterdeck audit verify")]
    Audit(audit::Command),
    /// Change what only whoever runs the program may change of a role
    #[command(subcommand, after_help = "Example:\n  quarterdeck role require-second-factor Administrator")]
    Role(role::Command),
    /// Fill the database with made-up data, quickly; pending migrations are applied first
    #[command(
        after_help = "Examples:\n  quarterdeck demo\n  quarterdeck demo --users 1000000 --items 2000000 --roles 20\n  quarterdeck demo --add --seed 2"
    )]
    Demo(demo::Command),
    /// Say what is wrong with this set-up, each line with the command that mends it
    #[command(after_help = "Example:\n  quarterdeck check && echo all is well")]
    Check,
}

/// Runs the command that the program was called with. What can't be done is one line on standard error, and 2.
#[must_use]
pub fn run() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => return explain(&error),
    };
    let settings = line.settings;
    let done = match line.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&settings),
        Command::Migrate(command) => migrate::run(&settings, command),
        Command::User(command) => user::run(&settings, command),
        Command::Role(command) => role::run(&settings, &command),
        Command::Audit(command) => audit::run(&settings, &command),
        Command::Demo(command) => demo::run(&settings, &command),
        Command::Check => check::run(&settings),
    };
    done.unwrap_or_else(|error| {
        eprintln!("quarterdeck: {}", one_line(&error.to_string()));
        ExitCode::from(REFUSED)
    })
}

/// Help as it is; a refusal in one line that names the setting and says what is allowed.
fn explain(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        print!("{}", error.render());
        return ExitCode::SUCCESS;
    }
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let allowed = error
        .source()
        .map(ToString::to_string)
        .or_else(|| text(ContextKind::ValidValue).map(|values| format!("allowed are {values}")));
    let line = match (error.kind(), text(ContextKind::InvalidArg), text(ContextKind::InvalidValue), allowed) {
        (ErrorKind::ValueValidation | ErrorKind::InvalidValue, Some(argument), Some(value), Some(allowed)) => {
            format!("{}: {} is not allowed: {allowed}", variable_of(&argument), shown_value(&argument, &value))
        }
        (ErrorKind::MissingRequiredArgument, Some(missing), ..) => format!("this command needs {missing}"),
        _ => error.render().to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    };
    eprintln!("quarterdeck: {} (see quarterdeck --help)", one_line(&line));
    ExitCode::from(REFUSED)
}

/// A setting by both its names: `DATABASE_POOL_SIZE (--database-pool-size)`.
fn variable_of(argument: &str) -> String {
    let flag = argument.split(' ').next().unwrap_or(argument);
    let command = <CommandLine as clap::CommandFactory>::command();
    let found = command.get_arguments().find(|known| known.get_long().is_some_and(|long| format!("--{long}") == flag));
    match found.and_then(|known| known.get_env()) {
        Some(variable) => format!("{} ({flag})", variable.to_string_lossy()),
        None => argument.to_owned(),
    }
}

/// A value as it may be printed: the database's address holds a password.
fn shown_value(argument: &str, value: &str) -> String {
    match argument {
        argument if argument.contains("database-url") => format!("{:?}", without_password(value)),
        argument if argument.contains("secret") => "what it is set to".into(),
        _ => format!("{value:?}"),
    }
}

/// What can't be done, in a line for whoever asked.
fn refused(message: String) -> Error {
    Error::internal(message)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address as it may be printed: a password can stand before the host, in the query, or anywhere in what can't be read.
fn without_password(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut parsed) if parsed.has_host() && !url.starts_with("sqlite:") => {
            if parsed.password().is_some() {
                let _ = parsed.set_password(Some("***"));
            }
            if parsed.query_pairs().any(|(name, _)| name.contains("password")) {
                parsed.set_query(Some("***"));
            }
            parsed.to_string()
        }
        _ if url.contains('@') => "***".into(),
        _ => url.to_owned(),
    }
}

/// Opens the database once, to show its own words when it can't be, and makes the folder of the default one.
fn open(settings: &Settings) -> Result<AnyConnection> {
    let url = &settings.database.url;
    if url == DEFAULT_DATABASE_URL {
        // The hashes of all passwords will be in it.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create("data")
            .map_err(|cause| Error::internal(format!("can't make the folder data: {cause}")))?;
    }
    db::open(url)
        .map_err(|cause| Error::internal(format!("can't open the database {}: {cause}", without_password(url))))
}

/// Opens the database for a command that needs all its tables.
fn open_migrated(settings: &Settings) -> Result<AnyConnection> {
    let mut conn = open(settings)?;
    if !migrations::pending(&mut conn)?.is_empty() {
        return Err(Error::internal("migrations are pending; run: quarterdeck migrate up"));
    }
    Ok(conn)
}

/// Runs something that waits, on a runtime of its own.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(future)
}
